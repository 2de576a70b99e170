"""Tables of the self-watch: the canaries, and what people were told of troubles."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, RowMapping, String, Table, delete, select, update

from alerts.canary.model import Canary, Notice
from alerts.store import case
from db.base import Id, metadata
from db.columns import Blind, Instant, Sealed
from db.session import Session
from kit.channels import Channel, Endpoint

canary = Table(
    "canary",
    metadata,
    Column("id", Id, primary_key=True),
    Column("channel", String(10), nullable=False),
    Column("token_index", Blind("canary"), nullable=False),
    # The numbers of ours that the call and the page come from, where they are known.
    Column("call_from_index", Blind("endpoint")),
    Column("page_from_index", Blind("endpoint")),
    Column("page_to", Sealed("endpoint")),
    # The sender of the page; none is the first of the channel.
    Column("page_by", String(20)),
    Column("case_id", Id, ForeignKey("case_file.id", ondelete="SET NULL")),
    Column("message_id", Id),
    Column("started_at", Instant, nullable=False),
    Column("heard_at", Instant),
    Column("paged_at", Instant),
    Column("done_at", Instant),
    Column("alarmed_at", Instant),
    Index("uq_canary_token", "token_index", unique=True),
    Index("ix_canary_started_at", "channel", "started_at"),
)

notice = Table(
    "watch_notice",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("since", Instant, nullable=False),
    Column("told_at", Instant, nullable=False),
    Column("good_since", Instant),
)


async def add(
    session: Session,
    channel: Channel,
    token: str,
    now: datetime,
    *,
    call_from: str | None = None,
    page_from: str | None = None,
    page_to: str | None = None,
    page_by: str | None = None,
) -> int:
    """Write a canary that leaves now; gives its id."""
    made = await session.scalar(
        canary.insert()
        .values(
            channel=channel,
            token_index=token,
            call_from_index=call_from,
            page_from_index=page_from,
            page_to=page_to,
            page_by=page_by,
            started_at=now,
        )
        .returning(canary.c.id)
    )
    return int(made)


async def newest(session: Session, channel: Channel) -> Canary | None:
    """The last canary of a channel."""
    row = await session.first(
        select(canary).where(canary.c.channel == channel).order_by(canary.c.id.desc()).limit(1)
    )
    return None if row is None else _canary(row)


async def called(session: Session, token: str, sender: Endpoint) -> RowMapping | None:
    """The canary whose call this is, held until the unit ends: its token, from its number."""
    return await _held(session, token, sender, "call_from_index")


async def paged(session: Session, token: str, sender: Endpoint) -> RowMapping | None:
    """The canary whose page this is, held likewise."""
    return await _held(session, token, sender, "page_from_index")


async def change(session: Session, canary_id: int, **values: object) -> None:
    """Set columns of a canary."""
    await session.execute(update(canary).where(canary.c.id == canary_id).values(**values))


async def forget(session: Session, before: datetime) -> None:
    """Take away old canaries, and the cases that they made."""
    old = canary.c.started_at < before
    made = select(canary.c.case_id).where(old, canary.c.case_id.is_not(None))
    await session.execute(delete(case).where(case.c.id.in_(made)))
    await session.execute(delete(canary).where(old))


async def notices(session: Session) -> dict[str, Notice]:
    """What people were told of, by the name of the trouble."""
    rows = await session.all(select(notice))
    return {row["name"]: Notice(row["since"], row["told_at"], row["good_since"]) for row in rows}


async def put_notice(
    session: Session, name: str, before: Notice | None, after: Notice | None
) -> bool:
    """Replace what is remembered of a trouble; False when another process has done so first."""
    if before is None and after is not None:
        values = {"since": after.since, "told_at": after.told_at, "good_since": after.good_since}
        wanted = session.insert(notice).values(name=name, **values).on_conflict_do_nothing()
        return await session.scalar(wanted.returning(notice.c.name)) is not None
    if before is None:
        return True
    same = (notice.c.name == name) & (notice.c.told_at == before.told_at)
    if after is None:
        gone = delete(notice).where(same).returning(notice.c.name)
        return await session.scalar(gone) is not None
    changed = update(notice).where(same).values(told_at=after.told_at, good_since=after.good_since)
    return await session.scalar(changed.returning(notice.c.name)) is not None


async def _held(session: Session, token: str, sender: Endpoint, number: str) -> RowMapping | None:
    column = canary.c[number]
    query = select(canary).where(
        canary.c.channel == sender.channel,
        canary.c.token_index == token,
        column.is_(None) | (column == sender.value),
    )
    return await session.first(query if session.is_sqlite else query.with_for_update())


def _canary(row: RowMapping) -> Canary:
    return Canary(
        id=row["id"],
        channel=Channel(row["channel"]),
        started_at=row["started_at"],
        heard_at=row["heard_at"],
        paged_at=row["paged_at"],
        done_at=row["done_at"],
        alarmed_at=row["alarmed_at"],
        case_id=row["case_id"],
        message_id=row["message_id"],
    )
