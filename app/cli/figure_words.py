"""How numbers, instants and reasons of campaigns are written on the screen."""

from collections.abc import Mapping
from datetime import datetime

from rich.table import Table

from app.cli.frame import say, screen
from campaigns import standing
from campaigns.lifecycle import STATE_NAMES
from campaigns.model import Campaign
from kit import wall
from locales.text import _

MOST_ROWS = 15
"""Rows of a table for people; JSON holds them all."""

FINGERPRINT = 12
"""Signs of a content hash that are shown."""


def print_heading(campaign: Campaign) -> None:
    """Number, title and state of a campaign, in a line."""
    heading = say(
        _("cli.campaigns.heading"),
        id=campaign.id,
        title=campaign.draft.title,
        state=STATE_NAMES[campaign.state],
    )
    screen.print(heading, markup=False, highlight=False)


def print_fingerprint(campaign: Campaign) -> None:
    """What names the draft, as `approve --fingerprint` takes it."""
    short = campaign.draft.content_hash[:FINGERPRINT]
    screen.print(say(_("cli.campaigns.fingerprint"), fingerprint=short), highlight=False)


def why(reason: str) -> str:
    """A reason in the words of the staff, else which code of the provider's it is."""
    words = standing.why(reason)
    return say(words.key, **words.params)


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


def clock(at: datetime | None, zone: str) -> str:
    """An instant for people: by the clock of a zone."""
    return "-" if at is None else wall.shown(at, zone).strftime("%Y-%m-%d %H:%M")
