"""How the sheet before sending is shown: as a document, and as tables for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

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
from campaigns.model import Campaign
from campaigns.sheet.cautions import Caution
from campaigns.sheet.model import UNKNOWN_COUNTRY, Sheet
from campaigns.sheet.prices import Prices
from locales.text import _


@dataclass(frozen=True, slots=True)
class Reported:
    """A campaign and its sheet."""

    campaign: Campaign
    sheet: Sheet
    prices: Prices


def sheet_document(found: Reported) -> Document:
    """What `sheet --json` prints. Instants are UTC, money is exact text."""
    made = found.sheet
    counted = made.reckoned.counted
    return {
        "id": found.campaign.id,
        "state": found.campaign.state,
        "done": made.reckoned.done,
        "share": round(made.reckoned.share, 3),
        "counted_at": stamp(made.reckoned.counted_at),
        "series": made.series,
        "audience": {
            "total": counted.total,
            "people": counted.people,
            "by_channel": counted.by_channel(),
            "by_language": counted.by_language(),
            "by_region": counted.by_region(),
            "excluded": counted.by_reason(),
        },
        "sms": {
            "by_language": {
                one.language: {
                    "encoding": one.cost.encoding,
                    "units": one.cost.units,
                    "segments": one.cost.segments,
                    "people": one.people,
                    "all_segments": one.segments,
                }
                for one in made.sms
            },
            "by_country": {
                country or UNKNOWN_COUNTRY: {"segments": segments, **_price(country, found.prices)}
                for country, segments in made.segments.items()
            },
            "cost": cost_document(made.cost),
        },
        "seconds": {channel: _rounded(wait) for channel, wait in made.seconds.items()},
        "due_at": None if made.occurrence is None else stamp(made.occurrence.due_at),
        "first": stamp(made.first),
        "last": stamp(made.last),
        "zones": [
            {
                "zone": one.zone,
                "messages": one.messages,
                "first": stamp(one.first),
                "last": stamp(one.last),
                "late": one.late,
            }
            for one in made.leaving
        ],
        "cautions": [
            {"kind": one.kind, "people": one.people, "message": _sentence(one)}
            for one in made.cautions
        ],
    }


def print_sheet(found: Reported) -> None:
    """What to look at again first, then people, money and time."""
    made = found.sheet
    counted = made.reckoned.counted
    print_heading(found.campaign)
    if not made.reckoned.done:
        screen.print(say(_("cli.figures.growing"), share=int(100 * made.reckoned.share)))
    for one in made.cautions:
        screen.print(f"! {_sentence(one)}", style="yellow", markup=False, highlight=False)
    people = Table(show_header=False)
    people.add_row(say(_("cli.sheet.total")), written(counted.total))
    people.add_row(say(_("cli.sheet.people")), written(counted.people), style="bold")
    for part in (counted.by_channel(), counted.by_language(), _named(counted.by_region())):
        people.add_section()
        add_counts(people, part)
    people.add_section()
    add_counts(people, {why(reason): number for reason, number in counted.by_reason().items()})
    if made.series:
        screen.print(say(_("cli.sheet.series")))
    screen.print(people)
    if made.segments:
        screen.print(_money_table(found))
        screen.print(say(_("cli.sheet.estimate")))
    if made.leaving:
        screen.print(_time_table(made))
        screen.print(say(_("cli.sheet.clocks")))
    for channel, wait in made.seconds.items():
        if wait is not None:
            lasts = say(_("cli.sheet.lasts"), channel=channel, time=_length(wait))
            screen.print(lasts, highlight=False)


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
        table.add_row(country or UNKNOWN_COUNTRY, written(segments), cost)
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


def _price(country: str, prices: Prices) -> Document:
    price = prices.get(country)
    if price is None:
        return {"price": None, "currency": None, "confirmed": None}
    return {
        "price": str(price.amount),
        "currency": price.currency,
        "confirmed": price.confirmed,
    }


def _named(counts: Mapping[str, int]) -> dict[str, int]:
    return {name or say(_("cli.sheet.unknown")): number for name, number in counts.items()}


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)


def _sentence(one: Caution) -> str:
    return say(one.phrase.key, **one.phrase.params)
