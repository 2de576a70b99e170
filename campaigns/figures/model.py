"""What became of a run, in figures. Pure."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from campaigns.model import Campaign
from campaigns.sheet.counted import Counts, counts_of, rows_of, sums
from campaigns.sheet.prices import Cost, Prices, cost_of
from delivery.model import State

LEFT = frozenset({State.SENT, State.DELIVERED, State.UNDELIVERED})
"""States of a message that the provider took."""

CAUSED_WITHIN = timedelta(hours=72)
"""An opt-out on the same address so long after a message counts as caused by it."""

HOUR = "%Y-%m-%dT%H"
"""How an hour is kept (UTC)."""

PARTS = ("rows", "billed", "answers", "sent", "delivered")


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of the rows of a run, or of several.

    Keys: `rows` channel, language, state and reason ("" for none); `billed` language and country of
    SMS that the provider took, each try for itself; `answers` kind and value of what people pressed
    or answered; `sent` and `delivered` the hour (UTC) in which a message left, or its receipt came.
    `opt_outs` came within `CAUSED_WITHIN` of a message, on the address that it went to. `replies`
    are people who wrote afterwards.
    """

    opt_outs: int = 0
    replies: int = 0
    rows: Counts = field(default_factory=dict)
    billed: Counts = field(default_factory=dict)
    answers: Counts = field(default_factory=dict)
    sent: Counts = field(default_factory=dict)
    delivered: Counts = field(default_factory=dict)

    @property
    def people(self) -> int:
        """How many rows the ledger has, those that did not leave among them."""
        return sum(self.rows.values())

    @property
    def left(self) -> int:
        """How many messages the provider took."""
        return sum(self.by_state().get(state, 0) for state in LEFT)

    def by_state(self) -> dict[str, int]:
        """Rows by the state in which they stood when they were counted."""
        return sums((state, rows) for (_c, _l, state, _r), rows in self.rows.items())

    def by_channel(self) -> dict[str, int]:
        """Messages that the provider took, by channel."""
        return sums((c, rows) for (c, _l, state, _r), rows in self.rows.items() if state in LEFT)

    def by_language(self) -> dict[str, int]:
        """Messages that the provider took, by language."""
        return sums(
            (what, rows) for (_c, what, state, _r), rows in self.rows.items() if state in LEFT
        )

    def reasons(self, *states: State) -> dict[str, int]:
        """Rows in some states by their reason, the most first; "" where none is known."""
        return sums(
            (why, rows) for (_c, _l, state, why), rows in self.rows.items() if state in states
        )

    def by_answer(self) -> dict[str, dict[str, int]]:
        """People by what they pressed or answered: kind, then value."""
        found: dict[str, dict[str, int]] = {}
        for (kind, value), people in sorted(self.answers.items()):
            found.setdefault(kind, {})[value] = people
        return found

    def answered(self, kind: str) -> int:
        """How many answers there are of a kind."""
        return sum(people for (one, _value), people in self.answers.items() if one == kind)

    def series(self) -> tuple[tuple[datetime, int, int], ...]:
        """Each hour in which something left or was delivered: when it began, and how many."""
        hours = sorted({*self.sent, *self.delivered})
        return tuple(
            (
                datetime.strptime(hour[0], HOUR).replace(tzinfo=UTC),
                self.sent.get(hour, 0),
                self.delivered.get(hour, 0),
            )
            for hour in hours
        )

    def cost(self, segments: Mapping[str, int], prices: Prices) -> Cost:
        """What its SMS cost, when one in each language has so many `segments`."""
        countries: Counter[str] = Counter()
        for (language, country), taken in self.billed.items():
            countries[country] += taken * segments.get(language, 1)
        return cost_of(countries, prices)

    def pack(self) -> str:
        """The form in which the table keeps it."""
        parts = {name: rows_of(getattr(self, name)) for name in PARTS}
        whole = {"opt_outs": self.opt_outs, "replies": self.replies} | parts
        return json.dumps(whole, separators=(",", ":"))


def unpack(packed: str) -> Figures:
    """The reverse of `Figures.pack`."""
    plain = json.loads(packed)
    parts = {name: counts_of(plain[name]) for name in PARTS}
    return Figures(int(plain["opt_outs"]), int(plain["replies"]), **parts)


def together(figures: Iterable[Figures]) -> Figures:
    """The figures of several runs, or batches, as those of one."""
    opt_outs = replies = 0
    parts: dict[str, Counter[tuple[str, ...]]] = {name: Counter() for name in PARTS}
    for one in figures:
        opt_outs += one.opt_outs
        replies += one.replies
        for name, counter in parts.items():
            counter.update(getattr(one, name))
    return Figures(opt_outs, replies, **parts)


def missed_expression(campaign: Campaign) -> str:
    """Those of a campaign's audience who did not get it, as an audience of their own."""
    return f"({campaign.draft.audience.strip()}) and not received:{campaign.id}"
