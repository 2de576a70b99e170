"""The page of a case: what each part shows, and what may not be overtaken."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from alerts import (
    case_view,
    ownership,
    paging,
    passing,
    presence,
    relay,
    service,
    store,
    talk,
    viewing,
    wellbeing,
)
from alerts.case_view import look
from alerts.model import Case, EntryKind, Kind, Report, Times, Urgency
from alerts.ownership import UnknownFolio
from alerts.part import Act, Part
from alerts.passing import CannotTake
from alerts.viewing import held, nothing_said_since
from db.session import Database, Session
from staff import store as staff
from staff.model import Role
from tests.stores.case_rig import NOW, a_case, a_member, lines, phone

TIMES = Times()
MINUTE = timedelta(minutes=1)
WORDS = "No me dejan salir de la casa"


async def reported(session: Session, number: int = 1) -> Case:
    """A case with words, a place, a photo and a picture message."""
    case = await service.open_case(
        session,
        Report(phone(number), "es", NOW, WORDS),
        Urgency.UNSORTED,
        TIMES,
        lambda below: number % below,
    )
    media = ("photo:AgACphoto", "image/jpeg:https://example.org/1", "contact:+12135550188 Beto")
    more = Report(case.reporter, "es", NOW + MINUTE, "", media, (36.7468, -119.7726))
    return await service.add(session, case, more, TIMES)


async def test_who_has_the_case_reads_the_words_and_others_what_a_page_says(
    database: Database,
) -> None:
    async with database.write() as session:
        luz, other = await a_member(session, 1), await a_member(session, 2)
        boss = await a_member(session, 3, Role.COORDINATOR)
        case = await reported(session)
        before = await look(session, case, luz, TIMES, NOW + MINUTE)
        assert (before.part, before.acts) == (Part.OUTSIDE, (Act.ACCEPT, Act.PASS_ON))
        assert before.talk.said == ()
        assert not any(line.words for line in before.past.lines)
        assert before.turn is not None
        case = await ownership.accept(session, case, luz, NOW + 2 * MINUTE)
        await relay.reply(session, case, luz, "Ya la leo", NOW + 3 * MINUTE)
        mine = await look(session, case, luz, TIMES, NOW + 3 * MINUTE)
        theirs = await look(session, case, other, TIMES, NOW + 3 * MINUTE)
        seen = await look(session, case, boss, TIMES, NOW + 3 * MINUTE)
    assert [one.words for one in mine.talk.said if one.words and not one.automatic] == [
        WORDS,
        "+12135550188 Beto",
        "Ya la leo",
    ]
    photo, mms = (one for one in mine.talk.said if one.file)
    assert (photo.held, mms.held) == (True, False)
    assert [one.place for one in mine.talk.said if one.place] == [(36.7468, -119.7726)]
    # What the platform said by itself stands between, before the answer that came later.
    by_itself = [place for place, one in enumerate(mine.talk.said) if one.automatic]
    assert by_itself
    assert by_itself[-1] == len(mine.talk.said) - 2
    assert mine.talk.said[-1].ours
    assert mine.talk.said[-1].by == luz.pseudonym
    assert mine.acts[0] is Act.REPLY
    assert mine.turn is None
    assert (theirs.part, theirs.acts, theirs.talk.said) == (
        Part.OUTSIDE,
        (Act.TAKE_OVER,),
        (),
    )
    assert theirs.owner == luz.pseudonym
    assert seen.part is Part.SUPERVISOR
    assert len(seen.talk.said) == len(mine.talk.said)
    # Neither the reporter's number nor the secret names of files are in the timeline.
    shown = " ".join(str((line.key, dict(line.params), line.words)) for line in mine.past.lines)
    assert phone(1).value not in shown
    assert "AgACphoto" not in shown


async def test_a_case_that_may_not_be_seen_is_as_one_that_does_not_exist(
    database: Database,
) -> None:
    async with database.write() as session:
        luz = await a_member(session, 1)
        writer = await a_member(session, 2, Role.COMMUNICATOR)
        case, robot = await reported(session), await a_case(session, phone(9))
        await store.change(session, robot.id, {"kind": Kind.CANARY})
        assert (await held(session, luz, case.folio.lower())).id == case.id
        for viewer, folio in ((writer, case.folio), (luz, robot.folio), (luz, "222222"), (luz, "")):
            with pytest.raises(UnknownFolio):
                await held(session, viewer, folio)


async def test_a_file_is_for_who_may_read_the_words(database: Database) -> None:
    async with database.write() as session:
        luz, other = await a_member(session, 1), await a_member(session, 2)
        case = await ownership.accept(session, await reported(session), luz, NOW + MINUTE)
        view = await look(session, case, luz, TIMES, NOW + MINUTE)
        photo, mms = (one for one in view.talk.said if one.file)
        words = view.talk.said[0]
        found = await talk.file_of(session, luz, case.folio, photo.id)
        assert found is not None
        assert found[1:] == ("photo", "AgACphoto")
        assert await talk.file_of(session, other, case.folio, photo.id) is None
        assert await talk.file_of(session, luz, case.folio, mms.id) is None
        assert await talk.file_of(session, luz, case.folio, words.id) is None
        elsewhere = await ownership.accept(session, await reported(session, 2), luz, NOW + MINUTE)
        assert await talk.file_of(session, luz, elsewhere.folio, photo.id) is None


async def test_nobody_closes_over_words_that_they_have_not_read(database: Database) -> None:
    async with database.write() as session:
        luz = await a_member(session, 1)
        case = await ownership.accept(session, await reported(session), luz, NOW + MINUTE)
        view = await look(session, case, luz, TIMES, NOW + MINUTE)
        await relay.reply(session, case, luz, "Hola", NOW + MINUTE)
        await nothing_said_since(session, case, view.newest)
        await service.add(
            session, case, Report(case.reporter, "es", NOW + 2 * MINUTE, "espere"), TIMES
        )
        with pytest.raises(viewing.NewWords):
            await nothing_said_since(session, case, view.newest)


async def test_opening_a_case_is_noted_once_in_ten_minutes(database: Database) -> None:
    async with database.write() as session:
        luz, case = await a_member(session, 1), await a_case(session, phone(1), WORDS)
        noted = []
        for minutes in (0, 5, 9, 11):
            at = NOW + minutes * MINUTE
            noted.append(
                (
                    await presence.is_noted(session, case.id, luz.id, at),
                    await presence.note(session, case, luz.id, at),
                )
            )
        assert noted == [(False, True), (True, False), (True, False), (False, True)]
        # A clock that was put back notes it again.
        assert await presence.note(session, case, luz.id, NOW)
        acts = await session.all(select(staff.audit.c.act).where(staff.audit.c.act == "case.open"))
        assert len(acts) == 3


async def test_that_a_supervisor_reads_a_case_of_a_colleague_is_in_its_timeline(
    database: Database,
) -> None:
    async with database.write() as session:
        luz, boss = await a_member(session, 1), await a_member(session, 2, Role.COORDINATOR)
        other = await a_member(session, 3)
        case = await ownership.accept(session, await a_case(session, phone(1), WORDS), luz, NOW)
        for viewer in (luz, boss, other, boss):
            await viewing.opened(session, case, viewer, NOW)
            assert not await viewing.is_to_be_opened(session, case, viewer, NOW)
        assert [one.member_id for one in await lines(session, case, EntryKind.SHOWN)] == [boss.id]
        await viewing.writes(session, case, other, NOW)
        assert not any(one.writing for one in await presence.others(session, case.id, 0, NOW))
        await viewing.writes(session, case, boss, NOW)
        assert [
            one.pseudonym for one in await presence.others(session, case.id, 0, NOW) if one.writing
        ] == [boss.pseudonym]


async def test_a_page_that_stays_open_is_not_noted_again_until_a_day_later(
    database: Database,
) -> None:
    async with database.write() as session:
        luz, boss = await a_member(session, 1), await a_member(session, 2, Role.COORDINATOR)
        case = await ownership.accept(session, await a_case(session, phone(1), WORDS), luz, NOW)

        async def shown(after: timedelta, *, still: bool) -> int:
            await viewing.opened(session, case, boss, NOW + after, still=still)
            opens = viewing.is_to_be_opened
            assert not await opens(session, case, boss, NOW + after, still=still)
            return len(await lines(session, case, EntryKind.SHOWN))

        # Whoever asks for the part alone has read it, too.
        assert await shown(0 * MINUTE, still=True) == 1
        assert await shown(11 * MINUTE, still=True) == 1
        assert await shown(23 * 60 * MINUTE, still=True) == 1
        assert await shown(23 * 60 * MINUTE, still=False) == 2
        assert await shown(30 * 60 * MINUTE, still=True) == 2
        assert await shown(48 * 60 * MINUTE, still=True) == 3
        # Still before their eyes, long after the audit was told.
        here, later = presence.others, NOW + 50 * 60 * MINUTE
        await presence.comes(session, case.id, boss.id, later)
        assert [one.member_id for one in await here(session, case.id, luz.id, later)] == [boss.id]
        assert await here(session, case.id, luz.id, later + 2 * MINUTE) == ()
        # A clock that was put back has left that ahead of now.
        assert await here(session, case.id, luz.id, NOW) == ()


async def test_a_page_says_whether_everybody_is_called_again(database: Database) -> None:
    async with database.write() as session:
        luz = await a_member(session, 1)
        await a_member(session, 2)
        case = await ownership.accept(session, await a_case(session, phone(1), WORDS), luz, NOW)
        view = await look(session, case, luz, TIMES, NOW)
        assert view.turn is None
        case = await ownership.pass_on(session, case, luz, TIMES, NOW + MINUTE)
        turn = (await look(session, case, luz, TIMES, NOW + MINUTE)).turn
        told: list[tuple[bool, bool]] = []
        while turn is not None and len(told) < 6:
            told.append((turn.everybody, turn.again))
            case = await paging.page_next(session, case, TIMES, turn.at)
            turn = (await look(session, case, luz, TIMES, turn.at)).turn
        # Everybody is called only once for the first time.
        assert told[0] != (True, True)
        assert told[-1] == (True, True)
        assert sorted(told) == told


async def test_colleagues_see_who_writes_for_ten_seconds(database: Database) -> None:
    async with database.write() as session:
        luz, mar = await a_member(session, 1), await a_member(session, 2)
        case = await a_case(session, phone(1), WORDS)
        silent = await case_view.fingerprint(session, case.id, mar, NOW)
        await presence.writes(session, case.id, luz.id, NOW)
        at = NOW + timedelta(seconds=9)
        (here,) = await presence.others(session, case.id, mar.id, at)
        assert (here.pseudonym, here.writing) == (luz.pseudonym, True)
        assert await presence.others(session, case.id, luz.id, at) == ()
        assert await case_view.fingerprint(session, case.id, mar, at) != silent
        assert await case_view.fingerprint(session, case.id, luz, at) == silent
        over = NOW + timedelta(seconds=11)
        assert await presence.others(session, case.id, mar.id, over) == ()
        await presence.writes(session, case.id, luz.id, over)
        await presence.writes_no_more(session, case.id, luz.id)
        assert await presence.others(session, case.id, mar.id, over) == ()


async def test_an_owner_without_a_phone_keeps_the_case_while_its_page_is_before_them(
    database: Database,
) -> None:
    async with database.write() as session:
        luz = await a_member(session, 1, Role.ADMIN)
        await staff.set_methods(session, luz.id, [])
        case = await ownership.accept(session, await a_case(session, phone(1), WORDS), luz, NOW)
        assert await presence.is_to_come(session, case.id, luz.id, NOW)
        await presence.comes(session, case.id, luz.id, NOW)
        assert not await presence.is_to_come(session, case.id, luz.id, NOW + MINUTE / 2)
        here = NOW + timedelta(seconds=110)
        case = await service.add(session, case, Report(case.reporter, "es", here, "sigo"), TIMES)
        assert case.owner_id == luz.id
        away = NOW + timedelta(seconds=121)
        case = await service.add(session, case, Report(case.reporter, "es", away, "hola"), TIMES)
        assert case.owner_id is None


async def test_a_case_is_passed_to_a_colleague_and_those_who_are_next_are_paged_too(
    database: Database,
) -> None:
    async with database.write() as session:
        luz = await a_member(session, 1)
        await a_member(session, 2)
        mar = await a_member(session, 3)
        writer = await a_member(session, 4, Role.COMMUNICATOR)
        case = await ownership.accept(session, await a_case(session, phone(1), WORDS), luz, NOW)
        for wrong in (luz, writer):
            with pytest.raises(CannotTake):
                await passing.pass_to(session, case, luz, wrong, TIMES, NOW)
        with pytest.raises(ownership.TakenByOther):
            await passing.pass_to(session, case, mar, luz, TIMES, NOW)
        passed = await passing.pass_to(session, case, luz, mar, TIMES, NOW + MINUTE)
        assert passed.owner_id is None
        paged = [one.member_id for one in await lines(session, case, EntryKind.PAGED)]
        assert mar.id in paged
        assert len(paged) == len(set(paged)) == 2


async def test_a_case_that_may_wait_wakes_nobody_to_whomever_it_is_passed(
    database: Database,
) -> None:
    night = NOW - timedelta(hours=6)
    async with database.write() as session:
        luz, mar = await a_member(session, 1), await a_member(session, 2)
        case = await a_case(session, phone(1), "murió mi tío", at=night)
        await store.change(session, case.id, {"urgency": Urgency.CAN_WAIT})
        case = await store.made(session, case.id)
        case = await passing.pass_to(session, case, luz, mar, TIMES, night)
        await passing.pass_to_everybody(session, case, luz, TIMES, night)
        assert await lines(session, case, EntryKind.PAGED) == []


async def test_a_case_is_passed_to_everybody_at_once(database: Database) -> None:
    async with database.write() as session:
        luz = await a_member(session, 1)
        others = {(await a_member(session, number)).id for number in (2, 3)}
        others.add((await a_member(session, 4, Role.COORDINATOR)).id)
        case = await ownership.accept(session, await a_case(session, phone(1), WORDS), luz, NOW)
        await passing.pass_to_everybody(session, case, luz, TIMES, NOW + MINUTE)
        paged = {one.member_id for one in await lines(session, case, EntryKind.PAGED)}
        assert paged == others


async def test_that_somebody_is_well_is_written_down_and_closes_nothing(
    database: Database,
) -> None:
    async with database.write() as session:
        luz, other = await a_member(session, 1), await a_member(session, 2)
        case = await ownership.accept(session, await a_case(session, phone(1), WORDS), luz, NOW)
        with pytest.raises(wellbeing.HowMissing):
            await wellbeing.mark_well(session, case, luz, " ", NOW)
        with pytest.raises(ownership.NotYours):
            await wellbeing.mark_well(session, case, other, "la vi", NOW)
        await wellbeing.mark_well(session, case, luz, "Hablé con ella y dijo la palabra", NOW)
        (line,) = await lines(session, case, EntryKind.FALSE_ALARM)
        assert line.member_id == luz.id
        assert (await store.made(session, case.id)).owner_id == luz.id
