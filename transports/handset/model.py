"""Invented phones and what stands on their screens."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum

from delivery.content import Attachment, Button, Entity
from kit.channels import Channel, Endpoint

FIRST_NAMES = ("Doña Ofelia (Tlaxiaco)", "Beto (Fresno)", "Guardia 1", "Guardia 2")
"""Whom the trial begins with: a mother, her son, and two people on duty. All invented."""

PLATFORM_PHONE = "+12135550100"
"""The number that the platform writes from; phones have the 99 after it."""

AGAIN = 9
"""The key that has a call say its words once more."""

MOST_PHONES = 99
MOST_LINES = 300
"""So many of the last lines of a phone are shown; what is older stays in the table."""
CHAT_IDS = 900_000


def phone_number(place: int) -> str:
    """The number of the phone at a place (1 to 99), of the block that is kept for fiction."""
    return f"+121355501{place:02d}"


def chat_id(place: int) -> int:
    """The made-up Telegram chat of the phone at a place."""
    return CHAT_IDS + place


def place_of(chat: int) -> int:
    """The place of the phone that has a chat."""
    return chat - CHAT_IDS


def chat_place(chat: str) -> int | None:
    """The place of the phone whose chat has this id, or None when no phone can have it."""
    return next((n for n in range(1, MOST_PHONES + 1) if str(chat_id(n)) == chat), None)


class Direction(StrEnum):
    """Seen from the platform: `in` is what the person wrote."""

    IN = "in"
    OUT = "out"


class Media(StrEnum):
    """What a line shows beside its text."""

    PHOTO = "photo"
    VOICE = "voice"
    LOCATION = "location"


class Call(StrEnum):
    """Where a call stands. One that rang and was not answered is missed, whoever ended it."""

    RINGING = "ringing"
    TALKING = "talking"
    ENDED = "ended"
    MISSED = "missed"

    @property
    def is_over(self) -> bool:
        """Whether nobody holds the phone to the ear any more, nor may take it up."""
        return self in {Call.ENDED, Call.MISSED}


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on earth in degrees, north and east positive."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Body:
    """What a line says.

    Two kinds of line are no message but an act: `pressed` holds the label of the button that was
    pressed, `blocked` that the chat was blocked (or, False, opened again). `lost` marks a line of
    the person that the platform could not store; `reply_to` is the line that it answers.

    Of the platform's lines, `row` is the one of its ledger. A `call` says its text and has its
    buttons on its keys. One that is `held` has not reached the phone yet. One that was `withdrawn`
    says nothing any more.
    """

    text: str = ""
    buttons: tuple[tuple[Button, ...], ...] = ()
    ask_location: str = ""
    media: Media | None = None
    spot: Spot | None = None
    pressed: str = ""
    blocked: bool | None = None
    lost: bool = False
    reply_to: int | None = None
    attachment: Attachment | None = None
    protected: bool = False
    call: Call | None = None
    held: bool = False
    withdrawn: bool = False
    by_urgent: bool = False
    row: int | None = None
    entities: tuple[Entity, ...] = ()

    def pack(self) -> str:
        """The form in which the store keeps it: what is not the usual."""
        usual = asdict(Body())
        told = {name: value for name, value in asdict(self).items() if value != usual[name]}
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"))

    @staticmethod
    def unpack(packed: str) -> "Body":
        """The reverse of `pack`, also of what an earlier version has packed."""
        raw = json.loads(packed)
        rows = raw.pop("buttons", ())
        media, spot = raw.pop("media", None), raw.pop("spot", None)
        attachment, call = raw.pop("attachment", None), raw.pop("call", None)
        return Body(
            buttons=tuple(tuple(Button(**button) for button in row) for row in rows),
            media=Media(media) if media else None,
            spot=Spot(**spot) if spot else None,
            attachment=Attachment(**attachment) if attachment else None,
            call=Call(call) if call else None,
            entities=tuple(Entity(**one) for one in raw.pop("entities", ())),
            **raw,
        )

    @property
    def is_act(self) -> bool:
        """Whether this is no message, and so has no message id."""
        return bool(self.pressed) or self.blocked is not None

    def button(self, data: str) -> Button | None:
        """The button that gives `data` when it is pressed."""
        found = (button for row in self.buttons for button in row)
        return next((button for button in found if data and button.data == data), None)

    def key(self, digit: int) -> Button | None:
        """The button that a key of the phone presses in a call; None for one that has no meaning
        there, and for the key that has it all said again."""
        buttons = [button for row in self.buttons for button in row]
        known = 1 <= digit <= len(buttons) and digit != AGAIN
        return buttons[digit - 1] if known and buttons[digit - 1].data else None


@dataclass(frozen=True, slots=True)
class Phone:
    """An invented phone. `changes` rises with every change of it or of its lines.

    `stopped` says that it texted STOP: the platform's ordinary number may not write to it.
    """

    id: int
    name: str = field(repr=False)
    number: str = field(repr=False)
    chat_id: int = field(repr=False)
    blocked: bool
    no_signal: bool
    changes: int
    stopped: bool = False

    def endpoint(self, channel: Channel) -> Endpoint:
        """Where the platform reaches this phone."""
        return Endpoint(channel, str(self.chat_id) if channel is Channel.TELEGRAM else self.number)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a conversation. `message_id` is what Telegram would call it; an act has none.

    `changed` is the count of the phone's changes at which this line took its present form. At
    `until` the network gives it up, if nothing happens before: a call that rings or is talked in,
    an SMS that is held.
    """

    id: int
    phone_id: int
    channel: Channel
    direction: Direction
    body: Body = field(repr=False)
    message_id: int | None
    at: datetime
    edited_at: datetime | None
    changed: int
    until: datetime | None = None

    @property
    def provider_id(self) -> str:
        """What the platform is told as the id of its message: in a chat, Telegram's own."""
        chat = self.channel is Channel.TELEGRAM
        return str(self.message_id) if chat else f"handset:{self.id}"
