"""Who can be paged at an instant: those on duty, who comes after them, and all others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from alerts.shifts.rota import Plan, next_up, on_duty
from staff.model import Member, Role

CALLED = (Role.DUTY, Role.COORDINATOR, Role.ADMIN)
"""The roles that can be paged."""


@dataclass(frozen=True, slots=True)
class Duty:
    """What the rotas say of an instant, by the ids of members: who is on duty, who comes next, and
    who has which rota by its name. Only members whose role is in `CALLED` have shifts."""

    now: tuple[int, ...] = ()
    coming: tuple[int, ...] = ()
    rotas: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Roster:
    """People who can be reached, each once: who is on duty and comes next too counts as on duty.
    `others` begin with the coordinators."""

    on_duty: tuple[Member, ...]
    coming: tuple[Member, ...]
    others: tuple[Member, ...]
    rotas: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def everybody(self) -> tuple[Member, ...]:
        """Everybody who can be paged, those who are nearest first."""
        return self.on_duty + self.coming + self.others


def duty_at(plan: Plan, now: datetime) -> Duty | None:
    """What the rotas say of an instant; None while no rota has begun."""
    if not plan.in_force(now):
        return None
    here = on_duty(plan, now)
    names = {one.id: one.name for one in plan.rotas}
    rotas: dict[str, tuple[int, ...]] = {}
    for shift in here:
        name = names[shift.rota_id]
        rotas[name] = (*rotas.get(name, ()), shift.member_id)
    coming = tuple(shift.member_id for shift in next_up(plan, now))
    return Duty(tuple(shift.member_id for shift in here), coming, rotas)


def roster_of(members: Sequence[Member], duty: Duty | None = None) -> Roster:
    """The roster from those who are active and can be reached.

    Without any rota (`duty` is None) everybody whose role is `duty` is on duty, always. With rotas,
    those whose hour it is not are among the others.
    """
    reachable = {one.id: one for one in members if one.active and one.methods}
    if duty is None:
        duty = Duty(now=tuple(one.id for one in reachable.values() if one.role is Role.DUTY))
    called = sorted(
        (one for one in reachable.values() if one.role in CALLED),
        key=lambda one: (_NEARNESS[one.role], one.id),
    )
    taken: set[int] = set()

    def those(ids: Iterable[int]) -> tuple[Member, ...]:
        fresh = [id_ for id_ in dict.fromkeys(ids) if id_ in reachable and id_ not in taken]
        taken.update(fresh)
        return tuple(reachable[id_] for id_ in fresh)

    on_duty, coming = those(duty.now), those(duty.coming)
    return Roster(on_duty, coming, those(one.id for one in called), duty.rotas)


_NEARNESS = {Role.COORDINATOR: 0, Role.DUTY: 1, Role.ADMIN: 2}
"""Among the others: coordinators, then who is off duty, then those who run the platform."""
