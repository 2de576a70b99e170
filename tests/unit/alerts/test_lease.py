"""How long an owner has a case without an act."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts import lease
from alerts.lease import LONGEST_SNOOZE, WARNS_BEFORE, Lease, renewed, snoozed
from alerts.model import Urgency
from alerts.policy import BUILT_IN, Policy

NOW = datetime(2026, 11, 25, 16, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def policy(length: timedelta, renewal: timedelta = timedelta(hours=2)) -> Policy:
    return Policy("", (), lease=length, renewal=renewal)


def test_who_accepts_has_a_quarter_of_an_hour_and_is_reminded_five_minutes_before_its_end() -> None:
    assert lease.given(BUILT_IN, NOW) == Lease(NOW + 15 * MINUTE, NOW + 10 * MINUTE)


def test_each_act_gives_two_hours() -> None:
    assert renewed(BUILT_IN, NOW) == Lease(NOW + 120 * MINUTE, NOW + 115 * MINUTE)


def test_a_policy_has_times_of_its_own() -> None:
    own = policy(30 * MINUTE, 45 * MINUTE)
    assert lease.given(own, NOW).ends_at == NOW + 30 * MINUTE
    assert renewed(own, NOW).ends_at == NOW + 45 * MINUTE


def test_of_a_short_lease_two_thirds_pass_before_the_reminder() -> None:
    assert lease.given(policy(6 * MINUTE), NOW).warns_at == NOW + 4 * MINUTE


def test_an_act_never_leaves_less_time_than_accepting_does() -> None:
    assert renewed(policy(60 * MINUTE, 5 * MINUTE), NOW).ends_at == NOW + 60 * MINUTE


def test_a_pause_lasts_as_long_as_was_said() -> None:
    assert snoozed(4 * 60 * MINUTE, NOW) == Lease(NOW + 240 * MINUTE, NOW + 235 * MINUTE)


@pytest.mark.parametrize(
    ("urgency", "longest"),
    [
        (Urgency.LIFE, timedelta(hours=4)),
        (Urgency.POSSIBLE, timedelta(hours=8)),
        (Urgency.UNSORTED, timedelta(hours=12)),
        (Urgency.CAN_WAIT, timedelta(days=7)),
    ],
)
def test_the_more_urgent_the_shorter_it_may_be_put_off(
    urgency: Urgency, longest: timedelta
) -> None:
    assert LONGEST_SNOOZE[urgency] == longest


def test_every_urgency_has_a_limit() -> None:
    assert set(LONGEST_SNOOZE) == set(Urgency)


@given(st.integers(1, 7 * 24 * 3600).map(lambda seconds: timedelta(seconds=seconds)))
def test_the_reminder_comes_after_the_beginning_and_before_the_end(length: timedelta) -> None:
    for one in (lease.given(policy(length), NOW), snoozed(length, NOW)):
        assert NOW < one.warns_at < one.ends_at == NOW + length
        assert one.ends_at - one.warns_at <= WARNS_BEFORE
