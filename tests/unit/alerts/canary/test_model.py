"""When a canary flies, what it says, and what people are told."""

from datetime import UTC, datetime, timedelta

import pytest

from alerts.canary.model import (
    AGAIN,
    LIMIT,
    RETRY,
    STEADY,
    Canary,
    Notice,
    Plan,
    SmsRound,
    Verdict,
    Word,
    call_words,
    follow,
    is_due,
    page_words,
    read_words,
)
from kit.channels import Channel, Endpoint

NOW = datetime(2026, 11, 25, 16, tzinfo=UTC)
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
LONG_AGO = NOW - 100 * HOUR
TOKEN = "0123456789ABCDEF01234567"
OURS, URGENT = "+12135550100", "+12135550199"


def flown(ago: timedelta, *, done: bool = False) -> Canary:
    """A canary that left some time ago."""
    left = NOW - ago
    return Canary(1, Channel.SMS, left, done_at=left + SECOND if done else None)


@pytest.mark.parametrize(
    ("canary", "since", "verdict"),
    [
        (flown(SECOND), LONG_AGO, Verdict.FLIES),
        (flown(LIMIT - SECOND), LONG_AGO, Verdict.FLIES),
        (flown(LIMIT), LONG_AGO, Verdict.MISSING),
        (flown(9 * HOUR, done=True), LONG_AGO, Verdict.WORKS),
        (flown(LIMIT), NOW - MINUTE, Verdict.UNSEEN),
        (flown(9 * HOUR, done=True), NOW, Verdict.WORKS),
    ],
)
def test_a_canary_is_missing_after_three_minutes_that_were_watched(
    canary: Canary, since: datetime, verdict: Verdict
) -> None:
    assert canary.verdict(since, NOW) is verdict


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (None, True),
        (flown(59 * MINUTE, done=True), False),
        (flown(60 * MINUTE, done=True), True),
        (flown(MINUTE), False),
        (flown(RETRY - SECOND), False),
        (flown(RETRY), True),
        # The clock was stepped back since.
        (flown(-HOUR, done=True), True),
    ],
)
def test_a_channel_is_tried_every_hour_and_sooner_while_it_is_silent(
    last: Canary | None, due: bool
) -> None:
    assert is_due(last, HOUR, LONG_AGO, NOW) is due


def test_a_silent_channel_is_tried_no_later_than_one_that_works() -> None:
    assert is_due(flown(5 * MINUTE), 5 * MINUTE, LONG_AGO, NOW)


def test_after_a_gap_in_the_watch_the_next_one_flies_at_once() -> None:
    assert is_due(flown(2 * MINUTE), HOUR, NOW - MINUTE, NOW)


@pytest.mark.parametrize(
    ("text", "is_page"),
    [
        (call_words(TOKEN), False),
        (page_words(TOKEN), True),
        (f" canario {TOKEN.lower()} ", False),
        (f"Canario a {TOKEN}", True),
    ],
)
def test_the_robots_words_are_read(text: str, is_page: bool) -> None:
    words = read_words(text)
    assert words is not None
    assert (words.token, words.is_page) == (TOKEN, is_page)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "CANARIO",
        "SOS",
        "CANARIO A",
        f"CANARIO {TOKEN[:-1]}",
        f"CANARIO {TOKEN}0",
        f"CANARIO B {TOKEN}",
        f"SOS CANARIO {TOKEN}",
        f"CANARIO {TOKEN} ayuda por favor",
        "el canario de mi mamá",
    ],
)
def test_words_of_people_are_never_taken_for_a_robots(text: str) -> None:
    assert read_words(text) is None


def test_no_canary_prints_its_token_or_a_number() -> None:
    shown = f"{read_words(call_words(TOKEN))} {SmsRound(OURS, URGENT)}"
    assert TOKEN not in shown
    assert OURS not in shown
    assert URGENT not in shown


@pytest.mark.parametrize(
    ("way", "to", "comes_from"),
    [
        (SmsRound(OURS, URGENT, "sms-urgent"), OURS, URGENT),
        # A number of ours that no sender has can only be written to.
        (SmsRound(OURS, URGENT), URGENT, OURS),
        # A messaging service chooses its number by itself.
        (SmsRound(None, URGENT), URGENT, None),
    ],
)
def test_the_page_goes_back_to_the_number_that_called_where_that_can_be(
    way: SmsRound, to: str, comes_from: str | None
) -> None:
    assert (way.page_to, way.page_from) == (to, comes_from)


def test_only_channels_that_were_asked_for_are_watched() -> None:
    chat, way = Endpoint(Channel.TELEGRAM, "1"), SmsRound(OURS, URGENT)
    assert Plan(HOUR, way, chat).channels == (Channel.SMS, Channel.TELEGRAM)
    assert Plan(HOUR, None, chat).channels == (Channel.TELEGRAM,)
    assert Plan(None, way, chat).channels == ()


def told(
    notice: Notice | None, at: datetime, *, bad: bool, steady: timedelta = STEADY
) -> tuple[Notice | None, Word | None]:
    return follow(notice, bad=bad, since=NOW, now=at, steady=steady)


def test_trouble_is_told_at_once_then_every_hour_while_it_lasts() -> None:
    notice, word = told(None, NOW, bad=True)
    words = [word]
    for minutes in range(1, 181):
        notice, word = told(notice, NOW + minutes * MINUTE, bad=True)
        words.append(word)
    assert [at for at, one in enumerate(words) if one is Word.ALARM] == [0, 60, 120, 180]
    assert notice is not None
    assert notice.since == NOW


def test_the_end_is_told_once_and_only_when_it_holds() -> None:
    notice, _ = told(None, NOW, bad=True)
    notice, word = told(notice, NOW + MINUTE, bad=False)
    assert word is None
    notice, word = told(notice, NOW + MINUTE + STEADY - SECOND, bad=False)
    assert word is None
    notice, word = told(notice, NOW + MINUTE + STEADY, bad=False)
    assert (notice, word) == (None, Word.OVER)
    assert told(notice, NOW + HOUR, bad=False) == (None, None)


def test_what_comes_and_goes_is_told_once_an_hour_and_no_end_of_it() -> None:
    notice: Notice | None = None
    words: list[Word | None] = []
    for minute in range(60):
        notice, word = told(notice, NOW + minute * MINUTE, bad=minute % 2 == 0)
        words.append(word)
    assert [word for word in words if word is not None] == [Word.ALARM]


def test_a_channel_that_answers_again_is_told_of_at_once() -> None:
    notice, _ = told(None, NOW, bad=True)
    assert told(notice, NOW + MINUTE, bad=False, steady=timedelta()) == (None, Word.OVER)


def test_a_clock_that_was_stepped_back_silences_nobody() -> None:
    notice = Notice(NOW, NOW + 5 * AGAIN)
    after, word = told(notice, NOW, bad=True)
    assert word is Word.ALARM
    assert after is not None
    assert after.told_at == NOW
