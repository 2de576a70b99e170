"""Where people are from and where they are now: the public face of the project's geography."""

from collections.abc import Mapping
from dataclasses import dataclass

from contacts.atlas import Locality, Municipality, Origin, Place, Region
from contacts.nearby import CityMap
from contacts.origins import OriginIndex
from contacts.whereabouts import MOST_PLACES, PlaceIndex

__all__ = [
    "Gazetteer",
    "Locality",
    "Municipality",
    "Origin",
    "Place",
    "Region",
    "find_origin",
    "find_place",
    "nearest_place",
]


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """What is known of places. Made by contacts.gazetteer.load_gazetteer."""

    municipalities: Mapping[int, Municipality]
    """By clave."""
    origins: OriginIndex
    places: PlaceIndex
    cities: CityMap


def find_origin(text: str, gazetteer: Gazetteer) -> tuple[Origin, ...]:
    """Where in Oaxaca a freely typed text says: nothing when it is not found or too vague, one
    when it is known, two to nine when only the person can say which.

    Reads a clave, a municipality or locality without accents, saint or surname, with a lead-in
    ("soy de …"), slightly misspelt, or narrowed by a region or, after a comma, by the municipality;
    and the name of a region. "Oaxaca" alone is not found: it may be the state or its capital.
    Never raises.
    """
    return gazetteer.origins.find(text)


def find_place(text: str, gazetteer: Gazetteer) -> tuple[Place, ...]:
    """Where in the US or Mexico a freely typed text says: a city, a state or a country, in
    Spanish or English, with or without its state; municipalities of Oaxaca too.

    Nothing when it is not found; several, at most five, the most populous first, when the name
    is that of several and none has ten times the people of the others. A name that is both a state
    and a city of it means the state, which is true either way. Never raises.
    """
    found = gazetteer.places.find(text)
    if found:
        return found
    home = gazetteer.origins.find(text, misspelt=False)
    towns = {gazetteer.municipalities[origin.clave].name for origin in home if origin.clave}
    if towns and len(towns) <= MOST_PLACES:
        return gazetteer.places.in_oaxaca(sorted(towns))
    return gazetteer.places.find_misspelt(text)


def nearest_place(lat: float, lon: float, gazetteer: Gazetteer) -> Place | None:
    """The nearest known city within 80 km of a point in degrees, else None. Close to the border
    it can be one on the other side."""
    return gazetteer.cities.nearest(lat, lon)
