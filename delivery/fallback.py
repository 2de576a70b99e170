"""The next address of the same person, when one of a run's has failed for good."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, select

from contacts.store import address, opt_out
from db.session import Session
from delivery.senders import known_sender
from kit.channels import Channel


@dataclass(frozen=True, slots=True)
class Another:
    """Another address of a contact, and the sender that writes to it."""

    address_id: int
    channel: Channel
    sender: str


async def another_address(
    session: Session, contact_id: int, channels: Sequence[Channel], failed: int
) -> Another | None:
    """The first address, in the order of the run's channels, that lives and has not said no.

    `failed` is the address that did not work; it is never given again.
    """
    if not channels:
        return None
    preference = case(
        {channel.value: at for at, channel in enumerate(channels)}, value=address.c.channel
    )
    stopped = (
        select(opt_out.c.at)
        .where(
            opt_out.c.channel == address.c.channel,
            opt_out.c.endpoint_index == address.c.endpoint_index,
        )
        .scalar_subquery()
    )
    row = await session.first(
        select(
            address.c.id,
            address.c.channel,
            *(
                known_sender(channel, address.c.endpoint_index).label(f"from_{channel}")
                for channel in channels
            ),
        )
        .where(
            address.c.contact_id == contact_id,
            address.c.channel.in_(channels),
            address.c.dead.is_(False),
            address.c.id != failed,
            stopped.is_(None),
        )
        .order_by(preference, address.c.id)
        .limit(1)
    )
    if row is None:
        return None
    channel = Channel(row["channel"])
    return Another(row["id"], channel, row[f"from_{channel}"])
