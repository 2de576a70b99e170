"""What the clock does to shifts: asks who comes, tells who does not answer, sees what is missing.

Each step tells a thing once: who was asked is a row, what coordinators are told is an alarm.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from alerts import speaking
from alerts import store as cases
from alerts import texts as alerts_texts
from alerts.model import CaseState
from alerts.shifts import load, questions, store, telling, texts
from alerts.shifts.questions import Asked
from alerts.shifts.rota import Plan, Shift, Stretch, gaps, on_duty, shifts, substitutes
from alerts.shifts.store import LONGEST_TURN
from alerts.shifts.wall import DAY
from db.session import Session
from locales.text import Text
from staff import store as staff
from staff.model import Role

LOOKS_EVERY = timedelta(minutes=1)
ASKS_BEFORE = timedelta(hours=1)
TELLS_BEFORE = timedelta(minutes=30)
ANSWERS_WITHIN = timedelta(minutes=10)
"""Who is asked late, because the shift became theirs late, has at least so long to answer."""

WATCHED = timedelta(days=7)
GAP_IS_NEAR = timedelta(hours=12)
"""A gap so near is told at any hour."""

ENDED_WITHIN = timedelta(hours=12)
WEEK = timedelta(days=7)
HOUR = timedelta(hours=1)
KEPT = LONGEST_TURN + timedelta(days=30)


async def look(session: Session, now: datetime) -> None:
    """Do what is due about shifts. Looks once a minute, however often it is called."""
    if not await store.once(session, "shifts.look", now, LOOKS_EVERY):
        return
    plan = await store.plan(session, now - LONGEST_TURN)
    if plan.rotas:
        await _ask(session, plan, now)
        await _tell_unconfirmed(session, plan, now)
        await _tell_gaps(session, plan, now)
        await _ask_to_hand_over(session, plan, now)
        if await store.once(session, "shifts.methods", now, HOUR):
            await _tell_unproved_methods(session, plan, now)
    if await store.once(session, "shifts.load", now, DAY):
        await _tell_burdens(session, now)
        await store.forget(session, now - KEPT)


async def roster_gap(session: Session, now: datetime) -> bool:
    """Whether nobody is on duty now: by the rotas, or without any by role."""
    plan = await store.plan(session, now)
    if plan.in_force(now):
        return not on_duty(plan, now)
    return not any(one.methods for one in await staff.with_roles(session, (Role.DUTY,)))


async def _ask(session: Session, plan: Plan, now: datetime) -> None:
    """An hour before a shift, or as soon as it is theirs, ask whose it is."""
    for shift in shifts(plan, now, now + ASKS_BEFORE + datetime.resolution):
        if not await questions.ask(session, shift, now):
            continue
        member = await staff.get(session, shift.member_id)
        following = substitutes(plan, shift)
        after = await staff.get(session, following[0]) if following else None
        text = texts.SHIFT_SOON_ALONE if after is None else alerts_texts.SHIFT_SOON
        params = {} if after is None else {"colleague": after.pseudonym}
        await telling.tell(session, member, text, shift, now, params, asks=shift)


async def _tell_unconfirmed(session: Session, plan: Plan, now: datetime) -> None:
    """Half an hour before, tell who comes next and who coordinates that no answer has come."""
    asked = {
        (one.rota_id, one.starts, one.member_id): one for one in await questions.asked(session, now)
    }
    for shift in shifts(plan, now, now + TELLS_BEFORE + datetime.resolution):
        one = asked.get((shift.rota_id, shift.starts, shift.member_id))
        if one is None or one.answer is not None or one.told_at is not None:
            continue
        if now >= one.asked_at + ANSWERS_WITHIN:
            await _offer(session, plan, shift, one, now)


async def _offer(session: Session, plan: Plan, shift: Shift, one: Asked, now: datetime) -> None:
    await questions.put(session, replace(one, told_at=now))
    member = await staff.get(session, shift.member_id)
    following = substitutes(plan, shift)
    after = await staff.get(session, following[0]) if following else None
    params = {"colleague": telling.name_of(member)}
    text = alerts_texts.SHIFT_UNCONFIRMED
    left = replace(shift, starts=max(shift.starts, now))
    await telling.tell(session, after, text, left, now, params, asks=shift)
    knows = [shift.member_id, *following[:1]]
    told = await telling.tell_coordinators(session, text, left, now, params, but=knows, asks=shift)
    for colleague in (*told, *([after] if after else [])):
        await questions.ask(session, shift, now, colleague.id)


async def _tell_gaps(session: Session, plan: Plan, now: datetime) -> None:
    """Tell who coordinates of hours without anybody: each gap once when it is seen, once more when
    it is near, and one that lasts every day."""
    found = [gap for gap in gaps(plan, now - DAY, now + WATCHED) if gap[1] > now]
    fresh = [gap for gap in found if await _is_to_be_told(session, gap, now)]
    if not fresh:
        return
    starts, ends = _whole(plan, fresh[0])
    for one in await telling.coordinators(session):
        if starts <= now:
            until = telling.moment(ends, one.zone, now)
            await speaking.tell_member(session, one, texts.GAP_NOW, {"until": until}, now)
            continue
        params = {"shift": telling.dated(starts, ends, one.zone), "waiting": len(found)}
        text = texts.GAPS if len(found) > 1 else texts.GAP
        far = starts > now + GAP_IS_NEAR
        await speaking.tell_member(session, one, text, params, now, can_wait=far)


def _whole(plan: Plan, gap: Stretch) -> Stretch:
    """A gap with its true end, which may lie beyond what is watched."""
    starts, ends = gap
    return gaps(plan, starts, ends + LONGEST_TURN)[0]


async def _is_to_be_told(session: Session, gap: Stretch, now: datetime) -> bool:
    starts = gap[0]
    if starts <= now - DAY:
        # Seen from now, its beginning moves with the clock: it has no name of its own.
        return await store.once(session, "gap.long", now, DAY)
    how = "near" if starts <= now + GAP_IS_NEAR else "far"
    return await store.once(session, f"gap.{how}:{int(starts.timestamp())}", now)


async def _ask_to_hand_over(session: Session, plan: Plan, now: datetime) -> None:
    """Who has gone off duty with cases in hand is asked, once, to hand them over."""
    here = {shift.member_id for shift in on_duty(plan, now)}
    for shift in shifts(plan, now - ENDED_WITHIN, now):
        if shift.ends > now or shift.member_id in here:
            continue
        name = f"over:{shift.rota_id}:{shift.member_id}:{int(shift.ends.timestamp())}"
        if not await store.once(session, name, now):
            continue
        owned = await cases.in_states(session, CaseState.ACKNOWLEDGED)
        folios = [case.folio for case in owned if case.owner_id == shift.member_id]
        member = await staff.get(session, shift.member_id)
        if folios and member is not None and member.active:
            params = {"folios": telling.counted(folios)}
            await speaking.tell_member(session, member, texts.HAND_OVER, params, now)


async def _tell_unproved_methods(session: Session, plan: Plan, now: datetime) -> None:
    """Tell who coordinates whose way to be woken nobody has ever seen work."""
    ids = {id_ for rota in plan.rotas for id_ in rota.members}
    ids |= {one.member_id for one in plan.overrides if one.member_id and one.ends > now}
    found = [
        member
        for member in (await telling.people(session, ids - plan.absent)).values()
        if any(method.confirmed_at is None for method in member.methods)
    ]
    fresh = [one for one in found if await store.once(session, f"method:{one.id}", now, WEEK)]
    if fresh:
        people = telling.counted([one.pseudonym for one in fresh])
        await _tell_all(session, texts.METHODS_UNPROVED, {"people": people}, now)


async def _tell_burdens(session: Session, now: datetime) -> None:
    """Tell who coordinates who has too much, once a week for each."""
    for burden in await load.burdens(session, now):
        told: list[tuple[Text, dict[str, object]]] = []
        if burden.too_many_nights:
            told.append((texts.MANY_NIGHTS, {"nights": burden.nights}))
        if burden.too_many_pages:
            told.append((texts.MANY_PAGES, {"pages": burden.pages}))
        if told and await store.once(session, f"load:{burden.member_id}", now, WEEK):
            member = await staff.get(session, burden.member_id)
            for text, params in told:
                named = {**params, "colleague": telling.name_of(member)}
                await _tell_all(session, text, named, now)


async def _tell_all(session: Session, text: Text, params: dict[str, object], now: datetime) -> None:
    for one in await telling.coordinators(session):
        await speaking.tell_member(session, one, text, params, now, can_wait=True)
