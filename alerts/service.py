"""What reporters do to a case: call for help, add to it, ask for silence, say that all is well."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from alerts import handling, policies, presence, relay, speaking, store, texts, timeline, timers
from alerts.drills import store as drills
from alerts.model import (
    MAY_WAIT,
    Case,
    CaseState,
    EntryKind,
    Kind,
    MayWrite,
    Report,
    Timer,
    Times,
    Urgency,
    ends_waiting,
)
from alerts.paging import await_answer, choose_policy, look_soon, page_next, without_owner
from alerts.passphrase import new_word
from alerts.people import duplicates
from alerts.triage import speaks_of_danger
from contacts import store as contacts
from db.session import Session
from delivery.content import Params
from kit.ids import new_folio
from locales.text import NOTHING, Text
from staff import store as staff

Pick = Callable[[int], int]


async def open_case(
    session: Session,
    report: Report,
    urgency: Urgency,
    times: Times,
    pick: Pick,
    *,
    story: bool = True,
) -> Case:
    """The first word makes the case and sends the page, in one unit.

    `story` says whether the report tells anything beyond the call itself.
    """
    policy = await policies.fitting(session, Kind.UNKNOWN, urgency)
    played = await drills.is_played(session, report.reporter, report.at)
    made = None
    while made is None:
        folio, word = new_folio(pick), new_word(pick)
        made = await store.open_case(session, report, folio, word, urgency, policy.id, played)
    case = await store.made(session, made)
    await _write_down(session, case, report, EntryKind.SAID if story else EntryKind.CALLED)
    case = await page_next(session, case, times, report.at)
    await await_answer(session, case, report.at + times.reporter, report.at)
    return case


async def add(
    session: Session, case: Case, report: Report, times: Times, *, raises: bool = False
) -> Case:
    """Add what the reporter says to the case; a closed one opens again.

    With `raises` (a new SOS, or words of danger) it becomes a matter of life and pages at once.
    """
    case = await _reopen(session, case, times, report.at)
    await _write_down(session, case, report)
    await duplicates.tell_keeper(session, case, report.at)
    if case.urgency is Urgency.CAN_WAIT and speaks_of_danger(report.text):
        raises = True
    if raises:
        if case.urgency is Urgency.CAN_WAIT and case.state is CaseState.OPEN:
            # The numbers were put off until the office opens.
            await await_answer(session, case, report.at + times.reporter, report.at)
        case = replace(case, urgency=Urgency.LIFE)
        await store.change(session, case.id, {"urgency": case.urgency})
        await timeline.note(session, case.id, EntryKind.DANGER, report.at)
        case = await choose_policy(session, case, report.at)
        await relay.pass_on(session, case, report)
        return await _page_all_over(session, case, times, report.at)
    if case.state is CaseState.OPEN:
        return case
    return await _pass_on(session, case, report, times)


async def _pass_on(session: Session, case: Case, report: Report, times: Times) -> Case:
    """Pass the words on to the owner; one who cannot be told is an owner no more."""
    case = await _with_owner(session, case, times, report.at)
    if case.state is CaseState.ACKNOWLEDGED:
        await relay.pass_on(session, case, report)
    return case


async def _page_all_over(session: Session, case: Case, times: Times, now: datetime) -> Case:
    """A new SOS needs a new acknowledgement: the owner is paged again, and so is who is next."""
    if case.state is not CaseState.ACKNOWLEDGED or case.owner_id is None:
        return await page_next(session, case, times, now)
    owner = await staff.get(session, case.owner_id)
    if owner is not None and owner.active:
        await speaking.page(session, case, owner, now)
        await timeline.note(session, case.id, EntryKind.PAGED, now, member_id=owner.id)
    return await without_owner(session, case, times, now, skip=case.owner_id)


async def say_well(session: Session, case: Case, report: Report, times: Times) -> Case:
    """ "I am fine", "false alarm", CANCELAR: kept and told, but it closes and lowers nothing."""
    case = await _reopen(session, case, times, report.at)
    await _write_down(session, case, report)
    await duplicates.tell_keeper(session, case, report.at)
    await timeline.note(session, case.id, EntryKind.FALSE_ALARM, report.at)
    return await _tell_owner(session, case, texts.CASE_SAYS_WELL, times, report.at)


async def answer_may_write(
    session: Session, case: Case, answer: MayWrite, times: Times, now: datetime
) -> Case:
    """Keep the answer to "may we write to you here?". A no silences the case for good."""
    case = await _reopen(session, case, times, now)
    if answer is MayWrite.NO:
        return await silence(session, case, times, now)
    if case.silenced:
        return case
    await store.change(session, case.id, {"may_write": answer})
    await timeline.note(session, case.id, EntryKind.MAY_WRITE, now, body=answer)
    return replace(case, may_write=answer)


async def silence(session: Session, case: Case, times: Times, now: datetime) -> Case:
    """No automatic message to this person any more, a campaign neither; the owner is told."""
    case = replace(case, may_write=MayWrite.NO)
    await store.change(session, case.id, {"may_write": case.may_write})
    await timers.drop(session, case.id, Timer.REPORTER)
    await speaking.hush(session, case, now)
    await contacts.add_opt_out(session, case.reporter, "silenced", "", now)
    await timeline.note(session, case.id, EntryKind.SILENCED, now)
    return await _tell_owner(session, case, texts.CASE_DO_NOT_WRITE, times, now)


async def set_kind(session: Session, case: Case, kind: Kind, times: Times, now: datetime) -> Case:
    """What happened, as the reporter puts it with a button."""
    case = await _reopen(session, case, times, now)
    if not _is_less(kind, case.kind):
        case = replace(case, kind=kind)
        await store.change(session, case.id, {"kind": kind})
    await timeline.note(session, case.id, EntryKind.KIND, now, body=kind)
    before, waited = case.policy_id, case.urgency is Urgency.CAN_WAIT
    if case.urgency is Urgency.CAN_WAIT and ends_waiting(kind):
        case = await _wait_no_more(session, case, times, now)
    if case.state is not CaseState.OPEN:
        said = {"kind": texts.KIND_WORDS[kind]}
        return await _tell_owner(session, case, texts.CASE_KIND, times, now, said)
    case = await choose_policy(session, case, now)
    case = await _maybe_wait(session, case, kind, times, now)
    if case.urgency is Urgency.CAN_WAIT:
        return case
    changed = case.policy_id != before
    # The timer holds the wait of the policy before, or the hour at which the office opens.
    if waited or (changed and case.paged == 0):
        return await page_next(session, case, times, now)
    if changed:
        await look_soon(session, case, times, now)
    return case


def _is_less(kind: Kind, before: Kind) -> bool:
    """Whether what is named now takes nothing away from what was named before: "something else",
    and what may wait where something was named that does not. Both may be true, or pressed by
    somebody who stands beside the person."""
    if before is Kind.UNKNOWN:
        return False
    return kind is Kind.OTHER or (kind in MAY_WAIT and ends_waiting(before))


async def _wait_no_more(session: Session, case: Case, times: Times, now: datetime) -> Case:
    """Whatever was pressed before, what is named now does not wait for the office; nor may an owner
    put it off for as long."""
    case = replace(case, urgency=Urgency.UNSORTED)
    await store.change(session, case.id, {"urgency": case.urgency})
    if case.state is CaseState.OPEN:
        await await_answer(session, case, now + times.reporter, now)
    else:
        await handling.keep_to_limit(session, case, now)
    return case


async def _maybe_wait(
    session: Session, case: Case, kind: Kind, times: Times, now: datetime
) -> Case:
    """At night what is no danger to anybody waits for the office, by the reporter's own button."""
    opening = await handling.opening_hours(session, times, now)
    if not {kind, case.kind} <= MAY_WAIT or opening.is_open(now):
        return case
    try:
        return await handling.let_wait(session, case, None, times, now)
    except handling.Dangerous:
        return case


async def _reopen(session: Session, case: Case, times: Times, now: datetime) -> Case:
    """Open a closed case again: its old owner is told, and the guard is paged."""
    if case.state is not CaseState.CLOSED:
        return case
    owner = None if case.owner_id is None else await staff.get(session, case.owner_id)
    if owner is not None and owner.active:
        await speaking.tell_member(
            session, owner, texts.CASE_REOPENED, {"folio": case.folio}, now, case=case
        )
    case = replace(case, state=CaseState.OPEN, owner_id=None, closed_at=None, paged=0)
    await store.change(
        session,
        case.id,
        {"state": case.state, "owner_id": None, "closed_at": None, "paged": 0, "outcome": None},
    )
    await timeline.note(session, case.id, EntryKind.REOPENED, now)
    await await_answer(session, case, now + times.reporter, now)
    return await page_next(session, case, times, now)


async def _write_down(
    session: Session, case: Case, report: Report, words: EntryKind = EntryKind.SAID
) -> None:
    if report.text:
        await timeline.note(session, case.id, words, report.at, body=report.text)
    for file in report.media:
        await timeline.note(session, case.id, EntryKind.MEDIA, report.at, body=file)
    if report.location is not None:
        place = json.dumps(report.location)
        await timeline.note(session, case.id, EntryKind.LOCATION, report.at, body=place)


async def _tell_owner(
    session: Session,
    case: Case,
    text: Text,
    times: Times,
    now: datetime,
    params: Params = NOTHING,
) -> Case:
    """Tell the owner, if there is one that can be told."""
    case = await _with_owner(session, case, times, now)
    owner = None if case.owner_id is None else await staff.get(session, case.owner_id)
    if case.state is CaseState.ACKNOWLEDGED and owner is not None:
        values = {"folio": case.folio, **params}
        await speaking.tell_member(session, owner, text, values, now, case=case)
    return case


async def _with_owner(session: Session, case: Case, times: Times, now: datetime) -> Case:
    """The case with an owner who can be told, or has it before their eyes in the console: one who
    cannot be told and is not there is an owner no more."""
    if case.state is not CaseState.ACKNOWLEDGED or case.owner_id is None:
        return case
    owner = await staff.get(session, case.owner_id)
    if owner is None or not owner.active:
        return await without_owner(session, case, times, now)
    if owner.written or await presence.is_here(session, case.id, owner.id, now):
        return case
    return await without_owner(session, case, times, now)
