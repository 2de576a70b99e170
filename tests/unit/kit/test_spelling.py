import pytest

from kit.spelling import ONE_EDIT, SAME_SOUND, Vocabulary, sound


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tlaxiaco", "tlaciaco"),
        ("huajuapan", "guajuapam"),
        ("huajuapan", "uajuapan"),
        ("mixteco", "misteco"),
        ("zapoteco", "sapoteco"),
        ("vicente", "bisente"),
        ("yautepec", "llautepec"),
        ("jimenez", "gimenes"),
        ("quiotepec", "kiotepek"),
        ("huamelula", "guamelula"),
        ("fresno", "frezno"),
        ("immokalee", "imokale"),
    ],
)
def test_what_is_written_by_ear_sounds_the_same(one: str, other: str) -> None:
    assert sound(one) == sound(other)


@pytest.mark.parametrize(
    ("one", "other"), [("ocotlan", "coatlan"), ("mixteco", "mixe"), ("chatino", "catino")]
)
def test_other_names_sound_different(one: str, other: str) -> None:
    assert sound(one) != sound(other)


def test_the_nearest_words_come_first_with_their_cost() -> None:
    words = Vocabulary.of(["tlacolula", "tlacolulita", "tlaxiaco", "putla"])
    assert words.near("tlasiaco") == [("tlaxiaco", SAME_SOUND)]
    assert words.near("tlacolulla") == [("tlacolula", ONE_EDIT), ("tlacolulita", 2 * ONE_EDIT)]


def test_short_words_are_never_corrected_by_their_letters() -> None:
    assert Vocabulary.of(["etla", "taft"]).near("etle") == []
