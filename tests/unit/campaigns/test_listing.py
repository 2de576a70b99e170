"""What a campaign waits for, to whose eyes, and the shape of its calendar."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.agenda import Month, month_of
from campaigns.listing import Waits, waits
from campaigns.model import CampaignState
from kit.errors import Invalid
from staff.model import Member, Right, Role

TODAY = date(2026, 11, 23)


def a_member(number: int, role: Role) -> Member:
    return Member(number, role, True, "Alba", "Ana", "ana@example.org")


@pytest.mark.parametrize("role", Role)
def test_what_is_to_be_read_waits_for_whoever_may_approve_and_did_not_write_it(role: Role) -> None:
    other = waits(CampaignState.REVIEW, frozenset({2}), a_member(1, role), uncertain=False)
    own = waits(CampaignState.REVIEW, frozenset({1, 2}), a_member(1, role), uncertain=False)
    may = a_member(1, role).may(Right.APPROVE_CAMPAIGNS)
    assert other is (Waits.YOUR_APPROVAL if may else Waits.APPROVAL)
    assert own is Waits.APPROVAL


def test_each_state_waits_for_its_own_step() -> None:
    member = a_member(1, Role.COMMUNICATOR)
    found = {
        state: waits(state, frozenset({2}), member, uncertain=False) for state in CampaignState
    }
    assert found == {
        CampaignState.DRAFT: Waits.SUBMIT,
        CampaignState.REVIEW: Waits.YOUR_APPROVAL,
        CampaignState.APPROVED: Waits.START,
        CampaignState.SCHEDULED: None,
        CampaignState.SENDING: None,
        CampaignState.PAUSED: Waits.RESUME,
        CampaignState.DONE: None,
        CampaignState.CANCELLED: None,
    }
    for state in (CampaignState.SENDING, CampaignState.PAUSED, CampaignState.DONE):
        assert waits(state, frozenset(), member, uncertain=True) is Waits.DECISION
    assert waits(CampaignState.CANCELLED, frozenset(), member, uncertain=True) is None


def test_a_month_is_read_as_an_address_says_it() -> None:
    assert month_of("", TODAY) == date(2026, 11, 1)
    assert month_of("2027-02", TODAY) == date(2027, 2, 1)
    for typed in (
        "2026",
        "2026-13",
        "2026-00",
        "1999-01",
        "2101-01",
        "2026-1x",
        "²026-11",
        "x" * 9,
    ):
        with pytest.raises(Invalid):
            month_of(typed, TODAY)


@given(st.integers(2020, 2100), st.integers(1, 12))
def test_the_weeks_of_a_month_hold_each_of_its_days_once(year: int, number: int) -> None:
    found = Month(date(year, number, 1), {})
    days = [day for week in found.weeks for day in week]
    assert all(week[0].weekday() == 0 and len(week) == 7 for week in found.weeks)
    assert [day.day for day in days if (day.year, day.month) == (year, number)] == list(
        range(1, (found.after - found.first).days + 1)
    )
    assert days == sorted(set(days))
    assert found.before < found.first < found.after
    assert found.weeks[0][-1] >= found.first
    assert found.weeks[-1][0] < found.after
