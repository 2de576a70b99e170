"""What staff read in the place of codes: places, populations, services."""

import csv
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache

from babel import Locale
from babel.dates import format_date

from console.frame import words
from contacts.atlas import Region
from contacts.coverage.model import Given, Means, Population, Sex
from contacts.gazetteer import DATA
from contacts.model import Relation
from kit.channels import Channel
from locales.catalog import render
from locales.text import _

UNKNOWN = _("console.coverage.unknown")

POPULATIONS: Mapping[str, str] = {
    Population.NORTH_WEST: _("console.coverage.population.north_west"),
    Population.ABROAD: _("console.coverage.population.abroad"),
    Population.IN_OAXACA: _("console.coverage.population.in_oaxaca"),
    Population.ELSEWHERE: _("console.coverage.population.elsewhere"),
    Population.MEXICO: _("console.coverage.population.mexico"),
    Population.UNKNOWN: UNKNOWN,
    Population.RETURNED: _("console.coverage.population.returned"),
    Population.TRANSIT: _("console.coverage.population.transit"),
}
RELATIONS: Mapping[str, str] = {
    Relation.MIGRANT: _("console.coverage.relation.migrant"),
    Relation.FAMILY: _("console.coverage.relation.family"),
    Relation.RETURNED: _("console.coverage.population.returned"),
    Relation.TRANSIT: _("console.coverage.population.transit"),
    Relation.OTHER: _("console.coverage.relation.other"),
    "": _("console.coverage.not_said"),
}
CHANNELS: Mapping[str, str] = {
    Channel.TELEGRAM: _("console.coverage.channel.telegram"),
    Channel.SMS: _("console.coverage.channel.sms"),
}
GIVEN: Mapping[str, str] = {
    Given.REMAINS: _("console.attention.given.remains"),
    Given.LOCATING: _("console.attention.given.locating"),
    Given.GOZONA: _("console.attention.given.gozona"),
    Given.PERMIT: _("console.attention.given.permit"),
    Given.WELCOME: _("console.attention.given.welcome"),
    Given.PAPERS: _("console.attention.given.papers"),
    Given.ADVICE: _("console.attention.given.advice"),
    Given.REFERRAL: _("console.attention.given.referral"),
    Given.OTHER: _("console.attention.given.other"),
}
MEANS: Mapping[str, str] = {
    Means.WINDOW: _("console.attention.means.window"),
    Means.PHONE: _("console.attention.means.phone"),
}
SEXES: Mapping[str, str] = {
    Sex.WOMAN: _("console.attention.sex.woman"),
    Sex.MAN: _("console.attention.sex.man"),
    Sex.OTHER: _("console.attention.sex.other"),
    "": _("console.coverage.not_said"),
}

Name = Callable[[str, str], str]
"""A cell's key and the language of the page: what people call it."""


def named(keys: Mapping[str, str]) -> Name:
    """Names from a table of texts."""
    return lambda key, language: render(keys[key], language) if key in keys else key


def region_name(key: str, language: str) -> str:
    """A region of Oaxaca."""
    return Region(key).official_name if key else render(UNKNOWN, language)


def country_name(key: str, language: str) -> str:
    """A country by its ISO code; those of few people are with those who said none."""
    if not key:
        return render(_("console.coverage.other_country"), language)
    return words.country_name(key, language)


def state_name(key: str, language: str) -> str:
    """A state by its country and code: "California"; "Guatemala, no state known"."""
    country, _dash, code = key.partition("-")
    if code:
        return _states(language).get(key, f"{code}, {country_name(country, language)}")
    where = country_name(country, language)
    return render(_("console.coverage.no_state"), language, {"country": where})


def month_name(number: int, language: str) -> str:
    """A month by its number, in short: "ene"."""
    names = Locale.parse(language).months["stand-alone"]["abbreviated"]
    return str(names[number]).rstrip(".")


def short_day(on: date, language: str) -> str:
    """A day without its year: "23 nov"."""
    form = "d MMM" if language == "es" else "MMM d"
    return str(format_date(on, form, locale=Locale.parse(language)))


@cache
def _states(language: str) -> Mapping[str, str]:
    with (DATA / "states.csv").open(encoding="utf-8", newline="") as file:
        return {
            f"{row['country']}-{row['code']}": row[f"name_{language}"]
            for row in csv.DictReader(file)
        }
