"""What somebody did to an installation while it worked: what the audit has to know beside the
ledger and the providers' log."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kit.channels import Endpoint
from kit.clock import Clock

FOREVER = datetime.max.replace(tzinfo=Clock().now().tzinfo)


@dataclass(frozen=True, slots=True)
class Stop:
    """From `since` on nothing with these words may leave, until `until`."""

    words: str = field(repr=False)
    since: datetime
    until: datetime = FOREVER


@dataclass(slots=True)
class Diary:
    """Times are the machine's.

    `resent` counts how often somebody decided that an uncertain row goes again. `noes` is when
    somebody's no was confirmed. `rows` is how many rows a campaign must have. `rate` is how many
    messages a second a process may send. What is forbidden reaches every process within `obeys`.
    """

    rate: float
    obeys: timedelta = timedelta(seconds=2)
    kills: list[datetime] = field(default_factory=list)
    away: list[tuple[datetime, datetime]] = field(default_factory=list)
    resent: Counter[int] = field(default_factory=Counter)
    noes: dict[Endpoint, datetime] = field(default_factory=dict)
    stops: list[Stop] = field(default_factory=list)
    rows: dict[int, int] = field(default_factory=dict)

    def kill(self) -> None:
        """A process was killed now."""
        self.kills.append(Clock().now())

    @contextmanager
    def database_away(self) -> Iterator[None]:
        """The database does not answer meanwhile."""
        begun = Clock().now()
        try:
            yield
        finally:
            self.away.append((begun, Clock().now()))

    def disturbed(self, since: datetime, until: datetime) -> bool:
        """Whether a process may have died or not reached the database in between."""
        return any(since <= at <= until for at in self.kills) or any(
            begun <= until and ended >= since for begun, ended in self.away
        )
