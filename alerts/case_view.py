"""One case as somebody of the staff may see it: what its page shows, by the part they have in it.

Who has it, who helps and who supervises read the words; others who handle cases see what a page
says. No name, number or chat of the reporter is in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from alerts import (
    handling,
    ledger,
    past,
    policies,
    presence,
    speaking,
    store,
    talk,
    timeline,
    timers,
    turns,
)
from alerts.escalation import waits
from alerts.model import Case, CaseState, EntryKind, Outcome, Timer, Times
from alerts.part import Act, Part, acts_of, part_of
from alerts.past import Past
from alerts.people import links
from alerts.policy import Policy
from alerts.presence import Present
from alerts.referral import follow_ups
from alerts.referral import service as referrals
from alerts.referral import store as referral_store
from alerts.referral.model import FollowUp, Paper, Referral
from alerts.talk import Talk
from alerts.timeline import entry
from alerts.turns import Step, Turn
from db.session import Session
from delivery.model import State
from staff.model import Member, Right
from staff.rules import require


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
    past: Past
    talk: Talk
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
    names = await past.names_of(session, case)
    happened = await past.of_case(session, case, part, names)
    opening = await handling.opening_hours(session, times, now)
    due = await timers.of_case(session, case.id)
    policy = await policies.of_case(session, case)
    steps, turn = await turns.of_case(session, case, policy, times, due.get(Timer.PAGE), now)
    above = await links.above(session, case.id)
    kept = None if above is None else await store.get(session, above.keep_id)
    below = await links.below(session, case.id)
    return CaseView(
        case=case,
        part=part,
        acts=acts_of(case, viewer, part, opening, now),
        newest=happened.lines[0].id if happened.lines else 0,
        owner=None if case.owner_id is None else names.get(case.owner_id),
        outcome=await _outcome(session, case),
        danger=await timeline.has_entry(session, case.id, EntryKind.DANGER),
        unreached=await ledger.last_is_lost(session, speaking.about_case(case)),
        past=happened,
        talk=await talk.of_case(session, case, names) if part.reads else Talk(),
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
