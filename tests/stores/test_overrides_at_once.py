"""Two who plan at the same moment, on both databases."""

import asyncio

from sqlalchemy import func, select

from alerts.shifts import overrides, service
from alerts.shifts.rota import Override
from db.session import Database
from kit.errors import NotFound
from staff.audit.store import audit
from tests.stores.shift_rig import BEGIN, BOSS, HOUR, draft, email, last, rota, team


async def test_an_exception_that_two_take_back_at_once_is_taken_back_by_one(
    database: Database,
) -> None:
    async with database.write() as session:
        people = await team(session)
        boss = people[BOSS]
        rota_id = await rota(session, people, draft("Alba"))
        hours = BEGIN + HOUR, BEGIN + 3 * HOUR
        made = await service.cover(session, boss, rota_id, *hours, email("Luz"), BEGIN)

    async def back() -> Override:
        async with database.write() as session:
            return await overrides.uncover(session, boss, made, BEGIN)

    found = await asyncio.gather(back(), back(), return_exceptions=True)
    assert sorted(type(one).__name__ for one in found) == sorted(
        (NotFound.__name__, Override.__name__)
    )
    async with database.read() as session:
        written = select(func.count()).where(audit.c.act == "rota.uncover")
        assert await session.scalar(written) == 1
        assert "Luz" not in (await last(session, people["Alba"]))
