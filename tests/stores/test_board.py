"""The board of cases: columns, order, flags, and what it never shows."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from alerts import automatic, handling, ownership, passing, relay, service, store, timeline, timers
from alerts.board import MOST_LIVE, Flag, Lane, at_hand, board, fingerprint
from alerts.model import (
    Case,
    EntryKind,
    Kind,
    MayWrite,
    Minor,
    Outcome,
    Report,
    Timer,
    Times,
    Urgency,
)
from console.cases.board import chosen
from console.home.needs import Elsewhere, needs
from db.session import Database, Session
from kit.errors import Refused
from staff.model import Role
from tests.stores.case_rig import NOW, a_case, a_member, phone

TIMES = Times()
MINUTE = timedelta(minutes=1)


async def says(session: Session, case: Case, words: str, minutes: int) -> Case:
    """The reporter adds something, so many minutes later."""
    return await service.add(
        session, case, Report(case.reporter, "es", NOW + minutes * MINUTE, words), TIMES
    )


async def test_cases_stand_in_columns_the_most_urgent_first_then_the_oldest(
    database: Database,
) -> None:
    async with database.write() as session:
        luz = await a_member(session, 1)
        other = await a_member(session, 2)
        old = await a_case(session, phone(1), "uno", at=NOW - 9 * MINUTE)
        new = await a_case(session, phone(2), "dos", at=NOW - 2 * MINUTE)
        life = await a_case(session, phone(3), "tres", at=NOW - MINUTE)
        waits = await a_case(session, phone(4), "cuatro")
        mine = await a_case(session, phone(5), "cinco")
        paused = await a_case(session, phone(6), "seis")
        robot = await a_case(session, phone(7), "robot")
        ended = await a_case(session, phone(8), "ocho")
        await store.change(session, life.id, {"urgency": Urgency.LIFE, "minor": Minor.YES})
        await store.change(session, waits.id, {"urgency": Urgency.CAN_WAIT})
        await timeline.note(session, waits.id, EntryKind.WAITS, NOW)
        await timers.put(session, waits.id, Timer.PAGE, NOW + 60 * MINUTE, NOW)
        await store.change(session, robot.id, {"kind": Kind.CANARY})
        silent = {"may_write": MayWrite.NO, "exercise": True}
        await store.change(session, old.id, silent)
        mine = await ownership.accept(session, mine, luz, NOW)
        paused = await ownership.accept(session, paused, other, NOW)
        await handling.snooze(session, paused, other, 60 * MINUTE, "espero", NOW + MINUTE)
        ended = await ownership.accept(session, ended, other, NOW)
        await ownership.close(session, ended, other, Outcome.ATTENDED, NOW + MINUTE)
    async with database.read() as session:
        found = await board(session, luz, NOW + 2 * MINUTE)
    folios = {lane: [one.folio for one in found.lanes[lane]] for lane in Lane}
    assert folios == {
        Lane.NOBODY: [life.folio, old.folio, new.folio],
        Lane.OWNED: [mine.folio],
        Lane.WAITING: [paused.folio, waits.folio],
        Lane.CLOSED: [ended.folio],
    }
    assert [one.folio for one in found.mine] == [mine.folio]
    card = found.lanes[Lane.OWNED][0]
    assert (card.owner, card.lease_ends_at) == (luz.pseudonym, NOW + 15 * MINUTE)
    assert found.lanes[Lane.NOBODY][0].flags == (Flag.DANGER, Flag.MINOR)
    assert found.lanes[Lane.NOBODY][1].flags == (Flag.DO_NOT_WRITE, Flag.DRILL)
    assert found.lanes[Lane.CLOSED][0].outcome is Outcome.ATTENDED
    assert not found.more
    # What waits for the office is nobody's too; what a colleague put off is not.
    assert [one.folio for one in found.unowned] == [
        life.folio, old.folio, new.folio, waits.folio,
    ]  # fmt: skip
    nobodys = chosen(found, "nadie")
    assert [one.folio for one in nobodys[Lane.WAITING]] == [waits.folio]
    async with database.read() as session:
        opened = await board(session, luz, NOW + 61 * MINUTE)
    # Its hour has come, or somebody was called for it: it waits for nobody.
    assert waits.folio in [one.folio for one in opened.lanes[Lane.NOBODY]]
    # An act sets the lease anew: it is put off no more once somebody works on it.
    async with database.write() as session:
        await ownership.pass_on(session, paused, other, TIMES, NOW + 3 * MINUTE)
    async with database.read() as session:
        later = await board(session, luz, NOW + 4 * MINUTE)
        after = await board(session, luz, NOW + timedelta(days=4))
    assert paused.folio in [one.folio for one in later.lanes[Lane.NOBODY]]
    assert later.lanes[Lane.NOBODY][-1].page_at is not None
    assert after.lanes[Lane.CLOSED] == ()


async def test_what_the_reporter_wrote_counts_until_somebody_of_ours_writes(
    database: Database,
) -> None:
    async with database.write() as session:
        luz = await a_member(session, 1)
        case = await a_case(session, phone(1), "ayuda")
        case = await ownership.accept(session, case, luz, NOW)
        await relay.reply(session, case, luz, "Aquí estoy", NOW + MINUTE)
        case = await says(session, case, "gracias", 2)
        case = await says(session, case, "sigo aquí", 3)
    async with database.read() as session:
        before = await fingerprint(session)
        assert (await board(session, luz, NOW)).cards[0].unread == 2
    async with database.write() as session:
        await handling.act(session, case, luz, "Hablé con ella", NOW + 4 * MINUTE)
    async with database.read() as session:
        assert (await board(session, luz, NOW)).cards[0].unread == 0
        assert await fingerprint(session) != before


async def test_the_fingerprint_tells_a_line_that_was_committed_late(database: Database) -> None:
    async with database.write() as session:
        case = await a_case(session, phone(1), "uno")
        await timeline.note(session, case.id, EntryKind.WAITS, NOW)
        late = await session.scalar(
            timeline.entry.insert()
            .values(case_id=case.id, at=NOW, kind=EntryKind.SAID)
            .returning(timeline.entry.c.id)
        )
        await timeline.note(session, case.id, EntryKind.WAITS, NOW)
        with_all = await fingerprint(session)
        await session.execute(timeline.entry.delete().where(timeline.entry.c.id == late))
        assert await fingerprint(session) != with_all


async def test_the_board_takes_as_many_queries_for_many_cases_as_for_one(
    database: Database,
) -> None:
    asked: list[str] = []
    engine = database.reader.sync_engine

    def hear(_c: object, _cur: object, statement: str, *_more: object) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    async with database.write() as session:
        luz = await a_member(session, 1)
        for number in range(30):
            await a_case(session, phone(number), "ayuda")
    event.listen(engine, "before_cursor_execute", hear)
    async with database.read() as session:
        found = await board(session, luz, NOW)
    event.remove(engine, "before_cursor_execute", hear)
    assert (len(found.cards), len(asked)) == (30, 4)
    # Neither what names a reporter nor what they said is even asked for.
    assert not any("endpoint" in one or "body" in one or "word" in one for one in asked)


async def test_of_more_cases_than_a_page_holds_ones_own_and_the_most_urgent_are_there(
    database: Database,
) -> None:
    async with database.write() as session:
        luz = await a_member(session, 1)
        for number in range(MOST_LIVE + 5):
            await a_case(session, phone(number))
        mine = await a_case(session, phone(900), owner=luz)
        urgent = await a_case(session, phone(901))
        await store.change(session, mine.id, {"urgency": Urgency.CAN_WAIT})
        await store.change(session, urgent.id, {"urgency": Urgency.LIFE})
    async with database.read() as session:
        found = await board(session, luz, NOW)
    assert (len(found.cards), found.more) == (MOST_LIVE, True)
    assert [one.folio for one in found.mine] == [mine.folio]
    assert found.lanes[Lane.NOBODY][0].folio == urgent.folio


async def test_a_case_that_nobody_has_is_there_whatever_colleagues_own(database: Database) -> None:
    async with database.write() as session:
        luz, bea = await a_member(session, 1), await a_member(session, 2)
        for number in range(MOST_LIVE):
            taken = await a_case(session, phone(number), owner=bea)
            await store.change(session, taken.id, {"urgency": Urgency.LIFE})
        free = await a_case(session, phone(900))
    async with database.read() as session:
        found = await board(session, luz, NOW)
    assert [one.folio for one in found.unowned] == [free.folio]


async def test_what_is_at_hand_is_what_the_board_has_in_front(database: Database) -> None:
    night = NOW + 12 * 60 * MINUTE
    async with database.write() as session:
        luz, bea = await a_member(session, 1), await a_member(session, 2)
        calm = await a_case(session, phone(1), "una duda", owner=luz)
        await store.change(session, calm.id, {"urgency": Urgency.CAN_WAIT})
        calm = await store.made(session, calm.id)
        await ownership.pass_on(session, calm, luz, TIMES, night)
        for number, urgency in enumerate((Urgency.UNSORTED, Urgency.LIFE, Urgency.POSSIBLE), 2):
            case = await a_case(session, phone(number), "ayuda")
            await store.change(session, case.id, {"urgency": urgency})
        robot = await a_case(session, phone(9))
        await store.change(session, robot.id, {"kind": Kind.CANARY})
        for number, owner in enumerate((luz, bea, luz), 20):
            await a_case(session, phone(number), owner=owner)
        for most in (0, 1, 3, 4, 50):
            whole, some = await board(session, luz, night), await at_hand(session, luz, night, most)
            assert some.mine == whole.mine
            assert [one.id for one in some.unowned] == [one.id for one in whole.unowned][:most]
            assert some.nobodys == len(whole.unowned) == 4
        assert [one.waits for one in some.unowned] == [False, False, False, True]


@pytest.mark.parametrize("role", [Role.COMMUNICATOR, Role.AUDITOR])
async def test_the_board_is_for_who_may_see_cases(database: Database, role: Role) -> None:
    async with database.write() as session:
        member = await a_member(session, 1, role)
        with pytest.raises(Refused):
            await board(session, member, NOW)
        with pytest.raises(Refused):
            await at_hand(session, member, NOW, 5)


async def test_what_became_of_a_case_that_is_passed_on_is_told_as_it_is(database: Database) -> None:
    night = NOW + 12 * 60 * MINUTE
    async with database.write() as session:
        luz = await a_member(session, 1)
        urgent = await a_case(session, phone(1), "ayuda", owner=luz)
        calm = await a_case(session, phone(2), "una duda", owner=luz)
        await store.change(session, calm.id, {"urgency": Urgency.CAN_WAIT})
        calm = await store.made(session, calm.id)
        calm = await ownership.pass_on(session, calm, luz, TIMES, night)
        await store.change(session, urgent.id, {"kind": Kind.CANARY})
        found = await needs(session, luz, Elsewhere(), night)
        # A call for help that nobody has is never "nothing waits", not at night either.
        assert ([one.folio for one in found.unowned], found.nothing) == ([calm.folio], False)
        assert await passing.became(session, calm, night) is passing.Passed.WAITS
        alone = await a_case(session, phone(3), "ayuda", owner=luz)
        await ownership.pass_on(session, alone, luz, TIMES, night)
        # It comes back to her who is here alone: nobody else has heard of it.
        assert await passing.became(session, alone, night) is passing.Passed.NOBODY
        await a_member(session, 2)
        await ownership.pass_on(session, urgent, luz, TIMES, night)
        assert await passing.became(session, urgent, night) is passing.Passed.PAGED
        assert await passing.became(session, urgent, night - MINUTE) is passing.Passed.NOBODY


async def test_what_the_platform_said_by_itself_is_told_apart_from_words_of_a_person(
    database: Database,
) -> None:
    async with database.write() as session:
        luz = await a_member(session, 1)
        case = await a_case(session, phone(1), "ayuda")
        case = await ownership.accept(session, case, luz, NOW + MINUTE)
        await relay.reply(session, case, luz, "Aquí estoy", NOW + 2 * MINUTE)
        said = await automatic.of_case(session, case)
    assert said
    assert "Aquí estoy" not in "".join(one.words for one in said)
    assert case.folio in said[-1].words
    assert case.word in said[-1].words
    assert "Folio" not in repr(said)
