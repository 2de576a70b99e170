"""An audience as rows that a person fills in selects the same people as the text that it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.audience.builder import Match, Row, Rows, read_rows, to_expression, to_rows
from campaigns.audience.fields import SAVED, Field, FieldError, read_value
from campaigns.audience.language import And, Expression, Not, Or, Saved, Term, parse, written

VALUES = {
    Field.TOPIC: ("fraud", "programs"),
    Field.REGION: ("mixteca", "canada", "istmo"),
    Field.STATE: ("CA", "OR"),
    Field.TAG: ("feria", "and"),
    Field.JOINED: (">2026-01-01", "<=2026-06-30"),
}
TERMS = st.sampled_from([*VALUES]).flatmap(
    lambda asked: st.sampled_from(VALUES[asked]).map(lambda value: Term(asked, value))
)
SAVED_ONES = st.sampled_from(["viveros", "not"]).map(Saved)

Person = frozenset[tuple[str, str]]
"""What is known to hold of somebody."""


def compound(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    parts = st.lists(inner, min_size=2, max_size=4).map(tuple)
    return st.one_of(inner.map(Not), parts.map(And), parts.map(Or))


def asked(one: Term | Saved) -> tuple[str, str]:
    return (SAVED, one.name) if isinstance(one, Saved) else (one.field.value, one.value)


EXPRESSIONS = st.recursive(st.one_of(TERMS, SAVED_ONES), compound, max_leaves=7)
EVERYTHING = [(field.value, value) for field, values in VALUES.items() for value in values]
PEOPLE = st.frozensets(st.sampled_from([*EVERYTHING, (SAVED, "viveros"), (SAVED, "not")]))
ROW = st.sampled_from([*VALUES]).flatmap(
    lambda field: st.builds(
        Row,
        st.just(field.value),
        st.lists(st.sampled_from(VALUES[field]), max_size=3).map(tuple),
        st.booleans(),
    )
)
ROWS = st.builds(Rows, st.sampled_from(Match), st.lists(ROW, max_size=5).map(tuple))


def holds(expression: Expression, person: Person) -> bool:
    match expression:
        case And(parts):
            return all(holds(part, person) for part in parts)
        case Or(parts):
            return any(holds(part, person) for part in parts)
        case Not(part):
            return not holds(part, person)
        case one:
            return asked(one) in person


def meets(rows: Rows, person: Person) -> bool:
    """The plain reading of what stands on the page."""
    met = [
        any((row.field, value) in person for value in row.values) is not row.negated
        for row in rows.rows
        if row.values
    ]
    return all(met) if rows.match is Match.ALL else any(met)


@given(EXPRESSIONS, st.lists(PEOPLE, min_size=1, max_size=12))
def test_rows_select_the_same_people_as_their_expression(
    expression: Expression, people: list[Person]
) -> None:
    rows = to_rows(expression)
    if rows is None:
        return
    said = to_expression(rows)
    for person in people:
        assert meets(rows, person) == holds(expression, person) == holds(parse(said), person)
    assert to_rows(parse(said)) == rows
    assert to_expression(rows) == said


@given(ROWS, st.lists(PEOPLE, min_size=1, max_size=12))
def test_what_is_filled_in_is_what_is_selected(typed: Rows, people: list[Person]) -> None:
    said = to_expression(typed)
    if not said:
        assert not any(row.values for row in typed.rows)
        return
    read = read_rows(typed)
    assert not read.faults
    assert to_rows(parse(said)) == read.rows
    assert to_rows(parse(to_expression(read.rows))) == read.rows
    for person in people:
        assert meets(typed, person) == holds(parse(said), person) == meets(read.rows, person)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("region:mixteca", Rows(Match.ALL, (Row("region", ("mixteca",)),))),
        ("(region:mixteca)", Rows(Match.ALL, (Row("region", ("mixteca",)),))),
        ("not not saved:viveros", Rows(Match.ALL, (Row("saved", ("viveros",)),))),
        (
            "region:mixteca and country:US and (state:OR or state:WA)",
            Rows(
                Match.ALL,
                (
                    Row("region", ("mixteca",)),
                    Row("country", ("US",)),
                    Row("state", ("OR", "WA")),
                ),
            ),
        ),
        # One of several values of one field is one condition, however it stands there.
        ("state:OR or state:WA", Rows(Match.ALL, (Row("state", ("OR", "WA")),))),
        ("not state:CA and not state:OR", Rows(Match.ALL, (Row("state", ("CA", "OR"), True),))),
        ("not (state:CA or state:OR)", Rows(Match.ALL, (Row("state", ("CA", "OR"), True),))),
        (
            "topic:fraud and topic:programs",
            Rows(Match.ALL, (Row("topic", ("fraud",)), Row("topic", ("programs",)))),
        ),
        (
            "not (region:mixteca and country:US)",
            Rows(Match.ANY, (Row("region", ("mixteca",), True), Row("country", ("US",), True))),
        ),
        (
            "state:CA or received:12 or state:OR",
            Rows(Match.ANY, (Row("state", ("CA", "OR")), Row("received", ("12",)))),
        ),
        (
            "tag:feria or (not state:CA and not state:OR)",
            Rows(Match.ANY, (Row("tag", ("feria",)), Row("state", ("CA", "OR"), True))),
        ),
        ("region:mixteca and region:mixteca", Rows(Match.ALL, (Row("region", ("mixteca",)),))),
    ],
)
def test_a_text_becomes_the_rows_that_one_would_write(text: str, rows: Rows) -> None:
    assert to_rows(parse(text)) == rows


@pytest.mark.parametrize(
    "text",
    [
        "region:mixteca and (state:CA or country:MX)",
        "region:mixteca or (state:CA and country:MX)",
        "region:mixteca and not (state:CA and country:MX)",
        "country:US and (state:CA or (state:OR and topic:fraud))",
        # Nobody can have both: it is no single condition.
        "region:mixteca or (state:CA and state:OR)",
        "region:mixteca and (state:CA or not state:OR)",
    ],
)
def test_what_no_rows_can_say_stays_a_text(text: str) -> None:
    assert to_rows(parse(text)) is None


def test_rows_that_would_be_too_long_a_text_are_none() -> None:
    terms = " or ".join(f"tag:a{number:03}-{'x' * 6}" for number in range(200))
    whole = f"not ({terms})"
    assert len(whole) <= 4_000 < len(whole) + 4 * 199
    assert to_rows(parse(whole)) is None
    assert to_rows(parse(terms)) is not None


def test_values_are_read_as_people_write_them_and_what_is_none_is_told_at_its_row() -> None:
    typed = Rows(
        Match.ALL,
        (
            Row("region", ("Valles-Centrales", "valles_centrales", " ")),
            Row("origin", ("San Juan Mixtepec",)),
            Row("tag", ("",)),
            Row("saved", ("No Name",)),
            Row("state", ("California",), True),
        ),
    )
    read = read_rows(typed)
    expected = (Row("region", ("valles_centrales",)), Row("state", ("CA",), True))
    assert read.rows == Rows(Match.ALL, expected)
    assert set(read.faults) == {1, 3}
    assert "campaigns.audience.origin_ambiguous" in read.faults[1].key
    assert to_expression(read.rows) == "region:valles_centrales and not state:CA"


def test_a_value_can_never_become_a_condition_of_its_own() -> None:
    for value in ('x" or topic:fraud or tag:"y', "x or topic:fraud", ")", '"'):
        for field in (*Field, SAVED):
            read = read_rows(Rows(Match.ALL, (Row(str(field), (value,)),)))
            assert read.faults or not read.rows.rows


def test_nothing_filled_in_asks_nothing() -> None:
    assert to_expression(Rows()) == ""
    assert read_rows(Rows(Match.ANY, (Row("tag", ()),))).rows.rows == ()
    assert written(parse("tag:feria")) == to_expression(Rows(Match.ANY, (Row("tag", ("feria",)),)))


def test_the_values_of_these_tests_are_those_of_the_tables() -> None:
    for field, values in VALUES.items():
        for value in values:
            try:
                assert read_value(field, value) == value
            except FieldError as error:
                raise AssertionError(value) from error
