"""An expression written down is read back as the same."""

import csv
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.audience.fields import Field, read_value
from campaigns.audience.language import And, Expression, Not, Or, Saved, Term, parse, written
from contacts.gazetteer import DATA, load_gazetteer
from contacts.model import Relation, Topic
from contacts.places import Region
from kit.channels import WRITTEN
from locales.languages import language_codes

GAZETTEER = load_gazetteer()
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
INSTANTS = st.integers(0, 30_000_000_000_000_000).map(
    lambda number: (EPOCH + timedelta(microseconds=number)).isoformat()
)
DAYS = st.dates(date(1970, 1, 1), date(2999, 12, 31)).map(str)
SIGNS = st.sampled_from(["", "=", ">", ">=", "<", "<="])
LABELS = st.one_of(
    st.from_regex(r"[a-z0-9][a-z0-9-]{0,39}", fullmatch=True),
    st.sampled_from(["and", "or", "not", "saved"]),
)
VALUES: dict[Field, st.SearchStrategy[str]] = {
    Field.TOPIC: st.sampled_from([*Topic]),
    Field.REGION: st.sampled_from([*Region]),
    Field.ORIGIN: st.sampled_from(sorted(GAZETTEER.municipalities)).map(str),
    Field.COUNTRY: st.sampled_from(["US", "MX", "CA", "GT"]),
    Field.STATE: st.sampled_from(["CA", "OR", "OAX", "BCN", "QC", "7"]),
    Field.LANGUAGE: st.sampled_from(sorted(language_codes())),
    Field.RELATION: st.sampled_from([*Relation]),
    Field.CHANNEL: st.sampled_from([*WRITTEN]),
    Field.JOINED: st.builds(str.__add__, SIGNS, st.one_of(DAYS, INSTANTS)),
    Field.TAG: LABELS,
    Field.RECEIVED: st.integers(1, 2**63 - 1).map(str),
}
TERMS = st.sampled_from([*Field]).flatmap(
    lambda field: VALUES[field].map(lambda value: Term(field, read_value(field, value)))
)


def compound(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    parts = st.lists(inner, min_size=2, max_size=4).map(tuple)
    return st.one_of(inner.map(Not), parts.map(And), parts.map(Or))


EXPRESSIONS = st.recursive(st.one_of(TERMS, LABELS.map(Saved)), compound, max_leaves=12)


@given(EXPRESSIONS)
def test_what_is_written_down_is_read_back_as_the_same(expression: Expression) -> None:
    assert parse(written(expression)) == expression


@pytest.mark.parametrize("field", [*Field])
def test_a_value_that_was_read_is_read_again_as_itself(field: Field) -> None:
    @given(VALUES[field])
    def reading(value: str) -> None:
        once = read_value(field, value)
        assert read_value(field, once) == once

    reading()


def test_every_state_and_language_is_read_back_as_itself() -> None:
    with (DATA / "states.csv").open(encoding="utf-8", newline="") as file:
        states = {row["code"] for row in csv.DictReader(file)}
    assert len(states) > 60
    for field, values in ((Field.STATE, states), (Field.LANGUAGE, language_codes())):
        for value in values:
            assert read_value(field, value) == value


@pytest.mark.parametrize(
    "text",
    [
        "topic:fraud and country:US or not state:CA",
        "(topic:fraud or country:US) and not (state:CA and language:mix)",
        "not not topic:fraud",
        'joined:">=2026-11-20T10:00:00Z" and saved:mixteca-us',
    ],
)
def test_no_more_brackets_and_quotes_are_written_than_are_needed(text: str) -> None:
    assert written(parse(text)) == text
