"""`/atenciones`: registering services given at the window or by phone, without a name."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import islice
from typing import TypeVar

from fastapi import Response

from alerts.coverage import service
from alerts.coverage.tries import day_of
from console.editor.choices import towns
from console.frame.forms import Form
from console.frame.pages import StaffPages
from console.frame.visit import Visit
from console.home import words
from contacts.atlas import Municipality, Origin
from contacts.coverage.model import GIVEN, OLDEST, Attention, Given, Means, Population, Sex
from contacts.gazetteer import load_gazetteer
from contacts.places import Gazetteer, find_origin
from kit.errors import Invalid, Problem
from kit.fold import fold
from locales.text import _
from staff.model import Right

HERE = "/atenciones"
LONGEST_TOWN = 200
LENGTH_OF_CLAVE = 5
MOST_TOWNS = 12
"""Of more that a part of a name may mean, none are shown to choose from."""
FIELDS = ("means", "given", "town", "day", "sex", "population")

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(slots=True)
class Written:
    """What a form says: an attention, or what is wrong with which field. `towns` are those that
    the town may mean."""

    attention: Attention | None = None
    faults: dict[str, str] = field(default_factory=dict)
    towns: Sequence[Origin] = ()


def add_attentions(pages: StaffPages) -> None:
    """The form, the list of today, and taking one back."""

    async def shown(
        visit: Visit, written: Written | None = None, trouble: str = "", status: int = 200
    ) -> Response:
        async with visit.database.read() as session:
            mine = await service.mine_today(session, visit.member, visit.now)
        places = (await asyncio.to_thread(load_gazetteer)).municipalities
        today = day_of(visit.now)
        return visit.page(
            "home/attentions.html",
            status=status,
            typed=visit.form,
            faults=dict.fromkeys(FIELDS, "") | ({} if written is None else written.faults),
            towns=() if written is None else written.towns,
            trouble=trouble,
            mine=mine,
            counted=sum(one.taken_back_at is None for one in mine),
            towns_of={one.id: _town_name(places[one.attention.clave]) for one in mine},
            today=today,
            earliest=today - OLDEST,
            given=words.GIVEN,
            means=words.MEANS,
            sexes=words.SEXES,
            # Who registers several often registers the same again.
            same=visit.query("servicio"),
            all_towns=towns(),
            populations=[(one.value, words.POPULATIONS[one]) for one in GIVEN],
        )

    @pages.get(HERE, needs=Right.REGISTER_ATTENTIONS)
    async def show(visit: Visit) -> Response:
        return await shown(visit)

    @pages.post(HERE, needs=Right.REGISTER_ATTENTIONS)
    async def register(visit: Visit) -> Response:
        gazetteer = await asyncio.to_thread(load_gazetteer)
        written = read(visit.form, day_of(visit.now), gazetteer)
        if written.attention is None:
            said = dict.fromkeys(visit.text(one) for one in written.faults.values())
            return await shown(visit, written, " ".join(said), 422)
        try:
            async with visit.database.write() as session:
                await service.register(
                    session,
                    visit.member,
                    written.attention,
                    visit.form["once"],
                    visit.now,
                    gazetteer.municipalities,
                )
        except Invalid as problem:
            return await shown(visit, written, _sentence(visit, problem), 422)
        again = f"{HERE}?servicio={written.attention.given}"
        return visit.go(again, _("console.attention.registered"))

    @pages.post(f"{HERE}/{{id}}/retirar", needs=Right.REGISTER_ATTENTIONS)
    async def take_back(visit: Visit) -> Response:
        async with visit.database.write() as session:
            await service.take_back(session, visit.member, visit.number("id"), visit.now)
        return visit.go(HERE, _("console.attention.taken_back"))


def _town_name(town: Municipality) -> str:
    """With its region: names repeat."""
    return f"{town.name} ({town.region.official_name})"


def _sentence(visit: Visit, problem: Problem) -> str:
    return visit.text(problem.key, **problem.params)


def read(form: Form, today: date, gazetteer: Gazetteer) -> Written:
    """An attention from a form; the keys of sentences for what cannot be read."""
    written = Written()
    day = _day(form["day"], today, written)
    given = _one_of(Given, form["given"])
    means = _one_of(Means, form["means"])
    if given is None:
        written.faults["given"] = _("console.attention.choose_given")
    if means is None:
        written.faults["means"] = _("console.attention.choose_means")
    clave = _town(form, gazetteer, written)
    sex, population = _one_of(Sex, form["sex"]), _one_of(Population, form["population"])
    if form["sex"] and sex is None:
        written.faults["sex"] = _("console.attention.choose_one")
    if form["population"] and population not in GIVEN:
        written.faults["population"] = _("console.attention.choose_one")
    if day is None or given is None or means is None or clave is None or written.faults:
        return written
    if not form["population"]:
        population = None
    written.attention = Attention(day, given, clave, means, sex, population)
    return written


def _day(typed: str, today: date, written: Written) -> date | None:
    try:
        day = date.fromisoformat(typed.strip())
    except ValueError:
        written.faults["day"] = _("console.attention.day_wrong")
        return None
    if day > today:
        written.faults["day"] = _("console.attention.day_to_come")
    elif day < today - OLDEST:
        written.faults["day"] = _("console.attention.day_too_old")
    return day


def _town(form: Form, gazetteer: Gazetteer, written: Written) -> int | None:
    """A municipality by what was typed, or by which of several was then chosen."""
    typed, places = form["town"].strip(), gazetteer.municipalities
    if not typed:
        written.faults["town"] = _("console.attention.town_missing")
        return None
    if len(typed) > LONGEST_TOWN:
        written.faults["town"] = _("console.attention.town_unknown")
        return None
    first = typed.split(maxsplit=1)[0]
    # The list of towns says `20208 San Juan Mixtepec, Mixteca`: names repeat.
    if len(first) == LENGTH_OF_CLAVE and first.isdecimal() and int(first) in places:
        return int(first)
    found = [one for one in find_origin(typed, gazetteer) if one.clave is not None]
    if len(found) == 1:
        return found[0].clave
    found = found or [*islice(_named(typed, gazetteer), MOST_TOWNS + 1)]
    if len(found) > MOST_TOWNS:
        written.faults["town"] = _("console.attention.many_towns")
        return None
    chosen = form["clave"]
    for one in found:
        if str(one.clave) == chosen:
            return one.clave
    written.towns = found
    written.faults["town"] = (
        _("console.attention.several_towns") if found else _("console.attention.town_unknown")
    )
    return None


def _named(typed: str, gazetteer: Gazetteer) -> Iterator[Origin]:
    """The municipalities that have every word that was typed in their names."""
    asked = set(fold(typed).split())
    for town in gazetteer.municipalities.values():
        if asked and asked <= set(fold(town.name).split()):
            yield Origin(town.region, town.clave, _town_name(town))


def _one_of(kind: type[Choice], typed: str) -> Choice | None:
    return kind(typed) if typed in list(kind) else None
