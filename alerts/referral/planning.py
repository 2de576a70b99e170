"""When somebody asks how it went: set with a referral, and when a case is closed."""

from datetime import datetime

from alerts.model import Case, Outcome
from alerts.referral import follow_ups
from alerts.referral.model import FOLLOWED, due_times
from db.session import Session


async def after_referral(session: Session, case: Case, referral_id: int, now: datetime) -> None:
    """Plan the follow-ups of a referral that was just made."""
    await _plan(session, case, referral_id, now)


async def after_close(session: Session, case: Case, outcome: Outcome, now: datetime) -> None:
    """The case was closed: after some outcomes somebody asks how it went. Of an earlier close what
    is not done is forgotten; what belongs to a referral stays."""
    if outcome in FOLLOWED:
        await _plan(session, case, None, now)
    else:
        await follow_ups.plan(session, case.id, None, ())


async def _plan(session: Session, case: Case, referral_id: int | None, now: datetime) -> None:
    # Of a drill nobody asks how it went.
    times = () if case.exercise else due_times(now)
    await follow_ups.plan(session, case.id, referral_id, times)
