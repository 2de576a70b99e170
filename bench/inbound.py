"""Updates through the inbox and a flow, against the same web server with bare statements."""

import asyncio
import sys
from statistics import median
from time import perf_counter

from app.settings import ROOT
from bench.campaign import Watch, watching
from bench.crowd import FIRST_CHAT, sqlite_crowd
from bench.machine import OTHER_CORE, PLATFORM_CORE, pin
from bench.processes import Provider, answers, environment, free_port, provider, tequio
from bench.result import Result
from bench.scale import Scale
from bench.webhooks import Door

AT_ONCE = 20
PEOPLE = 1_000
COMMAND = "/temas"
GOAL = 0.7


async def once(providers: Provider, updates: int, *, bare: bool) -> float:
    """Updates a second, from the first posted to the last answered; each is then processed."""
    url = await sqlite_crowd(PEOPLE, "inbound")
    providers.reset()
    providers.block(3_600)
    port = free_port()
    env = environment(url, port, providers)
    address = f"http://127.0.0.1:{port}"
    async with Door(address) as door:
        if bare:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bench.bare_inbox", cwd=ROOT, env=env
            )
            try:
                pin(process.pid, PLATFORM_CORE)
                await asyncio.to_thread(answers, address)
                return await _brought(door, updates)
            finally:
                process.terminate()
                await process.wait()
        with tequio(env, name="inbound"):
            await asyncio.to_thread(answers, address)
            rate = await _brought(door, updates)
            async with watching(url) as watch:
                await _processed(watch, updates)
            return rate


async def _brought(door: Door, updates: int) -> float:
    left = iter(range(updates))

    async def bring() -> None:
        for number in left:
            await door.says(FIRST_CHAT + 1 + number % PEOPLE, COMMAND)

    # Whoever comes first also opens connections and fills caches.
    for number in range(AT_ONCE):
        await door.says(FIRST_CHAT + 1 + number, COMMAND)
    begun = perf_counter()
    await asyncio.gather(*(bring() for _ in range(AT_ONCE)))
    return updates / (perf_counter() - begun)


async def _processed(watch: Watch, updates: int) -> None:
    done = await watch.number("SELECT count(*) FROM inbound WHERE state = 'processed'")
    if done != updates + AT_ONCE:
        raise ValueError(f"{done} of {updates + AT_ONCE} processed when the last was answered")


async def measure(scale: Scale) -> list[Result]:
    """In turns."""
    pin(0, OTHER_CORE)
    reference: list[float] = []
    ours: list[float] = []
    with provider() as providers:
        for _ in range(scale.times):
            reference.append(await once(providers, scale.updates, bare=True))
            ours.append(await once(providers, scale.updates, bare=False))
    return [
        Result(
            "inbound: updates stored and taken through a flow (reference: bare statements)",
            median(ours),
            "updates a second",
            median(reference),
            f"at least {GOAL} of the reference",
            median(ours) >= GOAL * median(reference),
            spread=tuple(ours),
        )
    ]
