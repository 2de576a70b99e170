"""A second look at a claimed row that had to wait: much can be said while it does."""

from datetime import datetime

from sqlalchemy import select

from contacts.store import address, contact, opt_out, subscription
from db.session import Session
from delivery import claims, runs
from delivery.claims import agreed_to, is_withdrawn, of_address, opens_at, skip_of
from delivery.model import Skip, State
from delivery.moves import move
from delivery.runs import RunState
from delivery.store import message


async def look_again(session: Session, message_id: int, now: datetime) -> State | Skip:
    """What is true of a claimed row that had to wait: SENDING when it may leave as before.

    PENDING when its run has been held up meanwhile, another state when it was settled without us,
    or why it must not leave any more.
    """
    row = await session.first(
        select(message.c.state, message.c.reason, message.c.run_id, message.c.withdraw_at).where(
            message.c.id == message_id
        )
    )
    if row is None:
        return State.SKIPPED
    if row["state"] != State.SENDING:
        return State(row["state"])
    if row["reason"] == Skip.SILENCED:
        return Skip.SILENCED
    if row["run_id"] is None and is_withdrawn(row, now):
        return Skip.CANCELLED
    run = None if row["run_id"] is None else await runs.get(session, row["run_id"])
    if run is None:
        return State.SENDING
    if run.state is not RunState.SENDING:
        return State.PENDING
    person = await session.first(
        select(
            address.c.dead.label("address_dead"),
            opt_out.c.at.label("opted_out_at"),
            subscription.c.topic.label("agreed"),
            contact.c.zone,
        )
        .select_from(message)
        .outerjoin(address, address.c.id == message.c.address_id)
        .outerjoin(opt_out, of_address())
        .outerjoin(subscription, agreed_to(run.topic))
        .outerjoin(contact, contact.c.id == message.c.contact_id)
        .where(message.c.id == message_id)
    )
    if person is None:
        return State.SENDING
    # Meanwhile it may have become too late in the day: the next claim says until when.
    return skip_of(person, run, now) or (
        State.SENDING if opens_at(person, run, now) <= now else State.PENDING
    )


async def withhold(session: Session, message_id: int, found: State | Skip, now: datetime) -> None:
    """Do with a claimed row what `look_again` found, when it may not leave."""
    if found is State.PENDING:
        await claims.release(session, [message_id], now)
    elif isinstance(found, Skip):
        values = {"reason": found, "settled_at": now, "claimed_by": None}
        await move(session, message.c.id == message_id, State.SENDING, State.SKIPPED, **values)
