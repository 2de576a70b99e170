"""PgQueuer's tables, in a schema of their own: made, kept small and looked into.

A job is only a pointer, so the tables are unlogged: a crash of the server empties them, and the
reconciler fills them again. Alembic does not know them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pgqueuer.adapters.persistence.qb import (
    QueryBuilderEnvironment,
    QueryQueueBuilder,
    QuerySchedulerBuilder,
)
from pgqueuer.domain.settings import DBSettings, Durability
from pgqueuer.domain.types import Channel
from pgqueuer.queries import Queries
from sqlalchemy import bindparam, text

from db.session import Session
from engine.link import Link

SCHEMA = "jobs"
INSTALLING = 0x7E90_11
"""The key of PostgreSQL's lock on making the tables; db.migrate has the one before it."""

SETTINGS = DBSettings(
    # Every name is given, because PgQueuer would also take it from the environment.
    prefix="",
    db_schema=SCHEMA,
    channel=Channel("tequio_jobs"),
    function="fn_pgqueuer_changed",
    statistics_table="pgqueuer_statistics",
    queue_status_type="pgqueuer_status",
    queue_table="pgqueuer",
    queue_table_log="pgqueuer_log",
    trigger="tg_pgqueuer_changed",
    schedules_table="pgqueuer_schedules",
    durability=Durability.volatile,
)

_MOVED = f"CREATE TABLE IF NOT EXISTS {SCHEMA}.moved_clock (seconds double precision NOT NULL)"

_HOUSEKEEPING = (
    # Three rows a job, for ever: nobody reads them but for the failed ones.
    f"""DELETE FROM {SCHEMA}.pgqueuer_log
        WHERE created < now() - interval '10 minutes' AND job_id NOT IN
        (SELECT id FROM {SCHEMA}.pgqueuer WHERE status = 'failed')""",
    # Wake-ups without a key pile up while no worker serves them. The latest of each says it all.
    f"""DELETE FROM {SCHEMA}.pgqueuer AS old USING {SCHEMA}.pgqueuer AS new
        WHERE old.status = 'queued' AND new.status = 'queued' AND new.id > old.id
        AND new.entrypoint = old.entrypoint AND new.payload = old.payload
        AND new.execute_after <= now() AND old.created < now() - interval '1 minute'""",
    # The reconciler wakes again what failed and is still due, so of each the latest is kept.
    f"""DELETE FROM {SCHEMA}.pgqueuer AS old USING {SCHEMA}.pgqueuer AS new
        WHERE old.status = 'failed' AND new.status = 'failed' AND new.id > old.id
        AND new.entrypoint = old.entrypoint AND new.payload = old.payload""",
    f"""DELETE FROM {SCHEMA}.pgqueuer
        WHERE status = 'failed' AND updated < now() - interval '30 days'""",
)


@dataclass(frozen=True, slots=True)
class Failed:
    """A job that was given up. `error` is the kind of the error, never its text."""

    id: int
    job: str
    key: str
    attempts: int
    failed_at: datetime
    error: str


def queries_on(link: Link) -> Queries:
    """PgQueuer's statements over a connection, with our names."""
    return Queries(
        link,
        QueryBuilderEnvironment(SETTINGS),
        QueryQueueBuilder(SETTINGS),
        QuerySchedulerBuilder(SETTINGS),
    )


async def install(link: Link) -> None:
    """Make the tables or bring them to this PgQueuer's form; of several processes one does it."""
    await link.execute("SELECT pg_advisory_lock($1)", INSTALLING)
    try:
        await link.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        await link.execute(_MOVED)
        queries = queries_on(link)
        if await queries.schema_is_installed():
            await queries.upgrade()
        else:
            await queries.install()
    finally:
        await link.execute("SELECT pg_advisory_unlock($1)", INSTALLING)


async def is_installed(session: Session) -> bool:
    """Whether the tables are there; never on SQLite."""
    if session.is_sqlite:
        return False
    return await session.scalar(text(f"SELECT to_regclass('{SCHEMA}.pgqueuer')")) is not None


async def tidy(session: Session) -> None:
    """Take away what nobody needs any more."""
    if await is_installed(session):
        for statement in _HOUSEKEEPING:
            await session.execute(text(statement))


async def counts(session: Session) -> dict[str, int]:
    """How many jobs are queued, picked (running) and failed."""
    found = dict.fromkeys(("queued", "picked", "failed"), 0)
    if await is_installed(session):
        query = f"SELECT status::text, count(*) AS n FROM {SCHEMA}.pgqueuer GROUP BY status"
        found |= {row["status"]: row["n"] for row in await session.all(text(query))}
    return found


async def failed(session: Session, limit: int = 1000) -> tuple[Failed, ...]:
    """What was given up, the latest first."""
    if not await is_installed(session):
        return ()
    query = text(
        f"""SELECT job.id, entrypoint, payload, attempts, updated, (
            SELECT traceback ->> 'exception_message' FROM {SCHEMA}.pgqueuer_log AS log
            WHERE log.job_id = job.id AND log.status = 'failed' ORDER BY log.id DESC LIMIT 1
        ) AS error
        FROM {SCHEMA}.pgqueuer AS job WHERE status = 'failed'
        ORDER BY updated DESC LIMIT {limit:d}"""
    )
    return tuple(
        Failed(
            id=row["id"],
            job=row["entrypoint"],
            key=(row["payload"] or b"").decode(),
            attempts=row["attempts"] + 1,
            failed_at=row["updated"],
            error=row["error"] or "",
        )
        for row in await session.all(query)
    )


async def retry(session: Session, ids: Sequence[int] | None) -> int:
    """Queue failed jobs again, or all of them when none is named; gives how many."""
    if not await is_installed(session):
        return 0
    which = "" if ids is None else "AND id = ANY(:ids)"
    statement = text(
        f"""UPDATE {SCHEMA}.pgqueuer SET status = 'queued', execute_after = now(),
        updated = now(), attempts = 0, queue_manager_id = NULL, dedupe_key = NULL
        WHERE status = 'failed' {which} RETURNING id"""
    )
    if ids is not None:
        statement = statement.bindparams(bindparam("ids", list(ids)))
    return len(await session.all(statement))


async def moved_by(session: Session) -> float | None:
    """How far the trial's clock was moved, in seconds, as any process told; None if none did."""
    found = await session.scalar(text(f"SELECT max(seconds) FROM {SCHEMA}.moved_clock"))
    return None if found is None else float(found)


async def tell_moved(session: Session, seconds: float) -> None:
    """Tell every process how far the trial's clock is moved."""
    await session.execute(text(f"DELETE FROM {SCHEMA}.moved_clock"))
    statement = text(f"INSERT INTO {SCHEMA}.moved_clock VALUES (:seconds)")
    await session.execute(statement.bindparams(seconds=seconds))
