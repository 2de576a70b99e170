"""What a message says, in its chat wording and its SMS wording, and how it is composed."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Literal

from locales.catalog import render
from locales.text import Text


@dataclass(frozen=True, slots=True)
class Button:
    """A button of a chat; `data` (at most 64 bytes) comes back when it is pressed."""

    label: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that the chat's provider holds already: its kind there ("photo", "voice" …) and name.

    A name is a secret of the bot's: whoever has both can read the file.
    """

    kind: str
    file: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Entity:
    """A part of a chat's text that stands bold, italic or as a link to `url`.

    Its place is counted in UTF-16 units, as Telegram does.
    """

    kind: Literal["bold", "italic", "link"]
    offset: int
    length: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """A part of a wording that gives way to what is known of the recipient under `name`.

    What stands there is the fallback, for those of whom it is not known, so that a content that
    was never filled can be sent. Its place is counted as that of an `Entity`.
    """

    wording: Literal["chat", "sms"]
    name: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class Content:
    """The wordings of one message. Buttons and a location request exist in chats only.

    `replaces` is the provider's id of an earlier message of ours that this text takes the place of.
    `spoken` is what a call says; its keys 1, 2 … press the buttons in their order, 9 says it again.
    With an `attachment` the chat's text is the caption; an SMS goes without it. A `protected`
    message can be neither forwarded nor saved, where the chat allows that. `entities` mark parts of
    the chat's text; `slots` are what `delivery.filling` fills for each recipient.
    """

    chat: str
    sms: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    ask_location: str = ""
    replaces: int | None = None
    spoken: str = ""
    attachment: Attachment | None = None
    protected: bool = False
    entities: tuple[Entity, ...] = ()
    slots: tuple[Slot, ...] = ()

    def pack(self) -> str:
        """The form in which the ledger keeps it."""
        plain = asdict(self)
        for name in _LATER:
            if not plain[name]:
                # A process of an earlier version can still read what has none of them.
                del plain[name]
        return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))

    @staticmethod
    def unpack(packed: str) -> "Content":
        """The reverse of `pack`, also of what an earlier version has packed."""
        raw = json.loads(packed)
        rows = tuple(tuple(Button(**button) for button in row) for row in raw.pop("buttons"))
        file = raw.pop("attachment", None)
        return Content(
            buttons=rows,
            attachment=None if file is None else Attachment(**file),
            entities=tuple(Entity(**one) for one in raw.pop("entities", ())),
            slots=tuple(Slot(**one) for one in raw.pop("slots", ())),
            **raw,
        )


_LATER = ("entities", "slots")


@dataclass(frozen=True, slots=True)
class Option:
    """An answer that can be chosen: a button in a chat, a number in an SMS."""

    value: str
    label: Text | str

    def label_in(self, language: str, *, terse: bool) -> str:
        """What the option is called for a person."""
        if isinstance(self.label, str):
            return self.label
        return render(self.label.sms if terse else self.label.chat, language, {})


Params = Mapping[str, object]


def compose(
    text: Text,
    language: str,
    params: Params | None = None,
    options: Sequence[Option] = (),
    *,
    columns: int = 1,
    replaces: int | None = None,
    ask_location: Text | None = None,
) -> Content:
    """Fill a text in one language. Values that are texts themselves are rendered too.

    In the SMS wording `{options}` becomes "1 A, 2 B"; a wording without it says by itself how to
    answer.
    """
    values = dict(params or {})
    buttons = [Button(option.label_in(language, terse=False), option.value) for option in options]
    rows = tuple(tuple(buttons[i : i + columns]) for i in range(0, len(buttons), columns))
    return Content(
        chat=render(text.chat, language, _filled(values, options, language, terse=False)),
        sms=render(text.sms, language, _filled(values, options, language, terse=True)),
        buttons=rows,
        ask_location=render(ask_location.chat, language, {}) if ask_location else "",
        replaces=replaces,
    )


def _filled(
    values: Params, options: Sequence[Option], language: str, *, terse: bool
) -> dict[str, object]:
    filled: dict[str, object] = {
        name: render(value.sms if terse else value.chat, language, {})
        if isinstance(value, Text)
        else value
        for name, value in values.items()
    }
    if options:
        labels = [option.label_in(language, terse=terse) for option in options]
        filled["options"] = ", ".join(f"{n} {label}" for n, label in enumerate(labels, 1))
    return filled
