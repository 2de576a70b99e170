"""Who is called for which case, in which order, and how long an owner has to act.

A policy is a ladder of steps. What comes after its last step is no part of it and cannot be
written away: everybody is called, again and again, until a named person owns the case.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from alerts.model import Kind, Urgency


class Who(StrEnum):
    """Whom a step calls."""

    ON_DUTY = "on_duty"
    NEXT = "next"
    ROTA = "rota"
    MEMBER = "member"
    ROLE = "role"
    EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True)
class Target:
    """One of a step's targets. `which` is the name of a rota or a role, or the id of a member."""

    who: Who
    which: str = ""


@dataclass(frozen=True, slots=True)
class PolicyStep:
    """Whom to call: all at once, or `one_by_one`; then to wait, without a time the usual one."""

    targets: tuple[Target, ...]
    wait: timedelta | None = None
    one_by_one: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """A ladder, and the cases that it is for: an empty set of kinds or urgencies means all.

    Who accepts must act and write it down within `lease`; each act gives `renewal` more.
    """

    name: str
    steps: tuple[PolicyStep, ...]
    kinds: frozenset[Kind] = frozenset()
    urgencies: frozenset[Urgency] = frozenset()
    lease: timedelta = timedelta(minutes=15)
    renewal: timedelta = timedelta(hours=2)
    id: int | None = None

    def fits(self, kind: Kind, urgency: Urgency) -> bool:
        """Whether it is for such a case."""
        return (not self.kinds or kind in self.kinds) and (
            not self.urgencies or urgency in self.urgencies
        )


BUILT_IN = Policy(
    "",
    (
        PolicyStep((Target(Who.ON_DUTY),), one_by_one=True),
        PolicyStep((Target(Who.NEXT),), one_by_one=True),
        PolicyStep((Target(Who.ROLE, "coordinator"),), one_by_one=True),
        PolicyStep((Target(Who.ROLE, "admin"),), one_by_one=True),
    ),
)
"""What holds where no policy was written: one person after the other, those on duty first."""


def choose(policies: Sequence[Policy], kind: Kind, urgency: Urgency) -> Policy:
    """The policy of a case: the one that says most about it, of several the newest."""
    fitting = [policy for policy in policies if policy.fits(kind, urgency)]
    if not fitting:
        return BUILT_IN
    return max(fitting, key=lambda one: (bool(one.kinds) + bool(one.urgencies), one.id or 0))
