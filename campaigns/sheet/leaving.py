"""When the first and the last message of a campaign leave, in each time zone. Pure.

A reckoning, not a promise: other campaigns and answers to people use the same senders, a provider
may be slow, and people may join meanwhile. Rows that are due first leave first, each channel at
the share of its senders' rate that bulk may use, and nobody outside the hours of their own clock.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from campaigns.schedule.calendar import Calendar
from campaigns.schedule.model import Now, Schedule
from campaigns.schedule.occurrences import Occurrence, instants, next_occurrence
from delivery.pacing import BULK_SHARE
from delivery.quiet import Hours, opening
from kit import wall
from kit.channels import Channel

MOST_STRETCHES = 5_000
"""Stretches of sending that are reckoned: more than a year of days in thirty zones and no end of
it means that nobody can say when the last one leaves."""


@dataclass(frozen=True, slots=True)
class Load:
    """What is to leave by one channel for the people of a zone: messages, and the units (segments
    of an SMS) that the sender's rate counts. None of it before `due_at`."""

    zone: str
    channel: Channel
    messages: int
    units: float
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Leaving:
    """When messages leave for the people of a zone (instants in UTC).

    `last` is None where nobody can say: a channel without a sender, or far too much for one.
    `late` are messages that would be too old by their turn, and so would not leave.
    """

    zone: str
    messages: int
    first: datetime | None
    last: datetime | None
    late: int = 0


def occurrence_of(
    schedule: Schedule, now: datetime, zones: Iterable[str], calendar: Calendar
) -> Occurrence | None:
    """The next firing; for one that leaves when somebody starts it, as if that were now."""
    if isinstance(schedule, Now):
        return Occurrence(now, None)
    return next_occurrence(schedule, now, tuple(zones), calendar)


def due_by_zone(
    occurrence: Occurrence, zones: Iterable[str], now: datetime, hours: Hours | None
) -> dict[str, datetime]:
    """When the first message for each zone may leave: never before now, nor in quiet hours."""
    due = instants(occurrence, tuple(zones))
    return {zone: opened(max(at, now), zone, hours) for zone, at in due.items()}


def seconds(channel_units: float, rate: float) -> float | None:
    """How long so many messages (segments of an SMS) take when they may leave day and night."""
    return channel_units / (rate * BULK_SHARE) if rate > 0 else None


def leaving(
    loads: Iterable[Load],
    rates: Mapping[Channel, float],
    hours: Hours | None,
    stale_at: Mapping[str, datetime] = MappingProxyType({}),
) -> tuple[Leaving, ...]:
    """By zone, in the order in which they begin. `rates` are units a second of all the senders of
    a channel; without `hours` messages leave at any time. `stale_at` says by zone from when on
    nothing leaves any more."""
    by_channel: dict[Channel, list[Load]] = {}
    for load in loads:
        if load.messages:
            by_channel.setdefault(load.channel, []).append(load)
    parts = [
        part
        for channel, found in by_channel.items()
        for part in _Line(rates.get(channel, 0) * BULK_SHARE, hours, stale_at).leave(found)
    ]
    zones: dict[str, list[Leaving]] = {}
    for part in parts:
        zones.setdefault(part.zone, []).append(part)
    return tuple(sorted((_joined(found) for found in zones.values()), key=_begins))


def _begins(one: Leaving) -> tuple[bool, datetime | None, str]:
    return one.first is None, one.first, one.zone


def _joined(parts: list[Leaving]) -> Leaving:
    """What leaves for a zone by all channels."""
    firsts = [part.first for part in parts if part.first is not None]
    lasts = [part.last for part in parts if part.last is not None]
    return Leaving(
        parts[0].zone,
        sum(part.messages for part in parts),
        min(firsts, default=None),
        max(lasts) if len(lasts) == len(parts) else None,
        sum(part.late for part in parts),
    )


@dataclass(slots=True)
class _Waiting:
    load: Load
    units: float
    at: datetime
    first: datetime | None = None


class _Line:
    """The senders of one channel as one line, in which those who are due first stand first."""

    def __init__(self, rate: float, hours: Hours | None, stale_at: Mapping[str, datetime]) -> None:
        self._rate = rate
        self._hours = hours
        self._stale_at = stale_at

    def leave(self, loads: list[Load]) -> list[Leaving]:
        waiting = [_Waiting(load, load.units, load.due_at) for load in loads]
        if self._rate <= 0:
            return [Leaving(one.load.zone, one.load.messages, None, None) for one in waiting]
        found: list[Leaving] = []
        at = min(one.at for one in waiting)
        for _ in range(MOST_STRETCHES):
            if not waiting:
                return found
            at = max(at, min(one.at for one in waiting))
            ready = [one for one in waiting if one.at <= at]
            one = min(ready, key=lambda one: (one.load.due_at, one.load.zone))
            stale_at = self._stale_at.get(one.load.zone)
            if stale_at is not None and at >= stale_at:
                waiting.remove(one)
                found.append(self._cut(one))
                continue
            one.at = opened(at, one.load.zone, self._hours)
            if one.at > at:
                # Its day ended while it stood in line.
                continue
            one.first = one.first or at
            over = at + timedelta(seconds=one.units / self._rate)
            stop = min(over, self._closing(at, one.load.zone), stale_at or over)
            if stop >= over:
                waiting.remove(one)
                found.append(Leaving(one.load.zone, one.load.messages, one.first, over))
            one.units -= (stop - at).total_seconds() * self._rate
            one.at = opened(stop, one.load.zone, self._hours)
            at = stop
        return found + [
            Leaving(one.load.zone, one.load.messages, one.first, None) for one in waiting
        ]

    def _cut(self, one: _Waiting) -> Leaving:
        """What was not sent in time."""
        late = min(one.load.messages, round(one.load.messages * one.units / one.load.units))
        last = None if one.first is None else self._stale_at.get(one.load.zone)
        return Leaving(one.load.zone, one.load.messages, one.first, last, late)

    def _closing(self, at: datetime, zone: str) -> datetime:
        """When the hours of a zone, which are open at `at`, end."""
        if self._hours is None:
            return datetime.max.replace(tzinfo=at.tzinfo)
        day = wall.shown(at, zone).date()
        return wall.instant_of(datetime.combine(day, self._hours.closes), zone)


def opened(at: datetime, zone: str, hours: Hours | None) -> datetime:
    """The first instant from `at` on at which a message may leave for a zone."""
    return at if hours is None else opening(at, zone, hours)
