r"""The marks that staff write: `**bold**`, `_italic_`, `[words](https://…)`, `- ` for an item.

A mark opens in front of a word and closes behind one, so that snake_case, 2*3*4, an e-mail address
and a bare link stay what they are. A backslash takes the meaning from the sign behind it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.content.marks import ITEM, Close, Item, MarkupError, Open, Scanner, Span, Words
from delivery import utf16
from delivery.content import Entity
from locales.text import Phrase, _

__all__ = ["MOST_MARKS", "Marked", "MarkupError", "escaped", "read", "read_plain"]

MOST_MARKS = 100
"""Entities of a message; Telegram leaves out those beyond (Bot API, MessageEntity)."""

BULLET = "• "


@dataclass(frozen=True, slots=True)
class Marked:
    """A text without its marks, what they marked, and where in the source each sign stood."""

    text: str
    entities: tuple[Entity, ...]
    origins: tuple[int, ...]


def read(text: str, opaque: Sequence[Span] = ()) -> Marked:
    """What a chat shows; raises MarkupError. Nothing inside the spans `opaque` is a mark."""
    sheet = _Sheet()
    opened: list[tuple[Open, int]] = []
    entities: list[Entity] = []
    for token in Scanner(text, opaque).tokens():
        match token:
            case Open():
                opened.append((token, sheet.units))
            case Close():
                start, offset = opened.pop()
                entities.append(Entity(start.kind, offset, sheet.units - offset, start.url))
            case Item():
                sheet.add(BULLET, [token.at, token.at + 1])
            case Words():
                sheet.copy(token)
    if len(entities) > MOST_MARKS:
        raise MarkupError(0, Phrase(_("campaigns.file.many_marks"), {"most": MOST_MARKS}))
    entities.sort(key=lambda one: (one.offset, -one.length))
    return Marked(sheet.text, tuple(entities), tuple(sheet.origins))


def read_plain(text: str, opaque: Sequence[Span] = ()) -> Marked:
    """The same as an SMS says it: without marks, a link's address behind its words."""
    sheet = _Sheet()
    opened: list[tuple[Open, int]] = []
    for token in Scanner(text, opaque).tokens():
        match token:
            case Open():
                opened.append((token, len(sheet.signs)))
            case Close():
                start, first = opened.pop()
                words = "".join(sheet.signs[first:])
                if start.kind == "link" and words not in (start.url, _bare(start.url)):
                    address = f": {start.url}"
                    sheet.add(address, [token.at] * len(address))
            case Item():
                sheet.add(ITEM, [token.at, token.at + 1])
            case Words():
                sheet.copy(token)
    return Marked(sheet.text, (), tuple(sheet.origins))


def escaped(text: str, opaque: Sequence[Span] = ()) -> str:
    """A text that reads as it stands, whatever signs it has outside the spans `opaque`."""
    kept = {at for start, end in opaque for at in range(start, end)}
    written = "".join(
        f"\\{sign}" if sign in "\\*_[" and at not in kept else sign for at, sign in enumerate(text)
    )
    return re.sub(r"(?m)^([ \t]*)- ", r"\1\\- ", written)


class _Sheet:
    """The text that is being written, sign by sign; `units` are those of UTF-16."""

    def __init__(self) -> None:
        self.signs: list[str] = []
        self.origins: list[int] = []
        self.units = 0

    @property
    def text(self) -> str:
        return "".join(self.signs)

    def add(self, text: str, origins: Sequence[int]) -> None:
        self.signs += text
        self.origins += origins
        self.units += utf16.length(text)

    def copy(self, words: Words) -> None:
        self.add(words.text, range(words.at, words.at + len(words.text)))


def _bare(url: str) -> str:
    return url.removeprefix("https://").rstrip("/")
