"""What the pages of the roster call things."""

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, get_timezone_location

from kit.channels import Channel
from locales.languages import language_of
from locales.text import Phrase, _
from staff.model import Role

LOCALES = MappingProxyType({"es": Locale("es", "MX"), "en": Locale("en", "US")})

ZONES: Mapping[str, str] = MappingProxyType(
    {
        "America/Mexico_City": _("console.roster.zone.oaxaca"),
        "America/Tijuana": _("console.roster.zone.tijuana"),
        "America/Hermosillo": _("console.roster.zone.hermosillo"),
        "America/Los_Angeles": _("console.roster.zone.pacific"),
        "America/Denver": _("console.roster.zone.mountain"),
        "America/Chicago": _("console.roster.zone.central"),
        "America/New_York": _("console.roster.zone.eastern"),
    }
)
"""By whose clock a rota hands over; others are called by their city."""

WAYS: Mapping[Channel, str] = MappingProxyType(
    {
        Channel.TELEGRAM: _("console.roster.way_telegram"),
        Channel.SMS: _("console.roster.way_sms"),
        Channel.VOICE: _("console.roster.way_voice"),
    }
)

ROLES: Mapping[str, str] = MappingProxyType(
    {
        Role.DUTY: _("console.roster.role_duty"),
        Role.COORDINATOR: _("console.roster.role_coordinator"),
        Role.ADMIN: _("console.roster.role_admin"),
        Role.COMMUNICATOR: _("console.roster.role_communicator"),
        Role.AUDITOR: _("console.roster.role_auditor"),
    }
)


def zone_words(zone: str, language: str) -> Phrase:
    """A time zone as people call it."""
    if zone in ZONES:
        return Phrase(ZONES[zone])
    place = get_timezone_location(ZoneInfo(zone), locale=_locale(language), return_city=True)
    return Phrase(_("console.roster.zone.other"), {"place": place})


def short_day(on: date, language: str) -> str:
    """A day of this week: "mar 24 nov"."""
    form = "EEE d MMM" if language == "es" else "EEE, MMM d"
    return str(format_date(on, form, locale=_locale(language)))


def span(first: date, last: date, language: str) -> str:
    """Some days of one week: "23 – 29 de noviembre de 2026"."""
    whole = "d 'de' MMMM 'de' y" if language == "es" else "MMMM d, y"
    if first.month == last.month and language == "es":
        begins = str(first.day)
    elif language == "es":
        begins = str(format_date(first, "d 'de' MMMM", locale=_locale(language)))
    else:
        begins = str(format_date(first, "MMMM d", locale=_locale(language)))
    return f"{begins} – {format_date(last, whole, locale=_locale(language))}"


def hours(length: timedelta) -> str:
    """Hours, with half ones: "36 h", "7.5 h"."""
    return f"{length / timedelta(hours=1):.1f}".removesuffix(".0") + " h"


def long(length: timedelta) -> Phrase:
    """A wait in words: "5 minutos", "2 horas", "30 segundos"."""
    seconds = round(length.total_seconds())
    if seconds % 3600 == 0:
        count, one, more = seconds // 3600, _("console.roster.hour"), _("console.roster.hours")
    elif seconds % 60 == 0 or seconds > 3600:
        count, one = round(seconds / 60), _("console.roster.minute")
        more = _("console.roster.minutes")
    elif seconds > 60:
        whole = {"minutes": seconds // 60, "seconds": seconds % 60}
        return Phrase(_("console.roster.minutes_seconds"), whole)
    else:
        count, one, more = seconds, _("console.roster.second"), _("console.roster.seconds")
    return Phrase(one) if count == 1 else Phrase(more, {"count": count})


def language_name(code: str, language: str) -> str:
    """A language that people speak."""
    if code in LOCALES:
        return str(_locale(language).languages[code])
    found = language_of(code)
    return code if found is None else found.name


def _locale(language: str) -> Locale:
    return LOCALES.get(language, LOCALES["es"])
