"""What a campaign that repeats comes to in a week. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from campaigns.conduct import WEEK
from campaigns.schedule.calendar import Calendar
from campaigns.schedule.model import Cron, Every, Schedule
from campaigns.schedule.occurrences import Occurrence, between, instants
from campaigns.sheet.prices import Cost, Prices, cost_of
from kit.wall import instant_of, shown

MOST = 24 * 7 + 1
"""Nothing leaves more often than once an hour, and an hour may come twice."""

_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Week:
    """The seven days from its next time on: how many `times` it leaves, none when it has ended,
    and what they cost together, at the most: a time may be overtaken by the one after it."""

    times: int
    cost: Cost


def week_of(
    schedule: Schedule,
    first: Occurrence | None,
    zones: Collection[str],
    calendar: Calendar,
    segments: Mapping[str, int],
    prices: Prices,
) -> Week | None:
    """The week from `first` on, each time to as many `segments` by country; None for a campaign
    that leaves once, and for a series, whose people of a week are what its sheet counts."""
    if not isinstance(schedule, Cron | Every):
        return None
    times = 0
    if first is not None:
        times = len(between(schedule, first, _over(schedule, first, zones), zones, calendar, MOST))
    all_times = {country: times * number for country, number in segments.items()}
    return Week(times, cost_of(all_times, prices))


def _over(schedule: Cron | Every, first: Occurrence, zones: Collection[str]) -> datetime:
    """The last moment of seven days by the clock that the schedule goes by: with a change of the
    clock they are not 168 hours."""
    if first.local is not None:
        return min(instants(replace(first, local=first.local + WEEK), zones).values()) - _MOMENT
    if schedule.zone is None:
        return first.due_at + WEEK - _MOMENT
    return instant_of(shown(first.due_at, schedule.zone) + WEEK, schedule.zone) - _MOMENT
