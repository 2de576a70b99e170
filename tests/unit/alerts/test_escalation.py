"""Nobody who calls for help is left without an answer."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.escalation import next_step, numbers_are_due, step_after_loss
from alerts.model import Case, CaseState, Kind, MayWrite, Times, Urgency
from alerts.roster import roster_of
from kit.channels import Channel, Endpoint
from staff.model import Member, Role

NOW = datetime(2026, 11, 25, 16, tzinfo=UTC)
TIMES = Times()
CASE = Case(
    id=1,
    folio="23456X",
    state=CaseState.OPEN,
    kind=Kind.UNKNOWN,
    urgency=Urgency.UNSORTED,
    reporter=Endpoint(Channel.SMS, "+12135550121"),
    language="es",
    may_write=MayWrite.UNKNOWN,
    word="NARANJA",
    opened_at=NOW,
)


def member(number: int, role: Role = Role.DUTY, *, reachable: bool = True) -> Member:
    endpoints = (Endpoint(Channel.TELEGRAM, str(number)),) if reachable else ()
    return Member(number, role, True, "Luz", "Persona", "p@example.org", endpoints)


members = st.lists(
    st.builds(
        member,
        st.integers(1, 50),
        st.sampled_from(list(Role)),
        reachable=st.booleans(),
    ),
    max_size=6,
)


@given(members, st.integers(0, 1000))
def test_a_case_without_an_owner_always_has_a_next_page_due(
    staff: list[Member], paged: int
) -> None:
    step = next_step(replace(CASE, paged=paged), roster_of(staff), TIMES, NOW)
    assert step is not None
    assert step.next_at == NOW + TIMES.page


@given(members)
def test_one_round_pages_everybody_who_can_be_reached(staff: list[Member]) -> None:
    roster = roster_of(staff)
    steps = [
        next_step(replace(CASE, paged=paged), roster, TIMES, NOW)
        for paged in range(len(roster.order))
    ]
    assert [step.page for step in steps if step] == list(roster.order)


def test_those_on_duty_come_before_the_wide_circle_and_then_it_begins_again() -> None:
    staff = [member(1, Role.ADMIN), member(2, Role.COORDINATOR), member(3), member(4)]
    roster = roster_of(staff)
    paged = [next_step(replace(CASE, paged=n), roster, TIMES, NOW) for n in range(5)]
    assert [step.page.id for step in paged if step and step.page] == [3, 4, 2, 1, 3]


def test_communicators_and_auditors_are_never_paged() -> None:
    assert roster_of([member(1, Role.COMMUNICATOR), member(2, Role.AUDITOR)]).order == ()


def test_an_owned_or_closed_case_pages_nobody() -> None:
    for state in (CaseState.ACKNOWLEDGED, CaseState.CLOSED):
        assert next_step(replace(CASE, state=state), roster_of([member(1)]), TIMES, NOW) is None


def test_who_asked_not_to_be_written_to_is_sent_no_numbers() -> None:
    assert numbers_are_due(CASE)
    assert not numbers_are_due(replace(CASE, may_write=MayWrite.NO))
    assert not numbers_are_due(replace(CASE, state=CaseState.ACKNOWLEDGED))


def test_the_next_page_moves_with_now() -> None:
    later = NOW + timedelta(days=3)
    step = next_step(CASE, roster_of([member(1)]), TIMES, later)
    assert step is not None
    assert step.next_at > later


@given(members, st.integers(0, 1000))
def test_when_every_page_is_lost_everybody_is_paged_once_and_then_the_timer_is_left(
    staff: list[Member], paged: int
) -> None:
    roster = roster_of(staff)
    case, tried = replace(CASE, paged=paged), list[int]()
    while step := step_after_loss(case, roster, TIMES, NOW, tried):
        assert step.page is not None
        assert step.next_at == NOW + TIMES.page
        tried.append(step.page.id)
        case = replace(case, paged=step.paged)
        assert len(tried) <= len(roster.order)
    assert sorted(tried) == sorted({member.id for member in roster.order})


def test_a_lost_page_goes_to_who_was_not_tried_and_not_to_who_is_next() -> None:
    roster = roster_of([member(1), member(2), member(3)])
    step = step_after_loss(replace(CASE, paged=1), roster, TIMES, NOW, {1, 2})
    assert step is not None
    assert step.page == member(3)
    following = next_step(replace(CASE, paged=step.paged), roster, TIMES, NOW)
    assert following is not None
    assert following.page == member(1)


@pytest.mark.parametrize("state", [CaseState.ACKNOWLEDGED, CaseState.CLOSED])
def test_a_lost_page_of_a_case_that_is_owned_or_closed_leads_nowhere(state: CaseState) -> None:
    case = replace(CASE, state=state)
    assert step_after_loss(case, roster_of([member(1)]), TIMES, NOW, ()) is None
