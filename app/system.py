"""What the page of the system is told: looked up at most every few seconds, however many read."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from alerts.canary import store as canaries
from alerts.canary.model import Finding, Notice
from app import system_queries as queries
from app.alarms import SENTENCES
from app.selfwatch import Checks, find, since_beat
from bot.inbox import letters, retrying
from console.system.model import Failed, Jobs, Look, Trouble
from db.session import Database, Session
from kit.clock import Clock
from staff.model import Member, Right
from staff.rules import require
from staff.store import log

FRESH = timedelta(seconds=3)
"""So long a look is shown again."""

CHECKED = timedelta(seconds=15)
"""So long what the checks found is: as on the page at home."""

SHOWN = 20

AGAIN = 300
"""Arrivals that are processed again at one press."""

PAUSE = 0.02
"""Seconds between two units, in which a call for help can be stored."""


class SystemWatch:
    """What `console.system.model.System` asks for."""

    def __init__(self, database: Database, checks: Checks) -> None:
        self._database = database
        self._checks = checks
        url = database.reader.url
        # Separate processes need a server; a file has one process that does everything.
        self._together = url.get_backend_name() == "sqlite"
        self._file = Path(url.database) if self._together and url.database else None
        # Never the clock that a trial moves.
        self._clock = Clock()
        self._started_at = self._clock.now()
        self._one_by_one = asyncio.Lock()
        self._found: Mapping[str, Finding] = {}
        self._found_at: datetime | None = None
        self._look: Look | None = None
        self._looked_at: datetime | None = None

    async def look(self, by: Member, now: datetime) -> Look:
        """Everything, for who has SEE_SYSTEM."""
        require(by, Right.SEE_SYSTEM)
        async with self._one_by_one:
            if self._look is None or self._is_old(self._looked_at, FRESH):
                if self._is_old(self._found_at, CHECKED):
                    self._found = await find({**self._checks.vital, **self._checks.warnings})
                    self._found_at = self._clock.now()
                self._look = await self._looked(now)
                self._looked_at = self._clock.now()
            return self._look

    async def retry_arrivals(self, by: Member, now: datetime) -> int:
        """Have arrivals that failed processed again, a few a unit."""
        done = 0
        while done < AGAIN:
            async with self._database.write() as session:
                some = await retrying.retry(session, by, now)
            done += some
            if some < retrying.MOST:
                break
            await asyncio.sleep(PAUSE)
        self._look = None
        return done

    async def retry_jobs(self, by: Member, now: datetime) -> int:
        """Queue jobs that were given up again."""
        require(by, Right.SUPERVISE_CASES)
        # Here, because PgQueuer takes a while to load and the embedded mode has none of its tables.
        from engine import pg_tables

        async with self._database.write() as session:
            done = await pg_tables.retry(session, None)
            if done:
                await log(session, by.id, "jobs.retry", f"jobs:{done}", now)
        self._look = None
        return done

    def _is_old(self, at: datetime | None, fresh: timedelta) -> bool:
        return at is None or abs(self._clock.now() - at) >= fresh

    async def _looked(self, now: datetime) -> Look:
        async with self._database.read() as session:
            notices = await canaries.notices(session)
            beat = await since_beat(session)
            count, failed = await queries.arrivals(session)
            jobs, given_up = await _jobs(session)
            return Look(
                at=now,
                troubles=_troubles(self._found, notices, now),
                senders=await queries.senders_now(session, now),
                queues=await queries.queues(session, now),
                runs=await queries.runs(session),
                arrivals_failed=count,
                arrivals=failed,
                letters=await letters.waiting(session),
                jobs=jobs,
                jobs_failed=given_up,
                canaries=await queries.last_canaries(session, now),
                processes=await queries.processes(session, self._clock.now()),
                beat_seconds=None if beat is None else int(beat.total_seconds()),
                store=await queries.store(session, self._file),
                is_current=_good(self._found, "database"),
                version=_version(),
                started_at=self._started_at,
                together=self._together,
            )


def _troubles(
    found: Mapping[str, Finding], notices: Mapping[str, Notice], now: datetime
) -> tuple[Trouble, ...]:
    """What is wrong, in sentences; since when as people were told, or as the oldest row says."""
    troubles = []
    for name, one in found.items():
        if one.good:
            continue
        told = [
            notice.since
            for about, notice in notices.items()
            if about == name or (name == "canaries" and about.startswith("canary."))
        ]
        seconds, rows = one.detail.get("seconds"), one.detail.get("rows")
        since = min(told, default=None)
        if since is None and isinstance(seconds, int):
            since = now - timedelta(seconds=seconds)
        counted = rows if isinstance(rows, int) else None
        troubles.append(Trouble(SENTENCES[name], since, counted))
    return tuple(troubles)


def _good(found: Mapping[str, Finding], name: str) -> bool:
    return name in found and found[name].good


async def _jobs(session: Session) -> tuple[Jobs | None, tuple[Failed, ...]]:
    if session.is_sqlite:
        return None, ()
    from engine import pg_tables

    counts = await pg_tables.counts(session)
    failed = await pg_tables.failed(session, SHOWN)
    return Jobs(counts["queued"], counts["picked"], counts["failed"]), tuple(
        Failed(one.id, one.job, one.failed_at, one.attempts, one.error) for one in failed
    )


def _version() -> str:
    try:
        return version("tequio")
    except PackageNotFoundError:
        return ""
