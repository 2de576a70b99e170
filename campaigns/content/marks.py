"""Finding the marks in a text: what opens, what closes, and what is a sign like any other."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal
from unicodedata import category
from urllib.parse import urlsplit

from campaigns.written.quoting import shown
from locales.text import Phrase, _

MOST_URL = 2_048
ITEM = "- "

Kind = Literal["bold", "italic", "link"]
Span = tuple[int, int]

_MARKS: dict[str, Kind] = {"**": "bold", "_": "italic"}
_ESCAPED = frozenset("\\*_[]()-")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_PLAIN = re.compile(
    r"https?://[^\s\\<>\[\]]+|(?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE
)
_NOT_AT_THE_END = "_*.,;:!?)}'\"”»"


class MarkupError(Exception):
    """A mark that cannot be read. `position` counts the signs of the text from 0."""

    def __init__(self, position: int, reason: Phrase) -> None:
        super().__init__(reason.key)
        self.position = position
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Words:
    """What is said; `at` is where it stands in the source, as of all of these."""

    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Open:
    """A mark opens; a link has an address, and the place where its words end."""

    kind: Kind
    at: int
    sign: str
    url: str = ""
    closes_at: int = -1


@dataclass(frozen=True, slots=True)
class Close:
    """What was opened last closes."""

    at: int


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list begins."""

    at: int


Token = Words | Open | Close | Item


class Scanner:
    """Goes through a text once; nothing inside the spans `opaque` is a mark."""

    def __init__(self, text: str, opaque: Sequence[Span]) -> None:
        self._text = text
        self._ends = dict(opaque)
        self._opened: list[Open] = []
        for found in _PLAIN.finditer(text):
            end = found.start() + len(found[0].rstrip(_NOT_AT_THE_END))
            # An address that is the target of a link is read with the link.
            if not text.endswith("](", 0, found.start()) and found.start() not in self._ends:
                self._ends[found.start()] = _behind(end, opaque)

    def tokens(self) -> Iterator[Token]:
        """What the text is made of, in order; raises MarkupError."""
        at = 0
        while at < len(self._text):
            token, at = self._token(at)
            yield token
        self._nothing_open()

    def _token(self, at: int) -> tuple[Token, int]:
        text = self._text
        if at in self._ends:
            return Words(text[at : self._ends[at]], at), self._ends[at]
        sign = text[at]
        if sign == "\\" and text[at + 1 : at + 2] in _ESCAPED:
            return Words(text[at + 1], at + 1), at + 2
        if sign == "\n" and _BLANK_LINE.match(text, at):
            self._nothing_open()
        if sign == "-" and self._begins_item(at):
            return Item(at), at + 2
        if sign == "[":
            link = self._link(at)
            if link is not None:
                self._opened.append(link)
                return link, at + 1
        if sign == "]" and any(one.closes_at == at for one in self._opened):
            return self._closed("link", at), self._link_end(at)
        for mark, kind in _MARKS.items():
            if text.startswith(mark, at):
                token = self._mark(mark, kind, at)
                if token is not None:
                    return token, at + len(mark)
        return Words(sign, at), at + 1

    def _mark(self, sign: str, kind: Kind, at: int) -> Token | None:
        """What a mark does where it stands; None when it is a sign like any other."""
        before = self._text[at - 1] if at else " "
        after = self._text[at + len(sign) : at + len(sign) + 1] or " "
        # Blanks to be filled in by hand, "Nombre: ____", are words too.
        words = sign if kind == "italic" else ""
        opens = not (_is_word(before) or before == words or after.isspace() or after == sign[0])
        closes = not (before.isspace() or before == words or _is_word(after) or after == words)
        if any(one.kind == kind for one in self._opened):
            if closes:
                return self._closed(kind, at)
            if opens:
                raise self._left_open(kind)
        elif opens:
            opened = Open(kind, at, sign)
            self._opened.append(opened)
            return opened
        return None

    def _closed(self, kind: Kind, at: int) -> Close:
        if self._opened[-1].kind != kind:
            # What was opened inside must be closed inside.
            raise self._left_open(self._opened[-1].kind)
        self._opened.pop()
        return Close(at)

    def _nothing_open(self) -> None:
        """At the end of a paragraph: a mark that was forgotten is told where it stands."""
        if self._opened:
            raise self._left_open(self._opened[0].kind)

    def _left_open(self, kind: Kind) -> MarkupError:
        one = next(one for one in self._opened if one.kind == kind)
        return MarkupError(one.at, Phrase(_("campaigns.file.mark_open"), {"found": one.sign}))

    def _begins_item(self, at: int) -> bool:
        line = self._text.rfind("\n", 0, at) + 1
        return self._text.startswith(ITEM, at) and not self._text[line:at].strip(" \t")

    def _link(self, at: int) -> Open | None:
        """The link that begins at a bracket, if one does."""
        closes = self._bracket_end(at)
        if closes is None or not self._text.startswith("](", closes):
            return None
        start = closes + 2
        end = _url_end(self._text, start)
        url = self._text[start:end]
        holds_another = any(start <= place < end for place in self._ends)
        whole = self._text.startswith(")", end) and bool(self._text[at + 1 : closes].strip())
        if not whole or holds_another or not is_https(url):
            raise MarkupError(at, Phrase(_("campaigns.file.mark_link"), {"found": shown(url)}))
        return Open("link", at, "[", url, closes)

    def _bracket_end(self, at: int) -> int | None:
        place = at + 1
        while place < len(self._text) and self._text[place] != "[":
            if self._text[place] == "]":
                return place
            if place in self._ends:
                place = self._ends[place]
            else:
                place += 2 if self._text[place] == "\\" else 1
        return None

    def _link_end(self, closed_at: int) -> int:
        return _url_end(self._text, closed_at + 2) + 1


def _url_end(text: str, at: int) -> int:
    """Where an address in brackets ends; it may hold brackets in pairs."""
    depth = 0
    while at < len(text) and not text[at].isspace():
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if depth < 0:
            break
        at += 1
    return at


def _behind(end: int, opaque: Sequence[Span]) -> int:
    """`end`, or the end of the span that it would cut."""
    return next((last for first, last in opaque if first < end < last), end)


def _is_word(sign: str) -> bool:
    return sign.isalnum() or category(sign).startswith("M")


def is_https(url: str) -> bool:
    """Whether it is an address that people may be sent to: https, a host, nobody's password."""
    if len(url) > MOST_URL or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False
