"""Holding back what is still to leave: of a case that is owned, to a person who must not be
written to."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, update

from db.session import Session
from delivery.model import Skip, State
from delivery.moves import move
from delivery.store import message
from kit.channels import Endpoint


async def skip_pending_about(session: Session, about: str, now: datetime) -> None:
    """Hold back what is still to leave about something, for instance pages of an owned case."""
    await _hold_back(session, message.c.about == about, now)


async def supersede(session: Session, about: str, endpoint: Endpoint, now: datetime) -> None:
    """Hold back what is still to leave about something for an endpoint: something newer comes."""
    to_them = (message.c.endpoint_index == endpoint.value) & (message.c.channel == endpoint.channel)
    await _hold_back(session, to_them & (message.c.about == about), now)


async def hush(session: Session, endpoint: Endpoint, now: datetime) -> None:
    """Hold back every message on its own that is still to leave for an endpoint.

    One that is with a provider right now, or may have been taken by it, cannot be called back, but
    is not tried again.
    """
    to_them = (message.c.endpoint_index == endpoint.value) & (message.c.channel == endpoint.channel)
    await _hold_back(session, to_them, now)


async def skip_held_back(session: Session, ids: Collection[int], now: datetime) -> None:
    """Settle rows that were held back while they were with a provider, and would go again."""
    held = message.c.id.in_(ids) & (message.c.reason == Skip.SILENCED)
    await move(session, held, State.SENDING, State.SKIPPED, settled_at=now, claimed_by=None)


async def _hold_back(session: Session, which: ColumnElement[bool], now: datetime) -> None:
    silenced = {"reason": Skip.SILENCED, "settled_at": now}
    await move(session, which, State.PENDING, State.SKIPPED, **silenced)
    left = message.c.state.in_((State.SENDING, State.UNCERTAIN))
    await session.execute(update(message).where(which, left).values(reason=Skip.SILENCED))
