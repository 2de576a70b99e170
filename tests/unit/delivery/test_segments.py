"""Segments against the vectors in data/ and two packages that count independently."""

import csv
from pathlib import Path

import gsm0338
import pytest
import smsutil
from hypothesis import example, given
from hypothesis import strategies as st

from delivery.segments import GSM_7, GSM_EXTENSION, measure, split

VECTORS = Path(__file__).parents[3] / "data" / "sms_segment_vectors.csv"

with VECTORS.open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))

gsm_texts = st.text(st.sampled_from(sorted(GSM_7)), min_size=1, max_size=700)
# Few signs of one unit and many of two: cuts then fall on the pairs.
pair_texts = st.text(st.sampled_from("ab€[^👍á"), min_size=1, max_size=700)
# gsm0338 and smsutil take the bare escape sign for text; we do not, see GSM_BASIC.
any_texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x1b"), min_size=1, max_size=400
)


@pytest.mark.parametrize("row", ROWS, ids=range(len(ROWS)))
def test_every_vector_has_its_encoding_units_and_segments(row: dict[str, str]) -> None:
    found = measure(row["text"])
    expected = (row["encoding"], int(row["units"]), int(row["segments"]))
    assert (found.encoding, found.units, found.segments) == expected


@given(gsm_texts)
def test_gsm_texts_have_as_many_septets_as_gsm0338_encodes(text: str) -> None:
    encoded, _ = gsm0338.Codec().encode(text)
    found = measure(text)
    assert (found.encoding, found.units) == ("GSM-7", len(encoded))


@given(gsm_texts | pair_texts | any_texts)
@example("a" * 152 + "€" + "a" * 10)
@example("á" * 66 + "👍" + "á" * 10)
def test_segments_are_those_of_smsutil(text: str) -> None:
    theirs = smsutil.split(text)
    ours = measure(text)
    assert split(text) == tuple(part.content for part in theirs.parts)
    assert ours.segments == len(theirs.parts)
    assert ours.encoding == ("GSM-7" if theirs.encoding == "gsm0338" else "UCS-2")
    assert ours.units * (1 if ours.encoding == "GSM-7" else 2) == theirs.total_bytes


@given(gsm_texts | pair_texts | any_texts)
def test_the_segments_joined_are_the_text_and_each_one_fits(text: str) -> None:
    parts = split(text)
    found = measure(text)
    assert "".join(parts) == text
    assert len(parts) == found.segments
    if len(parts) > 1:
        limit = 153 if found.encoding == "GSM-7" else 67
        # A part of a UCS-2 text may be GSM-7 by itself; it travels in the encoding of the whole.
        wide = GSM_EXTENSION if found.encoding == "GSM-7" else {c for c in text if c > "\uffff"}
        assert all(len(part) + sum(c in wide for c in part) <= limit for part in parts)


def test_blockers_name_each_sign_outside_gsm_7_once_in_order() -> None:
    assert measure("Información: aquí, también aquí 👍").blockers == ("ó", "í", "👍")


def test_signs_of_the_spanish_rule_fit_and_accents_do_not() -> None:
    assert measure("é É ñ Ñ ü Ü ¿ ¡").encoding == "GSM-7"
    assert measure("áíóúÁÍÓÚçºª«»’“”").blockers == tuple("áíóúÁÍÓÚçºª«»’“”")


def test_the_empty_text_costs_one_segment_of_no_units() -> None:
    assert measure("").units == 0
    assert measure("").segments == 1
    assert split("") == ("",)


def test_the_escape_sign_is_not_text_of_gsm_7() -> None:
    assert measure("a\x1bb").encoding == "UCS-2"
