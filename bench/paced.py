"""A broadcast to a provider that allows so many messages a second and answers 429 above.

The provider looks at every window of a second, however it lies. Bulk may use nine tenths of the
rate, so that is what is to be reached.
"""

import asyncio
from dataclasses import dataclass
from statistics import median

from bench.broadcast import NotAll, check_all
from bench.campaign import prepare, start, watching
from bench.crowd import sqlite_crowd
from bench.processes import Provider, answers, environment, free_port, provider, tequio
from bench.result import Result
from bench.scale import Scale

BULK_SHARE = 0.9
SKIP = 2.0
"""Seconds at both ends that are left out of the rate."""

PER = 10_000


@dataclass(frozen=True, slots=True)
class Paced:
    """What one broadcast came to: messages a second, and refusals for 10,000 messages."""

    rate: float
    refused: float


async def once(providers: Provider, people: int, rate: int) -> Paced:
    """One broadcast at a rate that the platform is told of and the provider enforces."""
    url = await sqlite_crowd(people, "paced")
    await start(url, await prepare(url))
    providers.reset(rate)
    port = free_port()
    with tequio(environment(url, port, providers, TELEGRAM_RATE=str(rate)), name="paced"):
        await asyncio.to_thread(answers, f"http://127.0.0.1:{port}")
        async with watching(url) as watch:
            await watch.settled()
            if await watch.sent() != people:
                raise NotAll(f"{await watch.sent()} of {people} settled as sent")
    check_all(providers, people)
    return Paced(providers.steady(SKIP), providers.figures().refused / people * PER)


async def measure(scale: Scale) -> list[Result]:
    """At 30 a second, as Telegram allows, and at 1,000, as it allows who pays."""
    found: dict[int, list[Paced]] = {30: [], 1_000: []}
    with provider() as providers:
        for _ in range(scale.times):
            found[30].append(await once(providers, scale.paced_slowly, 30))
            found[1_000].append(await once(providers, scale.paced, 1_000))
    results = []
    for rate, runs in found.items():
        rates = tuple(run.rate for run in runs)
        refused = tuple(run.refused for run in runs)
        share = rate * BULK_SHARE
        results += [
            Result(
                f"paced: provider allows {rate:,} a second (reference: bulk's nine tenths)",
                median(rates),
                "messages a second",
                share,
                "at least 0.98 of the reference",
                median(rates) >= 0.98 * share,
                spread=rates,
            ),
            Result(
                f"paced: provider allows {rate:,} a second, answered 429",
                max(refused),
                "of 10,000 messages, the worst run",
                0.0,
                "below 1",
                max(refused) < 1,
                spread=refused,
            ),
        ]
    return results
