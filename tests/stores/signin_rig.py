"""An invented colleague, and what they do to come in."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest
from sqlalchemy import select

from db.session import Database
from kit.errors import Problem
from staff import service, store
from staff.audit.store import audit
from staff.model import Member, Role
from staff.signin import invitations
from staff.signin.hashing import Passwords
from staff.signin.model import Entered, Visit
from staff.signin.service import SignIn

NOW = datetime(2026, 3, 3, 16, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = 60 * SECOND
EMAIL = "ana@example.org"
GOOD = "nopal rojo y lluvia"
OTHER = "maguey verde y sol"
HERE = Visit("192.0.2.7", "Mozilla/5.0 (Android 11; Mobile) Firefox/128.0", "es")
THERE = Visit("198.51.100.9", "", "en")
CHEAP = Passwords(1024, 1)


async def hired(database: Database, email: str = EMAIL, role: Role = Role.COORDINATOR) -> Member:
    async with database.write() as session:
        made = await service.add(
            session,
            name="Ana Ejemplo",
            email=email,
            role=role,
            endpoints=(),
            now=NOW,
            pick=lambda below: 0,
        )
        member = await store.get(session, made)
    assert member is not None
    return member


async def link(
    database: Database, who: Member, now: datetime = NOW, *, reset_second: bool = False
) -> str:
    async with database.write() as session:
        made = await invitations.invite(session, who, now, by=None, reset_second=reset_second)
    return made.path.removeprefix(invitations.PATH)


async def invited(door: SignIn, who: Member, password: str = GOOD) -> Entered:
    return await door.accept(await link(door.database, who), password, HERE, NOW)


async def app_of(door: SignIn, entered: Entered, now: datetime = NOW) -> tuple[pyotp.TOTP, Entered]:
    """A phone with the second factor set up."""
    offered = await door.offer(entered.signed_in)
    phone = pyotp.TOTP(offered.secret)
    return phone, await door.enrol(entered.signed_in, phone.at(now), HERE, now)


async def acts(database: Database) -> list[tuple[str, int | None, str]]:
    async with database.read() as session:
        rows = await session.all(select(audit).order_by(audit.c.id))
    return [(row["act"], row["member_id"], row["about"]) for row in rows]


async def refusal(tried: Any) -> Problem:
    with pytest.raises(Problem) as refused:
        await tried
    return refused.value
