"""Who is on duty at any instant, from a plan and a time.

The members of a rota take turns. A turn begins at the handover of a local day and lasts so many
local days: a change of the clocks makes it longer or shorter and moves no handover. A shift is
what somebody has of a turn: the hours that the rota covers, without holidays, and as the overrides
say. It never reaches past its turn, so somebody who is alone in a rota has a shift for each.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from alerts.shifts.wall import DAY, days, instant

MIDNIGHT = time()
NIGHT_ENDS = time(5)
"""Who is on duty at any time between midnight and this hour has had a night."""

FARTHEST = 400
"""So many days ahead somebody is looked for who comes after."""

Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Rota:
    """Whose turn it is. `every` counts days: 1 is daily, 7 weekly. The first begins on `since`.

    `covers` are the only hours of each local day, which may pass midnight; None is all day. With
    `holidays` it works on holidays too; if not, what begins on one is left out.
    """

    id: int
    name: str
    members: tuple[int, ...]
    since: date
    every: int
    handover: time
    zone: str
    covers: tuple[time, time] | None = None
    holidays: bool = True

    def turn_begins(self, turn: int) -> datetime:
        """When a turn begins, in UTC; the first is 0."""
        return instant(self.since + turn * self.every * DAY, self.handover, self.zone)


@dataclass(frozen=True, slots=True)
class Override:
    """Who is on duty in a stretch of time, whatever the rota says; None is nobody."""

    rota_id: int
    member_id: int | None
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """All rotas. Of two overrides the later in the tuple wins.

    `absent` are people who cannot be on duty although they are planned: they have left, or there
    is no way to reach them. Their shifts are nobody's.
    """

    rotas: tuple[Rota, ...] = ()
    overrides: tuple[Override, ...] = ()
    holidays: frozenset[date] = frozenset()
    absent: frozenset[int] = frozenset()

    def in_force(self, now: datetime) -> bool:
        """Whether any rota has begun. Until then everybody whose role is duty is on duty."""
        return any(rota.turn_begins(0) <= now for rota in self.rotas)


@dataclass(frozen=True, slots=True)
class Shift:
    """One person on duty from one instant (UTC) up to another."""

    rota_id: int
    member_id: int
    starts: datetime
    ends: datetime


def shifts(plan: Plan, start: datetime, end: datetime) -> tuple[Shift, ...]:
    """The shifts that touch a stretch of time, in order, each in its whole length.

    Those of one rota never overlap.
    """
    found = [
        shift
        for rota in plan.rotas
        for shift in _of_rota(plan, rota, start, end)
        if shift.starts < end and start < shift.ends and shift.member_id not in plan.absent
    ]
    return tuple(sorted(found, key=lambda shift: (shift.starts, shift.rota_id)))


def on_duty(plan: Plan, now: datetime) -> tuple[Shift, ...]:
    """The shifts that are on."""
    return shifts(plan, now, now + datetime.resolution)


def next_up(plan: Plan, now: datetime) -> tuple[Shift, ...]:
    """For each rota the shift that comes next, of another person than the present one if any."""
    found = []
    for rota in plan.rotas:
        of_rota = replace(plan, rotas=(rota,))
        present = on_duty(of_rota, now)
        later = _later(of_rota, rota, present[0].ends if present else now)
        others = (one for one in later if not present or one.member_id != present[0].member_id)
        following = next(others, later[0] if later else None)
        found += [following] if following else []
    return tuple(found)


def substitutes(plan: Plan, shift: Shift) -> tuple[int, ...]:
    """Who can take a shift over, the best first: who follows in the rota, its other members, who
    is on duty in another rota at that time, the members of the other rotas."""
    own = [rota for rota in plan.rotas if rota.id == shift.rota_id]
    rest = [rota for rota in plan.rotas if rota.id != shift.rota_id]
    ids = [
        later.member_id
        for rota in own
        for later in _later(replace(plan, rotas=(rota,)), rota, shift.ends)
    ]
    ids += [member for rota in own for member in rota.members]
    ids += [one.member_id for one in on_duty(replace(plan, rotas=tuple(rest)), shift.starts)]
    ids += [member for rota in rest for member in rota.members]
    unfit = plan.absent | {shift.member_id}
    return tuple(member for member in dict.fromkeys(ids) if member not in unfit)


def gaps(plan: Plan, start: datetime, end: datetime) -> tuple[Stretch, ...]:
    """When nobody of any rota is on duty, from the beginning of the first rota on.

    Without a rota there is no gap: see `Plan.in_force`.
    """
    if not plan.rotas:
        return ()
    start = max(start, min(rota.turn_begins(0) for rota in plan.rotas))
    empty = [(start, end)] if start < end else []
    for shift in shifts(plan, start, end):
        empty = _without(empty, shift.starts, shift.ends)
    return tuple(empty)


def nights_of(found: Iterable[Shift], member_id: int, zone: str) -> frozenset[date]:
    """The nights in which somebody is on duty, each by the day on which it ends, by the clock of a
    zone."""
    return frozenset(
        night
        for shift in found
        if shift.member_id == member_id
        for night in days(shift.starts, shift.ends, zone)
        if shift.starts < instant(night, NIGHT_ENDS, zone)
        and instant(night, MIDNIGHT, zone) < shift.ends
    )


def nights_in_a_row(found: Iterable[Shift], member_id: int, zone: str) -> int:
    """The most nights that somebody is on duty one after the other, by the clock of a zone."""
    nights = nights_of(found, member_id, zone)
    most = run = 0
    for night in sorted(nights):
        run = run + 1 if night - DAY in nights else 1
        most = max(most, run)
    return most


def _of_rota(plan: Plan, rota: Rota, start: datetime, end: datetime) -> list[Shift]:
    overrides = [one for one in plan.overrides if one.rota_id == rota.id]
    # What an override says is whole only when the turns below all of it are known.
    touching = [one for one in overrides if one.starts < end and start < one.ends]
    first = min([start, *(one.starts for one in touching)])
    last = max([end, *(one.ends for one in touching)])
    found = _by_turns(rota, plan.holidays, first, last)
    first = min([first, *(one.starts for one in found)])
    last = max([last, *(one.ends for one in found)])
    for override in overrides:
        if override.starts < last and first < override.ends:
            found = _overridden(found, override)
    return found


def _by_turns(rota: Rota, holidays: frozenset[date], start: datetime, end: datetime) -> list[Shift]:
    """What the turns that touch a stretch of time say, before any override."""
    found: list[Shift] = []
    if not rota.members:
        return found
    passed = (start.astimezone(ZoneInfo(rota.zone)).date() - rota.since).days
    turn = max(0, passed // rota.every - 1)
    begins = rota.turn_begins(turn)
    while begins < end:
        member = rota.members[turn % len(rota.members)]
        turn += 1
        ends = rota.turn_begins(turn)
        found += [Shift(rota.id, member, *hours) for hours in _hours(rota, holidays, begins, ends)]
        begins = ends
    return found


def _hours(
    rota: Rota, holidays: frozenset[date], begins: datetime, ends: datetime
) -> list[Stretch]:
    """The hours of one turn in which the rota works; days that touch are one stretch."""
    if rota.covers is None and (rota.holidays or not holidays):
        return [(begins, ends)] if begins < ends else []
    opens, closes = rota.covers or (MIDNIGHT, MIDNIGHT)
    found: list[Stretch] = []
    # A day may last 25 hours, and what covers passes midnight.
    for day in days(begins - 2 * DAY, ends, rota.zone):
        if day in holidays and not rota.holidays:
            continue
        last_day = day if opens < closes else day + DAY
        starts = max(begins, instant(day, opens, rota.zone))
        stops = min(ends, instant(last_day, closes, rota.zone))
        if found and found[-1][1] == starts < stops:
            found[-1] = (found[-1][0], stops)
        elif starts < stops:
            found.append((starts, stops))
    return found


def _overridden(found: list[Shift], override: Override) -> list[Shift]:
    """Shifts of a rota after an override. Who has a part of it already keeps their whole shift."""
    free: list[Stretch] = [(override.starts, override.ends)]
    kept = []
    for shift in found:
        if shift.ends <= override.starts or override.ends <= shift.starts:
            kept.append(shift)
        elif shift.member_id == override.member_id:
            free = _without(free, shift.starts, shift.ends)
            kept.append(shift)
        else:
            rest = _without([(shift.starts, shift.ends)], override.starts, override.ends)
            kept += [replace(shift, starts=starts, ends=ends) for starts, ends in rest]
    if override.member_id is not None:
        kept += [Shift(override.rota_id, override.member_id, *hours) for hours in free]
    return kept


def _later(plan: Plan, rota: Rota, at: datetime) -> list[Shift]:
    """The shifts of a rota that begin at an instant or after it, until each member had a turn."""
    whole_round = rota.every * (len(rota.members) + 1)
    # Most often the second turn answers; a month more passes over holidays and overrides.
    for reach in (2 * rota.every + 1, min(whole_round + 31, FARTHEST)):
        later = [one for one in shifts(plan, at, at + reach * DAY) if one.starts >= at]
        if len({one.member_id for one in later}) > 1:
            break
    return later


def _without(stretches: Iterable[Stretch], starts: datetime, ends: datetime) -> list[Stretch]:
    """What is left of stretches of time when one is taken out."""
    return [
        (first, last)
        for one in stretches
        for first, last in ((one[0], min(one[1], starts)), (max(one[0], ends), one[1]))
        if first < last
    ]
