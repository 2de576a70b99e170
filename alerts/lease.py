"""The acknowledgement is a lease: who accepts must act and write it down, or the case goes on."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.model import Urgency
from alerts.policy import Policy

WARNS_BEFORE = timedelta(minutes=5)
"""So long before the end the owner is reminded, or after two thirds of a shorter lease."""

LONGEST_SNOOZE = {
    Urgency.LIFE: timedelta(hours=4),
    Urgency.POSSIBLE: timedelta(hours=8),
    Urgency.UNSORTED: timedelta(hours=12),
    Urgency.CAN_WAIT: timedelta(days=7),
}
"""For how long an owner may put a case off, with a reason."""


@dataclass(frozen=True, slots=True)
class Lease:
    """Until when the owner has the case without a further act, and when they are reminded."""

    ends_at: datetime
    warns_at: datetime


def given(policy: Policy, now: datetime) -> Lease:
    """The lease of who has just accepted."""
    return _of(policy.lease, now)


def renewed(policy: Policy, now: datetime) -> Lease:
    """The lease of who has just acted."""
    return _of(max(policy.lease, policy.renewal), now)


def snoozed(wanted: timedelta, now: datetime) -> Lease:
    """The lease of who has put the case off, with a reason."""
    return _of(wanted, now)


def _of(length: timedelta, now: datetime) -> Lease:
    ends = now + length
    return Lease(ends, max(ends - WARNS_BEFORE, now + length * 2 / 3))
