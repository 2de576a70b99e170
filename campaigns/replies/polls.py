"""Polls by SMS: which answer of the poll asked last somebody means."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select

from campaigns.replies import answers
from campaigns.replies.presses import AnswerKind, OutOfRange, Press, Pressed, poll_of
from campaigns.replies.typed import Beside, answer_of, number_of, says_yes_or_no
from contacts.store import address
from db.session import Session
from delivery.runs import run
from delivery.store import message
from kit.channels import Endpoint

POLL_LASTS = timedelta(hours=24)
"""How long a number, or the words of an answer, by SMS answers a poll: as for every question."""


async def answered(
    session: Session,
    said: str,
    sender: Endpoint,
    contact_id: int,
    now: datetime,
    beside: Beside | None = None,
) -> Pressed | OutOfRange | None:
    """Which answer words are to the newest poll that this endpoint got within `POLL_LASTS`.

    A number that the poll does not have is told once. What was offered since then (`beside`) comes
    first: a plain yes or no may be meant for it, and so may a number that the poll does not have.
    What answers the offer itself answers only a poll that was asked later.
    """
    poll = await _poll_asked(session, sender, contact_id, now)
    offered = beside if beside and (poll is None or poll.at <= beside.at) else None
    if offered is not None and offered.campaign_id is not None:
        poll, offered = _Asked(offered.campaign_id, None, offered.labels, offered.at), None
    if poll is None or (offered is not None and (offered.is_answered or says_yes_or_no(said))):
        return None
    number = answer_of(said, poll.labels)
    if number is not None:
        press = Press(poll.campaign_id, AnswerKind.POLL, str(number))
        if poll.run_id is None:
            return await answers.pressed(session, press, contact_id)
        return await answers.judged(session, press, contact_id, poll.run_id)
    wrong, most = number_of(said), len(poll.labels)
    if wrong is None or 1 <= wrong <= most or offered is not None or _takes(beside):
        return None
    missed = OutOfRange(poll.campaign_id, poll.run_id, most)
    return None if await _was_told(session, missed, sender) else missed


def _takes(beside: Beside | None) -> bool:
    return beside is not None and beside.is_answered


@dataclass(frozen=True, slots=True)
class _Asked:
    """A poll as it was asked of somebody, by which run (none: a poster), and when."""

    campaign_id: int
    run_id: int | None
    labels: tuple[str, ...] = field(repr=False)
    at: datetime


async def _poll_asked(
    session: Session, sender: Endpoint, contact_id: int, now: datetime
) -> _Asked | None:
    """The newest poll that an endpoint got from a run."""
    since = now - POLL_LASTS
    # Of a message of which nobody knows whether it left only when it was to leave is known.
    asked_at = func.coalesce(message.c.settled_at, message.c.claimed_at, message.c.due_at)
    rows = await session.all(
        select(message.c.run_id, run.c.campaign_id, message.c.language, asked_at.label("at"))
        .join(run, run.c.id == message.c.run_id)
        .join(address, address.c.id == message.c.address_id)
        .where(
            message.c.run_id.in_(await answers.runs_open_since(session, since)),
            message.c.contact_id == contact_id,
            message.c.channel == sender.channel,
            message.c.state.in_(answers.GOT),
            asked_at >= since,
            address.c.endpoint_index == sender.value,
        )
        .order_by(asked_at.desc(), run.c.id.desc())
    )
    for row in rows:
        poll = poll_of(await answers.content_of(session, row["run_id"], row["language"]))
        if poll:
            labels = tuple(button.label for button in poll)
            return _Asked(row["campaign_id"], row["run_id"], labels, row["at"])
    return None


async def _was_told(session: Session, missed: OutOfRange, sender: Endpoint) -> bool:
    told = select(message.c.id).where(
        message.c.endpoint_index == sender.value,
        message.c.channel == sender.channel,
        message.c.about == missed.about,
    )
    return await session.scalar(told.limit(1)) is not None
