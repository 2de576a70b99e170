"""A file cut into pieces is read as it would be whole."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.csv_file import MAX_LINE, Record, RowError, check_csv, read_rows
from contacts.csv_pieces import cut
from kit.errors import Invalid

COLUMNS = ("a", "b")


def in_pieces(data: bytes, most: int) -> list[Record | RowError]:
    found = cut(BytesIO(data), COLUMNS, most)
    return [row for piece in found.pieces for row in piece.rows(found.header)]


LINES = st.lists(
    st.sampled_from(["1,2", "", '"ñ, ü",x', "one", '"never closed,2', "á,é\r", "z" * 40 + ",1"]),
    max_size=30,
)


@given(LINES, st.integers(1, 200), st.booleans(), st.sampled_from(["", "\ufeff", "\n\n"]))
def test_pieces_hold_the_same_rows_with_the_same_numbers(
    lines: list[str], most: int, ends: bool, start: str
) -> None:
    data = (start + "\n".join(["b,a", *lines]) + ("\n" if ends else "")).encode()
    assert in_pieces(data, most) == list(read_rows(BytesIO(data), COLUMNS))


def test_a_line_that_never_ends_costs_its_own_row_alone() -> None:
    data = b"a,b\n1,2\n" + "ñ".encode() * MAX_LINE * 5 + b"\n3,4\n"
    rows = in_pieces(data, 100)
    assert [row.line for row in rows] == [2, 3, 4]
    assert isinstance(rows[1], RowError)
    assert rows[1].key == "import.line_too_long"
    found = cut(BytesIO(data), COLUMNS, 100)
    assert max(len(piece.data) for piece in found.pieces) < 2 * MAX_LINE


def test_it_goes_on_behind_a_line_that_was_worked() -> None:
    found = cut(BytesIO(b"a,b\n" + b"1,2\n" * 10), COLUMNS, 1_000)
    (piece,) = found.pieces
    assert [row.line for row in piece.rows(found.header, after=9)] == [10, 11]


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "import.empty"),
        (b"\xef\xbb\xbf\n", "import.empty"),
        (b"a,c\n", "import.unknown_columns"),
        ("a,b\n\u00f1,1\n".encode("latin-1"), "import.not_utf_8"),
        ("a,b\n1,2\n".encode("utf-16"), "import.utf_16"),
    ],
)
def test_what_is_no_table_is_refused_before_it_is_cut(data: bytes, key: str) -> None:
    def opened() -> None:
        check_csv(BytesIO(data))
        cut(BytesIO(data), COLUMNS, 10)

    with pytest.raises(Invalid) as refused:
        opened()
    assert refused.value.key == key
