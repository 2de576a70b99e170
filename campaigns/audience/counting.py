"""How many people an audience has, and how they can be reached."""

from collections import Counter
from collections.abc import Mapping
from typing import TypedDict

from sqlalchemy import ColumnElement, and_, case, func, select

from campaigns.audience.audiences import expanded, known
from campaigns.audience.language import parse
from campaigns.audience.selection import Condition, condition
from contacts.store import address, contact, opt_out
from db.session import Session
from delivery.model import Skip
from kit.channels import WRITTEN

UNKNOWN = "unknown"
"""Where somebody has not said it."""

_BITS = {channel: 1 << place for place, channel in enumerate(WRITTEN)}
_LIVES = 1 << len(WRITTEN)


class Count(TypedDict):
    """People by what is known of them, the most first.

    `by_channel` counts everybody with an open address there, so that somebody with two counts in
    both. `excluded` are those who can be written to nowhere: `opted_out` of every address that
    lives, or `no_address` that does. Each of the other parts adds up to `total`.
    """

    total: int
    by_channel: dict[str, int]
    by_language: dict[str, int]
    by_region: dict[str, int]
    by_country: dict[str, int]
    excluded: dict[str, int]


async def count(session: Session, audience: str) -> Count:
    """Count the people of an expression; consent to a topic counts only if it asks for it.

    Raises AudienceError, also for saved audiences and campaigns that do not exist.
    """
    expression = await expanded(session, parse(audience))
    await known(session, expression)
    return await count_chosen(session, condition(expression))


async def count_chosen(session: Session, chosen: Condition) -> Count:
    """The same for a condition over `contact`, in one statement that reads each address once."""
    people = (
        select(
            contact.c.language.label("language"),
            contact.c.origin_region.label("region"),
            contact.c.country.label("country"),
            _ways().label("ways"),
        )
        .where(chosen)
        .cte("people")
        # Else SQLite looks the addresses up again for the groups.
        .prefix_with("MATERIALIZED")
    )
    groups = (people.c.language, people.c.region, people.c.country, people.c.ways)
    rows = await session.all(select(*groups, func.count().label("people")).group_by(*groups))
    channels, languages = Counter[str](), Counter[str]()
    regions, countries, excluded = Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        number, ways = int(row["people"]), int(row["ways"])
        languages[row["language"]] += number
        regions[row["region"] or UNKNOWN] += number
        countries[row["country"] or UNKNOWN] += number
        for channel, bit in _BITS.items():
            channels[channel] += number if ways & bit else 0
        if ways < _LIVES:
            excluded[Skip.NO_ADDRESS] += number
        elif ways == _LIVES:
            excluded[Skip.OPTED_OUT] += number
    return Count(
        total=languages.total(),
        by_channel={str(channel): channels[channel] for channel in WRITTEN},
        by_language=_most_first(languages),
        by_region=_most_first(regions),
        by_country=_most_first(countries),
        excluded=_most_first(excluded),
    )


def _ways() -> ColumnElement[int]:
    """A bit for each channel on which a contact has an open address, and one for any that lives."""
    stopped = (
        select(opt_out.c.channel)
        .where(
            opt_out.c.channel == address.c.channel,
            opt_out.c.endpoint_index == address.c.endpoint_index,
        )
        .scalar_subquery()
    )
    bits = [
        func.max(case((and_(address.c.channel == channel, stopped.is_(None)), bit), else_=0))
        for channel, bit in _BITS.items()
    ]
    lives: ColumnElement[int] = func.max(_LIVES)
    return (
        select(func.coalesce(sum(bits, lives), 0))
        .where(address.c.contact_id == contact.c.id, address.c.dead.is_(False))
        .scalar_subquery()
    )


def _most_first(numbers: Mapping[str, int]) -> dict[str, int]:
    return {
        str(name): numbers[name] for name in sorted(numbers, key=lambda one: (-numbers[one], one))
    }
