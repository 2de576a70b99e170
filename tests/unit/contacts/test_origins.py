import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.gazetteer import load_gazetteer
from contacts.places import Origin, Region, find_origin

GAZETTEER = load_gazetteer()
NAMES = [place.name for place in GAZETTEER.municipalities.values()]


def claves(text: str) -> list[int | None]:
    return [origin.clave for origin in find_origin(text, GAZETTEER)]


@pytest.mark.parametrize(
    ("typed", "clave"),
    [
        ("TLAXIACO", 20397),
        ("Heroica Ciudad de Tlaxiaco", 20397),
        ("tlaciaco", 20397),
        ("tlasiako", 20397),
        ("ciudad de tlaxiaco", 20397),
        ("Tlaxiaco, Oaxaca, México", 20397),
        ("tlaxiaco oax.", 20397),
        ("20397", 20397),
        ("PUTLA", 20073),
        ("putla de guerrero", 20073),
        ("HUAJUAPAN", 20039),
        ("guajuapam", 20039),
        ("huajuapan leon", 20039),
        ("JUCHITAN", 20043),
        ("Juchitán de Zaragoza", 20043),
        ("tuxtepec", 20184),
        ("san juan tuxtepec", 20184),
        ("soy de San Pablo Huitzo", 20294),
        ("sanpablohuitzo", 20294),
        ("San Jaun Colorado", 20188),
        ("snta cruz xoxocotlan", 20385),
        ("SanMateo Piñas", 20253),
        ("mi pueblo es Coicoyán", 20016),
        ("vengo de Sn. Martín Peras", 20242),
        ("hola buenas tardes, somos de justlahuaca", 20469),
        ("Sta. Ma. Huatulco", 20413),
        ("ixtepec", 20014),
        ("nochistlan", 20006),
        ("silacayoapan", 20537),
        ("mitla", 20298),
        ("el tule", 20409),
        ("san mateo mar", 20248),
        ("villa alta", 20156),
        ("santo tomas tamazulapam", 20533),
        ("tezoatlan", 20549),
        ("San Juan del Estado, estado de Oaxaca", 20193),
        ("Oaxaca de Juárez", 20067),
        ("ciudad de Oaxaca", 20067),
        ("Oaxaca, Oaxaca", 20067),
    ],
)
def test_a_municipality_is_known_by_what_people_call_it(typed: str, clave: int) -> None:
    assert claves(typed) == [clave]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("San Juan Mixtepec", {20208, 20209}),
        ("san juan mistepec", {20208, 20209}),
        ("san pedro mixtepec", {20318, 20319}),
        ("pinotepa", {20070, 20482}),
        ("teotitlan", {20545, 20546}),
        ("zaachila", {20555, 20565}),
        ("reforma", {20075, 20076}),
        ("tlacolulla", {20551, 20008}),
    ],
)
def test_a_name_of_several_asks_which(typed: str, expected: set[int]) -> None:
    assert set(claves(typed)) == expected


def test_two_of_one_name_are_told_apart_by_their_regions() -> None:
    assert find_origin("San Juan Mixtepec", GAZETTEER) == (
        Origin(Region.MIXTECA, 20208, "San Juan Mixtepec (Mixteca)"),
        Origin(Region.SIERRA_SUR, 20209, "San Juan Mixtepec (Sierra Sur)"),
    )


@pytest.mark.parametrize(
    ("typed", "clave"),
    [
        ("san juan mixtepec mixteca", 20208),
        ("San Juan Mixtepec (Sierra Sur)", 20209),
        ("san juan mixtepec de la región mixteca", 20208),
        ("san juan mistepec, sierra sur", 20209),
    ],
)
def test_a_region_behind_a_name_says_which(typed: str, clave: int) -> None:
    assert claves(typed) == [clave]


@pytest.mark.parametrize(
    ("typed", "region"),
    [
        ("la mixteca", Region.MIXTECA),
        ("Misteca", Region.MIXTECA),
        ("region de los valles centrales", Region.VALLES_CENTRALES),
        ("soy del Istmo", Region.ISTMO),
        ("Istmo de Tehuantepec", Region.ISTMO),
        ("sierra juárez", Region.SIERRA_NORTE),
        ("Cañada", Region.CANADA),
        ("la costa", Region.COSTA),
        ("Sierra Sur", Region.SIERRA_SUR),
        ("cuenca del papaloapan", Region.PAPALOAPAN),
    ],
)
def test_a_region_alone_is_an_origin(typed: str, region: Region) -> None:
    assert find_origin(typed, GAZETTEER) == (Origin(region, None, region.official_name),)


def test_a_name_of_a_region_and_of_a_locality_asks_which() -> None:
    found = find_origin("la cañada", GAZETTEER)
    assert [origin.clave for origin in found] == [None, 20399]


@pytest.mark.parametrize(
    ("typed", "clave", "label"),
    [
        ("puerto escondido", 20318, "Puerto Escondido, San Pedro Mixtepec"),
        ("San Andrés Chicahuaxtla", 20073, "San Andres Chicahuaxtla, Putla Villa de Guerrero"),
        ("la crucecita", 20413, "Crucecita, Santa María Huatulco"),
        ("puerto ángel", 20324, "Puerto Angel, San Pedro Pochutla"),
    ],
)
def test_a_locality_leads_to_its_municipality(typed: str, clave: int, label: str) -> None:
    assert [(origin.clave, origin.label) for origin in find_origin(typed, GAZETTEER)] == [
        (clave, label)
    ]


def test_the_municipality_behind_a_comma_says_which_locality() -> None:
    assert set(claves("santa ana")) == {20353, 20198}
    assert claves("santa ana, san juan guichicovi") == [20198]


@pytest.mark.parametrize(
    "typed",
    [
        *("", "   ", "😀", "20999", "20000", "፩፪", "OAXACA", "soy de Oaxaca", "México"),
        *("san juan", "santa cruz", "villa", "rio", "juarez", "guerrero"),
        *("fresno", "california", "salinas california", "Salinas, California", "tijuana"),
        *("no me dejan salir", "alto, me vienen siguiendo", "llamé al 911 y nadie contesta"),
        *("ayuda", "baja", "gracias", "si", "quiero hablar con una persona"),
        *("San Pedro Tlaxiaco", "\u0000" * 100_000, "a" * 100_000, "san " * 25_000),
    ],
)
def test_what_is_not_a_place_of_oaxaca_or_too_vague_is_not_found(typed: str) -> None:
    assert claves(typed) == []


@given(st.one_of(st.text(), st.lists(st.sampled_from(NAMES)).map(" ".join)))
def test_no_text_breaks_the_search_or_gives_more_than_nine_options(text: str) -> None:
    found = find_origin(text, GAZETTEER)
    assert len(found) <= 9
    assert len({origin.label for origin in found}) == len(found)


def test_every_municipality_is_found_by_its_own_name() -> None:
    for clave, known in GAZETTEER.municipalities.items():
        for said in (known.name, known.name.upper(), f"soy de {known.name}, Oaxaca"):
            assert clave in claves(said), said


def test_the_label_of_an_origin_finds_that_origin_again() -> None:
    for clave in GAZETTEER.municipalities:
        (origin,) = find_origin(str(clave), GAZETTEER)
        assert origin in find_origin(origin.label, GAZETTEER), origin.label


def test_a_letter_lost_in_the_longest_word_never_leads_to_other_places_alone() -> None:
    for name in NAMES:
        word = max(name.split(), key=len)
        right = {clave for clave, known in GAZETTEER.municipalities.items() if known.name == name}
        for at in range(1, len(word)):
            found = claves(name.replace(word, word[:at] + word[at + 1 :]))
            # Four letters are too few to be wrong in: Yaxe without its x is Yaeé.
            assert not found or right & set(found) or len(word) < 5, name


def test_nearly_every_lost_letter_is_forgiven() -> None:
    lost = [name.replace(name[at], "", 1) for name in NAMES for at in range(1, len(name))]
    missed = [name for name in lost if not claves(name)]
    assert len(missed) < len(lost) / 100
