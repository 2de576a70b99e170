"""Invented cases and staff for tests of what is kept around a case."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count

from sqlalchemy import select

from alerts import store as cases
from alerts import timeline
from alerts.model import Case, CaseState, Entry, EntryKind, Report, Urgency
from db.session import Session
from delivery.content import Content
from delivery.reading import own_endpoints
from delivery.store import message
from kit.channels import Channel, Endpoint
from kit.ids import ALPHABET, new_folio
from staff import store as staff
from staff.model import Member, Method, Role

NOW = datetime(2026, 11, 25, 16, tzinfo=UTC)
"""A Wednesday, 10 in Oaxaca."""

_numbers = count(1)


def phone(number: int) -> Endpoint:
    return Endpoint(Channel.SMS, f"+1213555{number:04}")


async def a_case(
    session: Session,
    reporter: Endpoint,
    words: str = "",
    *,
    at: datetime = NOW,
    owner: Member | None = None,
) -> Case:
    """A case with what the reporter told; owned when there is an owner."""
    number = next(_numbers)
    digits = iter([number // len(ALPHABET) ** place % len(ALPHABET) for place in range(5)])
    report = Report(reporter, "es", at, words)
    folio = new_folio(lambda _most: next(digits))
    made = await cases.open_case(session, report, folio, "NARANJA", Urgency.UNSORTED)
    assert made is not None
    if words:
        await timeline.note(session, made, EntryKind.SAID, at, body=words)
    if owner is not None:
        values = {"state": CaseState.ACKNOWLEDGED, "owner_id": owner.id}
        await cases.change(session, made, values)
    return await cases.made(session, made)


async def a_member(session: Session, number: int, role: Role = Role.DUTY) -> Member:
    """Somebody with a phone of their own."""
    made = await staff.add(
        session,
        "Persona",
        f"m{number}@example.org",
        role,
        "Luz",
        [Method(phone(100 + number))],
        NOW,
    )
    found = await staff.get(session, made)
    assert found is not None
    return found


async def told(session: Session) -> list[tuple[str, str]]:
    """Every message that leaves: to whom, and what an SMS of it says."""
    rows = await session.all(select(message.c.id, message.c.content).order_by(message.c.id))
    return [
        (end.value, Content.unpack(row["content"]).sms)
        for row in rows
        for end in await own_endpoints(session, row["id"])
    ]


async def lines(session: Session, case: Case, *kinds: EntryKind) -> Sequence[Entry]:
    """The timeline's lines of some kinds."""
    return [line for line in await timeline.of_case(session, case.id) if line.kind in kinds]
