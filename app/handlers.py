"""Which job is done by what, and in which lane of workers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from alerts import bundling, lost, paging
from alerts import tick as alerts_tick
from app.conduct import conduct_of
from app.settings import Settings
from bot.inbox.service import PROCESS, Inbox
from campaigns import jobs as campaign_jobs
from campaigns import tick as campaigns_tick
from campaigns.brakes import breakdown
from campaigns.figures import gathering
from campaigns.files import uploading, wishes
from campaigns.sheet import reckoning
from campaigns.works import doing as works_doing
from campaigns.works import service as works
from db.session import Database
from delivery.model import Lane
from delivery.sending import Sending
from delivery.service import BROKEN, UNREACHED, WITHDRAW, send_job
from delivery.transport import Transport
from kit.clock import Clock
from kit.jobs import Jobs
from kit.turns import Turns

CHECK_EVERY = timedelta(seconds=10)
"""How often providers are asked about messages of which they have said nothing."""

WATCH_EVERY = timedelta(seconds=1)
"""How often each process that sends learns what others were told about the senders."""

URGENT_JOBS = frozenset(
    (
        send_job(Lane.URGENT),
        send_job(Lane.REPLY),
        PROCESS,
        paging.WAKE,
        bundling.BUNDLE,
        UNREACHED,
        BROKEN,
        WITHDRAW,
    )
)
"""What somebody waits for: served by `worker --lane urgent`, and never folded into one wake-up."""


@dataclass(frozen=True, slots=True)
class Means:
    """What the handlers work with."""

    settings: Settings
    database: Database
    clock: Clock
    sending: Sending
    inbox: Inbox
    senders: Mapping[str, Transport]
    turns: Turns


def serve_urgent(jobs: Jobs, means: Means) -> None:
    """Pages and replies, arrivals that are tried again, cases that wait."""
    database, clock, times = means.database, means.clock, means.settings.times

    async def look(key: str) -> None:
        async with database.write() as session:
            await alerts_tick.look(session, int(key), times, clock.now())

    async def unreached(key: str) -> None:
        async with database.write() as session:
            await alerts_tick.unreached(session, key, times, clock.now())

    async def broken(key: str) -> None:
        async with database.write() as session:
            await breakdown.hear(session, key, clock.now())
            await lost.bring_pages_forward(session, clock.now())

    async def bundle(key: str) -> None:
        async with database.write() as session:
            await bundling.send(session, int(key), clock.now())

    for lane in (Lane.URGENT, Lane.REPLY):
        jobs.handler(send_job(lane), partial(means.sending.drain, lane))
    jobs.handler(PROCESS, means.inbox.process)
    jobs.handler(paging.WAKE, look)
    jobs.handler(bundling.BUNDLE, bundle)
    jobs.handler(UNREACHED, unreached)
    jobs.handler(BROKEN, broken)
    jobs.handler(WITHDRAW, means.sending.withdraw)


def serve_bulk(jobs: Jobs, means: Means) -> None:
    """Campaigns, and whatever else nobody waits for by the second."""

    async def freeze(key: str) -> None:
        await campaign_jobs.handle_freeze(means.database, means.clock, key)

    async def sweep(key: str) -> None:
        await campaign_jobs.handle_sweep(means.database, means.clock, key)

    async def reckon(key: str) -> None:
        conduct = conduct_of(means.settings)
        await campaign_jobs.handle_reckon(means.database, means.clock, key, conduct, means.turns)

    async def gather(key: str) -> None:
        await campaign_jobs.handle_gather(means.database, means.clock, key, means.turns)

    async def upload(key: str) -> None:
        await uploading.handle_upload(means.database, means.clock, means.senders, key)

    async def work(key: str) -> None:
        await works_doing.handle_work(means.database, means.clock, key)

    jobs.handler(send_job(Lane.BULK), partial(means.sending.drain, Lane.BULK))
    jobs.handler(campaigns_tick.FREEZE, freeze)
    jobs.handler(campaigns_tick.SWEEP, sweep)
    jobs.handler(reckoning.RECKON, reckon)
    jobs.handler(gathering.GATHER, gather)
    jobs.handler(wishes.UPLOAD, upload)
    jobs.handler(works.WORK, work)


SERVES: dict[str, Callable[[Jobs, Means], None]] = {"urgent": serve_urgent, "bulk": serve_bulk}
"""The lanes of workers."""
