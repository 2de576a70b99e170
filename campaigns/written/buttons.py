"""The `buttons` and the `poll` of a campaign file."""

from collections.abc import Callable

from campaigns.content.marks import is_https
from campaigns.content.model import WORD_DATA, AnyButton, Helped, Link, Poll, Reply
from campaigns.content.slots import SlotError, find
from campaigns.replies.typed import name_of, number_of
from campaigns.written.document import Listing, Node, Scalar
from campaigns.written.quoting import shown
from campaigns.written.reading import Reading
from locales.text import _

GoesFirst = Callable[[str], bool]
"""Whether words, typed as a whole message, mean something before they can answer a poll."""

KINDS = ("url", "reply", "helped")
BUTTON_KEYS = ("label", *KINDS)
POLL_KEYS = ("question", "answers")
MOST_BUTTONS = 8
MOST_LABEL = 64
LEAST_ANSWERS, MOST_ANSWERS = 2, 4
MOST_QUESTION = 300
MOST_DATA = 64
"""Bytes that come back with a pressed button (Bot API, InlineKeyboardButton)."""
_LARGEST_ID = 2**63 - 1
MOST_WORD = MOST_DATA - len(WORD_DATA.format(campaign=_LARGEST_ID, word=""))
"""Bytes of a word that a button stands for."""


def read_buttons(node: Node, reading: Reading) -> tuple[AnyButton, ...]:
    """A list of `{label, url}`, `{label, reply: WORD}` and `{label, helped: true}`."""
    listing = reading.listing(node, "buttons")
    if listing is None:
        return ()
    if len(listing.items) > MOST_BUTTONS:
        reading.refuse(listing, _("campaigns.file.many_buttons"), most=MOST_BUTTONS)
        return ()
    found: list[AnyButton] = []
    for item in listing.items:
        button = _button(item, reading)
        if isinstance(button, Helped) and any(isinstance(one, Helped) for one in found):
            reading.refuse(item, _("campaigns.file.twice"), found="helped")
        if button is not None:
            found.append(button)
    return tuple(found)


def no_word(answer: str) -> bool:
    """Where nobody tells which words mean something else, none does."""
    del answer
    return False


def read_poll(node: Node, reading: Reading, goes_first: GoesFirst = no_word) -> Poll | None:
    """`question`, and two to four `answers`, each another one, also for who types it: none is a
    word that `goes_first`, or the number of another."""
    table = reading.table(node, "poll")
    if table is None:
        return None
    reading.known_keys(table, POLL_KEYS)
    asked, listed = (reading.needed(table, name) for name in POLL_KEYS)
    question = None if asked is None else _line(asked, "question", MOST_QUESTION, reading)
    listing = None if listed is None else reading.listing(listed, "answers")
    if question is None or listing is None:
        return None
    answers = _answers(listing, reading, goes_first)
    return None if answers is None else Poll(question, answers)


def _answers(listing: Listing, reading: Reading, goes_first: GoesFirst) -> tuple[str, ...] | None:
    if not LEAST_ANSWERS <= len(listing.items) <= MOST_ANSWERS:
        least, most = LEAST_ANSWERS, MOST_ANSWERS
        reading.refuse(listing, _("campaigns.file.poll_answers"), least=least, most=most)
        return None
    found: list[str] = []
    for item in listing.items:
        answer = _line(item, "answers", MOST_LABEL, reading)
        if answer is None:
            return None
        if name_of(answer) in map(name_of, found):
            reading.refuse(item, _("campaigns.file.twice"), found=shown(answer))
            return None
        if goes_first(answer):
            reading.refuse(item, _("campaigns.file.answer_reserved"), found=shown(answer))
            return None
        if number_of(answer) not in (None, len(found) + 1):
            reading.refuse(item, _("campaigns.file.answer_number"), found=shown(answer))
            return None
        found.append(answer)
    return tuple(found)


def _button(node: Node, reading: Reading) -> AnyButton | None:
    table = reading.table(node, "buttons")
    if table is None:
        return None
    reading.known_keys(table, BUTTON_KEYS)
    given = reading.needed(table, "label")
    label = None if given is None else _line(given, "label", MOST_LABEL, reading)
    kinds = [kind for kind in KINDS if kind in table.entries]
    if len(kinds) != 1:
        reading.refuse(table, _("campaigns.file.button_kind"), expected=", ".join(KINDS))
        return None
    value = reading.needed(table, kinds[0])
    if value is None or label is None:
        return None
    match kinds[0]:
        case "url":
            return _link(label, value, reading)
        case "reply":
            return _reply(label, value, reading)
        case _:
            return Helped(label) if reading.choice(value, "helped", ("true",)) else None


def _link(label: str, node: Node, reading: Reading) -> Link | None:
    url = reading.text(node, "url")
    if url is None:
        return None
    if not is_https(url.text.strip()):
        reading.refuse(url, _("campaigns.file.url"), found=shown(url.text))
        return None
    return Link(label, url.text.strip())


def _reply(label: str, node: Node, reading: Reading) -> Reply | None:
    scalar = reading.text(node, "reply")
    if scalar is None:
        return None
    word = " ".join(scalar.text.split())
    if not word.isprintable() or not 0 < len(word.encode()) <= MOST_WORD:
        reading.refuse(scalar, _("campaigns.file.reply_word"), most=MOST_WORD)
        return None
    return Reply(label, word)


def _line(node: Node, name: str, most: int, reading: Reading) -> str | None:
    """A text of one line, the same for everybody."""
    scalar = reading.text(node, name)
    if scalar is None:
        return None
    text = " ".join(scalar.text.split())
    if not 0 < len(text) <= most:
        key = _("campaigns.file.label_long") if name == "label" else _("campaigns.file.line_long")
        reading.refuse(scalar, key, name=name, most=most)
        return None
    if _has_slots(scalar):
        reading.refuse(scalar, _("campaigns.file.slot_here"), name=name)
        return None
    return text


def _has_slots(scalar: Scalar) -> bool:
    try:
        return bool(find(scalar.text))
    except SlotError:
        return True
