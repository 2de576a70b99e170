"""What a member of the staff may do, speaks, and is reached by."""

from datetime import UTC, datetime, timedelta

import pytest

from kit.channels import Channel, Endpoint
from staff.model import Member, Method, Right, Role

CHAT = Endpoint(Channel.TELEGRAM, "900001")
SMS = Endpoint(Channel.SMS, "+12135550101")
VOICE = Endpoint(Channel.VOICE, "+12135550101")


def who_speaks(*languages: str) -> Member:
    return Member(1, Role.DUTY, True, "Luz", "", "", languages=languages)


@pytest.mark.parametrize(
    ("spoken", "wanted", "fits"),
    [
        (("es",), "es", True),
        (("es",), "mixteco", False),
        (("es", "mixteco"), "mixteco", True),
        (("mixteco",), "mix", True),
        (("mix",), "mixteco", True),
        (("mix",), "mim", False),
        (("mixteco",), "zapoteco", False),
        (("mixteco",), "es", False),
        (("es", "en"), "mix", False),
        (("es",), "no such code", False),
        ((), "es", False),
    ],
)
def test_a_family_and_its_variants_fit_each_other_and_nothing_else_does(
    spoken: tuple[str, ...], wanted: str, fits: bool
) -> None:
    assert who_speaks(*spoken).speaks(wanted) is fits


def test_calls_are_no_way_to_read() -> None:
    member = Member(1, Role.DUTY, True, "Luz", "", "", (Method(VOICE), Method(SMS), Method(CHAT)))
    assert member.endpoints == (VOICE, SMS, CHAT)
    assert member.written == (SMS, CHAT)


def test_one_answer_on_any_way_is_enough_to_be_confirmed() -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    ways = (Method(CHAT), Method(SMS, timedelta(minutes=1)))
    assert not Member(1, Role.DUTY, True, "Luz", "", "", ways).confirmed
    assert Member(
        1, Role.DUTY, True, "Luz", "", "", (*ways, Method(VOICE, confirmed_at=now))
    ).confirmed


def test_planning_and_supervising_are_for_coordinators_and_admins() -> None:
    for right in (Right.PLAN_DUTY, Right.SUPERVISE_CASES):
        may = {role for role in Role if Member(1, role, True, "Luz", "", "").may(right)}
        assert may == {Role.ADMIN, Role.COORDINATOR}


@pytest.mark.parametrize(
    ("role", "writes", "approves"),
    [
        (Role.ADMIN, True, True),
        (Role.COORDINATOR, True, True),
        (Role.COMMUNICATOR, True, False),
        (Role.DUTY, False, False),
        (Role.AUDITOR, False, False),
    ],
)
def test_the_bots_own_words_are_approved_by_coordination_alone(
    role: Role, writes: bool, approves: bool
) -> None:
    member = Member(1, role, True, "Luz", "", "")
    assert member.may(Right.WRITE_TEXTS) is writes
    assert member.may(Right.APPROVE_TEXTS) is approves


def test_who_has_left_may_do_nothing() -> None:
    assert not any(Member(1, Role.ADMIN, False, "Luz", "", "").may(right) for right in Right)


def test_nothing_that_names_somebody_shows_in_a_log() -> None:
    member = Member(1, Role.DUTY, True, "Luz", "Ana Cruz", "ana@example.org", (Method(SMS),))
    assert not any(secret in repr(member) for secret in ("Ana", "example", "5550101"))
