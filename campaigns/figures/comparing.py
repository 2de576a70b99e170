"""Two runs, or two campaigns, side by side. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from campaigns.figures.model import Figures
from delivery.model import State
from locales.text import _

BEYOND_CHANCE = 1.96
"""Standard errors between two shares from which on chance makes such a difference less than once
in twenty times (two proportions, pooled)."""

ENOUGH = 5
"""Of fewer than so many on either side nothing is said about chance."""


class Aspect(StrEnum):
    """What is compared."""

    LEFT = "left"
    DELIVERED = "delivered"
    FAILED = "failed"
    SKIPPED = "skipped"
    OPT_OUTS = "opt_outs"
    HELPED = "helped"
    WORD = "word"
    POLL = "poll"
    REPLIES = "replies"


ASPECTS: Mapping[Aspect, str] = {
    Aspect.LEFT: _("campaigns.aspect.left"),
    Aspect.DELIVERED: _("campaigns.aspect.delivered"),
    Aspect.FAILED: _("campaigns.aspect.failed"),
    Aspect.SKIPPED: _("campaigns.aspect.skipped"),
    Aspect.OPT_OUTS: _("campaigns.aspect.opt_outs"),
    Aspect.HELPED: _("campaigns.aspect.helped"),
    Aspect.WORD: _("campaigns.aspect.word"),
    Aspect.POLL: _("campaigns.aspect.poll"),
    Aspect.REPLIES: _("campaigns.aspect.replies"),
}
"""What an aspect is called."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    number: int
    of: int

    @property
    def value(self) -> float | None:
        """From 0 to 1; None of nobody."""
        return self.number / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Compared:
    """One aspect of both. `differs`: chance alone would seldom make them so different."""

    aspect: Aspect
    one: Share
    other: Share

    @property
    def differs(self) -> bool:
        return differ(self.one, self.other)


def compare(one: Figures, other: Figures) -> tuple[Compared, ...]:
    """Shares, not numbers: of the people in the ledger, of what was tried, of what left."""
    left, right = _shares(one), _shares(other)
    return tuple(Compared(aspect, left[aspect], right[aspect]) for aspect in Aspect)


def differ(one: Share, other: Share) -> bool:
    """Whether two shares are further from each other than chance usually makes them."""
    if not one.of or not other.of:
        return False
    pooled = (one.number + other.number) / (one.of + other.of)
    expected = min(pooled, 1 - pooled) * min(one.of, other.of)
    if expected < ENOUGH:
        return False
    error = sqrt(pooled * (1 - pooled) * (1 / one.of + 1 / other.of))
    return abs(one.number / one.of - other.number / other.of) >= BEYOND_CHANCE * error


def _shares(figures: Figures) -> dict[Aspect, Share]:
    states = figures.by_state()
    failed = states.get(State.FAILED, 0)
    lost = failed + states.get(State.UNDELIVERED, 0)
    left, people = figures.left, figures.people
    return {
        Aspect.LEFT: Share(left, people),
        Aspect.DELIVERED: Share(states.get(State.DELIVERED, 0), left),
        Aspect.FAILED: Share(lost, left + failed),
        Aspect.SKIPPED: Share(states.get(State.SKIPPED, 0), people),
        Aspect.OPT_OUTS: Share(figures.opt_outs, left),
        Aspect.HELPED: Share(figures.answered("helped"), left),
        Aspect.WORD: Share(figures.answered("word"), left),
        Aspect.POLL: Share(figures.answered("poll"), left),
        Aspect.REPLIES: Share(figures.replies, left),
    }
