"""Three guards, who coordinates them, and what each was told."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from alerts.shifts import service, store, tick
from alerts.shifts.rota import on_duty
from alerts.shifts.service import Draft
from db.session import Session
from delivery.content import Content
from delivery.store import message
from kit.channels import Channel, Endpoint
from kit.zones import OAXACA
from staff import service as staff_service
from staff import store as staff
from staff.model import Member, Role

BEGIN = datetime(2026, 11, 23, 14, tzinfo=UTC)
"""Monday, 8:00 in Oaxaca."""
HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
GUARDS = ("Alba", "Luz", "Sol")
BOSS = "Mar"


def email(pseudonym: str) -> str:
    return f"{pseudonym.lower()}@example.org"


async def hire(session: Session, pseudonym: str, role: Role, number: int) -> Member:
    """Somebody with a chat and a phone, both of which have answered before."""
    endpoints = (
        Endpoint(Channel.TELEGRAM, str(1000 + number)),
        Endpoint(Channel.SMS, f"+121355501{number:02}"),
    )
    id_ = await staff_service.add(
        session,
        name=f"Persona {number}",
        email=email(pseudonym),
        role=role,
        endpoints=endpoints,
        now=BEGIN,
        pick=lambda _n: 0,
    )
    await staff.change(session, id_, {"pseudonym": pseudonym})
    for endpoint in endpoints:
        await staff.confirm(session, endpoint, BEGIN)
    return await get(session, id_)


async def get(session: Session, id_: int) -> Member:
    found = await staff.get(session, id_)
    assert found is not None
    return found


async def team(session: Session) -> dict[str, Member]:
    people = {name: await hire(session, name, Role.DUTY, n) for n, name in enumerate(GUARDS)}
    return {**people, BOSS: await hire(session, BOSS, Role.COORDINATOR, 9)}


def draft(
    *names: str,
    name: str = "Guardia",
    since: date = date(2026, 11, 23),
    every: int = 1,
    handover: time = time(8),
    zone: str = OAXACA,
    covers: tuple[time, time] | None = None,
    holidays: bool = True,
) -> Draft:
    """A rota of all three guards, unless some are named."""
    emails = [email(one) for one in names or GUARDS]
    return Draft(name, emails, since, every, handover, zone, covers, holidays)


async def rota(session: Session, people: dict[str, Member], drafted: Draft | None = None) -> int:
    return await service.add(session, people[BOSS], drafted or draft(), BEGIN)


async def told(session: Session, member: Member) -> list[str]:
    """What somebody was told by SMS, in order; the chat has heard the same."""
    rows = await session.all(select(message).order_by(message.c.id))
    found: dict[Channel, list[str]] = {Channel.SMS: [], Channel.TELEGRAM: []}
    values = {one.channel: one.value for one in member.endpoints}
    for row in rows:
        channel = Channel(row["channel"])
        if f'"{values[channel]}"' in row["endpoints"]:
            found[channel].append(Content.unpack(row["content"]).sms)
    assert found[Channel.SMS] == found[Channel.TELEGRAM]
    return found[Channel.SMS]


async def last(session: Session, member: Member) -> str:
    said = await told(session, member)
    return said[-1] if said else ""


async def here(session: Session, now: datetime) -> list[int]:
    return [shift.member_id for shift in on_duty(await store.plan(session), now)]


async def look(session: Session, now: datetime) -> None:
    """The clock's look, whenever it looked last."""
    await tick.look(session, now)
