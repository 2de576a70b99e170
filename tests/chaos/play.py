"""Chaos from its beginning to the audit: a campaign, calls for help, and everything that can go
wrong; for both modes, in any size."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select, update

from campaigns import service
from campaigns.model import CampaignState
from delivery.model import State
from delivery.store import message
from kit.channels import Channel, Endpoint
from kit.clock import Clock
from staff.model import Role
from tests.chaos.audit import Rule, Violation, audit
from tests.chaos.diary import Stop
from tests.chaos.evidence import Evidence, read_evidence
from tests.chaos.log import Logged, read_log
from tests.chaos.people import invent, move_in
from tests.chaos.scene import Scene, scene_of
from tests.chaos.trouble import DISTRIBUTED, EMBEDDED, says_no, trouble
from tests.cluster.nursery import Nursery
from tests.crash.books import read_inbox, read_ledger
from tests.crash.conversations import approved_campaign, hire_ana
from tests.crash.crowd import Crowd, crowd_of
from tests.crash.mailbox import words

AVISO = "Aviso: abre la ventanilla."
SECOND = "Aviso: cierra la ventanilla."
ASKED_AT_ONCE = 20
"""Uncertain SMS that Twilio is asked about in one go."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much of it."""

    people: int
    noes: int = 6
    callers: int = 1
    rounds: int = 1
    rates: tuple[float, float] = (50, 25)


@dataclass(slots=True)
class Report:
    """What happened, and what the audit says of it."""

    seed: int
    violations: list[Violation] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    states: Counter[State] = field(default_factory=Counter)
    times: list[str] = field(default_factory=list)
    tracebacks: int = 0
    statuses: list[int] = field(default_factory=list)

    def __str__(self) -> str:
        did = ", ".join(f"{what} {times}" for what, times in sorted(self.done.items()))
        rows = ", ".join(f"{state} {rows}" for state, rows in sorted(self.states.items()))
        lines = [
            f"seed {self.seed}: {did}",
            f"rows: {rows}",
            f"seconds: {', '.join(self.times)}",
            *map(str, self.violations),
        ]
        return "\n  ".join([*lines, f"violations: {len(self.violations)}"])

    def check(self) -> None:
        """Fail if anything does not agree, or a process did not end as it should."""
        assert not self.violations, str(self)
        assert set(self.statuses) == {0}, f"statuses {self.statuses}; {self}"
        assert self.tracebacks == 0, f"{self.tracebacks} tracebacks; {self}"


async def play(
    born: Nursery, folder: Path, seed: int, size: Size, database_url: str | None = None
) -> Report:
    """One whole run; embedded on SQLite, or distributed on the PostgreSQL at `database_url`."""
    dice = random.Random(seed)
    people = invent(size.people, dice)
    report = Report(seed)
    begun = Clock().now()

    def mark(what: str) -> None:
        report.times.append(f"{what} {(Clock().now() - begun).total_seconds():.0f}")

    async with scene_of(
        born, folder, people, dice, database_url=database_url, rates=size.rates
    ) as scene:
        campaign_id, second_id = await _prepare(scene)
        await scene.misbehave(seed)
        await scene.begin()
        mark("started")
        await scene.schedule(campaign_id, seconds=1)
        crowd = Crowd(scene.stage)
        async with asyncio.TaskGroup() as tasks:
            for one in crowd_of(crowd, size.callers):
                tasks.create_task(one())
            for who in _those_who_say_no(scene, size.noes):
                tasks.create_task(_later(scene, who))
            tasks.create_task(_cancelled(scene, second_id))
            await _under_way(scene)
            kinds = EMBEDDED if database_url is None else DISTRIBUTED
            for _ in range(size.rounds):
                await trouble(scene, kinds, campaign_id, AVISO)
            mark("troubled")
        mark("talked")
        await _calm_down(scene, campaign_id, mark)
        mark("calm")
        report.statuses = await scene.end()
        async with scene.stage.database() as database, database.read() as session:
            ledger = await read_evidence(session)
        log = Logged.of(read_log(scene.log))
        report.violations = audit(ledger, log, scene.diary)
        report.violations += await _conversations(scene, crowd)
        _keep(folder / "rows.txt", ledger)
        report.tracebacks = scene.tracebacks()
    mark("over")
    _count(report, scene, ledger, log)
    return report


async def _prepare(scene: Scene) -> tuple[int, int]:
    """Staff, people and two campaigns that may start."""
    await hire_ana(scene.stage)
    for name in ("Beto", "Carla"):
        await scene.stage.hire(name, Role.COORDINATOR)
    async with scene.stage.unit() as session:
        await move_in(session, scene.people, Clock().now())
    ids = [
        await approved_campaign(scene.stage, words, author=2, reader=3) for words in (AVISO, SECOND)
    ]
    for campaign_id in ids:
        scene.diary.rows[campaign_id] = len(scene.people)
    return ids[0], ids[1]


def _those_who_say_no(scene: Scene, count: int) -> Sequence[Endpoint]:
    """Some who would get the campaign late, half of them by SMS."""
    willing = [one for one in scene.people if not (one.said_no or one.refused)]
    late = willing[len(willing) // 3 :]
    chats = [one.chat for one in late if one.chat is not None]
    phones = [one.phone for one in late if one.chat is None and one.phone is not None]
    half = count // 2
    return [*scene.dice.sample(chats, half), *scene.dice.sample(phones, count - half)]


async def _under_way(scene: Scene) -> None:
    """Wait until the campaign has fired and the first have it."""
    async with asyncio.timeout(60):
        while True:
            if any(words(record) == AVISO for record in scene.stage.mailbox.look()):
                return
            await asyncio.sleep(0.1)


async def _later(scene: Scene, who: Endpoint) -> None:
    await asyncio.sleep(1 + 6 * scene.dice.random())
    await says_no(scene, who)


async def _cancelled(scene: Scene, campaign_id: int) -> None:
    """Another campaign is started beside the first, and cancelled."""
    await asyncio.sleep(3)
    assert await scene.command("campaigns", "start", str(campaign_id)) == 0
    await asyncio.sleep(3)
    assert await scene.command("campaigns", "cancel", str(campaign_id)) == 0
    scene.diary.stops.append(Stop(SECOND, Clock().now()))


async def _calm_down(scene: Scene, campaign_id: int, mark: Callable[[str], None]) -> None:
    """Let everything end: what is left to do, what is unknown, what failed."""
    await scene.behave()
    scene.done["quiet"] += await scene.quiet(90)
    mark("quiet")
    await _ask_twilio(scene)
    mark("asked")
    await scene.decides("campaigns", "retry", str(campaign_id))
    await scene.quiet(60)
    for number in (campaign_id, campaign_id + 1):
        scene.done["left uncertain"] += len(await scene.uncertain(number))
        await scene.command("campaigns", "resolve", str(number), "--uncertain", "leave")
    async with scene.stage.database() as database:
        for _ in range(50):
            async with database.read() as session:
                if (await service.get(session, campaign_id)).state is CampaignState.DONE:
                    break
            await asyncio.sleep(0.2)


async def _ask_twilio(scene: Scene) -> None:
    """An hour passes for some uncertain SMS, so that the provider is asked about them."""
    past = Clock().now() - timedelta(hours=1)
    which = (message.c.state == State.UNCERTAIN) & (message.c.channel == Channel.SMS)
    async with scene.stage.unit() as session:
        ids = [
            row["id"]
            for row in await session.all(select(message.c.id).where(which).limit(ASKED_AT_ONCE))
        ]
        await session.execute(
            update(message).where(message.c.id.in_(ids)).values(check_at=past, claimed_at=past)
        )
    async with scene.stage.database() as database:
        for _ in range(100):
            async with database.read() as session:
                left = await session.all(select(message.c.id).where(which, message.c.id.in_(ids)))
            if not left:
                break
            await asyncio.sleep(0.2)
    scene.done["uncertain SMS found out"] += len(ids) - len(left)
    await scene.quiet(30)


async def _conversations(scene: Scene, crowd: Crowd) -> list[Violation]:
    """Everybody who wrote was answered as often and with the words that they must be."""
    stage = scene.stage
    async with stage.database() as database, database.read() as session:
        stage.books.inbox(stage.post.brought, await read_inbox(session))
        rows = await read_ledger(session)
        for count in crowd.counts:
            await count(session)
    for who, wanted in crowd.answers.items():
        written = [row for row in rows if row.to == who.value]
        stage.books.answers(f"somebody by {who.channel}", written, wanted)
    return [
        *(Violation(Rule.ANSWERED, what) for what in stage.books.lost),
        *(Violation(Rule.ANSWERED, what) for what in stage.books.twice),
    ]


def _keep(path: Path, ledger: Evidence) -> None:
    """The story of each row, for whoever looks for a fault; it names nobody."""
    lines = [
        f"{row.id} run {row.run_id} contact {row.contact_id} {row.lane} {row.state} {row.reason}"
        f" killed {row.killed}: {'; '.join(row.story)}; tried "
        + "; ".join(f"{one.at:%H:%M:%S.%f} {one.outcome}" for one in row.tries)
        for row in ledger.rows.values()
    ]
    path.write_text("\n".join(lines))


def _count(report: Report, scene: Scene, ledger: Evidence, log: Logged) -> None:
    report.done = scene.done
    report.done["requests"] = len(log.asked)
    report.done["refused or hidden"] = sum(one.status > 0 or one.hidden for one in log.asked)
    report.done["told to wait"] = sum(one.retry_after is not None for one in log.asked)
    report.done["receipts"] = len(log.told)
    report.done["claims broken off"] = sum(row.broken_off for row in ledger.rows.values())
    report.states = Counter(row.state for row in ledger.rows.values())
