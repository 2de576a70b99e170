"""What somebody may do with long work: each asks for the right, and nobody sees another's."""

from collections.abc import Sequence
from datetime import datetime

from campaigns.works import store
from campaigns.works.model import MOST_AT_ONCE, Counts, Kind, Place, State, Step, Work
from contacts.csv_file import RowError
from db.session import Session
from kit.errors import NotFound, Refused
from locales.text import _
from staff.model import Member, Right
from staff.rules import require
from staff.signin.forms import once
from staff.store import hold, log

WORK = "works.go_on"
"""The job that does it."""

MOST_LISTED = 50
MOST_RECENT = 5
LONGEST_NAME = 100

NEEDS = {Kind.IMPORT: Right.IMPORT_CONTACTS}
"""Which right each kind asks for; whoever loses it while it runs has it end."""


def about(work_id: int) -> str:
    """How the audit names long work."""
    return f"work:{work_id}"


async def begin(
    session: Session,
    member: Member,
    name: str,
    header: Sequence[str],
    token: str,
    now: datetime,
) -> int | None:
    """A file of contacts comes in; gives the id, None when the form with this token was taken
    already. Its pieces and `arrived` follow."""
    await hold(session, member.id)
    await may_begin(session, member)
    if not await once(session, token, now):
        return None
    shown = "".join(sign for sign in name if sign.isprintable())[:LONGEST_NAME].strip()
    made = await store.add(session, Kind.IMPORT, member.id, shown, header, now)
    await log(session, member.id, "contacts.import.check", about(made), now)
    return made


async def has_room(session: Session, member: Member) -> bool:
    """Whether somebody who may import may send one more file now."""
    require(member, Right.IMPORT_CONTACTS)
    return await store.unfinished(session, member.id) < MOST_AT_ONCE


async def may_begin(session: Session, member: Member) -> None:
    """Refused while somebody has too many works that are not over."""
    if not await has_room(session, member):
        raise Refused(_("works.too_many"), most=MOST_AT_ONCE)


async def arrives(session: Session, work_id: int) -> None:
    """Refused when a file that is being stored is wanted no more."""
    found = await store.get(session, work_id, lock=True)
    if found is None or found.state is not State.ARRIVING:
        raise Refused(_("works.stopped_meanwhile"))


async def arrived(session: Session, work_id: int, size: int, lines: int, pieces: int) -> None:
    """All of a file is there: its rows are judged, which changes nothing."""
    await arrives(session, work_id)
    kept = {"size": size, "lines": lines, "pieces": pieces, "state": State.WAITING}
    await store.change(session, work_id, kept)
    session.wake(WORK, str(work_id))


async def broken_off(session: Session, work_id: int, now: datetime) -> None:
    """A file did not arrive whole."""
    await store.change(session, work_id, {"state": State.STOPPED, "ended_at": now})


async def bring(session: Session, member: Member, work_id: int, now: datetime) -> None:
    """Bring in the rows that were judged. Said twice, it is done once."""
    found = await _hold(session, member, work_id, Right.IMPORT_CONTACTS)
    if found.step is Step.BRING:
        return
    if found.state is not State.CHECKED:
        raise Refused(_("works.not_checked"))
    if found.counts.created + found.counts.updated == 0:
        raise Refused(_("works.nothing_to_bring"))
    await store.drop_faults(session, work_id)
    again = store.columns_of(Counts(), Place())
    started = {"state": State.WAITING, "step": Step.BRING, "started_at": None, "tries": 0}
    await store.change(session, work_id, {**again, **started, "holder": None, "held_until": None})
    await log(session, member.id, "contacts.import", about(work_id), now)
    session.wake(WORK, str(work_id))


async def stop(session: Session, member: Member, work_id: int, now: datetime) -> bool:
    """End work where it is; what was written stays. False when it was over already."""
    found = await _hold(session, member, work_id)
    if found.is_over:
        return False
    await store.change(session, work_id, {"state": State.STOPPED, "ended_at": now})
    await log(session, member.id, "contacts.import.stop", about(work_id), now)
    session.wake(WORK, str(work_id))
    return True


async def seen_by(session: Session, member: Member, work_id: int) -> Work:
    """Somebody's own work. Whoever has no right to do such, or asks for another's, is told that
    there is none."""
    return _own(await store.get(session, work_id), member)


async def imports(session: Session, member: Member) -> tuple[Work, ...]:
    """The newest imports of somebody who may import."""
    require(member, Right.IMPORT_CONTACTS)
    found = await store.of_member(session, member.id, MOST_RECENT)
    return tuple(one for one in found if one.kind is Kind.IMPORT)


async def mine(session: Session, member: Member) -> tuple[Work, ...]:
    """Somebody's newest works."""
    found = await store.of_member(session, member.id, MOST_LISTED)
    return tuple(one for one in found if member.may(NEEDS[one.kind]))


async def faults(
    session: Session, member: Member, work_id: int, after: int, batches: int
) -> tuple[list[RowError], int | None]:
    """What is wrong with the rows of a file, a few batches of them behind a line, and where to go
    on; None at the end."""
    await seen_by(session, member, work_id)
    return await store.faults(session, work_id, after, batches)


async def _hold(session: Session, member: Member, work_id: int, right: Right | None = None) -> Work:
    if right is not None:
        require(member, right)
    return _own(await store.get(session, work_id, lock=True), member)


def _own(found: Work | None, member: Member) -> Work:
    if found is None or found.member_id != member.id or not member.may(NEEDS[found.kind]):
        raise NotFound(_("works.not_found"))
    return found
