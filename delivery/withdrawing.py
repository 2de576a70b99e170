"""What is to be taken back, and when: copies of a report on staff's phones, what a reporter wants
out of their chat, calls that nobody needs to hear any more.

A row that has not left by then does not leave. `delivery.taking_back` does the work.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from sqlalchemy import ColumnElement, or_, select, update

from contacts.store import address
from db.session import Session
from delivery import runs
from delivery.model import State
from delivery.service import WITHDRAW
from delivery.store import message
from kit.channels import Channel, Endpoint


@dataclass(frozen=True, slots=True)
class Terms:
    """For how long after its sending a message can be taken back, and how soon a failure to do so
    is tried again."""

    within: timedelta
    again: timedelta


TERMS: Mapping[Channel, Terms] = MappingProxyType(
    {
        # core.telegram.org/bots/api#deletemessage
        Channel.TELEGRAM: Terms(timedelta(hours=48), timedelta(minutes=1)),
        # No call of ours lasts that long.
        Channel.VOICE: Terms(timedelta(hours=1), timedelta(seconds=5)),
    }
)
"""The channels whose messages can be taken back at all. An SMS stays where it is."""

COPIES_STAY = timedelta(hours=47)
"""How long a copy of a report may stay on Telegram: an hour before it could not be deleted."""

LIVE = (State.PENDING, State.SENDING, State.UNCERTAIN, State.SENT)
"""The states of which something to take back is, or will be, at the person's end. A call that was
heard is over, and in chats nothing is ever known to be delivered."""


async def withdraw_about(
    session: Session,
    about: str,
    at: datetime,
    *,
    channel: Channel | None = None,
    to: Endpoint | None = None,
) -> None:
    """Take back at `at` whatever was or will be sent about something: all of it, or by one channel,
    or to one endpoint. What is to be taken back earlier stays so."""
    which = message.c.about == about
    if channel is not None:
        which &= message.c.channel == channel
    if to is not None:
        which &= _written_to(to)
    await _mark(session, which, at)


async def withdraw_to(session: Session, endpoint: Endpoint, at: datetime) -> None:
    """Take back at `at` whatever was written to an endpoint, by campaigns too, and what is still to
    leave for it on its own. What is too old to be taken back is left alone: see `TERMS`."""
    terms = TERMS.get(endpoint.channel)
    since = at if terms is None else at - terms.within
    settled = message.c.settled_at
    fresh = or_(settled.is_(None), settled > since)
    await _mark(session, _written_to(endpoint) & fresh, at)
    person = await session.first(
        select(address.c.id, address.c.contact_id).where(
            address.c.channel == endpoint.channel, address.c.endpoint_index == endpoint.value
        )
    )
    if person is None or terms is None:
        return
    ended = runs.run.c.ended_at
    lately = select(runs.run.c.id).where(or_(ended.is_(None), ended > since))
    brought = message.c.run_id.in_(lately) & (message.c.contact_id == person["contact_id"])
    here = (message.c.address_id == person["id"]) & (message.c.state != State.PENDING)
    await _mark(session, brought & here & fresh, at)


def _written_to(endpoint: Endpoint) -> ColumnElement[bool]:
    return (message.c.endpoint_index == endpoint.value) & (message.c.channel == endpoint.channel)


async def _mark(session: Session, which: ColumnElement[bool], at: datetime) -> None:
    later = or_(message.c.withdraw_at.is_(None), message.c.withdraw_at > at)
    marked = await session.all(
        update(message)
        .where(which, message.c.state.in_(LIVE), message.c.withdrawn_at.is_(None), later)
        .values(withdraw_at=at)
        .returning(message.c.sender)
    )
    for sender in sorted({row["sender"] for row in marked}):
        session.wake(WITHDRAW, sender, at)
