"""What an owner does about a case beside talking: write down an act, put it off, look, ask for the
number. Each act renews the lease."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

from alerts import lease, ledger, policies, speaking, store, texts, timeline, timers
from alerts.model import Case, CaseState, Entry, EntryKind, Kind, Timer, Times, Urgency
from alerts.ownership import AlreadyClosed, ReasonMissing, hold, must_own, must_take_part
from alerts.paging import await_answer, choose_policy, page_next
from alerts.shifts import store as shifts
from alerts.triage import speaks_of_danger
from contacts import store as contacts
from db.session import Session
from kit.errors import Invalid, Refused
from kit.zones import OAXACA
from locales.catalog import render
from locales.phrases import TODAY, TOMORROW, day_phrase
from locales.text import Phrase, _
from staff import store as staff
from staff.hours import Opening, clock_time, local_day
from staff.model import Member, Quiet, Right
from staff.store import quiet_columns

LONGEST_NOTE = 4000
MOST_READ = 200


class NoteMissing(Invalid):
    """Nothing was said of what was done."""

    code = "note_missing"


class SnoozeTooLong(Invalid):
    """A case of this urgency is not put off for so long."""

    code = "snooze_too_long"


class OfficeOpen(Refused):
    """Somebody is there: nothing is left for later."""

    code = "office_open"


class Dangerous(Refused):
    """Words of danger were heard, or the owner of the case is somebody else: it does not wait."""

    code = "dangerous"


async def act(session: Session, case: Case, member: Member, words: str, now: datetime) -> None:
    """Write down what was done: whom one spoke with, what a supervisor decided."""
    await must_take_part(session, case, member)
    if case.state is CaseState.CLOSED:
        raise AlreadyClosed(_("cases.already_closed"))
    if not words.strip():
        raise NoteMissing(_("cases.note_missing"))
    body = words.strip()[:LONGEST_NOTE]
    await timeline.note(session, case.id, EntryKind.ACTED, now, member_id=member.id, body=body)
    await staff.log(session, member.id, "case.note", case.folio, now)
    await renew(session, case, now)


async def renew(session: Session, case: Case, now: datetime) -> None:
    """An act was written down: the owner has the case for longer. One that was put off stays so."""
    if case.state is not CaseState.ACKNOWLEDGED:
        return
    renewed = lease.renewed(await policies.of_case(session, case), now)
    ends_at = (await timers.of_case(session, case.id)).get(Timer.LEASE)
    if ends_at is None or ends_at < renewed.ends_at:
        await hold(session, case, renewed, now)


async def snooze(
    session: Session, case: Case, member: Member, wait: timedelta, reason: str, now: datetime
) -> None:
    """Put a case off with a reason, for no longer than its urgency allows."""
    must_own(case, member)
    longest = lease.LONGEST_SNOOZE[case.urgency]
    if not timedelta() < wait <= longest:
        raise SnoozeTooLong(_("cases.snooze_limit"), limit=int(longest / timedelta(hours=1)))
    if not reason.strip():
        raise ReasonMissing(_("cases.reason_missing"))
    body = reason.strip()[:LONGEST_NOTE]
    await timeline.note(session, case.id, EntryKind.SNOOZED, now, member_id=member.id, body=body)
    await staff.log(session, member.id, "case.snooze", case.folio, now)
    await hold(session, case, lease.snoozed(wait, now), now)


async def keep_to_limit(session: Session, case: Case, now: datetime) -> None:
    """A case has become more urgent: it stays put off for no longer than that allows."""
    longest = lease.LONGEST_SNOOZE[case.urgency]
    ends_at = (await timers.of_case(session, case.id)).get(Timer.LEASE)
    if ends_at is not None and ends_at > now + longest:
        await hold(session, case, lease.snoozed(longest, now), now)


async def set_hours(
    session: Session, case: Case, member: Member, unsafe: Quiet | None, now: datetime
) -> Case:
    """Keep the hours in which it is safe to write to the reporter, by their own clock; None is any
    hour. What waits to leave for them leaves within them."""
    await must_take_part(session, case, member)
    if case.state is CaseState.CLOSED:
        raise AlreadyClosed(_("cases.already_closed"))
    contact = await contacts.find(session, case.reporter)
    zone = (contact.zone if contact is not None else None) or OAXACA
    case = replace(case, unsafe=unsafe, safe_zone=zone)
    await store.change(session, case.id, {**unsafe_columns(unsafe), "safe_zone": zone})
    body = "-" if unsafe is None else f"{unsafe.ends:%H:%M}-{unsafe.begins:%H:%M} {zone}"
    await timeline.note(session, case.id, EntryKind.SAFE_HOURS, now, member_id=member.id, body=body)
    await staff.log(session, member.id, "case.hours", case.folio, now)
    await ledger.hold_until(session, speaking.about_case(case), case.safe_at(now))
    return case


def unsafe_columns(unsafe: Quiet | None) -> dict[str, int | None]:
    """The columns of the hours in which nothing may come."""
    found = quiet_columns(unsafe)
    return {"unsafe_from": found["quiet_from"], "unsafe_until": found["quiet_until"]}


async def let_wait(
    session: Session, case: Case, member: Member | None, times: Times, now: datetime
) -> Case:
    """Leave a case without an owner until the office opens: by a colleague, or by the reporter's
    own button. Never where words of danger were heard. The reporter is told the true hour."""
    if case.state is not CaseState.OPEN:
        raise Dangerous(_("cases.cannot_wait"))
    if member is not None and not member.may(Right.HANDLE_CASES):
        raise Refused(_("staff.not_allowed"))
    if case.urgency is Urgency.CAN_WAIT:
        return case
    danger = await timeline.has_entry(session, case.id, EntryKind.DANGER)
    said = await timeline.last_said(session, case.id, MOST_READ)
    told = [one.body or "" for one in said if one.kind is EntryKind.SAID]
    danger = danger or any(map(speaks_of_danger, told))
    if danger or case.urgency is not Urgency.UNSORTED:
        raise Dangerous(_("cases.cannot_wait"))
    opening = await opening_hours(session, times, now)
    if opening.is_open(now):
        raise OfficeOpen(_("cases.office_open"))
    opens_at = opening.opens_at(now)
    # In the morning those who are on duty then are the first.
    case = replace(case, urgency=Urgency.CAN_WAIT, paged=0)
    await store.change(session, case.id, {"urgency": case.urgency, "paged": 0})
    case = await choose_policy(session, case, now)
    member_id = None if member is None else member.id
    await timeline.note(session, case.id, EntryKind.CAN_WAIT, now, member_id=member_id)
    if member is not None:
        await staff.log(session, member.id, "case.can_wait", case.folio, now)
    await speaking.stop_pages(session, case, now)
    await timers.drop(session, case.id, Timer.REPORTER)
    await await_answer(session, case, opens_at + times.reporter, now)
    # Who pressed the button has been answered with our sympathy already.
    sorry = case.kind is Kind.DEATH and member is not None
    text = texts.CAN_WAIT if sorry else texts.CAN_WAIT_OTHER
    await speaking.tell_reporter(session, case, text, when(opening, opens_at, now), now)
    return await page_next(session, case, times, now)


async def opening_hours(session: Session, times: Times, now: datetime) -> Opening:
    """When somebody is there, with the holidays that were entered."""
    plan = await shifts.plan(session, now)
    return replace(times.opening, closed=times.opening.closed | plan.holidays)


def when(opening: Opening, at: datetime, now: datetime) -> dict[str, object]:
    """The day and the hour of an instant in words, by the clock of the office."""
    day, today = local_day(opening, at), local_day(opening, now)
    if day == today:
        said: object = TODAY
    elif day == today + timedelta(days=1):
        said = TOMORROW
    else:
        said = Phrase(_("when.on_the_day"), {"day": day_phrase(day)})
    return {"when": said, "hours": clock_time(opening, at), "clock": opening.clock_of}


async def show(session: Session, case: Case, member: Member, now: datetime, limit: int) -> str:
    """The newest words of the reporter, for somebody who takes part; that it was read is kept."""
    await must_take_part(session, case, member)
    await timeline.note(session, case.id, EntryKind.SHOWN, now, member_id=member.id)
    await staff.log(session, member.id, "case.show", case.folio, now)
    said = await timeline.last_said(session, case.id, limit)
    return "\n".join(readable(one) for one in said if one.body)


def readable(said: Entry) -> str:
    """A line of the timeline as somebody may read it: a provider's name of a file is a secret."""
    body = said.body or ""
    if said.kind is EntryKind.MEDIA:
        kind, _colon, name = body.partition(":")
        if kind == "contact":
            return name
        return render(texts.SENT_A_FILE.key, speaking.STAFF_LANGUAGE, {"kind": kind})
    if said.kind is EntryKind.LOCATION:
        return "{:.5f}, {:.5f}".format(*json.loads(body))
    return body


async def reveal(session: Session, case: Case, member: Member, reason: str, now: datetime) -> str:
    """The reporter's number or chat, for a reason that is kept: nobody sees it otherwise."""
    await must_take_part(session, case, member)
    if not reason.strip():
        raise ReasonMissing(_("cases.reason_missing"))
    body = reason.strip()[:LONGEST_NOTE]
    await timeline.note(session, case.id, EntryKind.REVEALED, now, member_id=member.id, body=body)
    await staff.log(session, member.id, "case.reveal", case.folio, now)
    return case.reporter.value
