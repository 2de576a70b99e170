"""By which of somebody's methods a page goes, and how long after it is due."""

from collections.abc import Collection
from datetime import timedelta

from kit.channels import Channel, Endpoint
from staff.model import Member

NOW = timedelta()


def waits(
    member: Member, here: Collection[Channel], working: Collection[Channel], *, insists: bool
) -> tuple[tuple[Endpoint, timedelta], ...]:
    """The methods of a member with the wait of each.

    `here` are the channels that this platform has, `working` those of them that are in order. A
    method by a channel that is not here is left out, unless there is no other: then its failure is
    written down. One that is out of order makes nobody wait for it. With `insists` all go at once.
    """
    methods = [one for one in member.methods if one.endpoint.channel in here]
    methods = methods or list(member.methods)
    in_order = [one.after for one in methods if one.endpoint.channel in working]
    first = min(in_order, default=NOW)
    return tuple(
        (
            one.endpoint,
            NOW if insists or one.endpoint.channel not in working else max(one.after - first, NOW),
        )
        for one in methods
    )
