"""What a text may be: the rules of each key, whoever counts the segments.

`locales.check` asks them of the catalogues with a second counter, `campaigns.texts` of the wordings
of staff with the one that sends.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol

from locales.catalog import placeholders
from locales.samples import LONGER, samples
from locales.text import NOTHING

IN_SMS = ("sms.", "word.", "when.", "button.")
BUTTONS = ("button.", "chat.button.", "sms.option.")
BUTTON_SIGNS = 24


class Rule(StrEnum):
    """What may be wrong with a text."""

    COMPOSED = "composed"
    EDGES = "edges"
    BUTTON = "button"
    BRACES = "braces"
    SAMPLE = "sample"
    GSM = "gsm"
    SEGMENTS = "segments"


class Broken(NamedTuple):
    """A rule that a text breaks, and by what."""

    rule: Rule
    params: Mapping[str, object] = NOTHING


class Cost(Protocol):
    """What an SMS takes: as `delivery.segments` counts it."""

    @property
    def units(self) -> int: ...

    @property
    def segments(self) -> int: ...

    @property
    def blockers(self) -> Sequence[str]: ...


Count = Callable[[str], Cost]


def broken(key: str, text: str, language: str, count: Count) -> Iterator[Broken]:
    """The rules that a template of `key` breaks; it is filled with samples to be counted."""
    if text != unicodedata.normalize("NFC", text):
        yield Broken(Rule.COMPOSED)
    if text != text.strip():
        yield Broken(Rule.EDGES)
    if key.startswith(BUTTONS) and len(text) > BUTTON_SIGNS:
        yield Broken(Rule.BUTTON, {"signs": len(text), "most": BUTTON_SIGNS})
    try:
        names = placeholders(text)
    except ValueError as error:
        yield Broken(Rule.BRACES, {"reason": str(error)})
        return
    if key.startswith("sms."):
        unknown = sorted(names - samples(language).keys())
        if unknown:
            yield Broken(Rule.SAMPLE, {"name": unknown[0]})
            return
    if key.startswith(IN_SMS) and (strange := count(text).blockers):
        yield Broken(Rule.GSM, {"signs": " ".join(strange)})
    if key.startswith("sms."):
        cost, most = count(filled(text, language)), most_segments(key)
        if cost.segments > most:
            params = {"segments": cost.segments, "units": cost.units, "most": most}
            yield Broken(Rule.SEGMENTS, params)


def most_segments(key: str) -> int:
    """How many segments an `sms.` text may take."""
    return LONGER.get(key, 1)


def filled(template: str, language: str) -> str:
    """An `sms.` template with the sample of each placeholder; KeyError for one without."""
    values = samples(language)
    return template.format(**{name: values[name] for name in placeholders(template)})
