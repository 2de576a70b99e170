"""Counting who is subscribed and who was attended, some rows at a time."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, String, and_, case, extract, func, literal, select

from contacts.coverage.dimensions import (
    CHANNEL,
    GIVEN,
    LANGUAGE,
    MEANS,
    MONTH,
    PLACE,
    POPULATION,
    REACHED,
    REGION,
    RELATION,
    SEX,
    SUBSCRIBED,
    WHOLE,
    of_year,
    place_key,
)
from contacts.coverage.model import Means
from contacts.coverage.store import attention
from contacts.store import address, contact, opt_out, subscription
from db.session import Session
from kit.channels import WRITTEN, Channel

Counted = Counter[tuple[str, str]]
"""People by dimension and cell."""

Reaches = Callable[[ColumnElement[int]], ColumnElement[bool]]
"""Whether a contact, by id, was reached."""


@dataclass(frozen=True, slots=True)
class Step:
    """What some rows came to. `through` is the last of them; None: there are no more."""

    through: int | None
    counted: Counted


async def people(session: Session, after: int, limit: int, reached: Reaches | None = None) -> Step:
    """Count the next `limit` contacts by id.

    Subscribed is who agreed to at least one topic and has an address that lives and has not opted
    out; the channel is the first of theirs, in the order in which campaigns usually prefer them.
    """
    through = await _through(session, contact.c.id, after, limit)
    counted: Counted = Counter()
    if through is None:
        return Step(None, counted)
    agreed = select(literal(1)).where(subscription.c.contact_id == contact.c.id).exists()
    each = (
        select(
            contact.c.origin_region.label("region"),
            contact.c.country,
            contact.c.state,
            contact.c.relation,
            contact.c.language,
            _channel().label("channel"),
            (literal(False) if reached is None else reached(contact.c.id)).label("reached"),
        )
        .where(contact.c.id > after, contact.c.id <= through, agreed)
        .subquery()
    )
    number = func.count().label("number")
    rows = await session.all(
        select(*each.c, number).where(each.c.channel.is_not(None)).group_by(*each.c)
    )
    for row in rows:
        so_many = int(row["number"])
        counted[WHOLE, SUBSCRIBED] += so_many
        if row["reached"]:
            counted[WHOLE, REACHED] += so_many
        counted[REGION, row["region"] or ""] += so_many
        counted[PLACE, place_key(row["country"], row["state"])] += so_many
        counted[RELATION, row["relation"] or ""] += so_many
        counted[LANGUAGE, row["language"]] += so_many
        counted[CHANNEL, row["channel"]] += so_many
    return Step(through, counted)


async def attentions(session: Session, after: int, limit: int, regions: Mapping[int, str]) -> Step:
    """Count the next `limit` attentions by id. `regions` tells the region of each clave."""
    through = await _through(session, attention.c.id, after, limit)
    counted: Counted = Counter()
    if through is None:
        return Step(None, counted)
    year = extract("year", attention.c.day).label("year")
    month = extract("month", attention.c.day).label("month")
    groups = (
        attention.c.given,
        attention.c.clave,
        attention.c.means,
        attention.c.sex,
        attention.c.population,
    )
    number = func.count().label("number")
    rows = await session.all(
        select(year, month, *groups, number)
        .where(
            attention.c.id > after,
            attention.c.id <= through,
            attention.c.taken_back_at.is_(None),
        )
        .group_by(year, month, *groups)
    )
    for row in rows:
        so_many, its = int(row["number"]), int(row["year"])
        count_attended(counted, its, int(row["month"]), Means(row["means"]), so_many)
        counted[of_year(GIVEN, its), row["given"]] += so_many
        counted[of_year(REGION, its), regions.get(row["clave"], "")] += so_many
        counted[of_year(SEX, its), row["sex"] or ""] += so_many
        counted[of_year(POPULATION, its), row["population"] or ""] += so_many
    return Step(through, counted)


def count_attended(counted: Counted, year: int, month: int, means: str, so_many: int) -> None:
    """People who were attended in a month, by whatever means."""
    counted[of_year(MEANS, year), means] += so_many
    counted[of_year(MONTH, year), f"{month:02}"] += so_many


async def _through(
    session: Session, column: ColumnElement[int], after: int, limit: int
) -> int | None:
    ids = select(column.label("id")).where(column > after).order_by(column).limit(limit).subquery()
    found = await session.scalar(select(func.max(ids.c.id)))
    return None if found is None else int(found)


def _channel() -> ColumnElement[str]:
    """The first channel on which a contact can be written to, or NULL."""
    ways = [
        (_open_address(channel).exists(), literal(channel.value, String)) for channel in WRITTEN
    ]
    return case(*ways, else_=None)


def _open_address(channel: Channel) -> Select[int]:
    said_no = (
        select(literal(1))
        .where(
            opt_out.c.channel == address.c.channel,
            opt_out.c.endpoint_index == address.c.endpoint_index,
        )
        .exists()
    )
    return select(literal(1)).where(
        and_(
            address.c.contact_id == contact.c.id,
            address.c.channel == channel,
            address.c.dead.is_(False),
            ~said_no,
        )
    )
