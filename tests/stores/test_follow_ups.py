"""Follow-ups in both databases: told to whom, when, and until when."""

import asyncio
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import func, select, update

from alerts import store as cases
from alerts import timeline
from alerts.model import Case, EntryKind, MayWrite, Outcome
from alerts.referral import follow_ups, planning, service, tick
from alerts.referral.model import FollowUp
from db.session import Database
from staff import store as staff
from staff.model import Member, Role
from staff.store import member
from tests.stores.case_rig import NOW, a_case, a_member, lines, phone, told
from tests.stores.referral_rig import LATER, refer, talk

DAY = timedelta(days=1)


async def look_all(database: Database, now: datetime) -> int:
    """As the clock does: unit after unit until nothing is due."""
    taken = 0
    while True:
        async with database.write() as session:
            some = await tick.look(session, now)
        if not some:
            return taken
        taken += some


async def due_of(database: Database, case: Case) -> tuple[FollowUp, ...]:
    async with database.read() as session:
        return await follow_ups.of_case(session, case.id)


async def owned_case(database: Database) -> tuple[Case, Member]:
    async with database.write() as session:
        owner = await a_member(session, 1)
        return await a_case(session, phone(1), owner=owner), owner


async def sent(database: Database) -> list[tuple[str, str]]:
    async with database.read() as session:
        return await told(session)


async def test_a_referral_and_a_close_are_followed_on_days_1_7_and_30(
    database: Database,
) -> None:
    case, owner = await owned_case(database)
    async with database.write() as session:
        referral = await refer(session, case, owner)
        await planning.after_close(session, case, Outcome.REFERRED, LATER)
    found = await due_of(database, case)
    assert [(one.referral_id, one.day, one.due_at) for one in found] == [
        (referral.id, 1, NOW + DAY),
        (None, 1, LATER + DAY),
        (referral.id, 7, NOW + 7 * DAY),
        (None, 7, LATER + 7 * DAY),
        (referral.id, 30, NOW + 30 * DAY),
        (None, 30, LATER + 30 * DAY),
    ]


@pytest.mark.parametrize("outcome", list(Outcome))
async def test_only_some_outcomes_are_followed(database: Database, outcome: Outcome) -> None:
    followed = {Outcome.LOCATED, Outcome.REPATRIATED, Outcome.REFERRED, Outcome.ATTENDED}
    case, _owner = await owned_case(database)
    async with database.write() as session:
        await planning.after_close(session, case, Outcome.LOCATED, NOW - DAY)
        await planning.after_close(session, case, outcome, NOW)
    found = await due_of(database, case)
    assert [one.due_at for one in found] == (
        [NOW + days * DAY for days in (1, 7, 30)] if outcome in followed else []
    )


async def test_a_drill_is_not_followed(database: Database) -> None:
    case, owner = await owned_case(database)
    async with database.write() as session:
        await cases.change(session, case.id, {"exercise": True})
        case = await cases.made(session, case.id)
        await refer(session, case, owner)
        await planning.after_close(session, case, Outcome.LOCATED, NOW)
    assert await due_of(database, case) == ()


async def test_a_follow_up_comes_back_to_its_owner_every_day_until_it_is_done(
    database: Database,
) -> None:
    case, owner = await owned_case(database)
    async with database.write() as session:
        await planning.after_close(session, case, Outcome.LOCATED, NOW)
    assert await look_all(database, NOW + DAY - timedelta(minutes=1)) == 0
    assert await look_all(database, NOW + DAY) == 1
    assert await look_all(database, NOW + DAY + timedelta(hours=5)) == 0
    assert await look_all(database, NOW + 2 * DAY) == 1
    found = await sent(database)
    assert [to for to, _words in found] == ["+12135550101"] * 2
    assert case.folio in found[0][1]
    (first, *_more) = await due_of(database, case)
    async with database.write() as session:
        done = await service.follow_up_done(session, case, owner, first.id, " está bien ", LATER)
        assert done.result == "está bien"
        with pytest.raises(service.AlreadyDone):
            await service.follow_up_done(session, case, owner, first.id, "otra vez", LATER)
    assert await look_all(database, NOW + 3 * DAY) == 0
    assert await look_all(database, NOW + 7 * DAY) == 1
    (kept, *_more) = await due_of(database, case)
    assert (kept.done_by, kept.done_at, kept.result) == (owner.id, LATER, "está bien")
    async with database.read() as session:
        written = [line.body for line in await lines(session, case, EntryKind.FOLLOW_UP)]
    assert written == ["1", "1", "1: está bien", "7"]


async def test_a_platform_that_slept_for_a_week_tells_once_and_of_the_newest_day(
    database: Database,
) -> None:
    case, owner = await owned_case(database)
    async with database.write() as session:
        await refer(session, case, owner)
        await planning.after_close(session, case, Outcome.LOCATED, NOW)
    assert await look_all(database, NOW + 8 * DAY) == 4
    ((to, words),) = await sent(database)
    assert to == "+12135550101"
    assert "7 d" in words


@pytest.mark.parametrize("how", ["inactive", "nobody", "no right", "no way"])
async def test_with_the_owner_gone_it_comes_to_the_coordinators(
    database: Database, how: str
) -> None:
    case, owner = await owned_case(database)
    async with database.write() as session:
        await a_member(session, 2)
        await a_member(session, 3, Role.COORDINATOR)
        await a_member(session, 4, Role.COORDINATOR)
        await a_member(session, 5, Role.ADMIN)
        await planning.after_close(session, case, Outcome.LOCATED, NOW)
        if how == "inactive":
            await session.execute(
                update(member).where(member.c.id == owner.id).values(active=False)
            )
        elif how == "no right":
            await staff.change(session, owner.id, {"role": Role.AUDITOR})
        elif how == "no way":
            await staff.set_methods(session, owner.id, [])
        else:
            await cases.change(session, case.id, {"owner_id": None})
    assert await look_all(database, NOW + DAY) == 1
    assert [to for to, _words in await sent(database)] == ["+12135550103", "+12135550104"]


async def test_without_coordinators_it_comes_to_the_admins_and_without_anybody_it_waits(
    database: Database,
) -> None:
    async with database.write() as session:
        case = await a_case(session, phone(1))
        await planning.after_close(session, case, Outcome.LOCATED, NOW)
    assert await look_all(database, NOW + DAY) == 1
    assert await sent(database) == []
    async with database.write() as session:
        await a_member(session, 5, Role.ADMIN)
    assert await look_all(database, NOW + DAY + timedelta(minutes=59)) == 0
    assert await look_all(database, NOW + DAY + timedelta(hours=1)) == 1
    assert [to for to, _words in await sent(database)] == ["+12135550105"]


async def test_it_waits_for_the_end_of_the_owners_quiet_hours(database: Database) -> None:
    case, owner = await owned_case(database)
    async with database.write() as session:
        # 10 in Oaxaca lies in them, 13 does not.
        hours = {"quiet_from": 7 * 60, "quiet_until": 13 * 60}
        await staff.change(session, owner.id, hours)
        quiet = await staff.get(session, owner.id)
        assert quiet is not None
        assert quiet.quiet is not None
        assert quiet.quiet.ends == time(13)
        await planning.after_close(session, case, Outcome.LOCATED, NOW)
    assert await look_all(database, NOW + DAY) == 1
    assert await sent(database) == []
    assert await look_all(database, NOW + DAY + timedelta(hours=2, minutes=59)) == 0
    assert await look_all(database, NOW + DAY + timedelta(hours=3)) == 1
    assert len(await sent(database)) == 1


@pytest.mark.parametrize("may_write", list(MayWrite))
async def test_nothing_of_a_follow_up_ever_goes_to_the_reporter(
    database: Database, may_write: MayWrite
) -> None:
    case, owner = await owned_case(database)
    async with database.write() as session:
        await cases.change(session, case.id, {"may_write": may_write})
        case = await cases.made(session, case.id)
        referral = await refer(session, case, owner)
        await talk(session, case, owner, referral)
        await planning.after_close(session, case, Outcome.LOCATED, NOW)
    for day in range(1, 40):
        await look_all(database, NOW + day * DAY)
    found = await sent(database)
    assert {to for to, _words in found} == {"+12135550101"}
    assert ("NO ESCRIBIR" in found[0][1]) is (may_write is MayWrite.NO)


async def test_two_clocks_at_once_tell_once(database: Database) -> None:
    case, _owner = await owned_case(database)
    async with database.write() as session:
        await planning.after_close(session, case, Outcome.LOCATED, NOW)
    await asyncio.gather(*(look_all(database, NOW + DAY) for _clock in range(4)))
    assert len(await sent(database)) == 1


async def test_a_thousand_that_are_due_are_taken_in_small_units(database: Database) -> None:
    async with database.write() as session:
        owner = await a_member(session, 1)
        for number in range(120):
            case = await a_case(session, phone(200 + number), owner=owner)
            await follow_ups.plan(session, case.id, None, [(1, NOW)])
    async with database.write() as session:
        assert await tick.look(session, NOW) == tick.AT_ONCE
    assert await look_all(database, NOW) == 120 - tick.AT_ONCE
    async with database.read() as session:
        told_of = await session.scalar(
            select(func.count())
            .select_from(timeline.entry)
            .where(timeline.entry.c.kind == EntryKind.FOLLOW_UP)
        )
        assert told_of == 120
        assert await follow_ups.next_notice(session) == NOW + DAY
