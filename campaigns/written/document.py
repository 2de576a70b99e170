"""A YAML file as a small tree whose every part knows its line, and what can be wrong with it.

Only plain mappings, lists and texts are read. Aliases and tags are refused before anything is
built, so that no file can grow in memory or make objects; every value stays the text it was, so
that `no` is a word and `0012` keeps its zeros.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Protocol

import yaml

from campaigns.written.quoting import shown
from locales.text import Phrase, _

MOST_BYTES = 1_000_000
_ZIP = b"PK\x03\x04"
MOST_PARTS = 10_000
MOST_DEPTH = 10
_UNWRITABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_EMPTY = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class FileError:
    """What is wrong at a line and column (both from 1), as a key of the catalogue."""

    line: int
    column: int
    key: str
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def phrase(self) -> Phrase:
        """The sentence, without its place."""
        return Phrase(self.key, self.params)


class DocumentError(Exception):
    """The file cannot be read as a tree at all."""

    def __init__(self, error: FileError) -> None:
        super().__init__(error.key)
        self.error = error


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value as it was written. `start` and `end` are its place in the source, in signs."""

    line: int
    column: int
    text: str
    quoted: bool
    start: int
    end: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing was given: `key:`, `null` or `~`."""
        return not self.quoted and self.text in _EMPTY


@dataclass(frozen=True, slots=True)
class Listing:
    """A list."""

    line: int
    column: int
    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping; keys are unique."""

    line: int
    column: int
    entries: Mapping[str, tuple[Scalar, "Node"]]


Node = Scalar | Listing | Table


class Source:
    """The text of a file and the places in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]

    def place(self, index: int) -> tuple[int, int]:
        """Line and column, both from 1, of the sign at `index`."""
        line = bisect_right(self._starts, index)
        return line, index - self._starts[line - 1] + 1

    def place_in(self, scalar: Scalar, offset: int) -> tuple[int, int]:
        """Where the sign at `offset` of a value stands in the file.

        Folding and escapes change only blanks and add signs, so the signs that are no blanks are
        found again one after the other.
        """
        at = scalar.start
        if self.text[at : at + 1] in ("|", ">"):
            at = self.text.find("\n", at, scalar.end) + 1 or at
        for sign in scalar.text[:offset]:
            if not sign.isspace():
                found = self.text.find(sign, at, scalar.end)
                at = found + 1 if found >= 0 else at
        while at < scalar.end and (self.text[at].isspace() or self.text[at] in "\"'\\"):
            at += 1
        return self.place(min(at, max(scalar.start, scalar.end - 1)))


def read_document(data: bytes) -> tuple[Source, Table]:
    """The tree of a file; raises DocumentError with the line of what cannot be read."""
    source = Source(_decoded(data))
    try:
        root = _Builder(source).document()
    except yaml.reader.ReaderError as error:
        raise _bad(source.place(error.position), _("campaigns.file.control_sign")) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _bad(source.place(_index(mark)), _("campaigns.file.not_yaml")) from None
    if not isinstance(root, Table):
        raise _bad((1, 1), _("campaigns.file.not_a_mapping"))
    return source, root


def _decoded(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise _bad((1, 1), _("campaigns.file.too_big"))
    if data[:4] == _ZIP:
        raise _bad((1, 1), _("campaigns.file.a_workbook"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _bad((line, 1), _("campaigns.file.not_utf8")) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


class _Mark(Protocol):
    """A place that the parser names, from either of PyYAML's scanners."""

    index: int


class _Builder:
    """Builds the tree from parser events, with limits, so that no depth ends in recursion."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._events: Iterator[yaml.Event] = yaml.parse(source.text, Loader=yaml.SafeLoader)
        self._parts = 0

    def document(self) -> Node | None:
        root: Node | None = None
        for event in self._events:
            if isinstance(event, yaml.StreamStartEvent | yaml.StreamEndEvent):
                continue
            if isinstance(event, yaml.DocumentEndEvent):
                continue
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    raise self._refused(event, _("campaigns.file.second_document"))
                continue
            root = self._node(event, 0)
        return root

    def _node(self, event: yaml.Event, depth: int) -> Node:
        self._parts += 1
        if self._parts > MOST_PARTS or depth > MOST_DEPTH:
            raise self._refused(event, _("campaigns.file.too_deep"))
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self._refused(event, _("campaigns.file.alias"))
        if getattr(event, "tag", None) not in (None, "!"):
            raise self._refused(event, _("campaigns.file.tag"))
        start, end = _index(event.start_mark), _index(event.end_mark)
        line, column = self._source.place(start)
        if isinstance(event, yaml.ScalarEvent):
            if _UNWRITABLE.search(event.value):
                # Named by an escape: the text of the file itself has none.
                raise self._refused(event, _("campaigns.file.control_sign"))
            return Scalar(line, column, event.value, event.style is not None, start, end)
        if isinstance(event, yaml.SequenceStartEvent):
            return Listing(line, column, tuple(self._items(depth)))
        return Table(line, column, self._entries(depth))

    def _items(self, depth: int) -> Iterator[Node]:
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                return
            yield self._node(event, depth + 1)

    def _entries(self, depth: int) -> Mapping[str, tuple[Scalar, Node]]:
        entries: dict[str, tuple[Scalar, Node]] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._node(event, depth + 1)
            if not isinstance(key, Scalar):
                raise self._refused(event, _("campaigns.file.key_not_text"))
            if key.text in entries:
                raise self._refused(event, _("campaigns.file.twice"), found=shown(key.text))
            entries[key.text] = (key, self._node(next(self._events), depth + 1))
        return entries

    def _refused(self, event: yaml.Event, key: str, **params: object) -> DocumentError:
        return _bad(self._source.place(_index(event.start_mark)), key, **params)


def _index(mark: _Mark | None) -> int:
    return 0 if mark is None else mark.index


def _bad(place: tuple[int, int], key: str, **params: object) -> DocumentError:
    return DocumentError(FileError(*place, key, params))
