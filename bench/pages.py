"""Every page that is read, with everybody and a full ledger: how long the server takes for it.

The real `tequio run` serves a platform after years of work (`bench.years`), everything that works
in the background included. A browser on the other core asks for every address of the route table in
random order, again and again. Time runs from the last byte of the request to the last of the
answer; of a stream to its first. The processor time of the whole process is read beside it: on a
machine where others work it tells more.
"""

import asyncio
import http.client
import random
import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, sleep

import psutil
from rich.console import Console
from rich.table import Table

from app.settings import Settings
from app.web import web_of
from app.wiring import Platform
from bench import years
from bench.crowd import opened, schema, sqlite_crowd
from bench.postgres import postgres
from bench.processes import (
    FIELD_KEYS,
    PUBLIC_URL,
    SECRET,
    SECRET_KEY,
    TOKEN,
    WORK,
    Provider,
    answers,
    environment,
    free_port,
    provider,
    tequio,
)
from bench.result import Result
from bench.scale import Scale
from bench.walk import BY_PROGRAMS, Address, filled, routes_of, who
from db.session import Database
from kit.clock import Clock
from staff import store as members
from staff.model import Member, Role
from staff.signin import invitations, sessions
from staff.signin.model import Stage, Visit

TIMES = 40
FIRST = 3
"""So often each is asked before it counts: what is loaded once is loaded."""

GOAL = 150.0  # milliseconds
FAR_TOO_LONG, FEW = 2_000.0, 5
"""What takes so many milliseconds is asked so seldom: it has failed, and there are others."""

REFERENCE = "/healthz"
NAMED = 5
IDLE = 0.1
"""Share of a core below which the platform counts as idle."""

IDLE_WITHIN = 300.0
PATIENCE = 60.0
"""Seconds that a browser waits for an answer."""


@dataclass(slots=True)
class Seen:
    """What one address showed: milliseconds, of the clock and of the processor; and bytes."""

    waits: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)
    size: int = 0

    @property
    def p95(self) -> float:
        """What nineteen in twenty did not take longer than."""
        return quantiles(self.waits, n=20, method="inclusive")[-1]


class Visitor:
    """Somebody who asks for one page after the other over a connection that is kept."""

    def __init__(self, port: int, process: psutil.Process, keys: "Keys") -> None:
        self._port = port
        self._threads = Path(f"/proc/{process.pid}/task")
        self._keys = keys
        self._connection = self._fresh()
        self._parts: set[str] = set()

    def _fresh(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)

    def renew(self) -> None:
        """Begin a new connection: the server lets go of one that nobody uses for some seconds."""
        self._connection.close()
        self._connection = self._fresh()

    def ask(self, address: Address, seen: Seen) -> None:
        """Ask once. Raises LookupError for an answer that is no page."""
        headers = self._keys.headers(address)
        if address.route in self._parts:
            headers["HX-Request"] = "true"
        worked, begun = self._work(), perf_counter()
        try:
            self._connection.request("GET", address.path, headers=headers)
            answer = self._connection.getresponse()
        except OSError as error:
            self.renew()
            raise LookupError(f"{address.path} ({address.role}): {error}") from None
        if answer.chunked:
            size, whole = len(answer.read1(65_536)), False
        else:
            size, whole = len(answer.read()), True
        seen.waits.append(1_000 * (perf_counter() - begun))
        seen.work.append(1_000 * (self._work() - worked))
        seen.size = max(seen.size, size)
        if not whole:
            self.renew()
        if answer.status == 303 and address.route not in self._parts:
            # A part of a page: alone it leads to the whole one.
            self._parts.add(address.route)
            return self.ask(address, seen)
        if answer.status not in (200, 204):
            raise LookupError(f"{address.path} ({address.role}): {answer.status}")
        return None

    def _work(self) -> float:
        """Seconds that all threads of the process have worked."""
        total = 0
        for thread in self._threads.iterdir():
            with suppress(OSError):
                total += int((thread / "schedstat").read_text().split()[0])
        return total / 1e9


@dataclass(frozen=True, slots=True)
class Keys:
    """What opens the pages: a cookie by role and stage, and an invitation."""

    cookies: dict[tuple[Role, str], str]
    invitation: str

    def headers(self, address: Address) -> dict[str, str]:
        """What a browser sends beside the address."""
        if address.role is None:
            return {}
        return {"Cookie": f"tequio={self.cookies[address.role, address.stage]}"}


async def keys_of(database: Database) -> Keys:
    """Sessions of everybody, planted without the work of a password."""
    now = datetime.now(UTC)
    cookies: dict[tuple[Role, str], str] = {}
    async with database.write() as session:
        team: dict[Role, Member] = {}
        for one in await members.everybody(session):
            team.setdefault(one.role, one)
        for role, member in team.items():
            for stage in Stage:
                came = await sessions.begin(session, member, stage, Visit(), now)
                cookies[role, stage] = came.cookie
        link = await invitations.invite(session, team[Role.COMMUNICATOR], now, by=None)
    return Keys(cookies, link.path.rpartition("/")[2])


async def addresses_of(database: Database, keys: Keys) -> list[Address]:
    """Every address of the routes that a browser may ask for."""
    settings = Settings.model_construct(
        **{
            **{name: one.get_default() for name, one in Settings.model_fields.items()},
            "secret_key": SECRET_KEY,
            "field_keys": FIELD_KEYS,
            "public_url": PUBLIC_URL,
            "telegram_bot_token": TOKEN,
            "telegram_webhook_secret": SECRET,
        }
    )
    web = web_of(Platform(settings, database, Clock()))
    rows = {row.path: row for row in web.state.rows if row.method == "GET"}
    found: list[Address] = []
    faults: list[str] = []
    async with database.read() as session:
        for route in sorted(set(routes_of(web.routes))):
            if route.startswith(BY_PROGRAMS):
                continue
            row = rows.get(route)
            role = None if row is None else who(row.needs)
            stage = str(Stage.IN)
            if row is not None and Stage.IN not in row.stages:
                stage = str(next(iter(row.stages)))
            try:
                paths = await filled(session, route, keys.invitation)
            except LookupError as fault:
                faults.append(str(fault))
                continue
            found += [Address(route, path, role, stage) for path in paths]
    if faults:
        raise LookupError("\n".join(faults))
    return found


async def once(providers: Provider, url: str) -> dict[str, Seen]:
    """Walk through a platform on a database; what was seen, by address."""
    database = opened(url)
    try:
        keys = await keys_of(database)
        addresses = await addresses_of(database, keys)
    finally:
        await database.close()
    providers.reset()
    port = free_port()
    env = environment(url, port, providers, CANARY_MINUTES="0")
    with tequio(env, name="pages") as process:
        await asyncio.to_thread(answers, f"http://127.0.0.1:{port}")
        visitor = Visitor(port, process, keys)
        return await asyncio.to_thread(_walk, visitor, addresses, process)


def _walk(
    visitor: Visitor, addresses: Sequence[Address], process: psutil.Process
) -> dict[str, Seen]:
    faults: list[str] = []
    first = {address.path: Seen() for address in addresses}
    for _ in range(FIRST):
        for address in addresses:
            try:
                visitor.ask(address, first[address.path])
            except LookupError as fault:
                faults.append(str(fault))
    if faults:
        raise LookupError("\n".join(dict.fromkeys(faults)))
    # What the pages have begun to count in the background is counted.
    _idle(process)
    visitor.renew()
    seen = {address.path: Seen() for address in addresses}
    turns = [
        address
        for address in addresses
        for _ in range(TIMES if first[address.path].waits[-1] < FAR_TOO_LONG else FEW)
    ]
    random.Random(1).shuffle(turns)
    for address in turns:
        visitor.ask(address, seen[address.path])
    return seen


def _idle(process: psutil.Process) -> None:
    waited = 0.0
    while waited < IDLE_WITHIN:
        before = sum(process.cpu_times()[:2])
        sleep(2)
        waited += 2
        if sum(process.cpu_times()[:2]) - before < 2 * IDLE:
            return
    print(f"  not idle within {IDLE_WITHIN:.0f} s", flush=True)


async def sqlite_years(people: int) -> str:
    """A fresh SQLite database after years of work, which is made once a day."""
    kept = WORK / f"years-{people}-{schema()}-{datetime.now(UTC):%Y%m%d}.db"
    if not kept.exists():
        for old in WORK.glob(f"years-{people}-*"):
            old.unlink()
        draft = "years-draft"
        await years.fill(await sqlite_crowd(people, draft), people)
        (WORK / f"{draft}.db").rename(kept)
    target = WORK / "pages.db"
    for old in WORK.glob("pages.db*"):
        old.unlink()
    await asyncio.to_thread(shutil.copyfile, kept, target)
    return f"sqlite:///{target}"


async def measure(scale: Scale) -> list[Result]:
    """On SQLite."""
    with provider() as providers:
        return _told("SQLite", await once(providers, await sqlite_years(scale.people)), scale)


async def measure_on_postgresql(scale: Scale) -> list[Result]:
    """On PostgreSQL, where the years take a quarter of an hour to be written."""
    with provider() as providers, postgres() as server:
        url = await server.crowd(scale.people)
        await years.fill(url, scale.people)
        return _told("PostgreSQL", await once(providers, url), scale)


def _told(where: str, seen: dict[str, Seen], scale: Scale) -> list[Result]:
    show(where, seen)
    return _results(where, seen, scale)


def show(where: str, seen: dict[str, Seen]) -> None:
    """Every address, the slowest first."""
    columns = ("address", "median", "p95", "max", "processor", "bytes")
    table = Table(*columns, title=f"pages on {where}, ms; processor time is the median")
    for path, one in _slowest(seen):
        values = (median(one.waits), one.p95, max(one.waits), median(one.work))
        table.add_row(path, *(f"{value:.1f}" for value in values), f"{one.size:,}")
    Console(width=160).print(table)


def _slowest(seen: dict[str, Seen]) -> Iterable[tuple[str, Seen]]:
    return sorted(seen.items(), key=lambda item: -item[1].p95)


def _results(where: str, seen: dict[str, Seen], scale: Scale) -> list[Result]:
    size = f"{scale.people:,} on {where}"
    health = seen[REFERENCE].p95
    pages = [(path, one) for path, one in _slowest(seen) if path != REFERENCE]
    worst = pages[0][1].p95
    return [
        Result(
            f"pages: the slowest of {len(pages)} addresses, {size}, p95 of {TIMES}"
            " (reference: /healthz)",
            worst,
            "ms",
            health,
            f"at most {GOAL:.0f} ms",
            worst <= GOAL,
            spread=tuple(one.p95 for _path, one in pages[:NAMED]),
        ),
        Result(
            f"pages: half of the addresses, {size}, p95 (reference: /healthz)",
            median(one.p95 for _path, one in pages),
            "ms",
            health,
            "none set",
            True,
        ),
        Result(
            f"pages: processor time of the address with most of it, {size}, median"
            " (reference: /healthz)",
            max(median(one.work) for _path, one in pages),
            "ms",
            median(seen[REFERENCE].work),
            "none set",
            True,
        ),
    ]
