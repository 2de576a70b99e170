"""Cases that may be one are proposed, with the reasons for it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypedDict, Unpack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.people.likeness import Facts, Likeness, Reason, compare, ready

NOW = datetime(2026, 11, 25, 16, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=20)


class Known(TypedDict, total=False):
    """What a test says of a case."""

    reporter: bytes
    phones: frozenset[bytes]
    names: tuple[str, ...]
    others: tuple[str, ...]
    places: tuple[str, ...]
    seen_at: datetime
    words: str


def facts(number: int, **more: Unpack[Known]) -> Facts:
    # Apart in time, so that a test tells what it is about.
    opened_at = NOW - timedelta(days=10 * number)
    plain = Facts(number, f"F{number}", opened_at, f"reporter {number}".encode())
    return replace(plain, **more)


def likeness(one: Facts, two: Facts) -> Likeness:
    return compare(ready(one), ready(two))


def test_two_cases_with_nothing_in_common_are_not_proposed() -> None:
    found = likeness(facts(1, names=("Ana Cruz",)), facts(2, names=("Luis Robles",)))
    assert not found.proposed
    assert found.reasons == (Reason.OTHER_NAMES,)


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("Juan Pérez López", "JUAN PEREZ LOPEZ"),
        ("Juan Pérez López", "López Pérez, Juan"),
        ("María de la Luz Ortiz", "Maria Luz Ortiz"),
    ],
)
def test_the_same_name_is_enough_however_it_is_written(mine: str, theirs: str) -> None:
    found = likeness(facts(1, names=(mine,)), facts(2, names=(theirs,)))
    assert found.proposed
    assert found.reasons == (Reason.NAME,)


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("Juan Pérez", "Juan Peres López"),
        ("Juan Pérez López", "Juan Pérez"),
        ("Yolanda Velasco", "Llolanda Belasco"),
        ("Cristina Santiago", "Cristina Santigo"),
    ],
)
def test_a_name_written_by_ear_or_in_part_is_enough(mine: str, theirs: str) -> None:
    found = likeness(facts(1, names=(mine,)), facts(2, names=(theirs,)))
    assert found.proposed
    assert found.reasons == (Reason.LIKE_NAME,)


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [("Juan", "Juan Pérez"), ("Juan", "Juan"), ("Juan Cruz", "Juan Robles"), ("Chuy", "chuy")],
)
def test_a_first_name_alone_is_not_enough(mine: str, theirs: str) -> None:
    assert not likeness(facts(1, names=(mine,)), facts(2, names=(theirs,))).proposed


def test_a_nickname_and_the_place_are_enough_together() -> None:
    one = facts(1, names=("El Güero Mixe",), places=("Nogales",))
    two = facts(2, names=("güero mixe el",), places=("Nogales, Sonora",))
    assert likeness(one, two).proposed
    one, two = (facts(number, names=("Chuy",), places=("Nogales",)) for number in (1, 2))
    assert likeness(one, two).reasons == (Reason.NICKNAME, Reason.PLACE)
    assert likeness(one, two).proposed


def test_the_same_phone_or_the_same_reporter_is_enough() -> None:
    shared = frozenset({b"print"})
    assert likeness(facts(1, phones=shared), facts(2, phones=shared)).proposed
    assert likeness(facts(1, reporter=b"r"), facts(2, reporter=b"r")).proposed


def test_who_is_sought_in_one_case_may_be_who_calls_in_the_other() -> None:
    found = likeness(facts(1, names=("Ana Cruz Ortiz",)), facts(2, others=("Ana Cruz Ortiz",)))
    assert found.reasons == (Reason.NAME,)


def test_two_relatives_of_one_name_are_no_reason() -> None:
    assert not likeness(facts(1, others=("Ana Cruz",)), facts(2, others=("Ana Cruz",))).reasons


@pytest.mark.parametrize(
    "words",
    [
        "mi hijo Juan Pérez López no llega a Nogales",
        "se llama juan, es de apellido Lopez Perez",
        "busco a Juan Peres Lopez",
    ],
)
def test_a_report_that_names_the_person_is_enough(words: str) -> None:
    one, two = facts(1, names=("Juan Pérez López",)), facts(2, words=words)
    assert likeness(one, two).reasons == (Reason.NAMED,)
    assert likeness(two, one).proposed


def test_a_report_with_a_part_of_the_name_is_none() -> None:
    one = facts(1, names=("Juan Pérez López",))
    assert not likeness(one, facts(2, words="mi hijo Juan no llega")).reasons


def test_place_and_time_are_enough_together_but_not_against_the_names() -> None:
    one = facts(1, places=("Nogales",), seen_at=NOW)
    two = facts(2, places=("nogales, sonora",), seen_at=NOW + timedelta(hours=30))
    assert likeness(one, two).reasons == (Reason.PLACE, Reason.TIME)
    assert likeness(one, two).proposed
    assert not likeness(one, replace(two, seen_at=LONG_AGO)).proposed
    named = replace(one, names=("Ana Cruz",)), replace(two, names=("Luis Robles",))
    assert not likeness(*named).proposed


names = st.lists(
    st.lists(
        st.sampled_from(["Ana", "Juan", "Cruz", "Pérez", "Peres", "López", "de", "Güero", "…", ""]),
        max_size=4,
    ).map(" ".join),
    max_size=3,
).map(tuple)
moments = st.integers(0, 400).map(lambda hours: NOW - timedelta(hours=hours))
some_facts = st.builds(
    Facts,
    st.just(1),
    st.just("F1"),
    moments,
    st.sampled_from([b"a", b"b"]),
    st.frozensets(st.sampled_from([b"p", b"q"])),
    names,
    names,
    names,
    st.none() | moments,
    st.text(max_size=60) | names.map(" ".join),
)


@given(some_facts, some_facts)
def test_likeness_is_the_same_both_ways_round(one: Facts, two: Facts) -> None:
    assert likeness(one, two).score == likeness(two, one).score
    assert likeness(one, two).reasons == likeness(two, one).reasons


@given(some_facts)
def test_a_case_is_always_like_itself(one: Facts) -> None:
    found = likeness(one, one)
    assert found.proposed
    assert Reason.OTHER_NAMES not in found.reasons


@given(some_facts, some_facts, some_facts)
def test_more_that_is_known_of_phones_never_hides_a_likeness(
    one: Facts, two: Facts, more: Facts
) -> None:
    before = likeness(one, two)
    richer = replace(one, phones=one.phones | more.phones)
    assert likeness(richer, two).score >= before.score
