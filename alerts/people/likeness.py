"""Whether two cases may be about the same person: a score, and the reasons for it.

It proposes and no more: a person decides, and no case is ever held back, lowered or answered in
another way for it.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from kit.fold import fold
from kit.spelling import allowed_edits, sound


class Reason(StrEnum):
    """What two cases have in common, or what speaks against it."""

    PHONE = "phone"
    REPORTER = "reporter"
    NAME = "name"
    LIKE_NAME = "like_name"
    NICKNAME = "nickname"
    NAMED = "named"
    PLACE = "place"
    TIME = "time"
    OTHER_NAMES = "other_names"


WEIGHTS: Mapping[Reason, int] = MappingProxyType(
    {
        Reason.PHONE: 60,
        Reason.REPORTER: 50,
        Reason.NAME: 50,
        Reason.LIKE_NAME: 40,
        Reason.NICKNAME: 15,
        Reason.NAMED: 40,
        Reason.PLACE: 20,
        Reason.TIME: 15,
        Reason.OTHER_NAMES: -20,
    }
)
PROPOSED_FROM = 35
"""A phone, a reporter or a name is enough alone; a place needs the time, and no other name."""

CLOSE = timedelta(hours=48)
ALIKE = 88
"""Of 100: one wrong letter in a short name and a surname, two in a long one."""

# Names are made of few words, and each is met thousands of times in one comparison.
_heard = lru_cache(4096)(sound)

_JOINING = frozenset({"de", "del", "la", "las", "los", "y"})


@dataclass(frozen=True, slots=True)
class Facts:
    """What is compared of a case. Phones and the reporter are prints, of which nobody is read.

    `names` are those of the persons concerned, `others` those of everybody else in the case,
    `words` what the reporter has told.
    """

    case_id: int
    folio: str
    opened_at: datetime
    reporter: bytes = field(repr=False)
    phones: frozenset[bytes] = field(default=frozenset(), repr=False)
    names: tuple[str, ...] = field(default=(), repr=False)
    others: tuple[str, ...] = field(default=(), repr=False)
    places: tuple[str, ...] = field(default=(), repr=False)
    seen_at: datetime | None = field(default=None, repr=False)
    words: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Likeness:
    """A case that may be the same; the higher the score, the more speaks for it."""

    case_id: int
    folio: str
    score: int
    reasons: tuple[Reason, ...]

    @property
    def proposed(self) -> bool:
        """Whether it is worth a person's look."""
        return self.score >= PROPOSED_FROM


@dataclass(frozen=True, slots=True)
class Ready:
    """Facts with what is compared of them worked out once: one case is compared with thousands."""

    facts: Facts
    names: tuple[frozenset[str], ...]
    others: tuple[frozenset[str], ...]
    places: tuple[frozenset[str], ...]
    words: frozenset[str]

    @property
    def named(self) -> bool:
        """Whether there is a whole name to look for in what others have told."""
        return bool(_whole(self.names))


def ready(facts: Facts) -> Ready:
    """Names, places and words as sets of folded words; words that join names tell nothing."""
    return Ready(
        facts,
        _sets(facts.names),
        _sets(facts.others),
        _sets(facts.places),
        frozenset(fold(facts.words).split()),
    )


def compare(mine: Ready, theirs: Ready) -> Likeness:
    """How alike two cases are; the same both ways round but for whose folio is told."""
    reasons = tuple(_reasons(mine, theirs))
    score = sum(WEIGHTS[reason] for reason in reasons)
    return Likeness(theirs.facts.case_id, theirs.facts.folio, score, reasons)


def _reasons(one: Ready, two: Ready) -> Iterator[Reason]:
    if one.facts.phones & two.facts.phones:
        yield Reason.PHONE
    if one.facts.reporter == two.facts.reporter:
        yield Reason.REPORTER
    name = _best_name(one, two)
    if name is not None:
        yield name
    if name not in (Reason.NAME, Reason.LIKE_NAME) and (
        _named(one.names, two.words) or _named(two.names, one.words)
    ):
        yield Reason.NAMED
    elif name is None and _whole(one.names) and _whole(two.names):
        yield Reason.OTHER_NAMES
    if any(_same_place(here, there) for here in one.places for there in two.places):
        yield Reason.PLACE
    if _close(one.facts, two.facts):
        yield Reason.TIME


def _best_name(one: Ready, two: Ready) -> Reason | None:
    """Who is sought in one case may be who calls in the other."""
    pairs = [(a, b) for a in one.names for b in (*two.names, *two.others)]
    pairs += [(a, b) for a in one.others for b in two.names]
    found = {_name(a, b) for a, b in pairs}
    ranked = (Reason.NAME, Reason.LIKE_NAME, Reason.NICKNAME)
    return next((reason for reason in ranked if reason in found), None)


def _name(one: frozenset[str], two: frozenset[str]) -> Reason | None:
    if len(one) < 2 or len(two) < 2:
        # Of a single word there are many: "Juan", "Chuy".
        return Reason.NICKNAME if one == two else None
    if one == two:
        return Reason.NAME
    # By ear b and v, s and z are one; "Juan Perez" is a part of "Juan Perez Lopez".
    heard, also_heard = {_heard(word) for word in one}, {_heard(word) for word in two}
    if len(heard) > 1 and len(also_heard) > 1 and (heard <= also_heard or also_heard <= heard):
        return Reason.LIKE_NAME
    spelt, also_spelt = " ".join(sorted(heard)), " ".join(sorted(also_heard))
    return Reason.LIKE_NAME if fuzz.ratio(spelt, also_spelt) >= ALIKE else None


def _named(names: Collection[frozenset[str]], words: frozenset[str]) -> bool:
    """Whether a whole name stands in what the reporter of the other case told."""
    return any(
        # The first look is cheap, and most reports end here.
        not name.isdisjoint(words) and all(_stands(part, words) for part in name)
        for name in _whole(names)
    )


def _stands(part: str, words: frozenset[str]) -> bool:
    most = allowed_edits(part)
    return part in words or (
        most > 0 and any(OSA.distance(part, word, score_cutoff=most) <= most for word in words)
    )


def _whole(names: Collection[frozenset[str]]) -> tuple[frozenset[str], ...]:
    return tuple(name for name in names if len(name) > 1)


def _same_place(here: frozenset[str], there: frozenset[str]) -> bool:
    """ "Nogales" and "Nogales, Sonora" are one."""
    return here <= there or there <= here


def _close(one: Facts, two: Facts) -> bool:
    """By when the person was last seen, where both cases tell it; else by the first word."""
    if one.seen_at is not None and two.seen_at is not None:
        return abs(one.seen_at - two.seen_at) <= CLOSE
    return abs(one.opened_at - two.opened_at) <= CLOSE


def _sets(texts: Collection[str]) -> tuple[frozenset[str], ...]:
    found = (frozenset(fold(text).split()) - _JOINING for text in texts)
    return tuple(words for words in found if words)
