"""Counting an audience while somebody writes it, in units of a few milliseconds, beside the page.

A million people take seconds to count. So they are counted by ranges of their ids, and the page
shows how many were found so far. What was counted is kept for some minutes: nothing in it tells of
a person, and the sheet counts again.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256

import structlog
from sqlalchemy import and_, func, select

from campaigns.audience.audiences import expanded, known
from campaigns.audience.counting import Count, count_chosen
from campaigns.audience.fields import Field
from campaigns.audience.language import Expression, Term, parse, written
from campaigns.audience.selection import condition
from contacts.model import Topic
from contacts.store import contact
from db.session import Database
from kit.clock import Clock
from staff.model import Member, Right
from staff.rules import require

log = structlog.get_logger(__name__)

RANGE, LEAST, MOST = 2_000, 250, 16_000
"""Ids that one unit looks at: at first, and how few and many they may become."""

UNIT_SECONDS = 0.02
"""About so long a unit takes: what is asked decides how many ids that is."""

PAUSE = 0.01
"""Seconds between two units, for everybody else."""

FRESH = timedelta(minutes=5)
MOST_KEPT = 200
AT_A_TIME = 2


@dataclass(frozen=True, slots=True)
class Counted:
    """People found so far; `share` of everybody was looked at, 1 when it is all of them. `agreed`
    to the topic: nobody else gets it."""

    total: int = 0
    share: float = 0.0
    agreed: int = 0
    by_channel: Mapping[str, int] = field(default_factory=dict)
    by_language: Mapping[str, int] = field(default_factory=dict)
    by_region: Mapping[str, int] = field(default_factory=dict)
    by_country: Mapping[str, int] = field(default_factory=dict)
    excluded: Mapping[str, int] = field(default_factory=dict)

    @property
    def done(self) -> bool:
        return self.share >= 1

    def more(self, found: Count, agreed: int, share: float) -> "Counted":
        """With those of one more range."""
        parts = {
            "by_channel": found["by_channel"],
            "by_language": found["by_language"],
            "by_region": found["by_region"],
            "by_country": found["by_country"],
            "excluded": found["excluded"],
        }
        sums = {
            name: dict((Counter(getattr(self, name)) + Counter(more)).most_common())
            for name, more in parts.items()
        }
        total = self.total + found["total"]
        return replace(self, total=total, agreed=self.agreed + agreed, share=share, **sums)


@dataclass(slots=True)
class _Work:
    began: datetime
    counted: Counted = field(default_factory=Counted)
    task: "asyncio.Task[None] | None" = None
    member_id: int = 0


class Counting:
    """The counts of one process. They end when `stop` is set."""

    def __init__(self, database: Database, clock: Clock, stop: asyncio.Event) -> None:
        self._database = database
        self._clock = clock
        self._stop = stop
        self._works: dict[str, _Work] = {}
        self._turns = asyncio.Semaphore(AT_A_TIME)

    async def ask(self, member: Member, audience: str, topic: Topic) -> Counted:
        """What is counted of an audience by now, and how many of it agreed to a topic; begins when
        nobody has. A member has one count under way: another one takes its place.

        Raises Refused, and AudienceError for what cannot be read or looked up.
        """
        require(member, Right.WRITE_CAMPAIGNS)
        async with self._database.read() as session:
            expression = await expanded(session, parse(audience))
            await known(session, expression)
        name = sha256(f"{topic} {written(expression)}".encode()).hexdigest()
        now = self._clock.now()
        work = self._works.get(name)
        if work is None or not self._is_good(work, now):
            self._forget(now)
            for other in [*self._works]:
                if self._works[other].member_id == member.id:
                    self._drop(other)
            work = self._works[name] = _Work(now, member_id=member.id)
            work.task = asyncio.create_task(self._count(name, work, expression, topic))
        return work.counted

    async def settled(self) -> None:
        """Wait for what is under way: for tests."""
        await asyncio.gather(*(one.task for one in self._works.values() if one.task is not None))

    def _is_good(self, work: _Work, now: datetime) -> bool:
        failed = work.task is not None and work.task.done() and not work.counted.done
        return not failed and abs(now - work.began) < FRESH

    def _forget(self, now: datetime) -> None:
        old = [name for name, work in self._works.items() if not self._is_good(work, now)]
        kept = len(self._works) - len(old)
        surplus = [name for name in self._works if name not in old][: max(0, kept - MOST_KEPT)]
        for name in (*old, *surplus):
            self._works.pop(name)

    def _drop(self, name: str) -> None:
        """Let go of one that is not done: its task sees that it is no longer asked for."""
        if not self._works[name].counted.done:
            self._works.pop(name)

    async def _count(self, name: str, work: _Work, expression: Expression, topic: Topic) -> None:
        try:
            async with self._turns:
                await self._whole(name, work, expression, topic)
        except Exception as error:
            # Asked again, it begins anew. Only the kind: a database's error may hold values.
            log.warning("editor.count_failed", error=type(error).__name__)

    async def _whole(self, name: str, work: _Work, expression: Expression, topic: Topic) -> None:
        to_topic = condition(Term(Field.TOPIC, topic))
        async with self._database.read() as session:
            last = await session.scalar(select(func.max(contact.c.id))) or 0
        through, many, loop = 0, RANGE, asyncio.get_running_loop()
        while through < last:
            if self._stop.is_set() or self._works.get(name) is not work:
                return
            within = and_(contact.c.id > through, contact.c.id <= through + many)
            asked = and_(condition(expression, (through, through + many)), within)
            begun = loop.time()
            async with self._database.read() as session:
                found = await count_chosen(session, asked)
                get = await session.scalar(select(func.count(contact.c.id)).where(asked, to_topic))
            through += many
            work.counted = work.counted.more(found, get or 0, min(through / last, 0.999))
            many = next_range(many, loop.time() - begun)
            await asyncio.sleep(PAUSE)
        work.counted = replace(work.counted, share=1.0)


def next_range(many: int, took: float) -> int:
    """How many ids the next unit looks at, after one that took so many seconds."""
    if took > 2 * UNIT_SECONDS:
        return max(LEAST, many // 2)
    return min(MOST, many * 2) if took < UNIT_SECONDS / 2 else many
