"""Cutting a text that is too long for one message of a chat."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from delivery import utf16
from delivery.content import Entity
from delivery.graphemes import may_cut

Span = tuple[int, int]
"""From one sign up to another."""


@dataclass(frozen=True, slots=True)
class Part:
    """One message of several, with the entities that stand in it."""

    text: str
    entities: tuple[Entity, ...] = ()


def split_chat(text: str, entities: Sequence[Entity], limit: int) -> tuple[Part, ...]:
    """The parts of a text, each of at most `limit` (2 or more) UTF-16 units.

    A part ends with a paragraph, else a line, else a sentence if that does not leave it half empty,
    else with a word; the blanks around a cut are left out. No entity is cut that fits into one
    part, no word that does, and never what a reader takes for one sign unless that alone is longer
    than a part.
    """
    if limit < 2:
        raise ValueError("a part holds at least two units")
    places = utf16.places(text)
    if places[-1] <= limit:
        return (Part(text, tuple(entities)),)
    marked = [
        (bisect_left(places, one.offset), bisect_left(places, one.offset + one.length), one)
        for one in entities
    ]
    whole = [(start, end) for start, end, one in marked if one.length <= limit]
    parts = []
    for start, end in _pieces(text, places, whole, limit):
        held = tuple(
            Entity(
                one.kind,
                places[max(first, start)] - places[start],
                places[min(last, end)] - places[max(first, start)],
                one.url,
            )
            for first, last, one in marked
            if max(first, start) < min(last, end)
        )
        parts.append(Part(text[start:end], held))
    return tuple(parts)


def _pieces(text: str, places: Sequence[int], whole: Sequence[Span], limit: int) -> Iterator[Span]:
    """From where to where each part goes, without the blanks around it."""
    start = _past_blanks(text, 0)
    while start < len(text):
        most = bisect_right(places, places[start] + limit) - 1
        cut = len(text) if most == len(text) else _cut(text, start, most, whole)
        end = cut
        while text[end - 1].isspace():
            end -= 1
        yield start, end
        start = _past_blanks(text, cut)


def _cut(text: str, start: int, most: int, whole: Sequence[Span]) -> int:
    """Where a part that begins at `start` ends, at most at `most`."""
    closed = [(first, last) for first, last in whole if last > start and first < most]

    def free(at: int) -> bool:
        return not any(first < at < last for first, last in closed)

    half = (start + most) // 2
    for lowest, ends in ((half, _paragraph), (half, _line), (half, _sentence), (start, _word)):
        found = _last(text, lowest, most, ends, free)
        if found is not None:
            return found
    found = _last(text, start, most, may_cut, free)
    # A sign that is longer than a part by itself, or stands as an entity that is.
    return found or _last(text, start, most, may_cut, lambda _: True) or most


def _last(
    text: str,
    lowest: int,
    most: int,
    ends: Callable[[str, int], bool],
    free: Callable[[int], bool],
) -> int | None:
    return next((at for at in range(most, lowest, -1) if ends(text, at) and free(at)), None)


def _paragraph(text: str, at: int) -> bool:
    return text.startswith("\n\n", at)


def _line(text: str, at: int) -> bool:
    return text[at] == "\n"


def _sentence(text: str, at: int) -> bool:
    return text[at].isspace() and text[at - 1] in ".!?…"


def _word(text: str, at: int) -> bool:
    return text[at].isspace() and may_cut(text, at)


def _past_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at
