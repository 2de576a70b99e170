"""Versions of what the institute says of itself: who writes them, one after another."""

import secrets
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from db.session import Database
from kit.channels import Channel, Endpoint
from kit.errors import NotFound, Refused
from staff import service as staff
from staff import store as members
from staff.institute import service, store
from staff.institute.model import Institute, Version
from staff.institute.rules import Faulty
from staff.model import Member, Role

NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
GIVEN = Institute(name="IAIMO", transparency_contact="ut@antes")


async def somebody(database: Database, role: Role) -> Member:
    async with database.write() as session:
        made = await staff.add(
            session,
            name="Persona Inventada",
            email=f"{role}@example.org",
            role=role,
            endpoints=[Endpoint(Channel.TELEGRAM, str(700_000 + len(role)))],
            now=NOW,
            pick=secrets.randbelow,
        )
        found = await members.get(session, made)
    assert found is not None
    return found


async def kept(
    database: Database, member: Member, seen: int, minutes: int = 0, **said: str
) -> Version:
    async with database.write() as session:
        return await service.change(session, member, said, seen, NOW + timedelta(minutes=minutes))


async def acts(database: Database) -> list[tuple[str, str, int | None]]:
    columns = (members.audit.c.act, members.audit.c.about, members.audit.c.member_id)
    query = select(*columns).where(members.audit.c.act == "institute.change")
    async with database.read() as session:
        rows = await session.all(query.order_by(members.audit.c.id))
    return [(row["act"], row["about"], row["member_id"]) for row in rows]


async def test_each_change_is_a_version_and_the_audit_names_fields_and_no_values(
    database: Database,
) -> None:
    admin = await somebody(database, Role.ADMIN)
    async with database.read() as session:
        assert await service.institute(session, GIVEN) == GIVEN
        assert await service.history(session, admin) == ()
    first = await kept(database, admin, 0, name="Instituto Inventado", hours="de 9 a 17")
    assert (first.number, first.by, first.at) == (1, admin.id, NOW)
    # The same again, even from an old page, is no version.
    assert (await kept(database, admin, 0, name="Instituto Inventado", hours="de 9 a 17")) == first
    await kept(database, admin, 1, 5, name="Instituto Inventado", transparency_contact="ut@ahora")
    async with database.read() as session:
        assert await service.institute(session, GIVEN) == Institute(
            name="Instituto Inventado", transparency_contact="ut@ahora"
        )
        versions = await service.history(session, admin)
        assert [one.number for one in versions] == [2, 1]
        assert versions[1] == first
        assert [one.number for one in await service.history(session, admin, 2)] == [1]
    about = [line[1] for line in await acts(database)]
    assert about == ["field:name", "field:hours", "field:hours", "field:transparency_contact"]
    assert {line[2] for line in await acts(database)} == {admin.id}
    # Emptied, the environment's stands again.
    await kept(database, admin, 2, 6)
    async with database.read() as session:
        assert await service.institute(session, GIVEN) == GIVEN


async def test_only_an_administrator_changes_it_or_reads_who_did(database: Database) -> None:
    for role in Role:
        member = await somebody(database, role)
        if role is Role.ADMIN:
            continue
        with pytest.raises(Refused):
            await kept(database, member, 0, name="Otro")
        async with database.read() as session:
            for ask in (service.for_change, service.history):
                with pytest.raises(Refused):
                    await ask(session, member)
    async with database.read() as session:
        assert (await service.standing(session)).number == 0
    assert await acts(database) == []


async def test_who_comes_second_is_shown_what_the_first_kept_and_overwrites_nothing(
    database: Database,
) -> None:
    admin = await somebody(database, Role.ADMIN)
    await kept(database, admin, 0, name="A", hours="de 9 a 17")
    await kept(database, admin, 1, name="A", hours="de 8 a 15")
    with pytest.raises(service.Overtaken) as late:
        await kept(database, admin, 1, name="B", hours="de 9 a 17")
    assert late.value.standing.number == 2
    assert [one.name for one in late.value.met.theirs] == ["hours"]
    assert late.value.met.both == Institute(name="B", hours="de 8 a 15")
    async with database.read() as session:
        assert (await service.standing(session)).said == Institute(name="A", hours="de 8 a 15")
    with pytest.raises(NotFound):
        await kept(database, admin, 9, name="C")
    with pytest.raises(Faulty):
        await kept(database, admin, 2, phone="x")


async def test_of_two_at_the_same_time_one_comes_too_late(database: Database) -> None:
    """What the primary key decides, whoever read first."""
    async with database.write() as session:
        assert await store.add(session, 1, Institute(name="A"), 1, NOW)
        assert not await store.add(session, 1, Institute(name="B"), 2, NOW)
        found = await store.numbered(session, 1)
    assert found is not None
    assert found.said.name == "A"
