"""How the figures of campaigns are shown: as documents, and as tables for people."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal

from rich.table import Table

from app.cli.figure_words import (
    MOST_ROWS,
    Document,
    add_counts,
    clock,
    cost_document,
    print_heading,
    stamp,
    why,
    written,
)
from app.cli.frame import say, screen
from campaigns.figures.comparing import Aspect, Compared, Share
from campaigns.figures.gathering import RunFigures
from campaigns.figures.model import Figures
from campaigns.model import Campaign
from campaigns.sheet.model import UNKNOWN_COUNTRY
from campaigns.sheet.prices import Cost, Prices
from delivery.model import State
from kit.zones import OAXACA
from locales.text import _

STATES: Mapping[State, str] = {
    State.PENDING: _("campaigns.row.pending"),
    State.SENDING: _("campaigns.row.sending"),
    State.UNCERTAIN: _("campaigns.row.uncertain"),
    State.SENT: _("campaigns.row.sent"),
    State.DELIVERED: _("campaigns.row.delivered"),
    State.UNDELIVERED: _("campaigns.row.undelivered"),
    State.FAILED: _("campaigns.row.failed"),
    State.SKIPPED: _("campaigns.row.skipped"),
}
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


@dataclass(frozen=True, slots=True)
class Gathered:
    """What became of a campaign (None: of one run alone), run by run and in all. `older` are runs
    that are left out."""

    id: int
    campaign: Campaign | None
    runs: tuple[RunFigures, ...]
    total: Figures
    older: int
    prices: Prices

    @property
    def done(self) -> bool:
        """Whether everything has been counted."""
        return all(one.share >= 1 for one in self.runs)


@dataclass(frozen=True, slots=True)
class Compares:
    """Two side by side; `done` when both have been counted to the end."""

    one: int
    other: int
    aspects: tuple[Compared, ...]
    done: bool


@dataclass(frozen=True, slots=True)
class Missed:
    """Who did not get a campaign, and the name under which they are kept."""

    id: int
    audience: str
    total: int
    saved: str | None = None

    def document(self) -> Document:
        """What `--json` prints."""
        return asdict(self)


def figures_document(found: Gathered) -> Document:
    """What `figures --json` prints."""
    state = {} if found.campaign is None else {"state": found.campaign.state}
    return {
        "id": found.id,
        **state,
        "done": found.done,
        "older_runs": found.older,
        "total": _figures(found.total) | {"cost": cost_document(_whole_cost(found))},
        "runs": [
            {
                "id": one.run.id,
                "due_at": stamp(one.run.due_at),
                "state": one.run.state,
                "counts": {str(state): rows for state, rows in one.states.items()},
                "share": round(one.share, 3),
                "counted_at": stamp(one.counted_at),
                **_figures(one.figures),
                "cost": cost_document(one.figures.cost(one.segments, found.prices)),
                "series": [
                    {"hour": stamp(hour), "sent": sent, "delivered": delivered}
                    for hour, sent, delivered in one.figures.series()
                ],
            }
            for one in found.runs
        ],
    }


def _figures(figures: Figures) -> Document:
    return {
        "people": figures.people,
        "left": figures.left,
        "by_state": figures.by_state(),
        "by_channel": figures.by_channel(),
        "by_language": figures.by_language(),
        "failed": figures.reasons(State.FAILED, State.UNDELIVERED),
        "skipped": figures.reasons(State.SKIPPED),
        "opt_outs": figures.opt_outs,
        "answers": figures.by_answer(),
        "replies": figures.replies,
    }


def print_figures(found: Gathered) -> None:
    """The whole in one table, then a line a run."""
    if found.campaign is not None:
        print_heading(found.campaign)
    if not found.done:
        shares = [one.share for one in found.runs]
        screen.print(say(_("cli.figures.growing"), share=int(100 * min(shares))))
    total = found.total
    table = Table(show_header=False)
    for state, key in STATES.items():
        rows = sum(one.states.get(state, 0) for one in found.runs)
        if rows:
            table.add_row(say(key), written(rows))
    table.add_section()
    for states in ((State.FAILED, State.UNDELIVERED), (State.SKIPPED,)):
        add_counts(table, {why(reason): rows for reason, rows in total.reasons(*states).items()})
    table.add_section()
    table.add_row(say(ASPECTS[Aspect.OPT_OUTS]), written(total.opt_outs))
    table.add_row(say(ASPECTS[Aspect.REPLIES]), written(total.replies))
    for kind, values in total.by_answer().items():
        name = say(ASPECTS[Aspect(kind)])
        for value, people in values.items():
            table.add_row(f"{name} {value}".strip(), written(people))
    table.add_section()
    cost = _whole_cost(found)
    for currency, amount in cost.money.items():
        table.add_row(say(_("cli.sheet.cost")), f"{amount:,.2f} {currency}")
    for country, segments in cost.unknown.items():
        unknown = say(_("cli.sheet.price_unknown"))
        table.add_row(f"{country or UNKNOWN_COUNTRY}: {unknown}", written(segments))
    screen.print(table)
    if len(found.runs) > 1:
        _print_runs(found)


def _print_runs(found: Gathered) -> None:
    table = Table(
        say(_("cli.figures.run")),
        say(_("cli.figures.due")),
        say(ASPECTS[Aspect.LEFT]),
        say(ASPECTS[Aspect.DELIVERED]),
        say(ASPECTS[Aspect.OPT_OUTS]),
    )
    for one in found.runs[-MOST_ROWS:]:
        delivered = one.states.get(State.DELIVERED, 0)
        left = sum(one.states.get(state, 0) for state in (State.SENT, State.UNDELIVERED))
        table.add_row(
            str(one.run.id),
            clock(one.run.due_at, OAXACA),
            written(left + delivered),
            written(delivered),
            written(one.figures.opt_outs),
        )
    screen.print(table)


def compared_document(found: Compares) -> Document:
    """What `compare --json` prints."""
    return {
        "one": found.one,
        "other": found.other,
        "done": found.done,
        "aspects": [
            {
                "aspect": one.aspect,
                "one": _share(one.one),
                "other": _share(one.other),
                "differs": one.differs,
            }
            for one in found.aspects
        ],
    }


def print_compared(found: Compares) -> None:
    """A line an aspect; a star where chance alone would seldom make such a difference."""
    table = Table("", str(found.one), str(found.other))
    for one in found.aspects:
        star = " *" if one.differs else ""
        table.add_row(say(ASPECTS[one.aspect]) + star, _percent(one.one), _percent(one.other))
    screen.print(table)
    if any(one.differs for one in found.aspects):
        screen.print(say(_("cli.figures.star")))


def print_missed(found: Missed) -> None:
    """The expression, and how many they are."""
    screen.print(found.audience, markup=False, highlight=False, soft_wrap=True)
    screen.print(say(_("cli.figures.missed"), people=written(found.total)))
    if found.saved is not None:
        screen.print(say(_("cli.figures.saved"), name=found.saved))


def _whole_cost(found: Gathered) -> Cost:
    """What all runs cost together: an SMS of each may be of another length."""
    costs = [one.figures.cost(one.segments, found.prices) for one in found.runs]
    money = {
        currency: sum((cost.money.get(currency, Decimal()) for cost in costs), Decimal())
        for currency in sorted({currency for cost in costs for currency in cost.money})
    }
    unknown = {
        country: sum(cost.unknown.get(country, 0) for cost in costs)
        for country in sorted({country for cost in costs for country in cost.unknown})
    }
    unconfirmed = sorted({country for cost in costs for country in cost.unconfirmed})
    segments = sum(cost.segments for cost in costs)
    return Cost(segments, money, unknown, tuple(unconfirmed))


def _share(share: Share) -> Document:
    value = share.value
    return {
        "number": share.number,
        "of": share.of,
        "share": None if value is None else round(value, 5),
    }


def _percent(share: Share) -> str:
    value = share.value
    return "-" if value is None else f"{100 * value:.2f} % ({written(share.number)})"
