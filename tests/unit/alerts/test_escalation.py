"""Nobody who calls for help is left without an answer."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.escalation import (
    BEHIND_THE_LADDER,
    Step,
    next_step,
    numbers_are_due,
    step_after_loss,
)
from alerts.model import Case, CaseState, Kind, MayWrite, Times, Urgency
from alerts.policy import BUILT_IN, Policy, PolicyStep, Target, Who, choose
from alerts.roster import Duty, Roster, roster_of
from kit.channels import Channel, Endpoint
from staff.model import Member, Method, Role

NOW = datetime(2026, 11, 25, 16, tzinfo=UTC)
NIGHT = datetime(2026, 11, 25, 8, tzinfo=UTC)
OPENS = datetime(2026, 11, 25, 15, tzinfo=UTC)
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


def member(
    number: int, role: Role = Role.DUTY, *, reachable: bool = True, speaks: str = "es"
) -> Member:
    methods = (Method(Endpoint(Channel.TELEGRAM, str(number))),) if reachable else ()
    return Member(
        number, role, True, "Luz", "Persona", "p@example.org", methods, languages=(speaks,)
    )


def ids(step: Step | None) -> list[int]:
    assert step is not None
    return [one.id for one in step.people]


def taken(roster: Roster, steps: int, policy: Policy = BUILT_IN, case: Case = CASE) -> list[Step]:
    """The first steps of a case that nobody answers, each when the one before says."""
    now, found, called = NOW, list[Step](), set[int]()
    for _ in range(steps):
        step = next_step(case, policy, roster, TIMES, now, called=called)
        assert step is not None
        found.append(step)
        called.update(ids(step))
        case, now = replace(case, paged=step.paged), step.next_at
    return found


members = st.lists(
    st.builds(
        member,
        st.integers(1, 50),
        st.sampled_from(list(Role)),
        reachable=st.booleans(),
        speaks=st.sampled_from(["es", "en", "mix"]),
    ),
    max_size=6,
    unique_by=lambda one: one.id,
)
duties = st.none() | st.builds(
    Duty, st.tuples(st.integers(1, 50)), st.tuples(st.integers(1, 50), st.integers(1, 50))
)
targets = st.sampled_from(
    [
        Target(Who.ON_DUTY),
        Target(Who.NEXT),
        Target(Who.ROTA, "Noche"),
        Target(Who.MEMBER, "7"),
        Target(Who.ROLE, "coordinator"),
        Target(Who.EVERYBODY),
    ]
)
steps = st.builds(
    PolicyStep,
    st.lists(targets, min_size=1, max_size=3).map(tuple),
    st.none() | st.timedeltas(timedelta(seconds=1), timedelta(hours=3)),
    st.booleans(),
)
policies = st.builds(Policy, st.just("Una"), st.lists(steps, min_size=1, max_size=4).map(tuple))


@given(
    members, duties, policies, st.integers(0, 1000), st.sampled_from(list(Urgency)), st.datetimes()
)
def test_a_case_without_an_owner_always_has_a_next_page_due(
    staff: list[Member],
    duty: Duty | None,
    policy: Policy,
    paged: int,
    urgency: Urgency,
    naive: datetime,
) -> None:
    now = max(naive.replace(tzinfo=UTC), datetime(1970, 1, 2, tzinfo=UTC))
    now = min(now, datetime(2500, 1, 1, tzinfo=UTC))
    case = replace(CASE, paged=paged, urgency=urgency)
    step = next_step(case, policy, roster_of(staff, duty), TIMES, now)
    assert step is not None
    assert now < step.next_at
    if urgency is not Urgency.CAN_WAIT:
        longest = max((one.wait or TIMES.page for one in policy.steps), default=TIMES.page)
        assert step.next_at <= now + max(longest, TIMES.page)


@given(members, duties, policies)
def test_within_a_few_steps_everybody_who_can_be_reached_is_paged_and_so_again(
    staff: list[Member], duty: Duty | None, policy: Policy
) -> None:
    roster = roster_of(staff, duty)
    everybody = {one.id for one in roster.everybody}
    found = taken(roster, 30, policy)
    for later in (found[:28], found[28:29], found[29:]):
        assert {one.id for step in later for one in step.people} == everybody


def test_those_on_duty_come_one_by_one_then_the_wide_circle_then_everybody() -> None:
    staff = [member(1, Role.ADMIN), member(2, Role.COORDINATOR), member(3), member(4)]
    paged = taken(roster_of(staff), 6)
    assert [ids(step) for step in paged[:4]] == [[3], [4], [2], [1]]
    assert ids(paged[4]) == [3, 4]
    assert sorted(ids(paged[5])) == [1, 2, 3, 4]
    assert [step.insists for step in paged] == [False] * 4 + [True] * 2


def test_the_last_step_is_repeated_and_more_often() -> None:
    found = taken(roster_of([member(1)]), 5)
    waits = [(after.next_at - step.next_at) for step, after in pairwise(found)]
    assert waits == [TIMES.page, TIMES.page / 2, TIMES.page / 2, TIMES.page / 2]


def test_with_rotas_whose_hour_it_is_comes_first_then_who_comes_next() -> None:
    staff = [member(1), member(2), member(3), member(4, Role.COORDINATOR)]
    roster = roster_of(staff, Duty(now=(2,), coming=(3,)))
    assert [one.id for one in roster.everybody] == [2, 3, 4, 1]
    assert [ids(step) for step in taken(roster, 3)] == [[2], [3], [4]]


def test_who_speaks_the_language_of_the_case_comes_first() -> None:
    staff = [member(1), member(2, speaks="mix"), member(3)]
    case = replace(CASE, language="mix")
    assert ids(taken(roster_of(staff), 1, case=case)[0]) == [2]
    assert ids(taken(roster_of(staff), 1)[0]) == [1]


def test_when_nobody_on_duty_speaks_it_who_does_is_called_beside_them() -> None:
    staff = [member(1), member(2, Role.COORDINATOR, speaks="mix")]
    case = replace(CASE, language="mix")
    assert sorted(ids(taken(roster_of(staff), 1, case=case)[0])) == [1, 2]


def test_a_policy_calls_whom_it_names_and_what_follows_is_no_part_of_it() -> None:
    policy = Policy(
        "Secuestro",
        (
            PolicyStep((Target(Who.ROTA, "Noche"), Target(Who.MEMBER, "4")), timedelta(minutes=2)),
            PolicyStep((Target(Who.ROLE, "admin"),)),
        ),
    )
    staff = [member(1), member(2), member(4, Role.COORDINATOR), member(5, Role.ADMIN)]
    roster = roster_of(staff, Duty(now=(1, 2), rotas={"Noche": (2,)}))
    found = taken(roster, 4, policy)
    assert [sorted(ids(step)) for step in found] == [[2, 4], [5], [1, 2], [1, 2, 4, 5]]
    assert found[0].next_at == NOW + timedelta(minutes=2)


def test_a_policy_for_the_kind_and_the_urgency_goes_before_one_for_either() -> None:
    step = (PolicyStep((Target(Who.EVERYBODY),)),)
    general = Policy("A", step, id=1)
    kind = Policy("B", step, frozenset([Kind.CAPTIVE]), id=2)
    both = Policy("C", step, frozenset([Kind.CAPTIVE]), frozenset([Urgency.LIFE]), id=3)
    found = (general, kind, both)
    assert choose(found, Kind.CAPTIVE, Urgency.LIFE) is both
    assert choose(found, Kind.CAPTIVE, Urgency.UNSORTED) is kind
    assert choose(found, Kind.DEATH, Urgency.LIFE) is general
    assert choose((kind, both), Kind.DEATH, Urgency.LIFE) is BUILT_IN


def test_what_can_wait_pages_at_opening_and_not_before() -> None:
    case = replace(CASE, urgency=Urgency.CAN_WAIT)
    roster = roster_of([member(1)])
    waits = next_step(case, BUILT_IN, roster, TIMES, NIGHT)
    assert waits == Step((), 0, OPENS)
    assert step_after_loss(case, BUILT_IN, roster, TIMES, NIGHT, ()) is None
    assert ids(next_step(case, BUILT_IN, roster, TIMES, OPENS)) == [1]


@pytest.mark.parametrize("urgency", [Urgency.LIFE, Urgency.POSSIBLE, Urgency.UNSORTED])
def test_all_else_pages_at_night(urgency: Urgency) -> None:
    case = replace(CASE, urgency=urgency)
    assert ids(next_step(case, BUILT_IN, roster_of([member(1)]), TIMES, NIGHT)) == [1]


def test_who_has_passed_it_on_is_not_paged_unless_there_is_nobody_else() -> None:
    both, alone = roster_of([member(1), member(2)]), roster_of([member(1)])
    assert ids(next_step(CASE, BUILT_IN, both, TIMES, NOW, skip=1)) == [2]
    later = replace(CASE, paged=2)
    assert ids(next_step(later, BUILT_IN, both, TIMES, NOW, skip=1)) == [2]
    assert ids(next_step(CASE, BUILT_IN, alone, TIMES, NOW, skip=1)) == [1]


def test_with_nobody_at_all_the_count_stands_still_until_somebody_comes() -> None:
    assert next_step(CASE, BUILT_IN, roster_of([]), TIMES, NOW) == Step((), 0, NOW + TIMES.page)


def test_communicators_and_auditors_are_never_paged() -> None:
    assert roster_of([member(1, Role.COMMUNICATOR), member(2, Role.AUDITOR)]).everybody == ()


def test_an_owned_or_closed_case_pages_nobody() -> None:
    roster = roster_of([member(1)])
    for state in (CaseState.ACKNOWLEDGED, CaseState.CLOSED):
        case = replace(CASE, state=state)
        assert next_step(case, BUILT_IN, roster, TIMES, NOW) is None
        assert step_after_loss(case, BUILT_IN, roster, TIMES, NOW, ()) is None


def test_who_asked_not_to_be_written_to_is_sent_no_numbers() -> None:
    assert numbers_are_due(CASE)
    assert not numbers_are_due(replace(CASE, may_write=MayWrite.NO))
    assert not numbers_are_due(replace(CASE, state=CaseState.ACKNOWLEDGED))


def all_lost(roster: Roster, policy: Policy, case: Case) -> list[int]:
    """Whom a case pages at once while every page is lost."""
    tried = list[int]()
    while step := step_after_loss(case, policy, roster, TIMES, NOW, tried):
        assert step.people
        assert step.next_at > NOW
        tried += [one.id for one in step.people]
        case = replace(case, paged=step.paged)
        assert len(tried) <= len(roster.everybody)
    return tried


@given(members, duties, policies, st.integers(0, 1000))
def test_when_every_page_is_lost_everybody_is_paged_once_and_then_the_timer_is_left(
    staff: list[Member], duty: Duty | None, policy: Policy, paged: int
) -> None:
    roster = roster_of(staff, duty)
    tried = all_lost(roster, policy, replace(CASE, paged=paged))
    assert sorted(tried) == sorted(one.id for one in roster.everybody)


@pytest.mark.parametrize(("tried", "expected"), [((1, 2), [3]), ((1,), [2]), ((1, 2, 3), None)])
def test_a_lost_page_goes_to_who_was_not_tried(
    tried: Collection[int], expected: list[int] | None
) -> None:
    roster = roster_of([member(1), member(2), member(3)])
    step = step_after_loss(replace(CASE, paged=1), BUILT_IN, roster, TIMES, NOW, tried)
    assert (None if step is None else ids(step)) == expected


def test_who_is_alone_near_and_has_passed_it_on_gives_way_to_those_further_away() -> None:
    roster = roster_of([member(1), member(2, Role.COORDINATOR)])
    only = Policy("Una", (PolicyStep((Target(Who.ON_DUTY),)),))
    assert ids(next_step(CASE, only, roster, TIMES, NOW, skip=1)) == [2]
    assert ids(next_step(replace(CASE, paged=2), BUILT_IN, roster, TIMES, NOW, skip=1)) == [2]


def test_who_declined_lately_is_on_no_rung_but_among_those_called_together() -> None:
    roster = roster_of([member(1), member(2), member(3, Role.COORDINATOR)])
    found, case, called = list[list[int]](), CASE, set[int]()
    for _ in range(4):
        step = next_step(case, BUILT_IN, roster, TIMES, NOW, declined={1}, called=called)
        assert step is not None
        found.append(ids(step))
        called.update(ids(step))
        case = replace(case, paged=step.paged)
    assert found == [[2], [3], [1, 2], [1, 2, 3]]


def test_whose_shift_begins_in_the_middle_is_called_before_the_ladder_goes_on() -> None:
    staff = [member(number) for number in (1, 2, 3, 4)] + [member(5, Role.COORDINATOR)]
    roster = roster_of(staff, Duty(now=(3, 4), coming=(1,)))
    case = replace(CASE, paged=1)
    step = next_step(case, BUILT_IN, roster, TIMES, NOW, called={1})
    assert step == Step(tuple(roster.on_duty[:1]), 1, NOW + TIMES.page)
    together = Policy("Larga", (PolicyStep((Target(Who.ON_DUTY),), timedelta(hours=9)),) * 2)
    step = next_step(case, together, roster, TIMES, NOW, called={1})
    assert step == Step(roster.on_duty, 1, NOW + TIMES.page), "nobody waits hours for a newcomer"


def test_behind_the_ladder_a_newcomer_is_called_with_all_others() -> None:
    roster = roster_of([member(1), member(2), member(3, Role.COORDINATOR)])
    case = replace(CASE, paged=BEHIND_THE_LADDER + 5)
    step = next_step(case, BUILT_IN, roster, TIMES, NOW, called={1, 3})
    assert step is not None
    assert sorted(ids(step)) == [1, 2, 3]
    assert step.next_at == NOW + TIMES.page / 2


def test_a_role_is_called_on_duty_or_not_but_not_a_second_time() -> None:
    staff = [member(1, Role.COORDINATOR), member(2, Role.COORDINATOR), member(3)]
    roster = roster_of(staff, Duty(now=(1,)))
    role = PolicyStep((Target(Who.ROLE, "coordinator"),))
    assert ids(taken(roster, 1, Policy("Una", (role,)))[0]) == [1, 2]
    duty = PolicyStep((Target(Who.ON_DUTY),))
    assert [ids(step) for step in taken(roster, 2, Policy("Dos", (duty, role)))] == [[1], [2]]


def test_a_ladder_that_grows_takes_nobody_back_from_everybody_to_one_person() -> None:
    staff = [member(number) for number in range(1, 5)] + [member(5, Role.COORDINATOR)]
    few = roster_of(staff, Duty(now=(1,)))
    last = taken(few, 4)[-1]
    assert sorted(ids(last)) == [1, 2, 3, 4, 5]
    many = roster_of(staff, Duty(now=(1, 2, 3, 4)))
    case = replace(CASE, paged=last.paged)
    step = next_step(case, BUILT_IN, many, TIMES, NOW, called=set(ids(last)))
    assert sorted(ids(step)) == [1, 2, 3, 4, 5]


def test_one_by_one_nobody_has_a_second_turn_because_somebody_came() -> None:
    staff = [member(1), member(2), member(5, Role.COORDINATOR)]
    roster = roster_of(staff, Duty(now=(1, 2)))
    case = replace(CASE, paged=2)
    # Until now the ladder was 1 and 5; then 2 came on duty, and has been called.
    step = next_step(case, BUILT_IN, roster, TIMES, NOW, called={1, 2, 5})
    assert ids(step) == [1, 2], "all near together, and not the coordinator alone again"


def test_who_was_called_for_their_language_has_no_second_turn() -> None:
    staff = [member(1), member(2), member(3, Role.COORDINATOR, speaks="mix")]
    found = taken(roster_of(staff), 3, case=replace(CASE, language="mix"))
    assert [sorted(ids(step)) for step in found] == [[1, 3], [2], [1, 2]]


def test_a_page_lost_after_a_shift_has_changed_goes_to_who_is_on_duty_now() -> None:
    staff = [member(number) for number in (1, 2, 3)] + [member(5, Role.COORDINATOR)]
    roster = roster_of(staff, Duty(now=(2, 3)))
    case = replace(CASE, paged=1)
    step = step_after_loss(case, BUILT_IN, roster, TIMES, NOW, tried={1}, called={1})
    assert ids(step) == [2]
