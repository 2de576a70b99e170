"""What the institute says of itself: read by every public page, changed by an administrator."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from db.session import Session
from kit.errors import NotFound, Refused
from locales.text import _
from staff.institute import rules, store
from staff.institute.model import Institute, Met, Version, differences, meet
from staff.model import Member, Right
from staff.rules import require
from staff.store import log

NOBODYS = Version()
MOST_LISTED = 10


class Overtaken(Refused):
    """Somebody else kept something since the form was opened: `standing` is what stands now, and
    `met` what both have written."""

    code = "changed"

    def __init__(self, standing: Version, met: Met) -> None:
        super().__init__(_("institute.overtaken"))
        self.standing = standing
        self.met = met


async def institute(session: Session, given: Institute) -> Institute:
    """What stands: what was kept here, and what the environment has `given` where nothing was."""
    return (await standing(session)).said.over(given)


async def standing(session: Session) -> Version:
    """The newest version as it was kept, without the environment's; number 0 when there is none."""
    found = await store.newest(session, 1)
    return found[0] if found else NOBODYS


async def for_change(session: Session, member: Member) -> Version:
    """What stands, for who may change it. Refused for everybody else."""
    require(member, Right.CHANGE_SETTINGS)
    return await standing(session)


async def change(
    session: Session, member: Member, typed: Mapping[str, str], seen: int, now: datetime
) -> Version:
    """Keep what was typed as the next version; gives what stands then.

    `seen` is the number of the version that the form was filled in from. What changes nothing makes
    no version. Refused without the right; Faulty with all that cannot be kept; Overtaken when
    somebody else kept a version meanwhile; NotFound when there never was a version `seen`. The
    audit tells which fields, never what stands in them.
    """
    require(member, Right.CHANGE_SETTINGS)
    ours = rules.checked(typed)
    stands = await standing(session)
    changed = differences(stands.said, ours)
    if not changed:
        return stands
    if stands.number != seen:
        raise await _overtaken(session, stands, seen, ours)
    if not await store.add(session, seen + 1, ours, member.id, now):
        raise await _overtaken(session, await standing(session), seen, ours)
    for one in changed:
        await log(session, member.id, "institute.change", f"field:{one.name}", now)
    return Version(seen + 1, ours, now, member.id)


async def history(session: Session, member: Member, before: int | None = None) -> Sequence[Version]:
    """Versions, the newest first, at most `MOST_LISTED`, and one more to compare the last with.

    Refused for who may not change them.
    """
    require(member, Right.CHANGE_SETTINGS)
    return await store.newest(session, MOST_LISTED + 1, before)


async def _overtaken(session: Session, stands: Version, seen: int, ours: Institute) -> Overtaken:
    before = NOBODYS if seen == 0 else await store.numbered(session, seen)
    if before is None:
        raise NotFound(_("console.problem.not_found"))
    return Overtaken(stands, meet(before.said, stands.said, ours))
