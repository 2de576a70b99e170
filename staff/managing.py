"""Looking after the team from a page: each use case asks whether its actor may manage staff.

Nobody shuts themselves out: one's own role and one's own leaving are for a colleague to change, so
that an administrator is always left. Who holds the machine has `tequio staff` for all else.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select

from db.session import Session
from kit.errors import NotFound, Refused
from locales.text import _
from staff import service, store
from staff.model import Member, Method, Quiet, Right, Role
from staff.rules import require
from staff.signin import invitations, sessions
from staff.signin.model import Invitation
from staff.signin.store import credential, invitation, member_session


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be known of somebody; `methods` in any order."""

    name: str = field(repr=False)
    email: str = field(repr=False)
    role: Role
    languages: tuple[str, ...]
    zone: str
    quiet: Quiet | None
    methods: tuple[Method, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody as who manages staff sees them. `seen_at` is when they were last signed in, as far
    as a session tells that is kept; `invited_until` how long a link is good that was not used."""

    member: Member
    has_password: bool
    has_second: bool
    seen_at: datetime | None
    invited_until: datetime | None


class Outdated(Refused):
    """Somebody else changed them after the form was drawn."""

    code = "outdated"


async def people(session: Session, by: Member, now: datetime) -> tuple[Colleague, ...]:
    """Everybody who works here or ever did, those who are active in front."""
    require(by, Right.MANAGE_STAFF)
    members = await store.everybody(session)
    found = await _known(session, members, now)
    return tuple(sorted(found, key=lambda one: (not one.member.active, one.member.name.casefold())))


async def colleague(session: Session, by: Member, member_id: int, now: datetime) -> Colleague:
    """One of them. NotFound when there is none of that id."""
    require(by, Right.MANAGE_STAFF)
    member = await _member(session, member_id)
    return (await _known(session, (member,), now))[0]


async def take_on(
    session: Session, by: Member, wanted: Wanted, now: datetime, pick: Callable[[int], int]
) -> Invitation:
    """Take somebody on, with a link by which they choose a password; see `staff.service.add`."""
    by = await _acting(session, by)
    made = await service.add(
        session,
        name=wanted.name,
        email=wanted.email,
        role=wanted.role,
        endpoints=[method.endpoint for method in wanted.methods],
        now=now,
        pick=pick,
        languages=wanted.languages,
        zone=wanted.zone,
        quiet=wanted.quiet,
        by=by.id,
    )
    member = await _member(session, made)
    if member.methods != wanted.methods:
        await service.set_methods(session, member, wanted.methods, now, by.id)
    return await invitations.invite(session, member, now, by=by)


async def alter(
    session: Session, by: Member, member_id: int, wanted: Wanted, seen: str, now: datetime
) -> None:
    """Have what is known of somebody be what is wanted. Outdated when they are not any more what
    `seen` is the print of; Refused for a role of one's own."""
    by = await _acting(session, by)
    member = await _member(session, member_id)
    if print_of(wanted) == print_of(wanted_of(member)):
        return
    if seen != print_of(wanted_of(member)):
        raise Outdated(_("staff.outdated"))
    if wanted.role is not member.role and member.id == by.id:
        raise Refused(_("staff.not_oneself"))
    others = ways_of(wanted.methods) != ways_of(member.methods)
    # Before the role: who goes on duty needs a way. But for the last one of who leaves duty.
    before = others and (bool(wanted.methods) or member.role is not Role.DUTY)
    if before:
        member = await service.set_methods(session, member, wanted.methods, now, by.id)
    member = await service.change(
        session,
        member,
        now,
        by=by.id,
        name=wanted.name,
        email=wanted.email,
        role=wanted.role,
        languages=wanted.languages,
        zone=wanted.zone,
        quiet=wanted.quiet,
    )
    if others and not before:
        await service.set_methods(session, member, wanted.methods, now, by.id)


async def leave(session: Session, by: Member, member_id: int, now: datetime) -> None:
    """Somebody leaves: they may do nothing, are not called, and are signed out. Refused for
    oneself."""
    by = await _acting(session, by)
    member = await _member(session, member_id)
    if member.id == by.id:
        raise Refused(_("staff.not_oneself"))
    await service.deactivate(session, member, now, by.id)


async def come_back(session: Session, by: Member, member_id: int, now: datetime) -> None:
    """Somebody who left is back."""
    by = await _acting(session, by)
    await service.activate(session, await _member(session, member_id), now, by.id)


async def invite(
    session: Session, by: Member, member_id: int, now: datetime, *, reset_second: bool
) -> Invitation:
    """A link by which somebody chooses a password anew; see `staff.signin.invitations.invite`."""
    require(by, Right.MANAGE_STAFF)
    member = await _member(session, member_id)
    return await invitations.invite(session, member, now, by=by, reset_second=reset_second)


async def sign_out(
    session: Session, by: Member, member_id: int, now: datetime, *, except_: int | None = None
) -> int:
    """End every session of somebody but one; gives how many."""
    require(by, Right.MANAGE_STAFF)
    member = await _member(session, member_id)
    return await sessions.end_all(session, member.id, now, by=by.id, except_=except_)


def wanted_of(member: Member) -> Wanted:
    """Somebody as they are."""
    return Wanted(
        member.name,
        member.email,
        member.role,
        member.languages,
        member.zone,
        member.quiet,
        member.methods,
    )


def print_of(wanted: Wanted) -> str:
    """What changes with anything that a form shows of somebody: for the form to bring back."""
    known = [
        wanted.name,
        wanted.email,
        wanted.role,
        wanted.languages,
        wanted.zone,
        str(wanted.quiet),
        ways_of(wanted.methods),
    ]
    return hashlib.sha256(json.dumps(known).encode()).hexdigest()[:32]


def ways_of(methods: tuple[Method, ...]) -> list[tuple[float, str, str]]:
    """The ways to wake somebody and their waits, in one order; not whether they are confirmed."""
    return sorted(
        (one.after.total_seconds(), one.endpoint.channel, one.endpoint.value) for one in methods
    )


async def _acting(session: Session, by: Member) -> Member:
    """The actor as they are now: of two administrators who take the right from each other at the
    same time, the second finds it gone."""
    if not session.is_sqlite:
        admins = select(store.member.c.id).where(store.member.c.role == Role.ADMIN)
        await session.all(admins.order_by(store.member.c.id).with_for_update())
    found = await store.get(session, by.id)
    require(by if found is None else found, Right.MANAGE_STAFF)
    return by if found is None else found


async def _member(session: Session, member_id: int) -> Member:
    found = await store.get(session, member_id)
    if found is None:
        raise NotFound(_("staff.unknown"))
    return found


async def _known(
    session: Session, members: tuple[Member, ...], now: datetime
) -> tuple[Colleague, ...]:
    ids = [one.id for one in members]
    kept = {
        row["member_id"]: row
        for row in await session.all(
            select(
                credential.c.member_id,
                credential.c.password_at,
                credential.c.second_step.is_not(None).label("has_second"),
            ).where(credential.c.member_id.in_(ids))
        )
    }
    seen = await session.all(
        select(member_session.c.member_id, func.max(member_session.c.seen_at).label("at"))
        .where(member_session.c.member_id.in_(ids), member_session.c.stage == "in")
        .group_by(member_session.c.member_id)
    )
    links = await session.all(
        select(invitation.c.member_id, func.max(invitation.c.expires_at).label("until"))
        .where(
            invitation.c.member_id.in_(ids),
            invitation.c.used_at.is_(None),
            invitation.c.revoked_at.is_(None),
            invitation.c.expires_at > now,
        )
        .group_by(invitation.c.member_id)
    )
    last = {row["member_id"]: row["at"] for row in seen}
    until = {row["member_id"]: row["until"] for row in links}
    return tuple(
        Colleague(
            one,
            one.id in kept and kept[one.id]["password_at"] is not None,
            one.id in kept and bool(kept[one.id]["has_second"]),
            last.get(one.id),
            until.get(one.id),
        )
        for one in members
    )
