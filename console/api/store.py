"""What the lists of the API read: campaigns in short, and of contacts what selects them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, RowMapping, and_, select

from campaigns.model import CampaignState
from campaigns.store import campaign
from contacts.store import address, contact, opt_out, subscription
from contacts.tags import contact_tag
from db.session import Session

_SHORT = (
    campaign.c.id,
    campaign.c.title,
    campaign.c.topic,
    campaign.c.kind.label("class"),
    campaign.c.state,
    campaign.c.author_id,
    campaign.c.approver_id,
    campaign.c.keyword,
    campaign.c.created_at,
    campaign.c.due_at,
    campaign.c.stopped_for,
)

_PERSON = (
    contact.c.id,
    contact.c.language,
    contact.c.joined_at,
    contact.c.origin_clave,
    contact.c.origin_region,
    contact.c.country,
    contact.c.state,
    contact.c.relation,
)


@dataclass(frozen=True, slots=True)
class Person:
    """What selects a contact, and nothing that tells who it is."""

    id: int
    language: str
    joined_at: datetime
    origin_clave: int | None
    origin_region: str | None
    country: str | None
    state: str | None
    relation: str | None
    topics: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    """Those on which they can be written to."""


async def campaigns_before(
    session: Session, before: int | None, state: CampaignState | None, limit: int
) -> Sequence[RowMapping]:
    """Up to `limit` campaigns, the newest first, in short; `before` is the id to go on from."""
    which = [] if before is None else [campaign.c.id < before]
    if state is not None:
        which.append(campaign.c.state == state)
    return await session.all(
        select(*_SHORT).where(*which).order_by(campaign.c.id.desc()).limit(limit)
    )


async def campaign_in_short(session: Session, campaign_id: int) -> RowMapping | None:
    """One of them."""
    return await session.first(select(*_SHORT).where(campaign.c.id == campaign_id))


async def people_after(session: Session, after: int, limit: int) -> tuple[Person, ...]:
    """Up to `limit` contacts by id, those after an id."""
    return await _people(session, contact.c.id > after, limit)


async def person(session: Session, contact_id: int) -> Person | None:
    """A contact by id."""
    found = await _people(session, contact.c.id == contact_id, 1)
    return found[0] if found else None


async def _people(session: Session, which: ColumnElement[bool], limit: int) -> tuple[Person, ...]:
    rows = await session.all(select(*_PERSON).where(which).order_by(contact.c.id).limit(limit))
    ids = [row["id"] for row in rows]
    topics = await _several(
        session, subscription.c.contact_id, subscription.c.topic, subscription.c.contact_id.in_(ids)
    )
    tags = await _several(
        session, contact_tag.c.contact_id, contact_tag.c.tag, contact_tag.c.contact_id.in_(ids)
    )
    said_no = and_(
        opt_out.c.channel == address.c.channel,
        opt_out.c.endpoint_index == address.c.endpoint_index,
    )
    channels = await _several(
        session,
        address.c.contact_id,
        address.c.channel,
        address.c.contact_id.in_(ids),
        address.c.dead.is_(False),
        ~select(opt_out.c.channel).where(said_no).exists(),
    )
    return tuple(
        Person(
            **row,
            topics=topics.get(row["id"], ()),
            tags=tags.get(row["id"], ()),
            channels=channels.get(row["id"], ()),
        )
        for row in rows
    )


async def _several(
    session: Session,
    contact_id: ColumnElement[int],
    value: ColumnElement[str],
    *which: ColumnElement[bool],
) -> Mapping[int, tuple[str, ...]]:
    """What contacts have several of, each once, by the alphabet."""
    rows = await session.all(
        select(contact_id.label("id"), value.label("value")).where(*which).distinct()
    )
    found: dict[int, tuple[str, ...]] = {}
    for row in sorted(rows, key=lambda one: str(one["value"])):
        found[row["id"]] = (*found.get(row["id"], ()), str(row["value"]))
    return found
