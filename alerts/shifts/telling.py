"""How shifts are spoken of: hours by the clock of who reads, colleagues by their pseudonym."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from alerts import speaking
from alerts.shifts import texts
from alerts.shifts.rota import Shift
from db.session import Session
from delivery.content import Option, Params
from locales.phrases import all_of
from locales.text import Phrase, Text, _
from staff import store as staff
from staff.model import Member, Role

DAY = timedelta(days=1)
NAMED = 3
"""So many folios or people are named in one SMS; the others are counted."""

YES, NO = "shift:yes", "shift:no"
"""What the buttons of a question say, before the rota and the second at which the shift begins."""


def hours(starts: datetime, ends: datetime, zone: str, now: datetime) -> Phrase:
    """A stretch of time in a zone: "20:00 a 8:00", with its days unless it is short and near."""
    if ends - starts < DAY and now - DAY < starts < now + DAY:
        return Phrase(_("word.shift.hours"), _clocks(starts, ends, zone))
    return dated(starts, ends, zone)


def dated(starts: datetime, ends: datetime, zone: str) -> Phrase:
    """A stretch of time in a zone with its days: "23/11 20:00 a 24/11 8:00"."""
    first, last = starts.astimezone(ZoneInfo(zone)), ends.astimezone(ZoneInfo(zone))
    days = {"first": _day(first), "last": _day(last)}
    return Phrase(_("word.shift.dated"), {**_clocks(starts, ends, zone), **days})


def moment(at: datetime, zone: str, now: datetime) -> object:
    """An instant in a zone: "8:00", with its day unless it is near."""
    local = at.astimezone(ZoneInfo(zone))
    if at < now + DAY:
        return _clock(local)
    return Phrase(_("word.shift.moment"), {"day": _day(local), "hour": _clock(local)})


def counted(names: Sequence[str]) -> object:
    """Names with commas, at most `NAMED` of them: "Alba, Luz, Sol y otros 4"."""
    if len(names) <= NAMED:
        return all_of(names)
    more = {"before": ", ".join(names[:NAMED]), "waiting": len(names) - NAMED}
    return Phrase(_("word.list.others"), more)


def answers(shift: Shift) -> tuple[Option, Option]:
    """The two buttons under a question about a shift, which name it."""
    which = f"{shift.rota_id}:{int(shift.starts.timestamp())}"
    return (
        Option(f"{YES}:{which}", texts.BUTTON_COMES),
        Option(f"{NO}:{which}", texts.BUTTON_CANNOT),
    )


async def tell(
    session: Session,
    member: Member | None,
    text: Text,
    shift: Shift,
    now: datetime,
    params: Params | None = None,
    *,
    asks: Shift | None = None,
    can_wait: bool = False,
) -> None:
    """Tell somebody about a shift, `{shift}` being its hours by their clock; nobody if None.

    `asks` is the shift that the buttons of a question name.
    """
    if member is None or not member.active:
        return
    values = {**(params or {}), "shift": hours(shift.starts, shift.ends, member.zone, now)}
    options = answers(asks) if asks else ()
    await speaking.tell_member(session, member, text, values, now, options, can_wait=can_wait)


async def tell_coordinators(
    session: Session,
    text: Text,
    shift: Shift,
    now: datetime,
    params: Params | None = None,
    *,
    but: Collection[int] = (),
    asks: Shift | None = None,
) -> tuple[Member, ...]:
    """Tell who coordinates about a shift, without those who know; gives who was told."""
    told = tuple(one for one in await coordinators(session) if one.id not in but)
    for one in told:
        await tell(session, one, text, shift, now, params, asks=asks)
    return told


async def coordinators(session: Session) -> tuple[Member, ...]:
    """Who plans the shifts and can be told: coordinators, administrators where there is none."""
    for role in (Role.COORDINATOR, Role.ADMIN):
        found = tuple(one for one in await staff.with_roles(session, (role,)) if one.written)
        if found:
            return found
    return ()


async def people(session: Session, ids: Collection[int]) -> Mapping[int, Member]:
    """Members by id."""
    found = {id_: await staff.get(session, id_) for id_ in sorted(set(ids))}
    return {id_: member for id_, member in found.items() if member is not None}


def name_of(member: Member | None) -> str:
    """What a colleague is called."""
    return "-" if member is None else member.pseudonym


def _clocks(starts: datetime, ends: datetime, zone: str) -> dict[str, object]:
    first, last = starts.astimezone(ZoneInfo(zone)), ends.astimezone(ZoneInfo(zone))
    return {"begins": _clock(first), "ends": _clock(last)}


def _clock(local: datetime) -> str:
    return f"{local.hour}:{local.minute:02}"


def _day(local: datetime) -> Phrase:
    return Phrase(_("word.shift.day"), {"day": local.day, "month": local.month})
