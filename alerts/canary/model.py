"""Canaries: calls for help of a robot's, whose absence tells that a channel has fallen silent."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from kit.channels import Channel, Endpoint

KIND = "canary"
"""The kind of a canary's case: no list and no figure shows it."""

LIMIT = timedelta(minutes=3)
"""A canary that takes longer is missing."""

RETRY = timedelta(minutes=10)
"""How soon a silent channel is tried again, so that its return is noticed."""

AGAIN = timedelta(hours=1)
"""People hear of the same trouble at most so often."""

STEADY = timedelta(minutes=5)
"""What was bad has to be good for so long before people are told that it is over."""

WAY_IN = timedelta(minutes=1)
"""An arrival may wait at its provider for so long."""

KEPT = timedelta(days=30)

TOKEN_BYTES = 12

_WORDS = re.compile(r"\s*CANARIO( A)? ([0-9A-F]{24})\s*", re.ASCII | re.IGNORECASE)

Details = Mapping[str, int | str]
NOTHING: Details = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Finding:
    """What a look at one part of the platform found. `detail` holds numbers and our own names of
    things, never anything of a person."""

    good: bool
    detail: Details = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class SmsRound:
    """The way of a canary by SMS: from one number of ours to another, and back.

    The call leaves from the first sender, whose number is `calls` (None: a messaging service, of
    which no number is known), for `answers`. The page goes back from the sender `back`, which has
    that number; when there is none, it goes the same way once more.
    """

    calls: str | None = field(repr=False)
    answers: str = field(repr=False)
    back: str | None = None

    @property
    def page_to(self) -> str:
        """The robot's phone."""
        return self.calls if self.back is not None and self.calls is not None else self.answers

    @property
    def page_from(self) -> str | None:
        """The number that the page comes from, if it is known."""
        return self.answers if self.page_to == self.calls else self.calls


@dataclass(frozen=True, slots=True)
class Plan:
    """Which canaries fly, and how often; `telegram` is a chat that the bot can write to."""

    every: timedelta | None = None
    sms: SmsRound | None = None
    telegram: Endpoint | None = None

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The channels that are watched so."""
        if self.every is None:
            return ()
        watched = ((Channel.SMS, self.sms), (Channel.TELEGRAM, self.telegram))
        return tuple(channel for channel, way in watched if way is not None)


class Verdict(StrEnum):
    """What a canary says of its channel."""

    WORKS = "works"
    FLIES = "flies"
    MISSING = "missing"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Canary:
    """One round through a channel. By SMS the call is heard, paged and done when the page is read;
    on Telegram it is paged when the provider has taken it, and heard when nothing waits there."""

    id: int
    channel: Channel
    started_at: datetime
    heard_at: datetime | None = None
    paged_at: datetime | None = None
    done_at: datetime | None = None
    alarmed_at: datetime | None = None
    case_id: int | None = None
    message_id: int | None = None

    def verdict(self, since: datetime, now: datetime) -> Verdict:
        """What it says. One that left before `since` was not watched all the way: it may have
        been lost because nobody was here."""
        if self.done_at is not None:
            return Verdict.WORKS
        if self.started_at < since:
            return Verdict.UNSEEN
        return Verdict.MISSING if now >= self.started_at + LIMIT else Verdict.FLIES


def is_due(last: Canary | None, every: timedelta, since: datetime, now: datetime) -> bool:
    """Whether the next canary of a channel leaves."""
    if last is None or last.started_at > now:
        # None yet, or the clock was stepped back.
        return True
    match last.verdict(since, now):
        case Verdict.UNSEEN:
            return True
        case Verdict.FLIES:
            return False
        case Verdict.MISSING:
            return now >= last.started_at + min(every, RETRY)
        case Verdict.WORKS:
            return now >= last.started_at + every


def call_words(token: str) -> str:
    """What the robot texts."""
    return f"CANARIO {token}"


def page_words(token: str) -> str:
    """What wakes the robot."""
    return f"CANARIO A {token}"


@dataclass(frozen=True, slots=True)
class Words:
    """A canary's words: the call, or the page that answers it."""

    token: str = field(repr=False)
    is_page: bool


def read_words(text: str) -> Words | None:
    """A canary's words, or None: nobody in need writes 24 hexadecimal digits after that name."""
    found = _WORDS.fullmatch(text)
    return None if found is None else Words(found[2].upper(), found[1] is not None)


@dataclass(frozen=True, slots=True)
class Notice:
    """What people were told of some trouble: since when it lasts, and when they heard of it last.

    `good_since` is when it was found gone; None while it lasts.
    """

    since: datetime
    told_at: datetime
    good_since: datetime | None = None


class Word(StrEnum):
    """What there is to tell."""

    ALARM = "alarm"
    OVER = "over"


def follow(
    notice: Notice | None,
    *,
    bad: bool,
    since: datetime,
    now: datetime,
    steady: timedelta = STEADY,
) -> tuple[Notice | None, Word | None]:
    """What is remembered of a trouble after a look, and what there is to tell.

    Told at once, then once in `AGAIN` while it lasts, and that it is over once it has been good
    for `steady`. What comes and goes is one trouble.
    """
    if bad and notice is None:
        return Notice(since, now), Word.ALARM
    if notice is None:
        return None, None
    if bad:
        lasting = replace(notice, good_since=None)
        # Told later than now: the clock was stepped back.
        if notice.told_at + AGAIN <= now or notice.told_at > now:
            return replace(lasting, told_at=now), Word.ALARM
        return lasting, None
    good_since = notice.good_since or now
    if now >= good_since + steady:
        return None, Word.OVER
    return replace(notice, good_since=good_since), None
