"""What the institute says of itself, and what two versions of it say differently. Pure."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from enum import StrEnum

_GROUPS = re.compile(r"(\+52|\+1)(\d{3})(\d{3})(\d{4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Institute:
    """What public pages say of the institute. "" is what nobody has given: a page says that it is
    still to be confirmed, and never makes it up.

    `phone` is E.164 or a short code, `web` an address with http or https, `email` an address. The
    rest is text as it was typed; `legal_basis`, `authorities` and `keeping` may have paragraphs.
    """

    name: str = ""
    short_name: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    hours: str = ""
    web: str = ""
    transparency_unit: str = ""
    transparency_address: str = ""
    transparency_contact: str = ""
    legal_basis: str = ""
    authorities: str = ""
    keeping: str = ""

    def over(self, given: "Institute") -> "Institute":
        """This, with what was given elsewhere where this says nothing."""
        return replace(given, **{name: said for name, said in asdict(self).items() if said})

    @property
    def called(self) -> str:
        """The short name where there is one."""
        return self.short_name or self.name

    @property
    def phone_apart(self) -> str:
        """The phone in groups that can be read aloud."""
        parts = _GROUPS.fullmatch(self.phone)
        return " ".join(parts.groups()) if parts else self.phone


NAMES = tuple(field.name for field in fields(Institute))
"""Its fields, in the order in which they are shown."""


class Kind(StrEnum):
    """What may stand in a field."""

    LINE = "line"
    TEXT = "text"
    PHONE = "phone"
    EMAIL = "email"
    WEB = "web"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a field may hold, and how many signs of it."""

    kind: Kind
    most: int


LIMITS: Mapping[str, Limits] = {
    "name": Limits(Kind.LINE, 120),
    "short_name": Limits(Kind.LINE, 30),
    "address": Limits(Kind.TEXT, 300),
    "phone": Limits(Kind.PHONE, 30),
    "email": Limits(Kind.EMAIL, 254),
    "hours": Limits(Kind.TEXT, 200),
    "web": Limits(Kind.WEB, 200),
    "transparency_unit": Limits(Kind.LINE, 200),
    "transparency_address": Limits(Kind.TEXT, 300),
    "transparency_contact": Limits(Kind.TEXT, 300),
    "legal_basis": Limits(Kind.TEXT, 4_000),
    "authorities": Limits(Kind.TEXT, 4_000),
    "keeping": Limits(Kind.TEXT, 4_000),
}


@dataclass(frozen=True, slots=True)
class Version:
    """What was kept by somebody at an instant. Number 0 is before anybody kept anything."""

    number: int = 0
    said: Institute = Institute()
    at: datetime | None = None
    by: int | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One field, and what two versions say in it."""

    name: str
    before: str
    after: str


def differences(before: Institute, after: Institute) -> tuple[Difference, ...]:
    """Every field in which two of them are not the same, in order."""
    old, new = asdict(before), asdict(after)
    return tuple(Difference(one, old[one], new[one]) for one in NAMES if old[one] != new[one])


@dataclass(frozen=True, slots=True)
class Met:
    """What comes of a form that was filled in while somebody else kept something.

    `theirs` is all that they changed; of `clashes` both wrote something else: before is theirs and
    after is ours. `both` is the form with the changes of both, ours where they clash.
    """

    theirs: tuple[Difference, ...]
    clashes: tuple[Difference, ...]
    both: Institute


def meet(seen: Institute, standing: Institute, ours: Institute) -> Met:
    """Put our changes of what we saw onto what stands now."""
    theirs = differences(seen, standing)
    mine = {one.name: one.after for one in differences(seen, ours)}
    both = replace(standing, **mine)
    changed = {one.name for one in theirs}
    clashes = tuple(one for one in differences(standing, both) if one.name in changed)
    return Met(theirs, clashes, both)
