"""Making posters and taking them down, and what the bot asks of a code."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from campaigns.posters import store
from campaigns.posters.codes import new_code
from campaigns.posters.model import (
    MOST_AT_ONCE,
    Draft,
    Invitation,
    Poster,
    checked,
    for_each_town,
    origin_of,
)
from campaigns.posters.store import Wanted
from campaigns.store import campaign
from contacts.places import Gazetteer
from db.session import Session
from kit.errors import Invalid, NotFound
from locales.text import _
from staff.model import Member, Right
from staff.rules import require
from staff.store import log

PAGE = 50
TRIES = 20

Pick = Callable[[int], int]


@dataclass(frozen=True, slots=True)
class Page:
    """Some posters, the newest first; `following` is the `before` of the next page."""

    items: Sequence[Poster]
    following: int | None


async def make(session: Session, member: Member, draft: Draft, pick: Pick, now: datetime) -> str:
    """One poster; gives its code. Refused without the right, Invalid for what cannot be kept."""
    require(member, Right.MAKE_POSTERS)
    (code,) = await _codes(session, 1, pick)
    await store.add(session, [(code, checked(draft))], member.id, now)
    await log(session, member.id, "poster.make", f"poster:{code}", now)
    return code


async def make_for_region(
    session: Session,
    member: Member,
    draft: Draft,
    gazetteer: Gazetteer,
    pick: Pick,
    now: datetime,
) -> tuple[int, int]:
    """One poster for each municipality of the draft's region; gives how many were made, and how
    many towns had one like it already and got no second."""
    require(member, Right.MAKE_POSTERS)
    draft = checked(draft)
    drafts = for_each_town(draft, gazetteer)
    if draft.region is None or not 0 < len(drafts) <= MOST_AT_ONCE:
        raise Invalid(_("poster.region"))
    hanging = await store.alike(session, draft, [one.clave for one in drafts if one.clave])
    new = [one for one in drafts if one.clave not in hanging]
    codes = await _codes(session, len(new), pick)
    # The newest stands first in lists: so they read from A to Z.
    await store.add(session, zip(codes, reversed(new), strict=True), member.id, now)
    if new:
        await log(session, member.id, "poster.make", f"region:{draft.region}:{len(new)}", now)
    return len(new), len(drafts) - len(new)


async def listed(session: Session, member: Member, wanted: Wanted, limit: int = PAGE) -> Page:
    """A page of the list. Refused without the right."""
    require(member, Right.MAKE_POSTERS)
    found = await store.some(session, wanted, limit + 1)
    following = found[limit - 1].id if len(found) > limit else None
    return Page(found[:limit], following)


async def found(session: Session, member: Member, code: str) -> Poster:
    """One poster by its code; NotFound when there is none."""
    require(member, Right.MAKE_POSTERS)
    one = await store.get(session, code)
    if one is None:
        raise NotFound(_("console.problem.not_found"))
    return one


async def retire(session: Session, member: Member, code: str, now: datetime) -> None:
    """From now on the code says nothing more than ALTA, wherever the poster still hangs."""
    await found(session, member, code)
    if await store.retire(session, code, now):
        await log(session, member.id, "poster.retire", f"poster:{code}", now)


async def restore(session: Session, member: Member, code: str, now: datetime) -> None:
    """The code works again."""
    await found(session, member, code)
    if await store.retire(session, code, None):
        await log(session, member.id, "poster.restore", f"poster:{code}", now)


async def invitation(session: Session, code: str, gazetteer: Gazetteer) -> Invitation | None:
    """What a code says, for the bot and for public pages; None when no poster hangs with it."""
    one = await store.get(session, code)
    if one is None or one.retired_at is not None:
        return None
    origin = origin_of(one.draft, gazetteer)
    return Invitation(code, one.draft.language, origin, one.draft.topic)


async def count(session: Session, code: str, *, agreed: bool) -> None:
    """One more who opened it, or said yes. Never who."""
    await store.count(session, code, agreed=agreed)


async def _codes(session: Session, many: int, pick: Pick) -> list[str]:
    """Codes that nobody has: no poster, and no campaign as its word."""
    codes: set[str] = set()
    for _again in range(TRIES):
        codes |= {new_code(pick) for _each in range(many - len(codes))}
        words = {code.lower() for code in codes}
        rows = await session.all(select(campaign.c.keyword).where(campaign.c.keyword.in_(words)))
        codes -= await store.taken(session, codes)
        codes -= {row["keyword"].upper() for row in rows}
        if len(codes) == many:
            return list(codes)
    raise Invalid(_("poster.no_code"))
