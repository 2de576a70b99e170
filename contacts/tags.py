"""What staff and answers mark contacts with, to choose them by later: `poll-12-1`."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, String, Table, delete, select

from contacts.labels import LONGEST, read_label
from contacts.store import contact
from db.base import Id, metadata
from db.columns import Instant
from db.session import Session
from kit.errors import Invalid
from locales.text import _

contact_tag = Table(
    "contact_tag",
    metadata,
    Column("contact_id", Id, ForeignKey(contact.c.id, ondelete="CASCADE"), primary_key=True),
    Column("tag", String(LONGEST), primary_key=True),
    Column("at", Instant, nullable=False),
    Index("ix_contact_tag_tag", "tag", "contact_id"),
)


async def tag(session: Session, contact_id: int, tag: str, now: datetime) -> None:
    """Mark a contact; the first time is the one that is kept. Invalid: not written as a label."""
    await session.execute(
        session.insert(contact_tag)
        .values(contact_id=contact_id, tag=_label(tag), at=now)
        .on_conflict_do_nothing()
    )


async def untag(session: Session, contact_id: int, tag: str) -> None:
    """Take a mark away, if it is there. Invalid: not written as a label."""
    which = (contact_tag.c.contact_id == contact_id) & (contact_tag.c.tag == _label(tag))
    await session.execute(delete(contact_tag).where(which))


async def tags_of(session: Session, contact_id: int) -> tuple[str, ...]:
    """The marks of a contact, by the alphabet."""
    rows = await session.all(
        select(contact_tag.c.tag).where(contact_tag.c.contact_id == contact_id)
    )
    return tuple(sorted(row["tag"] for row in rows))


def _label(written: str) -> str:
    label = read_label(written)
    if label is None:
        raise Invalid(_("contacts.tag_wrong"), most=LONGEST)
    return label
