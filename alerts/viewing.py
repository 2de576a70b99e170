"""Whoever opens a case: whether they may, what is noted of it, and that nothing is done over words
that they have not read."""

from datetime import datetime, timedelta

from sqlalchemy import select

from alerts import presence, store, timeline
from alerts.board import SAID
from alerts.model import Case, CaseState, EntryKind, Kind
from alerts.ownership import UnknownFolio
from alerts.part import Part, part_of
from alerts.timeline import entry
from db.session import Session
from kit.errors import Refused
from kit.ids import read_folio
from locales.text import _
from staff.model import Member, Right
from staff.rules import require


class NewWords(Refused):
    """The reporter has written since the page was made."""

    code = "new_words"


async def held(session: Session, viewer: Member, folio: str) -> Case:
    """The case of a folio, held for an act. One that does not exist, that is a robot's, or that the
    member may not see raises UnknownFolio: the three cannot be told apart."""
    return await _found(session, viewer, folio, hold=True)


async def seen(session: Session, viewer: Member, folio: str) -> Case:
    """The same only to be looked at: nobody waits for it."""
    return await _found(session, viewer, folio, hold=False)


async def _found(session: Session, viewer: Member, folio: str, *, hold: bool) -> Case:
    read = read_folio(folio)
    case = None if read is None else await store.by_folio(session, read, hold=hold)
    if case is None or case.kind is Kind.CANARY or not viewer.may(Right.SEE_CASES):
        raise UnknownFolio(_("cases.unknown_folio"))
    return case


async def opened(
    session: Session, case: Case, viewer: Member, now: datetime, *, still: bool = False
) -> None:
    """Somebody opens the page of a case, or `still` has it before their eyes. The audit is told of
    an opening once in ten minutes, of a page that stays open once a day, and with it the timeline
    when a supervisor reads what is a colleague's."""
    require(viewer, Right.SEE_CASES)
    await presence.comes(session, case.id, viewer.id, now)
    if not await presence.note(session, case, viewer.id, now, every=_every(still)):
        return
    part = part_of(case, viewer, await timeline.helpers(session, case.id))
    if part is Part.SUPERVISOR:
        await timeline.note(session, case.id, EntryKind.SHOWN, now, member_id=viewer.id)


async def is_to_be_opened(
    session: Session, case: Case, viewer: Member, now: datetime, *, still: bool = False
) -> bool:
    """Whether `opened` has anything to write. Only reads."""
    noted = await presence.is_noted(session, case.id, viewer.id, now, _every(still))
    return not noted or await presence.is_to_come(session, case.id, viewer.id, now)


def _every(still: bool) -> timedelta:
    return presence.KEPT_NOTED_EVERY if still else presence.NOTED_EVERY


async def writes(session: Session, case: Case, viewer: Member, now: datetime) -> None:
    """Somebody writes to the reporter: colleagues see it. Of who may not, nothing is kept."""
    part = part_of(case, viewer, await timeline.helpers(session, case.id))
    if part.reads and case.state is CaseState.ACKNOWLEDGED and not case.silenced:
        await presence.writes(session, case.id, viewer.id, now)


async def nothing_said_since(session: Session, case: Case, newest: int) -> None:
    """Raises NewWords when the reporter has written anything after the line `newest`: nobody closes
    a case, or puts it off, over words that they have not read."""
    found = await session.scalar(
        select(entry.c.id)
        .where(
            entry.c.case_id == case.id,
            entry.c.id > newest,
            entry.c.kind.in_((*SAID, EntryKind.DANGER, EntryKind.SILENCED)),
        )
        .limit(1)
    )
    if found is not None:
        raise NewWords(_("cases.new_words"))
