"""What the clock does with canaries: let them fly, see which are back, tell of the others."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select

from alerts.canary import service, store
from alerts.canary.model import KEPT, TOKEN_BYTES, Canary, Plan, Verdict, is_due
from db.session import Session
from delivery.model import State
from delivery.store import message
from kit.channels import Channel

TAKEN = (State.SENT, State.DELIVERED)


async def begin_due(session: Session, plan: Plan, since: datetime, now: datetime) -> None:
    """Let the canary of each channel fly whose turn it is. `since` is from when on this process
    has watched without a gap."""
    for channel in plan.channels:
        last = await store.newest(session, channel)
        if plan.every is None or not is_due(last, plan.every, since, now):
            continue
        if last is not None and last.done_at is None and last.alarmed_at is None:
            await service.give_up(session, last, now)
        token = secrets.token_hex(TOKEN_BYTES).upper()
        await service.call(session, plan, channel, token, now)


async def is_out(session: Session, channel: Channel) -> bool:
    """Whether the newest canary of a channel is not back."""
    last = await store.newest(session, channel)
    return last is not None and last.done_at is None


async def judge(
    session: Session, plan: Plan, since: datetime, now: datetime, *, way_in: bool | None = None
) -> None:
    """See what the newest canary of each channel says, and tell people of a silent one.

    `way_in` says whether arrivals come in from Telegram, None when nobody could look.
    """
    for channel in plan.channels:
        last = await store.newest(session, channel)
        if last is None:
            continue
        if channel is Channel.TELEGRAM and last.done_at is None:
            last = await _look_at_chat(session, last, way_in, now)
        verdict = last.verdict(since, now)
        if verdict in (Verdict.FLIES, Verdict.UNSEEN):
            continue
        bad = verdict is Verdict.MISSING
        if bad and last.alarmed_at is None:
            await service.give_up(session, last, now)
        await service.follow_trouble(
            session,
            f"canary.{channel}",
            await service.circle(session, now),
            now,
            bad=bad,
            since=last.started_at,
            steady=timedelta(),
            silent=channel,
        )


async def tidy(session: Session, now: datetime) -> None:
    """Take old canaries away."""
    await store.forget(session, now - KEPT)


async def _look_at_chat(
    session: Session, canary: Canary, way_in: bool | None, now: datetime
) -> Canary:
    """A bot cannot write to itself: the provider's word that it has the message is the way out,
    and that nothing waits at the provider is the way in."""
    row = await session.first(
        select(message.c.state, message.c.settled_at).where(message.c.id == canary.message_id)
    )
    if row is None or row["state"] not in TAKEN:
        return canary
    if canary.paged_at is None:
        await store.change(session, canary.id, paged_at=row["settled_at"])
    if way_in is False:
        return canary
    await store.change(session, canary.id, heard_at=None if way_in is None else now, done_at=now)
    found = await store.newest(session, canary.channel)
    return found or canary
