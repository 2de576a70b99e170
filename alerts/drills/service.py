"""Beginning a drill, ending it, and reading how it went."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from alerts import speaking, timeline
from alerts import store as cases
from alerts.drills import store
from alerts.drills.report import Course, course
from alerts.drills.store import Drill
from db.session import Session
from delivery.model import State
from delivery.store import attempt, message
from kit.channels import Endpoint
from kit.errors import Invalid, NotFound
from locales.text import _
from staff import store as staff
from staff.model import Member

LONGEST = timedelta(hours=12)
LONGEST_NAME = 60


async def start(
    session: Session,
    member: Member,
    name: str,
    players: Sequence[Endpoint],
    lasts: timedelta,
    now: datetime,
) -> Drill:
    """Begin a drill: what these endpoints call for until its end is an exercise."""
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        raise Invalid(_("drills.name"), limit=LONGEST_NAME)
    if not players:
        raise Invalid(_("drills.players"))
    if not timedelta() < lasts <= LONGEST:
        raise Invalid(_("drills.length"), hours=int(LONGEST / timedelta(hours=1)))
    for one in players:
        case = await cases.live_of(session, one, now)
        if case is not None and not case.exercise:
            # What they say now belongs to a case that is real.
            raise Invalid(_("drills.has_case"))
    made = await store.add(session, name.strip(), players, member.id, now, now + lasts)
    await staff.log(session, member.id, "drill.start", f"drill:{made}", now)
    return await find(session, made)


async def stop(session: Session, member: Member, drill_id: int, now: datetime) -> Drill:
    """End a drill before its time."""
    found = await find(session, drill_id)
    await store.end(session, found.id, now)
    await staff.log(session, member.id, "drill.stop", f"drill:{found.id}", now)
    return await find(session, drill_id)


async def find(session: Session, drill_id: int) -> Drill:
    """A drill by id."""
    found = await store.get(session, drill_id)
    if found is None:
        raise NotFound(_("drills.unknown"))
    return found


async def report(session: Session, drill: Drill) -> tuple[Course, ...]:
    """How fast each step was of the cases that were played in a drill."""
    table = cases.case
    played = await cases.those(
        session,
        table.c.exercise.is_(True)
        & (table.c.opened_at >= drill.started_at)
        & (table.c.opened_at < drill.ends_at),
    )
    found = []
    for case in sorted(played, key=lambda one: one.id):
        taken = await session.all(
            select(attempt.c.at)
            .join(message, message.c.id == attempt.c.message_id)
            .where(
                message.c.about == speaking.about_page(case),
                attempt.c.outcome.in_((State.SENT, State.DELIVERED)),
            )
        )
        lines = await timeline.of_case(session, case.id)
        found.append(course(case, lines, [row["at"] for row in taken]))
    return tuple(found)
