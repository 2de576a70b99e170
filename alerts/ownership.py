"""What staff do to a case: take it, pass it on, answer the reporter, close it."""

from dataclasses import replace
from datetime import datetime

from alerts import ledger, speaking, store, texts
from alerts.model import Case, CaseState, EntryKind, Outcome, Timer, Times
from alerts.paging import page_next, without_owner
from db.session import Session
from kit.channels import Channel
from kit.errors import NotFound, Refused
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


class DoNotWrite(Refused):
    """The reporter asked not to be written to."""

    code = "do_not_write"


class TooLong(Refused):
    """The reply does not fit into a message of the reporter's channel."""

    code = "too_long"


LONGEST_REPLY = {Channel.SMS: 1500, Channel.TELEGRAM: 3900}
"""Signs, with room for the pass word and the pseudonym."""


async def find(session: Session, folio: str) -> Case:
    """The case of a folio."""
    case = await store.by_folio(session, folio)
    if case is None:
        raise UnknownFolio(_("cases.unknown_folio"))
    return case


async def accept(session: Session, case: Case, member: Member, now: datetime) -> Case:
    """A named person owns the case from now on; the reporter is told so, and pages stop."""
    if case.state is CaseState.CLOSED:
        raise AlreadyClosed(_("cases.already_closed"))
    if case.state is CaseState.ACKNOWLEDGED:
        if case.owner_id == member.id:
            return case
        raise TakenByOther(_("cases.taken"))
    if not member.may(Right.HANDLE_CASES):
        raise Refused(_("staff.not_allowed"))
    before = await store.last_owner(session, case.id)
    case = replace(case, state=CaseState.ACKNOWLEDGED, owner_id=member.id)
    await store.change(session, case.id, {"state": case.state, "owner_id": member.id})
    await store.drop_timers(session, case.id, Timer.PAGE, Timer.REPORTER)
    await store.note(session, case.id, EntryKind.ACKNOWLEDGED, now, member_id=member.id)
    await staff.log(session, member.id, "case.accept", case.folio, now)
    await speaking.stop_pages(session, case, now)
    text = texts.ACCEPTED if before in (None, member.id) else texts.NEW_OWNER
    params = {"word": case.word, "pseudonym": member.pseudonym}
    await speaking.tell_reporter(session, case, text, params, now)
    lost = await ledger.last_is_lost(session, speaking.about_case(case))
    if lost is not None:
        await speaking.warn_owner(session, case, lost, now)
    return case


async def pass_on(
    session: Session, case: Case, member: Member, times: Times, now: datetime
) -> Case:
    """Give the case to whoever is next, now."""
    if case.state is CaseState.CLOSED:
        raise AlreadyClosed(_("cases.already_closed"))
    if not member.may(Right.HANDLE_CASES):
        raise Refused(_("staff.not_allowed"))
    if case.state is CaseState.ACKNOWLEDGED and case.owner_id != member.id:
        raise TakenByOther(_("cases.taken"))
    await store.note(session, case.id, EntryKind.PASSED_ON, now, member_id=member.id)
    await staff.log(session, member.id, "case.pass_on", case.folio, now)
    if case.state is CaseState.ACKNOWLEDGED:
        return await without_owner(session, case, times, now, skip=member.id)
    return await page_next(session, case, times, now, skip=member.id)


async def reply(session: Session, case: Case, member: Member, words: str, now: datetime) -> None:
    """Words of the owner to the reporter, with the pass word of the case."""
    _owned(case, member)
    if case.silenced:
        raise DoNotWrite(_("cases.do_not_write"))
    limit = LONGEST_REPLY[case.reporter.channel]
    if len(words) > limit:
        raise TooLong(_("cases.reply_long"), limit=limit)
    await store.note(session, case.id, EntryKind.REPLIED, now, member_id=member.id, body=words)
    params = {"text": words, "word": case.word, "pseudonym": member.pseudonym}
    await speaking.tell_reporter(session, case, texts.RELAYED, params, now)


async def close(
    session: Session, case: Case, member: Member, outcome: Outcome, now: datetime
) -> Case:
    """End the case; the reporter is told, unless they asked not to be written to."""
    _owned(case, member)
    await speaking.tell_reporter(session, case, texts.CLOSED, {}, now)
    closed = replace(case, state=CaseState.CLOSED, closed_at=now)
    await store.change(
        session, case.id, {"state": closed.state, "closed_at": now, "outcome": outcome}
    )
    await store.drop_timers(session, case.id, *Timer)
    await store.note(session, case.id, EntryKind.CLOSED, now, member_id=member.id, body=outcome)
    await staff.log(session, member.id, "case.close", case.folio, now)
    return closed


def _owned(case: Case, member: Member) -> None:
    if case.state is CaseState.CLOSED:
        raise AlreadyClosed(_("cases.already_closed"))
    if case.owner_id != member.id:
        raise NotYours(_("cases.not_yours"))
