"""What an imported row may change about a person who is known already.

A file is older than it looks: what somebody has said to us since the consent of a row stands.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime

from contacts.csv_file import RowError
from contacts.model import Relation, Topic
from kit.channels import Channel, Endpoint
from locales.text import _


@dataclass(frozen=True, slots=True)
class Profile:
    """What a row, or the database, says of a person. None is: nothing."""

    language: str | None = None
    origin_clave: int | None = None
    origin_region: str | None = None
    country: str | None = None
    state: str | None = None
    city: str | None = None
    zone: str | None = None
    relation: Relation | None = None

    def over(self, other: "Profile") -> "Profile":
        """The other profile with all that this one says written over it. Of two places only one
        stands, except that one may be the more exact word for the other."""
        origin = self if self._has_origin else other
        place = other if self.country is None else self
        state, city, zone = place.state, place.city, place.zone
        if self.country is not None and self._agrees_with(other):
            exact = other if self.state is None and other.state is not None else self
            state, city = exact.state, self.city or other.city
            zone = exact.zone or self.zone or other.zone
        return Profile(
            self.language or other.language,
            origin.origin_clave,
            origin.origin_region,
            place.country,
            state,
            city,
            zone,
            self.relation or other.relation,
        )

    def _agrees_with(self, other: "Profile") -> bool:
        return self.country == other.country and (
            self.state is None or other.state is None or self.state == other.state
        )

    @property
    def _has_origin(self) -> bool:
        return self.origin_clave is not None or self.origin_region is not None


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A row that can be used: whom it reaches, what it says, and the consent behind it."""

    line: int
    endpoints: tuple[Endpoint, ...]
    profile: Profile
    topics: frozenset[Topic]
    consented_at: datetime
    consent_source: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Known:
    """What is held of a person, and when they last agreed and last spoke for themselves."""

    profile: Profile = Profile()
    topics: frozenset[Topic] = frozenset()
    imported: frozenset[datetime] = frozenset()
    """Instants of the consents that imports brought."""
    agreed_at: datetime | None = None
    spoke_at: datetime | None = None
    said_no: bool = False
    """Whether the last word of their own was a no."""
    is_new: bool = False
    """Made by this very import, so that nothing can have been said since."""

    def spoke_since(self, row: ImportRow) -> bool:
        """Whether they have spoken for themselves since the consent of a row."""
        return self.spoke_at is not None and self.spoke_at >= row.consented_at

    def may_be_written_elsewhere(self, row: ImportRow) -> bool:
        """Whether a row may add an address: not after a no, which it would lead around."""
        return not (self.said_no and self.spoke_since(row))

    def merged(self, row: ImportRow) -> "Known":
        """This with a row. Topics are added by a newer consent only: the same one again must not
        bring back what the person has taken out."""
        if self.spoke_since(row):
            return replace(
                self,
                profile=self.profile.over(row.profile),
                imported=self.imported | {row.consented_at},
            )
        newer = self.agreed_at is None or row.consented_at > self.agreed_at
        return replace(
            self,
            profile=row.profile.over(self.profile),
            topics=self.topics | row.topics if newer or self.is_new else self.topics,
            imported=self.imported | {row.consented_at},
            agreed_at=row.consented_at if newer else self.agreed_at,
        )


@dataclass(frozen=True, slots=True)
class Sorted:
    """Rows by person: ids of contacts, and negative numbers for people not known before."""

    rows: Mapping[int, Sequence[ImportRow]]
    owners: Mapping[Endpoint, int]
    """Of every endpoint in these rows."""
    errors: Sequence[RowError]
    created: int
    """How many people are new."""


def sort_by_person(
    rows: Sequence[ImportRow],
    owners: Mapping[Endpoint, int],
    erased: Set[Endpoint],
    last_new: int = 0,
) -> Sorted:
    """Whose rows these are, by any of their endpoints, in the order of the file.

    `owners` are the endpoints known before, `erased` those whose person asked to be forgotten,
    `last_new` the last negative number given. A row that ties two people together is refused:
    that they are one can only be told by a person.
    """
    found = dict(owners)
    newest = last_new
    groups: dict[int, list[ImportRow]] = {}
    errors: list[RowError] = []
    for row in rows:
        people = {found[endpoint] for endpoint in row.endpoints if endpoint in found}
        forgotten = [one for one in row.endpoints if one in erased and one not in owners]
        if forgotten:
            column = "phone" if forgotten[0].channel is Channel.SMS else "telegram_id"
            errors.append(RowError(row.line, column, _("import.erased")))
            continue
        if len(people) > 1:
            errors.append(RowError(row.line, "telegram_id", _("import.two_people")))
            continue
        if not people:
            newest -= 1
        person = people.pop() if people else newest
        found.update(dict.fromkeys(row.endpoints, person))
        groups.setdefault(person, []).append(row)
    return Sorted(groups, found, errors, last_new - newest)
