"""Sessions of staff, kept on the server: begun, found again by their cookie, listed and ended.

A cookie is `<id>.<secret>`. Only a keyed fingerprint of the secret is kept, and each step of
signing in gives a new secret, so that what somebody saw or planted before opens nothing after.
"""

import hmac
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, RowMapping, select, update

from db.session import Session
from kit.channels import Channel, Endpoint
from kit.errors import NotFound, Refused
from locales.text import _
from staff import rules, store
from staff.model import Member, Method, Right
from staff.signin.model import (
    LONGEST,
    UNUSED,
    Entered,
    Open,
    SignedIn,
    Stage,
    Visit,
    is_live,
    language_of,
)
from staff.signin.store import member_session
from staff.signin.visitors import device_of
from staff.store import log, member, member_endpoint

SECRET_BYTES = 32
PURPOSE = "session"
CSRF = "csrf"
NOBODY = b"\0" * 32
"""What the secret of a session that does not exist is compared with: it takes as long."""

COOKIE = re.compile(r"([1-9][0-9]{0,17})\.([A-Za-z0-9_-]{43})", re.ASCII)

_OWN = ("secret_print", "stage", "language", "device", "created_at", "seen_at", "ended_at")
_FOUND = (
    select(
        *member.c,
        member_session.c.id.label("session_id"),
        *(member_session.c[name].label(f"session_{name}") for name in _OWN),
        member_endpoint.c.channel.label("way_channel"),
        member_endpoint.c.endpoint.label("way_endpoint"),
        member_endpoint.c.after.label("way_after"),
        member_endpoint.c.confirmed_at.label("way_confirmed_at"),
    )
    .join(member, member.c.id == member_session.c.member_id)
    .outerjoin(member_endpoint, member_endpoint.c.member_id == member.c.id)
    .order_by(member_endpoint.c.position)
)
"""A session, its member, and a row for each way to reach them: one query for each request."""


async def begin(
    session: Session, who: Member, stage: Stage, visit: Visit, now: datetime
) -> Entered:
    """A new session of somebody who has proven themselves as far as `stage` says."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    device, language = device_of(visit.user_agent), language_of(visit.language)
    made = await session.scalar(
        member_session.insert()
        .values(
            member_id=who.id,
            secret_print=session.blind(secret, PURPOSE),
            stage=stage,
            language=language,
            device=device,
            created_at=now,
            seen_at=now,
        )
        .returning(member_session.c.id)
    )
    csrf = _csrf(session, secret)
    signed_in = SignedIn(int(made), who, stage, language, csrf, now, now, device)
    return Entered(signed_in, f"{signed_in.id}.{secret}")


async def current(session: Session, cookie: str, now: datetime) -> SignedIn | None:
    """Who sent a cookie; None for anything that opens nothing. Only reads, in one query.

    A cookie that is none, unknown, wrong, over, or of somebody who left all take the same way. When
    `SignedIn.is_stale(now)`, call `seen` in a unit that may write.
    """
    match = COOKIE.fullmatch(cookie)
    session_id, secret = (int(match[1]), match[2]) if match else (0, "")
    rows = await session.all(_FOUND.where(member_session.c.id == session_id))
    kept = bytes(rows[0]["session_secret_print"]) if rows else NOBODY
    same = hmac.compare_digest(session.blind(secret, PURPOSE), kept)
    if not rows or not same:
        return None
    row = rows[0]
    stage = Stage(row["session_stage"])
    created_at, seen_at = row["session_created_at"], row["session_seen_at"]
    over = row["session_ended_at"] is not None or not is_live(stage, created_at, seen_at, now)
    if over or not row["active"]:
        return None
    return SignedIn(
        id=row["session_id"],
        member=store.member_of(row, _methods(rows)),
        stage=stage,
        language=row["session_language"],
        csrf=_csrf(session, secret),
        created_at=created_at,
        seen_at=seen_at,
        device=row["session_device"],
    )


async def seen(session: Session, signed_in: SignedIn, now: datetime) -> None:
    """Note that a session is in use; call it only when `SignedIn.is_stale`."""
    await session.execute(
        update(member_session)
        .where(member_session.c.id == signed_in.id, _live())
        .values(seen_at=now)
    )


async def advance(session: Session, signed_in: SignedIn, stage: Stage, now: datetime) -> Entered:
    """The same session a step further, or as far as it was, under a new secret.

    Refused when it was ended meanwhile, or another browser with the same cookie was faster.
    """
    secret = secrets.token_urlsafe(SECRET_BYTES)
    row = await session.first(
        update(member_session)
        .where(
            member_session.c.id == signed_in.id,
            member_session.c.stage == signed_in.stage,
            _live(),
        )
        .values(stage=stage, secret_print=session.blind(secret, PURPOSE), seen_at=now)
        .returning(member_session.c.id)
    )
    if row is None:
        raise Refused(_("console.signin.over"))
    csrf = _csrf(session, secret)
    moved = SignedIn(
        signed_in.id,
        signed_in.member,
        stage,
        signed_in.language,
        csrf,
        signed_in.created_at,
        now,
        signed_in.device,
    )
    return Entered(moved, f"{moved.id}.{secret}")


async def speak(session: Session, signed_in: SignedIn, language: str) -> None:
    """Show the pages of this session in a language from now on, "es" or "en"."""
    await session.execute(
        update(member_session)
        .where(member_session.c.id == signed_in.id)
        .values(language=language_of(language))
    )


async def leave(session: Session, signed_in: SignedIn, now: datetime) -> None:
    """Sign out; the second time nothing happens."""
    if await _end(session, member_session.c.id == signed_in.id, now):
        await log(session, signed_in.member.id, "signin.out", about(signed_in.id), now)


async def end(session: Session, session_id: int, by: Member | None, now: datetime) -> None:
    """End a session: one's own, with MANAGE_STAFF anybody's, without `by` from the machine.

    NotFound when there is none that is live, or that one may know of.
    """
    which = member_session.c.id == session_id
    if by is not None and not by.may(Right.MANAGE_STAFF):
        which &= member_session.c.member_id == by.id
    if (by is not None and not by.active) or not await _end(session, which, now):
        raise NotFound(_("console.signin.session_unknown"))
    who = None if by is None else by.id
    await log(session, who, "signin.ended", about(session_id), now)


async def end_all(
    session: Session,
    member_id: int,
    now: datetime,
    *,
    by: int | None = None,
    except_: int | None = None,
) -> int:
    """End every session of somebody but one; gives how many. Whoever calls has asked for rights."""
    which = member_session.c.member_id == member_id
    if except_ is not None:
        which &= member_session.c.id != except_
    ended = await _end(session, which, now)
    for session_id in ended:
        await log(session, by, "signin.ended", about(session_id), now)
    return len(ended)


async def of_member(
    session: Session, whose: Member, by: Member | None, now: datetime
) -> tuple[Open, ...]:
    """The live sessions of somebody, the one in use last in front.

    Refused unless they are one's own, one has MANAGE_STAFF, or holds the machine (None).
    """
    if by is not None and by.id != whose.id:
        rules.require(by, Right.MANAGE_STAFF)
    rows = await session.all(
        select(member_session)
        .where(
            member_session.c.member_id == whose.id,
            _live(),
            member_session.c.seen_at > now - UNUSED,
            member_session.c.created_at > now - LONGEST,
        )
        .order_by(member_session.c.seen_at.desc(), member_session.c.id.desc())
    )
    opened = (
        Open(row["id"], Stage(row["stage"]), row["device"], row["created_at"], row["seen_at"])
        for row in rows
    )
    return tuple(one for one in opened if is_live(one.stage, one.created_at, one.seen_at, now))


def about(session_id: int) -> str:
    """What the audit calls a session."""
    return f"session:{session_id}"


async def _end(session: Session, which: ColumnElement[bool], now: datetime) -> Sequence[int]:
    done = await session.execute(
        update(member_session)
        .where(which, _live())
        .values(ended_at=now)
        .returning(member_session.c.id)
    )
    return sorted(int(row[0]) for row in done.all())


def _live() -> ColumnElement[bool]:
    return member_session.c.ended_at.is_(None)


def _csrf(session: Session, secret: str) -> str:
    return session.blind(secret, CSRF).hex()


def _methods(rows: Sequence[RowMapping]) -> tuple[Method, ...]:
    return tuple(
        Method(
            Endpoint(Channel(row["way_channel"]), row["way_endpoint"]),
            timedelta(seconds=row["way_after"]),
            row["way_confirmed_at"],
        )
        for row in rows
        if row["way_channel"] is not None
    )
