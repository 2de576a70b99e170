"""What an endpoint has been written: which message somebody answers to, how many there were."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from db.session import Session
from delivery.model import State
from delivery.store import attempt, message
from kit.channels import Endpoint

ANSWERED_WITHIN = timedelta(days=7)
"""An answer to an older message is taken as if it stood alone."""

NEWEST = 1000
"""So many messages of a chat are looked through."""


async def about_of(
    session: Session, endpoint: Endpoint, provider_id: str, now: datetime
) -> str | None:
    """What a message of ours to an endpoint is about, by the provider's id; None when it is about
    nothing, too old or not ours."""
    # One after the other: asked at once, PostgreSQL may read every attempt that there is.
    rows = await session.all(
        select(message.c.id, message.c.about)
        .where(
            message.c.endpoint_index == endpoint.value,
            message.c.channel == endpoint.channel,
            message.c.created_at > now - ANSWERED_WITHIN,
        )
        .order_by(message.c.created_at.desc())
        .limit(NEWEST)
    )
    abouts: dict[int, str | None] = {row["id"]: row["about"] for row in rows}
    found = await session.scalar(
        select(attempt.c.message_id)
        .where(
            attempt.c.message_id.in_(tuple(abouts)),
            attempt.c.channel == endpoint.channel,
            attempt.c.provider_id == provider_id,
        )
        # An edited message has the id of the one before it.
        .order_by(attempt.c.id.desc())
        .limit(1)
    )
    return abouts.get(found)


async def sent_count(session: Session, endpoint: Endpoint, since: datetime) -> int:
    """How many messages on their own an endpoint has been sent since an instant and still has."""
    return int(
        await session.scalar(
            select(func.count())
            .select_from(message)
            .where(
                message.c.endpoint_index == endpoint.value,
                message.c.channel == endpoint.channel,
                message.c.state.in_((State.SENT, State.DELIVERED)),
                message.c.settled_at > since,
                message.c.withdrawn_at.is_(None),
            )
        )
    )
