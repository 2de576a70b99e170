"""The bodies of the jobs of campaigns: unit after unit, with room for everybody else between."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from campaigns import running, tick
from campaigns.conduct import Conduct
from campaigns.figures import gathering
from campaigns.sheet import reckoning
from contacts.gazetteer import load_gazetteer
from db.session import Database, Session
from kit.checkpoints import passed
from kit.clock import Clock
from kit.jobs import Wake
from kit.turns import Turns

PAUSE_SECONDS = 0.02
"""Between two commits, so that an SOS never waits behind a row of them (DESIGN §5)."""

STEPS = 25
"""In one call of a handler: about a second, so that SIGTERM soon finds it over. The last step
wakes the next call."""

COUNT_STEPS = 10
"""The same of what is counted, which takes turns with everything else that is."""

Step = Callable[[Session, int, datetime, int], Awaitable[bool]]


async def handle_freeze(
    database: Database, clock: Clock, key: str, *, batch: int = running.BATCH, steps: int = STEPS
) -> None:
    """The handler of `campaigns.freeze`: write the ledger of a run, `batch` contacts a unit."""
    # Half a second the first time, which must not fall into a unit that holds up an SOS.
    await asyncio.to_thread(load_gazetteer)
    step = running.freeze_step
    await _go_on(database, clock, Wake(tick.FREEZE, key), step, batch=batch, steps=steps)


async def handle_sweep(
    database: Database, clock: Clock, key: str, *, batch: int = running.BATCH, steps: int = STEPS
) -> None:
    """The handler of `campaigns.sweep`: settle what will not leave, `batch` rows a unit."""
    step = running.sweep_step
    await _go_on(database, clock, Wake(tick.SWEEP, key), step, batch=batch, steps=steps)


async def handle_reckon(
    database: Database,
    clock: Clock,
    key: str,
    conduct: Conduct,
    turns: Turns,
    *,
    batch: int = reckoning.BATCH,
    steps: int = COUNT_STEPS,
) -> None:
    """The handler of `campaigns.reckon`: count the people of a campaign for its sheet."""
    await asyncio.to_thread(load_gazetteer)

    async def count(wake: Wake | None) -> bool:
        return await reckon_next(database, clock, int(key), conduct, batch=batch, wake=wake)

    await _count(count, Wake(reckoning.RECKON, key), turns, steps)


async def handle_gather(
    database: Database,
    clock: Clock,
    key: str,
    turns: Turns,
    *,
    batch: int = gathering.BATCH,
    steps: int = COUNT_STEPS,
) -> None:
    """The handler of `campaigns.gather`: count what became of a run."""

    async def count(wake: Wake | None) -> bool:
        return await gather_next(database, clock, int(key), batch=batch, wake=wake)

    await _count(count, Wake(gathering.GATHER, key), turns, steps)


async def reckon_next(
    database: Database,
    clock: Clock,
    campaign_id: int,
    conduct: Conduct,
    *,
    batch: int = reckoning.BATCH,
    wake: Wake | None = None,
) -> bool:
    """Count the next people of a campaign; says whether there may be more, for which `wake` is
    woken. On SQLite nothing is written while they are counted, so that nobody waits for it."""
    async with database.write() as session:
        at = await reckoning.place(session, campaign_id, clock.now())
    if at is None:
        return False
    async with database.read() as session:
        found = await reckoning.look(session, at, batch, conduct)
    if found is None:
        return False
    async with database.write() as session:
        more = await reckoning.add(session, at, found)
        _wake(session, wake, more=more)
    passed("campaigns.step")
    return more


async def gather_next(
    database: Database,
    clock: Clock,
    run_id: int,
    *,
    batch: int = gathering.BATCH,
    wake: Wake | None = None,
    since: datetime | None = None,
) -> bool:
    """Count the next rows of a run in the same way. Whoever waits for the count says `since` when
    they do: what was counted before is counted anew."""
    async with database.write() as session:
        at = await gathering.place(session, run_id, clock.now(), since)
    if at is None:
        return False
    async with database.read() as session:
        found = await gathering.look(session, at, batch)
    async with database.write() as session:
        more = await gathering.add(session, at, found)
        _wake(session, wake, more=more)
    passed("campaigns.step")
    return more


def _wake(session: Session, wake: Wake | None, *, more: bool) -> None:
    if more and wake is not None:
        session.wake(wake.job, wake.key)


async def _count(
    count: Callable[[Wake | None], Awaitable[bool]], wake: Wake, turns: Turns, steps: int
) -> None:
    for taken in range(1, steps + 1):
        async with turns.one():
            more = await count(wake if taken == steps else None)
        if not more:
            return


async def _go_on(
    database: Database, clock: Clock, wake: Wake, step: Step, *, batch: int, steps: int
) -> None:
    for taken in range(1, steps + 1):
        async with database.write() as session:
            more = await step(session, int(wake.key), clock.now(), batch)
            if more and taken == steps:
                session.wake(wake.job, wake.key)
        passed("campaigns.step")
        if not more:
            return
        await asyncio.sleep(PAUSE_SECONDS)
