"""How the sheet before sending is shown: as a document, and as tables for people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil

from rich.table import Table

from app.cli.campaign_screens import print_cautions
from app.cli.figure_words import (
    MOST_ROWS,
    add_counts,
    clock,
    print_fingerprint,
    print_heading,
    why,
    written,
)
from app.cli.frame import say, screen
from app.cli.names import channel_name, country_name
from campaigns.model import Campaign, CampaignClass
from campaigns.sheet.model import Sheet
from campaigns.sheet.prices import Cost, Prices
from campaigns.warnings.model import Status
from console.api import documents
from console.api.documents import Document
from kit.zones import OAXACA
from locales.languages import FALLBACK
from locales.text import _

WARNINGS: Mapping[Status, str] = {
    Status.ACTUAL: _("cli.sheet.warning.actual"),
    Status.TEST: _("cli.sheet.warning.test"),
    Status.EXERCISE: _("cli.sheet.warning.exercise"),
}


@dataclass(frozen=True, slots=True)
class Reported:
    """A campaign and its sheet."""

    campaign: Campaign
    sheet: Sheet
    prices: Prices


def sheet_document(found: Reported) -> Document:
    """What `sheet --json` prints."""
    return documents.sheet_document(found.campaign, found.sheet, found.prices, FALLBACK)


def print_sheet(found: Reported) -> None:
    """What to look at again first, then people, money and time."""
    made = found.sheet
    counted = made.reckoned.counted
    print_heading(found.campaign)
    print_fingerprint(found.campaign)
    if not made.reckoned.done:
        screen.print(say(_("cli.figures.growing"), share=int(100 * made.reckoned.share)))
    print_cautions(made.cautions)
    for line in _lines(found):
        screen.print(line, markup=False, highlight=False)
    people = Table(show_header=False)
    people.add_row(say(_("cli.sheet.total")), written(counted.total))
    people.add_row(say(_("cli.sheet.people")), written(counted.people), style="bold")
    channels, regions = _channels(counted.by_channel()), _named(counted.by_region())
    for part in (channels, counted.by_language(), regions):
        people.add_section()
        add_counts(people, part)
    people.add_section()
    add_counts(people, {why(reason): number for reason, number in counted.by_reason().items()})
    screen.print(people)
    if made.segments:
        screen.print(_money_table(found))
        screen.print(say(_("cli.sheet.estimate")))
    if made.leaving:
        screen.print(_time_table(made))
        screen.print(say(_("cli.sheet.clocks")))
    for channel, wait in made.seconds.items():
        if wait is not None:
            lasts = say(_("cli.sheet.lasts"), channel=channel_name(channel), time=_length(wait))
            screen.print(lasts, highlight=False)


def _channels(counted: Mapping[str, int]) -> Mapping[str, int]:
    return {channel_name(channel): people for channel, people in counted.items()}


def _lines(found: Reported) -> Iterator[str]:
    """What it does besides going to those people once."""
    draft, made = found.campaign.draft, found.sheet
    if draft.kind is CampaignClass.EMERGENCY:
        yield say(_("cli.sheet.emergency"))
    if draft.reason:
        yield say(_("cli.sheet.reason"), reason=draft.reason)
    if made.series:
        yield say(_("cli.sheet.series"))
    if made.week is not None:
        yield say(_("cli.sheet.repeats"), times=made.week.times)
        if made.segments:
            cost = say(_("cli.sheet.week"), segments=written(made.week.cost.segments))
            yield " · ".join((cost, *_money(made.week.cost)))
    if draft.warning is not None:
        yield say(WARNINGS[draft.warning.status])
        lasts = _length(draft.warning.expires.total_seconds())
        yield say(_("cli.sheet.expires"), lasts=lasts, when=clock(made.expires_at, OAXACA))
    if draft.keyword is not None:
        yield say(_("cli.sheet.keyword"), keyword=draft.keyword.upper())


def _money(cost: Cost) -> Iterator[str]:
    for currency, amount in cost.money.items():
        yield f"{amount:,.2f} {currency}"
    if cost.unknown:
        yield say(_("cli.sheet.and_unknown"))


def _money_table(found: Reported) -> Table:
    made = found.sheet
    table = Table(
        say(_("cli.sheet.country")), say(_("cli.sheet.segments")), say(_("cli.sheet.cost"))
    )
    for country, segments in made.segments.items():
        price = found.prices.get(country)
        cost = (
            say(_("cli.sheet.price_unknown"))
            if price is None
            else f"{segments * price.amount:,.2f} {price.currency}"
        )
        table.add_row(country_name(country), written(segments), cost)
    for currency, amount in made.cost.money.items():
        table.add_section()
        table.add_row(say(_("cli.sheet.sum")), "", f"{amount:,.2f} {currency}")
    return table


def _time_table(made: Sheet) -> Table:
    table = Table(
        say(_("cli.sheet.zone")),
        say(_("cli.sheet.messages")),
        say(_("cli.sheet.first")),
        say(_("cli.sheet.last")),
    )
    for one in made.leaving[:MOST_ROWS]:
        first, last = clock(one.first, one.zone), clock(one.last, one.zone)
        table.add_row(one.zone, written(one.messages), first, last)
    return table


def _length(seconds: float) -> str:
    hours, minutes = divmod(ceil(seconds / 60), 60)
    return f"{hours:,} h {minutes:02} min"


def _named(counts: Mapping[str, int]) -> dict[str, int]:
    return {name or say(_("cli.sheet.unknown")): number for name, number in counts.items()}
