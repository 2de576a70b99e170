"""Links that let somebody choose a password: invitations, resets, and the first administrator's.

A link opens once, for three days, and only the newest of each member; its secret is kept as a keyed
fingerprint alone.
"""

import hmac
import re
import secrets
from datetime import datetime

from sqlalchemy import ColumnElement, RowMapping, select, update

from db.session import Session
from kit.errors import Refused
from locales.text import _
from staff import rules, store
from staff.model import Member, Right
from staff.signin import store as kept
from staff.signin.model import INVITED, Invitation, Invited
from staff.signin.store import invitation
from staff.store import log

PATH = "/entrar/invitacion/"
SECRET_BYTES = 32
PURPOSE = "invitation"
NOBODY = b"\0" * 32

_TOKEN = re.compile(r"([1-9][0-9]{0,17})\.([A-Za-z0-9_-]{43})", re.ASCII)


async def invite(
    session: Session,
    who: Member,
    now: datetime,
    *,
    by: Member | None,
    reset_second: bool = False,
) -> Invitation:
    """A link for somebody new or who has lost their password; `reset_second`: also their phone.

    The older ones of the same member open nothing any more. What they have now holds until the link
    is used. `by` needs MANAGE_STAFF, None is who holds the machine. Refused when they have left.
    """
    if by is not None:
        rules.require(by, Right.MANAGE_STAFF)
    if not who.active:
        raise Refused(_("staff.has_left"))
    made = await _make(session, who.id, now, reset_second=reset_second)
    act = "staff.invite_reset" if reset_second else "staff.invite"
    await log(session, None if by is None else by.id, act, f"member:{who.id}", now)
    return made


async def first_link(session: Session, now: datetime) -> str | None:
    """The path for the first administrator, None when there is nothing to do.

    For an administrator who is there and has no password yet; in an installation where none was
    ever signed in and there is none, for whoever opens it. Each call revokes the link of the last.
    """
    ready, admin = await kept.admin_without_password(session)
    if ready:
        return None
    if admin is None and await kept.admin_was_in(session):
        return None
    made = await _make(session, admin, now, reset_second=False)
    about = f"invitation:{made.id}" if admin is None else f"member:{admin}"
    await log(session, None, "staff.invite", about, now)
    return made.path


async def look(session: Session, token: str, now: datetime) -> Invited | None:
    """What a link is good for; None for one that opens nothing, for whatever reason."""
    match = _TOKEN.fullmatch(token)
    invitation_id, secret = (int(match[1]), match[2]) if match else (0, "")
    row = await session.first(select(invitation).where(invitation.c.id == invitation_id))
    print_ = NOBODY if row is None else bytes(row["secret_print"])
    same = hmac.compare_digest(session.blind(secret, PURPOSE), print_)
    if row is None or not same or not _opens(row, now):
        return None
    who = None
    if row["member_id"] is not None:
        who = await store.get(session, row["member_id"])
        if who is None or not who.active:
            return None
    elif await kept.admin_was_in(session):
        return None
    return Invited(row["id"], who, row["resets_second"], row["expires_at"])


async def take(session: Session, token: str, now: datetime) -> Invited | None:
    """Use a link up; None when somebody was faster, or it opens nothing."""
    found = await look(session, token, now)
    if found is None:
        return None
    used = await session.execute(
        update(invitation).where(invitation.c.id == found.id, _unspent()).values(used_at=now)
    )
    return found if used.rowcount == 1 else None


async def revoke(session: Session, member_id: int | None, now: datetime) -> None:
    """Let no link of somebody open anything; None: those of the first administrator."""
    whose = (
        invitation.c.member_id.is_(None)
        if member_id is None
        else invitation.c.member_id == member_id
    )
    await session.execute(update(invitation).where(whose, _unspent()).values(revoked_at=now))


async def _make(
    session: Session, member_id: int | None, now: datetime, *, reset_second: bool
) -> Invitation:
    await revoke(session, member_id, now)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    expires_at = now + INVITED
    made = await session.scalar(
        invitation.insert()
        .values(
            member_id=member_id,
            secret_print=session.blind(secret, PURPOSE),
            resets_second=reset_second,
            created_at=now,
            expires_at=expires_at,
        )
        .returning(invitation.c.id)
    )
    return Invitation(int(made), f"{PATH}{made}.{secret}", expires_at)


def _opens(row: RowMapping, now: datetime) -> bool:
    return row["used_at"] is None and row["revoked_at"] is None and now < row["expires_at"]


def _unspent() -> ColumnElement[bool]:
    return invitation.c.used_at.is_(None) & invitation.c.revoked_at.is_(None)
