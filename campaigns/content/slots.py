"""What staff write where a text is to say something of its recipient: `{town|su comunidad}`.

Behind the name stands the fallback, for those of whom it is not known. `{{` and `}}` are braces.
"""

import re
from dataclasses import dataclass

from campaigns.written.quoting import shown
from delivery.filling import Known
from locales.text import Phrase, _

_BRACE = re.compile(r"\{\{|\}\}|\{([^{}\n]*)(\}?)")


class SlotError(Exception):
    """A placeholder that cannot be read. `position` counts the signs of the text from 0."""

    def __init__(self, position: int, reason: Phrase) -> None:
        super().__init__(reason.key)
        self.position = position
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Hole:
    """A part of a text, from one sign up to another, and what stands there for everybody.

    `known` is what takes its place, None for a brace.
    """

    start: int
    end: int
    text: str
    known: Known | None = None

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.end


def find(text: str) -> tuple[Hole, ...]:
    """The placeholders and doubled braces of a text, in order; raises SlotError."""
    return tuple(_hole(found) for found in _BRACE.finditer(text))


def _hole(found: re.Match[str]) -> Hole:
    start, end = found.span()
    if found[1] is None:
        return Hole(start, end, found[0][0])
    name, _bar, fallback = (part.strip() for part in found[1].partition("|"))
    if not found[2]:
        raise SlotError(start, Phrase(_("campaigns.file.slot_open"), {"found": shown(found[0])}))
    if name not in list(Known):
        expected = ", ".join(Known)
        params = {"found": shown(name), "expected": expected}
        raise SlotError(start, Phrase(_("campaigns.file.slot_unknown"), params))
    if not fallback:
        raise SlotError(start, Phrase(_("campaigns.file.slot_fallback"), {"found": name}))
    return Hole(start, end, fallback, Known(name))
