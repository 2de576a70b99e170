"""The known city nearest to a point."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from math import asin, cos, radians, sin, sqrt

from contacts.atlas import City, Place

NEAR_KM = 80.0
WITHIN_KM = 15.0
QUARTER = 20
"""A place is taken for a part of a city this many times as populous and this near."""

_EARTH_KM = 6371.0
_KM_PER_DEGREE = 111.0


class CityMap:
    """Cities by latitude."""

    def __init__(self, cities: Iterable[City]) -> None:
        self.cities = sorted(cities, key=lambda city: city.lat)
        self._latitudes = [city.lat for city in self.cities]

    def nearest(self, lat: float, lon: float) -> Place | None:
        """See contacts.places.nearest_place. Anything that is no point on Earth has none."""
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            return None
        reach = NEAR_KM / _KM_PER_DEGREE
        first = bisect_left(self._latitudes, lat - reach)
        last = bisect_right(self._latitudes, lat + reach)
        band = [(kilometres(lat, lon, city), city) for city in self.cities[first:last]]
        distance, city = min(band, key=lambda found: found[0], default=(NEAR_KM, None))
        if city is None or distance >= NEAR_KM:
            return None
        city = _whole(city, (other for away, other in band if away <= WITHIN_KM))
        return Place(city.country, city.state, city.name, city.zone)


def _whole(city: City, around: Iterable[City]) -> City:
    """The city that a quarter belongs to: GeoNames lists the Loop beside Chicago, and people say
    that they are in Chicago."""
    wholes = [
        other
        for other in around
        if other.state == city.state and other.population >= QUARTER * max(city.population, 1)
    ]
    return max(wholes, key=lambda other: other.population, default=city)


def kilometres(lat: float, lon: float, city: City) -> float:
    """Great-circle distance (haversine, a sphere of 6,371 km)."""
    north, south = radians(lat), radians(city.lat)
    across = sin(radians(lon - city.lon) / 2) ** 2
    along = sin((north - south) / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(along + cos(north) * cos(south) * across))
