"""What goes wrong while an installation works, drawn by dice."""

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from sqlalchemy import text, update
from sqlalchemy.engine import make_url

from delivery.runs import RunState, run
from kit.channels import Endpoint
from kit.clock import Clock
from tests.chaos.diary import Stop
from tests.chaos.scene import Scene
from tests.crash.crowd import said

CUT = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
NO_MORE = "no le mandamos otro aviso"
"""What somebody reads whose no was taken."""

Trouble = Callable[[Scene, int, str], Awaitable[None]]
"""Takes the campaign that is under way, and what it says."""


async def kill(scene: Scene, campaign_id: int, words: str) -> None:
    """`kill -9` of any process; another takes its place."""
    del campaign_id, words
    # Those that hold rows are the most worth killing.
    weights = [3 if "bulk" in place.command else 1 for place in scene.places]
    place = scene.dice.choices(scene.places, weights)[0]
    await scene.kill(place, scene.dice.random() * 0.5)


async def lock(scene: Scene, campaign_id: int, words: str) -> None:
    """Somebody else holds the SQLite file, at times for longer than anybody waits."""
    del campaign_id, words
    path = Path(make_url(scene.stage.database_url).database or "")
    seconds = scene.dice.choice((0.5, 1.0, 4.5))
    with scene.diary.database_away():
        await asyncio.to_thread(_hold, path, seconds)


def _hold(path: Path, seconds: float) -> None:
    with sqlite3.connect(path, timeout=30, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        other.execute("ROLLBACK")
    other.close()


async def cut(scene: Scene, campaign_id: int, words: str) -> None:
    """Every connection to PostgreSQL ends, as at a restart of the server."""
    del campaign_id, words
    with scene.diary.database_away():
        async with scene.stage.unit() as session:
            await session.execute(CUT)
        await asyncio.sleep(0.5)


async def empty_jobs(scene: Scene, campaign_id: int, words: str) -> None:
    """The table of jobs is lost."""
    del campaign_id, words
    async with scene.stage.unit() as session:
        await session.execute(text("TRUNCATE jobs.pgqueuer"))


async def pause(scene: Scene, campaign_id: int, words: str) -> None:
    """Pause, and resume a while later."""
    if await scene.command("campaigns", "pause", str(campaign_id)):
        return
    since = Clock().now()
    await asyncio.sleep(2 + scene.dice.random())
    scene.diary.stops.append(Stop(words, since, Clock().now()))
    assert await scene.command("campaigns", "resume", str(campaign_id)) == 0


async def rewind(scene: Scene, campaign_id: int, words: str) -> None:
    """The run is frozen once more from an earlier place, as after a backup was restored."""
    del words
    async with scene.stage.unit() as session:
        await session.execute(
            update(run)
            .where(run.c.campaign_id == campaign_id, run.c.state == RunState.SENDING)
            .values(state=RunState.FREEZING, frozen_through=scene.dice.randrange(50))
        )


async def resend(scene: Scene, campaign_id: int, words: str) -> None:
    """Somebody decides that uncertain rows go again."""
    del words
    await scene.decides("campaigns", "resolve", str(campaign_id), "--uncertain", "resend")


async def retry(scene: Scene, campaign_id: int, words: str) -> None:
    """Somebody wants failures tried again."""
    del words
    await scene.decides("campaigns", "retry", str(campaign_id))


EMBEDDED: Sequence[tuple[Trouble, int]] = (
    (kill, 7),
    (lock, 2),
    (pause, 1),
    (rewind, 2),
    (resend, 1),
    (retry, 1),
)
DISTRIBUTED: Sequence[tuple[Trouble, int]] = (
    (kill, 8),
    (cut, 2),
    (empty_jobs, 2),
    (pause, 1),
    (rewind, 2),
    (resend, 1),
    (retry, 1),
)
"""What happens, and how often for each part of a campaign."""


async def says_no(scene: Scene, who: Endpoint) -> None:
    """Somebody of the campaign wants no more, and reads that this was understood."""
    await scene.stage.post.bring(said(who, "BAJA"))
    await scene.stage.mailbox.reads(who.value, NO_MORE)
    scene.diary.noes[who] = Clock().now()
    scene.done["noes"] += 1


async def trouble(
    scene: Scene, kinds: Sequence[tuple[Trouble, int]], campaign_id: int, words: str
) -> None:
    """All of it, in an order that the dice say, with pauses between; decisions come at the end."""
    drawn = [kind for kind, times in kinds for _ in range(times)]
    scene.dice.shuffle(drawn)
    drawn.sort(key=lambda kind: kind in (resend, retry))
    for kind in drawn:
        await kind(scene, campaign_id, words)
        scene.done[kind.__name__] += 1
        await asyncio.sleep(scene.dice.random())
