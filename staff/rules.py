"""What may be said of somebody who works here; each rule raises Invalid with what to do."""

from collections.abc import Sequence
from functools import cache
from zoneinfo import available_timezones

from kit.errors import Invalid, Refused
from locales.languages import language_of
from locales.text import _
from staff.model import Member, Method, Right, Role

MOST_LANGUAGES = 6
"""So that their codes fit the column."""

LONGEST_NAME = 120
LONGEST_EMAIL = 254


def name_of(typed: str) -> str:
    """A name, without the blanks around it."""
    name = typed.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Invalid(_("staff.name_missing"))
    return name


def email_of(typed: str) -> str:
    """An address to sign with, in small letters."""
    email = typed.strip().lower()
    name, _at, host = email.partition("@")
    clean = email.isprintable() and not any(sign.isspace() for sign in email)
    if not name or not host or "@" in host or not clean or len(email) > LONGEST_EMAIL:
        raise Invalid(_("staff.email_wrong"))
    return email


def languages_of(codes: Sequence[str]) -> tuple[str, ...]:
    """Codes of the registry, each once; at least one."""
    spoken = tuple(dict.fromkeys(code.strip().lower() for code in codes))
    if not spoken or len(spoken) > MOST_LANGUAGES:
        raise Invalid(_("staff.languages_count"), limit=MOST_LANGUAGES)
    if any(language_of(code) is None for code in spoken):
        raise Invalid(_("staff.language_unknown"))
    return spoken


def require(member: Member, right: Right) -> None:
    """Refused when the role of a member does not allow it, or they have left."""
    if not member.may(right):
        raise Refused(_("staff.not_allowed"))


def check_zone(zone: str) -> None:
    """A time zone by its IANA name."""
    if zone not in _zones():
        raise Invalid(_("staff.zone_unknown"))


def check_reach(role: Role, methods: Sequence[Method]) -> None:
    """Who is on duty can be woken."""
    if role is Role.DUTY and not methods:
        raise Invalid(_("staff.duty_needs_endpoint"))


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
