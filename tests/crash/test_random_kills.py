"""`kill -9` at random moments of mixed traffic, a campaign under way.

The seed is printed; TEQUIO_TEST_SEED gives another. Run with `-rP` to see the table.
"""

import asyncio
import os
import random
from pathlib import Path
from time import perf_counter

import pytest

from staff.model import Role
from tests.cluster.nursery import Nursery
from tests.crash.books import read_ledger
from tests.crash.conversations import OAXACAN_PHONES, approved_campaign, hire_ana, people_csv
from tests.crash.crowd import Crowd, crowd_of
from tests.crash.life import Life
from tests.crash.stage import Stage, stage_of
from tests.databases import Postgres
from tests.standins.faults import Fault, Script

pytestmark = pytest.mark.xdist_group("crash")

SEED = int(os.environ.get("TEQUIO_TEST_SEED", "20101"))
LONGEST = 3
"""A life lasts at most so many times as long as its start took: as much gets done in it on a slow
machine as on a quick one. In shorter ones three kills soon meet the same message, which is set
aside as it must be, and the accounts do not fit."""

USUAL_START = 0.7
"""Seconds, as long as no start has come to its end."""

RATE = 30
"""Messages a second: the campaign goes on for most of the kills."""


async def test_forty_kills_at_random_moments_lose_nothing_and_repeat_nothing(
    tmp_path: Path, born: Nursery
) -> None:
    async with stage_of(born, tmp_path, rate=RATE) as stage:
        await play(stage, kills=40, size=6, recipients=400)
    print(stage.books.table(f"SQLite, seed {SEED}"))
    stage.books.check()


async def test_the_same_on_postgresql(tmp_path: Path, born: Nursery, postgres: Postgres) -> None:
    url = (await postgres.fresh()).render_as_string(hide_password=False)
    async with stage_of(born, tmp_path, url, rate=RATE) as stage:
        await play(stage, kills=8, size=2, recipients=100)
    print(stage.books.table(f"PostgreSQL, seed {SEED}"))
    stage.books.check()


async def play(stage: Stage, kills: int, size: int, recipients: int) -> None:
    """Kill and start again so many times among people; then let everything end, and count."""
    dice = random.Random(SEED)
    campaign_id = await prepare(stage, recipients)
    crowd = Crowd(stage)
    waiting = crowd_of(crowd, size)
    everybody = len(waiting)
    last = stage.life()
    try:
        async with asyncio.TaskGroup() as tasks:
            start_took = USUAL_START
            for kill in range(kills):
                # All have begun well before the last kill.
                while waiting and everybody - len(waiting) <= everybody * kill / (kills * 0.8):
                    tasks.create_task(waiting.pop(0)())
                if kill == kills // 8:
                    tasks.create_task(start(stage, campaign_id))
                start_took = await live_and_die(stage.life(), dice, start_took)
                await stage.autopsy()
            await last.go()
            await last.ready()
        await stage.settle()
        await close_books(stage, crowd, recipients)
    finally:
        await last.kill()
    assert stage.books.kills == kills


async def prepare(stage: Stage, recipients: int) -> int:
    """Somebody on duty, providers that take their time, and a campaign that may start."""
    await hire_ana(stage)
    for name in ("Beto", "Carla"):
        await stage.hire(name, Role.COORDINATOR)
    slow = Fault.hang(0.2, taken=True)
    for url in (stage.standins.telegram_url, stage.standins.twilio_url):
        await stage.standins.script(url, Script(slow, calls=None, probability=0.3, seed=SEED))
    path = stage.folder / "people.csv"
    phones = OAXACAN_PHONES[: recipients // 5]
    chats = [7_900_001_000 + number for number in range(recipients - len(phones))]
    path.write_text(people_csv(chats, phones))
    imported = await stage.command("contacts", "import", str(path), "--json")
    assert imported.document()["created"] == recipients
    return await approved_campaign(stage, "Aviso: abre la ventanilla.", author=2, reader=3)


async def start(stage: Stage, campaign_id: int) -> None:
    """By the command, while the platform dies and comes back beside it."""
    started = await stage.command("campaigns", "start", str(campaign_id), "--json")
    assert started.document()["state"] == "sending"


async def live_and_die(life: Life, dice: random.Random, start_took: float) -> float:
    """A life of random length; one in four ends before it has fully begun. Takes and gives how many
    seconds a start takes."""
    early, share = dice.random() < 0.25, dice.random()
    begun = perf_counter()
    try:
        await life.go()
        if not early:
            await life.ready()
            start_took = perf_counter() - begun
        await asyncio.sleep(share * start_took * (1 if early else LONGEST))
    finally:
        await life.kill()
    return start_took


async def close_books(stage: Stage, crowd: Crowd, recipients: int) -> None:
    """The accounts of everybody, and of the campaign."""
    await stage.keep_books()
    async with stage.database() as database, database.read() as session:
        rows = await read_ledger(session)
        for count in crowd.counts:
            await count(session)
    for who, wanted in crowd.answers.items():
        written = [row for row in rows if row.to == who.value]
        stage.books.answers(f"somebody by {who.channel}", written, wanted)
    stage.books.count("rows of the campaign", recipients, sum(row.in_run for row in rows))
    stage.count_uncertain(rows)
