"""The marks that staff write in a text, and all that looks like one and is none."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from campaigns.content.markup import MOST_MARKS, Marked, MarkupError, escaped, read, read_plain

HOSTILE = st.text(st.sampled_from("ab_*[]()\\- \n.:/@{}🌵́https"), max_size=80)


def marks(text: str) -> list[tuple[str, str, str]]:
    """Kind, words and address of each mark, cut out as Telegram counts."""
    found = read(text)
    units = found.text.encode("utf-16-le", "surrogatepass")
    return [
        (
            one.kind,
            units[2 * one.offset : 2 * (one.offset + one.length)].decode("utf-16-le"),
            one.url,
        )
        for one in found.entities
    ]


def read_or_refused(text: str) -> Marked | int:
    """What was read, or where the fault stands."""
    try:
        return read(text)
    except MarkupError as error:
        return error.position


def fault(text: str) -> tuple[int, str]:
    with pytest.raises(MarkupError) as caught:
        read(text)
    return caught.value.position, caught.value.reason.key.split(".")[-1]


@pytest.mark.parametrize(
    ("text", "shown", "marked"),
    [
        ("**Ojo**: no pague", "Ojo: no pague", [("bold", "Ojo", "")]),
        ("no _pague_ nada", "no pague nada", [("italic", "pague", "")]),
        (
            "vea [la página](https://example.org/a_b)",
            "vea la página",
            [("link", "la página", "https://example.org/a_b")],
        ),
        ("¡**Ojo**!, (_sí_).", "¡Ojo!, (sí).", [("bold", "Ojo", ""), ("italic", "sí", "")]),
        ("**a _b_ c**", "a b c", [("bold", "a b c", ""), ("italic", "b", "")]),
        (
            "**_a_** _**b**_",
            "a b",
            [("italic", "a", ""), ("bold", "a", ""), ("bold", "b", ""), ("italic", "b", "")],
        ),
        ("🌵 **día 🌵** x", "🌵 día 🌵 x", [("bold", "día 🌵", "")]),
        ("**dos\nrenglones**", "dos\nrenglones", [("bold", "dos\nrenglones", "")]),
        (
            "[Oaxaca](https://example.org/Oaxaca_(estado))",
            "Oaxaca",
            [("link", "Oaxaca", "https://example.org/Oaxaca_(estado)")],
        ),
        (
            "**https://example.org/x**",
            "https://example.org/x",
            [("bold", "https://example.org/x", "")],
        ),
    ],
)
def test_marks_are_read(text: str, shown: str, marked: list[tuple[str, str, str]]) -> None:
    assert read(text).text == shown
    assert sorted(marks(text)) == sorted(marked)


@pytest.mark.parametrize(
    "text",
    [
        "snake_case y otro_nombre_largo",
        "2*3*4 y 2 ** 3 y 2**3",
        "maria_lopez@example.org o m_a_@example.org",
        "https://example.org/_a_/b_c y https://example.org/**x**",
        "Nombre: ____ Edad: __",
        "5 * 3 * 2",
        "un [corchete] y otro [",
        "-5 grados, a-b - c",
        "C:\\carpeta\\nueva",
        "cancio\u0301n_x_y",
        "**",
        "*",
        "_ _",
    ],
)
def test_plain_text_stays_plain(text: str) -> None:
    assert read(text).text == text
    assert read(text).entities == ()


def test_a_hyphen_at_the_beginning_of_a_line_makes_an_item() -> None:
    assert (
        read("Lleve:\n- acta\n  - copia\nsin - raya").text
        == "Lleve:\n• acta\n  • copia\nsin - raya"
    )


def test_a_backslash_takes_the_meaning_from_the_sign_behind_it() -> None:
    found = read(r"\*\*a\*\* \_b\_ \[c](d) \- e \\ \n")
    assert found.text == "**a** _b_ [c](d) - e \\ \\n"
    assert found.entities == ()
    assert read(r"\- e").text == "- e"


@pytest.mark.parametrize(
    ("text", "position", "key"),
    [
        ("hola **mundo", 5, "mark_open"),
        ("hola _mundo", 5, "mark_open"),
        ("**uno\n\ny **dos**", 0, "mark_open"),
        ("**uno y **dos**", 0, "mark_open"),
        ("**a _b** c_", 4, "mark_open"),
        ("[**a](https://example.org) b**", 1, "mark_open"),
        ("vea [esto](http://example.org)", 4, "mark_link"),
        ("vea [esto](https://example.org", 4, "mark_link"),
        ("vea [esto](javascript:alert(1))", 4, "mark_link"),
        ("vea [](https://example.org)", 4, "mark_link"),
        ("vea [esto](https://x@example.org)", 4, "mark_link"),
        ("vea [esto](página 2)", 4, "mark_link"),
        ("**a** " * (MOST_MARKS + 1), 0, "many_marks"),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(text: str, position: int, key: str) -> None:
    assert fault(text) == (position, key)


def test_an_sms_has_no_marks_and_writes_addresses_out() -> None:
    text = "**Ojo**:\n- vea [la página](https://example.org/a)\n- o _llame_"
    assert read_plain(text).text == "Ojo:\n- vea la página: https://example.org/a\n- o llame"


def test_an_address_is_not_said_twice() -> None:
    assert read_plain("[example.org](https://example.org/)").text == "example.org"
    assert read_plain("[https://example.org](https://example.org)").text == "https://example.org"


def test_nothing_inside_an_opaque_part_is_a_mark() -> None:
    text = "**a {x|_b_ ** - c} d**"
    found = read(text, [(4, 18)])
    assert found.text == "a {x|_b_ ** - c} d"
    assert [one.kind for one in found.entities] == ["bold"]


def test_an_address_with_an_opaque_part_in_it_is_refused() -> None:
    with pytest.raises(MarkupError):
        read("[a](https://example.org/{x|y})", [(24, 29)])


@given(HOSTILE)
@example("**a\\**")
@example("[a\\](b)](https://a.b)")
def test_any_text_is_read_or_refused_inside_itself(text: str) -> None:
    found = read_or_refused(text)
    if isinstance(found, int):
        assert 0 <= found < len(text)
        return
    units = len(found.text.encode("utf-16-le")) // 2
    assert all(0 <= one.offset < one.offset + one.length <= units for one in found.entities)
    assert len(found.origins) == len(found.text)
    assert list(found.origins) == sorted(found.origins)


@given(st.one_of(HOSTILE, st.text(max_size=60)))
@example("https://example.org/a_b_c **x** [y](z)")
@example("  - a\n\t- b")
@example("\\- a")
def test_an_escaped_text_says_what_it_said(text: str) -> None:
    found = read(escaped(text))
    assert found.text == text
    assert found.entities == ()
    assert read_plain(escaped(text)).text == text


@pytest.mark.parametrize("sign", ["[", "_", "*", "(", "\\", "a", "a_", "[a](", "**a ", "h@"])
def test_a_long_row_of_signs_takes_no_long_time(sign: str) -> None:
    text = sign * (16_000 // len(sign))
    found = read_or_refused(text)
    assert isinstance(found, Marked) or found < len(text)
