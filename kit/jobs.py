"""The port behind which jobs stand: a wake-up points at something due, and holds no data."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

Handler = Callable[[str], Awaitable[None]]
"""Takes the key of a wake-up, reads the tables, and works until nothing of it is due."""


@dataclass(frozen=True, slots=True)
class Wake:
    """Call the handler `job` with `key`, now or at an instant.

    It may be lost, come twice or come late: the tables are the truth and the reconciler asks them.
    """

    job: str
    key: str = ""
    at: datetime | None = None


class Jobs(Protocol):
    """Runs handlers when they are woken; one key of one job never runs twice at once."""

    def handler(self, job: str, handle: Handler) -> None:
        """Name the handler of a job, before `run`."""

    def enqueue(self, wake: Wake) -> None:
        """Wake a handler now. If it runs already, it runs once more afterwards."""

    def schedule(self, wake: Wake) -> None:
        """Wake a handler at `wake.at`."""

    async def run(self) -> None:
        """Work until `stop`."""

    async def stop(self) -> None:
        """Take nothing new, let what runs end."""
