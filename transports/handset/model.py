"""Invented phones and what stands on their screens."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum

from delivery.content import Button
from kit.channels import Channel, Endpoint

FIRST_NAMES = ("Doña Ofelia (Tlaxiaco)", "Beto (Fresno)", "Guardia 1", "Guardia 2")
"""Whom the trial begins with: a mother, her son, and two people on duty. All invented."""

PLATFORM_PHONE = "+12135550100"
"""The number that the platform writes from; phones have the 99 after it."""

MOST_PHONES = 99
CHAT_IDS = 900_000


def phone_number(place: int) -> str:
    """The number of the phone at a place (1 to 99), of the block that is kept for fiction."""
    return f"+121355501{place:02d}"


def chat_id(place: int) -> int:
    """The made-up Telegram chat of the phone at a place."""
    return CHAT_IDS + place


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
    the person that the platform could not store.
    """

    text: str = ""
    buttons: tuple[tuple[Button, ...], ...] = ()
    ask_location: str = ""
    media: Media | None = None
    spot: Spot | None = None
    pressed: str = ""
    blocked: bool | None = None
    lost: bool = False

    def pack(self) -> str:
        """The form in which the store keeps it."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @staticmethod
    def unpack(packed: str) -> "Body":
        """The reverse of `pack`."""
        raw = json.loads(packed)
        return Body(
            text=raw["text"],
            buttons=tuple(tuple(Button(**button) for button in row) for row in raw["buttons"]),
            ask_location=raw["ask_location"],
            media=Media(raw["media"]) if raw["media"] else None,
            spot=Spot(**raw["spot"]) if raw["spot"] else None,
            pressed=raw["pressed"],
            blocked=raw["blocked"],
            lost=raw["lost"],
        )

    @property
    def is_act(self) -> bool:
        """Whether this is no message, and so has no message id."""
        return bool(self.pressed) or self.blocked is not None

    def button(self, data: str) -> Button | None:
        """The button that gives `data` when it is pressed."""
        found = (button for row in self.buttons for button in row)
        return next((button for button in found if data and button.data == data), None)


@dataclass(frozen=True, slots=True)
class Phone:
    """An invented phone. `changes` rises with every change of it or of its lines."""

    id: int
    name: str = field(repr=False)
    number: str = field(repr=False)
    chat_id: int = field(repr=False)
    blocked: bool
    no_signal: bool
    changes: int

    def endpoint(self, channel: Channel) -> Endpoint:
        """Where the platform reaches this phone."""
        return Endpoint(channel, str(self.chat_id) if channel is Channel.TELEGRAM else self.number)


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a conversation. `message_id` is what Telegram would call it; an act has none.

    `changed` is the count of the phone's changes at which this line took its present form.
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
