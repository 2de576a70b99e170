"""When the rows of a run are due, by the clock of each recipient and by who gets it first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, literal

from campaigns.brakes.cohort import PLACES
from db.columns import Instant

Moment = ColumnElement[object]


SPREAD = 7919
"""Neighbouring ids come from one import; a prime spreads them."""


def in_cohort(contact_id: ColumnElement[int], share: int) -> ColumnElement[bool]:
    """Whether somebody is one of the first few, `share` parts of `PLACES`."""
    return (contact_id * SPREAD) % PLACES < share


@dataclass(frozen=True, slots=True)
class Dues:
    """When the rows of a run are due: by the zone of each recipient, else at `otherwise`.

    With a cohort only `share` of the recipients, in parts of `PLACES`, are due before `until`.
    """

    by_zone: Mapping[str, datetime]
    otherwise: datetime
    share: int = PLACES
    until: datetime | None = None

    def column(self, zone: ColumnElement[str], contact_id: ColumnElement[int]) -> Moment:
        """The same in SQL."""
        first = _by_zone(zone, self.by_zone, self.otherwise)
        if self.until is None:
            return first
        later = {name: max(at, self.until) for name, at in self.by_zone.items()}
        return case(
            (in_cohort(contact_id, self.share), first),
            else_=_by_zone(zone, later, max(self.otherwise, self.until)),
        )


def _by_zone(zone: ColumnElement[str], dues: Mapping[str, datetime], otherwise: datetime) -> Moment:
    others = {name: literal(at, Instant) for name, at in dues.items() if at != otherwise}
    usual: Moment = literal(otherwise, Instant)
    return case(others, value=zone, else_=usual) if others else usual
