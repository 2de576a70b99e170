"""Exceptions from what a rota says, one by one: which there are, and taking one back."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import RowMapping, delete, select, update

from alerts.shifts import service, store, telling, texts
from alerts.shifts.rota import Override, Shift
from alerts.shifts.store import override
from alerts.shifts.wall import DAY
from db.session import Session
from kit.errors import Invalid, NotFound
from locales.text import _
from staff import store as staff
from staff.model import Member, Right
from staff.rules import require

MOST = 50
"""So many are shown of one stretch of time; the newest of them count."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An override as it is kept. Of two the one with the greater id wins."""

    id: int
    override: Override


async def touching(
    session: Session, viewer: Member, rota_id: int, starts: datetime, ends: datetime
) -> tuple[Kept, ...]:
    """The overrides of a rota that touch a stretch of time, the newest first, at most `MOST`."""
    require(viewer, Right.SEE_ROSTER)
    rows = await session.all(
        select(override)
        .where(
            override.c.rota_id == rota_id,
            override.c.starts_at < ends,
            override.c.ends_at > starts,
        )
        .order_by(override.c.id.desc())
        .limit(MOST)
    )
    return tuple(_kept(row) for row in rows)


async def uncover(session: Session, by: Member, override_id: int, now: datetime) -> Override:
    """Take an override back, so that the rota, or an older override, holds again; of one that is on
    only what is left of it. Whoever gains or loses hours is told. Raises NotFound, Invalid."""
    service.allow(by)
    which = override.c.id == override_id
    rota_id = await session.scalar(select(override.c.rota_id).where(which))
    if rota_id is not None:
        await store.hold(session, rota_id)
    # Read when nobody else changes the rota: a colleague may just have taken it back.
    row = await session.first(select(override).where(which))
    if row is None:
        raise NotFound(_("roster.override_unknown"))
    old = _kept(row).override
    if old.ends <= now:
        raise Invalid(_("roster.override_over"))
    left = replace(old, starts=max(old.starts, now))
    before = await service.shifts_of(session, old.rota_id, left.starts, left.ends)
    if old.starts < now:
        # What was is not written anew.
        await session.execute(update(override).where(which).values(ends_at=now))
    else:
        await session.execute(delete(override).where(which))
    await staff.log(session, by.id, "rota.uncover", f"override:{override_id}", now)
    after = await service.shifts_of(session, old.rota_id, left.starts, left.ends)
    await _tell(session, left, before, after, now)
    return left


async def _tell(
    session: Session,
    left: Override,
    before: tuple[Shift, ...],
    after: tuple[Shift, ...],
    now: datetime,
) -> None:
    """Tell who has these hours now, and who had them, each once."""
    gained = [one for one in after if one not in before and one.member_id != left.member_id]
    lost = [one for one in before if one not in after and one.member_id == left.member_id]
    people = await telling.people(session, {one.member_id for one in (*gained, *lost)})
    for one in gained:
        far = one.starts > now + DAY
        member = people.get(one.member_id)
        await telling.tell(session, member, texts.COVERS, _within(one, left), now, can_wait=far)
    for one in lost:
        far = one.starts > now + DAY
        text, params = texts.COVERED_BY_NOBODY, dict[str, object]()
        if gained:
            text = texts.COVERED
            params = {"substitute": telling.name_of(people.get(gained[0].member_id))}
        member, gone = people.get(one.member_id), _within(one, left)
        await telling.tell(session, member, text, gone, now, params, can_wait=far)


def _within(shift: Shift, left: Override) -> Shift:
    return replace(shift, starts=max(shift.starts, left.starts), ends=min(shift.ends, left.ends))


def _kept(row: RowMapping) -> Kept:
    return Kept(
        row["id"], Override(row["rota_id"], row["member_id"], row["starts_at"], row["ends_at"])
    )
