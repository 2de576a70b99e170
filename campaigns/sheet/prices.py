"""What an SMS segment costs in each country, from a table that staff keep.

Prices change and depend on the account, so the table is a file (data/sms_prices.csv unless a
setting names another): country (ISO 3166-1 alpha-2), currency (ISO 4217), price per segment,
source and date of the price, whether somebody of the institute has confirmed it, and a note. A
country that is not in it, or stands there without a price, is unknown and never free.
"""

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

from campaigns.written.quoting import shown
from kit.errors import Invalid
from locales.text import _

TABLE = Path(__file__).resolve().parents[2] / "data" / "sms_prices.csv"
COLUMNS = ("country", "currency", "price", "source", "date", "confirmed", "note")
MOST_BYTES = 1_000_000
MOST_PRICE = Decimal(100)
"""Nobody pays that for a segment: a slip of the pen, such as a comma left out."""

NOWHERE = ""
"""The country of a phone of which nobody knows it."""

_COUNTRY = re.compile(r"[A-Z]{2}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_YES_NO = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Price:
    """What one segment costs. Until it is `confirmed` it is only what somebody published."""

    country: str
    currency: str
    amount: Decimal
    source: str
    on: date
    confirmed: bool


Prices = Mapping[str, Price]
"""By country; a country that is not there is unknown."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What segments cost, as far as it is known.

    `money` is the sum in each currency. `unknown` are the segments, by country, that cost something
    that nobody knows. `unconfirmed` are the countries whose price nobody has confirmed.
    """

    segments: int
    money: Mapping[str, Decimal]
    unknown: Mapping[str, int]
    unconfirmed: tuple[str, ...]


class PricesError(Invalid):
    """The table cannot be used; names its line."""

    code = "prices"


def cost_of(segments: Mapping[str, int], prices: Prices) -> Cost:
    """What so many segments to each country cost."""
    money: defaultdict[str, Decimal] = defaultdict(Decimal)
    unknown: Counter[str] = Counter()
    unconfirmed = []
    for country, number in sorted(segments.items()):
        if not number:
            continue
        price = prices.get(country)
        if price is None:
            unknown[country] += number
            continue
        money[price.currency] += number * price.amount
        if not price.confirmed:
            unconfirmed.append(country)
    return Cost(sum(segments.values()), dict(money), dict(unknown), tuple(unconfirmed))


def sum_of(costs: Collection[Cost]) -> Cost:
    """What several sendings cost: an SMS of each may be of another length."""
    money: defaultdict[str, Decimal] = defaultdict(Decimal)
    unknown: Counter[str] = Counter()
    for cost in costs:
        for currency, amount in cost.money.items():
            money[currency] += amount
        unknown.update(cost.unknown)
    return Cost(
        sum(cost.segments for cost in costs),
        dict(sorted(money.items())),
        dict(sorted(unknown.items())),
        tuple(sorted({country for cost in costs for country in cost.unconfirmed})),
    )


@cache
def load_prices(path: Path = TABLE) -> Prices:
    """The table, read once in a process; raises PricesError, also when it cannot be opened."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError:
        raise PricesError(_("campaigns.prices.unreadable"), file=path.name) from None
    return read_prices(data)


def read_prices(data: bytes) -> Prices:
    """Prices by country; raises PricesError."""
    if len(data) > MOST_BYTES:
        raise PricesError(_("campaigns.prices.too_big"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PricesError(_("campaigns.prices.not_utf8")) from None
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        head = next(rows, [])
        if [name.strip().lower() for name in head] != list(COLUMNS):
            raise PricesError(_("campaigns.prices.columns"), expected=",".join(COLUMNS))
        found: dict[str, Price] = {}
        seen: set[str] = set()
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            country, price = _row(row, rows.line_num)
            if country in seen:
                raise _bad(rows.line_num, _("campaigns.prices.twice"), country)
            seen.add(country)
            if price is not None:
                found[country] = price
    except csv.Error:
        raise PricesError(_("campaigns.prices.not_csv"), line=rows.line_num) from None
    return found


def _row(row: list[str], line: int) -> tuple[str, Price | None]:
    """The country of a line, and its price if it has one."""
    if len(row) != len(COLUMNS):
        raise _bad(line, _("campaigns.prices.cells"), "")
    country, currency, amount, source, day, confirmed, _note = (cell.strip() for cell in row)
    if not _COUNTRY.fullmatch(country):
        raise _bad(line, _("campaigns.prices.country"), country)
    if not amount:
        return country, None
    if not _CURRENCY.fullmatch(currency):
        raise _bad(line, _("campaigns.prices.currency"), currency)
    if confirmed not in _YES_NO:
        raise _bad(line, _("campaigns.prices.confirmed"), confirmed)
    if not source:
        raise _bad(line, _("campaigns.prices.source"), country)
    return country, Price(
        country, currency, _amount(amount, line), source, _day(day, line), _YES_NO[confirmed]
    )


def _amount(written: str, line: int) -> Decimal:
    try:
        amount = Decimal(written)
    except InvalidOperation:
        raise _bad(line, _("campaigns.prices.price"), written) from None
    # A price of nothing would say that SMS are free.
    if not amount.is_finite() or not 0 < amount <= MOST_PRICE:
        raise _bad(line, _("campaigns.prices.price"), written)
    return amount


def _day(written: str, line: int) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise _bad(line, _("campaigns.prices.date"), written) from None


def _bad(line: int, key: str, found: str) -> PricesError:
    return PricesError(key, line=line, found=shown(found))
