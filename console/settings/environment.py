"""What the environment has set, for a page that shows it and changes nothing. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from console.settings.words import GROUPS, HELP
from staff.model import Member, Right
from staff.rules import require


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of the environment. `value` is None for what nobody is shown: of that a page only
    says whether it is `given`. `usual` is whether it is as it is when nobody sets it."""

    name: str
    value: str | None
    given: bool
    usual: bool

    @property
    def help(self) -> str:
        """The key of what it is for."""
        return HELP[self.name]


@dataclass(frozen=True, slots=True)
class Group:
    """Settings of one thing; `title` is a key."""

    title: str
    settings: Sequence[Setting]


def shown_to(member: Member, settings: Sequence[Setting]) -> tuple[Group, ...]:
    """The settings for somebody who may change any. Refused for everybody else."""
    require(member, Right.CHANGE_SETTINGS)
    return grouped(settings)


def grouped(settings: Sequence[Setting]) -> tuple[Group, ...]:
    """The settings by what they are about; those without a help text are left out."""
    known: Mapping[str, Setting] = {one.name: one for one in settings}
    found = (
        Group(title, [known[name] for name in names if name in known]) for title, names in GROUPS
    )
    return tuple(group for group in found if group.settings)
