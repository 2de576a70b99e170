"""What a schedule needs of whoever can read cron expressions."""

from datetime import datetime
from typing import Protocol


class Calendar(Protocol):
    """Reads cron expressions of five fields, on a wall clock that knows no change.

    What a change of the clock makes of a time is decided in `campaigns.schedule.model`.
    """

    def check(self, expression: str) -> bool:
        """Whether this is an expression at all."""
        ...

    def next_match(self, expression: str, after: datetime) -> datetime | None:
        """The first naive time strictly after `after`; None when there is none within years.

        Raises ValueError when `check` would say no.
        """
        ...


class NoCalendar:
    """A `Calendar` without a single day: what is written as a cron expression never leaves."""

    def check(self, expression: str) -> bool:
        del expression
        return False

    def next_match(self, expression: str, after: datetime) -> datetime | None:
        del expression, after
        return None
