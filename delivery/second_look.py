"""A second look at a claimed row that had to wait: much can be said while it does."""

from datetime import datetime

from sqlalchemy import select

from contacts.store import address, opt_out
from db.session import Session
from delivery import claims, store
from delivery.claims import of_address, skip_of
from delivery.model import Skip, State
from delivery.runs import RunState, run
from delivery.store import message


async def look_again(session: Session, message_id: int) -> State | Skip:
    """What is true of a claimed row that had to wait: SENDING when it may leave as before.

    PENDING when its run has been held up meanwhile, another state when it was settled without us,
    or why it must not leave any more.
    """
    row = await session.first(
        select(
            message.c.state,
            message.c.reason,
            message.c.run_id,
            run.c.state.label("run_state"),
            address.c.dead.label("address_dead"),
            opt_out.c.at.label("opted_out_at"),
        )
        .outerjoin(run, run.c.id == message.c.run_id)
        .outerjoin(address, address.c.id == message.c.address_id)
        .outerjoin(opt_out, of_address())
        .where(message.c.id == message_id)
    )
    if row is None:
        return State.SKIPPED
    if row["state"] != State.SENDING:
        return State(row["state"])
    if row["reason"] == Skip.SILENCED:
        return Skip.SILENCED
    if row["run_id"] is not None and row["run_state"] != RunState.SENDING:
        return State.PENDING
    return skip_of(row) or State.SENDING


async def withhold(session: Session, message_id: int, found: State | Skip, now: datetime) -> None:
    """Do with a claimed row what `look_again` found, when it may not leave."""
    if found is State.PENDING:
        await claims.release(session, [message_id], now)
    elif isinstance(found, Skip):
        await store.settle_as(session, message_id, State.SKIPPED, found, now)
