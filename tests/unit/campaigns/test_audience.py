"""The audience language: what it reads, and where and why it refuses."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.audience.fields import FIELDS, SAVED, Field, joined_between
from campaigns.audience.language import (
    MOST_DEPTH,
    MOST_SIGNS,
    MOST_TERMS,
    And,
    AudienceError,
    Expression,
    Not,
    Or,
    Saved,
    Term,
    leaves,
    parse,
)

FRAUD = Term(Field.TOPIC, "fraud")
MIXTECA = Term(Field.REGION, "mixteca")
TLAXIACO = Term(Field.ORIGIN, "20397")
US = Term(Field.COUNTRY, "US")
CALIFORNIA = Term(Field.STATE, "CA")
OREGON = Term(Field.STATE, "OR")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("topic:fraud", FRAUD),
        ("  TOPIC : Fraud ", FRAUD),
        ("topic:fraud and country:US", And((FRAUD, US))),
        ("topic:fraud or country:us and state:CA", Or((FRAUD, And((US, CALIFORNIA))))),
        ("(topic:fraud or country:US) and state:CA", And((Or((FRAUD, US)), CALIFORNIA))),
        ("not not topic:fraud", Not(Not(FRAUD))),
        ("not topic:fraud and country:US", And((Not(FRAUD), US))),
        ("country:US AND NOT state:CA", And((US, Not(CALIFORNIA)))),
        # Oregon's code is a word of the language too.
        ("state:OR or state:or", Or((OREGON, OREGON))),
        ('region:"Valles Centrales"', Term(Field.REGION, "valles_centrales")),
        ("region:valles-centrales", Term(Field.REGION, "valles_centrales")),
        ("region:Cañada", Term(Field.REGION, "canada")),
        ("origin:20397", TLAXIACO),
        ('origin:"Heroica Ciudad de Tlaxiaco"', TLAXIACO),
        ("origin:tlaxiaco", TLAXIACO),
        ("country:mexico", Term(Field.COUNTRY, "MX")),
        ("state:california", CALIFORNIA),
        ("state:oax", Term(Field.STATE, "OAX")),
        ("language:mix", Term(Field.LANGUAGE, "mix")),
        ("relation:family", Term(Field.RELATION, "family")),
        ("channel:sms", Term(Field.CHANNEL, "sms")),
        ("joined:2026-01-01", Term(Field.JOINED, "2026-01-01")),
        ("joined:=2026-01-01", Term(Field.JOINED, "2026-01-01")),
        ("joined:>2026-01-01", Term(Field.JOINED, ">2026-01-01")),
        ('joined:"<= 2026-01-01"', Term(Field.JOINED, "<=2026-01-01")),
        ('joined:">=2026-11-20T10:00:00Z"', Term(Field.JOINED, ">=2026-11-20T10:00:00Z")),
        ('joined:"<2026-11-20 04:00-06:00"', Term(Field.JOINED, "<2026-11-20T10:00:00Z")),
        ('joined:"2026-11-20t10:00:00.5z"', Term(Field.JOINED, "2026-11-20T10:00:00.500000Z")),
        ("tag:Feria-2026", Term(Field.TAG, "feria-2026")),
        ("tag:or", Term(Field.TAG, "or")),
        ("received:12", Term(Field.RECEIVED, "12")),
        ("received:0012", Term(Field.RECEIVED, "12")),
        ("saved:mixteca-us", Saved("mixteca-us")),
        ("SAVED:Mixteca-US and not saved:x", And((Saved("mixteca-us"), Not(Saved("x"))))),
        (
            "topic:fraud and (region:mixteca or origin:20399) and country:US and not state:CA "
            "and language:mix",
            And(
                (
                    FRAUD,
                    Or((MIXTECA, Term(Field.ORIGIN, "20399"))),
                    US,
                    Not(CALIFORNIA),
                    Term(Field.LANGUAGE, "mix"),
                )
            ),
        ),
    ],
)
def test_an_expression_is_read_as_it_is_meant(text: str, expected: Expression) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("text", "position", "reason"),
    [
        ("", 1, "empty"),
        (" \n\t ", 1, "empty"),
        ("topic", 6, "ended"),
        ("topic:", 7, "ended"),
        ("topic fraud", 7, "unexpected"),
        ("topic:fraud country:US", 13, "unexpected"),
        ("topic:fraud and", 16, "ended"),
        ("topic:fraud and or country:US", 17, "unexpected"),
        ("(topic:fraud", 13, "ended"),
        ("topic:fraud)", 12, "unexpected"),
        ("()", 2, "unexpected"),
        ("topic:(fraud)", 7, "unexpected"),
        ('"topic":fraud', 1, "unexpected"),
        ('origin:"Tlaxiaco', 8, "unclosed_quote"),
        ("town:Tlaxiaco", 1, "unknown_field"),
        ("topic:fraud and towns:x", 17, "unknown_field"),
        ("topic:news", 7, "unknown_value"),
        ("topic:fraud and region:norte", 24, "unknown_value"),
        ("origin:nowhere", 8, "unknown_value"),
        ("origin:20999", 8, "unknown_value"),
        # A misspelling would choose other people.
        ("origin:tlaxiacco", 8, "unknown_value"),
        ('origin:"San Juan Mixtepec"', 8, "origin_ambiguous"),
        ("country:Oaxaca", 9, "unknown_value"),
        ("country:ZZ", 9, "unknown_value"),
        ("state:nowhere", 7, "unknown_value"),
        ("language:klingon", 10, "unknown_value"),
        ("relation:cousin", 10, "unknown_value"),
        ("channel:fax", 9, "unknown_value"),
        ("topic:fraud and joined:2026", 24, "unknown_value"),
        ("joined:>", 8, "unknown_value"),
        ("joined:=>2026-01-01", 8, "unknown_value"),
        ("joined:2026-02-30", 8, "unknown_value"),
        ("joined:20260101", 8, "unknown_value"),
        ("joined:1969-12-31", 8, "unknown_value"),
        ("joined:9999-12-31", 8, "unknown_value"),
        ("joined:٢٠٢٦-01-01", 8, "unknown_value"),
        # Its colons need quotes, and by whose clock it is must be said.
        ("joined:2026-01-01T10:00:00Z", 8, "unknown_value"),
        ('joined:"2026-01-01T10:00:00"', 8, "unknown_value"),
        ('joined:"2026-01-01T25:00Z"', 8, "unknown_value"),
        ('joined:"2026-01-01T10:00+99:00"', 8, "unknown_value"),
        ('joined:"1970-01-01T10:00+14:00"', 8, "unknown_value"),
        ("tag:año", 5, "unknown_value"),
        ("tag:-x", 5, "unknown_value"),
        ("tag:" + "x" * 41, 5, "unknown_value"),
        ('tag:""', 5, "unknown_value"),
        ("not received:x", 14, "unknown_value"),
        ("received:0", 10, "unknown_value"),
        ("received:-1", 10, "unknown_value"),
        ("received:١٢", 10, "unknown_value"),
        ("received:9223372036854775808", 10, "unknown_value"),
        ("saved:a_b", 7, "unknown_value"),
        ("saved:(x)", 7, "unexpected"),
    ],
)
def test_an_error_names_the_place_and_the_reason(text: str, position: int, reason: str) -> None:
    with pytest.raises(AudienceError) as caught:
        parse(text)
    assert (caught.value.position, caught.value.reason.key.split(".")[-1]) == (position, reason)


def test_an_unknown_field_is_answered_with_all_that_exist() -> None:
    with pytest.raises(AudienceError) as caught:
        parse("town:x")
    assert str(caught.value.reason.params["fields"]).split(", ") == [*FIELDS, SAVED]


def test_every_term_knows_where_its_value_stands() -> None:
    found = leaves(parse('topic:fraud and (not received:12 or saved:a) and joined:">2026-01-01"'))
    assert [one.position for one in found] == [7, 31, 43, 57]


@pytest.mark.parametrize(
    ("value", "begins", "ends"),
    [
        ("2026-01-01", "2026-01-01T06:00", "2026-01-02T06:00"),
        (">2026-01-01", "2026-01-02T06:00", None),
        (">=2026-01-01", "2026-01-01T06:00", None),
        ("<2026-01-01", None, "2026-01-01T06:00"),
        ("<=2026-01-01", None, "2026-01-02T06:00"),
        # In 2022 Oaxaca's clocks still went back, on that day of 25 hours.
        ("2022-10-30", "2022-10-30T05:00", "2022-10-31T06:00"),
        (">2026-11-20T10:00:00Z", "2026-11-20T10:00:00.000001", None),
        (">=2026-11-20T10:00:00Z", "2026-11-20T10:00", None),
        ("<2026-11-20T10:00:00Z", None, "2026-11-20T10:00"),
        ("<=2026-11-20T10:00:00Z", None, "2026-11-20T10:00:00.000001"),
        ("2026-11-20T10:00:00Z", "2026-11-20T10:00", "2026-11-20T10:00:00.000001"),
    ],
)
def test_a_day_of_joining_is_one_by_oaxacas_clock(
    value: str, begins: str | None, ends: str | None
) -> None:
    expected = tuple(
        None if one is None else datetime.fromisoformat(one).replace(tzinfo=UTC)
        for one in (begins, ends)
    )
    assert joined_between(value) == expected


def test_a_name_of_two_towns_is_answered_with_their_claves() -> None:
    with pytest.raises(AudienceError) as caught:
        parse('origin:"San Juan Mixtepec"')
    choices = str(caught.value.reason.params["choices"])
    assert "20208" in choices
    assert "20209" in choices


def test_an_error_never_carries_what_was_written_in_its_own_text() -> None:
    with pytest.raises(AudienceError) as caught:
        parse("town:Tlaxiaco")
    assert str(caught.value) == "audience"


def test_what_is_shown_of_a_wrong_value_is_short_and_obeys_no_terminal() -> None:
    with pytest.raises(AudienceError) as caught:
        parse('topic:"\x1b[31m' + "x" * 3_000 + '"')
    found = str(caught.value.reason.params["found"])
    assert found.isprintable()
    assert len(found) < 60


@pytest.mark.parametrize(
    ("text", "position", "reason"),
    [
        ("x" * (MOST_SIGNS + 1), MOST_SIGNS + 1, "too_long"),
        (" or ".join(["topic:fraud"] * (MOST_TERMS + 1)), 15 * MOST_TERMS + 1, "too_many"),
        ("(" * (MOST_DEPTH + 1) + "topic:fraud", MOST_DEPTH + 1, "too_deep"),
        ("not " * (MOST_DEPTH + 1) + "topic:fraud", 4 * MOST_DEPTH + 1, "too_deep"),
    ],
)
def test_what_is_out_of_bounds_is_refused(text: str, position: int, reason: str) -> None:
    with pytest.raises(AudienceError) as caught:
        parse(text)
    assert (caught.value.position, caught.value.reason.key.split(".")[-1]) == (position, reason)


def test_what_is_just_within_bounds_is_read() -> None:
    parse(" or ".join(["topic:fraud"] * MOST_TERMS))
    parse("(" * MOST_DEPTH + "topic:fraud" + ")" * MOST_DEPTH)
    # The depth counts what is open at once, not what was opened in all.
    parse(" and ".join(["(topic:fraud)"] * (MOST_DEPTH + 10)))


def position_of_fault(text: str) -> int | None:
    try:
        parse(text)
    except AudienceError as error:
        return error.position
    return None


PIECES = st.sampled_from(
    [*FIELDS, "and", "or", "not", "(", ")", ":", '"', " ", "fraud", "mixteca", "US", "CA", "20399"]
)


@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=60).map(" ".join)))
def test_no_text_at_all_breaks_the_parser(text: str) -> None:
    assert position_of_fault(text) in (None, *range(1, len(text) + 2))


TERMS = st.sampled_from(["topic:fraud", "country:US", "state:OR", "region:mixteca", "origin:20399"])
EXPRESSIONS = st.recursive(
    TERMS,
    lambda inner: st.one_of(
        inner.map(lambda one: f"not ({one})"),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(
            lambda parts: f"({parts[0]}) {parts[1]} ({parts[2]})"
        ),
    ),
    max_leaves=12,
)


@given(EXPRESSIONS)
def test_every_well_formed_expression_is_read(text: str) -> None:
    parse(text)
