"""What staff type about somebody, made into what is kept, or refused with what is wrong."""

import unicodedata
from dataclasses import replace
from datetime import datetime

from alerts.people.model import Details
from alerts.people.texts import FIELD_WORDS
from contacts.phones import normalise
from kit.errors import Invalid
from kit.fold import fold
from locales.languages import find_language, language_of
from locales.text import _

LONGEST = {"name": 120, "kinship": 60, "seen_where": 200, "photo": 200, "note": 2000}
"""Signs."""

MOST_ALIASES = 10
MOST_PHONES = 5


def cleaned(details: Details, now: datetime) -> Details:
    """The details with every text trimmed, phones in E.164 and the language by its code.

    Raises Invalid, naming the field and never its value. A person without a name is kept as long
    as something else tells who is meant.
    """
    cleared = replace(
        details,
        name=_text("name", details.name),
        aliases=_aliases(details),
        kinship=_text("kinship", details.kinship),
        language=_language(details.language),
        phones=_phones(details.phones),
        seen_where=_text("seen_where", details.seen_where),
        note=_text("note", details.note),
        photo=_text("photo", details.photo),
    )
    if details.seen_at is not None and details.seen_at > now:
        raise Invalid(_("people.seen_later"))
    if cleared.known == ("role",):
        raise Invalid(_("people.nothing_known"))
    return cleared


def sentence(text: str, longest: int = LONGEST["note"]) -> str:
    """Words that must be there: a reason, how a yes was given. Raises Invalid."""
    words = _tidy(text)
    if not words:
        raise Invalid(_("people.words_missing"))
    if len(words) > longest:
        raise Invalid(_("people.words_long"), limit=longest)
    return words


def _text(name: str, text: str) -> str:
    words = _tidy(text)
    if len(words) > LONGEST[name]:
        raise Invalid(_("people.field_long"), field=FIELD_WORDS[name], limit=LONGEST[name])
    if name == "name" and words and not fold(words):
        raise Invalid(_("people.name_wrong"))
    return words


def _tidy(text: str) -> str:
    """One blank between words, no control or direction marks, accents composed."""
    plain = unicodedata.normalize("NFC", text)
    signs = (" " if sign.isspace() else sign for sign in plain)
    return " ".join(
        "".join(one for one in signs if unicodedata.category(one) not in ("Cc", "Cf", "Cs")).split()
    )


def _aliases(details: Details) -> tuple[str, ...]:
    if len(details.aliases) > MOST_ALIASES:
        raise Invalid(_("people.too_many"), field=FIELD_WORDS["aliases"], limit=MOST_ALIASES)
    found = {fold(name): name for alias in details.aliases if (name := _text("name", alias))}
    found.pop(fold(details.name), None)
    return tuple(found.values())


def _phones(typed: tuple[str, ...]) -> tuple[str, ...]:
    if len(typed) > MOST_PHONES:
        raise Invalid(_("people.too_many"), field=FIELD_WORDS["phones"], limit=MOST_PHONES)
    found: dict[str, None] = {}
    for one in typed:
        number = normalise(one)
        if number is None:
            raise Invalid(_("people.phone_wrong"))
        found[number] = None
    return tuple(found)


def _language(typed: str) -> str:
    if not typed.strip() or language_of(typed) is not None:
        return typed.strip()
    found = find_language(typed)
    if len(found) != 1:
        raise Invalid(_("people.language_unknown"))
    return found[0].code
