"""Tables of the invented phones and their conversations, and their queries."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    func,
    select,
    text,
    update,
)

from db.base import Id, metadata
from db.columns import Blind, Instant, Sealed
from db.session import Session
from kit.channels import Channel, Endpoint
from transports.handset.model import (
    FIRST_NAMES,
    MOST_PHONES,
    Body,
    Direction,
    Line,
    Phone,
    chat_id,
    chat_place,
    phone_number,
)

handset_phone = Table(
    "handset_phone",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Sealed("name"), nullable=False),
    Column("number", Sealed("endpoint"), nullable=False),
    Column("number_index", Blind("endpoint"), nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("blocked", Boolean, nullable=False, default=False),
    Column("no_signal", Boolean, nullable=False, default=False),
    Column("stopped", Boolean, nullable=False, server_default=text("false")),
    # Counters that two units never give out twice: each takes the row with an UPDATE.
    Column("messages", Integer, nullable=False, default=0),
    Column("changes", Integer, nullable=False, default=0),
    Index("uq_handset_phone_number_index", "number_index", unique=True),
    Index("uq_handset_phone_chat_id", "chat_id", unique=True),
)

handset_line = Table(
    "handset_line",
    metadata,
    Column("id", Id, primary_key=True),
    Column("phone_id", Id, ForeignKey("handset_phone.id", ondelete="CASCADE"), nullable=False),
    Column("channel", String(10), nullable=False),
    Column("direction", String(3), nullable=False),
    Column("body", Sealed("handset"), nullable=False),
    Column("message_id", Integer),
    Column("at", Instant, nullable=False),
    Column("edited_at", Instant),
    Column("changed", Integer, nullable=False),
    Column("until", Instant),
    Index("uq_handset_line_message_id", "phone_id", "message_id", unique=True),
    Index("ix_handset_line_changed", "phone_id", "changed"),
    Index("ix_handset_line_until", "until"),
)


async def ensure_phones(session: Session) -> None:
    """Make the first phones when there are none yet."""
    if await session.scalar(select(func.count()).select_from(handset_phone)):
        return
    for place, name in enumerate(FIRST_NAMES, 1):
        await _insert(session, place, name)


async def add_phone(session: Session, name: str) -> Phone | None:
    """One more phone with the next number, or None when all numbers are given."""
    place = 1 + await session.scalar(select(func.count()).select_from(handset_phone))
    if place > MOST_PHONES:
        return None
    await _insert(session, place, name)
    return await find(session, Endpoint(Channel.SMS, phone_number(place)))


async def phones(session: Session) -> tuple[Phone, ...]:
    """Every phone, the oldest first."""
    rows = await session.all(select(handset_phone).order_by(handset_phone.c.id))
    return tuple(_phone(row) for row in rows)


async def changes(session: Session) -> dict[int, int]:
    """How often each phone has changed, by its id."""
    rows = await session.all(
        select(handset_phone.c.id, handset_phone.c.changes).order_by(handset_phone.c.id)
    )
    return {row["id"]: row["changes"] for row in rows}


async def phone(session: Session, phone_id: int, *, hold: bool = False) -> Phone | None:
    """A phone by id; `hold` keeps others from changing it or its lines until the unit ends."""
    query = select(handset_phone).where(handset_phone.c.id == phone_id)
    row = await session.first(query.with_for_update() if hold else query)
    return None if row is None else _phone(row)


async def find(session: Session, endpoint: Endpoint) -> Phone | None:
    """The phone that an endpoint reaches, held until the unit ends."""
    number = endpoint.value
    if endpoint.channel is Channel.TELEGRAM:
        # Not by its chat id, which would stand in the driver's log of parameters as it is.
        place = chat_place(endpoint.value)
        if place is None:
            return None
        number = phone_number(place)
    query = select(handset_phone).where(handset_phone.c.number_index == number)
    row = await session.first(query.with_for_update())
    return None if row is None else _phone(row)


async def switch(
    session: Session,
    phone_id: int,
    *,
    blocked: bool | None = None,
    no_signal: bool | None = None,
    stopped: bool | None = None,
) -> None:
    """Turn the switches that are given; None leaves one as it is."""
    given = {"blocked": blocked, "no_signal": no_signal, "stopped": stopped}
    values = {name: value for name, value in given.items() if value is not None}
    await session.execute(
        update(handset_phone)
        .where(handset_phone.c.id == phone_id)
        .values(changes=handset_phone.c.changes + 1, **values)
    )


async def lines(session: Session, phone_id: int | None = None, since: int = 0) -> tuple[Line, ...]:
    """Lines in order, of all phones or of one, changed after its count of changes was `since`.

    What the network still holds, or lost on its way, is on no screen and so not among them.
    """
    query = select(handset_line).where(handset_line.c.changed > since).order_by(handset_line.c.id)
    if phone_id is not None:
        query = query.where(handset_line.c.phone_id == phone_id)
    found = (_line(row) for row in await session.all(query))
    return tuple(line for line in found if not line.body.held)


async def waiting(
    session: Session, phone_id: int | None = None, due: datetime | None = None
) -> tuple[Line, ...]:
    """Lines that the network will give up at a time: all, those of a phone, those that are due."""
    query = select(handset_line).where(handset_line.c.until.is_not(None))
    if phone_id is not None:
        query = query.where(handset_line.c.phone_id == phone_id)
    if due is not None:
        query = query.where(handset_line.c.until <= due)
    return tuple(_line(row) for row in await session.all(query.order_by(handset_line.c.id)))


async def line(session: Session, line_id: int) -> Line | None:
    """A line by id."""
    row = await session.first(select(handset_line).where(handset_line.c.id == line_id))
    return None if row is None else _line(row)


async def sent_line(session: Session, phone_id: int, message_id: int) -> Line | None:
    """The platform's line that a chat calls `message_id`."""
    row = await session.first(
        select(handset_line).where(
            handset_line.c.phone_id == phone_id,
            handset_line.c.message_id == message_id,
            handset_line.c.direction == Direction.OUT,
        )
    )
    return None if row is None else _line(row)


async def add_line(
    session: Session,
    to: Phone,
    channel: Channel,
    direction: Direction,
    body: Body,
    now: datetime,
    until: datetime | None = None,
) -> Line:
    """Write a line at the end of a conversation."""
    changed, messages = await _count(session, to.id, 0 if body.is_act else 1)
    message_id = None if body.is_act else messages
    made = await session.scalar(
        handset_line.insert()
        .values(
            phone_id=to.id,
            channel=channel,
            direction=direction,
            body=body.pack(),
            message_id=message_id,
            at=now,
            changed=changed,
            until=until,
        )
        .returning(handset_line.c.id)
    )
    line_id = int(made)
    return Line(line_id, to.id, channel, direction, body, message_id, now, None, changed, until)


async def edit_line(
    session: Session,
    old: Line,
    body: Body,
    edited_at: datetime | None,
    until: datetime | None = None,
) -> Line:
    """Put another body in the place of a line's; `edited_at` is what the person sees of it."""
    changed, _ = await _count(session, old.phone_id, 0)
    await session.execute(
        update(handset_line)
        .where(handset_line.c.id == old.id)
        .values(body=body.pack(), edited_at=edited_at, changed=changed, until=until)
    )
    return replace(old, body=body, edited_at=edited_at, changed=changed, until=until)


async def _count(session: Session, phone_id: int, messages: int) -> tuple[int, int]:
    """Step the counters of a phone; gives its changes and its messages."""
    row = (
        await session.execute(
            update(handset_phone)
            .where(handset_phone.c.id == phone_id)
            .values(
                changes=handset_phone.c.changes + 1,
                messages=handset_phone.c.messages + messages,
            )
            .returning(handset_phone.c.changes, handset_phone.c.messages)
        )
    ).one()
    return int(row.changes), int(row.messages)


async def _insert(session: Session, place: int, name: str) -> None:
    await session.execute(
        session.insert(handset_phone)
        .values(
            name=name,
            number=phone_number(place),
            number_index=phone_number(place),
            chat_id=chat_id(place),
            blocked=False,
            no_signal=False,
            stopped=False,
            messages=0,
            changes=0,
        )
        .on_conflict_do_nothing()
    )


def _phone(row: RowMapping) -> Phone:
    return Phone(
        id=row["id"],
        name=row["name"],
        number=row["number"],
        chat_id=row["chat_id"],
        blocked=row["blocked"],
        no_signal=row["no_signal"],
        changes=row["changes"],
        stopped=row["stopped"],
    )


def _line(row: RowMapping) -> Line:
    return Line(
        id=row["id"],
        phone_id=row["phone_id"],
        channel=Channel(row["channel"]),
        direction=Direction(row["direction"]),
        body=Body.unpack(row["body"]),
        message_id=row["message_id"],
        at=row["at"],
        edited_at=row["edited_at"],
        changed=row["changed"],
        until=row["until"],
    )
