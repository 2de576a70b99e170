"""Sending a run, everything kept in the ledger, against senders that keep nothing.

The platform has one core, and so has whoever it is compared with; the provider has the other. Our
time ends when the last row has settled in the database, theirs with the last message.
"""

import asyncio
import os
import subprocess
import sys
from statistics import median

from app.settings import ROOT
from bench.campaign import prepare, start, watching
from bench.crowd import FIRST_CHAT, sqlite_crowd
from bench.processes import WORK, Provider, answers, environment, free_port, provider, tequio
from bench.result import Result
from bench.scale import Scale

AT_ONCE = 100
"""Sends under way at once: what the platform allows a lane of a sender, and aiohttp a session."""

NO_LIMIT = "1000000"
ASKED = 100_000
ENOUGH = 15_000.0
"""What the provider must carry, so that it is never what is measured."""

PEER = "aiogram_broadcaster"
PEER_VERSION = "0.6.8"
PEERS = WORK / "peers"


class NotAll(Exception):
    """A measurement whose messages did not all arrive once counts for nothing."""


def check_all(providers: Provider, people: int) -> None:
    """Raise NotAll unless each of so many people got exactly one message."""
    reached, doubled = providers.between(FIRST_CHAT, FIRST_CHAT + people + 1)
    if reached != people or doubled:
        raise NotAll(f"{reached} of {people} reached, {doubled} more than once")


async def ours(providers: Provider, people: int) -> float:
    """Messages a second of `tequio run`, from the first at the provider to the last settled."""
    url = await sqlite_crowd(people, "broadcast")
    await start(url, await prepare(url))
    providers.reset()
    port = free_port()
    with tequio(environment(url, port, providers, TELEGRAM_RATE=NO_LIMIT), name="broadcast"):
        await asyncio.to_thread(answers, f"http://127.0.0.1:{port}")
        async with watching(url) as watch:
            await watch.settled()
            if await watch.sent() != people:
                raise NotAll(f"{await watch.sent()} of {people} settled as sent")
            end = await watch.last_settled()
    check_all(providers, people)
    figures = providers.figures()
    return people / (max(end, figures.last) - figures.first)


async def another(name: str, providers: Provider, people: int) -> float:
    """Messages a second of another sender, from the first to the last at the provider."""
    providers.reset()
    path = os.pathsep.join((str(PEERS), os.environ.get("PYTHONPATH", "")))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.senders", name, "--url", providers.url),
        *("--people", str(people), "--at-once", str(AT_ONCE)),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path},
    )
    if await process.wait():
        raise NotAll(f"{name} ended with {process.returncode}")
    check_all(providers, people)
    figures = providers.figures()
    return people / (figures.last - figures.first)


async def capacity(providers: Provider) -> float:
    """Requests a second that the provider itself answers."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.capacity", providers.url, str(ASKED)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate()
    return float(told)


def install_peer() -> str | None:
    """Have the peer beside the bench, not in the platform's environment; else say why not.

    It needs nothing but aiogram, of which ours will do.
    """
    if (PEERS / PEER).is_dir():
        return None
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *("--no-deps", "--target", str(PEERS), f"{PEER}=={PEER_VERSION}"),
        ],
        capture_output=True,
        check=False,
    )
    return "the package index cannot be reached" if done.returncode else None


async def measure(scale: Scale) -> list[Result]:
    """The broadcast, its reference, and the peers on the same work."""
    missing = await asyncio.to_thread(install_peer)
    few, many = scale.one_by_one, scale.broadcast
    peers = {"one_by_one": few, "gathered": many}
    if missing is None:
        peers[PEER] = few
    else:
        print(f"broadcast: {PEER} is left out: {missing}")
    found: dict[str, list[float]] = {name: [] for name in ("bare", "ours", *peers)}
    carried: list[float] = []
    with provider() as providers:
        for _ in range(scale.times):
            carried.append(await capacity(providers))
            found["bare"].append(await another("bare", providers, many))
            found["ours"].append(await ours(providers, many))
            for name, people in peers.items():
                found[name].append(await another(name, providers, people))
    medians = {name: median(values) for name, values in found.items()}
    mine = medians["ours"]
    results = [
        Result(
            "broadcast: durable, to an unlimited provider (reference: bare aiogram)",
            mine,
            "messages a second",
            medians["bare"],
            "at least 0.85 of the reference",
            mine >= 0.85 * medians["bare"],
            spread=tuple(found["ours"]),
        ),
        Result(
            "broadcast: what the loopback provider carries of a bare client (reference: enough)",
            median(carried),
            "requests a second",
            ENOUGH,
            "at least the reference",
            median(carried) >= ENOUGH,
            spread=tuple(carried),
        ),
    ]
    words = {
        "one_by_one": "a loop that awaits each send",
        "gathered": "a task for each send and a semaphore",
        PEER: f"{PEER} {PEER_VERSION}",
    }
    return results + [
        Result(
            f"broadcast: durable, beside {words[name]}, which keeps no ledger",
            mine,
            "messages a second",
            medians[name],
            "faster than the reference",
            mine > medians[name],
            spread=tuple(found["ours"]),
        )
        for name in peers
    ]
