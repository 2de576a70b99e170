"""The names of what is counted. Pure."""

WHOLE = "whole"
SUBSCRIBED, REACHED = "subscribed", "reached"
"""The cells of `WHOLE`."""

REGION, PLACE, RELATION = "region", "place", "relation"
LANGUAGE, CHANNEL = "language", "channel"
"""Dimensions of who is subscribed. A place is `US-CA`, `US-` or "" (`place_key`)."""

ATTENDED = "attended"
"""Who was attended, by year and means; other dimensions of a year are `of_year`'s."""

CASES = "case"
"""The means of who was attended through a call for help."""

MONTH, GIVEN, MEANS, SEX, POPULATION = "month", "given", "means", "sex", "population"


def place_key(country: str | None, state: str | None) -> str:
    """A place as a cell names it."""
    return f"{country}-{state or ''}" if country else ""


def of_year(dimension: str, year: int) -> str:
    """A dimension of those who were attended in a year."""
    return f"{ATTENDED}.{year}.{dimension}"
