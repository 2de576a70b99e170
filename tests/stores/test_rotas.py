"""Rotas: how they are planned, read and removed, and who is on duty by them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time

import pytest
from sqlalchemy import select

from alerts.model import Times
from alerts.shifts import importing, questions, service, store, tick
from alerts.shifts.here import duty
from alerts.shifts.own import own
from alerts.shifts.rota import Override
from alerts.shifts.service import Draft
from alerts.shifts.week import week
from alerts.simulator import Question, foresee
from db.session import Database
from kit.errors import Invalid, NotFound, Problem, Refused
from staff import store as staff
from staff.model import Role
from tests.stores.shift_rig import (
    BEGIN,
    BOSS,
    DAY,
    GUARDS,
    HOUR,
    draft,
    email,
    get,
    here,
    look,
    rota,
    team,
)


async def test_a_plan_is_read_as_it_was_written(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        rota_id = await rota(
            session,
            people,
            draft(
                covers=(time(20), time(8, 30)),
                zone="Europe/Madrid",
                handover=time(7, 15),
                holidays=False,
            ),
        )
        await service.add_holiday(session, people[BOSS], date(2026, 12, 25), "Navidad", BEGIN)
    async with database.read() as session:
        plan = await store.plan(session)
    (made,) = plan.rotas
    assert made.id == rota_id
    assert made.members == tuple(people[name].id for name in GUARDS)
    assert (made.covers, made.handover) == ((time(20), time(8, 30)), time(7, 15))
    assert (made.zone, made.every, made.holidays) == ("Europe/Madrid", 1, False)
    assert made.since == date(2026, 11, 23)
    assert plan.holidays == {date(2026, 12, 25)}
    assert plan.absent == frozenset()


async def test_overrides_that_are_long_over_can_be_left_out(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        rota_id = await rota(session, people)
        for start in (BEGIN, BEGIN + 9 * DAY):
            await store.add_override(session, Override(rota_id, None, start, start + HOUR))
        assert len((await store.plan(session)).overrides) == 2
        assert len((await store.plan(session, BEGIN + 2 * HOUR)).overrides) == 1


async def test_who_left_is_not_on_duty(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        await rota(session, people)
        for change in ({"active": False}, {"active": True, "role": Role.COMMUNICATOR}):
            await staff.change(session, people["Alba"].id, change)
            assert await here(session, BEGIN) == []
            assert await here(session, BEGIN + DAY) == [people["Luz"].id]
            assert await tick.roster_gap(session, BEGIN)


async def test_who_cannot_be_reached_is_not_on_duty(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        await rota(session, people)
        await staff.set_methods(session, people["Alba"].id, ())
        assert await here(session, BEGIN) == []


async def test_without_a_rota_the_role_is_on_duty(database: Database) -> None:
    async with database.write() as session:
        assert await tick.roster_gap(session, BEGIN)
        people = await team(session)
        assert not await tick.roster_gap(session, BEGIN)
        await rota(session, people, draft(since=date(2026, 11, 30)))
        # It begins in a week: until then nothing has changed.
        assert not await tick.roster_gap(session, BEGIN)


async def test_without_a_rota_nobody_is_called_on_duty_whom_no_page_reaches(
    database: Database,
) -> None:
    async with database.write() as session:
        people = await team(session)
        boss, alba = people[BOSS], people["Alba"]
        await staff.set_methods(session, people["Luz"].id, ())
        await staff.set_methods(session, people["Sol"].id, ())
        assert [one.pseudonym for one in (await duty(session, boss, BEGIN)).now] == ["Alba"]
        assert (await week(session, boss, BEGIN.date(), BEGIN)).always == ("Alba",)
        found = await foresee(session, boss, Question(BEGIN), Times())
        assert (found.on_duty, found.gap) == (("Alba",), False)
        assert (await own(session, alba, BEGIN)).always
        await staff.set_methods(session, alba.id, ())
        alba = await get(session, alba.id)
        assert (await duty(session, boss, BEGIN)).now == ()
        assert (await week(session, boss, BEGIN.date(), BEGIN)).always == ()
        found = await foresee(session, boss, Question(BEGIN), Times())
        assert (found.on_duty, found.gap) == ((), True)
        assert not (await own(session, alba, BEGIN)).always


GOOD = draft("Alba")
WRONG: Sequence[tuple[Draft, type[Problem], str]] = (
    (replace(GOOD, name=" "), Invalid, "roster.name"),
    (replace(GOOD, name="x" * 41), Invalid, "roster.name"),
    (replace(GOOD, name="a\nb"), Invalid, "roster.name"),
    (replace(GOOD, emails=[]), Invalid, "roster.members"),
    (replace(GOOD, emails=[email("Alba")] * 41), Invalid, "roster.members"),
    (replace(GOOD, emails=["nadie@example.org"]), NotFound, "staff.unknown"),
    (draft("Luz"), Refused, "roster.member_not_duty"),
    (draft("Sol"), Refused, "roster.member_unreachable"),
    (replace(GOOD, every=0), Invalid, "roster.every"),
    (replace(GOOD, every=93), Invalid, "roster.every"),
    (replace(GOOD, zone="America/Oaxaca"), Invalid, "roster.zone"),
    (replace(GOOD, zone="../../etc/passwd"), Invalid, "roster.zone"),
    (replace(GOOD, covers=(time(8), time(8))), Invalid, "roster.covers_empty"),
    (replace(GOOD, since=date(1926, 11, 23)), Invalid, "roster.date_far"),
)


async def test_a_wrong_rota_is_refused_with_a_sentence(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        await staff.change(session, people["Luz"].id, {"role": Role.COMMUNICATOR})
        await staff.set_methods(session, people["Sol"].id, ())
        for wrong, error, key in WRONG:
            with pytest.raises(error) as caught:
                await service.add(session, people[BOSS], wrong, BEGIN)
            assert caught.value.key == key
        assert (await store.plan(session)).rotas == ()


async def test_a_rota_begins_today_by_its_own_clock(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        late = BEGIN + 12 * HOUR
        await service.add(session, people[BOSS], Draft("Guardia", [email("Alba")]), late)
        (made,) = (await store.plan(session)).rotas
        # In UTC it is Tuesday already.
        assert made.since == date(2026, 11, 23)


async def test_two_rotas_do_not_share_a_name(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        rota_id = await rota(session, people)
        with pytest.raises(Refused):
            await rota(session, people, draft(name=" Guardia "))
        await service.change(session, people[BOSS], rota_id, draft("Luz", every=7), BEGIN)
        (changed,) = (await store.plan(session)).rotas
        assert (changed.id, changed.every, changed.members) == (rota_id, 7, (people["Luz"].id,))


async def test_guards_do_not_plan(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        rota_id = await rota(session, people)
        guard = people["Alba"]
        day = date(2026, 12, 25)
        with pytest.raises(Refused):
            await service.add(session, guard, draft(name="Otra"), BEGIN)
        with pytest.raises(Refused):
            await service.remove(session, guard, rota_id, BEGIN)
        with pytest.raises(Refused):
            await service.cover(session, guard, rota_id, BEGIN, BEGIN + HOUR, None, BEGIN)
        with pytest.raises(Refused):
            await service.add_holiday(session, guard, day, "", BEGIN)
        with pytest.raises(Refused):
            await importing.take(session, guard, (await store.plan(session)).rotas[0], b"", BEGIN)


async def test_what_is_planned_is_in_the_audit(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        rota_id = await rota(session, people)
        boss = people[BOSS]
        await service.cover(session, boss, rota_id, BEGIN, BEGIN + HOUR, email("Sol"), BEGIN - HOUR)
        await service.remove(session, boss, rota_id, BEGIN)
        rows = await session.all(select(staff.audit).where(staff.audit.c.member_id == boss.id))
        acts = [(row["act"], row["about"].split(":")[0]) for row in rows]
    assert acts == [("rota.add", "rota"), ("rota.cover", "override"), ("rota.remove", "rota")]


async def test_a_removed_rota_leaves_nothing_behind(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        rota_id = await rota(session, people)
        await look(session, BEGIN)
        await store.add_override(session, Override(rota_id, None, BEGIN, BEGIN + HOUR))
        await service.remove(session, people[BOSS], rota_id, BEGIN)
        plan = await store.plan(session)
        assert (plan.rotas, plan.overrides) == ((), ())
        assert await questions.asked(session, BEGIN) == ()
