"""What somebody should look at again in a text: days that have passed, links that are open."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.sheet.cautions import Cautioned, of_text, open_links, past_dates

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("El taller es el 15 de noviembre.", "15 de noviembre"),
        ("el 15 de noviembre de 2026 a las 10", "15 de noviembre de 2026"),
        ("EL 15 DE NOVIEMBRE DEL 2025", "15 DE NOVIEMBRE DEL 2025"),
        ("antes del 1º de octubre", "1º de octubre"),
        ("hasta el 20 nov 2026", "20 nov 2026"),
        ("on November 15, 2026 at 10", "November 15, 2026"),
        ("on Nov. 3rd", "Nov. 3rd"),
        ("the 15th of November", "15th of November"),
        ("vence 2026-11-01", "2026-11-01"),
        ("vence 15/11/2026", "15/11/2026"),
        ("vence 1.11.2026", "1.11.2026"),
        ("03/04/2026", "03/04/2026"),
    ],
)
def test_a_day_that_has_passed_is_found(text: str, found: str) -> None:
    assert past_dates(text, TODAY) == (found,)


@pytest.mark.parametrize(
    "text",
    [
        "el 23 de noviembre",
        "el 24 de noviembre de 2026",
        # The coming one: nobody invites to a day of ten months ago.
        "el 15 de enero",
        "el 15 de mayo",
        "on January 15",
        "2026-12-01",
        # The third of December, or the twelfth of March.
        "03/12/2026",
        "31 de febrero de 2026",
        "abierto 24/7, 10/10, 1/2 kilo",
        "llame a las 10:15",
        "los 12 mayores de 2026",
        "sección 3.11.20261",
        "folio 2026-11-01-7",
        "",
    ],
)
def test_a_day_to_come_and_what_is_no_day_are_left_alone(text: str) -> None:
    assert past_dates(text, TODAY) == ()


def test_each_day_is_told_once_in_the_order_of_the_text() -> None:
    text = "2026-11-01, 15 de noviembre, 2026-11-01"
    assert past_dates(text, TODAY) == ("2026-11-01", "15 de noviembre")


@given(st.dates(min_value=date(2001, 1, 1), max_value=date(2090, 1, 1)), st.integers(-180, 180))
def test_a_whole_date_has_passed_exactly_when_it_lies_before(day: date, after: int) -> None:
    now = date.fromordinal(day.toordinal() + after)
    assert bool(past_dates(f"el {day.isoformat()} a las 10", now)) == (after > 0)


@given(st.text(max_size=300))
def test_no_text_breaks_the_search(text: str) -> None:
    past_dates(text, TODAY)
    open_links(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("vea http://example.org/visas.", ("http://example.org/visas",)),
        ("HTTP://EXAMPLE.ORG", ("HTTP://EXAMPLE.ORG",)),
        ("[aquí](http://example.org)", ("http://example.org",)),
        ("vea www.example.org, por favor", ("www.example.org",)),
        ("vea https://www.example.org/a?b=c", ()),
        ("escriba a ana@www.example.org", ()),
    ],
)
def test_links_that_are_not_https_are_found(text: str, found: tuple[str, ...]) -> None:
    assert open_links(text) == found


def test_a_text_is_judged_for_both() -> None:
    found = list(of_text("El 1 de noviembre en http://example.org", "es", TODAY))
    assert [one.kind for one in found] == [Cautioned.PAST_DATE, Cautioned.NOT_HTTPS]
    assert found[0].phrase.params == {"found": "1 de noviembre", "language": "es"}
