"""What a failed attempt means for its row."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from delivery.content import Content
from delivery.judging import BULK_ATTEMPTS, REPEATS, STALE_AFTER, after_unknowns, judge
from delivery.model import Claimed, Failure, Lane, SendError, State
from kit.channels import Channel, Endpoint

NOW = datetime(2026, 11, 25, 16, tzinfo=UTC)
PHONE = Endpoint(Channel.SMS, "+12135550101")
CHAT = Endpoint(Channel.TELEGRAM, "900101")
BOTH = (Channel.SMS, Channel.TELEGRAM)
ROW = Claimed(
    id=1,
    lane=Lane.REPLY,
    to=PHONE,
    content=Content(chat="Buenos días", sms="Buenos dias"),
    attempts=0,
    created_at=NOW,
    position=0,
    endpoints=(PHONE, CHAT),
    contact_id=None,
    run_id=None,
)
BULK = replace(ROW, lane=Lane.BULK, endpoints=(PHONE,), run_id=1)
LATER = SendError(Failure.TRY_LATER, "503")
LOST = SendError(Failure.UNKNOWN_OUTCOME, "timeout")
DEAD = SendError(Failure.ADDRESS_DEAD, "30006")


def test_what_fails_for_good_goes_to_the_next_endpoint_that_has_a_sender() -> None:
    outcome = judge(ROW, DEAD, NOW, BOTH)
    assert (outcome.state, outcome.next_position) == (State.PENDING, 1)
    alone = judge(ROW, DEAD, NOW, (Channel.SMS,))
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
