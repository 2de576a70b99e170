"""What the clock does for sign-in: forgets what has served, and closes the doors of who left."""

from datetime import datetime, timedelta

from sqlalchemy import Column, ColumnElement, Table, delete, select

from db.session import Session
from staff.signin import delays, invitations, sessions
from staff.signin.store import form_once, invitation, member_session, sign_in_failure
from staff.store import member

FORMS = timedelta(days=2)
KEPT = timedelta(days=30)
"""How long a session or a link that is over can still be looked up."""


async def forget(session: Session, now: datetime, limit: int = 500) -> int:
    """Delete what nobody needs any more, at most `limit` of each; gives how many.

    Forms after two days, failures after one without another, sessions and links a month after they
    could last be used. Sessions and links of members who are not active any more are closed.
    """
    await _close_for_those_who_left(session, now)
    done = await _delete(session, form_once, form_once.c.print, form_once.c.at < now - FORMS, limit)
    failed = sign_in_failure.c.last_at < now - delays.FORGOTTEN
    done += await _delete(session, sign_in_failure, sign_in_failure.c.key_print, failed, limit)
    unused = member_session.c.seen_at < now - KEPT
    done += await _delete(session, member_session, member_session.c.id, unused, limit)
    over = invitation.c.expires_at < now - KEPT
    return done + await _delete(session, invitation, invitation.c.id, over, limit)


async def close(session: Session, member_id: int, now: datetime, by: int | None = None) -> int:
    """Somebody leaves: their sessions end and their links open nothing; gives how many ended."""
    await invitations.revoke(session, member_id, now)
    return await sessions.end_all(session, member_id, now, by=by)


async def _close_for_those_who_left(session: Session, now: datetime) -> None:
    """They open nothing while somebody is away, and must not do so when they come back."""
    inside = select(member_session.c.member_id).where(member_session.c.ended_at.is_(None))
    invited = select(invitation.c.member_id).where(
        invitation.c.used_at.is_(None), invitation.c.revoked_at.is_(None)
    )
    gone = await session.all(
        select(member.c.id).where(
            member.c.active.is_(False), member.c.id.in_(inside) | member.c.id.in_(invited)
        )
    )
    for row in gone:
        await close(session, row["id"], now)


async def _delete(
    session: Session,
    table: Table,
    key: Column[bytes] | Column[int],
    over: ColumnElement[bool],
    limit: int,
) -> int:
    some = select(key).where(over).limit(limit)
    done = await session.execute(delete(table).where(key.in_(some)))
    return done.rowcount
