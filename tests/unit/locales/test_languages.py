import pytest
from hypothesis import given
from hypothesis import strategies as st

from locales.languages import (
    Language,
    fallback_chain,
    find_language,
    language_codes,
    language_of,
)


def codes(text: str) -> list[str]:
    return [language.code for language in find_language(text)]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("español", "es"),
        ("castellano", "es"),
        ("inglés", "en"),
        ("English", "en"),
        ("mixteco", "mixteco"),
        ("Mixteca", "mixteco"),
        ("misteco", "mixteco"),
        ("mixteco bajo", "mixteco"),
        ("Tu'un Savi", "mixteco"),
        ("zapoteco", "zapoteco"),
        ("hablo sapoteco", "zapoteco"),
        ("zapoteco de la sierra", "zapoteco"),
        ("diidxazá", "zapoteco"),
        ("triqui", "triqui"),
        ("trique", "triqui"),
        ("triki", "triqui"),
        ("mixe", "mixe"),
        ("ayuujk", "mixe"),
        ("mazateco", "mazateco"),
        ("chinanteco", "chinanteco"),
        ("amuzgo", "amuzgo"),
        ("chatino", "chatino"),
        ("huave", "huave"),
        ("ombeayiüts", "huave"),
        ("cuicateco", "cuicateco"),
        ("ixcateco", "ixcateco"),
        ("chocholteco", "chocholteco"),
        ("chocho", "chocholteco"),
        ("zoque", "zoque"),
        ("náhuatl", "nahuatl"),
        ("chontal", "chontal"),
        ("chontal de Oaxaca", "chontal"),
    ],
)
def test_a_family_is_known_by_its_spanish_name(typed: str, code: str) -> None:
    assert codes(typed) == [code]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("zapoteco del istmo", ["zai"]),
        ("triqui de Copala", ["trc"]),
        ("mixteco de San Miguel el Grande", ["mig"]),
        ("mixteco de Mixtepec", ["mix"]),
        ("mixteco de juxtlahuaca", ["jmx", "vmc"]),
        ("chontal de tabasco", ["chf"]),
        ("zai", ["zai"]),
        ("MIX", ["mix"]),
    ],
)
def test_a_place_or_a_code_tells_the_variant(typed: str, expected: list[str]) -> None:
    assert codes(typed) == expected


def test_two_languages_are_both_found_in_their_order() -> None:
    assert codes("mixteco y español") == ["mixteco", "es"]


@pytest.mark.parametrize(
    "typed",
    ["", "hola", "no sé", "en la calle", "quién es", "dialecto", "Tlaxiaco", "mixteco " * 10_000],
)
def test_what_names_no_language_finds_none(typed: str) -> None:
    assert codes(typed) == []


@given(st.text())
def test_no_text_breaks_the_search(text: str) -> None:
    assert len(find_language(text)) <= 9


def test_mix_is_one_variant_of_mixtec_and_no_family() -> None:
    assert language_of("mix") == Language("mix", "Mixtepec Mixtec", "mixteco", has_catalogue=False)
    assert language_of("mixteco") == Language("mixteco", "mixteco", None, has_catalogue=False)
    assert language_of("zzz") is None


@pytest.mark.parametrize(
    ("code", "chain"),
    [
        ("es", ("es",)),
        ("en", ("en", "es")),
        ("vmc", ("vmc", "mixteco", "es")),
        ("zap", ("zap", "zapoteco", "es")),
        ("mixteco", ("mixteco", "es")),
        ("chf", ("chf", "es")),
        ("unknown", ("es",)),
    ],
)
def test_a_person_is_written_to_in_variant_then_family_then_spanish(
    code: str, chain: tuple[str, ...]
) -> None:
    assert fallback_chain(code) == chain


def test_only_spanish_and_english_have_catalogues() -> None:
    written = [
        code for code in language_codes() if (found := language_of(code)) and found.has_catalogue
    ]
    assert written == ["es", "en"]


def test_every_family_of_a_variant_is_a_language_and_every_code_ends_in_spanish() -> None:
    assert len(language_codes()) == len(set(language_codes())) == 2 + 15 + 200
    for code in language_codes():
        language = language_of(code)
        assert language is not None
        assert language.family is None or language_of(language.family) is not None
        assert fallback_chain(code)[-1] == "es"
        assert code in codes(code)
