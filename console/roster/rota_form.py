"""The form of a rota: what it shows, what is read from it, and what it brings back."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from alerts.shifts.rota import Rota
from alerts.shifts.service import Draft
from alerts.shifts.store import LONGEST_TURN
from console.frame.forms import Form
from console.frame.visit import Visit
from console.roster.clocks import read_day, read_time
from console.roster.words import ZONES
from kit.errors import Invalid
from kit.zones import OAXACA
from locales.text import _
from staff.model import Member

LABELS: Mapping[str, str] = {
    "name": _("console.rotas.name"),
    "members": _("console.rotas.turns"),
    "since": _("console.rotas.since"),
    "every": _("console.rotas.every"),
    "handover": _("console.rotas.handover"),
    "zone": _("console.rotas.zone"),
    "covers": _("console.rotas.covers"),
    "holidays": _("console.rotas.holidays"),
}


def draft_of(form: Form, people: Sequence[Member]) -> Draft:
    """The rota that a form asks for. Raises Invalid."""
    emails = {str(one.id): one.email for one in people}
    chosen = [one for one in form.several("turno") if one]
    if any(one not in emails for one in chosen):
        raise Invalid(_("console.rotas.fault_person"))
    begins, ends = form["cubre_desde"].strip(), form["cubre_hasta"].strip()
    if bool(begins) != bool(ends):
        raise Invalid(_("console.rotas.fault_covers"))
    every = form.number("cada", 1, LONGEST_TURN.days)
    if every is None:
        raise Invalid(_("roster.every"), most=LONGEST_TURN.days)
    return Draft(
        name=form["nombre"],
        emails=[emails[one] for one in chosen],
        since=read_day(form["desde"]),
        every=every,
        handover=read_time(form["relevo"]),
        zone=form["zona"],
        covers=(read_time(begins), read_time(ends)) if begins else None,
        holidays=form["inhabiles"] == "si",
    )


def fields_of(rota: Rota) -> Mapping[str, object]:
    """A rota as its form shows it."""
    opens, closes = rota.covers or (None, None)
    return {
        "nombre": rota.name,
        "turno": [str(id_) for id_ in rota.members],
        "desde": rota.since.isoformat(),
        "cada": str(rota.every),
        "relevo": f"{rota.handover:%H:%M}",
        "zona": rota.zone,
        "cubre_desde": "" if opens is None else f"{opens:%H:%M}",
        "cubre_hasta": "" if closes is None else f"{closes:%H:%M}",
        "inhabiles": "si" if rota.holidays else "",
    }


def typed_in(form: Form) -> Mapping[str, object]:
    """What was typed, for the form to show again."""
    return {name: form[name] for name in _FIELDS} | {"turno": list(form.several("turno"))}


_FIELDS = (
    "nombre", "desde", "cada", "relevo", "zona", "cubre_desde", "cubre_hasta", "inhabiles",
)  # fmt: skip


def seen(rota: Rota) -> str:
    """A rota for its form to bring back."""
    return json.dumps([str(value) for value in parts_of(rota).values()])


def parts_of(rota: Rota) -> Mapping[str, object]:
    covers = "" if rota.covers is None else f"{rota.covers[0]:%H:%M}–{rota.covers[1]:%H:%M}"
    return {
        "name": rota.name,
        "members": " ".join(map(str, rota.members)),
        "since": rota.since.isoformat(),
        "every": rota.every,
        "handover": f"{rota.handover:%H:%M}",
        "zone": rota.zone,
        "covers": covers,
        "holidays": rota.holidays,
    }


def members_of(values: Mapping[str, object]) -> list[object]:
    turns = values.get("turno")
    return [one for one in turns if one] if isinstance(turns, list) else []


def blank(visit: Visit) -> Mapping[str, object]:
    today: date = visit.now.astimezone(ZoneInfo(visit.member.zone)).date()
    known = visit.member.zone if visit.member.zone in ZONES else OAXACA
    return {
        "nombre": "",
        "turno": [],
        "desde": today.isoformat(),
        "cada": "7",
        "relevo": "08:00",
        "zona": known,
        "cubre_desde": "",
        "cubre_hasta": "",
        "inhabiles": "si",
    }
