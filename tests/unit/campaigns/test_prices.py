"""What an SMS costs, and what is said where nobody knows."""

from datetime import date
from decimal import Decimal

import pytest

from campaigns.sheet.prices import (
    COLUMNS,
    NOWHERE,
    Price,
    PricesError,
    cost_of,
    load_prices,
    read_prices,
)

HEAD = ",".join(COLUMNS)
US = Price("US", "USD", Decimal("0.0083"), "a page", date(2026, 11, 9), confirmed=True)
GT = Price("GT", "GTQ", Decimal("0.5"), "a page", date(2026, 11, 9), confirmed=False)


def table(*lines: str) -> bytes:
    return "\n".join((HEAD, *lines)).encode()


def refusal(data: bytes) -> tuple[str, object]:
    with pytest.raises(PricesError) as caught:
        read_prices(data)
    return caught.value.key.rpartition(".")[2], caught.value.params.get("line")


def test_segments_cost_their_countrys_price() -> None:
    cost = cost_of({"US": 1_000_000, "GT": 3}, {"US": US, "GT": GT})
    assert cost.money == {"USD": Decimal("8300"), "GTQ": Decimal("1.5")}
    assert cost.segments == 1_000_003
    assert cost.unknown == {}


def test_a_country_without_a_price_is_unknown_and_never_free() -> None:
    cost = cost_of({"US": 10, "MX": 7, NOWHERE: 2}, {"US": US})
    assert cost.money == {"USD": Decimal("0.083")}
    assert cost.unknown == {"MX": 7, NOWHERE: 2}
    assert cost_of({"MX": 7}, {}).money == {}


def test_nobody_in_a_country_costs_nothing_and_leaves_nothing_unknown() -> None:
    assert cost_of({"MX": 0}, {}).unknown == {}


def test_a_price_that_nobody_has_confirmed_is_named() -> None:
    assert cost_of({"US": 1, "GT": 1}, {"US": US, "GT": GT}).unconfirmed == ("GT",)


def test_money_is_exact() -> None:
    assert cost_of({"US": 3}, {"US": US}).money["USD"] == Decimal("0.0249")


def test_every_price_of_the_project_has_its_source_and_none_is_confirmed_yet() -> None:
    prices = load_prices()
    assert {country for country, price in prices.items() if price.confirmed} == set()
    assert all("http" in price.source for price in prices.values())
    assert "MX" not in prices
    assert prices["US"].amount == Decimal("0.0083")


def test_a_table_is_read_with_its_empty_prices_left_unknown() -> None:
    read = read_prices(table('US,USD,0.0083,"a, page",2026-11-09,yes,', "", "MX,USD,,,,no,ask"))
    assert read == {"US": Price("US", "USD", Decimal("0.0083"), "a, page", US.on, confirmed=True)}


def test_a_table_from_a_spreadsheet_with_its_mark_and_line_ends_is_read() -> None:
    data = table("US,USD,0.0083,a page,2026-11-09,yes,").replace(b"\n", b"\r\n")
    assert read_prices(b"\xef\xbb\xbf" + data) == {"US": US}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("USA,USD,1,a,2026-11-09,no,", "country"),
        ("us,USD,1,a,2026-11-09,no,", "country"),
        ("US,dollars,1,a,2026-11-09,no,", "currency"),
        ("US,USD,0,a,2026-11-09,no,", "price"),
        ("US,USD,-1,a,2026-11-09,no,", "price"),
        ("US,USD,NaN,a,2026-11-09,no,", "price"),
        ("US,USD,Infinity,a,2026-11-09,no,", "price"),
        ("US,USD,8300,a,2026-11-09,no,", "price"),
        ("US,USD,free,a,2026-11-09,no,", "price"),
        ("US,USD,1,,2026-11-09,no,", "source"),
        ("US,USD,1,a,yesterday,no,", "date"),
        ("US,USD,1,a,2026-11-09,maybe,", "confirmed"),
        ("US,USD,1,a,2026-11-09", "cells"),
        ('US,USD,1,"a,2026-11-09,no,', "not_csv"),
        ('US,USD,"1" 2,a,2026-11-09,no,', "not_csv"),
    ],
)
def test_a_line_that_is_wrong_is_named(line: str, why: str) -> None:
    assert refusal(table("GT,GTQ,0.5,a page,2026-11-09,no,", line)) == (why, 3)


def test_a_country_that_stands_there_twice_is_refused() -> None:
    line = "US,USD,1,a,2026-11-09,no,"
    assert refusal(table(line, "MX,,,,,,", line)) == ("twice", 4)
    assert refusal(table("MX,,,,,,", "MX,,,,,,")) == ("twice", 3)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "columns"),
        (b"country;price\nUS;1", "columns"),
        ("país".encode("latin-1"), "not_utf8"),
        (b"PK\x03\x04" + bytes(range(256)), "not_utf8"),
        (b"x" * 1_000_001, "too_big"),
    ],
)
def test_what_is_no_table_of_prices_is_refused(data: bytes, why: str) -> None:
    assert refusal(data)[0] == why
