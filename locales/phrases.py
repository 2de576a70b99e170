"""Days and lists as phrases, for the placeholders of texts. Each language says them its own way."""

from collections.abc import Sequence
from datetime import date

from locales.text import Phrase, _

MONTHS = (
    _("word.month.january"),
    _("word.month.february"),
    _("word.month.march"),
    _("word.month.april"),
    _("word.month.may"),
    _("word.month.june"),
    _("word.month.july"),
    _("word.month.august"),
    _("word.month.september"),
    _("word.month.october"),
    _("word.month.november"),
    _("word.month.december"),
)

# A key per weekday, because a language may have to leave its name out: "sábado" is not GSM-7.
DAYS = (
    _("word.day.monday"),
    _("word.day.tuesday"),
    _("word.day.wednesday"),
    _("word.day.thursday"),
    _("word.day.friday"),
    _("word.day.saturday"),
    _("word.day.sunday"),
)

TODAY = Phrase(_("word.day.today"))
TOMORROW = Phrase(_("word.day.tomorrow"))


def day_phrase(day: date) -> Phrase:
    """A day of this year: "lunes 23 de noviembre"."""
    return Phrase(DAYS[day.weekday()], {"day": day.day, "month": _month(day)})


def date_phrase(day: date) -> Phrase:
    """A day of any year: "3 de noviembre de 2026"."""
    return Phrase(_("word.day.with_year"), {"day": day.day, "month": _month(day), "year": day.year})


def listed(items: Sequence[object]) -> object:
    """The items with commas between: "pueblo TLAXIACO, avisos de fraudes".

    Items are strings, Texts or Phrases. Raises ValueError when there are none.
    """
    if not items:
        raise ValueError("an empty list has no words")
    *before, last = items
    return (
        Phrase(_("word.list.comma"), {"before": listed(before), "last": last}) if before else last
    )


def all_of(items: Sequence[object]) -> object:
    """The items with an "and" before the last: "programas, fraudes y emergencias".

    Raises ValueError when there are none.
    """
    if not items:
        raise ValueError("an empty list has no words")
    *before, last = items
    return Phrase(_("word.list.and"), {"before": listed(before), "last": last}) if before else last


def _month(day: date) -> Phrase:
    return Phrase(MONTHS[day.month - 1])
