"""What a failed attempt means for its row."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from delivery.content import Content
from delivery.judging import (
    BULK_ATTEMPTS,
    REPEATS,
    STALE_AFTER,
    Roads,
    after_unknowns,
    around,
    judge,
)
from delivery.model import Claimed, Failure, Lane, SendError, State, Way
from kit.channels import Channel, Endpoint

NOW = datetime(2026, 11, 25, 16, tzinfo=UTC)
PHONE = Endpoint(Channel.SMS, "+12135550101")
CHAT = Endpoint(Channel.TELEGRAM, "900101")
BOTH = Roads({"sms": Channel.SMS, "telegram": Channel.TELEGRAM}, {})
ALL = Roads({**BOTH.ordinary, "sms-2": Channel.SMS}, {"sms-urgent": Channel.SMS})
ROW = Claimed(
    id=1,
    lane=Lane.REPLY,
    sender="sms",
    to=PHONE,
    content=Content(chat="Buenos días", sms="Buenos dias"),
    attempts=0,
    created_at=NOW,
    due_at=NOW,
    position=0,
    endpoints=(PHONE, CHAT),
    contact_id=None,
    address_id=None,
    run_id=None,
)
BULK = replace(ROW, lane=Lane.BULK, endpoints=(PHONE,), run_id=1)
LATER = SendError(Failure.TRY_LATER, "503")
LOST = SendError(Failure.UNKNOWN_OUTCOME, "timeout")
DEAD = SendError(Failure.ADDRESS_DEAD, "30006")


def test_what_fails_for_good_goes_to_the_next_endpoint_that_has_a_sender() -> None:
    outcome = judge(ROW, DEAD, NOW, BOTH)
    assert (outcome.state, outcome.moves) == (State.PENDING, Way("telegram", 1))
    alone = judge(ROW, DEAD, NOW, Roads({"sms": Channel.SMS}, {}))
    assert (alone.state, alone.reason) == (State.FAILED, Failure.ADDRESS_DEAD)


@pytest.mark.parametrize("error", [LATER, LOST])
def test_a_reply_goes_again_for_a_day(error: SendError) -> None:
    outcome = judge(ROW, error, NOW, BOTH)
    assert (outcome.state, outcome.counts) == (State.PENDING, True)
    assert judge(ROW, error, NOW + STALE_AFTER, BOTH).state is State.FAILED


def test_being_told_to_wait_burns_no_attempt_and_never_ends() -> None:
    told = SendError(Failure.SENDER_THROTTLED, "429", timedelta(seconds=90))
    outcome = judge(BULK, told, NOW + timedelta(days=3), BOTH)
    assert (outcome.state, outcome.counts) == (State.PENDING, False)
    assert outcome.due_at == NOW + timedelta(days=3, seconds=90)


def test_a_row_of_a_run_ends_by_its_attempts_and_not_by_its_age() -> None:
    late = NOW + timedelta(days=5)
    assert judge(BULK, LATER, late, BOTH).state is State.PENDING
    last = replace(BULK, attempts=BULK_ATTEMPTS - 1)
    assert judge(last, LATER, late, BOTH).state is State.FAILED


def test_bulk_of_which_nobody_knows_is_never_sent_again() -> None:
    assert judge(BULK, LOST, NOW, BOTH).state is State.UNCERTAIN


def test_after_repeating_a_reply_twice_a_person_decides() -> None:
    outcome = judge(ROW, LOST, NOW, BOTH)
    assert after_unknowns(outcome, REPEATS - 1).state is State.PENDING
    at_last = after_unknowns(outcome, REPEATS)
    assert (at_last.state, at_last.due_at) == (State.UNCERTAIN, None)
    known = judge(ROW, LATER, NOW, BOTH)
    assert after_unknowns(known, REPEATS) == known


def test_a_page_that_is_told_to_wait_stays_due_so_that_it_finds_another_way() -> None:
    told = SendError(Failure.SENDER_THROTTLED, "429", timedelta(seconds=10_072))
    outcome = judge(replace(ROW, lane=Lane.URGENT), told, NOW, BOTH)
    assert (outcome.state, outcome.due_at, outcome.counts) == (State.PENDING, None, False)
    assert outcome.throttled_until == NOW + timedelta(seconds=10_072)


def test_who_stopped_one_number_is_written_to_from_the_urgent_one_and_then_elsewhere() -> None:
    stopped = SendError(Failure.CONTACT_STOPPED, "21610")
    assert judge(ROW, stopped, NOW, ALL).moves == Way("sms-urgent")
    from_urgent = replace(ROW, sender="sms-urgent")
    assert judge(from_urgent, stopped, NOW, ALL).moves == Way("telegram", 1)
    assert judge(replace(BULK, sender="sms"), stopped, NOW, ALL).state is State.FAILED


def test_around_a_sender_that_is_shut_leads_another_number_and_then_another_endpoint() -> None:
    page = replace(ROW, lane=Lane.URGENT)
    assert around(page, ALL, {"sms"}) == Way("sms-2")
    assert around(page, ALL, {"sms", "sms-2"}) == Way("sms-urgent")
    assert around(page, ALL, {"sms", "sms-2", "sms-urgent"}) == Way("telegram", 1)
    assert around(page, ALL, {"sms", "sms-2", "sms-urgent", "telegram"}) is None
    assert around(replace(BULK, endpoints=(PHONE,)), ALL, {"sms", "sms-2"}) is None


def test_what_is_wrong_with_the_sender_is_no_fault_of_a_row_of_a_run() -> None:
    broken = SendError(Failure.SENDER_BROKEN, "20003")
    last = replace(BULK, attempts=BULK_ATTEMPTS - 1)
    outcome = judge(last, broken, NOW, BOTH)
    assert (outcome.state, outcome.counts) == (State.PENDING, False)


def test_a_row_that_would_be_stale_at_its_next_try_has_failed() -> None:
    soon = replace(BULK, stale_at=NOW + timedelta(seconds=0.9))
    assert judge(soon, LATER, NOW, BOTH).state is State.FAILED
    assert judge(soon, LATER, NOW, BOTH, 0.0).state is State.PENDING


def test_what_failed_together_does_not_come_back_together() -> None:
    waits = {judge(BULK, LATER, NOW, BOTH, chance / 10).due_at for chance in range(10)}
    assert len(waits) == 10
    assert all(
        wait and timedelta(seconds=0.5) <= wait - NOW <= timedelta(seconds=1) for wait in waits
    )
