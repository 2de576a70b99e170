"""What people will see of a wording that is still being typed. Pure.

Nothing here is markup: a text comes out in pieces with what is marked in each, and the page writes
every piece as text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from campaigns.content import rendering
from campaigns.content.gsm7 import SmsPreview, sms_preview
from campaigns.content.marks import is_https
from campaigns.content.model import AnyButton, Helped, Link, Poll, Reply, Wording
from campaigns.content.rendering import FAULTS
from console.editor.fields import Fields
from console.editor.form import KINDS
from console.editor.reading import Fault
from delivery import utf16
from delivery.content import Content, Entity
from delivery.filling import MOST_CAPTION, MOST_CHAT, Known, fill
from delivery.segments import GSM_7, GSM_EXTENSION, SIZES
from locales.languages import FALLBACK, fallback_chain

SAMPLES: Mapping[str, str] = {
    Known.REGION: "Mixteca",
    Known.TOWN: "Heroica Ciudad de Tlaxiaco",
    Known.NEAREST_CONSULATE: "Consulado de México en Los Ángeles",
}
"""Somebody of whom everything is known, invented."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a chat's text, and what it looks like; `url` of a link is https. What is `filled`
    stands in the place of `{town|…}`."""

    text: str
    bold: bool = False
    italic: bool = False
    url: str = ""
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Bubble:
    """A message of a chat. `signs` counts what Telegram counts; `most` is what it takes."""

    pieces: tuple[Piece, ...]
    buttons: tuple[tuple[str, str], ...]
    """Label, and what pressing it does: `answer`, `url`, `reply` or `helped`."""
    signs: int
    most: int
    has_file: bool = False
    fault: Fault | None = None
    """Why its marks and placeholders cannot be read; then it is shown as it was typed."""


@dataclass(frozen=True, slots=True)
class Sign:
    """Signs of an SMS that cost the same: `dear` ones turn all of it into the dearer alphabet,
    `double` ones count twice."""

    text: str
    dear: bool = False
    double: bool = False


@dataclass(frozen=True, slots=True)
class Sms:
    """An SMS, part by part, and what it costs."""

    parts: tuple[tuple[Sign, ...], ...]
    cost: SmsPreview
    left: int
    """Units that the last part has room for."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A wording as it arrives. `language` is whose it is; `spoken` says that a recording has no
    text of its own and the text is that of another language."""

    language: str
    bubble: Bubble
    sms: Sms | None
    borrowed: str | None = None


def shown(fields: Fields, language: str, *, filled: bool) -> Shown:
    """What somebody of a language gets. `filled`: somebody of whom everything is known, else of
    whom nothing is."""
    wording, borrowed = _wording(fields, language)
    content = wording.content(1)
    values = SAMPLES if filled else {}
    has_file = fields.has(f"c.{language}.media")
    bubble = _bubble(content, values, wording, has_file=has_file)
    by_sms = "sms" in fields.one("channels").split(",")
    sms = _sms(fill(content, values).sms) if by_sms and content.sms.strip() else None
    return Shown(language, bubble, sms, borrowed)


def served(languages: Sequence[str], spoken: str) -> str:
    """The language in which somebody who speaks another is written to."""
    return next((code for code in fallback_chain(spoken) if code in languages), FALLBACK)


def _wording(fields: Fields, language: str) -> tuple[Wording, str | None]:
    name = f"c.{language}"
    text, sms = fields.one(f"{name}.text").strip(), fields.one(f"{name}.sms").strip()
    borrowed = None
    if not text and not sms and language != FALLBACK:
        family = next((one for one in fallback_chain(language)[1:] if _says(fields, one)), FALLBACK)
        borrowed = family
        text, sms = (fields.one(f"c.{family}.{one}").strip() for one in ("text", "sms"))
    if not text and sms:
        text = _escaped(sms)
    question = fields.said(f"{name}.poll.question")
    answers = [" ".join(one.split()) for one in fields.each(f"{name}.poll.answer") if one.strip()]
    poll = Poll(question, tuple(answers)) if question and answers else None
    return Wording(text, sms or None, tuple(_buttons(fields, name)), poll), borrowed


def _says(fields: Fields, language: str) -> bool:
    return fields.has(f"c.{language}.text") or fields.has(f"c.{language}.sms")


def _escaped(sms: str) -> str:
    try:
        return rendering.escaped(sms)
    except FAULTS:
        return sms


def _buttons(fields: Fields, language: str) -> list[AnyButton]:
    found: list[AnyButton] = []
    for number in fields.numbers(f"{language}.button"):
        name = f"{language}.button.{number}"
        label, value = fields.said(f"{name}.label"), fields.said(f"{name}.value")
        kind = fields.one(f"{name}.kind", KINDS[0])
        if not label:
            continue
        if kind == "helped":
            found.append(Helped(label))
        else:
            found.append(Reply(label, value) if kind == "reply" else Link(label, value))
    return found


def _bubble(
    content: Content, values: Mapping[str, str], wording: Wording, *, has_file: bool
) -> Bubble:
    fault = _fault(wording.text)
    kept = [one for one in content.slots if one.wording == "chat"]
    spots = [(one.offset, one.length) for one in kept]
    if values and fault is None:
        content, spots = _filled(content, values)
    kinds = {Link: "url", Reply: "reply", Helped: "helped"}
    answers = len(content.buttons) - len(wording.buttons)
    does = ["answer"] * answers + [kinds[type(one)] for one in wording.buttons]
    labels = [row[0].label for row in content.buttons]
    return Bubble(
        pieces(content.chat, content.entities, spots),
        tuple(zip(labels, does, strict=True)),
        len(content.chat),
        MOST_CAPTION if has_file else MOST_CHAT,
        has_file,
        fault,
    )


def _fault(text: str) -> Fault | None:
    try:
        rendering.in_chat(text)
    except FAULTS as error:
        before = text[: error.position]
        line, sign = before.count("\n") + 1, error.position - before.rfind("\n")
        return Fault(error.reason, line, sign)
    return None


def _filled(content: Content, values: Mapping[str, str]) -> tuple[Content, list[tuple[int, int]]]:
    """A content with what is known, and where that stands: place and length. Filled one by one from
    the end, so that each place is still where it was."""
    spots: list[tuple[int, int]] = []
    kept = [one for one in content.slots if one.wording == "chat"]
    now = replace(content, slots=())
    for slot in sorted(kept, key=lambda one: -one.offset):
        value = values.get(slot.name)
        if value is None:
            continue
        before = utf16.length(now.chat)
        now = fill(replace(now, slots=(slot,)), {slot.name: value})
        grown = utf16.length(now.chat) - before
        spots = [(start + grown, length) for start, length in spots]
        spots.append((slot.offset, slot.length + grown))
    return now, spots


def pieces(
    text: str, entities: Sequence[Entity], filled: Sequence[tuple[int, int]] = ()
) -> tuple[Piece, ...]:
    """A text cut wherever a mark begins or ends. Places, and those that are `filled`, are counted
    in UTF-16 units."""
    whole = utf16.length(text)
    spots = [(start, start + length) for start, length in filled]
    marks = [(one.offset, one.offset + one.length, one) for one in entities]
    edges = {0, whole, *(edge for start, end, _one in marks for edge in (start, end))}
    edges |= {edge for spot in spots for edge in spot}
    found: list[Piece] = []
    for start, end in pairwise(sorted(edge for edge in edges if 0 <= edge <= whole)):
        over = [one for first, last, one in marks if first <= start and end <= last]
        urls = (one.url for one in over if one.kind == "link" and is_https(one.url))
        found.append(
            Piece(
                utf16.cut(text, start, end),
                any(one.kind == "bold" for one in over),
                any(one.kind == "italic" for one in over),
                next(urls, ""),
                any(first <= start and end <= last for first, last in spots),
            )
        )
    return tuple(found)


def _sms(text: str) -> Sms:
    cost = sms_preview(text)
    single, several = SIZES[cost.encoding]
    last = cost.segments[-1]
    plain = cost.encoding == "GSM-7"
    used = _units(last, plain=plain)
    room = single if len(cost.segments) == 1 else several
    return Sms(
        tuple(tuple(_signs(part, plain=plain)) for part in cost.segments), cost, max(0, room - used)
    )


def _units(text: str, *, plain: bool) -> int:
    return len(text) + sum(one in GSM_EXTENSION for one in text) if plain else utf16.length(text)


def _signs(part: str, *, plain: bool) -> list[Sign]:
    """A part in runs of signs that cost the same."""
    found: list[Sign] = []
    for sign in part:
        one = Sign(sign, dear=sign not in GSM_7, double=plain and sign in GSM_EXTENSION)
        if found and (found[-1].dear, found[-1].double) == (one.dear, one.double):
            found[-1] = replace(found[-1], text=found[-1].text + sign)
        else:
            found.append(one)
    return found
