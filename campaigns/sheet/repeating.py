"""What a campaign that repeats comes to in a week. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from campaigns.conduct import WEEK
from campaigns.schedule.calendar import Calendar
from campaigns.schedule.model import Cron, Every, Schedule
from campaigns.schedule.occurrences import Occurrence, between
from campaigns.sheet.prices import Cost, Prices, cost_of

MINUTES = WEEK // timedelta(minutes=1)
"""More times than these there are not in a week."""

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
        until = first.due_at + WEEK - _MOMENT
        times = len(between(schedule, first, until, zones, calendar, MINUTES))
    all_times = {country: times * number for country, number in segments.items()}
    return Week(times, cost_of(all_times, prices))
