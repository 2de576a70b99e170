import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.gazetteer import load_gazetteer
from contacts.places import Place, find_place, nearest_place

GAZETTEER = load_gazetteer()


def found(text: str) -> list[str]:
    """Each place as "US CA Fresno"."""
    return [
        " ".join(part for part in (place.country, place.state, place.city) if part)
        for place in find_place(text, GAZETTEER)
    ]


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("fresno", "US CA Fresno"),
        ("vivo en Fresno", "US CA Fresno"),
        ("Fresno, California, EEUU", "US CA Fresno"),
        ("california fresno", "US CA Fresno"),
        ("frezno califronia", "US CA Fresno"),
        ("salinas california", "US CA Salinas"),
        ("los angeles ca", "US CA Los Angeles"),
        ("Los Ángeles", "US CA Los Angeles"),
        ("oxnar", "US CA Oxnard"),
        ("Santa María, California", "US CA Santa Maria"),
        ("madera california", "US CA Madera"),
        ("greenfield ca", "US CA Greenfield"),
        ("arvin", "US CA Arvin"),
        ("taft", "US CA Taft"),
        ("vista", "US CA Vista"),
        ("bakersfil", "US CA Bakersfield"),
        ("woodburn or", "US OR Woodburn"),
        ("salem oregon", "US OR Salem"),
        ("immokalee", "US FL Immokalee"),
        ("imokalee florida", "US FL Immokalee"),
        ("houston tx", "US TX Houston"),
        ("filadelfia", "US PA Philadelphia"),
        ("nueva york, nueva york", "US NY New York City"),
        ("washington dc", "US DC Washington"),
        ("san luis misuri", "US MO St. Louis"),
        ("San Quintin", "MX BC San Quintín"),
        ("san quintín, baja california", "MX BC San Quintín"),
        ("lazaro cardenas bc", "MX BC Lázaro Cárdenas"),
        ("vicente guerrero b.c.", "MX BC Vicente Guerrero"),
        ("bisente gerrero, baja california", "MX BC Vicente Guerrero"),
        ("camalu", "MX BC Camalú"),
        ("maneadero", "MX BC Maneadero"),
        ("tijuana", "MX BC Tijuana"),
        ("tijuna", "MX BC Tijuana"),
        ("Tijuana, B.C., México", "MX BC Tijuana"),
        ("culiacan sin", "MX SIN Culiacán"),
        ("villa juarez sinaloa", "MX SIN Villa Juárez"),
        ("nogales", "MX SON Nogales"),
        ("nogales arizona", "US AZ Nogales"),
        ("hermosillo", "MX SON Hermosillo"),
        ("miguel aleman sonora", "MX SON Miguel Alemán"),
        ("acapulco", "MX GRO Acapulco de Juárez"),
        ("ciudad juárez", "MX CHIH Ciudad Juárez"),
        ("ecatepec estado de méxico", "MX MEX Ecatepec de Morelos"),
        ("puebla puebla", "MX PUE Puebla"),
        ("oaxaca de juárez", "MX OAX Oaxaca de Juárez"),
        ("tlaxiaco", "MX OAX Heroica Ciudad de Tlaxiaco"),
        ("san pablo huitzo", "MX OAX San Pablo Huitzo"),
        ("san juan mixtepec", "MX OAX San Juan Mixtepec"),
    ],
)
def test_a_city_is_known_by_what_people_call_it(typed: str, place: str) -> None:
    assert found(typed) == [place]


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("oregon", "US OR"),
        ("Oregón", "US OR"),
        ("california", "US CA"),
        ("califronia", "US CA"),
        ("estoy en California", "US CA"),
        ("un rancho de california", "US CA"),
        ("CA", "US CA"),
        ("new york", "US NY"),
        ("nueva york", "US NY"),
        ("carolina del norte", "US NC"),
        ("north carolina", "US NC"),
        ("nuevo méxico", "US NM"),
        ("tejas", "US TX"),
        ("pensilvania", "US PA"),
        ("luisiana", "US LA"),
        ("baja california", "MX BC"),
        ("baja california sur", "MX BCS"),
        ("B.C.", "MX BC"),
        ("sinaloa", "MX SIN"),
        ("sonora", "MX SON"),
        ("oaxaca", "MX OAX"),
        ("ciudad de méxico", "MX CDMX"),
        ("df", "MX CDMX"),
        ("edomex", "MX MEX"),
        ("estados unidos", "US"),
        ("EE.UU.", "US"),
        ("USA", "US"),
        ("méxico", "MX"),
    ],
)
def test_a_state_or_a_country_is_a_place_too(typed: str, place: str) -> None:
    assert found(typed) == [place]


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        ("washington", ["US WA", "US DC Washington"]),
        ("LA", ["US CA Los Angeles", "US LA"]),
        ("portland", ["US OR Portland", "US ME Portland"]),
        ("madera", ["US CA Madera", "MX CHIH Madera"]),
        ("matamoros", ["MX TAM Heroica Matamoros", "MX COAH Matamoros"]),
    ],
)
def test_a_name_of_several_asks_which_the_most_populous_first(
    typed: str, places: list[str]
) -> None:
    assert found(typed) == places


def test_a_small_town_of_the_very_name_is_not_lost_to_a_large_one_of_a_longer_name() -> None:
    assert {"MX BC Lázaro Cárdenas", "MX MICH Ciudad Lázaro Cárdenas"} <= set(
        found("lázaro cárdenas")
    )


@pytest.mark.parametrize(
    "typed",
    [
        *("", "  ", "🙏", "ok", "me", "or", "zzzz", "canada", "Guatemala"),
        *("no me dejan salir", "alto, me vienen siguiendo", "ayuda", "mañana", "en la calle"),
        *("aquí", "no sé", "si", "911", "\u0000" * 100_000, "california " * 10_000),
    ],
)
def test_what_is_no_known_place_is_not_found(typed: str) -> None:
    assert found(typed) == []


def test_a_place_carries_the_zone_of_its_city_or_the_main_one_of_its_state() -> None:
    assert find_place("tijuana", GAZETTEER) == (Place("MX", "BC", "Tijuana", "America/Tijuana"),)
    assert find_place("el paso", GAZETTEER)[0].zone == "America/Denver"
    assert find_place("texas", GAZETTEER)[0].zone == "America/Chicago"
    assert find_place("méxico", GAZETTEER)[0].zone == "America/Mexico_City"


@given(st.text())
def test_no_text_breaks_the_search_or_gives_more_than_five_places(text: str) -> None:
    assert len(find_place(text, GAZETTEER)) <= 5


@pytest.mark.parametrize(
    ("lat", "lon", "city"),
    [
        (36.74, -119.78, "Fresno"),
        (30.56, -115.94, "San Quintín"),
        (32.53, -117.03, "Tijuana"),
        (17.06, -96.72, "Oaxaca de Juárez"),
        (21.31, -157.86, "Honolulu"),
    ],
)
def test_a_point_is_at_the_nearest_city(lat: float, lon: float, city: str) -> None:
    place = nearest_place(lat, lon, GAZETTEER)
    assert place is not None
    assert place.city == city


@pytest.mark.parametrize(
    ("lat", "lon"),
    [(0, 0), (25.0, -92.0), (40.0, -140.0), (91, 0), (0, 181), (math.nan, 0), (0, math.inf)],
)
def test_a_point_far_from_every_city_or_not_on_earth_is_nowhere(lat: float, lon: float) -> None:
    assert nearest_place(lat, lon, GAZETTEER) is None


def test_near_ends_at_eighty_kilometres() -> None:
    degree_km = 6371 * math.pi / 180
    # North of Utqiagvik, Alaska, there is only sea.
    north = max(GAZETTEER.cities.cities, key=lambda city: city.lat)
    within, beyond = (north.lat + km / degree_km for km in (79.9, 80.1))
    assert nearest_place(within, north.lon, GAZETTEER) is not None
    assert nearest_place(beyond, north.lon, GAZETTEER) is None
