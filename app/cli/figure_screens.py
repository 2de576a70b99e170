"""How the figures of campaigns are shown: as documents, and as tables for people."""

from dataclasses import dataclass

from rich.table import Table

from app.cli.figure_words import (
    MOST_ROWS,
    add_counts,
    clock,
    print_heading,
    why,
    written,
)
from app.cli.frame import say, screen
from app.cli.names import country_name
from campaigns.figures.comparing import ASPECTS, Aspect, Compared, Share
from campaigns.figures.gathering import RunFigures
from campaigns.figures.missing import Missed
from campaigns.figures.model import together
from campaigns.model import Campaign
from campaigns.sheet.prices import Prices, sum_of
from campaigns.standing import ROW_STATES
from console.api import documents
from console.api.documents import Document
from delivery.model import State
from kit.zones import OAXACA
from locales.text import _


@dataclass(frozen=True, slots=True)
class Gathered:
    """What became of a campaign, run by run. `older` are runs that are left out."""

    campaign: Campaign
    runs: tuple[RunFigures, ...]
    older: int
    prices: Prices


@dataclass(frozen=True, slots=True)
class Compares:
    """Two side by side; `done` when both have been counted to the end."""

    one: int
    other: int
    aspects: tuple[Compared, ...]
    done: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """Who did not get a campaign, and the name under which they are kept."""

    found: Missed
    saved: str | None = None


def figures_document(found: Gathered) -> Document:
    """What `figures --json` prints."""
    return documents.figures_document(found.campaign, found.runs, found.older, found.prices)


def print_figures(found: Gathered) -> None:
    """The whole in one table, then a line a run."""
    print_heading(found.campaign)
    share = min((one.share for one in found.runs), default=1)
    if share < 1:
        screen.print(say(_("cli.figures.growing"), share=int(100 * share)))
    total = together(one.figures for one in found.runs)
    table = Table(show_header=False)
    for state, key in ROW_STATES.items():
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
            label = say(_("cli.figures.answer"), what=name, value=value) if value else name
            table.add_row(label, written(people))
    table.add_section()
    cost = sum_of([one.figures.cost(one.segments, found.prices) for one in found.runs])
    for currency, amount in cost.money.items():
        table.add_row(say(_("cli.sheet.cost")), f"{amount:,.2f} {currency}")
    for country, segments in cost.unknown.items():
        unknown = say(_("cli.figures.no_price"), country=country_name(country))
        table.add_row(unknown, written(segments))
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
    return documents.compared_document(found.one, found.other, found.aspects, done=found.done)


def print_compared(found: Compares) -> None:
    """A line an aspect; a star where chance alone would seldom make such a difference."""
    table = Table("", str(found.one), str(found.other))
    for one in found.aspects:
        star = " *" if one.differs else ""
        table.add_row(say(ASPECTS[one.aspect]) + star, _percent(one.one), _percent(one.other))
    screen.print(table)
    if any(one.differs for one in found.aspects):
        screen.print(say(_("cli.figures.star")))


def missed_document(kept: Kept) -> Document:
    """What `missed --json` prints."""
    return documents.missed_document(kept.found) | {"saved": kept.saved}


def print_missed(kept: Kept) -> None:
    """The expression, and how many they are."""
    found = kept.found
    screen.print(found.audience, markup=False, highlight=False, soft_wrap=True)
    if not found.done:
        screen.print(say(_("cli.figures.growing"), share=int(100 * found.share)))
    screen.print(say(_("cli.figures.missed"), people=written(found.total)))
    if kept.saved is not None:
        screen.print(say(_("cli.figures.saved"), name=kept.saved))


def _percent(share: Share) -> str:
    value = share.value
    return "-" if value is None else f"{100 * value:.2f} % ({written(share.number)})"
