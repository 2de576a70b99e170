"""Which numbers a list shows, and in which order. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from directory.model import EmergencyContact, Standing
from directory.rules import is_due_again, shown_until, standing
from kit.fold import fold

PAGE = 25


class Show(StrEnum):
    """What of the directory somebody wants to see; the values stand in addresses."""

    ALL = "todos"
    TO_CALL = "por-llamar"
    VERIFIED = "verificados"
    OUT = "fuera"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question to the directory; "" asks for nothing. `place` is a country, or one with a state:
    "US", "US-CA"."""

    show: Show = Show.ALL
    text: str = ""
    place: str = ""
    kind: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A number and what is to be said of it. `until`: from then on it is not shown any more."""

    contact: EmergencyContact
    standing: Standing
    again: bool
    until: date | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the rows, how many each tab has, and what can be chosen."""

    rows: tuple[Row, ...]
    counts: Mapping[Show, int]
    places: tuple[str, ...]
    kinds: tuple[str, ...]
    page: int
    pages: int


def row_of(contact: EmergencyContact, today: date, now: datetime) -> Row:
    """What is to be said of a number."""
    return Row(contact, standing(contact, today), is_due_again(contact, now), shown_until(contact))


def listed(
    contacts: Sequence[EmergencyContact], wanted: Wanted, today: date, now: datetime
) -> Listed:
    """What is wanted of the whole directory. A page that is not there is the last one."""
    words = fold(wanted.text).split()
    rows = [
        row_of(one, today, now)
        for one in contacts
        if _fits(one, wanted) and all(word in _said(one) for word in words)
    ]
    counts = {show: sum(_is_in(row, show) for row in rows) for show in Show}
    found = [row for row in rows if _is_in(row, wanted.show)]
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(1, wanted.page), pages)
    entries = [one.entry for one in contacts]
    places = {one.country for one in entries} | {
        f"{one.country}-{one.state}" for one in entries if one.state
    }
    return Listed(
        tuple(found[(page - 1) * PAGE : page * PAGE]),
        counts,
        tuple(sorted(places)),
        tuple(sorted({one.kind for one in entries})),
        page,
        pages,
    )


def _is_in(row: Row, show: Show) -> bool:
    match show:
        case Show.TO_CALL:
            return row.again or row.standing in (Standing.MARKED, Standing.KEPT_BACK)
        case Show.VERIFIED:
            return row.standing is Standing.VERIFIED
        case Show.OUT:
            return row.standing is Standing.HIDDEN
        case Show.ALL:
            return True


def _fits(contact: EmergencyContact, wanted: Wanted) -> bool:
    entry = contact.entry
    country, _dash, state = wanted.place.partition("-")
    return (
        (not country or entry.country == country)
        and (not state or entry.state == state)
        and (not wanted.kind or entry.kind == wanted.kind)
    )


def _said(contact: EmergencyContact) -> str:
    """What a search looks in: a number is found by any run of its digits."""
    entry = contact.entry
    return fold(f"{entry.name} {entry.city or ''} {entry.phone} {entry.source}")
