"""The one place that asks for the time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """The time in UTC, plus an offset that tests and the trial mode may move.

    Whoever keeps a timer listens with `on_move`, so that a moved clock wakes it at once.
    """

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self._offset = offset
        self._listeners: list[Callable[[], None]] = []

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC) + self._offset

    @property
    def offset(self) -> timedelta:
        """How far this clock has been moved from the machine's."""
        return self._offset

    def move(self, by: timedelta) -> None:
        """Move the clock and tell every listener."""
        self._offset += by
        for listener in tuple(self._listeners):
            listener()

    def on_move(self, listener: Callable[[], None]) -> None:
        """Call `listener` after each move of the clock."""
        self._listeners.append(listener)

    def off_move(self, listener: Callable[[], None]) -> None:
        """Call it no more: whoever has ended must not be set to work again."""
        if listener in self._listeners:
            self._listeners.remove(listener)
