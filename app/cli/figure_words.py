"""How numbers, instants, reasons and costs of campaigns are written on the screen and in JSON."""

from collections.abc import Mapping
from datetime import datetime

from rich.table import Table

from app.cli.frame import say, screen
from campaigns.lifecycle import STATE_NAMES
from campaigns.model import Campaign
from campaigns.sheet.model import UNKNOWN_COUNTRY
from campaigns.sheet.prices import Cost
from delivery.model import reason_words
from kit import wall
from locales.catalog import render
from locales.text import _

MOST_ROWS = 15
"""Rows of a table for people; JSON holds them all."""

Document = dict[str, object]


def print_heading(campaign: Campaign) -> None:
    """Number, title and state of a campaign, in a line."""
    heading = say(
        _("cli.campaigns.heading"),
        id=campaign.id,
        title=campaign.draft.title,
        state=STATE_NAMES[campaign.state],
    )
    screen.print(heading, markup=False, highlight=False)


def cost_document(cost: Cost) -> Document:
    """Money as exact text; "?" is the country of phones of which nobody knows it."""
    return {
        "segments": cost.segments,
        "money": {currency: str(amount) for currency, amount in cost.money.items()},
        "unknown": {country or UNKNOWN_COUNTRY: number for country, number in cost.unknown.items()},
        "unconfirmed": list(cost.unconfirmed),
    }


def why(reason: str) -> str:
    """A reason in the words of the staff, else the provider's own code."""
    words = reason_words(reason)
    if words is not None:
        return render(words.key, "es", words.params)
    return reason or say(_("cli.figures.no_reason"))


def add_counts(table: Table, counts: Mapping[str, int]) -> None:
    """A row for each name, the first `MOST_ROWS`, and one for all others together."""
    for name, number in list(counts.items())[:MOST_ROWS]:
        table.add_row(name, written(number))
    others = list(counts.values())[MOST_ROWS:]
    if others:
        table.add_row(say(_("cli.sheet.others"), groups=len(others)), written(sum(others)))


def written(number: int) -> str:
    """A number with its thousands apart."""
    return f"{number:,}"


def stamp(at: datetime | None) -> str | None:
    """An instant for programs: ISO 8601 in UTC."""
    return None if at is None else at.isoformat(timespec="seconds")


def clock(at: datetime | None, zone: str) -> str:
    """An instant for people: by the clock of a zone."""
    return "-" if at is None else wall.shown(at, zone).strftime("%Y-%m-%d %H:%M")
