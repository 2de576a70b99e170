"""Who is on duty now, as colleagues see it: pseudonyms, and until when."""

from dataclasses import dataclass
from datetime import datetime

from alerts.shifts import store, telling
from alerts.shifts.rota import next_up, on_duty
from db.session import Session
from staff import store as staff
from staff.model import Member, Right, Role
from staff.rules import require


@dataclass(frozen=True, slots=True)
class Here:
    """Somebody on duty, or who comes next: `at` is when their shift ends, or begins. Without any
    rota everybody whose role it is and whom a page can reach is on duty, and `at` is None."""

    pseudonym: str
    rota: str
    at: datetime | None
    is_me: bool


@dataclass(frozen=True, slots=True)
class Duty:
    """Who is on duty, and who comes next. With neither there is a gap."""

    now: tuple[Here, ...]
    coming: tuple[Here, ...]


async def duty(session: Session, viewer: Member, now: datetime) -> Duty:
    """Who is on duty. Refused for who may not see cases."""
    require(viewer, Right.SEE_CASES)
    plan = await store.plan(session, now - store.LONGEST_TURN)
    if not plan.in_force(now):
        members = await staff.with_roles(session, (Role.DUTY,))
        # As for a page: whom nothing reaches is not on duty.
        always = [one for one in members if one.methods]
        return Duty(tuple(Here(one.pseudonym, "", None, one.id == viewer.id) for one in always), ())
    here, coming = on_duty(plan, now), next_up(plan, now)
    people = await telling.people(session, {one.member_id for one in (*here, *coming)})
    rotas = {one.id: one.name for one in plan.rotas}

    def named(member_id: int, rota_id: int, at: datetime) -> Here:
        return Here(people[member_id].pseudonym, rotas[rota_id], at, member_id == viewer.id)

    return Duty(
        tuple(named(one.member_id, one.rota_id, one.ends) for one in here),
        tuple(named(one.member_id, one.rota_id, one.starts) for one in coming),
    )
