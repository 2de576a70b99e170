"""Putting into a content what is known of its recipient."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from delivery import utf16
from delivery.content import Content, Entity, Slot
from delivery.segments import GSM_7, offer
from kit.fold import fold

MOST_CHAT = 4_096
"""Signs of a message of a chat."""
MOST_CAPTION = 1_024
"""Signs of the text below a file; core.telegram.org/bots/api#sendphoto"""
MOST_SMS = 1_600
"""Signs of an SMS."""


class Known(StrEnum):
    """What can be put into a text. A person's name is none of them: phones are shared, and numbers
    are given to somebody else."""

    REGION = "region"
    TOWN = "town"
    NEAREST_CONSULATE = "nearest_consulate"


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What is known of where a recipient is from and is now; the names are those of a contact."""

    origin_clave: int | None = None
    origin_region: str | None = None
    country: str | None = None
    state: str | None = None
    city: str | None = None


@dataclass(frozen=True, slots=True)
class Swap:
    """A part of a text, in UTF-16 units, and what takes its place."""

    offset: int
    length: int
    text: str


def place_key(name: str, whereabouts: Whereabouts) -> str | None:
    """Under which place the value of a name is kept for somebody; None when theirs is unknown."""
    match name:
        case Known.REGION if whereabouts.origin_region:
            return f"{name}:{whereabouts.origin_region}"
        case Known.TOWN if whereabouts.origin_clave is not None:
            return f"{name}:{whereabouts.origin_clave}"
        case Known.NEAREST_CONSULATE if whereabouts.country and (
            whereabouts.state or whereabouts.city
        ):
            # "New York City" is New York, as in `directory.rules`.
            city = fold(whereabouts.city or "").removesuffix(" city")
            if whereabouts.city and not city:
                return None
            return f"{name}:{whereabouts.country}/{whereabouts.state or ''}/{city}"
        case _:
            return None


def known_of(
    whereabouts: Whereabouts, names: Collection[str], values: Mapping[str, str]
) -> dict[str, str]:
    """By name, what is known of somebody; `values` is what is said of each place."""
    keys = {name: place_key(name, whereabouts) for name in names}
    return {name: values[key] for name, key in keys.items() if key is not None and key in values}


def fill(content: Content, values: Mapping[str, str]) -> Content:
    """The content for one recipient; `values` holds by name what is known of them.

    Where nothing is known the author's fallback stays. It stays in all of a wording that would else
    grow longer than its channel takes. An SMS of GSM-7 stays one: a value loses the accents there
    that would cost it its alphabet.
    """
    if not content.slots:
        return content
    chat, entities, _ = swapped(
        content.chat, content.entities, _swaps(content.slots, "chat", values)
    )
    if len(chat) > (MOST_CHAT if content.attachment is None else MOST_CAPTION):
        chat, entities = content.chat, content.entities
    plain = GSM_7.issuperset(content.sms)
    in_sms = {name: offer(value) for name, value in values.items()} if plain else values
    sms, _, _ = swapped(content.sms, (), _swaps(content.slots, "sms", in_sms))
    if len(sms) > MOST_SMS:
        sms = content.sms
    return replace(content, chat=chat, sms=sms, entities=entities, slots=())


def swapped(
    text: str, entities: Sequence[Entity], swaps: Sequence[Swap]
) -> tuple[str, tuple[Entity, ...], tuple[int, ...]]:
    """A text with parts of it replaced, its entities moved along, and where each new part begins.

    The swaps stand in the order of the text; none reaches over the edge of an entity.
    """
    if not swaps:
        return text, tuple(entities), ()
    pieces, begins, done, length = [], [], 0, 0
    for swap in swaps:
        pieces += [utf16.cut(text, done, swap.offset), swap.text]
        begins.append(length + swap.offset - done)
        length = begins[-1] + utf16.length(swap.text)
        done = swap.offset + swap.length
    pieces.append(utf16.cut(text, done, utf16.length(text)))

    def moved(place: int) -> int:
        """A place in front of, behind or between the parts."""
        return place + sum(
            utf16.length(swap.text) - swap.length
            for swap in swaps
            if swap.offset + swap.length <= place
        )

    shifted = tuple(
        replace(one, offset=start, length=moved(one.offset + one.length) - start)
        for one in entities
        for start in (moved(one.offset),)
    )
    return "".join(pieces), shifted, tuple(begins)


def _swaps(slots: Sequence[Slot], wording: str, values: Mapping[str, str]) -> list[Swap]:
    return [
        Swap(slot.offset, slot.length, values[slot.name])
        for slot in slots
        if slot.wording == wording and values.get(slot.name)
    ]
