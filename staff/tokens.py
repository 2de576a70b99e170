"""Tokens of the JSON API: what a program may do in the name of the member who made it.

A token is `tequio_<id>_<secret>`. Only a keyed fingerprint of the secret is kept, so that a leak of
the database opens nothing; whoever lost a token makes another.
"""

import hmac
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, RowMapping, String, Table, select
from sqlalchemy import update as updated

from db.base import Id, metadata
from db.columns import Instant
from db.session import Session
from kit.errors import Invalid, NotFound, Refused
from locales.text import _
from staff import store
from staff.model import Member, Right, Role

LONGEST_NAME = 60
LONGEST_LIFE = 366
"""Days."""
USUAL_LIFE = 90
SECRET_BYTES = 32
PURPOSE = "api_token"
NOBODY = b"\0" * 32
"""What the secret of a token that does not exist is compared with: it takes as long."""

_WRITTEN = re.compile(r"tequio_([1-9][0-9]{0,17})_([A-Za-z0-9_-]{43})", re.ASCII)


class Scope(StrEnum):
    """What a token is for; the role of its member must allow it, too."""

    CAMPAIGNS_READ = "campaigns:read"
    CAMPAIGNS_WRITE = "campaigns:write"
    CAMPAIGNS_APPROVE = "campaigns:approve"
    CAMPAIGNS_SEND = "campaigns:send"
    AUDIENCES_READ = "audiences:read"
    AUDIENCES_WRITE = "audiences:write"
    CONTACTS_READ = "contacts:read"
    CONTACTS_IMPORT = "contacts:import"
    REPORTS_READ = "reports:read"


NEEDS: Mapping[Scope, Right] = {
    Scope.CAMPAIGNS_READ: Right.SEE_CAMPAIGNS,
    Scope.CAMPAIGNS_WRITE: Right.WRITE_CAMPAIGNS,
    Scope.CAMPAIGNS_APPROVE: Right.APPROVE_CAMPAIGNS,
    Scope.CAMPAIGNS_SEND: Right.WRITE_CAMPAIGNS,
    Scope.AUDIENCES_READ: Right.SEE_CAMPAIGNS,
    Scope.AUDIENCES_WRITE: Right.WRITE_CAMPAIGNS,
    Scope.CONTACTS_READ: Right.WRITE_CAMPAIGNS,
    Scope.CONTACTS_IMPORT: Right.WRITE_CAMPAIGNS,
    Scope.REPORTS_READ: Right.SEE_CAMPAIGNS,
}
"""The right that each scope asks of its member."""

api_token = Table(
    "api_token",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(LONGEST_NAME), nullable=False),
    # Names with a space between.
    Column("scopes", String(200), nullable=False),
    Column("member_id", Id, ForeignKey("member.id", ondelete="CASCADE"), nullable=False),
    Column("secret_print", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Index("ix_api_token_member_id", "member_id"),
    # The id of a token that is gone must not become another's.
    sqlite_autoincrement=True,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is kept: what it may do, not what it is."""

    id: int
    name: str
    scopes: frozenset[Scope]
    member_id: int
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None

    def is_live(self, now: datetime) -> bool:
        """Whether it still opens anything; its member must also be active."""
        return self.revoked_at is None and now < self.expires_at


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who holds a live token: the active member behind it, and what it is for."""

    token: Token
    member: Member

    def may(self, scope: Scope) -> bool:
        """Whether the token is for it and the member's role allows it."""
        return scope in self.token.scopes and _allows(self.member, scope)


def read_scopes(written: str) -> frozenset[Scope]:
    """Scopes with commas between; Invalid when one is none, or there is none at all."""
    names = [name.strip() for name in written.lower().split(",")]
    try:
        return frozenset(Scope(name) for name in names)
    except ValueError:
        raise Invalid(_("tokens.scopes_wrong"), expected=", ".join(Scope)) from None


async def create(
    session: Session,
    name: str,
    scopes: Iterable[Scope],
    member: Member,
    now: datetime,
    days: int = USUAL_LIFE,
) -> tuple[Token, str]:
    """A new token of a member, and how it is written: told once, and never again.

    Refused for a scope that the member's role does not allow; Invalid: no name, no scope, or a life
    of no days or of more than a year.
    """
    title, wanted = " ".join(name.split()), frozenset(scopes)
    if not 0 < len(title) <= LONGEST_NAME or not title.isprintable():
        raise Invalid(_("tokens.name_wrong"), most=LONGEST_NAME)
    if not wanted:
        raise Invalid(_("tokens.scopes_wrong"), expected=", ".join(Scope))
    if not 1 <= days <= LONGEST_LIFE:
        raise Invalid(_("tokens.days_wrong"), most=LONGEST_LIFE)
    if not all(_allows(member, scope) for scope in wanted):
        raise Refused(_("staff.not_allowed"))
    secret = secrets.token_urlsafe(SECRET_BYTES)
    made = await session.first(
        api_token.insert()
        .values(
            name=title,
            scopes=" ".join(sorted(wanted)),
            member_id=member.id,
            secret_print=session.blind(secret, PURPOSE),
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        .returning(api_token)
    )
    if made is None:
        raise LookupError("a token that was just written is not there")
    await store.log(session, member.id, "tokens.create", about(made["id"]), now)
    return _token(made), f"tequio_{made['id']}_{secret}"


async def all_of(session: Session) -> tuple[Token, ...]:
    """Every token that was ever made, the oldest first."""
    rows = await session.all(select(api_token).order_by(api_token.c.id))
    return tuple(_token(row) for row in rows)


async def revoke(session: Session, token_id: int, by: Member, now: datetime) -> Token:
    """Let a token open nothing any more; the second time nothing happens.

    One's own, or as admin or coordinator anybody's. NotFound when there is none.
    """
    row = await session.first(select(api_token).where(api_token.c.id == token_id))
    if row is None:
        raise NotFound(_("tokens.unknown"), id=token_id)
    oversees = by.role in (Role.ADMIN, Role.COORDINATOR)
    if not by.active or not (oversees or row["member_id"] == by.id):
        raise Refused(_("staff.not_allowed"))
    which = (api_token.c.id == token_id) & api_token.c.revoked_at.is_(None)
    ended = await session.first(
        updated(api_token).where(which).values(revoked_at=now).returning(api_token)
    )
    if ended is None:
        return _token(row)
    await store.log(session, by.id, "tokens.revoke", about(token_id), now)
    return _token(ended)


async def bearer(session: Session, written: str, now: datetime) -> Bearer | None:
    """Who holds what somebody sent as a token, None for anything that opens nothing.

    A token that is none, unknown, wrong, expired, revoked, or of somebody who left all take the
    same way, and fingerprints are compared in constant time.
    """
    match = _WRITTEN.fullmatch(written)
    token_id, secret = (int(match[1]), match[2]) if match else (0, "")
    row = await session.first(select(api_token).where(api_token.c.id == token_id))
    kept = NOBODY if row is None else bytes(row["secret_print"])
    same = hmac.compare_digest(session.blind(secret, PURPOSE), kept)
    if row is None or not same:
        return None
    token, member = _token(row), await store.get(session, row["member_id"])
    if member is None or not member.active or not token.is_live(now):
        return None
    return Bearer(token, member)


def about(token_id: int) -> str:
    """What the audit calls a token."""
    return f"token:{token_id}"


def _allows(member: Member, scope: Scope) -> bool:
    return member.may(NEEDS[scope])


def _token(row: RowMapping) -> Token:
    known = {str(scope) for scope in Scope}
    return Token(
        id=row["id"],
        name=row["name"],
        # A scope that a later version has taken away allows nothing.
        scopes=frozenset(Scope(name) for name in row["scopes"].split() if name in known),
        member_id=row["member_id"],
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        revoked_at=row["revoked_at"],
    )
