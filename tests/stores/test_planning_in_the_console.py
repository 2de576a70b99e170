"""What the pages of the roster do beside the commands: taking exceptions back, saying early that
one cannot come, and who may know and do what."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from alerts import policies
from alerts.policy_file import read_policies
from alerts.shifts import answering, overrides, own, questions, service, store, week, words
from db.session import Database
from kit.errors import Invalid, NotFound, Refused
from staff import store as staff
from staff.model import Role
from tests.databases import sqlite_database
from tests.stores.shift_rig import (
    BEGIN,
    BOSS,
    DAY,
    HOUR,
    draft,
    email,
    get,
    here,
    hire,
    last,
    look,
    rota,
    team,
    told,
)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await sqlite_database(tmp_path)
    yield opened
    await opened.close()


async def test_an_exception_is_taken_back_and_those_concerned_are_told(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        boss, alba = people[BOSS], people["Alba"]
        rota_id = await rota(session, people)
        start, now = BEGIN + 2 * HOUR, BEGIN
        first = await service.cover(
            session, boss, rota_id, start, start + 2 * HOUR, email("Sol"), now
        )
        second = await service.cover(session, boss, rota_id, start, start + HOUR, None, now)
        found = await overrides.touching(session, boss, rota_id, start, start + HOUR)
        assert [one.id for one in found] == [second, first], "the newest first"
        assert await here(session, start) == []
        await overrides.uncover(session, boss, second, now)
        assert await here(session, start) == [people["Sol"].id], "the older one holds again"
        assert (await told(session, people["Sol"]))[-1] == (
            "GUARDIA: usted cubre la guardia de 10:00 a 11:00. Una hora antes le preguntamos si "
            "puede."
        )
        # While it is on, only the rest of it is taken back.
        later = start + HOUR
        await overrides.uncover(session, boss, first, later)
        assert await here(session, start) == [people["Sol"].id]
        assert await here(session, later) == [alba.id]
        assert await last(session, people["Sol"]) == (
            "GUARDIA: ya no le toca la guardia de 11:00 a 12:00. La cubre Alba."
        )
        assert "11:00 a 12:00" in await last(session, alba)
        with pytest.raises(NotFound):
            await overrides.uncover(session, boss, second, later)
        for again in (later, later + DAY):
            with pytest.raises(Invalid) as over:
                await overrides.uncover(session, boss, first, again)
            assert over.value.key == "roster.override_over"
        for refused in (alba, await hire(session, "Isa", Role.AUDITOR, 40)):
            with pytest.raises(Refused):
                await overrides.uncover(session, refused, first, later)
    async with database.write() as session:
        kept = await overrides.touching(session, boss, rota_id, start, start + DAY)
        # An exception for nobody that goes leaves the hours with the rota.
        gap = await service.cover(
            session, boss, rota_id, start + 5 * HOUR, start + 6 * HOUR, None, now
        )
        await overrides.uncover(session, boss, gap, now)
        assert await here(session, start + 5 * HOUR) == [alba.id]
        assert [one.override.ends for one in kept] == [later]


async def test_somebody_says_days_ahead_that_they_cannot_come(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        rota_id = await rota(session, people)
        luz, now = people["Luz"], BEGIN + HOUR
        mine = (await own.own(session, luz, now)).shifts
        assert [one.shift.starts for one in mine[:2]] == [BEGIN + DAY, BEGIN + 4 * DAY]
        assert mine[0].asked is None
        assert not mine[0].on
        assert len(mine) == own.MOST
        which = (rota_id, mine[1].shift.starts)
        passed = await own.cannot(session, luz, which, now)
        assert passed.to is not None
        assert passed.to.pseudonym == "Sol", "who follows"
        assert await here(session, BEGIN + 4 * DAY) == [people["Sol"].id]
        assert "Luz no puede hacer el turno" in await last(session, people[BOSS])
        assert (await own.own(session, luz, now)).shifts[1].shift.starts == BEGIN + 7 * DAY
        for wrong in (which, (rota_id, now), (99, BEGIN + DAY), (rota_id, BEGIN)):
            with pytest.raises(NotFound):
                await own.cannot(session, luz, wrong, now)
        with pytest.raises(NotFound):
            await own.comes(session, luz, (rota_id, BEGIN + DAY), now)
        # Asked, they say that they come, and may still say that they cannot.
        soon = BEGIN + DAY - HOUR
        await look(session, soon)
        asked = (await own.own(session, luz, soon)).shifts[0].asked
        assert asked is not None
        assert asked.answer is None
        await own.comes(session, luz, (rota_id, BEGIN + DAY), soon)
        assert (await own.own(session, luz, soon)).shifts[0].asked is not None
        on = BEGIN + DAY + HOUR
        passed = await own.cannot(session, luz, (rota_id, BEGIN + DAY), on)
        assert passed.to is not None, "of a shift that is on it is relief"
        assert await here(session, on) == [passed.to.id]
        with pytest.raises(answering.NotOnDuty):
            await own.can_no_more(session, luz, on)
        isa = await hire(session, "Isa", Role.COMMUNICATOR, 40)
        for work in (own.comes, own.cannot):
            with pytest.raises(Refused):
                await work(session, isa, (rota_id, BEGIN), on)
        with pytest.raises(Refused):
            await own.own(session, isa, on)


async def test_of_two_shifts_of_which_one_cannot_be_passed_on_the_page_says_that_one_stays(
    database: Database,
) -> None:
    async with database.write() as session:
        people = await team(session)
        alba, luz = people["Alba"], people["Luz"]
        first = await rota(session, people, draft("Alba", "Luz", name="Uno"))
        second = await rota(session, people, draft("Alba", "Luz", name="Dos"))
        now = BEGIN + HOUR
        no = questions.Asked(second, luz.id, BEGIN, BEGIN + DAY, now, answer=questions.NO)
        await questions.put(session, no)
        passed = await own.can_no_more(session, alba, now)
        assert (passed.shift.rota_id, passed.to) == (second, None)
        assert sorted(await here(session, now)) == [alba.id, luz.id]
        # So does the answer to the word.
        await service.cover(session, people[BOSS], first, now, now + HOUR, email("Alba"), now)
        answer = await words.obey(session, alba, "RELEVO", now)
        assert answer is not None
        assert answer[0].sms == "sms.duty.relief_nobody_next"


async def test_a_shift_that_nobody_confirms_is_offered_on_the_page(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        rota_id = await rota(session, people)
        starts = BEGIN + DAY
        await look(session, starts - HOUR)
        await look(session, starts - timedelta(minutes=30))
        (offer,) = (await own.own(session, people["Sol"], starts)).offers
        assert (offer.colleague, offer.shift.starts) == ("Luz", starts)
        await own.comes(session, people["Sol"], (rota_id, starts), starts)
        assert await here(session, starts) == [people["Sol"].id]
        assert (await own.own(session, people["Sol"], starts)).offers == ()


async def test_a_week_says_who_has_not_answered_who_cannot_come_and_who_carries_what(
    database: Database,
) -> None:
    async with database.write() as session:
        people = await team(session)
        await rota(session, people)
        await service.add_holiday(session, people[BOSS], (BEGIN + DAY).date(), "Fiesta", BEGIN)
        soon = BEGIN + DAY - HOUR
        await look(session, BEGIN)
        await answering.confirm(session, people["Alba"], BEGIN)
        await look(session, soon)
        await staff.change(session, people["Sol"].id, {"active": False})
        alba = await get(session, people["Alba"].id)
        found = await week.week(session, alba, BEGIN.date(), soon)
        assert {one.starts for one in found.waiting} == {BEGIN + DAY}
        assert {one.starts for one in found.sure} == {BEGIN}
        assert found.absent == ("Sol",)
        assert found.gaps == (
            (BEGIN + 2 * DAY, BEGIN + 3 * DAY),
            (BEGIN + 5 * DAY, BEGIN + 6 * DAY),
        )
        assert list(found.holidays.values()) == ["Fiesta"]
        shares = {found.names[one.member_id]: one for one in found.shares}
        # The rota begins on Monday at eight, and the week ends at midnight.
        assert (shares["Alba"].hours, shares["Alba"].nights) == (64 * HOUR, 2)
        assert shares["Luz"].hours == 48 * HOUR
        assert "Sol" not in shares
        isa = await hire(session, "Isa", Role.AUDITOR, 40)
        with pytest.raises(Refused):
            await week.week(session, isa, BEGIN.date(), soon)


FILE = b"- name: Una\n  steps:\n  - {call: [on_duty]}\n"


async def test_policies_are_kept_in_versions_and_only_who_plans_writes_them(
    database: Database,
) -> None:
    async with database.write() as session:
        people = await team(session)
        boss, alba = people[BOSS], people["Alba"]
        first = await policies.replace(session, read_policies(FILE), boss, BEGIN)
        await policies.replace(
            session, read_policies(FILE.replace(b"Una", b"Dos")), boss, BEGIN + HOUR
        )
        found = await policies.versions(session, alba)
        assert [(one.made_at, one.retired_at, one.by) for one in found] == [
            (BEGIN + HOUR, None, boss.id),
            (BEGIN, BEGIN + HOUR, boss.id),
        ]
        assert [policy.name for one in found for policy in one.policies] == ["Dos", "Una"]
        assert [one.name for one in await policies.seen(session, alba)] == ["Dos"]
        ids = [one.id or 0 for one in first]
        assert await policies.kept(session, alba, [*ids, 10**9]) == first
        with pytest.raises(Refused):
            await policies.replace(session, (), alba, BEGIN + HOUR)
        isa = await hire(session, "Isa", Role.COMMUNICATOR, 40)
        with pytest.raises(Refused):
            await policies.seen(session, isa)
        with pytest.raises(Refused):
            await policies.versions(session, isa)
        assert await store.holidays(session) == ()
