"""Invented people of a campaign, and what becomes of messages to each of them."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from contacts import store as contacts
from contacts.model import Relation, Topic
from contacts.store import address, contact, subscription
from db.session import Session
from kit.channels import Channel, Endpoint
from tests.standins import telegram_errors, twilio_errors
from tests.standins.faults import Fault, Script
from tests.standins.twilio_fates import DELIVERED, UNKNOWN_NUMBER, UNREACHABLE, Fate, Telling

AREAS = (
    *("310", "323", "408", "415", "503", "206", "509", "559", "602", "619", "626", "661", "714"),
    *("209", "424", "510", "530", "541", "562", "650", "657", "707", "747", "760", "805", "818"),
    *("831", "858", "909", "916", "925", "949", "951", "971", "253", "360", "425", "480", "520"),
)
"""Numbers 555-01xx belong to nobody in any area; 213 is kept for those who write."""

FIRST_CHAT = 7_901_000_000
CORRECTED = Fate(("sent", "undelivered", "delivered"), 30008, after=0.02)
"""A carrier that is wrong at first."""

FATES: Sequence[tuple[int, Fate]] = (
    (52, DELIVERED),
    (8, Fate(told=Telling.TWICE, after=0.02)),
    (8, Fate(told=Telling.REVERSED, after=0.02)),
    (8, Fate(told=Telling.NEVER)),
    (6, Fate(late=1.5)),
    (4, CORRECTED),
    (4, Fate(CORRECTED.statuses, 30008, told=Telling.REVERSED, after=0.02)),
    (5, UNREACHABLE),
    (5, UNKNOWN_NUMBER),
)
"""Of a hundred messages so many."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a chat, a phone or both; `refused` is what the providers say of each."""

    chat: Endpoint | None
    phone: Endpoint | None
    refused: tuple[tuple[Endpoint, Fault], ...] = field(default=(), repr=False)
    said_no: bool = False

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Where they can be reached, the chat first."""
        return tuple(one for one in (self.chat, self.phone) if one is not None)


def invent(size: int, dice: random.Random) -> list[Person]:
    """So many people: half with a chat alone, of the others half with both."""
    people: list[Person] = []
    phones = 0
    for number in range(size):
        kind = dice.random()
        chat = Endpoint(Channel.TELEGRAM, str(FIRST_CHAT + number)) if kind < 0.75 else None
        phone = None
        if kind >= 0.5 and phones < 100 * len(AREAS):
            phone = Endpoint(Channel.SMS, f"+1{AREAS[phones // 100]}55501{phones % 100:02}")
            phones += 1
        if chat is None and phone is None:
            chat = Endpoint(Channel.TELEGRAM, str(FIRST_CHAT + number))
        refused: list[tuple[Endpoint, Fault]] = []
        if chat is not None and dice.random() < 0.04:
            why = dice.choice((telegram_errors.blocked, telegram_errors.deactivated))
            refused.append((chat, why()))
        if phone is not None and dice.random() < 0.04:
            why = dice.choice((twilio_errors.unsubscribed, twilio_errors.not_mobile))
            refused.append((phone, why()))
        people.append(Person(chat, phone, tuple(refused), said_no=dice.random() < 0.02))
    return people


async def move_in(session: Session, people: Sequence[Person], now: datetime) -> None:
    """Make them contacts who agreed to programmes, as an import would; quickly."""
    made = await session.execute(
        contact.insert().returning(contact.c.id, sort_by_parameter_order=True),
        [
            {"language": "es", "joined_at": now, "country": "MX", "relation": Relation.RETURNED}
            for _ in people
        ],
    )
    ids = [int(number) for number in made.scalars()]
    of = [(number, end) for number, one in zip(ids, people, strict=True) for end in one.endpoints]
    await session.execute(
        address.insert(),
        [
            {
                "contact_id": number,
                "channel": end.channel,
                "endpoint": end.value,
                "endpoint_index": end.value,
                "dead": False,
            }
            for number, end in of
        ],
    )
    await session.execute(
        subscription.insert(),
        [{"contact_id": number, "topic": Topic.PROGRAMS} for number in ids],
    )
    for one in people:
        for end in one.endpoints if one.said_no else ():
            await contacts.add_opt_out(session, end, "person", "BAJA", now)


def fates(people: Sequence[Person], dice: random.Random) -> dict[str, Fate]:
    """What becomes of the SMS to each phone."""
    shares, kinds = zip(*FATES, strict=True)
    phones = [one.phone.value for one in people if one.phone is not None]
    return dict(zip(phones, dice.choices(kinds, shares, k=len(phones)), strict=True))


def refusals(people: Sequence[Person], channel: Channel) -> list[Script]:
    """What a provider says of some of them, always."""
    return [
        Script(fault, calls=None, recipient=end.value)
        for one in people
        for end, fault in one.refused
        if end.channel is channel
    ]


def whims(channel: Channel, seed: int) -> list[Script]:
    """What a provider does to anybody, by chance."""
    errors = telegram_errors if channel is Channel.TELEGRAM else twilio_errors
    chances: list[tuple[float, Fault]] = [
        (0.002, errors.too_many_requests(2)),
        (0.02, errors.server_error()),
        (0.005, errors.bad_gateway()),
        (0.006, Fault.drop()),
        (0.004, Fault.drop_before()),
        (0.05, Fault.hang(0.4, taken=True)),
        # Longer than anybody waits for an answer.
        (0.001, Fault.hang(12, taken=True)),
        (0.001, Fault.hang(12)),
    ]
    return [
        Script(fault, calls=None, probability=chance, seed=seed + place)
        for place, (chance, fault) in enumerate(chances)
    ]
