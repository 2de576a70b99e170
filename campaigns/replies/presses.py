"""What people press under a campaign, and the words of posters: how both are written and read."""

import re
from dataclasses import dataclass, field
from enum import StrEnum

from delivery.content import Button, Content
from kit.fold import fold

MOST_DATA = 64
"""Bytes that a button of Telegram carries (Bot API, InlineKeyboardButton.callback_data)."""

LONGEST_KEYWORD = 20
SHORTEST_KEYWORD = 3

_DATA = re.compile(r"k:([1-9][0-9]{0,17}):(?:(h)|p([1-4])|w:(.+))", re.DOTALL)
_KEYWORD = re.compile(r"(?=[a-z0-9]*[a-z])[a-z0-9]+")


class AnswerKind(StrEnum):
    """What a press says."""

    HELPED = "helped"
    WORD = "word"
    POLL = "poll"


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button of a campaign. `value` is the word, or the number of the answer."""

    campaign_id: int
    kind: AnswerKind
    value: str = field(default="", repr=False)

    @property
    def data(self) -> str:
        """What the button carries."""
        if self.kind is AnswerKind.HELPED:
            return f"k:{self.campaign_id}:h"
        if self.kind is AnswerKind.POLL:
            return f"k:{self.campaign_id}:p{self.value}"
        return f"k:{self.campaign_id}:w:{self.value}"


@dataclass(frozen=True, slots=True)
class Pressed:
    """A press of somebody who got that very button, by which run (none: from a poster).

    `is_new` says whether it tells something that is not kept yet.
    """

    press: Press
    run_id: int | None
    is_new: bool


@dataclass(frozen=True, slots=True)
class Poster:
    """What the word of a poster is answered with."""

    keyword: str
    content: Content = field(repr=False)


@dataclass(frozen=True, slots=True)
class OutOfRange:
    """A number that the poll asked last, by which run (none: a poster), has no answer for: it has
    1 to `most`."""

    campaign_id: int
    run_id: int | None
    most: int

    @property
    def about(self) -> str:
        """What marks the message that tells so, once to each endpoint: `poll:12:40`."""
        return f"poll:{self.campaign_id}:{self.run_id or 0}"


def read_press(data: str) -> Press | None:
    """What was pressed; None for anything that is no button of a campaign. Never raises."""
    if len(data.encode(errors="replace")) > MOST_DATA:
        return None
    found = _DATA.fullmatch(data)
    if found is None:
        return None
    campaign_id, helped, number, word = found.groups()
    if helped:
        return Press(int(campaign_id), AnswerKind.HELPED)
    if number:
        return Press(int(campaign_id), AnswerKind.POLL, number)
    return Press(int(campaign_id), AnswerKind.WORD, word) if word.strip() else None


def poll_of(content: Content) -> tuple[Button, ...]:
    """The answers of the poll of a content, in their order; none when it asks nothing."""
    return tuple(
        button
        for row in content.buttons
        for button in row
        if (press := read_press(button.data)) is not None and press.kind is AnswerKind.POLL
    )


def holds(content: Content, press: Press) -> bool:
    """Whether this button stands under a content."""
    return any(button.data == press.data for row in content.buttons for button in row)


def keyword_form(text: str) -> str | None:
    """A word of a poster as it is kept and looked up: `FERIA`, `feria!` and `Fería` are `feria`.

    One word of 3 to 20 letters and digits with a letter among them; None for anything else.
    """
    if len(text) > 4 * LONGEST_KEYWORD:
        return None
    word = fold(text)
    fits = SHORTEST_KEYWORD <= len(word) <= LONGEST_KEYWORD and _KEYWORD.fullmatch(word)
    return word if fits else None


def keyword_tag(keyword: str) -> str:
    """What somebody is marked with who sent the word of a poster: `keyword-feria`."""
    return f"keyword-{keyword}"


def poll_tag(campaign_id: int, number: str) -> str:
    """What somebody is marked with who gave an answer: `poll-12-1`."""
    return f"poll-{campaign_id}-{number}"


def pressed_tag(campaign_id: int) -> str:
    """What somebody is marked with who answered at all: `pressed-12`, so that
    `received:12 and not tag:pressed-12` are those to remind."""
    return f"pressed-{campaign_id}"
