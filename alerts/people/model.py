"""Who is in a case, and what they have agreed to."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class PersonRole(StrEnum):
    """How somebody stands to a case. Who calls for themselves is the person concerned."""

    REPORTER = "reporter"
    CONCERNED = "concerned"
    RELATIVE = "relative"


class Answer(StrEnum):
    """What somebody said when asked whether something about them may be told."""

    UNKNOWN = "unknown"
    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Details:
    """What is known of somebody. Only the role always has a value, and nothing shows in `repr`.

    `kinship` is to the person concerned, in anybody's words; `language` a code of the registry;
    `phones` are E.164; `photo` is the file's name at the provider, which is a secret of the bot's.
    """

    role: PersonRole
    name: str = field(default="", repr=False)
    aliases: tuple[str, ...] = field(default=(), repr=False)
    kinship: str = field(default="", repr=False)
    language: str = field(default="", repr=False)
    phones: tuple[str, ...] = field(default=(), repr=False)
    seen_where: str = field(default="", repr=False)
    seen_at: datetime | None = field(default=None, repr=False)
    note: str = field(default="", repr=False)
    photo: str = field(default="", repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """The name and the aliases."""
        return (self.name, *self.aliases) if self.name else self.aliases

    @property
    def known(self) -> tuple[str, ...]:
        """Which of the fields have a value; names no value."""
        return tuple(one for one in FIELDS if getattr(self, one))

    def changed_from(self, before: "Details") -> tuple[str, ...]:
        """Which fields differ; names no value."""
        return tuple(one for one in FIELDS if getattr(self, one) != getattr(before, one))


FIELDS = (
    "role", "name", "aliases", "kinship", "language", "phones", "seen_where", "seen_at", "note",
    "photo",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Disclosure:
    """An answer about what may be told, as it was given.

    `to_id` is a person of the same case, `to_other` anybody else ("Consulado en Fresno"); with
    neither it is about everybody. `how` says how it was given ("por teléfono, con la palabra").
    """

    answer: Answer
    given_at: datetime
    to_id: int | None = None
    to_other: str = field(default="", repr=False)
    how: str = field(default="", repr=False)
    member_id: int | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A supervisor has looked into whether this relative may be told."""

    allowed: bool
    at: datetime
    member_id: int
    reason: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a case. `disclosures` are in the order in which they were written down; `check`
    is the newest."""

    id: int
    case_id: int
    details: Details
    disclosures: tuple[Disclosure, ...] = ()
    check: Check | None = None

    @property
    def role(self) -> PersonRole:
        return self.details.role
