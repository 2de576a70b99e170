"""`/guardias/rotaciones`: rotas, holidays, and taking shifts over from a calendar."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from fastapi import Response

from alerts.shifts import ical, importing, service, week
from console.frame.pages import StaffPages
from console.frame.uploads import Upload
from console.frame.visit import Visit
from console.roster.bits import HERE, Bits
from console.roster.clocks import read_day
from console.roster.rota_form import (
    LABELS,
    blank,
    draft_of,
    fields_of,
    members_of,
    parts_of,
    seen,
    typed_in,
)
from console.roster.words import ZONES
from db.session import Session
from kit.errors import Invalid, Problem, Refused
from locales.text import _
from staff.model import Right
from staff.signin.forms import once

ROTAS = f"{HERE}/rotaciones"
TURNS = 6
"""Places for people in the form; a rota with more has three more than it needs."""

LONGEST_PASTED = 60_000
"""Signs of a calendar that is pasted; a longer one comes as a file."""

_SENTENCES = {
    "roster.members": _("console.rotas.fault_members"),
    "roster.unknown": _("console.rotas.fault_unknown"),
}
"""Sentences that speak of options of the command line, and what a form says in their place."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why nothing was done. `now` is what somebody else has written meanwhile, by field."""

    sentence: str
    now: Mapping[str, str] | None = None
    status: int = 422


def add_rotas(pages: StaffPages) -> None:
    """The list with the holidays, a rota's form, and a calendar for it."""

    async def shown_list(visit: Visit, trouble: str = "") -> Response:
        async with visit.database.read() as session:
            rotas, absent = await week.rotas(session, visit.member)
            holidays = await week.holidays(session, visit.member)
            names = await week.names(session, visit.member)
        today = visit.now.astimezone(ZoneInfo(visit.member.zone)).date()
        return visit.page(
            "roster/rotas.html",
            status=422 if trouble else 200,
            rotas=rotas,
            absent=absent,
            names=names,
            holidays=[one for one in holidays if one.day >= today],
            today=today,
            typed=visit.form,
            trouble=trouble,
            bits=Bits(visit),
        )

    async def shown_rota(
        visit: Visit, rota_id: int | None, typed: Mapping[str, object] | None, trouble: Trouble
    ) -> Response:
        async with visit.database.read() as session:
            rota = None if rota_id is None else await week.rota(session, visit.member, rota_id)
            people = await week.able(session, visit.member)
            names = await week.names(session, visit.member)
        # Somebody who cannot be on duty any more keeps their place until it is given away.
        known = {one.id for one in people}
        gone = [id_ for id_ in (rota.members if rota else ()) if id_ not in known]
        values = typed or (blank(visit) if rota is None else fields_of(rota))
        return visit.page(
            "roster/rota.html",
            status=trouble.status if trouble.sentence else 200,
            rota=rota,
            seen="" if rota is None else seen(rota),
            typed=values,
            people=people,
            names=names,
            gone=gone,
            places=max(TURNS, len(members_of(values)) + 3),
            zones=ZONES,
            labels=LABELS,
            trouble=trouble,
            calendar=visit.form["calendario"],
            longest=LONGEST_PASTED,
            today=visit.now.astimezone(ZoneInfo(visit.member.zone)).date(),
            bits=Bits(visit),
        )

    @pages.get(ROTAS, needs=Right.SEE_ROSTER)
    async def show(visit: Visit) -> Response:
        return await shown_list(visit)

    @pages.get(f"{ROTAS}/nueva", needs=Right.PLAN_DUTY)
    async def show_new(visit: Visit) -> Response:
        return await shown_rota(visit, None, None, Trouble(""))

    @pages.post(f"{ROTAS}/nueva", needs=Right.PLAN_DUTY)
    async def add(visit: Visit) -> Response:
        try:
            async with visit.database.write() as session:
                people = await week.able(session, visit.member)
                draft = draft_of(visit.form, people)
                if not await once(session, visit.form["once"], visit.now):
                    return visit.go(ROTAS)
                await service.add(session, visit.member, draft, visit.now)
        except (Invalid, Refused) as problem:
            return await shown_rota(visit, None, typed_in(visit.form), _trouble(visit, problem))
        return visit.go(ROTAS, _("console.rotas.added"))

    @pages.get(f"{ROTAS}/{{id}}", needs=Right.PLAN_DUTY)
    async def show_one(visit: Visit) -> Response:
        return await shown_rota(visit, visit.number("id"), None, Trouble(""))

    @pages.post(f"{ROTAS}/{{id}}", needs=Right.PLAN_DUTY)
    async def change(visit: Visit) -> Response:
        rota_id, form = visit.number("id"), visit.form
        try:
            async with visit.database.write() as session:
                if not await once(session, form["once"], visit.now):
                    return visit.go(ROTAS)
                other = await _changed(session, visit, rota_id)
                if not other:
                    people = await week.able(session, visit.member)
                    draft = draft_of(form, people)
                    await service.change(session, visit.member, rota_id, draft, visit.now)
        except (Invalid, Refused) as problem:
            return await shown_rota(visit, rota_id, typed_in(form), _trouble(visit, problem))
        if other:
            said = Trouble(visit.text(_("console.rotas.changed_meanwhile")), other, 409)
            return await shown_rota(visit, rota_id, typed_in(form), said)
        return visit.go(ROTAS, _("console.rotas.changed"))

    @pages.post(f"{ROTAS}/{{id}}/quitar", needs=Right.PLAN_DUTY)
    async def remove(visit: Visit) -> Response:
        rota_id = visit.number("id")
        async with visit.database.write() as session:
            if not await once(session, visit.form["once"], visit.now):
                return visit.go(ROTAS)
            await service.remove(session, visit.member, rota_id, visit.now)
        return visit.go(ROTAS, _("console.rotas.removed"))

    @pages.upload(f"{ROTAS}/{{id}}/calendario", needs=Right.PLAN_DUTY, most=ical.MOST_OCTETS)
    async def take(visit: Visit, upload: Upload | None) -> Response:
        rota_id = visit.number("id")
        service.allow(visit.member)
        try:
            data = visit.form["calendario"].strip().encode()
            if upload is not None and upload.size:
                data = await asyncio.to_thread(upload.file.read, ical.MOST_OCTETS + 1)
            events = await asyncio.to_thread(ical.read, data)
            async with visit.database.write() as session:
                rota = await week.rota(session, visit.member, rota_id)
                done = await importing.take_events(session, visit.member, rota, events, visit.now)
        except Invalid as problem:
            return await shown_rota(visit, rota_id, None, _trouble(visit, problem))
        said = _("console.rotas.imported")
        return visit.go(HERE, said, added=done.added, left_out=done.left_out)

    @pages.post(f"{HERE}/inhabiles", needs=Right.PLAN_DUTY)
    async def add_holiday(visit: Visit) -> Response:
        service.allow(visit.member)
        try:
            day = read_day(visit.form["dia"])
            async with visit.database.write() as session:
                await service.add_holiday(session, visit.member, day, visit.form["que"], visit.now)
        except (Invalid, Refused) as problem:
            return await shown_list(visit, visit.text(problem.key, **problem.params))
        return visit.go(ROTAS, _("console.rotas.holiday_added"))

    @pages.post(f"{HERE}/inhabiles/quitar", needs=Right.PLAN_DUTY)
    async def remove_holiday(visit: Visit) -> Response:
        service.allow(visit.member)
        day = read_day(visit.form["dia"])
        async with visit.database.write() as session:
            await service.remove_holiday(session, visit.member, day, visit.now)
        return visit.go(ROTAS, _("console.rotas.holiday_removed"))


async def _changed(session: Session, visit: Visit, rota_id: int) -> Mapping[str, str]:
    """What another person has changed since the form was shown, as it is now: empty if nothing."""
    rota = await week.rota(session, visit.member, rota_id)
    brought = visit.form["seen"]
    if brought == seen(rota):
        return {}
    names = await week.names(session, visit.member)
    yes, no = _("console.rotas.yes"), _("console.rotas.no")
    parts = dict(parts_of(rota))
    shown = {
        **{name: str(value) for name, value in parts.items()},
        "members": ", ".join(names.get(id_, "–") for id_ in rota.members),
        "holidays": visit.text(yes if rota.holidays else no),
    }
    try:
        before = json.loads(brought)
    except (ValueError, RecursionError):
        return shown
    if not isinstance(before, list) or len(before) != len(parts):
        return shown
    return {
        name: shown[name]
        for (name, value), then in zip(parts.items(), before, strict=True)
        if str(value) != then
    }


def _trouble(visit: Visit, problem: Problem) -> Trouble:
    key = _SENTENCES.get(problem.key, problem.key)
    return Trouble(visit.text(key, **problem.params))
