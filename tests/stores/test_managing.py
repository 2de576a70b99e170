"""Looking after the team from a page: who may, what is refused, and that nobody is shut out."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from db.session import Database
from kit.channels import Channel, Endpoint
from kit.errors import Invalid, NotFound, Refused
from kit.zones import OAXACA
from staff import managing, store
from staff.managing import Outdated, Wanted, print_of, wanted_of
from staff.model import Member, Method, Role
from staff.signin import invitations, sessions
from staff.signin.model import Stage, Visit
from tests.databases import sqlite_database

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CHAT = Method(Endpoint(Channel.TELEGRAM, "900001"))
SMS = Method(Endpoint(Channel.SMS, "+12135550101"), timedelta(seconds=90))
ANA = Wanted("Ana Cruz", "ana@example.org", Role.DUTY, ("es", "mixe"), OAXACA, None, (CHAT, SMS))


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Database]:
    """On SQLite alone: nothing here asks a database for what the other does otherwise."""
    opened = await sqlite_database(tmp_path)
    yield opened
    await opened.close()


async def somebody(database: Database, role: Role, name: str = "") -> Member:
    async with database.write() as session:
        email = f"{name or role}@example.org"
        made = await store.add(session, name or "Eva Luna", email, role, "Sol", [], NOW)
        found = await store.get(session, made)
    assert found is not None
    return found


async def ana(database: Database, by: Member) -> Member:
    async with database.write() as session:
        await managing.take_on(session, by, ANA, NOW, lambda below: 0)
        found = await store.by_email(session, ANA.email)
    assert found is not None
    return found


async def acts(database: Database) -> list[tuple[int | None, str]]:
    async with database.read() as session:
        rows = await session.all(store.audit.select().order_by(store.audit.c.id))
    return [(row["member_id"], row["act"]) for row in rows]


async def test_only_who_manages_staff_sees_or_changes_anybody(here: Database) -> None:
    admin = await somebody(here, Role.ADMIN)
    who = await ana(here, admin)
    before = await acts(here)
    for role in set(Role) - {Role.ADMIN}:
        other = await somebody(here, role, f"other.{role}")
        async with here.write() as session:
            for refused in (
                managing.people(session, other, NOW),
                managing.colleague(session, other, who.id, NOW),
                managing.take_on(session, other, ANA, NOW, lambda below: 0),
                managing.alter(session, other, who.id, ANA, "", NOW),
                managing.leave(session, other, who.id, NOW),
                managing.come_back(session, other, who.id, NOW),
                managing.invite(session, other, who.id, NOW, reset_second=True),
                managing.sign_out(session, other, who.id, NOW),
            ):
                with pytest.raises(Refused):
                    await refused
    assert await acts(here) == before


async def test_somebody_is_taken_on_with_their_waits_and_a_link_that_opens(here: Database) -> None:
    admin = await somebody(here, Role.ADMIN)
    async with here.write() as session:
        made = await managing.take_on(session, admin, ANA, NOW, lambda below: 0)
        token = made.path.rpartition("/")[2]
        found = await invitations.look(session, token, NOW)
        with pytest.raises(Refused):
            await managing.take_on(session, admin, ANA, NOW, lambda below: 0)
        (one, _admin) = await managing.people(session, admin, NOW)
    assert found is not None
    assert found.member is not None
    assert found.member.methods == (CHAT, SMS)
    assert found.member.languages == ("es", "mixe")
    assert (one.has_password, one.has_second, one.seen_at) == (False, False, None)
    assert one.invited_until == made.expires_at
    assert {who for who, _act in await acts(here)} == {admin.id}
    assert (await acts(here))[0] == (admin.id, "staff.add")


async def test_what_is_changed_is_told_by_field_and_stale_forms_change_nothing(
    here: Database,
) -> None:
    admin = await somebody(here, Role.ADMIN)
    who = await ana(here, admin)
    drawn = print_of(wanted_of(who))
    wanted = replace(ANA, name="Ana Ruiz", email="ruiz@example.org", methods=(CHAT,))
    async with here.write() as session:
        await managing.alter(session, admin, who.id, wanted, drawn, NOW)
        # The same form a second time says what is so already.
        await managing.alter(session, admin, who.id, wanted, drawn, NOW)
        with pytest.raises(Outdated):
            await managing.alter(session, admin, who.id, ANA, drawn, NOW)
    assert [act for _who, act in await acts(here)][-3:] == [
        "staff.methods",
        "staff.name",
        "staff.email",
    ]
    async with here.write() as session:
        found = await store.by_email(session, "ruiz@example.org")
        assert found is not None
        assert (found.name, found.methods) == ("Ana Ruiz", (CHAT,))
        taken = replace(wanted, email=admin.email)
        now = print_of(wanted_of(found))
        with pytest.raises(Refused):
            await managing.alter(session, admin, who.id, taken, now, NOW)
        with pytest.raises(Invalid):
            await managing.alter(session, admin, who.id, replace(wanted, methods=()), now, NOW)
        # Off duty nothing needs to reach them, and back on duty something does.
        bare = replace(wanted, role=Role.AUDITOR, methods=())
        await managing.alter(session, admin, who.id, bare, now, NOW)
        found = await store.get(session, who.id)
        assert found is not None
        now = print_of(wanted_of(found))
        bare = replace(bare, role=Role.DUTY)
        with pytest.raises(Invalid):
            await managing.alter(session, admin, who.id, bare, now, NOW)
        on_duty = replace(wanted, methods=(SMS, CHAT))
        await managing.alter(session, admin, who.id, on_duty, now, NOW)
        with pytest.raises(NotFound):
            await managing.alter(session, admin, 999, ANA, "", NOW)


async def test_nobody_shuts_themselves_out_and_who_leaves_is_out_at_once(here: Database) -> None:
    admin = await somebody(here, Role.ADMIN)
    who = await ana(here, admin)
    async with here.write() as session:
        with pytest.raises(Refused):
            await managing.leave(session, admin, admin.id, NOW)
        demoted = replace(wanted_of(admin), role=Role.AUDITOR)
        seen = print_of(wanted_of(admin))
        with pytest.raises(Refused):
            await managing.alter(session, admin, admin.id, demoted, seen, NOW)
        for _device in range(2):
            await sessions.begin(session, who, Stage.IN, Visit(), NOW)
        one = await managing.colleague(session, admin, who.id, NOW)
        assert one.seen_at == NOW
        assert await managing.sign_out(session, admin, who.id, NOW) == 2
        await sessions.begin(session, who, Stage.IN, Visit(), NOW)
        await managing.leave(session, admin, who.id, NOW)
        assert await sessions.of_member(session, who, admin, NOW) == ()
        with pytest.raises(Refused):
            await managing.invite(session, admin, who.id, NOW, reset_second=False)
        people = await managing.people(session, admin, NOW)
        assert [one.member.active for one in people] == [True, False]
        assert people[1].invited_until is None
        await managing.come_back(session, admin, who.id, NOW)
        assert (await managing.colleague(session, admin, who.id, NOW)).member.active


async def test_of_two_administrators_who_remove_each_other_one_is_left(database: Database) -> None:
    one, other = [await somebody(database, Role.ADMIN, name) for name in ("Uno", "Dos")]

    async def remove(by: Member, whom: Member) -> bool:
        try:
            async with database.write() as session:
                await managing.leave(session, by, whom.id, NOW)
        except Refused:
            return False
        return True

    done = await asyncio.gather(remove(one, other), remove(other, one))
    assert sorted(done) == [False, True]
    async with database.read() as session:
        assert len(await store.with_roles(session, [Role.ADMIN])) == 1
