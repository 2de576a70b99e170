"""Who can be paged at an instant: those on duty, who comes after them, and the wide circle."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from staff.model import Member, Role

CALLED = (Role.DUTY, Role.COORDINATOR, Role.ADMIN)
"""The roles that can be paged."""


@dataclass(frozen=True, slots=True)
class Duty:
    """What the rotas say of an instant, by the ids of members: who is on duty, who comes next, and
    who has which rota by its name."""

    now: tuple[int, ...] = ()
    coming: tuple[int, ...] = ()
    rotas: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Roster:
    """People who can be reached, each once. `wide` begins with the coordinators."""

    on_duty: tuple[Member, ...]
    coming: tuple[Member, ...]
    wide: tuple[Member, ...]
    rotas: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def order(self) -> tuple[Member, ...]:
        """Everybody who can be paged, in order."""
        return self.on_duty + self.coming + self.wide


def roster_of(members: Sequence[Member], duty: Duty | None = None) -> Roster:
    """The roster from those who are active and can be reached.

    Without any rota (`duty` is None) everybody with the role is on duty, always. With rotas, those
    whose hour it is not are in the wide circle.
    """
    reachable = {one.id: one for one in members if one.active and one.methods}
    if duty is None:
        duty = Duty(now=tuple(one.id for one in reachable.values() if one.role is Role.DUTY))
    circle = sorted(
        (one for one in reachable.values() if one.role in CALLED),
        key=lambda one: (_NEARNESS[one.role], one.id),
    )
    taken: set[int] = set()

    def those(ids: Iterable[int]) -> tuple[Member, ...]:
        fresh = [id_ for id_ in dict.fromkeys(ids) if id_ in reachable and id_ not in taken]
        taken.update(fresh)
        return tuple(reachable[id_] for id_ in fresh)

    on_duty, coming = those(duty.now), those(duty.coming)
    return Roster(on_duty, coming, those(one.id for one in circle), duty.rotas)


_NEARNESS = {Role.COORDINATOR: 0, Role.DUTY: 1, Role.ADMIN: 2}
"""In the wide circle: coordinators, then who is off duty, then those who run the platform."""
