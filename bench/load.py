"""Everybody is frozen and many are sent to: what it costs in memory, and whether a call for help
still wakes somebody at once.

One platform on SQLite, one core. It stands idle while people call for help, then a run to
everybody begins, and people go on calling until enough of it has left. All pages go to one chat,
and a chat takes one message a second, so calls come a little slower than that.
"""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from statistics import median, quantiles
from time import perf_counter

import psutil
from sqlalchemy import func, select

from alerts import store as cases
from alerts import timeline
from bench.campaign import Watch, prepare, start, watching
from bench.crowd import opened, sqlite_crowd
from bench.machine import OTHER_CORE, pin
from bench.processes import Provider, answers, environment, free_port, provider, tequio
from bench.provider import STAFF_FROM
from bench.result import Result
from bench.scale import Scale
from bench.webhooks import Door
from kit.ids import ALPHABET, read_folio

FIRST_ON_DUTY = STAFF_FROM + 900_000_000
ON_DUTY = range(FIRST_ON_DUTY, FIRST_ON_DUTY + 25)
RATE = 1_000
MB = 2**20
MOST_MEMORY = 64.0  # MB
MOST_WAIT = 250.0  # ms
MOST_RATIO = 2
WEIGH_EVERY = 0.05
MINUTE = 60.0
LINGER = 5.0
"""Seconds before an idle platform is weighed, and for the last page to arrive."""

FOLIO = re.compile(f"[{ALPHABET}]{{6}}")


@dataclass(slots=True)
class Run:
    """What one run showed: milliseconds from a call to its page, and sizes in MB; of the flood of
    calls, milliseconds to the answer, and how many cases nobody was paged for."""

    idle: list[float] = field(default_factory=list)
    busy: list[float] = field(default_factory=list)
    flood: list[float] = field(default_factory=list)
    unpaged: int = 0
    idle_size: float = 0.0
    peak: float = 0.0
    rate: float = 0.0


class Callers:
    """People who call for help, each once."""

    def __init__(self, door: Door, providers: Provider) -> None:
        self._door = door
        self._providers = providers
        self._numbers: Iterator[int] = count(STAFF_FROM + 1)
        self._began: dict[int, float] = {}

    async def call(self, calls: int, every: float) -> None:
        """So many calls, one each so many seconds."""
        planned = perf_counter()
        for _ in range(calls):
            await asyncio.sleep(max(0.0, planned - perf_counter()))
            planned += every
            chat = next(self._numbers)
            self._began[chat] = perf_counter()
            await self._door.says(chat, "SOS")

    def waited(self) -> list[float]:
        """Milliseconds from each call since the last question to its page; LookupError if one is
        without a page."""
        pages: dict[str, float] = {}
        callers: dict[str, int] = {}
        for at, chat, text in self._providers.watched():
            for folio in filter(read_folio, FOLIO.findall(text)):
                if chat >= FIRST_ON_DUTY:
                    pages.setdefault(folio, at)
                else:
                    callers.setdefault(folio, chat)
        waits = {
            chat: (pages[folio] - self._began[chat]) * 1_000
            for folio, chat in callers.items()
            if chat in self._began and folio in pages
        }
        return self._all(waits, "page")

    def answered(self) -> list[float]:
        """Milliseconds from each call since the last question to its answer; LookupError if one is
        without an answer."""
        waits: dict[int, float] = {}
        for at, chat, _text in self._providers.watched():
            if chat in self._began:
                waits.setdefault(chat, (at - self._began[chat]) * 1_000)
        return self._all(waits, "answer")

    def _all(self, waits: dict[int, float], what: str) -> list[float]:
        if len(waits) < len(self._began):
            raise LookupError(f"{len(self._began) - len(waits)} calls for help without {what}")
        self._began.clear()
        return list(waits.values())


async def once(providers: Provider, scale: Scale) -> Run:
    """One platform from idle to a run under way."""
    run = Run()
    url = await sqlite_crowd(scale.people, "load")
    campaign_id = await prepare(url, chats_on_duty=ON_DUTY)
    providers.reset(RATE)
    port = free_port()
    env = environment(url, port, providers, TELEGRAM_RATE=str(RATE))
    with tequio(env, name="load") as process:
        await asyncio.to_thread(answers, f"http://127.0.0.1:{port}")
        async with Door(f"http://127.0.0.1:{port}") as door, watching(url) as watch:
            callers = Callers(door, providers)
            await callers.call(scale.calls, scale.calls_every)
            await asyncio.sleep(LINGER)
            run.idle = callers.waited()
            run.idle_size = process.memory_info().rss / MB
            await start(url, campaign_id)
            weighing = asyncio.create_task(_weigh(process, run))
            sending = asyncio.create_task(_sent(watch, providers, scale.sent_under_load))
            while not sending.done():
                await callers.call(1, 0)
                await asyncio.sleep(scale.calls_every)
            run.rate = await sending
            await asyncio.sleep(1)
            weighing.cancel()
            run.busy = callers.waited()
            await callers.call(scale.flood, MINUTE / scale.flood)
            await asyncio.sleep(LINGER)
            run.flood = callers.answered()
            run.unpaged = await _unpaged(url)
    return run


async def _unpaged(url: str) -> int:
    """How many cases there are for which nobody was paged, alone or with others."""
    database = opened(url)
    paged = select(timeline.entry.c.case_id).where(timeline.entry.c.kind.in_(timeline.PAGES))
    try:
        async with database.read() as session:
            found = select(func.count()).where(cases.case.c.id.not_in(paged))
            return int(await session.scalar(found))
    finally:
        await database.close()


async def _weigh(process: psutil.Process, run: Run) -> None:
    while True:
        run.peak = max(run.peak, process.memory_info().rss / MB)
        await asyncio.sleep(WEIGH_EVERY)


async def _sent(watch: Watch, providers: Provider, messages: int) -> float:
    """Wait until so many messages of the run have left; gives how many did in a second."""
    frozen = await watch.frozen(every=0.25)
    before = providers.figures()
    while True:
        now = providers.figures()
        if now.taken >= messages:
            return (now.taken - before.taken) / (now.last - frozen)
        await asyncio.sleep(0.25)


def _p99(values: list[float]) -> float:
    return quantiles(values, n=100, method="inclusive")[98]


async def measure(scale: Scale) -> list[Result]:
    """Memory, and the wait of calls for help, pooled over all runs."""
    pin(0, OTHER_CORE)
    with provider() as providers:
        runs = [await once(providers, scale) for _ in range(scale.times)]
    idle, busy = [wait for run in runs for wait in run.idle], [w for run in runs for w in run.busy]
    grown = tuple(run.peak - run.idle_size for run in runs)
    unpaged = sum(run.unpaged for run in runs)
    flood = [wait for run in runs for wait in run.flood]
    p99, idle_p99 = _p99(busy), _p99(idle)
    rate = median(run.rate for run in runs)
    sizes = f"{scale.people:,} frozen and {scale.sent_under_load:,} sent at {rate:,.0f} a second"
    return [
        Result(
            f"load: peak memory of the process, {sizes} (reference: idle)",
            median(run.peak for run in runs),
            "MB",
            median(run.idle_size for run in runs),
            f"at most {MOST_MEMORY:.0f} MB more than the reference",
            median(grown) <= MOST_MEMORY,
            spread=grown,
        ),
        Result(
            f"load: call for help to page during that, p99 of {len(busy)} (reference: idle)",
            p99,
            "ms",
            idle_p99,
            f"at most {MOST_WAIT:.0f} ms and {MOST_RATIO} of the reference",
            p99 <= MOST_WAIT and p99 <= MOST_RATIO * idle_p99,
            spread=(min(busy), max(busy)),
        ),
        Result(
            f"load: {scale.flood} calls for help in a minute during that, to the answer, p99;"
            f" {unpaged} without a page (reference: one a second, to the page)",
            _p99(flood),
            "ms",
            p99,
            "every case has a page",
            unpaged == 0,
            spread=(min(flood), max(flood)),
        ),
        Result(
            f"load: call for help to page during that, p50 of {len(busy)} (reference: idle)",
            median(busy),
            "ms",
            median(idle),
            "none set",
            True,
            spread=(min(busy), max(busy)),
        ),
    ]
