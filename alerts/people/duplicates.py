"""Cases that may be one: proposed by the machine, put together and taken apart by a person.

Both cases stay in the books with their folio, their owner, their pages and their reporter, and no
reporter is told a word: who seeks may be who was fled from.
"""

from dataclasses import dataclass
from datetime import datetime

from alerts import speaking, store, timeline
from alerts.model import Case, EntryKind
from alerts.people import facts, links, reading, texts
from alerts.people.access import require
from alerts.people.likeness import Likeness, compare, ready
from alerts.people.links import Link
from db.session import Session
from kit.errors import Invalid, Refused
from locales.text import Text, _
from staff import store as staff
from staff.model import Member

AT_A_TIME = 150
"""Cases that one request looks at."""


class AlreadyLinked(Refused):
    """One of the cases hangs below another already."""

    code = "already_linked"


class NotLinked(Refused):
    """The case hangs below no other."""

    code = "not_linked"


@dataclass(frozen=True, slots=True)
class Proposed:
    """Cases that look alike, the likeliest first. `before` is where to go on, when there is
    more."""

    found: tuple[Likeness, ...] = ()
    before: int | None = None


async def propose(session: Session, case: Case, now: datetime) -> tuple[Likeness, ...]:
    """Other cases, open or of the last 30 days, that may be about the same person; the likeliest
    first. Nothing follows from it. Run it when staff ask, in a unit that only reads."""
    found: list[Likeness] = []
    before, more = None, True
    while more:
        some = await propose_some(session, case, now, before)
        found += some.found
        before, more = some.before, some.before is not None
    return tuple(sorted(found, key=_rank))


async def propose_some(
    session: Session, case: Case, now: datetime, before: int | None = None
) -> Proposed:
    """The same of so many cases, the newest, or the newest that are older than `before`: for who
    waits for it."""
    mine = await facts.of_one(session, case.id)
    if mine is None:
        return Proposed()
    together = await linked(session, await links.top(session, case.id))
    known = {await links.top(session, case.id), *together}
    prepared = ready(mine)
    found, looked_at = list[Likeness](), 0
    async for some in facts.of_others(session, mine, now, before, words=prepared.named):
        likely = (compare(prepared, ready(one)) for one in some if one.case_id not in known)
        found += [one for one in likely if one.proposed]
        looked_at += len(some)
        if looked_at >= AT_A_TIME:
            return Proposed(tuple(sorted(found, key=_rank)), some[-1].case_id)
    return Proposed(tuple(sorted(found, key=_rank)))


def _rank(one: Likeness) -> tuple[int, int]:
    return -one.score, one.case_id


async def linked(session: Session, case_id: int) -> tuple[int, ...]:
    """The cases that were found to be the same as this one and hang below it, at any depth: what
    their reporters say is for its owner too."""
    return await links.below(session, case_id)


async def merge(
    session: Session, keep: Case, other: Case, member: Member, reason: str, now: datetime
) -> None:
    """Put `other` below `keep`, as the same. Nothing else of it changes: while nobody owns it, it
    pages on. Its owner is told.

    Raises Invalid for a case with itself or without a reason, AlreadyLinked, and NotYours unless
    the member works on `keep` or supervises.
    """
    if keep.id == other.id:
        raise Invalid(_("people.merge_itself"))
    if keep.exercise != other.exercise:
        raise Invalid(_("people.merge_drill"))
    words = reading.sentence(reason)
    keep, other = await _held(session, keep.id, other.id)
    await require(session, keep, member)
    if await links.above(session, keep.id) is not None:
        raise AlreadyLinked(_("people.merge_kept_below"))
    if not await links.add(session, Link(keep.id, other.id, member.id, now, words)):
        raise AlreadyLinked(_("people.merge_already"))
    await _note(session, keep, f"{other.folio}: {words}", member, now)
    await _note(session, other, f"{keep.folio}: {words}", member, now)
    await staff.log(session, member.id, "people.merge", f"{keep.folio} {other.folio}", now)
    await _tell_owner(session, other, texts.MERGED, keep, other, now, member)


async def separate(
    session: Session, other: Case, member: Member, reason: str, now: datetime
) -> None:
    """Take `other` from below the case that it was put under: it was not the same.

    Raises NotLinked, Invalid without a reason, and NotYours unless the member works on either of
    the two or supervises.
    """
    held = await links.above(session, other.id)
    if held is None:
        raise NotLinked(_("people.not_linked"))
    keep, other = await _held(session, held.keep_id, other.id)
    if await links.above(session, other.id) != held:
        raise NotLinked(_("people.not_linked"))
    try:
        await require(session, keep, member)
    except Refused:
        await require(session, other, member)
    words = reading.sentence(reason)
    await links.remove(session, other.id)
    await _note(session, keep, f"-{other.folio}: {words}", member, now)
    await _note(session, other, f"-{keep.folio}: {words}", member, now)
    await staff.log(session, member.id, "people.separate", f"{keep.folio} {other.folio}", now)
    for case in (keep, other):
        await _tell_owner(session, case, texts.SEPARATED, keep, other, now, member)


async def tell_keeper(session: Session, case: Case, now: datetime) -> bool:
    """The reporter of a case has said something: the owner of the case that is kept of it is told
    too. False when it stands alone, or when that one has no owner who can be told."""
    top = await links.top(session, case.id)
    keep = None if top == case.id else await store.get(session, top)
    if keep is None or keep.owner_id is None or keep.owner_id == case.owner_id:
        return False
    return await _tell_owner(session, keep, texts.OTHER_WROTE, keep, case, now)


async def _held(session: Session, keep_id: int, other_id: int) -> tuple[Case, Case]:
    """Both cases, held against others who merge: always the older first, so that two of them wait
    for each other and not in a ring."""
    held = {case_id: await store.made(session, case_id) for case_id in sorted((keep_id, other_id))}
    return held[keep_id], held[other_id]


async def _note(session: Session, case: Case, body: str, member: Member, now: datetime) -> None:
    await timeline.note(session, case.id, EntryKind.MERGED, now, member_id=member.id, body=body)


async def _tell_owner(
    session: Session,
    case: Case,
    text: Text,
    keep: Case,
    other: Case,
    now: datetime,
    actor: Member | None = None,
) -> bool:
    """Tell the owner of `case`, unless it is who did it."""
    owner = None if case.owner_id is None else await staff.get(session, case.owner_id)
    if owner is None or not owner.active or (actor is not None and owner.id == actor.id):
        return False
    params = {"folio": keep.folio, "other": other.folio}
    await speaking.tell_member(session, owner, text, params, now)
    return True
