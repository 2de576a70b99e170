"""From what staff write to what a message says: marks become entities, placeholders slots."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.content import markup, slots
from campaigns.content.markup import Marked, MarkupError
from campaigns.content.slots import Hole, SlotError
from delivery import utf16
from delivery.content import Entity
from delivery.filling import Known, Swap, swapped

FAULTS = (MarkupError, SlotError)
"""How a text can fail to be read; both have a `position` and a `reason`."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something known of the recipient goes, in UTF-16 units."""

    known: Known
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Said:
    """A text as it is said to somebody of whom nothing is known."""

    text: str
    entities: tuple[Entity, ...] = ()
    places: tuple[Place, ...] = ()


def in_chat(text: str) -> Said:
    """What a chat shows of a text with marks; raises MarkupError or SlotError."""
    holes = slots.find(text)
    return _filled(markup.read(text, _spans(holes)), holes)


def in_sms(text: str) -> Said:
    """What an SMS says of a text with marks; raises MarkupError or SlotError."""
    holes = slots.find(text)
    return _filled(markup.read_plain(text, _spans(holes)), holes)


def as_written(text: str) -> Said:
    """What is said of a text in which nothing is a mark; raises SlotError."""
    return _filled(Marked(text, (), tuple(range(len(text)))), slots.find(text))


def escaped(text: str) -> str:
    """The text with marks that says what a text without them does; raises SlotError."""
    return markup.escaped(text, _spans(slots.find(text)))


def _spans(holes: Sequence[Hole]) -> list[tuple[int, int]]:
    return [hole.span for hole in holes]


def _filled(marked: Marked, holes: Sequence[Hole]) -> Said:
    """The fallbacks in the place of their holes, which the marks left as they were written."""
    units = utf16.places(marked.text)
    swaps = []
    for hole in holes:
        first = bisect_left(marked.origins, hole.start)
        start, end = units[first], units[first + hole.end - hole.start]
        swaps.append(Swap(start, end - start, hole.text))
    text, entities, begins = swapped(marked.text, marked.entities, swaps)
    return Said(
        text,
        entities,
        tuple(
            Place(hole.known, begin, utf16.length(hole.text))
            for hole, begin in zip(holes, begins, strict=True)
            if hole.known is not None
        ),
    )
