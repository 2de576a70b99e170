"""Settling: write how an attempt ended, with what it teaches and whom it wakes."""

import structlog

from contacts import store as contacts
from db.session import Database, Session
from delivery import judging, senders, store
from delivery.model import Failure, Outcome, State
from delivery.service import SEND, UNREACHED, send_key
from delivery.tempo import Tempo

log = structlog.get_logger(__name__)

AGAIN_AFTER = (0.2, 1, 5)
"""Seconds after which the unit is tried again: what a provider answered is not known twice."""


async def settle(database: Database, outcome: Outcome, tempo: Tempo) -> None:
    """Settle an attempt in one unit; raises what the last try raised."""
    for tries, wait in enumerate((*AGAIN_AFTER, None)):
        try:
            async with database.write() as session:
                await _write(session, outcome, again=tries > 0)
            return
        except Exception as error:
            if wait is None or tempo.closing:
                raise
            log.warning(
                "delivery.settling_again",
                message=outcome.claimed.id,
                error=type(error).__name__,
            )
        await tempo.rest(wait)


async def _write(session: Session, outcome: Outcome, *, again: bool) -> None:
    row = outcome.claimed
    # A commit may hold although its answer was lost.
    if not again or not await store.was_attempted(session, row.id, outcome.at):
        if outcome.reason == Failure.UNKNOWN_OUTCOME:
            before = await store.unknown_outcomes(session, row.id)
            outcome = judging.after_unknowns(outcome, before)
        await store.settle(session, [outcome])
        await _learn(session, outcome)
    if outcome.state is State.FAILED and row.about is not None:
        session.wake(UNREACHED, row.about)
    if outcome.state is State.PENDING:
        channel = row.to.channel
        if outcome.next_position is not None:
            channel = row.endpoints[outcome.next_position].channel
        session.wake(SEND, send_key(row.lane, channel), outcome.due_at)


async def _learn(session: Session, outcome: Outcome) -> None:
    """Keep what a refusal says about the address or the sender."""
    row, now = outcome.claimed, outcome.at
    if outcome.reason == Failure.CONTACT_STOPPED:
        await contacts.add_opt_out(session, row.to, "provider", "", now)
    elif outcome.reason == Failure.ADDRESS_DEAD:
        await contacts.mark_dead(session, row.to)
    elif outcome.reason == Failure.SENDER_THROTTLED and outcome.due_at is not None:
        await senders.pause(session, row.to.channel, outcome.due_at)
