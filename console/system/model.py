"""What the page of the system shows, and the port through which the rest of the platform tells it.

Names of our own, counts, ages and kinds of errors: never a number, a name, a word of anybody, nor a
secret. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from staff.model import Member

MOST = 1_000
"""So far rows are counted; there are more when there is one further."""


class Pace(StrEnum):
    """How a sender goes."""

    WORKS = "works"
    STUMBLES = "stumbles"
    """It was refused lately; a few times more and it counts as out of order."""
    BLOCKED = "blocked"
    """Its provider lets nothing pass until an instant."""
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Sender:
    """A bot or a number of ours by the name that we gave it. `rate` a second; `held_until`: bulk
    stands back for what is urgent."""

    name: str
    channel: str
    rate: float
    urgent_only: bool
    pace: Pace
    blocked_until: datetime | None
    broken_at: datetime | None
    broken_code: str
    failures: int
    held_until: datetime | None


@dataclass(frozen=True, slots=True)
class Queue:
    """What of a lane may leave now and has not: how many (`MOST` + 1: more than that), and since
    when the oldest waits."""

    lane: str
    due: int
    oldest: datetime | None
    uncertain: int


@dataclass(frozen=True, slots=True)
class Running:
    """A run that is under way: how many of its rows wait, and how many there are."""

    campaign_id: int
    state: str
    waiting: int
    rows: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is wrong: the key of a sentence, since when if it is known, how many."""

    key: str
    since: datetime | None
    rows: int | None


@dataclass(frozen=True, slots=True)
class Failed:
    """An arrival that could not be processed, or a job that was given up. `error` is its kind."""

    id: int
    what: str
    at: datetime
    attempts: int
    error: str


@dataclass(frozen=True, slots=True)
class Canary:
    """The last canary of a channel; `done_at` None: it is out, or `missing`."""

    channel: str
    started_at: datetime
    done_at: datetime | None
    missing: bool


@dataclass(frozen=True, slots=True)
class Process:
    """A process that says that it lives, by the clock of the server."""

    role: str
    seen_at: datetime
    lives: bool


@dataclass(frozen=True, slots=True)
class Store:
    """The database: its kind, its size in bytes, and the room that is left where it lies, None
    where this machine does not know."""

    kind: str
    size: int
    free: int | None
    whole: int | None


@dataclass(frozen=True, slots=True)
class Jobs:
    """Jobs that wait, run, and were given up: of separate processes."""

    queued: int
    running: int
    failed: int


@dataclass(frozen=True, slots=True)
class Look:
    """Everything at an instant. `jobs` is None where they are kept in memory, `beat_seconds` where
    the clock has never beaten."""

    at: datetime
    troubles: Sequence[Trouble]
    senders: Sequence[Sender]
    queues: Sequence[Queue]
    runs: Sequence[Running]
    arrivals_failed: int
    arrivals: Sequence[Failed]
    letters: int
    jobs: Jobs | None
    jobs_failed: Sequence[Failed]
    canaries: Sequence[Canary]
    processes: Sequence[Process]
    beat_seconds: int | None
    store: Store
    is_current: bool
    version: str
    started_at: datetime
    together: bool
    """Whether one process does everything."""

    @property
    def well(self) -> bool:
        """Whether nothing is wrong."""
        return not self.troubles


class System(Protocol):
    """What the composition root knows."""

    async def look(self, by: Member, now: datetime) -> Look:
        """Everything, at most a few seconds old. `by` must have SEE_SYSTEM."""

    async def retry_arrivals(self, by: Member, now: datetime) -> int:
        """Have arrivals that failed processed again; gives how many. `by` must supervise."""

    async def retry_jobs(self, by: Member, now: datetime) -> int:
        """Queue jobs that were given up again; gives how many. `by` must supervise."""
