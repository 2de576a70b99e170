"""Two workers against one, in the distributed mode on PostgreSQL."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from statistics import median

import psutil

from bench.broadcast import NO_LIMIT, NotAll, check_all
from bench.campaign import prepare, start, watching
from bench.machine import OTHER_CORE, PLATFORM_CORE, pin
from bench.paced import BULK_SHARE, PER, SKIP
from bench.postgres import Postgres, postgres
from bench.processes import Provider, environment, free_port, provider, tequio
from bench.result import Result
from bench.scale import Scale

BOTH = (PLATFORM_CORE, OTHER_CORE)
RATE = 1_000
SETTLE_IN = 5.0
"""Seconds that the processes have to come up before the run starts."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Messages a second, what the workers spent on each, and what the provider refused."""

    rate: float
    micros: float
    refused: float


@contextmanager
def cluster(env: dict[str, str], workers: int) -> Iterator[list[psutil.Process]]:
    """A clock and so many workers, each with a core of its own as far as there are any."""
    with ExitStack() as stack:
        clock_cores = (OTHER_CORE,) if workers == 1 else BOTH
        stack.enter_context(tequio(env, "clock", cores=clock_cores, name="cluster-clock"))
        yield [
            stack.enter_context(
                tequio(
                    env,
                    *("worker", "--lane", "bulk"),
                    cores=(BOTH[number % 2],),
                    name=f"cluster-worker-{number}",
                )
            )
            for number in range(workers)
        ]


async def once(
    server: Postgres, providers: Provider, people: int, workers: int, rate: int = 0
) -> Sent:
    """One broadcast by so many workers."""
    url = await server.crowd(people)
    campaign_id = await prepare(url)
    providers.reset(rate)
    env = environment(url, free_port(), providers, TELEGRAM_RATE=str(rate or NO_LIMIT))
    with cluster(env, workers) as processes:
        await asyncio.sleep(SETTLE_IN)
        await start(url, campaign_id)
        async with watching(url) as watch:
            await watch.frozen()
            before = _spent(processes)
            await watch.settled()
            spent = _spent(processes) - before
            if await watch.sent() != people:
                raise NotAll(f"{await watch.sent()} of {people} settled as sent")
            end = await watch.last_settled()
    check_all(providers, people)
    figures = providers.figures()
    whole = people / (max(end, figures.last) - figures.first)
    return Sent(
        providers.steady(SKIP) if rate else whole,
        spent / people * 1e6,
        figures.refused / people * PER,
    )


def _spent(processes: Sequence[psutil.Process]) -> float:
    times = [process.cpu_times() for process in processes]
    return sum(one.user + one.system for one in times)


async def measure(scale: Scale) -> list[Result]:
    """As fast as they can, and at a rate that they share."""
    one: list[Sent] = []
    two: list[Sent] = []
    shared: list[Sent] = []
    people = 2 * scale.broadcast
    with provider() as providers, postgres() as server:
        for _ in range(scale.times):
            # Servers of new connections inherit the cores of the first.
            pin(server.pid, OTHER_CORE)
            one.append(await once(server, providers, people, 1))
            pin(server.pid, *BOTH)
            two.append(await once(server, providers, people, 2))
            shared.append(await once(server, providers, scale.paced, 2, RATE))
    rates = [tuple(run.rate for run in runs) for runs in (one, two, shared)]
    single, double, paced = (median(values) for values in rates)
    share = RATE * BULK_SHARE
    refused = tuple(run.refused for run in shared)
    micros = tuple(run.micros for run in two)
    return [
        Result(
            "cluster: two workers (reference: one)",
            double,
            "messages a second",
            single,
            "at least 1.7 of the reference",
            double >= 1.7 * single,
            spread=rates[1],
        ),
        Result(
            "cluster: processor time of two workers for a message (reference: of one)",
            median(micros),
            "microseconds",
            median(run.micros for run in one),
            "at most 1.18 of the reference, which makes 1.7 workers of two",
            median(micros) <= 2 / 1.7 * median(run.micros for run in one),
            spread=micros,
        ),
        Result(
            "cluster: shared rate of two workers, provider allows 1,000 (reference: bulk's share)",
            paced,
            "messages a second",
            share,
            "within 1 % of the reference",
            abs(paced - share) <= 0.01 * share,
            spread=rates[2],
        ),
        Result(
            "cluster: shared rate of two workers, answered 429",
            max(refused),
            "of 10,000 messages, the worst run",
            0.0,
            "below 1",
            max(refused) < 1,
            spread=refused,
        ),
    ]
