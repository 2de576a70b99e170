"""Files that are no CSV, or nearly one: what is said of each."""

import csv
import io
import zipfile
from pathlib import Path

import pytest

from contacts.csv_file import MAX_LINE, Record, RowError, fault_of, open_csv, read_rows
from kit.errors import Invalid

COLUMNS = ("phone", "name")


def read(path: Path) -> list[Record | RowError]:
    with open_csv(path) as file:
        return list(read_rows(file, COLUMNS))


def refusal(path: Path) -> str:
    with pytest.raises(Invalid) as refused:
        read(path)
    return refused.value.key


def written(folder: Path, content: bytes) -> Path:
    path = folder / "file.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_utf_8_is_read_with_and_without_its_mark_and_with_either_line_end(
    tmp_path: Path, mark: bytes, end: bytes
) -> None:
    path = written(tmp_path, mark + end.join([b"phone,name", "1,Ñuu ꞌ".encode(), b""]))
    assert read(path) == [Record(2, {"phone": "1", "name": "Ñuu ꞌ"})]


def test_columns_may_stand_in_any_order_and_case(tmp_path: Path) -> None:
    path = written(tmp_path, b"Name , PHONE\nAna,1\n")
    assert read(path) == [Record(2, {"name": "Ana", "phone": "1"})]


def test_a_quoted_cell_may_hold_commas_and_quotes(tmp_path: Path) -> None:
    path = written(tmp_path, b'phone,name\n1,"Casa ""Ana"", 2"\n')
    assert read(path) == [Record(2, {"phone": "1", "name": 'Casa "Ana", 2'})]


def test_lines_are_counted_as_an_editor_shows_them(tmp_path: Path) -> None:
    path = written(tmp_path, b"\nphone,name\n\n1,a\n,\n2\n3,c\n")
    rows = read(path)
    assert [row.line for row in rows] == [4, 6, 7]
    assert rows[1] == RowError(6, "", "import.cell_count")


def test_a_quote_that_is_never_closed_costs_one_row(tmp_path: Path) -> None:
    path = written(tmp_path, b'phone,name\n1,"a\n2,b\n3,"c"d\n')
    assert read(path) == [
        RowError(2, "", "import.row_unreadable"),
        Record(3, {"phone": "2", "name": "b"}),
        RowError(4, "", "import.row_unreadable"),
    ]


@pytest.mark.parametrize("size", [MAX_LINE - 2, MAX_LINE, MAX_LINE + 1, 5_000_000])
def test_an_endless_line_costs_one_row(tmp_path: Path, size: int) -> None:
    path = written(tmp_path, b"phone,name\n1," + b"a" * size + b"\n2,b\n")
    first, second = read(path)
    assert first == RowError(2, "", "import.line_too_long")
    assert second == Record(3, {"phone": "2", "name": "b"})


def test_a_workbook_renamed_to_csv_is_recognised(tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as book:
        book.writestr("xl/workbook.xml", "<workbook/>")
    assert refusal(written(tmp_path, content.getvalue())) == "import.spreadsheet"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf_16_is_recognised(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path, "phone,name\n1,Ana\n".encode(encoding))
    assert refusal(path) == "import.utf_16"


def test_latin_1_is_refused_with_its_line_before_any_row_is_read(tmp_path: Path) -> None:
    rows = "".join(f"{number},Ana\n" for number in range(300_000))
    path = written(tmp_path, f"phone,name\n{rows}9,Peña\n".encode("latin-1"))
    with pytest.raises(Invalid) as refused, open_csv(path):
        pytest.fail("opened")
    assert refused.value.key == "import.not_utf_8"
    assert refused.value.params["line"] == 300_002


def test_a_letter_cut_off_at_the_end_is_refused(tmp_path: Path) -> None:
    assert refusal(written(tmp_path, b"phone,name\n1,Pe\xc3")) == "import.not_utf_8"


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "import.empty"),
        (b"\xef\xbb\xbf\r\n \n", "import.empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "import.not_utf_8"),
        (b"%PDF-1.7\nphone,name", "import.not_text"),
        (b"pho\0ne,name\n1,a\n", "import.not_text"),
        (b"phone,name\r1,a\r2,b\r", "import.line_ends"),
        (b"phone;name\n1;a\n", "import.delimiter"),
        (b"phone\tname\n1\ta\n", "import.delimiter"),
        (b"phone,name,mail\n1,a,b\n", "import.unknown_columns"),
        (b"phone,name,\n1,a,\n", "import.unknown_columns"),
        (b"phone\n1\n", "import.missing_columns"),
        (b"phone,name,phone\n1,a,2\n", "import.repeated_columns"),
        (b"a" * 100_000, "import.no_header"),
        (b'"phone,name\n1,a\n', "import.no_header"),
    ],
)
def test_what_is_no_csv_of_ours_is_named(tmp_path: Path, content: bytes, key: str) -> None:
    assert refusal(written(tmp_path, content)) == key


def test_wrong_columns_are_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        read(written(tmp_path, b"phone,name,e mail\n"))
    assert refused.value.params["columns"] == "e mail"


def test_a_file_without_header_repeats_nothing_of_its_first_row(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        read(written(tmp_path, b"+12135550100,Ana\n"))
    assert refused.value.key == "import.no_header"
    assert "2135550100" not in str(refused.value.params)


def test_data_in_the_place_of_a_column_name_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        read(written(tmp_path, b"phone,name,+12135550100\n"))
    assert refused.value.params["columns"] == "#3"


def test_only_a_header_is_a_file_without_rows(tmp_path: Path) -> None:
    assert read(written(tmp_path, b"phone,name")) == []


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path) == "import.no_file"
    assert refusal(tmp_path / "absent.csv") == "import.no_file"


@pytest.mark.parametrize(
    ("cell", "key"),
    [
        ("Ñuu Savi, 2ª “a” 🌽", None),
        ("a" * 21, "import.too_long"),
        ("a\0b", "import.control_character"),
        ("a\x1bb", "import.control_character"),
        ("a\u202eb", "import.control_character"),
        ("a\u2028b", "import.control_character"),
        ("=1+1", "import.formula"),
        ("@SUM(A1)", "import.formula"),
        ("+52", "import.formula"),
        ("-1", "import.formula"),
    ],
)
def test_a_hostile_cell_is_named(cell: str, key: str | None) -> None:
    assert fault_of(cell, 20) == key


def test_a_phone_may_begin_with_a_plus() -> None:
    assert fault_of("+12135550100", 20, may_start_as_formula=True) is None


def test_what_a_spreadsheet_program_writes_is_read(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([["phone", "name"], ["1", 'a "b", c']])
    assert read(path) == [Record(2, {"phone": "1", "name": 'a "b", c'})]
