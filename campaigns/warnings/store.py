"""The table of published messages: what stands, what took its place, and when that changed."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    Integer,
    RowMapping,
    Select,
    String,
    Table,
    Text,
    func,
    select,
    update,
)

from campaigns.warnings.model import (
    Bulletin,
    Category,
    Certainty,
    Info,
    MessageKind,
    Reference,
    Severity,
    Status,
    Urgency,
)
from db.base import Id, metadata
from db.columns import Instant
from db.session import Session

MOST_IN_FEED = 100

warning = Table(
    "warning",
    metadata,
    Column("id", Id, primary_key=True),
    Column("campaign_id", Id, nullable=False),
    Column("number", Integer, nullable=False),
    Column("identifier", String(60), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("sent_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    # The message that took its place.
    Column("superseded_by", Id),
    Column("bulletin", Text, nullable=False),
    Index("uq_warning_campaign_number", "campaign_id", "number", unique=True),
    Index("uq_warning_identifier", "identifier", unique=True),
    Index("ix_warning_expires_at", "expires_at"),
    Index("ix_warning_sent_at", "sent_at"),
)


@dataclass(frozen=True, slots=True)
class Published:
    """A stored message, and the row that took its place."""

    id: int
    bulletin: Bulletin
    superseded_by: int | None

    def is_in_force(self, now: datetime) -> bool:
        """Whether it still warns: not taken back, not replaced, not over."""
        bulletin = self.bulletin
        return (
            bulletin.kind is not MessageKind.CANCEL
            and self.superseded_by is None
            and bulletin.expires > now
        )


async def add(session: Session, bulletin: Bulletin, replaced: Published | None) -> None:
    """Write a message; `replaced` is the row that it takes the place of."""
    made = await session.scalar(
        warning.insert()
        .values(
            campaign_id=bulletin.campaign_id,
            number=bulletin.number,
            identifier=bulletin.identifier,
            kind=bulletin.kind,
            sent_at=bulletin.sent,
            expires_at=bulletin.expires,
            bulletin=_packed(bulletin),
        )
        .returning(warning.c.id)
    )
    if replaced is not None:
        await session.execute(
            update(warning).where(warning.c.id == replaced.id).values(superseded_by=made)
        )


async def latest(session: Session, campaign_id: int) -> Published | None:
    """The last message of a campaign, held: nobody else takes its place until this unit ends."""
    return await _one(session, warning.c.campaign_id == campaign_id)


async def standing_for(session: Session, campaign_id: int) -> Published | None:
    """The message that stands now for what a campaign published, of whatever campaign; held."""
    found = await latest(session, campaign_id)
    while found is not None and found.superseded_by is not None:
        found = await _one(session, warning.c.id == found.superseded_by)
    return found


async def named(session: Session, campaign_id: int, number: int) -> Bulletin | None:
    """A message by what names it in its address, also when it is over."""
    row = await session.first(
        select(warning).where(warning.c.campaign_id == campaign_id, warning.c.number == number)
    )
    return None if row is None else _published(row).bulletin


async def with_successor(
    session: Session, campaign_id: int, number: int
) -> tuple[Published, Published | None] | None:
    """A message by what names it, and the last of those that took its place; nothing is held."""
    which = (warning.c.campaign_id == campaign_id) & (warning.c.number == number)
    named_so = found = await _seen(session, which)
    while found is not None and found.superseded_by is not None:
        found = await _seen(session, warning.c.id == found.superseded_by)
    if named_so is None:
        return None
    return named_so, found if named_so.superseded_by is not None else None


async def in_feed(session: Session, now: datetime) -> tuple[Bulletin, ...]:
    """What the public is to know now, the newest first, at most 100 of them.

    That is what is in force, and what was taken back until it would have been over.
    """
    rows = await session.all(
        select(warning)
        .where(warning.c.expires_at > now, warning.c.superseded_by.is_(None))
        .order_by(warning.c.sent_at.desc(), warning.c.id.desc())
        .limit(MOST_IN_FEED)
    )
    return tuple(_published(row).bulletin for row in rows)


async def changed_at(session: Session, now: datetime) -> datetime | None:
    """When a message last came into the feed or left it; None when there never was one."""
    came = await session.scalar(_latest_of(warning.c.sent_at, warning.c.sent_at <= now))
    left = await session.scalar(_latest_of(warning.c.expires_at, warning.c.expires_at <= now))
    known = [at for at in (came, left) if at is not None]
    return max(known, default=None)


def _latest_of(column: Column[datetime], which: ColumnElement[bool]) -> Select[datetime]:
    return select(func.max(column, type_=Instant())).where(which)


async def _one(session: Session, which: ColumnElement[bool]) -> Published | None:
    row = await session.first(
        select(warning).where(which).order_by(warning.c.number.desc()).limit(1).with_for_update()
    )
    return None if row is None else _published(row)


async def _seen(session: Session, which: ColumnElement[bool]) -> Published | None:
    row = await session.first(select(warning).where(which))
    return None if row is None else _published(row)


def _published(row: RowMapping) -> Published:
    return Published(row["id"], _unpacked(row["bulletin"]), row["superseded_by"])


def _packed(bulletin: Bulletin) -> str:
    return json.dumps(asdict(bulletin), ensure_ascii=False, default=datetime.isoformat)


def _unpacked(packed: str) -> Bulletin:
    plain = json.loads(packed)
    return Bulletin(
        campaign_id=plain["campaign_id"],
        number=plain["number"],
        identifier=plain["identifier"],
        kind=MessageKind(plain["kind"]),
        status=Status(plain["status"]),
        sent=datetime.fromisoformat(plain["sent"]),
        expires=datetime.fromisoformat(plain["expires"]),
        category=Category(plain["category"]),
        urgency=Urgency(plain["urgency"]),
        severity=Severity(plain["severity"]),
        certainty=Certainty(plain["certainty"]),
        infos=tuple(Info(**info) for info in plain["infos"]),
        note=plain["note"],
        web=plain["web"],
        references=tuple(
            Reference(earlier["identifier"], datetime.fromisoformat(earlier["sent"]))
            for earlier in plain["references"]
        ),
    )
