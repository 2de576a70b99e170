"""Freezing a run of everybody against one bare INSERT … SELECT, and who has to wait meanwhile.

The waiting is probed twice, every 50 ms: by a webhook at the platform that freezes, which is how a
call for help comes in, and by a unit that another process opens on the same database.
"""

import asyncio
import json
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter

import asyncpg
from sqlalchemy.engine import make_url

from app.settings import ROOT
from bench.campaign import prepare, start, watching
from bench.crowd import sqlite_crowd
from bench.postgres import postgres
from bench.processes import Provider, answers, environment, free_port, provider, tequio
from bench.result import Result
from bench.scale import Scale
from bench.webhooks import Door

PROBE_EVERY = 0.05
MOST = 15
LONGEST = 100.0  # milliseconds

FIRST_ROW = "FROM message WHERE run_id IS NOT NULL ORDER BY id LIMIT 1"

Crowd = Callable[[int], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Frozen:
    """Seconds of the freezing and of the bare statement, and the longest waits in milliseconds."""

    took: float
    bare: float
    webhook: float
    process: float


async def once(providers: Provider, crowd: Crowd, people: int) -> Frozen:
    """Freeze a run, then write the same rows into another copy by one statement."""
    url = await crowd(people)
    campaign_id = await prepare(url)
    providers.reset()
    # Nothing is to leave while the last rows are written.
    providers.block(3_600)
    port = free_port()
    with tequio(environment(url, port, providers), name="freezing"):
        await asyncio.to_thread(answers, f"http://127.0.0.1:{port}")
        await asyncio.sleep(1)
        probing = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bench.probe", url, str(PROBE_EVERY)),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        async with watching(url) as watch, Door(f"http://127.0.0.1:{port}") as door:
            knocking = asyncio.create_task(door.knock(PROBE_EVERY))
            await asyncio.sleep(1)
            await start(url, campaign_id)
            end = await watch.frozen()
            begun = await watch.instant(f"SELECT created_at {FIRST_ROW}")
            rows = await watch.number("SELECT count(*) FROM message WHERE run_id IS NOT NULL")
            knocking.cancel()
            told, _ = await probing.communicate(b"\n")
    if rows != people:
        raise ValueError(f"{rows} of {people} rows frozen")
    fresh = await crowd(people)
    # So that the run that the rows point to is there.
    await start(fresh, await prepare(fresh))
    bare = await bare_insert(url, fresh)
    return Frozen(end - begun, bare, max(door.waits), max(json.loads(told)))


async def bare_insert(frozen: str, fresh: str) -> float:
    """Seconds that one INSERT … SELECT of the same rows takes in a copy without them.

    The columns of a row are those of the ledger's first, so that they are right for any schema;
    contact, address and language are looked up as the freezing does.
    """
    if frozen.startswith("sqlite"):
        return await asyncio.to_thread(_bare_sqlite, make_url(frozen).database or "", fresh)
    return await _bare_postgres(frozen, fresh)


PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON")
LOOKED_UP = {"contact_id": "c.id", "address_id": "a.id", "language": "c.language"}
FROM = (
    "FROM contact AS c JOIN address AS a ON a.contact_id = c.id AND a.channel = 'telegram'"
    " AND NOT a.dead JOIN subscription AS s ON s.contact_id = c.id AND s.topic = 'programs'"
    " LEFT JOIN opt_out AS o ON o.channel = a.channel AND o.endpoint_index = a.endpoint_index"
    " WHERE c.country = 'US' AND o.at IS NULL"
)


def _bare_sqlite(frozen: str, fresh: str) -> float:
    with sqlite3.connect(frozen) as full:
        cursor = full.execute(f"SELECT * {FIRST_ROW}")
        names = [column[0] for column in cursor.description]
        first = dict(zip(names, cursor.fetchone(), strict=True))
    full.close()
    given = [name for name in names if first[name] is not None and name != "id"]
    constants = [first[name] for name in given if name not in LOOKED_UP]
    selected = ", ".join(LOOKED_UP.get(name, "?") for name in given)
    target = sqlite3.connect(make_url(fresh).database or "", isolation_level=None)
    try:
        # As the application's own connections.
        for pragma in PRAGMAS:
            target.execute(f"PRAGMA {pragma}")
        begun = perf_counter()
        insert = f"INSERT INTO message ({', '.join(given)}) SELECT {selected} {FROM}"
        target.execute(insert, constants)
        return perf_counter() - begun
    finally:
        target.close()


async def _bare_postgres(frozen: str, fresh: str) -> float:
    plain = [url.replace("postgresql+asyncpg", "postgresql") for url in (frozen, fresh)]
    full = await asyncpg.connect(plain[0])
    first = dict(await full.fetchrow(f"SELECT * {FIRST_ROW}"))
    types = {
        row["name"]: row["type"]
        for row in await full.fetch(
            "SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute"
            " WHERE attrelid = 'message'::regclass AND attnum > 0"
        )
    }
    await full.close()
    given = [name for name, value in first.items() if value is not None and name != "id"]
    constants = [name for name in given if name not in LOOKED_UP]
    selected = ", ".join(
        LOOKED_UP.get(name) or f"${constants.index(name) + 1}::{types[name]}" for name in given
    )
    target = await asyncpg.connect(plain[1])
    try:
        begun = perf_counter()
        await target.execute(
            f"INSERT INTO message ({', '.join(given)}) SELECT {selected} {FROM}",
            *(first[name] for name in constants),
        )
        return perf_counter() - begun
    finally:
        await target.close()


class Copies:
    """Fresh SQLite databases, of which the last two are kept."""

    def __init__(self) -> None:
        self._made = 0

    async def crowd(self, people: int) -> str:
        """One of so many people; gives its DATABASE_URL."""
        self._made += 1
        return await sqlite_crowd(people, f"freezing-{self._made % 2}")


async def measure(scale: Scale) -> list[Result]:
    """On both databases."""
    found: dict[str, list[Frozen]] = {"SQLite": [], "PostgreSQL": []}
    copies = Copies()
    with provider() as providers, postgres() as server:
        for _ in range(scale.times):
            found["SQLite"].append(await once(providers, copies.crowd, scale.people))
            found["PostgreSQL"].append(await once(providers, server.crowd, scale.people))
    return [result for where, runs in found.items() for result in _results(where, runs, scale)]


def _results(where: str, runs: list[Frozen], scale: Scale) -> list[Result]:
    took = tuple(run.took for run in runs)
    bare = median(run.bare for run in runs)
    waits = {
        "a webhook at the same process": tuple(run.webhook for run in runs),
        "a unit of another process": tuple(run.process for run in runs),
    }
    return [
        Result(
            f"freezing: {scale.people:,} on {where} (reference: one bare INSERT … SELECT)",
            median(took),
            "seconds",
            bare,
            f"at most {MOST} of the reference",
            median(took) <= MOST * bare,
            spread=took,
        )
    ] + [
        Result(
            f"freezing: {scale.people:,} on {where}, longest wait of {who}",
            median(longest),
            "ms",
            LONGEST,
            "at most the reference",
            median(longest) <= LONGEST,
            spread=longest,
        )
        for who, longest in waits.items()
    ]
