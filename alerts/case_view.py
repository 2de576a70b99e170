"""One case as somebody of the staff may see it: what its page shows, by the part they have in it.

Who has it, who helps and who supervises read the words; others who handle cases see what a page
says. No name, number or chat of the reporter is in it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import RowMapping, func, select

from alerts import (
    automatic,
    chronicle,
    handling,
    ledger,
    paging,
    policies,
    presence,
    speaking,
    store,
    timeline,
    timers,
    viewing,
)
from alerts.board import SAID
from alerts.chronicle import Line
from alerts.escalation import BEHIND_THE_LADDER, Rung, ladder, next_step, waits
from alerts.model import Case, CaseState, Entry, EntryKind, Outcome, Timer, Times
from alerts.part import Act, Part, acts_of, part_of
from alerts.people import links
from alerts.policy import Policy
from alerts.presence import Present
from alerts.referral import follow_ups
from alerts.referral import service as referrals
from alerts.referral import store as referral_store
from alerts.referral.model import FollowUp, Paper, Referral
from alerts.relay import FILES
from alerts.timeline import entry
from db.session import Session
from delivery.model import State
from staff import store as staff
from staff.model import Member, Right
from staff.rules import require

MOST_LINES = 300
MOST_SAID = 300


@dataclass(frozen=True, slots=True)
class Said:
    """One thing of the conversation: words, a file or a place of the reporter's, words of ours, or
    what the platform said by itself, which has a row of the ledger and no line.

    `id` is the line's; `by` the pseudonym of who wrote it of ours. `file` is the key for the kind
    of a file, `held` whether its provider can be asked for it; `place` is latitude and longitude.
    """

    id: int
    at: datetime
    ours: bool
    by: str = ""
    words: str = field(default="", repr=False)
    file: str = ""
    held: bool = False
    place: tuple[float, float] | None = field(default=None, repr=False)
    automatic: bool = False
    leaves_at: datetime | None = None
    """When something automatic leaves that waits for safe hours, or for its turn."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Who is paged next, when, and whether it is everybody at once, and all of them again."""

    at: datetime
    names: tuple[str, ...]
    everybody: bool
    again: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A rung of the policy as it stands now, by pseudonyms."""

    names: tuple[str, ...]
    minutes: int
    done: bool


@dataclass(frozen=True, slots=True)
class ReferralView:
    """A referral and its papers."""

    referral: Referral
    papers: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class CaseView:
    """All that the page of a case shows. `newest` is the newest line of it: acts that must not
    overtake the reporter's words bring it back. Without a part, there are no words in it."""

    case: Case
    part: Part
    acts: tuple[Act, ...]
    newest: int
    owner: str | None
    outcome: Outcome | None
    danger: bool
    unreached: State | None
    lines: tuple[Line, ...]
    more_lines: bool
    conversation: tuple[Said, ...]
    more_said: bool
    names: dict[int, str]
    helpers: tuple[str, ...]
    present: tuple[Present, ...]
    policy: Policy
    steps: tuple[Step, ...]
    turn: Turn | None
    waits: bool
    lease_ends_at: datetime | None
    snoozed: bool
    reporter_at: datetime | None
    referrals: tuple[ReferralView, ...]
    follow_ups: tuple[FollowUp, ...]
    kept_in: str | None
    """The folio of the case that is kept in the place of this one."""
    joined: tuple[str, ...]
    """Folios of the cases that hang below this one."""


async def fingerprint(session: Session, case_id: int, viewer: Member, now: datetime) -> str:
    """What differs from one state of a case to another: its lines, and who writes in it. Cheap
    enough for every second."""
    row = await session.first(
        select(func.count().label("count"), func.max(entry.c.id).label("last")).where(
            entry.c.case_id == case_id
        )
    )
    here = await presence.others(session, case_id, viewer.id, now)
    writing = "-".join(str(one.member_id) for one in here if one.writing)
    return f"{row['count']}-{row['last'] or 0}-{writing}" if row else "-"


async def look(
    session: Session, case: Case, viewer: Member, times: Times, now: datetime
) -> CaseView:
    """The page of a case for a member; Refused without the right to see cases.

    That they opened it is written by `presence.note`, before.
    """
    require(viewer, Right.SEE_CASES)
    helper_ids = await timeline.helpers(session, case.id)
    part = part_of(case, viewer, helper_ids)
    rows = await _newest(session, case.id, MOST_LINES + 1)
    names = await _names(session, case, rows, helper_ids)
    told = rows[-MOST_LINES:]
    said = await _conversation(session, case.id) if part.reads else ()
    by_itself = await automatic.of_case(session, case) if part.reads else ()
    opening = await handling.opening_hours(session, times, now)
    due = await timers.of_case(session, case.id)
    policy = await policies.of_case(session, case)
    steps, turn = await _turns(session, case, policy, times, due.get(Timer.PAGE), now)
    above = await links.above(session, case.id)
    kept = None if above is None else await store.get(session, above.keep_id)
    below = await links.below(session, case.id)
    return CaseView(
        case=case,
        part=part,
        acts=acts_of(case, viewer, part, opening, now),
        newest=rows[-1]["id"] if rows else 0,
        owner=None if case.owner_id is None else names.get(case.owner_id),
        outcome=await _outcome(session, case),
        danger=await timeline.has_entry(session, case.id, EntryKind.DANGER),
        unreached=await ledger.last_is_lost(session, speaking.about_case(case)),
        lines=tuple(_line(row, names, part) for row in reversed(told)),
        more_lines=len(rows) > MOST_LINES,
        conversation=_in_order(said, by_itself, names),
        more_said=len(said) > MOST_SAID,
        names=names,
        helpers=tuple(names[one] for one in helper_ids if one in names),
        present=await presence.others(session, case.id, viewer.id, now),
        policy=policy,
        steps=steps,
        turn=turn,
        waits=case.state is CaseState.OPEN and waits(case, times, now),
        lease_ends_at=due.get(Timer.LEASE),
        snoozed=await _snoozed(session, case),
        reporter_at=due.get(Timer.REPORTER),
        referrals=await _referrals(session, case) if part.reads else (),
        follow_ups=await follow_ups.of_case(session, case.id) if part.reads else (),
        kept_in=None if kept is None else kept.folio,
        joined=await _folios(session, below),
    )


async def file_of(
    session: Session, viewer: Member, folio: str, line_id: int
) -> tuple[Case, str, str] | None:
    """A file that the reporter sent: the case, the kind and the provider's name of it, for whoever
    may read the words; None when there is no such file. Raises UnknownFolio."""
    case = await viewing.seen(session, viewer, folio)
    part = part_of(case, viewer, await timeline.helpers(session, case.id))
    row = await session.first(
        select(entry.c.kind, entry.c.body).where(
            entry.c.id == line_id, entry.c.case_id == case.id, entry.c.kind == EntryKind.MEDIA
        )
    )
    kind, _colon, name = ((row["body"] or "") if row is not None else "").partition(":")
    return (case, kind, name) if part.reads and _is_held(kind, name) else None


async def _newest(session: Session, case_id: int, limit: int) -> Sequence[RowMapping]:
    """The newest lines of a case, in order."""
    rows = await session.all(
        select(entry).where(entry.c.case_id == case_id).order_by(entry.c.id.desc()).limit(limit)
    )
    return rows[::-1]


async def _conversation(session: Session, case_id: int) -> Sequence[RowMapping]:
    """What went both ways, in order; one more than is shown when there is more."""
    kinds = (*SAID, EntryKind.REPLIED)
    rows = await session.all(
        select(entry)
        .where(entry.c.case_id == case_id, entry.c.kind.in_(kinds), entry.c.body.is_not(None))
        .order_by(entry.c.id.desc())
        .limit(MOST_SAID + 1)
    )
    return rows[::-1]


async def _names(
    session: Session, case: Case, rows: Sequence[RowMapping], helpers: Sequence[int]
) -> dict[int, str]:
    """The pseudonyms of everybody who stands in the timeline."""
    ids = {row["member_id"] for row in rows} | {case.owner_id, *helpers}
    found = await session.all(
        select(staff.member.c.id, staff.member.c.pseudonym).where(
            staff.member.c.id.in_([one for one in ids if one is not None])
        )
    )
    return {row["id"]: row["pseudonym"] for row in found}


async def _turns(
    session: Session,
    case: Case,
    policy: Policy,
    times: Times,
    page_at: datetime | None,
    now: datetime,
) -> tuple[tuple[Step, ...], Turn | None]:
    """The ladder as it stands now, and who is paged next while nobody has the case."""
    people = await paging.roster(session, now)
    rungs = ladder(policy, people, case, times)
    steps = tuple(_step(rung, place < case.paged) for place, rung in enumerate(rungs))
    if case.state is not CaseState.OPEN or page_at is None:
        return steps, None
    declined = await timeline.declined_since(session, case.id, now - paging.DECLINED_WITHIN)
    called = await timeline.called(session, case.id)
    step = next_step(
        case, policy, people, times, max(now, page_at), declined=declined, called=called
    )
    if step is None:
        return steps, None
    names = tuple(one.pseudonym for one in step.people)
    everybody = step.paged > BEHIND_THE_LADDER
    again = everybody and all(one.id in called for one in step.people)
    return steps, Turn(page_at, names, everybody, again)


def _step(rung: Rung, done: bool) -> Step:
    minutes = max(1, round(rung.wait.total_seconds() / 60))
    return Step(tuple(one.pseudonym for one in rung.people), minutes, done)


async def _outcome(session: Session, case: Case) -> Outcome | None:
    if case.state is not CaseState.CLOSED:
        return None
    kept = await session.scalar(select(store.case.c.outcome).where(store.case.c.id == case.id))
    return None if kept is None else Outcome(kept)


async def _snoozed(session: Session, case: Case) -> bool:
    """Whether the owner has put it off: a pause and its lease are set at one instant."""
    found = await session.scalar(
        select(timers.timer.c.case_id)
        .join(
            entry,
            (entry.c.case_id == timers.timer.c.case_id) & (entry.c.at == timers.timer.c.set_at),
        )
        .where(
            timers.timer.c.case_id == case.id,
            timers.timer.c.kind == Timer.LEASE,
            entry.c.kind == EntryKind.SNOOZED,
        )
        .limit(1)
    )
    return found is not None


async def _referrals(session: Session, case: Case) -> tuple[ReferralView, ...]:
    return tuple(
        [
            ReferralView(one, await referrals.papers_of(session, case, one))
            for one in await referral_store.of_case(session, case.id)
        ]
    )


async def _folios(session: Session, ids: Sequence[int]) -> tuple[str, ...]:
    if not ids:
        return ()
    rows = await session.all(
        select(store.case.c.folio).where(store.case.c.id.in_(ids)).order_by(store.case.c.id)
    )
    return tuple(row["folio"] for row in rows)


def _line(row: RowMapping, names: dict[int, str], part: Part) -> Line:
    kind = EntryKind(row["kind"])
    told = chronicle.line_of(Entry(row["at"], kind, row["member_id"], row["body"]), names)
    told = replace(told, id=row["id"])
    return told if part.reads else chronicle.without_words(told)


def _said(row: RowMapping, names: dict[int, str]) -> Said:
    kind, body = EntryKind(row["kind"]), row["body"] or ""
    if kind is EntryKind.REPLIED:
        by = names.get(row["member_id"], "")
        return Said(row["id"], row["at"], ours=True, by=by, words=body)
    if kind is EntryKind.LOCATION:
        latitude, longitude = json.loads(body)
        return Said(row["id"], row["at"], ours=False, place=(latitude, longitude))
    if kind is EntryKind.MEDIA:
        what, _colon, name = body.partition(":")
        if what == "contact":
            return Said(row["id"], row["at"], ours=False, words=name)
        key, can = chronicle.file_kind(body), _is_held(what, name)
        return Said(row["id"], row["at"], ours=False, file=key, held=can)
    return Said(row["id"], row["at"], ours=False, words=body)


def _in_order(
    rows: Sequence[RowMapping], by_itself: Sequence[automatic.Automatic], names: dict[int, str]
) -> tuple[Said, ...]:
    """The conversation, and between its lines what the platform said by itself: what answers a
    line stands below it. Before the oldest line that is shown, nothing is."""
    lines = [_said(row, names) for row in rows[-MOST_SAID:]]
    begins = lines[0].at if len(rows) > MOST_SAID else None
    told = [
        Said(one.id, one.at, ours=True, words=one.words, automatic=True, leaves_at=one.leaves_at)
        for one in by_itself
        if begins is None or one.at >= begins
    ]
    return tuple(sorted([*lines, *told], key=lambda one: one.at))


def _is_held(kind: str, name: str) -> bool:
    """Whether a file has a name at Telegram. What came with an SMS has the address of the other
    provider, which is not asked."""
    return bool(name) and "/" not in kind and kind in FILES
