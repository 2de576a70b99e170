"""What the forms about a stretch of a rota have in common: what they begin with, and what was
typed."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from alerts.shifts import week
from alerts.shifts.wall import DAY
from console.frame.forms import Form
from console.frame.visit import LARGEST_ID, Visit
from console.roster.before import Stretch
from console.roster.bits import HERE
from console.roster.clocks import exact, read, shown
from console.roster.grid import week_name
from db.session import Session
from kit.errors import Invalid, NotFound
from locales.text import _

HOUR = timedelta(hours=1)

_FIELDS = ("rotacion", "quien", "una", "otra", "desde", "hasta", "desde_exacto", "hasta_exacto")


def from_address(visit: Visit, usual: timedelta) -> Mapping[str, str]:
    """What a form begins with: hours that a link names, else those from the next whole one on."""
    zone = visit.member.zone
    next_hour = visit.now.replace(minute=0, second=0, microsecond=0) + HOUR
    asked = visit.query("desde"), visit.query("hasta")
    try:
        starts, ends = read(asked[0], zone), read(asked[1], zone)
    except Invalid:
        starts, ends = next_hour, next_hour + usual
    return {
        "rotacion": visit.query("rotacion"),
        "quien": visit.query("persona"),
        "una": visit.query("una"),
        "otra": visit.query("otra"),
        "desde": shown(starts, zone),
        "hasta": shown(ends, zone),
        "desde_exacto": exact(starts),
        "hasta_exacto": exact(ends),
    }


def typed_in(form: Form) -> Mapping[str, str]:
    """What was typed, "" for what was left out."""
    return {name: form[name] for name in _FIELDS}


def stretch_of(visit: Visit) -> Stretch:
    """The rota and the hours that a form names. Raises Invalid."""
    form, zone = visit.form, visit.member.zone
    starts = read(form["desde"], zone, form["desde_exacto"])
    ends = read(form["hasta"], zone, form["hasta_exacto"])
    rota_id = form.number("rotacion", 1, LARGEST_ID)
    if rota_id is None:
        raise Invalid(_("console.roster.choose_rota"))
    return Stretch(rota_id, starts, ends)


async def email_of(session: Session, visit: Visit, typed: str) -> str:
    """The e-mail of somebody who can be on duty, by the number that was chosen. Raises Invalid when
    nothing was, and NotFound for somebody else."""
    if not typed:
        raise Invalid(_("console.roster.choose_person"))
    for one in await week.able(session, visit.member):
        if str(one.id) == typed:
            return one.email
    raise NotFound(_("staff.unknown"))


def week_of(at: datetime, visit: Visit) -> str:
    """Where the week of an instant stands, by the visitor's clock."""
    day = at.astimezone(ZoneInfo(visit.member.zone)).date()
    return f"{HERE}?semana={week_name(day - day.weekday() * DAY)}"
