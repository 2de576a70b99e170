"""Tables of contacts, addresses, topics, consents and opt-outs, and their queries."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    and_,
    delete,
    literal,
    select,
    update,
)

from contacts.model import Address, Consent, Contact, Relation, Topic
from contacts.phones import country_of_phone, zone_of_phone
from db.base import Id, metadata
from db.columns import Blind, Instant, Sealed
from db.session import Session
from kit.channels import Channel, Endpoint

contact = Table(
    "contact",
    metadata,
    Column("id", Id, primary_key=True),
    Column("language", String(12), nullable=False),
    Column("joined_at", Instant, nullable=False),
    Column("origin_clave", Integer),
    Column("origin_region", String(20)),
    Column("country", String(2)),
    Column("state", String(8)),
    Column("city", String(80)),
    Column("zone", String(40)),
    Column("relation", String(10)),
    # The zones there are: `contacts.zones`.
    Index("ix_contact_zone", "zone"),
    Index("ix_contact_joined_at", "joined_at"),
    # An id must never come back: a run may hold a row for somebody who was erased.
    sqlite_autoincrement=True,
)

address = Table(
    "address",
    metadata,
    Column("id", Id, primary_key=True),
    Column("contact_id", Id, ForeignKey("contact.id", ondelete="CASCADE"), nullable=False),
    Column("channel", String(10), nullable=False),
    Column("endpoint", Sealed("endpoint"), nullable=False),
    Column("endpoint_index", Blind("endpoint"), nullable=False),
    Column("dead", Boolean, nullable=False, default=False),
    # ISO, of a phone; NULL elsewhere and for a phone of which it has not been noted yet.
    Column("country", String(2)),
    Index("uq_address_endpoint", "channel", "endpoint_index", unique=True),
    # Both columns: without statistics PostgreSQL would join two indexes and take seconds.
    Index("ix_address_contact_id", "contact_id", "channel"),
    sqlite_autoincrement=True,
)

COUNTRY_UNKNOWN = "ZZ"
"""Country of a phone that is of none; ISO gives these letters to nobody."""

# Written out, not bound: only so do both databases see that the index below holds these rows.
_SMS = literal(Channel.SMS.value, String, literal_execute=True)
NO_COUNTRY_YET = and_(address.c.channel == _SMS, address.c.country.is_(None))
"""Phones of which the country has not been noted yet."""

Index(
    "ix_address_no_country",
    # With the channel in front SQLite prefers it to the other index that begins so.
    address.c.channel,
    address.c.id,
    sqlite_where=NO_COUNTRY_YET,
    postgresql_where=NO_COUNTRY_YET,
)

subscription = Table(
    "subscription",
    metadata,
    Column("contact_id", Id, ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True),
    Column("topic", String(20), primary_key=True),
    Index("ix_subscription_topic", "topic", "contact_id"),
)

consent = Table(
    "consent",
    metadata,
    Column("id", Id, primary_key=True),
    Column("contact_id", Id, ForeignKey("contact.id", ondelete="CASCADE"), nullable=False),
    Column("version", String(20), nullable=False),
    Column("given", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    Column("channel", String(10), nullable=False),
    Column("words", Sealed("words"), nullable=False),
    Column("source", String(200), nullable=False),
    Index("ix_consent_contact_id", "contact_id"),
)

# Apart from the address, so that an opt-out outlives an erased contact and no import undoes it.
opt_out = Table(
    "opt_out",
    metadata,
    Column("channel", String(10), primary_key=True),
    Column("endpoint_index", Blind("endpoint"), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("source", String(20), nullable=False),
    Column("words", Sealed("words"), nullable=False),
    # Who has said no since: asked every few seconds while a campaign with a cohort leaves.
    Index("ix_opt_out_at", "at"),
)


async def find(session: Session, endpoint: Endpoint) -> Contact | None:
    """The contact whom an endpoint reaches."""
    owner = await session.scalar(
        select(address.c.contact_id).where(
            address.c.channel == endpoint.channel, address.c.endpoint_index == endpoint.value
        )
    )
    return None if owner is None else await get(session, owner)


async def get(session: Session, contact_id: int, *, hold: bool = False) -> Contact | None:
    """A contact by id, with the topics agreed to; held against other writers if that is asked."""
    wanted = select(contact).where(contact.c.id == contact_id)
    held = hold and not session.is_sqlite
    row = await session.first(wanted.with_for_update() if held else wanted)
    if row is None:
        return None
    topics = await session.all(
        select(subscription.c.topic).where(subscription.c.contact_id == contact_id)
    )
    return _contact(row, (topic["topic"] for topic in topics))


async def made(session: Session, contact_id: int) -> Contact:
    """A contact that this unit has just written."""
    found = await get(session, contact_id)
    if found is None:
        raise LookupError("a contact that was just written is not there")
    return found


async def create(
    session: Session, endpoints: Iterable[Endpoint], language: str, now: datetime
) -> int:
    """A new contact with its endpoints; gives its id."""
    new = await session.scalar(
        contact.insert().values(language=language, joined_at=now).returning(contact.c.id)
    )
    for endpoint in endpoints:
        await add_address(session, int(new), endpoint)
    return int(new)


async def add_address(session: Session, contact_id: int, endpoint: Endpoint) -> None:
    """Give a contact one more endpoint; nothing happens when it is somebody's already.

    A phone tells the zone of somebody of whom no place is known.
    """
    added = await session.scalar(
        session.insert(address)
        .values(
            contact_id=contact_id,
            channel=endpoint.channel,
            endpoint=endpoint.value,
            endpoint_index=endpoint.value,
            dead=False,
            country=phone_country(endpoint),
        )
        .on_conflict_do_nothing()
        .returning(address.c.id)
    )
    zone = zone_of_phone(endpoint.value) if endpoint.channel is Channel.SMS else None
    if added is not None and zone is not None:
        nothing = and_(contact.c.zone.is_(None), contact.c.country.is_(None))
        await session.execute(
            update(contact).where(contact.c.id == contact_id, nothing).values(zone=zone)
        )


def phone_country(endpoint: Endpoint) -> str | None:
    """What stands in the column `country` of an address."""
    if endpoint.channel is not Channel.SMS:
        return None
    return country_of_phone(endpoint.value) or COUNTRY_UNKNOWN


async def change(session: Session, contact_id: int, values: Mapping[str, object]) -> None:
    """Set columns of a contact."""
    await session.execute(update(contact).where(contact.c.id == contact_id).values(**values))


async def set_topics(session: Session, contact_id: int, topics: Iterable[Topic]) -> None:
    """Replace what a contact agreed to receive."""
    await session.execute(delete(subscription).where(subscription.c.contact_id == contact_id))
    rows = [{"contact_id": contact_id, "topic": topic} for topic in sorted(set(topics))]
    if rows:
        await session.execute(subscription.insert(), rows)


async def add_consent(session: Session, contact_id: int, given: Consent) -> None:
    """Keep a yes or a no with its words."""
    await session.execute(
        consent.insert().values(
            contact_id=contact_id,
            version=given.version,
            given=given.given,
            at=given.at,
            channel=given.channel,
            words=given.words,
            source=given.source,
        )
    )


async def consents(session: Session, contact_id: int) -> tuple[Consent, ...]:
    """Every yes and no of a contact, the newest first."""
    rows = await session.all(
        select(consent)
        .where(consent.c.contact_id == contact_id)
        .order_by(consent.c.at.desc(), consent.c.id.desc())
    )
    return tuple(
        Consent(
            row["version"],
            row["given"],
            row["at"],
            Channel(row["channel"]),
            row["words"],
            row["source"],
        )
        for row in rows
    )


async def addresses(session: Session, contact_id: int) -> tuple[Address, ...]:
    """Every endpoint of a contact, the oldest first."""
    rows = await session.all(
        select(address).where(address.c.contact_id == contact_id).order_by(address.c.id)
    )
    return tuple(
        Address(
            row["id"],
            row["contact_id"],
            Endpoint(Channel(row["channel"]), row["endpoint"]),
            row["dead"],
        )
        for row in rows
    )


async def mark_dead(session: Session, endpoint: Endpoint) -> None:
    """An endpoint will never work again: a landline, a deactivated account."""
    await session.execute(
        update(address)
        .where(address.c.channel == endpoint.channel, address.c.endpoint_index == endpoint.value)
        .values(dead=True)
    )


async def add_opt_out(
    session: Session, endpoint: Endpoint, source: str, words: str, now: datetime
) -> None:
    """No campaign goes to this endpoint any more; the first no is the one that is kept."""
    await session.execute(
        session.insert(opt_out)
        .values(
            channel=endpoint.channel,
            endpoint_index=endpoint.value,
            at=now,
            source=source,
            words=words,
        )
        .on_conflict_do_nothing()
    )


async def mark_erased(session: Session, endpoint: Endpoint, now: datetime) -> None:
    """Keep a fingerprint of somebody erased, without a word of theirs, so that no import brings
    them back."""
    erased = {"at": now, "source": "erased", "words": ""}
    await session.execute(
        session.insert(opt_out)
        .values(channel=endpoint.channel, endpoint_index=endpoint.value, **erased)
        .on_conflict_do_update(
            index_elements=[opt_out.c.channel, opt_out.c.endpoint_index], set_=erased
        )
    )


async def remove_opt_out(session: Session, endpoint: Endpoint) -> None:
    """The person asked for messages again, on this channel."""
    await session.execute(
        delete(opt_out).where(
            opt_out.c.channel == endpoint.channel, opt_out.c.endpoint_index == endpoint.value
        )
    )


async def opted_out(session: Session, endpoint: Endpoint) -> bool:
    """Whether this endpoint has said no to campaigns."""
    return await opted_out_at(session, endpoint) is not None


async def opted_out_at(session: Session, endpoint: Endpoint) -> datetime | None:
    """When this endpoint said no to campaigns; None when it did not."""
    found: datetime | None = await session.scalar(
        select(opt_out.c.at).where(
            opt_out.c.channel == endpoint.channel, opt_out.c.endpoint_index == endpoint.value
        )
    )
    return found


async def erase(session: Session, contact_id: int) -> None:
    """Take a contact out with all that hangs on it. Opt-outs stay: they name nobody."""
    await session.execute(delete(contact).where(contact.c.id == contact_id))


def _contact(row: RowMapping, topics: Iterable[str]) -> Contact:
    values = dict(row)
    relation = values.pop("relation")
    return Contact(
        relation=Relation(relation) if relation else None,
        topics=frozenset(Topic(topic) for topic in topics),
        **values,
    )
