"""The `warning` of a campaign file: what the public may read of it."""

import re
from datetime import timedelta
from enum import StrEnum
from typing import TypeVar

from campaigns.audience.fields import known_languages
from campaigns.warnings.model import (
    Category,
    Certainty,
    Said,
    Severity,
    Status,
    Urgency,
    Warning,
    may_warn,
    said_in_spanish,
    writable,
)
from campaigns.written.document import Node, Scalar, Table
from campaigns.written.lengths import length_of
from campaigns.written.quoting import shown
from campaigns.written.reading import Reading
from contacts.model import Topic
from locales.languages import FALLBACK, language_codes
from locales.text import _

KEYS = (
    "status",
    "event",
    "category",
    "urgency",
    "severity",
    "certainty",
    "expires",
    "area",
    "headline",
    "instruction",
    "web",
    "updates",
)
MOST_EVENT = 120
MOST_AREA = 500
MOST_HEADLINE = 160
"""What CAP 1.2 names as a useful limit (3.2.2, headline)."""
MOST_INSTRUCTION = 2_000
MOST_URL = 2_048
SHORTEST, LONGEST = timedelta(minutes=15), timedelta(days=90)
_SIGN = r"[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2}"
_URL = re.compile(
    rf"https://[A-Za-z0-9.-]+(:\d{{1,5}})?(/({_SIGN})*)?(\?({_SIGN}|\?)*)?(#({_SIGN}|\?)*)?",
    re.ASCII,
)
"""A whole address: CAP takes no other, and the type of its schema (xs:anyURI) no other signs."""
_NUMBER = re.compile(r"[1-9]\d{0,17}", re.ASCII)

Word = TypeVar("Word", bound=StrEnum)


def read_warning(node: Node, reading: Reading) -> Warning | None:
    """The warning, or None and everything that is wrong with it.

    `event`, `category`, `urgency`, `severity`, `certainty`, `expires` and `area` must be there.
    Texts are one for all languages, or language to text with Spanish among them.
    """
    table = reading.table(node, "warning")
    if table is None:
        return None
    reading.known_keys(table, KEYS)
    event = _said(table, "event", MOST_EVENT, reading)
    category = _word(table, "category", Category, reading)
    urgency = _word(table, "urgency", Urgency, reading)
    severity = _word(table, "severity", Severity, reading)
    certainty = _word(table, "certainty", Certainty, reading)
    expires = _expires(table, reading)
    area = _said(table, "area", MOST_AREA, reading)
    status: Status | None = Status.ACTUAL
    if reading.given(table, "status") is not None:
        status = _word(table, "status", Status, reading)
    headline, instruction = (
        _said(table, name, most, reading) if reading.given(table, name) is not None else {}
        for name, most in (("headline", MOST_HEADLINE), ("instruction", MOST_INSTRUCTION))
    )
    web = _web(table, reading)
    updates = _updates(table, reading)
    if headline is None or instruction is None:
        return None
    if not (event and category and urgency and severity and certainty and expires and area):
        return None
    if status is None:
        return None
    return Warning(
        event=event,
        category=category,
        urgency=urgency,
        severity=severity,
        certainty=certainty,
        expires=expires,
        area=area,
        status=status,
        headline=headline,
        instruction=instruction,
        web=web,
        updates=updates,
    )


def refuse_misplaced(key: Scalar, topic: Topic, *, emergency: bool, reading: Reading) -> None:
    """Refuse a warning, at its key, in a campaign that may not be one."""
    if not may_warn(topic, emergency=emergency):
        reading.refuse(key, _("campaigns.file.warning_misplaced"))


def _word(table: Table, name: str, words: type[Word], reading: Reading) -> Word | None:
    """One of CAP's words, written in any case."""
    node = reading.needed(table, name)
    known = {word.value.lower(): word for word in words}
    chosen = None if node is None else reading.choice(node, name, known)
    return None if chosen is None else known[chosen]


def _said(table: Table, name: str, most: int, reading: Reading) -> Said | None:
    """A text in each language, or one for all; None when anything about it is wrong."""
    node = reading.needed(table, name)
    if node is None:
        return None
    if not isinstance(node, Table):
        text = _text(node, name, most, reading)
        return None if text is None else said_in_spanish(text)
    said: dict[str, str] = {}
    whole = True
    for language, (key, value) in node.entries.items():
        if language not in language_codes():
            reading.refuse(
                key,
                _("campaigns.file.unknown_language"),
                found=shown(language),
                expected=known_languages(),
            )
            whole = False
            continue
        text = _text(value, name, most, reading)
        whole = whole and text is not None
        said[language] = text or ""
    if FALLBACK not in said:
        reading.refuse(table.entries[name][0], _("campaigns.file.warning_no_spanish"), name=name)
        return None
    return said if whole else None


def _text(node: Node, name: str, most: int, reading: Reading) -> str | None:
    scalar = reading.text(node, name)
    if scalar is None:
        return None
    # The lines of an instruction are kept, for they may be steps; all else stands in one line.
    lines = [" ".join(line.split()) for line in writable(scalar.text).splitlines()]
    text = ("\n" if name == "instruction" else " ").join(lines).strip()
    if not 0 < len(text) <= most:
        reading.refuse(scalar, _("campaigns.file.warning_text"), name=name, most=most)
        return None
    return text


def _expires(table: Table, reading: Reading) -> timedelta | None:
    node = reading.needed(table, "expires")
    scalar = None if node is None else reading.text(node, "expires")
    if scalar is None:
        return None
    length = length_of(scalar.text)
    if length is None or not SHORTEST <= length <= LONGEST:
        reading.refuse(scalar, _("campaigns.file.warning_expires"), found=shown(scalar.text))
        return None
    return length


def _web(table: Table, reading: Reading) -> str | None:
    node = reading.given(table, "web")
    scalar = None if node is None else reading.text(node, "web")
    if scalar is None:
        return None
    url = scalar.text.strip()
    if len(url) > MOST_URL or _URL.fullmatch(url) is None:
        reading.refuse(scalar, _("campaigns.file.url"), found=shown(url))
        return None
    return url


def _updates(table: Table, reading: Reading) -> int | None:
    node = reading.given(table, "updates")
    scalar = None if node is None else reading.text(node, "updates")
    if scalar is None:
        return None
    if _NUMBER.fullmatch(scalar.text.strip()) is None:
        reading.refuse(scalar, _("campaigns.file.warning_updates"), found=shown(scalar.text))
        return None
    return int(scalar.text.strip())
