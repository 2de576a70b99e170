"""One installation whose every process can be killed, between providers that keep a log."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select, text, update

from campaigns.model import CampaignState
from campaigns.store import campaign
from delivery.model import State
from delivery.runs import run
from delivery.store import message
from kit.channels import Channel
from kit.clock import Clock
from tests.chaos.diary import Diary
from tests.chaos.evidence import call_witness
from tests.chaos.people import Person, fates, refusals, whims
from tests.cluster.machines import Machine
from tests.cluster.nursery import Nursery
from tests.crash.arrivals import Post
from tests.crash.books import is_settled
from tests.crash.mailbox import Mailbox, whom, words
from tests.crash.process import environment, free_port, providers
from tests.crash.stage import Stage, opened
from tests.databases import sqlite_database
from tests.standins.process import StandInProcess
from tests.standins.records import Record
from tests.standins.twilio_fates import Course

EMBEDDED = ("run",)
DISTRIBUTED = (
    "web",
    "worker --lane urgent",
    "worker --lane bulk",
    "worker --lane bulk",
    "clock",
    "clock",
)
LOOK_EVERY = 0.2


class QuickMailbox(Mailbox):
    """The same, fit for many thousand messages."""

    def __init__(self, journal: Path) -> None:
        super().__init__(journal)
        self._sorted = 0
        self._to: dict[str, list[int]] = {}

    def unread(self, to: str, containing: str) -> Record | None:
        every = self.look()
        for number in range(self._sorted, len(every)):
            self._to.setdefault(whom(every[number]), []).append(number)
        self._sorted = len(every)
        for number in self._to.get(to, ()):
            if number not in self._seen and containing in words(every[number]):
                self._seen.add(number)
                return every[number]
        return None


@dataclass(eq=False)
class Place:
    """A place among the processes, and how often it was filled."""

    command: str
    lives: int = 0
    machine: Machine | None = None


@dataclass
class Scene:
    """An installation at work. `done` counts what was done to it."""

    stage: Stage
    born: Nursery
    places: list[Place]
    people: Sequence[Person]
    diary: Diary
    dice: random.Random
    log: Path
    commands: int = 0
    done: Counter[str] = field(default_factory=Counter)

    async def begin(self) -> None:
        """Start every process."""
        for place in self.places:
            self._fill(place)
        await asyncio.gather(*(place.machine.ready() for place in self.places if place.machine))

    async def kill(self, place: Place, down: float) -> None:
        """`kill -9`, and another in its place after so many seconds."""
        assert place.machine is not None
        await place.machine.kill()
        self.diary.kill()
        await asyncio.sleep(down)
        self._fill(place)
        assert place.machine is not None
        await place.machine.ready()

    async def end(self) -> list[int]:
        """SIGTERM to all; gives the statuses."""
        machines = [place.machine for place in self.places if place.machine is not None]
        return list(await asyncio.gather(*(machine.end() for machine in machines)))

    async def kill_all(self) -> None:
        """Leave nothing running."""
        machines = [place.machine for place in self.places if place.machine is not None]
        await asyncio.gather(*(machine.kill() for machine in machines))

    async def command(self, *arguments: str) -> int:
        """Run a command beside, again while the database is away; gives its status."""
        while True:
            self.commands += 1
            name = f"command-{self.commands}"
            machine = Machine(
                self.born, self.stage.env, self.stage.folder, *arguments, "--json", name=name
            )
            machine.go()
            status = await machine.ended()
            if status == 0 or "database_unreachable" not in machine.said:
                return status
            await asyncio.sleep(0.5)

    async def schedule(self, campaign_id: int, seconds: float) -> None:
        """Let an approved campaign fire by the clock."""
        due_at = Clock().now() + timedelta(seconds=seconds)
        async with self.stage.unit() as session:
            await session.execute(
                update(campaign)
                .where(campaign.c.id == campaign_id)
                .values(state=CampaignState.SCHEDULED, due_at=due_at)
            )

    async def misbehave(self, seed: int) -> None:
        """The providers begin to do as they like."""
        standins = self.stage.standins
        for url, channel, add in (
            (standins.telegram_url, Channel.TELEGRAM, 0),
            (standins.twilio_url, Channel.SMS, 100),
        ):
            await standins.script(url, *refusals(self.people, channel), *whims(channel, seed + add))
        await standins.set_course(Course(fates=fates(self.people, random.Random(seed))))

    async def behave(self) -> None:
        """The providers have had enough; what they say of some people stays true."""
        standins = self.stage.standins
        for url, channel in (
            (standins.telegram_url, Channel.TELEGRAM),
            (standins.twilio_url, Channel.SMS),
        ):
            await standins.clear(url)
            await standins.script(url, *refusals(self.people, channel))

    async def quiet(self, seconds: float) -> bool:
        """Wait until nothing is left to do; False when that takes longer."""
        async with self.stage.database() as database:
            for _ in range(int(seconds / LOOK_EVERY)):
                async with database.read() as session:
                    if await is_settled(session):
                        return True
                await asyncio.sleep(LOOK_EVERY)
        return False

    async def uncertain(self, campaign_id: int) -> list[int]:
        """The rows of a campaign of which nobody knows whether they left."""
        async with self.stage.database() as database, database.read() as session:
            rows = await session.all(
                select(message.c.id)
                .join(run, run.c.id == message.c.run_id)
                .where(run.c.campaign_id == campaign_id, message.c.state == State.UNCERTAIN)
            )
        return [row["id"] for row in rows]

    async def decides(self, *arguments: str) -> None:
        """Run a command that sends rows again, and remember which."""
        before = await self.witnessed()
        if await self.command(*arguments) == 0:
            decided = await self.decided_since(before)
            self.diary.resent.update(decided)
            self.done["rows sent again by decision"] += len(decided)

    async def witnessed(self) -> int:
        """The number of the last move that the database has seen."""
        async with self.stage.database() as database, database.read() as session:
            return int(await session.scalar(text("SELECT coalesce(max(id), 0) FROM chaos_move")))

    async def decided_since(self, move: int) -> list[int]:
        """The rows that somebody has sent again since a move, although they may have arrived: of
        what was undelivered a receipt that says otherwise may have been lost."""
        again = text(
            "SELECT message_id FROM chaos_move"
            " WHERE id > :move AND old IN ('uncertain', 'undelivered') AND new = 'pending'"
        ).bindparams(move=move)
        async with self.stage.database() as database, database.read() as session:
            return [row["message_id"] for row in await session.all(again)]

    def tracebacks(self) -> int:
        """How many errors nobody has caught."""
        logs = self.stage.folder.glob("*.log")
        return sum(path.read_text().count("Traceback") for path in logs)

    def _fill(self, place: Place) -> None:
        place.lives += 1
        name = f"{place.command.replace(' ', '')}-{self.places.index(place)}-{place.lives}"
        place.machine = Machine(
            self.born, self.stage.env, self.stage.folder, *place.command.split(), name=name
        )
        place.machine.go()


@asynccontextmanager
async def scene_of(
    born: Nursery,
    folder: Path,
    people: Sequence[Person],
    dice: random.Random,
    *,
    database_url: str | None = None,
    rates: tuple[float, float],
) -> AsyncIterator[Scene]:
    """An installation with an empty database of the newest schema: embedded on SQLite, or the
    separate processes on the PostgreSQL at `database_url`. `rates` are Telegram's and Twilio's."""
    port = free_port()
    url = database_url or f"sqlite:///{folder / 'tequio.db'}"
    reach = f"http://127.0.0.1:{port}"
    journal, log = folder / "journal.jsonl", folder / "log.jsonl"
    log.touch()
    async with AsyncExitStack() as stack:
        standins = await stack.enter_async_context(
            StandInProcess(
                journal, "--log", str(log), "--reach", reach, module="tests.chaos.providers"
            )
        )
        post = await stack.enter_async_context(Post(reach))
        more = providers(standins.telegram_url, standins.twilio_url)
        more |= {"TELEGRAM_RATE": str(rates[0]), "TWILIO_RATE": str(rates[1])}
        env = environment(url, port, **more)
        if database_url is None:
            await (await sqlite_database(folder)).close()
        async with opened(url) as database, database.write() as session:
            await call_witness(session)
        stage = Stage(folder, env, standins, born, post, QuickMailbox(journal))
        commands = EMBEDDED if database_url is None else DISTRIBUTED
        places = [Place(command) for command in commands]
        scene = Scene(stage, born, places, people, Diary(rate=sum(rates)), dice, log)
        try:
            yield scene
        finally:
            await scene.kill_all()
