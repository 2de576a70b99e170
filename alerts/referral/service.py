"""What staff do with referrals: make one, write down who was spoken with, keep the papers, and say
how it went afterwards."""

import re
from dataclasses import replace
from datetime import datetime

from alerts import handling, timeline
from alerts.model import Case, EntryKind
from alerts.people.access import require
from alerts.people.reading import sentence
from alerts.referral import follow_ups, papers, planning, store
from alerts.referral.model import (
    NEXT,
    Body,
    FollowUp,
    Means,
    Paper,
    PaperState,
    Referral,
    ReferralState,
    Talk,
)
from db.session import Session
from directory import store as directory
from kit.errors import Invalid, NotFound, Refused
from kit.fold import fold
from locales.text import _
from staff import store as staff
from staff.model import Member

LONGEST_NAME = 120
MOST_PAPERS = 30


class UnknownReferral(NotFound):
    """No referral has this number."""

    code = "unknown_referral"


class UnknownPaper(NotFound):
    """The referral needs no such paper."""

    code = "unknown_paper"


class UnknownFollowUp(NotFound):
    """No follow-up has this number."""

    code = "unknown_follow_up"


class AlreadyDone(Refused):
    """Somebody has written down a result before."""

    code = "already_done"


class NoWayThere(Refused):
    """A referral in this state cannot come into that one."""

    code = "wrong_state"


async def add(
    session: Session,
    case: Case,
    member: Member,
    body: Body,
    now: datetime,
    *,
    name: str = "",
    directory_id: int | None = None,
) -> Referral:
    """Refer a case: to an entry of the directory, or to somebody by name. Three follow-ups are
    planned, unless it is a drill.

    Raises Invalid without either, NotFound for an entry that does not exist, and NotYours.
    """
    await require(session, case, member)
    if directory_id is not None:
        entry = await directory.get(session, directory_id)
        if entry is None:
            raise NotFound(_("directory.unknown"))
        name = name or entry.entry.name
    kept = sentence(name, LONGEST_NAME)
    made = await store.add(session, case.id, body, kept, directory_id, member.id, now)
    await _tell(session, case, member, "referral.add", f"{made}: {body}", now)
    await planning.after_referral(session, case, made, now)
    return await find(session, case, made)


async def find(session: Session, case: Case, referral_id: int) -> Referral:
    """A referral of a case; raises UnknownReferral."""
    found = await store.get(session, referral_id)
    if found is None or found.case_id != case.id:
        raise UnknownReferral(_("referrals.unknown"))
    return found


async def log(
    session: Session,
    case: Case,
    member: Member,
    referral_id: int,
    *,
    means: Means,
    whom: str,
    said: str,
    now: datetime,
    at: datetime | None = None,
    state: ReferralState | None = None,
) -> Referral:
    """Somebody there was spoken with, at `at` if not now, and the referral came to `state`.

    It is an act on the case: it stands in the timeline as one. Raises Invalid for what is missing
    or lies in the future, NoWayThere for a state that cannot follow, and NotYours.
    """
    await require(session, case, member)
    found = await find(session, case, referral_id)
    held = Talk(at or now, member.id, means, sentence(whom, LONGEST_NAME), sentence(said))
    if held.at > now:
        raise Invalid(_("referrals.said_later"))
    await store.add_talk(session, referral_id, held)
    body = f"{found.body}: {held.said}"
    await timeline.note(session, case.id, EntryKind.ACTED, now, member_id=member.id, body=body)
    await handling.renew(session, case, now)
    await staff.log(session, member.id, "referral.log", case.folio, now)
    if state is not None and state is not found.state:
        await _move(session, case, member, found, state, now)
    return await find(session, case, referral_id)


async def set_state(
    session: Session,
    case: Case,
    member: Member,
    referral_id: int,
    state: ReferralState,
    now: datetime,
) -> Referral:
    """How far a referral has come. Raises NoWayThere for a state that cannot follow."""
    await require(session, case, member)
    found = await find(session, case, referral_id)
    if state is not found.state:
        await _move(session, case, member, found, state, now)
    return replace(found, state=state)


async def papers_of(session: Session, case: Case, referral: Referral) -> tuple[Paper, ...]:
    """The papers that this kind of case needs, each as it stands, and those that staff added."""
    return papers.with_states(case.kind, await store.papers(session, referral.id))


async def set_paper(
    session: Session,
    case: Case,
    member: Member,
    referral_id: int,
    code: str,
    state: PaperState,
    now: datetime,
) -> Paper:
    """How it stands with a paper, named by its code. Raises UnknownPaper."""
    await require(session, case, member)
    referral = await find(session, case, referral_id)
    known = {one.code: one for one in await papers_of(session, case, referral)}
    if code not in known:
        raise UnknownPaper(_("referrals.unknown_paper"))
    paper = replace(known[code], state=state)
    await store.set_paper(session, referral_id, paper, member.id, now)
    await _tell(session, case, member, "referral.paper", f"{referral_id}: {code} {state}", now)
    return paper


async def add_paper(
    session: Session, case: Case, member: Member, referral_id: int, name: str, now: datetime
) -> Paper:
    """A paper more, which was asked for there; it is missing. Gives it with its code."""
    await require(session, case, member)
    referral = await find(session, case, referral_id)
    words = sentence(name, LONGEST_NAME)
    known = {one.code for one in await papers_of(session, case, referral)}
    if len(known) >= MOST_PAPERS:
        raise Refused(_("referrals.too_many_papers"), limit=MOST_PAPERS)
    code = re.sub(r"[^a-z0-9]+", "_", fold(words))[:40].strip("_")
    if not code or code in known:
        raise Refused(_("referrals.paper_known"))
    paper = Paper(code, words, PaperState.MISSING)
    await store.set_paper(session, referral_id, paper, member.id, now)
    await _tell(session, case, member, "referral.paper", f"{referral_id}: +{code}", now)
    return paper


async def follow_up_done(
    session: Session,
    case: Case,
    member: Member,
    follow_up_id: int,
    result: str,
    now: datetime,
) -> FollowUp:
    """Write down how it went; nobody is told of it again.

    Raises UnknownFollowUp, AlreadyDone, Invalid without a result, and NotYours.
    """
    await require(session, case, member)
    found = await follow_ups.get(session, follow_up_id)
    if found is None or found.case_id != case.id:
        raise UnknownFollowUp(_("referrals.unknown_follow_up"))
    words = sentence(result)
    if not await follow_ups.finish(session, follow_up_id, member.id, words, now):
        raise AlreadyDone(_("referrals.already_done"))
    body = f"{found.day}: {words}"
    await timeline.note(session, case.id, EntryKind.FOLLOW_UP, now, member_id=member.id, body=body)
    await staff.log(session, member.id, "follow_up.done", case.folio, now)
    return replace(found, done_at=now, done_by=member.id, result=words, notice_at=None)


async def _move(
    session: Session,
    case: Case,
    member: Member,
    found: Referral,
    state: ReferralState,
    now: datetime,
) -> None:
    if state not in NEXT[found.state]:
        raise NoWayThere(_("referrals.wrong_state"))
    await store.set_state(session, found.id, state)
    await _tell(session, case, member, "referral.state", f"{found.id}: {state}", now)


async def _tell(
    session: Session, case: Case, member: Member, act: str, body: str, now: datetime
) -> None:
    await timeline.note(session, case.id, EntryKind.REFERRAL, now, member_id=member.id, body=body)
    await staff.log(session, member.id, act, case.folio, now)
