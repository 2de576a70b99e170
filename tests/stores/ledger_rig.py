"""Rows of the ledger, and what happens to them."""

from datetime import UTC, datetime

from contacts import store as contacts
from db.session import Session
from delivery import claims, receipts, settling, store
from delivery.claims import Claimant
from delivery.model import Claimed, Lane, NewMessage, Outcome, State
from delivery.pacing import Pace
from delivery.transport import Receipt
from kit.channels import Channel, Endpoint
from tests.stores.sending_rig import HELLO, bulk

NOW = datetime(2026, 11, 25, 16, tzinfo=UTC)
PHONE = Endpoint(Channel.SMS, "+12135550101")
CHAT = Endpoint(Channel.TELEGRAM, "900101")


async def add(session: Session, lane: Lane = Lane.REPLY, *, due_at: datetime | None = None) -> int:
    made, _ = await store.add(session, NewMessage((PHONE,), HELLO, lane, due_at=due_at), NOW)
    return made


async def bulk_row(session: Session) -> tuple[int, int]:
    """A run of one contact; gives the run and the contact."""
    run_id = await bulk(session, [PHONE], NOW)
    found = await contacts.find(session, PHONE)
    assert found is not None
    return run_id, found.id


async def claim(session: Session, lane: Lane, by: str = "me") -> tuple[Claimed, ...]:
    return (await claims.claim(session, lane, "sms", 10, Claimant(by), NOW)).rows


async def settle(session: Session, *outcomes: Outcome) -> None:
    await settling.write(session, outcomes, lambda sender: Pace(1, NOW, NOW))


async def told(session: Session, provider_id: str, state: State, code: str = "") -> None:
    await receipts.receive(session, Receipt(provider_id, state, code), NOW)
