"""What becomes of a message after Twilio took it, and how the application hears of it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum

from aiohttp import ClientError

from tests.standins.records import SentSms
from tests.standins.twilio_answers import Standing

FAILED = frozenset({"undelivered", "failed"})


class Telling(StrEnum):
    """How the status callbacks of a message come."""

    ONCE = "once"
    TWICE = "twice"
    REVERSED = "reversed"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Fate:
    """The statuses of a message, `after` seconds apart.

    The application is told of each at once, or `late` seconds after the last; in reverse always
    after the last. `error_code` belongs to "undelivered" and "failed".
    """

    statuses: tuple[str, ...] = ("sent", "delivered")
    error_code: int | None = None
    told: Telling = Telling.ONCE
    after: float = 0
    late: float = 0

    @property
    def standings(self) -> tuple[Standing, ...]:
        """How far the message comes, in order."""
        return tuple(
            Standing(status, self.error_code if status in FAILED else None)
            for status in self.statuses
        )

    @property
    def at_once(self) -> bool:
        """Whether each status is told when it comes to be."""
        return self.told in {Telling.ONCE, Telling.TWICE} and not self.late

    def tellings(self, standings: tuple[Standing, ...]) -> tuple[Standing, ...]:
        """These statuses as the application is told of them."""
        match self.told:
            case Telling.NEVER:
                return ()
            case Telling.REVERSED:
                return standings[::-1]
            case Telling.TWICE:
                return tuple(standing for standing in standings for _ in range(2))
            case Telling.ONCE:
                return standings


DELIVERED = Fate()
UNREACHABLE = Fate(("sent", "undelivered"), 30003)
UNKNOWN_NUMBER = Fate(("sent", "undelivered"), 30005)
FILTERED = Fate(("sent", "undelivered"), 30007)


@dataclass(frozen=True, slots=True)
class Course:
    """How things go with Twilio, as another process sets it by `POST /control/course`.

    `fate` is that of every message, `fates` those of the messages to one number. `stops` are pairs
    of a person's number and the sender that they wrote STOP to. `rate` is segments a second.
    """

    fate: Fate | None = None
    fates: dict[str, Fate] = field(default_factory=dict)
    stops: tuple[tuple[str, str], ...] = ()
    rate: float | None = None


class Lives:
    """The messages whose fate comes to pass; `tell` calls the application back."""

    def __init__(self, tell: Callable[[SentSms, Standing], Awaitable[object]]) -> None:
        self.fate: Fate | None = None
        self.fates: dict[str, Fate] = {}
        self.standings: dict[str, Standing] = {}
        self._tell = tell
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, sms: SentSms) -> None:
        """Let a message go its way, if it has a fate."""
        fate = self.fates.get(sms.to, self.fate)
        if fate is None:
            return
        task = asyncio.create_task(self._live(sms, fate))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def over(self) -> None:
        """Return once every fate has come to pass and was told."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def cancel(self) -> None:
        """Let nothing more come to pass."""
        for task in self._tasks:
            task.cancel()

    async def _live(self, sms: SentSms, fate: Fate) -> None:
        for standing in fate.standings:
            await asyncio.sleep(fate.after)
            self.standings[sms.sid] = standing
            if fate.at_once:
                await self._tell_of(sms, fate.tellings((standing,)))
        if not fate.at_once:
            await asyncio.sleep(fate.late)
            await self._tell_of(sms, fate.tellings(fate.standings))

    async def _tell_of(self, sms: SentSms, standings: tuple[Standing, ...]) -> None:
        if sms.status_callback is None:
            return
        for standing in standings:
            # Twilio does not try again when nobody listens.
            with suppress(ClientError):
                await self._tell(sms, standing)
