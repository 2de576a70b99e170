"""The platform watches itself: canaries, what stands still, who is told, and a sign of life.

Every process offers to look, and one of them does, by a lease: so it is told too when another kind
of process is gone.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

import structlog
from sqlalchemy import DateTime, func, select

from alerts.canary import findings, service, tick
from alerts.canary.model import LIMIT, WAY_IN, Finding, Plan, SmsRound
from alerts.shifts.tick import roster_gap
from app.settings import NUMBER, Settings
from app.ways import URGENT_SMS, numbers_of
from bot.inbox.store import InboundState, inbound
from db.migrate import is_current
from db.session import Database, Session
from delivery.model import SendError
from engine.clock import Ticker
from engine.store import lease
from kit.channels import Channel, Endpoint
from kit.clock import Clock

log = structlog.get_logger(__name__)

LOOK_EVERY = timedelta(seconds=15)
PING_EVERY = timedelta(minutes=1)
TIDY_EVERY = timedelta(hours=1)

PING_SECONDS = 10

BEATS = "reconcile"
"""The lease that the clock renews at each of its beats, until two periods later."""

BEAT_LASTS = timedelta(seconds=4)

STILL_AFTER = timedelta(seconds=15)
"""A clock that has not beaten for so long stands still."""

PROCESSED_WITHIN = timedelta(seconds=60)

Check = Callable[[], Awaitable[Finding]]
Look = Callable[[Session, datetime], Awaitable[Finding]]

TOLD_ELSEWHERE = frozenset({"canaries", "roster"})
"""What people hear of where it is found: in `alerts.canary.tick` and `alerts.shifts.tick`."""


@runtime_checkable
class Inlet(Protocol):
    """A way in of which the provider can be asked how it goes."""

    async def lag(self) -> timedelta:
        """How long what comes in has been waiting; zero when nothing waits. Raises `SendError`
        when the provider cannot be asked."""


def plan_of(settings: Settings) -> Plan:
    """The canaries that the settings ask for. A trial has none unless it is told to."""
    asked = "canary_minutes" in settings.model_fields_set
    if settings.canary_minutes <= 0 or (settings.is_trial and not asked):
        return Plan()
    chat = settings.canary_telegram
    return Plan(
        every=timedelta(minutes=settings.canary_minutes),
        sms=_round_of(settings) if settings.has_twilio else None,
        telegram=Endpoint(Channel.TELEGRAM, chat) if chat else None,
    )


def _round_of(settings: Settings) -> SmsRound | None:
    """From the first of our numbers to another one of ours, and back; None with one alone."""
    ours = dict(numbers_of(settings))
    calls = next(iter(ours), None)
    if settings.twilio_from_urgent:
        ours.setdefault(settings.twilio_from_urgent, URGENT_SMS)
    others = [number for number in ours if number != calls]
    answers = settings.canary_sms or settings.twilio_from_urgent or next(iter(others), "")
    if answers == calls or not NUMBER.fullmatch(answers):
        # A short code can be written to by nobody whose provider is another one.
        return None
    # A messaging service picks a number by itself, so the page cannot be sent back to it.
    return SmsRound(calls, answers, None if calls is None else ours.get(answers))


class Checks:
    """What is looked at. `vital` ones decide whether this platform can serve at all; the others
    are for people, and no proxy may take the web away because of them."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        # Never the clock that a trial moves: leases do not follow it.
        self._beat_seen = Clock().now()
        self.vital: Mapping[str, Check] = {
            "database": self._schema,
            "clock": self._beats,
            "lane": self._of(findings.lane),
        }
        self.warnings: Mapping[str, Check] = {
            "senders": self._of(findings.broken),
            "inbox": self._of(unprocessed),
            "unsettled": self._of(findings.unsettled),
            "cases": self._of(findings.cases),
            "canaries": self._of(findings.canaries),
            "roster": self._of(roster),
        }

    @property
    def told(self) -> Mapping[str, Check]:
        """Those of which people are told by `alerts.canary.texts.PROBLEMS`."""
        every = {**self.vital, **self.warnings}
        return {name: check for name, check in every.items() if name not in TOLD_ELSEWHERE}

    def _of(self, look: Look) -> Check:
        async def check() -> Finding:
            async with self._database.read() as session:
                return await look(session, self._clock.now())

        return check

    async def _schema(self) -> Finding:
        return Finding(await is_current(self._database))

    async def _beats(self) -> Finding:
        """No beat at all is borne with for a while: the clock is only just being started."""
        async with self._database.read() as session:
            age = await since_beat(session)
        now = Clock().now()
        if age is None:
            age = now - self._beat_seen
        else:
            self._beat_seen = now - age
        return Finding(age <= STILL_AFTER, {"seconds": int(age.total_seconds())})


async def since_beat(session: Session) -> timedelta | None:
    """How long ago the clock beat last, by the clock by which leases are given, which nobody
    moves; None when it never has."""
    until = await session.scalar(select(lease.c.until).where(lease.c.name == BEATS))
    if not isinstance(until, datetime):
        return None
    now = Clock().now()
    if not session.is_sqlite:
        now = await session.scalar(select(func.clock_timestamp(type_=DateTime(timezone=True))))
    return max(now - (until - BEAT_LASTS), timedelta())


async def roster(session: Session, now: datetime) -> Finding:
    """Whether somebody is on duty now."""
    return Finding(not await roster_gap(session, now))


async def unprocessed(session: Session, now: datetime) -> Finding:
    """Whether what arrived is processed, or waits for its next try."""
    return await findings.aged(
        session,
        inbound.c.next_try_at,
        now,
        inbound,
        inbound.c.state == InboundState.STORED,
        inbound.c.next_try_at <= now - PROCESSED_WITHIN,
    )


class SelfWatch:
    """Looks, tells people, and gives the sign of life."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        clock: Clock,
        checks: Checks,
        inlet: object = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._checks = checks
        self._plan = plan_of(settings)
        self._inlet = inlet if isinstance(inlet, Inlet) else None
        self._url = settings.deadman_url
        self._since = self._looked = clock.now()

    def wind(self, ticker: Ticker) -> None:
        """Have the ticker call all of it, in one process of all."""
        ticker.every(LOOK_EVERY, "self_watch", self.look)
        ticker.every(TIDY_EVERY, "self_watch.tidy", self.tidy)
        if self._url:
            ticker.every(PING_EVERY, "deadman", self.ping)

    async def look(self) -> None:
        """Look at canaries and at what stands still, and tell people."""
        for step in (self._canaries, self._tell):
            try:
                await step()
            except Exception as error:
                # One must not keep the other from being told.
                log.error("watch.failed", step=step.__name__, error=type(error).__name__)

    async def tidy(self) -> None:
        """Take old canaries away."""
        async with self._database.write() as session:
            await tick.tidy(session, self._clock.now())

    async def ping(self) -> None:
        """Tell the address outside that all is well; when it is not, that address misses us."""
        found = await find(self._checks.vital)
        bad = [name for name, finding in found.items() if not finding.good]
        if bad:
            log.warning("deadman.withheld", because=" ".join(bad))
        elif self._url:
            await ping(self._url)

    async def _canaries(self) -> None:
        if not self._plan.channels:
            return
        now = self._clock.now()
        if abs(now - self._looked) > LIMIT:
            # Nobody looked for long, or the clock was moved: what flew meanwhile says nothing.
            self._since = now
        self._looked = now
        async with self._database.write() as session:
            await tick.begin_due(session, self._plan, self._since, now)
        way_in = await self._way_in()
        async with self._database.write() as session:
            await tick.judge(session, self._plan, self._since, self._clock.now(), way_in=way_in)

    async def _way_in(self) -> bool | None:
        """Whether arrivals come in from Telegram; asked only while its canary is out."""
        if self._inlet is None:
            return None
        async with self._database.read() as session:
            if not await tick.is_out(session, Channel.TELEGRAM):
                return None
        try:
            return await self._inlet.lag() <= WAY_IN
        except SendError as error:
            log.warning("watch.inlet_unknown", failure=error.failure)
            return False

    async def _tell(self) -> None:
        found = await find(self._checks.told)
        if all(finding.good for finding in found.values()):
            async with self._database.read() as session:
                if not await service.is_remembered(session, found):
                    return
        now = self._clock.now()
        async with self._database.write() as session:
            people = await service.coordinators(session, now)
            for name, finding in found.items():
                await service.follow_trouble(session, name, people, now, bad=not finding.good)


async def find(checks: Mapping[str, Check]) -> dict[str, Finding]:
    """What these checks find now; one that cannot look has found nothing good."""
    return {name: await _found(name, check) for name, check in checks.items()}


async def _found(name: str, check: Check) -> Finding:
    try:
        return await check()
    except Exception as error:
        # Only the kind: the text of a database's error may hold an address or a value.
        log.warning("watch.check_failed", check=name, error=type(error).__name__)
        return Finding(False)


async def ping(url: str, seconds: float = PING_SECONDS) -> bool:
    """GET `url`; whether it answered well. What fails is logged by its kind alone: the address
    itself may be a secret."""
    # Here, because commands load this module too, and none of them asks anybody.
    import ssl

    import certifi
    from aiohttp import ClientSession, ClientTimeout

    trust = ssl.create_default_context(cafile=certifi.where())
    try:
        async with (
            asyncio.timeout(seconds),
            ClientSession(timeout=ClientTimeout(total=seconds)) as client,
            client.get(url, ssl=trust, allow_redirects=False) as answer,
        ):
            good = answer.status < 400
            if not good:
                log.warning("deadman.refused", status=answer.status)
            return good
    except Exception as error:
        log.warning("deadman.unreachable", error=type(error).__name__)
        return False
