"""Follow-ups come back on days 1, 7 and 30, by day."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from alerts.model import Outcome
from alerts.referral.model import DAYTIME, FOLLOWED, NEXT, ReferralState, due_times
from kit.zones import OAXACA

NOON = datetime(2026, 11, 27, 18, tzinfo=UTC)
"""A Friday, 12 in Oaxaca."""


def test_they_are_due_one_seven_and_thirty_days_later() -> None:
    assert due_times(NOON) == tuple((day, NOON + timedelta(days=day)) for day in (1, 7, 30))


def test_what_ends_at_night_is_followed_in_the_morning() -> None:
    night = datetime(2026, 11, 28, 9, tzinfo=UTC)
    first = due_times(night)[0][1].astimezone(ZoneInfo(OAXACA))
    assert (first.day, first.hour) == (29, 9)


@given(st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: NOON + timedelta(minutes=minutes)))
def test_none_is_early_or_a_day_late_or_at_night(at: datetime) -> None:
    for day, due in due_times(at):
        assert timedelta() <= due - at - timedelta(days=day) < timedelta(days=1)
        assert DAYTIME.is_open(due)


def test_who_wants_no_contact_is_not_followed() -> None:
    assert Outcome.LOCATED_NO_CONTACT not in FOLLOWED
    assert set(FOLLOWED) == {
        Outcome.LOCATED,
        Outcome.REPATRIATED,
        Outcome.REFERRED,
        Outcome.ATTENDED,
    }


def test_every_referral_can_be_closed_and_a_closed_one_stays_so() -> None:
    assert set(NEXT) == set(ReferralState)
    for state, leads_to in NEXT.items():
        assert state not in leads_to
        assert ReferralState.TO_DO not in leads_to
        assert (ReferralState.CLOSED in leads_to) == (state is not ReferralState.CLOSED)
    assert NEXT[ReferralState.CLOSED] == frozenset()
