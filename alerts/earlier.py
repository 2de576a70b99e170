"""What of a case no longer stands on its page: what was said, and what happened, before a line."""

from dataclasses import dataclass, field, replace

from alerts import past, talk, timeline
from alerts.chronicle import Names
from alerts.model import Case
from alerts.part import Part, part_of
from alerts.past import Past
from alerts.talk import Talk
from db.session import Session
from staff.model import Member, Right
from staff.rules import require


@dataclass(frozen=True, slots=True)
class Earlier:
    """A part of a case, from some line backwards. Without a part in it, there are no words."""

    case: Case
    part: Part
    owner: str | None
    talk: Talk = field(default_factory=Talk)
    past: Past = field(default_factory=Past)


async def talk_before(session: Session, case: Case, viewer: Member, before: int | None) -> Earlier:
    """What was said before a line; the newest of it for a line that is none of the case's.

    Refused without the right to see cases. That they opened it is written by `viewing.opened`,
    before."""
    found, names = await _seen(session, case, viewer)
    if not found.part.reads:
        return found
    return replace(found, talk=await talk.of_case(session, case, names, before))


async def past_before(session: Session, case: Case, viewer: Member, before: int | None) -> Earlier:
    """What happened before a line; refused and written down as above."""
    found, names = await _seen(session, case, viewer)
    return replace(found, past=await past.of_case(session, case, found.part, names, before))


async def _seen(session: Session, case: Case, viewer: Member) -> tuple[Earlier, Names]:
    require(viewer, Right.SEE_CASES)
    part = part_of(case, viewer, await timeline.helpers(session, case.id))
    names = await past.names_of(session, case)
    return Earlier(case, part, None if case.owner_id is None else names.get(case.owner_id)), names
