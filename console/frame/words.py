"""Numbers, days and times as people write them."""

from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent

from locales.languages import language_of

REGIONS = {"es": "es_MX", "en": "en_US"}

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def number(value: int | float, language: str) -> str:
    """ "1,030,645": thousands apart."""
    return str(format_decimal(value, locale=_locale(language)))


def percent(part: float, language: str) -> str:
    """ "7.5%" of a share of one, with one place after the point below ten."""
    form = "#,##0.0%" if 0 < part < 0.1 else "#,##0%"
    return str(format_percent(part, format=form, locale=_locale(language)))


def moment(at: datetime, language: str, zone: str) -> str:
    """Day and time by a clock: "23 nov 2026, 14:05"."""
    local = at.astimezone(ZoneInfo(zone))
    form = "d MMM y, HH:mm" if language == "es" else "MMM d, y, HH:mm"
    return str(format_datetime(local, form, locale=_locale(language)))


def clock(at: datetime, zone: str) -> str:
    """Time of day by a clock: "14:05", alike in both languages."""
    return at.astimezone(ZoneInfo(zone)).strftime("%H:%M")


def day(on: date, language: str) -> str:
    """A day: "lunes 23 de noviembre"."""
    form = "EEEE d 'de' MMMM" if language == "es" else "EEEE, MMMM d"
    return str(format_date(on, form, locale=_locale(language)))


def month(on: date, language: str) -> str:
    """A month: "noviembre de 2026"."""
    form = "LLLL 'de' y" if language == "es" else "LLLL y"
    return str(format_date(on, form, locale=_locale(language)))


def language_name(code: str, language: str) -> str:
    """A language that people speak, as whoever reads the page calls it; its code if unknown."""
    if code in REGIONS:
        return str(_locale(language).languages[code])
    found = language_of(code)
    return code if found is None else found.name


def country_name(code: str, language: str) -> str:
    """A country by its ISO code; the code if unknown."""
    return str(_locale(language).territories.get(code.upper(), code))


def short(length: timedelta) -> str:
    """A length of time in its largest two units, signs that need no translation: "1 h 5 min"."""
    seconds = max(0, int(length.total_seconds()))
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min" if minutes else f"{rest} s"


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(REGIONS.get(language, REGIONS["es"]))
