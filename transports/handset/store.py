"""Queries of the invented phones and their conversations."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, func, select, update

from db.session import Session
from kit.channels import Channel, Endpoint
from transports.handset.model import (
    FIRST_NAMES,
    MOST_LINES,
    MOST_PHONES,
    Body,
    Direction,
    Line,
    Phone,
    chat_id,
    chat_place,
    phone_number,
    place_of,
)
from transports.handset.tables import handset_line as handset_line
from transports.handset.tables import handset_phone as handset_phone
from transports.handset.tables import line_of, phone_of


async def ensure_phones(session: Session) -> None:
    """Make the first phones when there are none yet."""
    if await session.scalar(select(func.count()).select_from(handset_phone)):
        return
    for place, name in enumerate(FIRST_NAMES, 1):
        await _insert(session, place, name)


async def add_phone(session: Session, name: str) -> Phone | None:
    """One more phone with the next number, or None when all numbers are given.

    The number of one that was taken away is given again only when there is no other: what the
    platform knows of a number stays with it.
    """
    chats = await session.all(select(handset_phone.c.chat_id))
    given = {place_of(row["chat_id"]) for row in chats}
    place = 1 + max(given, default=0)
    if place > MOST_PHONES:
        place = next((n for n in range(1, MOST_PHONES + 1) if n not in given), 0)
    if not place:
        return None
    await _insert(session, place, name)
    return await find(session, Endpoint(Channel.SMS, phone_number(place)))


async def rename(session: Session, phone_id: int, name: str) -> None:
    """Write another name on a phone."""
    await _change(session, phone_id, name=name)


async def touch(session: Session, phone_id: int) -> None:
    """Have the pages read a phone again: something about it stands elsewhere."""
    await _change(session, phone_id)


async def remove(session: Session, phone_id: int) -> None:
    """Take a phone away with its conversations; another must stay."""
    # The newest id of all stays taken, on no screen: a database would else give it out again, and
    # the platform would take what comes under it for a repetition.
    other = select(func.min(handset_phone.c.id)).where(handset_phone.c.id != phone_id)
    await session.execute(
        update(handset_line)
        .where(handset_line.c.id == await newest(session), handset_line.c.phone_id == phone_id)
        .values(
            phone_id=other.scalar_subquery(),
            body=Body(held=True).pack(),
            message_id=None,
            until=None,
        )
    )
    await session.execute(delete(handset_line).where(handset_line.c.phone_id == phone_id))
    await session.execute(delete(handset_phone).where(handset_phone.c.id == phone_id))


async def phones(session: Session) -> tuple[Phone, ...]:
    """Every phone, the oldest first."""
    rows = await session.all(select(handset_phone).order_by(handset_phone.c.id))
    return tuple(phone_of(row) for row in rows)


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
    return None if row is None else phone_of(row)


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
    return None if row is None else phone_of(row)


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
    await _change(session, phone_id, **values)


async def newest(session: Session) -> int:
    """The id of the line that was written last; 0 when there is none."""
    return int(await session.scalar(select(func.coalesce(func.max(handset_line.c.id), 0))))


async def recent(session: Session, phone_id: int) -> tuple[Line, ...]:
    """The last lines of a phone, in order: what its screens show."""
    query = (
        select(handset_line)
        .where(handset_line.c.phone_id == phone_id)
        .order_by(handset_line.c.id.desc())
        .limit(MOST_LINES)
    )
    found = (line_of(row) for row in reversed(await session.all(query)))
    return tuple(line for line in found if not line.body.held)


async def written_after(session: Session, line_id: int, most: int) -> tuple[Line, ...]:
    """The first lines that were written after one, in order."""
    query = (
        select(handset_line)
        .where(handset_line.c.id > line_id)
        .order_by(handset_line.c.id)
        .limit(most)
    )
    return tuple(line_of(row) for row in await session.all(query))


async def lines(session: Session, phone_id: int | None = None, since: int = 0) -> tuple[Line, ...]:
    """Lines in order, of all phones or of one, changed after its count of changes was `since`.

    What the network still holds, or lost on its way, is on no screen and so not among them.
    """
    query = select(handset_line).where(handset_line.c.changed > since).order_by(handset_line.c.id)
    if phone_id is not None:
        query = query.where(handset_line.c.phone_id == phone_id)
    found = (line_of(row) for row in await session.all(query))
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
    return tuple(line_of(row) for row in await session.all(query.order_by(handset_line.c.id)))


async def line(session: Session, line_id: int) -> Line | None:
    """A line by id."""
    row = await session.first(select(handset_line).where(handset_line.c.id == line_id))
    return None if row is None else line_of(row)


async def sent_line(session: Session, phone_id: int, message_id: int) -> Line | None:
    """The platform's line that a chat calls `message_id`."""
    row = await session.first(
        select(handset_line).where(
            handset_line.c.phone_id == phone_id,
            handset_line.c.message_id == message_id,
            handset_line.c.direction == Direction.OUT,
        )
    )
    return None if row is None else line_of(row)


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


async def _change(session: Session, phone_id: int, **values: object) -> None:
    await session.execute(
        update(handset_phone)
        .where(handset_phone.c.id == phone_id)
        .values(changes=handset_phone.c.changes + 1, **values)
    )


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
