"""Days and lists, in both languages and within GSM-7."""

from datetime import date, timedelta

import pytest

from delivery.segments import measure
from locales.catalog import render
from locales.phrases import all_of, date_phrase, day_phrase, listed
from locales.text import Phrase


def said(phrase: object, language: str) -> str:
    if isinstance(phrase, Phrase):
        return render(phrase.key, language, phrase.params)
    return str(phrase)


def test_a_day_is_said_with_its_weekday() -> None:
    assert said(day_phrase(date(2026, 11, 23)), "es") == "lunes 23 de noviembre"
    assert said(day_phrase(date(2026, 11, 23)), "en") == "Monday, November 23"


def test_a_saturday_leaves_out_the_accent_that_an_sms_cannot_hold() -> None:
    assert said(day_phrase(date(2026, 11, 28)), "es") == "28 de noviembre"


def test_a_date_is_said_with_its_year() -> None:
    assert said(date_phrase(date(2026, 11, 3)), "es") == "3 de noviembre de 2026"
    assert said(date_phrase(date(2026, 11, 3)), "en") == "November 3, 2026"


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_day_of_a_year_fits_into_gsm_7(language: str) -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    said_so = [said(day_phrase(day), language) + said(date_phrase(day), language) for day in days]
    assert all(measure(text).encoding == "GSM-7" for text in said_so)
    assert len(set(said_so)) == 365


def test_lists_are_said_with_commas_and_an_and() -> None:
    assert said(all_of(["programas"]), "es") == "programas"
    assert said(all_of(["programas", "fraudes"]), "es") == "programas y fraudes"
    assert said(all_of(["a", "b", "c", "d"]), "en") == "a, b, c and d"
    assert said(listed(["a", "b", "c"]), "es") == "a, b, c"


def test_an_empty_list_has_no_words() -> None:
    with pytest.raises(ValueError, match="empty list"):
        all_of([])
    with pytest.raises(ValueError, match="empty list"):
        listed([])
