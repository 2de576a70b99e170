"""What is wrong with the platform now, as the home page of staff shows it."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from app.selfwatch import Checks, find
from kit.clock import Clock
from locales.text import _

FRESH = timedelta(seconds=15)
"""So long what was found is shown again: ten people may have the page open."""

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "database": _("console.home.alarm.database"),
        "clock": _("console.home.alarm.clock"),
        "lane": _("console.home.alarm.lane"),
        "senders": _("console.home.alarm.senders"),
        "inbox": _("console.home.alarm.inbox"),
        "unsettled": _("console.home.alarm.unsettled"),
        "cases": _("console.home.alarm.cases"),
        "canaries": _("console.home.alarm.canaries"),
        "roster": _("console.home.alarm.roster"),
    }
)
"""By the name of a check of `app.selfwatch.Checks`."""


class SelfWatchAlarms:
    """What `console.home.needs.Alarms` asks for."""

    def __init__(self, checks: Checks, clock: Clock) -> None:
        self._checks = checks
        self._clock = clock
        self._found: tuple[str, ...] = ()
        self._found_at = clock.now() - FRESH

    async def now(self) -> tuple[str, ...]:
        """A sentence for each thing that is wrong."""
        now = self._clock.now()
        # The clock of a trial may have been put back, too.
        if abs(now - self._found_at) >= FRESH:
            found = await find({**self._checks.vital, **self._checks.warnings})
            self._found = tuple(SENTENCES[name] for name, one in found.items() if not one.good)
            self._found_at = now
        return self._found
