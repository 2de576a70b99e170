"""What is counted of a campaign's people, batch by batch, before it is sent. Pure."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kit.channels import Channel
from locales.languages import FALLBACK

Key = tuple[str, ...]
Counts = Mapping[Key, int]


@dataclass(frozen=True, slots=True)
class Group:
    """People of one batch of whom the same is known.

    `language` is what they would be written in, `spoken` what they speak. What is not known is "".
    `recent`: they got another campaign in the last day.
    """

    channel: str
    language: str
    excluded: str | None
    spoken: str
    region: str
    country: str
    zone: str
    recent: bool
    people: int


@dataclass(frozen=True, slots=True)
class Counted:
    """How many people a campaign would reach, in each way in which somebody asks.

    `total` are those whom the audience selects; all but `excluded` (by reason) are of those who
    would be written to. Keys: `reached` zone, channel and language; `regions` region;
    `phones` language and country, of those who would get an SMS; `untranslated` the language of
    people who would be written to in another one; `recent` people who got a campaign yesterday.
    `missed` are those of the audience who have not got this one, of a series too everybody who ever
    joined; None in counts that were begun before anybody counted them.
    """

    total: int = 0
    recent: int = 0
    missed: int | None = 0
    excluded: Counts = field(default_factory=dict)
    reached: Counts = field(default_factory=dict)
    regions: Counts = field(default_factory=dict)
    phones: Counts = field(default_factory=dict)
    untranslated: Counts = field(default_factory=dict)

    @property
    def people(self) -> int:
        """How many would be written to."""
        return sum(self.reached.values())

    def by_channel(self) -> dict[str, int]:
        """Those who would be written to, by channel, the most first."""
        return sums((by, people) for (_zone, by, _l), people in self.reached.items())

    def by_language(self) -> dict[str, int]:
        """Those who would be written to, by the language of what they get, the most first."""
        return sums((language, people) for (_z, _c, language), people in self.reached.items())

    def by_region(self) -> dict[str, int]:
        """Those who would be written to, by the region of their family, "" where nobody knows."""
        return sums((region, people) for (region,), people in self.regions.items())

    def by_reason(self) -> dict[str, int]:
        """Those who would not be written to, by reason."""
        return sums((reason, people) for (reason,), people in self.excluded.items())

    def pack(self) -> str:
        """The form in which the table keeps it."""
        parts = {name: rows_of(getattr(self, name)) for name in PARTS}
        whole = {"total": self.total, "recent": self.recent, "missed": self.missed} | parts
        return json.dumps(whole, separators=(",", ":"))


PARTS = ("excluded", "reached", "regions", "phones", "untranslated")


def unpack(packed: str) -> Counted:
    """The reverse of `Counted.pack`."""
    plain = json.loads(packed)
    parts = {name: counts_of(plain[name]) for name in PARTS}
    return Counted(int(plain["total"]), int(plain["recent"]), plain.get("missed"), **parts)


def with_batch(counted: Counted, groups: Iterable[Group], missed: int = 0) -> Counted:
    """The counts with those of one more batch."""
    total, recent = counted.total, counted.recent
    missing = None if counted.missed is None else counted.missed + missed
    parts = {name: Counter(getattr(counted, name)) for name in PARTS}
    for group in groups:
        total += group.people
        if group.excluded is not None:
            parts["excluded"][(group.excluded,)] += group.people
            continue
        recent += group.people if group.recent else 0
        parts["reached"][(group.zone, group.channel, group.language)] += group.people
        parts["regions"][(group.region,)] += group.people
        if group.channel == Channel.SMS:
            parts["phones"][(group.language, group.country)] += group.people
        if group.language == FALLBACK != group.spoken:
            parts["untranslated"][(group.spoken,)] += group.people
    return Counted(total, recent, missing, **parts)


def rows_of(counts: Counts) -> list[list[str | int]]:
    """Counts as JSON keeps them: the parts of a key, then the number."""
    return [[*key, number] for key, number in counts.items()]


def counts_of(rows: Iterable[Sequence[str | int]]) -> Counts:
    """The reverse of `rows_of`."""
    return {tuple(str(part) for part in row[:-1]): int(row[-1]) for row in rows}


def sums(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The sum of the numbers of each name, the most first."""
    found: Counter[str] = Counter()
    for name, number in pairs:
        found[str(name)] += number
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))
