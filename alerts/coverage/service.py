"""What staff see and set of coverage, and the attentions that they register."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, ScalarSelect, Table, func, literal, select

from alerts.coverage.tries import day_of, midnight
from alerts.model import CaseState, Kind
from alerts.store import case
from contacts.coverage import figures, store
from contacts.coverage.figures import Coverage
from contacts.coverage.model import (
    Attention,
    Registered,
    Target,
    check_day,
    check_target,
    target_of,
)
from contacts.store import contact, opt_out
from db.session import Session
from kit.errors import Invalid, NotFound, Refused
from locales.text import _
from staff.model import Member, Right
from staff.rules import require
from staff.store import log

TREND = timedelta(days=90)
"""How far back the days of a coverage go."""

MOST = 10_000
"""What is counted anew for each page is counted up to here: who has more sees "10,000 or more"."""

MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class Today:
    """The numbers of the day in Oaxaca. `joined` and `left` stop at `MOST`; tries of messages are
    half a minute old. `open_cases` is None for who may not see cases."""

    joined: int
    left: int
    sent: int
    failed: int
    attentions: int
    open_cases: int | None
    unowned: int | None


async def coverage(
    session: Session, by: Member | None, now: datetime, year: int | None = None
) -> Coverage:
    """The coverage of a year, this one if none is named. None asks from the machine itself.

    Refused for who may not see figures.
    """
    if by is not None:
        require(by, Right.SEE_FIGURES)
    year = day_of(now).year if year is None else year
    return figures.coverage(
        year,
        target_of(year, await store.targets(session)),
        await store.cells(session),
        await store.counted_at(session),
        await store.days(session, day_of(now) - TREND),
    )


async def today(session: Session, by: Member, now: datetime) -> Today:
    """The numbers of the day. Refused for who may not see figures."""
    require(by, Right.SEE_FIGURES)
    begins, on = midnight(now), day_of(now)
    tries = (await store.tries(session, (on,))).get(on, store.Tries(on))
    sees = by.may(Right.SEE_CASES)
    live = (case.c.kind != Kind.CANARY) & case.c.exercise.is_(False)
    open_ = live & (case.c.state == CaseState.OPEN)
    owned = live & (case.c.state == CaseState.ACKNOWLEDGED)
    counted = await session.first(
        select(
            _number(contact, contact.c.joined_at >= begins).label("joined"),
            _number(opt_out, opt_out.c.at >= begins).label("left"),
            *((_number(case, open_).label("unowned"),) if sees else ()),
            *((_number(case, owned).label("owned"),) if sees else ()),
        )
    )
    if counted is None:
        raise LookupError("a count that gives no row")
    return Today(
        joined=counted["joined"],
        left=counted["left"],
        sent=tries.sent,
        failed=tries.failed,
        attentions=await store.attended_on(session, on),
        open_cases=counted["unowned"] + counted["owned"] if sees else None,
        unowned=counted["unowned"] if sees else None,
    )


async def targets(session: Session, by: Member) -> tuple[Target, ...]:
    """Every target that was set, by year. Refused for who may not see figures."""
    require(by, Right.SEE_FIGURES)
    return await store.targets(session)


async def set_target(
    session: Session, by: Member, year: int, population: int, attended: int, now: datetime
) -> Target:
    """Set what a year aims at; those after it that have none of their own aim at it, too.

    Refused without the right, Invalid for figures that make no sense.
    """
    require(by, Right.SET_TARGETS)
    new = check_target(year, population, attended)
    await store.set_target(session, new, by.id, now)
    await log(session, by.id, "coverage.target", f"year:{year}", now)
    return new


async def drop_target(session: Session, by: Member, year: int, now: datetime) -> None:
    """Let a year aim at what the one before it aims at. Refused without the right, NotFound."""
    require(by, Right.SET_TARGETS)
    if not await store.drop_target(session, year):
        raise NotFound(_("console.coverage.no_target"))
    await log(session, by.id, "coverage.target_dropped", f"year:{year}", now)


async def register(
    session: Session,
    by: Member,
    new: Attention,
    form: str,
    now: datetime,
    claves: Container[int],
) -> int:
    """Register a service that was given at the window or by phone; gives its number.

    `form` stands for the form that it was written into: the same form again gives the same
    attention. `claves` are of the municipalities that there are. Refused without the right,
    Invalid for a day to come or long past, or a municipality that is none.
    """
    require(by, Right.REGISTER_ATTENTIONS)
    check_day(new.day, day_of(now))
    if new.clave not in claves:
        raise Invalid(_("console.attention.no_such_town"))
    if not form or len(form) > store.LONGEST_PRINT:
        raise Invalid(_("console.form.unreadable"))
    made = await store.add(session, new, by.id, form, now)
    if made is None:
        before = await store.of_form(session, form, by.id)
        if before is None:
            raise Invalid(_("console.form.unreadable"))
        return before
    await log(session, by.id, "attention.register", f"attention:{made}", now)
    return made


async def mine_today(session: Session, by: Member, now: datetime) -> tuple[Registered, ...]:
    """What a member has registered today, the newest first. Refused without the right."""
    require(by, Right.REGISTER_ATTENTIONS)
    return await store.registered(session, by.id, midnight(now), MOST_LISTED)


async def take_back(session: Session, by: Member, attention_id: int, now: datetime) -> None:
    """Let an attention of one's own, registered today, count no more; a second time does nothing.

    NotFound for one of somebody else, Refused for one of another day or without the right.
    """
    require(by, Right.REGISTER_ATTENTIONS)
    found = await store.held(session, attention_id, by.id)
    if found is None:
        raise NotFound(_("console.attention.unknown"))
    if found.taken_back_at is not None:
        return
    if day_of(found.at) != day_of(now):
        raise Refused(_("console.attention.of_another_day"))
    await store.take_back(session, attention_id, now)
    await log(session, by.id, "attention.take_back", f"attention:{attention_id}", now)


def _number(table: Table, which: ColumnElement[bool]) -> ScalarSelect[int]:
    """How many rows of a table these are, up to `MOST`."""
    some = select(literal(1)).select_from(table).where(which).limit(MOST).subquery()
    return select(func.count()).select_from(some).scalar_subquery()
