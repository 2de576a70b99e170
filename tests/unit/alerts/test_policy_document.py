"""A policy as people write it: what is read, and what nobody may slip in."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.model import Kind, Urgency
from alerts.policy import Policy, PolicyStep, Target, Who
from alerts.policy_document import (
    LONGEST_NAME,
    MOST_MINUTES,
    MOST_STEPS,
    MOST_TARGETS,
    document_of,
    read_policy,
)
from kit.errors import Invalid
from staff.model import Role

STEP = {"call": ["on_duty"]}
SHORT: dict[str, object] = {"name": "Corta", "steps": [STEP]}
FULL: dict[str, object] = {
    "name": " Secuestro de noche ",
    "kinds": ["captive", "extortion"],
    "urgencies": ["life"],
    "lease_minutes": 10,
    "renewal_minutes": 60.5,
    "steps": [
        {"call": ["on_duty"], "one_by_one": True, "wait_minutes": 3},
        {"call": ["rota:Psicología: noche", "role: coordinator", "member:7", "next"]},
        {"call": ["everybody"], "wait_minutes": 0.5},
    ],
}
READ = Policy(
    "Secuestro de noche",
    (
        PolicyStep((Target(Who.ON_DUTY),), timedelta(minutes=3), one_by_one=True),
        PolicyStep(
            (
                Target(Who.ROTA, "Psicología: noche"),
                Target(Who.ROLE, "coordinator"),
                Target(Who.MEMBER, "7"),
                Target(Who.NEXT),
            )
        ),
        PolicyStep((Target(Who.EVERYBODY),), timedelta(seconds=30)),
    ),
    frozenset({Kind.CAPTIVE, Kind.EXTORTION}),
    frozenset({Urgency.LIFE}),
    timedelta(minutes=10),
    timedelta(minutes=60, seconds=30),
)


def with_step(**step: object) -> dict[str, object]:
    return {**SHORT, "steps": [STEP, {**STEP, **step}]}


def place_of(raw: object) -> str:
    """Where a document is wrong, as it is told."""
    with pytest.raises(Invalid) as refused:
        read_policy(raw)
    return str(refused.value.params["place"])


def test_a_document_says_who_is_called_for_what_and_how_long_an_owner_has() -> None:
    assert read_policy(FULL) == READ


def test_what_is_left_out_is_the_usual() -> None:
    found = read_policy(SHORT)
    assert found == Policy("Corta", (PolicyStep((Target(Who.ON_DUTY),)),))
    assert found.fits(Kind.DEATH, Urgency.CAN_WAIT)


@pytest.mark.parametrize(
    "raw", [None, True, 3, 2.5, "", "name: x", b"x", [], [SHORT], (), object()]
)
def test_what_is_no_table_is_no_policy(raw: object) -> None:
    assert place_of(raw) == "policy"


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        ({}, "name"),
        ({"steps": [STEP]}, "name"),
        ({**SHORT, "name": "  "}, "name"),
        ({**SHORT, "name": 7}, "name"),
        ({**SHORT, "name": ["Corta"]}, "name"),
        ({**SHORT, "name": "x" * (LONGEST_NAME + 1)}, "name"),
        ({"name": "Corta"}, "steps"),
        ({**SHORT, "steps": []}, "steps"),
        ({**SHORT, "steps": None}, "steps"),
        ({**SHORT, "steps": "on_duty"}, "steps"),
        ({**SHORT, "steps": {"1": STEP}}, "steps"),
        ({**SHORT, "steps": [STEP] * (MOST_STEPS + 1)}, "steps"),
        ({**SHORT, "steps": [STEP] * 100_000}, "steps"),
        ({**SHORT, "steps": [[STEP]]}, "steps[1]"),
        ({**SHORT, "kinds": "captive"}, "kinds"),
        ({**SHORT, "kinds": ["kidnapped"]}, "kinds"),
        ({**SHORT, "kinds": [["captive"]]}, "kinds"),
        ({**SHORT, "kinds": ["death"] * 21}, "kinds"),
        ({**SHORT, "urgencies": [True]}, "urgencies"),
        ({**SHORT, "urgencies": {"life": 1}}, "urgencies"),
        ({**SHORT, "lease_minutes": 0}, "lease_minutes"),
        ({**SHORT, "lease_minutes": None}, "lease_minutes"),
        ({**SHORT, "renewal_minutes": MOST_MINUTES + 1}, "renewal_minutes"),
        ({**SHORT, "owner": "Luz"}, "policy"),
        ({3: "three", "steps": [STEP]}, "policy"),
    ],
)
def test_the_error_names_the_place(raw: object, place: str) -> None:
    assert place_of(raw) == place


@pytest.mark.parametrize(
    ("step", "place"),
    [
        ({"call": []}, "steps[2].call"),
        ({"call": None}, "steps[2].call"),
        ({"call": "on_duty"}, "steps[2].call"),
        ({"call": ["on_duty"] * (MOST_TARGETS + 1)}, "steps[2].call"),
        ({"call": ["nobody"]}, "steps[2].call"),
        ({"call": [["on_duty"]]}, "steps[2].call"),
        ({"call": [{"rota": "Noche"}]}, "steps[2].call"),
        ({"call": ["on_duty:7"]}, "steps[2].call"),
        ({"call": ["rota"]}, "steps[2].call"),
        ({"call": ["rota: "]}, "steps[2].call"),
        ({"call": ["role:boss"]}, "steps[2].call"),
        ({"call": ["member:Luz"]}, "steps[2].call"),
        ({"call": ["member:-7"]}, "steps[2].call"),
        ({"call": ["member:٧"]}, "steps[2].call"),
        ({"one_by_one": "true"}, "steps[2].one_by_one"),
        ({"one_by_one": 1}, "steps[2].one_by_one"),
        ({"wait_minutes": 0}, "steps[2].wait_minutes"),
        ({"wait_minutes": -5}, "steps[2].wait_minutes"),
        ({"wait_minutes": "5"}, "steps[2].wait_minutes"),
        ({"wait_minutes": True}, "steps[2].wait_minutes"),
        ({"wait_minutes": [5]}, "steps[2].wait_minutes"),
        ({"wait_minutes": float("nan")}, "steps[2].wait_minutes"),
        ({"wait_minutes": float("inf")}, "steps[2].wait_minutes"),
        ({"wait_minutes": 10**400}, "steps[2].wait_minutes"),
        ({"wait_minutes": 16**5000}, "steps[2].wait_minutes"),
        ({"message": "hola"}, "steps[2]"),
    ],
)
def test_a_wrong_step_is_named_by_its_number(step: dict[str, object], place: str) -> None:
    assert place_of(with_step(**step)) == place


@pytest.mark.parametrize("sign", ["\0", "\ud800", "\x1b", "\n"])
def test_a_name_that_a_database_or_a_screen_chokes_on_is_refused(sign: str) -> None:
    assert place_of({**SHORT, "name": f"De{sign}noche"}) == "name"
    assert place_of(with_step(call=[f"rota:De{sign}noche"])) == "steps[2].call"


def test_a_wait_so_short_that_it_is_none_is_refused() -> None:
    assert place_of(with_step(wait_minutes=1e-12)) == "steps[2].wait_minutes"
    assert place_of({**SHORT, "lease_minutes": 1e-300}) == "lease_minutes"


def test_a_document_that_holds_itself_is_refused_and_ends() -> None:
    endless: list[object] = []
    endless.append(endless)
    assert place_of(endless) == "policy"
    assert place_of({**SHORT, "kinds": endless}) == "kinds"
    assert place_of({**SHORT, "steps": endless}) == "steps[1]"
    assert place_of(with_step(call=endless)) == "steps[2].call"


_names = st.text(st.characters(codec="utf-8", categories=("L", "N", "P")), min_size=1, max_size=40)
_targets = st.one_of(
    st.sampled_from([Who.ON_DUTY, Who.NEXT, Who.EVERYBODY]).map(Target),
    _names.map(lambda name: Target(Who.ROTA, name)),
    st.sampled_from(list(Role)).map(lambda role: Target(Who.ROLE, str(role))),
    st.integers(1, 10**9).map(lambda number: Target(Who.MEMBER, str(number))),
)
_waits = st.integers(1, MOST_MINUTES * 60).map(lambda seconds: timedelta(seconds=seconds))
_policies = st.builds(
    Policy,
    _names,
    st.lists(
        st.builds(
            PolicyStep,
            st.lists(_targets, min_size=1, max_size=4).map(tuple),
            st.none() | _waits,
            one_by_one=st.booleans(),
        ),
        min_size=1,
        max_size=5,
    ).map(tuple),
    st.frozensets(st.sampled_from(list(Kind))),
    st.frozensets(st.sampled_from(list(Urgency))),
    _waits,
    _waits,
)


@given(_policies)
def test_what_is_kept_is_read_back_the_same(policy: Policy) -> None:
    assert read_policy(json.loads(json.dumps(document_of(policy)))) == policy


_junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["on_duty", "rota:", "role:duty", "member:1", "life", "death"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["call", "one_by_one", "wait_minutes", "name", "steps", "x"]), inner
    ),
    max_leaves=8,
)  # fmt: skip


@given(_junk)
def test_anything_at_all_is_a_policy_or_is_refused(raw: object) -> None:
    _read_or_refused(raw)


@given(
    st.dictionaries(
        st.sampled_from(sorted([*FULL, "owner"])), _junk | st.sampled_from(list(FULL.values()))
    ),
    _junk,
)
def test_a_document_with_anything_in_a_field_is_a_policy_or_is_refused(
    given_: dict[str, object], step: object
) -> None:
    _read_or_refused({**FULL, **given_})
    _read_or_refused({**SHORT, "steps": [step]})


def _read_or_refused(raw: object) -> None:
    found = _outcome(raw)
    if isinstance(found, Invalid):
        assert found.params["place"]
        assert found.params["expected"]
        return
    assert read_policy(document_of(found)) == found
    assert found.steps
    assert all(step.targets for step in found.steps)
    assert found.lease > timedelta()
    assert found.renewal > timedelta()


def _outcome(raw: object) -> Policy | Invalid:
    try:
        return read_policy(raw)
    except Invalid as refused:
        return refused
