"""Which numbers may be shown to whom. An unverified number can cost a life, a wrong one too."""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import astuple
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from contacts.atlas import Place
from directory.model import Answer, EmergencyContact, Situation, Standing
from kit.fold import fold

SHOWN_MONTHS = 24
"""Unverified numbers are shown for so long after their source, unless it is official."""

CALL_AGAIN_AFTER = timedelta(days=180)
"""A number that was called so long ago should be called again. It stays verified: the public is
told when somebody called it."""

CONSULATE_KINDS = ("consulate_emergency", "consulate_protection", "consulate_switchboard")
"""Best first."""

HOTLINE_24H = "consular_hotline_24h"
HOTLINE_TOLL_FREE = "consular_hotline_tollfree"
HOTLINE_FROM_MEXICO = "consular_hotline_24h_shortcode"

_HOTLINES = {"US": (HOTLINE_24H, HOTLINE_TOLL_FREE), "MX": (HOTLINE_FROM_MEXICO,)}
# From a third country a toll-free number of the US cannot be dialled.
_HOTLINES_ELSEWHERE = (HOTLINE_24H,)

WHERE_MOST_LIVE = ("BC", "SON", "SIN")
"""States of Mexico where most people of the programme live (FACTS)."""

# Not inside a phone number: "01-800-590-2023" holds no year.
_DATE = re.compile(
    r"(?<![\d-])(20\d\d)(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?(?!-?\d)", re.ASCII
)


def is_official(source: str) -> bool:
    """Whether a source is a page of the Mexican or the US government (.gob.mx, .gov)."""
    try:
        url = urlsplit(source.strip())
        host = (url.hostname or "").rstrip(".")
    except ValueError:
        return False
    return url.scheme in ("http", "https") and f".{host}".endswith((".gob.mx", ".gov"))


def dated(source_date: str) -> date | None:
    """The newest date that a source's date names, its first day when only the month or the year
    is known: what is uncertain counts as older."""
    found = []
    for year, month, day in _DATE.findall(source_date):
        try:
            found.append(date(int(year), int(month or 1), int(day or 1)))
        except ValueError:
            continue
    return max(found, default=None)


def age_ok(source_date: str, today: date) -> bool:
    """Whether a source is under 24 months old. Undated or dated in the future is not."""
    day = dated(source_date)
    if day is None or day > today:
        return False
    months = (today.year - day.year) * 12 + today.month - day.month - (today.day < day.day)
    return months < SHOWN_MONTHS


def shown(contact: EmergencyContact, today: date) -> bool:
    """Whether the public may see a number at all (promise 9)."""
    if contact.hidden:
        return False
    return contact.verified or contact.official or age_ok(contact.entry.source_date, today)


def standing(contact: EmergencyContact, today: date) -> Standing:
    """What the public sees of a number on a day."""
    if contact.hidden:
        return Standing.HIDDEN
    if contact.verified:
        return Standing.VERIFIED
    return Standing.MARKED if shown(contact, today) else Standing.KEPT_BACK


def shown_until(contact: EmergencyContact) -> date | None:
    """The day from which a number is not shown any more unless somebody calls it; None when its age
    does not decide."""
    day = dated(contact.entry.source_date)
    if contact.hidden or contact.verified or contact.official or day is None:
        return None
    years, month = divmod(day.month - 1 + SHOWN_MONTHS, 12)
    try:
        return date(day.year + years, month + 1, day.day)
    except ValueError:
        # No such day in that month: the first one behind it.
        return date(day.year + years, month + 2, 1)


def is_due_again(contact: EmergencyContact, now: datetime) -> bool:
    """Whether a verified number was called so long ago that somebody should call it again."""
    at = contact.checked_at
    return not contact.hidden and at is not None and now - at >= CALL_AGAIN_AFTER


def print_of(contact: EmergencyContact) -> str:
    """What changes with everything that is known of a number: for a form to bring back."""
    known = [*astuple(contact.entry), contact.checked_by, str(contact.checked_at), contact.hidden]
    return hashlib.sha256(json.dumps(known).encode()).hexdigest()[:32]


def choose(contacts: Iterable[EmergencyContact], place: Place, today: date) -> Answer:
    """What CONTACTOS says for a place.

    A consulate is found by the city, or by the state when the place names no city. A city of
    which nothing is known gets no consulate of another city: nobody here knows which one serves
    it, and the help line does (D3). The help line is found by the country.
    """
    visible = [contact for contact in contacts if shown(contact, today)]
    hotline = _best(visible, _HOTLINES.get(place.country, _HOTLINES_ELSEWHERE))
    if place.country == "MX":
        return Answer(Situation.MEXICO, hotline=hotline)
    near = [contact for contact in visible if _is_near(contact, place)]
    consulate = _best(near, CONSULATE_KINDS)
    if consulate is None:
        return Answer(Situation.NOTHING, hotline=hotline)
    if consulate.verified:
        return Answer(Situation.VERIFIED, consulate, hotline)
    day = dated(consulate.entry.source_date)
    return Answer(Situation.UNVERIFIED, consulate, hotline, None if day is None else day.year)


def verified_hotline(contacts: Iterable[EmergencyContact]) -> EmergencyContact | None:
    """The consular help line in the US that a call for help may name: verified, or none."""
    return _best([one for one in contacts if one.verified and not one.hidden], _HOTLINES["US"])


def _is_near(contact: EmergencyContact, place: Place) -> bool:
    entry = contact.entry
    if entry.country != place.country or (place.state and entry.state != place.state):
        return False
    if place.city is None:
        return place.state is not None
    return entry.city is not None and _city(entry.city) == _city(place.city)


def _city(name: str) -> str:
    """ "New York City" is New York."""
    return fold(name).removesuffix(" city")


def _best(contacts: Sequence[EmergencyContact], kinds: Sequence[str]) -> EmergencyContact | None:
    """A verified number before any other; then by kind, official source, newest source."""

    def worth(contact: EmergencyContact) -> tuple[bool, int, bool, int, int]:
        day = dated(contact.entry.source_date)
        return (
            not contact.verified,
            kinds.index(contact.entry.kind),
            not contact.official,
            -day.toordinal() if day else 0,
            contact.id,
        )

    return min((one for one in contacts if one.entry.kind in kinds), key=worth, default=None)
