"""What a campaign says, in each language."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace

from campaigns.content import rendering
from campaigns.content.rendering import FAULTS, Said
from campaigns.files.formats import MediaKind
from delivery import utf16
from delivery.content import Attachment, Button, Content, Entity, Slot
from delivery.filling import Known

HELPED_DATA = "k:{campaign}:h"
WORD_DATA = "k:{campaign}:w:{word}"
ANSWER_DATA = "k:{campaign}:p{number}"
"""What comes back when a button of a campaign is pressed; `bot` reads it."""


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens a page, in chats only."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Reply:
    """A button that does what typing its word does, in chats only."""

    label: str
    word: str


@dataclass(frozen=True, slots=True)
class Helped:
    """A button by which somebody says that this helped them, in chats only."""

    label: str


@dataclass(frozen=True, slots=True)
class Poll:
    """A question with two to four answers; a chat has a button for each, an SMS a number."""

    question: str
    answers: tuple[str, ...]

    @property
    def in_sms(self) -> str:
        """As an SMS asks it: "question 1 a, 2 b"."""
        numbered = ", ".join(f"{number} {said}" for number, said in enumerate(self.answers, 1))
        return f"{self.question} {numbered}"


AnyButton = Link | Reply | Helped


@dataclass(frozen=True, slots=True)
class Media:
    """A file that goes with a text in chats: what it is shown as, its fingerprint (SHA-256, hex),
    what it is called, and how many bytes it has."""

    kind: MediaKind
    sha256: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Wording:
    """A campaign in one language, as its author wrote it: `text` with marks and placeholders, `sms`
    with placeholders alone. Without an `sms` wording an SMS says what the chat says.
    """

    text: str
    sms: str | None = None
    buttons: tuple[AnyButton, ...] = ()
    poll: Poll | None = None
    media: Media | None = None

    @property
    def plain(self) -> str:
        """The text for one of whom nothing is known, without marks, links written out."""
        return _said(rendering.in_sms, self.text).text

    @property
    def in_sms(self) -> str:
        """What an SMS says to one of whom nothing is known, the question of the poll included."""
        return self._sms().text

    @property
    def placeholders(self) -> frozenset[Known]:
        """What of the recipient it asks for."""
        return frozenset(
            place.known for said in (self._chat(), self._sms()) for place in said.places
        )

    def content(self, campaign_id: int, file: Attachment | None = None) -> Content:
        """As the ledger keeps it, one button a row, those of the poll first. `file` is what the
        chat's provider calls its media."""
        chat, sms = self._chat(), self._sms()
        poll = self.poll.answers if self.poll else ()
        buttons = [
            Button(answer, ANSWER_DATA.format(campaign=campaign_id, number=number))
            for number, answer in enumerate(poll, 1)
        ]
        buttons += [_button(one, campaign_id) for one in self.buttons]
        return Content(
            chat=chat.text,
            sms=sms.text,
            buttons=tuple((button,) for button in buttons),
            attachment=file,
            entities=chat.entities,
            slots=(
                *(Slot("chat", one.known, one.offset, one.length) for one in chat.places),
                *(Slot("sms", one.known, one.offset, one.length) for one in sms.places),
            ),
        )

    def _chat(self) -> Said:
        said = _said(rendering.in_chat, self.text)
        if self.poll is None:
            return said
        text = f"{said.text}\n\n"
        question = Entity("bold", utf16.length(text), utf16.length(self.poll.question))
        return replace(said, text=text + self.poll.question, entities=(*said.entities, question))

    def _sms(self) -> Said:
        if self.sms is None:
            said = _said(rendering.in_sms, self.text)
        else:
            said = _said(rendering.as_written, self.sms)
        if self.poll is None:
            return said
        return replace(said, text=f"{said.text}\n{self.poll.in_sms}")


def _said(read: Callable[[str], Said], text: str) -> Said:
    """A text as it is said. One that cannot be read was kept before there were marks: it says what
    it says, sign by sign."""
    try:
        return read(text)
    except FAULTS:
        return Said(text)


def _button(button: AnyButton, campaign_id: int) -> Button:
    match button:
        case Link():
            return Button(button.label, url=button.url)
        case Reply():
            return Button(button.label, WORD_DATA.format(campaign=campaign_id, word=button.word))
        case Helped():
            return Button(button.label, HELPED_DATA.format(campaign=campaign_id))


def packed_contents(contents: Mapping[str, Wording]) -> str:
    """The form in which the database keeps the wordings.

    One that has links alone is kept as it was before there were other buttons, so that what was
    approved then still has its fingerprint.
    """
    plain = {language: _packed(wording) for language, wording in contents.items()}
    return json.dumps(plain, ensure_ascii=False, sort_keys=True)


def unpacked_contents(packed: str) -> dict[str, Wording]:
    """The reverse of `packed_contents`, also of what an earlier version has packed."""
    return {
        language: Wording(
            plain["text"],
            plain["sms"],
            tuple(_unpacked_button(**button) for button in plain["buttons"])
            if "buttons" in plain
            else tuple(Link(label, url) for label, url in plain["links"]),
            Poll(plain["poll"][0], tuple(plain["poll"][1:])) if "poll" in plain else None,
            _unpacked_media(**plain["media"]) if "media" in plain else None,
        )
        for language, plain in json.loads(packed).items()
    }


def _packed(wording: Wording) -> dict[str, object]:
    plain: dict[str, object] = {"text": wording.text, "sms": wording.sms}
    links = [one for one in wording.buttons if isinstance(one, Link)]
    if len(links) == len(wording.buttons):
        plain["links"] = [[link.label, link.url] for link in links]
    else:
        plain["buttons"] = [_packed_button(one) for one in wording.buttons]
    if wording.poll is not None:
        plain["poll"] = [wording.poll.question, *wording.poll.answers]
    if wording.media is not None:
        plain["media"] = asdict(wording.media)
    return plain


def _unpacked_media(kind: str, sha256: str, name: str, size: int) -> Media:
    return Media(MediaKind(kind), sha256, name, size)


def _packed_button(button: AnyButton) -> dict[str, str]:
    match button:
        case Link():
            return {"label": button.label, "url": button.url}
        case Reply():
            return {"label": button.label, "word": button.word}
        case Helped():
            return {"label": button.label}


def _unpacked_button(label: str, url: str | None = None, word: str | None = None) -> AnyButton:
    if url is not None:
        return Link(label, url)
    return Helped(label) if word is None else Reply(label, word)
