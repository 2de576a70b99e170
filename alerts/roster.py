"""Who is paged, and in which order."""

from collections.abc import Sequence
from dataclasses import dataclass

from staff.model import Member, Role

CALLED = (Role.DUTY, Role.COORDINATOR, Role.ADMIN)
"""The roles that can be paged: those on duty first, the wide circle after them."""


@dataclass(frozen=True, slots=True)
class Roster:
    """The people on duty, and the circle that is called when they do not answer."""

    on_duty: tuple[Member, ...]
    wide: tuple[Member, ...]

    @property
    def order(self) -> tuple[Member, ...]:
        """Everybody who can be paged, in order."""
        return self.on_duty + self.wide


def roster_of(members: Sequence[Member]) -> Roster:
    """The roster from those who are active and can be reached."""
    reachable = [member for member in members if member.active and member.endpoints]
    return Roster(
        on_duty=tuple(member for member in reachable if member.role is Role.DUTY),
        wide=tuple(member for role in CALLED[1:] for member in reachable if member.role is role),
    )
