"""What staff type about somebody is kept in one form, or refused in words that hold none of it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.people.model import Details, PersonRole
from alerts.people.reading import cleaned, sentence
from kit.errors import Invalid

NOW = datetime(2026, 11, 25, 16, tzinfo=UTC)
WHO = PersonRole.CONCERNED


def test_every_text_is_trimmed_and_a_phone_gets_its_country() -> None:
    kept = cleaned(
        Details(
            WHO,
            name="  Ana\u200b  Cruz\n",
            aliases=("Anita", " anita ", "Ana Cruz", "  "),
            language="Mixteco",
            phones=("+1 213 555 0121", "+1213-555-0121"),
            seen_where="Nogales\t Sonora",
        ),
        NOW,
    )
    assert kept.name == "Ana Cruz"
    assert kept.aliases == ("anita",)
    assert kept.language == "mixteco"
    assert kept.phones == ("+12135550121",)
    assert kept.seen_where == "Nogales Sonora"


def test_somebody_without_a_name_is_kept_by_what_is_known() -> None:
    assert cleaned(Details(WHO, note="un muchacho de Juxtlahuaca"), NOW).name == ""


@pytest.mark.parametrize(
    ("details", "key"),
    [
        (Details(WHO), "people.nothing_known"),
        (Details(WHO, name=" \u200b "), "people.nothing_known"),
        (Details(WHO, name="???"), "people.name_wrong"),
        (Details(WHO, name="a" * 121), "people.field_long"),
        (Details(WHO, note="a" * 2001), "people.field_long"),
        (Details(WHO, aliases=tuple(map(str, range(11)))), "people.too_many"),
        (Details(WHO, phones=("+12135550121",) * 6), "people.too_many"),
        (Details(WHO, phones=("911",)), "people.phone_wrong"),
        (Details(WHO, phones=("Ana",)), "people.phone_wrong"),
        (Details(WHO, name="Ana", language="klingon"), "people.language_unknown"),
        (Details(WHO, name="Ana", seen_at=NOW + timedelta(minutes=1)), "people.seen_later"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_the_error_holds_nothing_of_it(
    details: Details, key: str
) -> None:
    with pytest.raises(Invalid) as error:
        cleaned(details, NOW)
    assert error.value.key == key
    assert "Ana" not in repr(error.value.params)


def test_what_is_known_of_somebody_does_not_show_in_repr() -> None:
    details = Details(WHO, name="Ana Cruz", phones=("+12135550121",), note="llora", language="mixe")
    assert repr(details) == "Details(role=<PersonRole.CONCERNED: 'concerned'>)"


@pytest.mark.parametrize("text", ["", "  ", "\u200b\n"])
def test_a_reason_must_have_words(text: str) -> None:
    with pytest.raises(Invalid):
        sentence(text)


@given(st.text(max_size=200))
def test_any_text_is_kept_or_refused_and_keeping_it_twice_changes_nothing(text: str) -> None:
    try:
        kept = cleaned(Details(WHO, name=text[:60], aliases=(text,), note=text), NOW)
    except Invalid:
        return
    assert cleaned(kept, NOW) == kept
