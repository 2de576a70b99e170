"""No relative is told of somebody who has not agreed to it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.model import Case, CaseState, Kind, MayWrite, Minor, Outcome, Urgency
from alerts.people.disclosure import MAY, Why, may_tell_relatives
from alerts.people.model import Answer, Check, Details, Disclosure, Person, PersonRole
from kit.channels import Channel, Endpoint

NOW = datetime(2026, 11, 25, 16, tzinfo=UTC)
HOUR = timedelta(hours=1)
ADULT = Case(
    id=1,
    folio="23456X",
    state=CaseState.ACKNOWLEDGED,
    kind=Kind.MISSING,
    urgency=Urgency.UNSORTED,
    reporter=Endpoint(Channel.SMS, "+12135550121"),
    language="es",
    may_write=MayWrite.YES,
    word="NARANJA",
    opened_at=NOW,
    minor=Minor.NO,
)
CHILD = replace(ADULT, minor=Minor.YES)
FOUND, MOTHER, UNCLE, REPORTER = 1, 2, 3, 4


def person(number: int, role: PersonRole, check: Check | None = None) -> Person:
    return Person(number, 1, Details(role, name="Persona"), check=check)


def found(*answers: Disclosure) -> Person:
    return replace(person(FOUND, PersonRole.CONCERNED), disclosures=answers)


def said(
    answer: Answer, to: int | None, after: timedelta = timedelta(), other: str = ""
) -> Disclosure:
    return Disclosure(answer, NOW + after, to, other)


def people(concerned: Person, **checks: Check) -> list[Person]:
    return [
        concerned,
        person(MOTHER, PersonRole.RELATIVE, checks.get("mother")),
        person(UNCLE, PersonRole.RELATIVE),
        person(REPORTER, PersonRole.REPORTER),
    ]


def passed(after: timedelta = timedelta()) -> Check:
    return Check(True, NOW + after, 9)


def test_an_adult_who_was_not_asked_is_told_of_to_nobody() -> None:
    verdict = may_tell_relatives(ADULT, found(), people(found()))
    assert verdict.tellable == frozenset()
    assert verdict.why(MOTHER) is Why.NOT_ASKED


def test_a_yes_is_for_the_one_person_it_names() -> None:
    concerned = found(said(Answer.YES, MOTHER))
    verdict = may_tell_relatives(ADULT, concerned, people(concerned))
    assert verdict.tellable == {MOTHER}
    assert verdict.why(UNCLE) is Why.NOT_ASKED


def test_a_yes_that_names_nobody_or_an_office_opens_nothing() -> None:
    concerned = found(said(Answer.YES, None), said(Answer.YES, None, other="Consulado"))
    assert may_tell_relatives(ADULT, concerned, people(concerned)).tellable == frozenset()


def test_a_no_to_an_office_closes_nothing() -> None:
    concerned = found(said(Answer.YES, MOTHER), said(Answer.NO, None, HOUR, "Consulado"))
    assert may_tell_relatives(ADULT, concerned, people(concerned)).tellable == {MOTHER}


def test_the_newest_answer_holds() -> None:
    concerned = found(said(Answer.NO, MOTHER), said(Answer.YES, MOTHER, HOUR))
    assert may_tell_relatives(ADULT, concerned, people(concerned)).allows(MOTHER)
    concerned = found(said(Answer.YES, MOTHER, HOUR), said(Answer.NO, MOTHER))
    assert may_tell_relatives(ADULT, concerned, people(concerned)).allows(MOTHER)
    concerned = found(said(Answer.YES, MOTHER), said(Answer.NO, None, HOUR))
    assert may_tell_relatives(ADULT, concerned, people(concerned)).why(MOTHER) is Why.SAID_NO


def test_who_wants_no_contact_is_told_of_to_nobody_whatever_was_said() -> None:
    concerned = found(said(Answer.YES, MOTHER))
    verdict = may_tell_relatives(
        ADULT, concerned, people(concerned, mother=passed()), Outcome.LOCATED_NO_CONTACT
    )
    assert verdict.tellable == frozenset()
    assert verdict.why(MOTHER) is Why.WANTS_NO_CONTACT


def test_of_a_minor_only_a_relative_whom_a_supervisor_has_checked_is_told() -> None:
    concerned = found(said(Answer.YES, UNCLE))
    verdict = may_tell_relatives(CHILD, concerned, people(concerned, mother=passed()))
    assert verdict.tellable == {MOTHER}
    assert verdict.why(UNCLE) is Why.NOT_CHECKED


def test_a_check_that_failed_lets_nobody_be_told() -> None:
    failed = Check(False, NOW, 9)
    verdict = may_tell_relatives(CHILD, found(), people(found(), mother=failed))
    assert verdict.why(MOTHER) is Why.CHECK_FAILED


def test_what_a_minor_refuses_after_the_check_must_be_checked_again() -> None:
    concerned = found(said(Answer.NO, MOTHER, HOUR))
    assert not may_tell_relatives(CHILD, concerned, people(concerned, mother=passed())).tellable
    later = people(concerned, mother=passed(2 * HOUR))
    assert may_tell_relatives(CHILD, concerned, later).tellable == {MOTHER}


def test_while_the_age_is_unknown_nobody_is_told() -> None:
    concerned = found(said(Answer.YES, MOTHER))
    case = replace(ADULT, minor=Minor.UNKNOWN)
    verdict = may_tell_relatives(case, concerned, people(concerned, mother=passed()))
    assert verdict.why(MOTHER) is Why.AGE_UNKNOWN


def test_of_the_dead_a_checked_relative_is_told_unless_they_had_refused() -> None:
    case = replace(ADULT, kind=Kind.DEATH)
    checked = people(found(), mother=passed())
    assert may_tell_relatives(case, found(), checked).tellable == {MOTHER}
    refused = found(said(Answer.NO, MOTHER))
    assert not may_tell_relatives(case, refused, people(refused, mother=passed())).tellable


@pytest.mark.parametrize("case", [ADULT, CHILD])
def test_who_is_not_in_the_case_is_never_told(case: Case) -> None:
    assert not may_tell_relatives(case, found(), people(found())).allows(99)


answers = st.lists(
    st.builds(
        Disclosure,
        st.sampled_from(Answer),
        st.integers(0, 5).map(lambda hours: NOW + hours * HOUR),
        st.sampled_from([None, MOTHER, UNCLE]),
        st.sampled_from(["", "Consulado"]),
    ),
    max_size=6,
)
checks = st.none() | st.builds(
    Check, st.booleans(), st.integers(0, 5).map(lambda hours: NOW + hours * HOUR), st.just(9)
)


@given(
    answers,
    checks,
    st.sampled_from(Minor),
    st.sampled_from(Kind),
    st.none() | st.sampled_from(Outcome),
)
def test_nobody_is_ever_told_without_a_yes_that_names_them_or_a_check_that_passed(
    given_answers: list[Disclosure],
    check: Check | None,
    minor: Minor,
    kind: Kind,
    outcome: Outcome | None,
) -> None:
    concerned = found(*given_answers)
    held = people(concerned) if check is None else people(concerned, mother=check)
    case = replace(ADULT, minor=minor, kind=kind)
    for who, why in may_tell_relatives(case, concerned, held, outcome).reasons:
        yes = any(one.to_id == who and one.answer is Answer.YES for one in given_answers)
        checked = who == MOTHER and check is not None and check.allowed
        if why in MAY:
            assert outcome is not Outcome.LOCATED_NO_CONTACT
            assert checked if minor is Minor.YES else yes or (checked and kind is Kind.DEATH)
