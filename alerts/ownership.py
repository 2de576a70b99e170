"""Whose a case is: accepted, passed on, taken over, helped with, closed and opened again."""

from dataclasses import replace
from datetime import datetime

from alerts import lease, ledger, policies, speaking, store, texts, timeline, timers
from alerts.lease import Lease
from alerts.model import Case, CaseState, EntryKind, Outcome, Timer, Times
from alerts.paging import WAKE, page_next, without_owner
from alerts.referral import planning
from db.session import Session
from kit.errors import Invalid, NotFound, Refused
from kit.ids import read_folio
from locales.text import _
from staff import store as staff
from staff.model import Member, Right


class UnknownFolio(NotFound):
    """No case has this folio."""

    code = "unknown_folio"


class TakenByOther(Refused):
    """Somebody else owns the case."""

    code = "taken_by_other"


class NotYours(Refused):
    """Only the owner may do this."""

    code = "not_yours"


class AlreadyClosed(Refused):
    """The case is closed."""

    code = "already_closed"


class NotClosed(Refused):
    """The case is open."""

    code = "not_closed"


class ReasonMissing(Invalid):
    """This is not done without a reason."""

    code = "reason_missing"


class CloseWordsMissing(Invalid):
    """The outcome says too little alone."""

    code = "close_words_missing"


NEEDS_WORDS = {
    Outcome.FALSE_ALARM: _("cases.close_how_confirmed"),
    Outcome.DUPLICATE: _("cases.close_which_folio"),
    Outcome.OTHER: _("cases.close_what_happened"),
}
"""Outcomes that say too little alone, and what is asked for."""


async def find(session: Session, folio: str) -> Case:
    """The case of a folio."""
    case = await store.by_folio(session, folio)
    if case is None:
        raise UnknownFolio(_("cases.unknown_folio"))
    return case


async def accept(session: Session, case: Case, member: Member, now: datetime) -> Case:
    """A named person owns the case from now on; the reporter is told so, and pages stop.

    It is a lease: without an act that is written down, the case goes on to others.
    """
    if case.state is CaseState.CLOSED:
        raise AlreadyClosed(_("cases.already_closed"))
    if case.state is CaseState.ACKNOWLEDGED:
        if case.owner_id == member.id:
            return case
        raise TakenByOther(_("cases.taken"))
    _must_handle(member)
    await staff.log(session, member.id, "case.accept", case.folio, now)
    return await _give(session, case, member, EntryKind.ACKNOWLEDGED, now)


async def take_over(
    session: Session, case: Case, member: Member, reason: str, now: datetime
) -> Case:
    """Take the case from its owner, who is told, with a reason."""
    if case.state is not CaseState.ACKNOWLEDGED or case.owner_id == member.id:
        return await accept(session, case, member, now)
    _must_handle(member)
    if not reason.strip():
        raise ReasonMissing(_("cases.reason_missing"))
    before = None if case.owner_id is None else await staff.get(session, case.owner_id)
    await staff.log(session, member.id, "case.take_over", case.folio, now)
    case = await _give(session, case, member, EntryKind.TAKEN_OVER, now, reason.strip())
    if before is not None and before.active:
        params = {"folio": case.folio, "colleague": member.pseudonym}
        await speaking.tell_member(session, before, texts.TAKEN_FROM_YOU, params, now, case=case)
    return case


async def pass_on(
    session: Session, case: Case, member: Member, times: Times, now: datetime
) -> Case:
    """Give the case to whoever is next, now."""
    if case.state is CaseState.CLOSED:
        raise AlreadyClosed(_("cases.already_closed"))
    _must_handle(member)
    if case.state is CaseState.ACKNOWLEDGED and case.owner_id != member.id:
        raise TakenByOther(_("cases.taken"))
    await timeline.note(session, case.id, EntryKind.PASSED_ON, now, member_id=member.id)
    await staff.log(session, member.id, "case.pass_on", case.folio, now)
    if case.state is CaseState.ACKNOWLEDGED:
        return await without_owner(session, case, times, now, skip=member.id)
    return await page_next(session, case, times, now, skip=member.id)


async def add_helper(
    session: Session, case: Case, member: Member, helper: Member, now: datetime
) -> None:
    """Let a colleague read and answer in the case too. It stays the owner's."""
    must_own(case, member)
    _must_handle(helper)
    if helper.id == member.id or helper.id in await timeline.helpers(session, case.id):
        return
    await timeline.note(session, case.id, EntryKind.HELPER, now, member_id=helper.id)
    await staff.log(session, member.id, "case.helper", case.folio, now)
    params = {"folio": case.folio, "colleague": member.pseudonym}
    await speaking.tell_member(session, helper, texts.YOU_HELP, params, now, case=case)


async def close(
    session: Session,
    case: Case,
    member: Member,
    outcome: Outcome,
    now: datetime,
    words: str = "",
) -> Case:
    """End the case; the reporter is told, unless they asked not to be written to.

    Some outcomes want words: how a false alarm was confirmed, which case is the other one.
    """
    must_own(case, member)
    words = words.strip()
    if outcome in NEEDS_WORDS and not words:
        raise CloseWordsMissing(NEEDS_WORDS[outcome])
    if outcome is Outcome.DUPLICATE:
        other = read_folio(words.split()[0])
        if other is None or other == case.folio or await store.by_folio(session, other) is None:
            raise CloseWordsMissing(NEEDS_WORDS[outcome])
    await speaking.tell_reporter(session, case, texts.CLOSED, {}, now, texts.AFTER_CLOSE)
    closed = replace(case, state=CaseState.CLOSED, closed_at=now)
    await store.change(
        session, case.id, {"state": closed.state, "closed_at": now, "outcome": outcome}
    )
    await timers.drop(session, case.id, *Timer)
    body = f"{outcome} {words}".strip()
    await timeline.note(session, case.id, EntryKind.CLOSED, now, member_id=member.id, body=body)
    await staff.log(session, member.id, "case.close", case.folio, now)
    await planning.after_close(session, case, outcome, now)
    return closed


async def reopen(session: Session, case: Case, member: Member, reason: str, now: datetime) -> Case:
    """Open a closed case again; it is theirs who opened it."""
    if case.state is not CaseState.CLOSED:
        raise NotClosed(_("cases.not_closed"))
    _must_handle(member)
    if not reason.strip():
        raise ReasonMissing(_("cases.reason_missing"))
    await store.change(session, case.id, {"closed_at": None, "outcome": None, "paged": 0})
    case = replace(case, closed_at=None, paged=0)
    await staff.log(session, member.id, "case.reopen", case.folio, now)
    return await _give(session, case, member, EntryKind.REOPENED, now, reason.strip())


async def hold(session: Session, case: Case, held: Lease, now: datetime) -> None:
    """Set until when the owner has the case, and when they are reminded."""
    await timers.put(session, case.id, Timer.LEASE, held.ends_at, now)
    await timers.put(session, case.id, Timer.WARNING, held.warns_at, now)
    session.wake(WAKE, str(case.id), held.warns_at)
    session.wake(WAKE, str(case.id), held.ends_at)


def must_own(case: Case, member: Member) -> None:
    """Refuse to anybody but the owner of a case that is not closed."""
    if case.state is CaseState.CLOSED:
        raise AlreadyClosed(_("cases.already_closed"))
    if case.owner_id != member.id:
        raise NotYours(_("cases.not_yours"))


async def must_take_part(session: Session, case: Case, member: Member) -> None:
    """Refuse to anybody but the owner, those who help, and supervisors."""
    if member.active and case.owner_id is not None and case.owner_id == member.id:
        return
    if member.may(Right.SUPERVISE_CASES) or member.id in await timeline.helpers(session, case.id):
        return
    raise NotYours(_("cases.not_yours"))


async def _give(
    session: Session,
    case: Case,
    member: Member,
    how: EntryKind,
    now: datetime,
    reason: str | None = None,
) -> Case:
    before = await timeline.last_owner(session, case.id)
    await timeline.note(session, case.id, how, now, member_id=member.id, body=reason)
    case = replace(case, state=CaseState.ACKNOWLEDGED, owner_id=member.id)
    values = {"state": case.state, "owner_id": member.id}
    await store.change(session, case.id, values)
    await timers.drop(session, case.id, Timer.PAGE, Timer.REPORTER)
    await hold(session, case, lease.given(await policies.of_case(session, case), now), now)
    await speaking.stop_pages(session, case, now)
    text = texts.ACCEPTED if before in (None, member.id) else texts.NEW_OWNER
    params = {"word": case.word, "pseudonym": member.pseudonym}
    await speaking.tell_reporter(session, case, text, params, now)
    lost = await ledger.last_is_lost(session, speaking.about_case(case))
    if lost is not None:
        await speaking.warn_owner(session, case, lost, now)
    return case


def _must_handle(member: Member) -> None:
    if not member.may(Right.HANDLE_CASES):
        raise Refused(_("staff.not_allowed"))
