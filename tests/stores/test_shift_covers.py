"""Who stands in for whom, who changes places, and holidays."""

from datetime import date

import pytest

from alerts.shifts import service, store, tick
from db.session import Database
from kit.errors import Invalid, NotFound, Refused
from tests.stores.shift_rig import (
    BEGIN,
    BOSS,
    DAY,
    GUARDS,
    HOUR,
    email,
    here,
    last,
    rota,
    team,
    told,
)


async def test_a_cover_tells_who_comes_and_who_does_not(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        rota_id = await rota(session, people)
        start = BEGIN + 2 * HOUR
        await service.cover(
            session, people[BOSS], rota_id, start, start + HOUR, email("Sol"), BEGIN
        )
        assert await here(session, start) == [people["Sol"].id]
        assert await here(session, start + HOUR) == [people["Alba"].id]
        assert await told(session, people["Alba"]) == [
            "GUARDIA: ya no le toca la guardia de 10:00 a 11:00. La cubre Sol."
        ]
        assert await told(session, people["Sol"]) == [
            "GUARDIA: usted cubre la guardia de 10:00 a 11:00. Una hora antes le preguntamos si "
            "puede."
        ]
        assert await told(session, people["Luz"]) == []


async def test_a_cover_by_nobody_is_a_gap(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        rota_id = await rota(session, people)
        await service.cover(session, people[BOSS], rota_id, BEGIN, BEGIN + HOUR, None, BEGIN)
        assert await tick.roster_gap(session, BEGIN)
        assert await last(session, people["Alba"]) == (
            "GUARDIA: ya no le toca la guardia de 8:00 a 9:00."
        )


NONSENSE = (
    (BEGIN, BEGIN, "roster.ends_before_starts"),
    (BEGIN + DAY, BEGIN, "roster.ends_before_starts"),
    (BEGIN - 2 * DAY, BEGIN - DAY, "roster.over"),
    (BEGIN, BEGIN + 93 * DAY, "roster.stretch_long"),
    (BEGIN + 4000 * DAY, BEGIN + 4001 * DAY, "roster.date_far"),
)


async def test_a_stretch_that_makes_no_sense_is_refused(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        rota_id = await rota(session, people)
        for starts, ends, key in NONSENSE:
            with pytest.raises(Invalid) as caught:
                await service.cover(session, people[BOSS], rota_id, starts, ends, None, BEGIN)
            assert caught.value.key == key


async def test_two_people_change_places(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        rota_id = await rota(session, people)
        count = await service.swap(
            session,
            people[BOSS],
            rota_id,
            email("Alba"),
            email("Luz"),
            BEGIN,
            BEGIN + 2 * DAY,
            BEGIN - HOUR,
        )
        assert count == 2
        days = [await here(session, BEGIN + number * DAY) for number in range(4)]
        names = ("Luz", "Alba", "Sol", "Alba")
        assert days == [[people[name].id] for name in names]
        assert "usted y Luz cambian" in await last(session, people["Alba"])
        assert "usted y Alba cambian" in await last(session, people["Luz"])


async def test_a_swap_needs_two_people_and_a_shift(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        rota_id = await rota(session, people)
        boss, end = people[BOSS], BEGIN + HOUR
        alba, luz, sol = (email(name) for name in GUARDS)
        with pytest.raises(Invalid):
            await service.swap(session, boss, rota_id, alba, alba, BEGIN, end, BEGIN)
        with pytest.raises(Invalid):
            await service.swap(session, boss, rota_id, luz, sol, BEGIN, end, BEGIN)


async def test_holidays_are_kept_once(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        boss, day = people[BOSS], date(2026, 12, 25)
        await service.add_holiday(session, boss, day, "Navidad", BEGIN)
        with pytest.raises(Refused):
            await service.add_holiday(session, boss, day, "Otra", BEGIN)
        assert await store.holidays(session) == (store.Holiday(day, "Navidad"),)
        await service.remove_holiday(session, boss, day, BEGIN)
        with pytest.raises(NotFound):
            await service.remove_holiday(session, boss, day, BEGIN)
