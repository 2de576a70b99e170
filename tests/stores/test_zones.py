"""By whose clock people are written to, on both databases."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import event, null, select, text, update

from contacts import service, store
from contacts.atlas import Place
from contacts.csv_import import COLUMNS
from contacts.gazetteer import load_gazetteer
from contacts.importing import Import
from contacts.store import COUNTRY_UNKNOWN, address, contact
from contacts.zones import fill, zones_present
from db.session import Database, Session
from kit.channels import Channel, Endpoint
from kit.zones import OAXACA
from tests.databases import sqlite_database

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LOS_ANGELES = "America/Los_Angeles"
PHOENIX = "America/Phoenix"
AMERICAN = Endpoint(Channel.SMS, "+12135550100")
MEXICAN = Endpoint(Channel.SMS, "+529515550100")
NOBODYS = Endpoint(Channel.SMS, "+80012345678")
CHAT = Endpoint(Channel.TELEGRAM, "700001")


async def made(database: Database, *endpoints: Endpoint) -> int:
    async with database.write() as session:
        return await store.create(session, endpoints, "es", NOON)


async def zone_of(database: Database, contact_id: int) -> str | None:
    async with database.read() as session:
        found = await store.get(session, contact_id)
    assert found is not None
    return found.zone


async def countries(database: Database) -> list[str | None]:
    async with database.read() as session:
        rows = await session.all(select(address.c.country).order_by(address.c.id))
    return [row["country"] for row in rows]


async def zones(database: Database) -> tuple[str, ...]:
    async with database.read() as session:
        return await zones_present(session)


async def in_zones(session: Session, zones: Sequence[str | None]) -> None:
    rows = [{"language": "es", "joined_at": NOON, "zone": zone} for zone in zones]
    await session.execute(contact.insert(), rows)


async def before_it_was_noted(database: Database) -> None:
    """Make every address as those were that came before the column."""
    async with database.write() as session:
        await session.execute(update(address).values(country=null()))
        await session.execute(update(contact).values(zone=null()))


async def test_a_phone_tells_the_zone_of_somebody_of_whom_no_place_is_known(
    database: Database,
) -> None:
    assert await zone_of(database, await made(database, AMERICAN)) == LOS_ANGELES
    assert await zone_of(database, await made(database, MEXICAN)) == OAXACA
    assert await zone_of(database, await made(database, CHAT)) is None
    assert await countries(database) == ["US", "MX", None]


async def test_the_place_that_somebody_names_decides_over_the_phone(database: Database) -> None:
    contact_id = await made(database, AMERICAN)
    async with database.write() as session:
        await service.set_place(session, contact_id, Place("US", "AZ", "Phoenix", PHOENIX))
    assert await zone_of(database, contact_id) == PHOENIX
    async with database.write() as session:
        await store.add_address(session, contact_id, MEXICAN)
    assert await zone_of(database, contact_id) == PHOENIX


async def test_a_country_without_a_zone_is_not_contradicted_by_a_phone(database: Database) -> None:
    contact_id = await made(database, CHAT)
    async with database.write() as session:
        await store.change(session, contact_id, {"country": "GT"})
        await store.add_address(session, contact_id, AMERICAN)
    assert await zone_of(database, contact_id) is None


async def test_the_phone_of_somebody_else_tells_nothing(database: Database) -> None:
    await made(database, AMERICAN)
    contact_id = await made(database, CHAT)
    async with database.write() as session:
        await store.add_address(session, contact_id, AMERICAN)
    assert await zone_of(database, contact_id) is None


async def test_older_phones_are_filled_in_batch_by_batch(database: Database) -> None:
    american, mexican = await made(database, AMERICAN, CHAT), await made(database, MEXICAN)
    nobody = await made(database, NOBODYS)
    await before_it_was_noted(database)
    batches = []
    while True:
        async with database.write() as session:
            batches.append(await fill(session, 2))
        if not batches[-1]:
            break
    # The number of no country is looked at once, and the chat never.
    assert batches == [2, 1, 0]
    assert await countries(database) == ["US", None, "MX", COUNTRY_UNKNOWN]
    assert await zone_of(database, american) == LOS_ANGELES
    assert await zone_of(database, mexican) == OAXACA
    assert await zone_of(database, nobody) is None


async def test_filling_in_changes_nothing_of_a_known_place(database: Database) -> None:
    contact_id = await made(database, AMERICAN)
    await before_it_was_noted(database)
    async with database.write() as session:
        place = Place("US", "AZ", "Phoenix", PHOENIX)
        await service.set_place(session, contact_id, place)
        assert await fill(session, 10) == 1
    assert await zone_of(database, contact_id) == PHOENIX


async def test_of_two_phones_the_first_decides_when_they_are_filled_in(database: Database) -> None:
    contact_id = await made(database, MEXICAN, AMERICAN)
    await before_it_was_noted(database)
    async with database.write() as session:
        assert await fill(session, 10) == 2
    assert await zone_of(database, contact_id) == OAXACA


async def test_the_zones_of_all_contacts_are_found(database: Database) -> None:
    assert await zones(database) == ()
    async with database.write() as session:
        await in_zones(session, [LOS_ANGELES, PHOENIX, LOS_ANGELES, "America/Tijuana"])
    assert await zones(database) == (LOS_ANGELES, PHOENIX, "America/Tijuana")
    async with database.write() as session:
        await in_zones(session, [None])
    assert await zones(database) == (LOS_ANGELES, OAXACA, PHOENIX, "America/Tijuana")


async def test_somebody_without_a_zone_alone_counts_as_in_oaxaca(database: Database) -> None:
    async with database.write() as session:
        await in_zones(session, [None, None])
    assert await zones(database) == (OAXACA,)


async def test_an_import_notes_countries_and_zones_and_a_place_decides_afterwards(
    database: Database, tmp_path: Path
) -> None:
    def row(country: str, state: str) -> str:
        return f"{AMERICAN.value},,es,,{country},{state},,fraud,2026-03-01,Hoja 12"

    path = tmp_path / "contacts.csv"

    async def zone_after(*rows: str) -> str | None:
        path.write_text("\n".join([",".join(COLUMNS), *rows]) + "\n", encoding="utf-8")
        await Import(database, load_gazetteer(), NOON).run(path)
        async with database.read() as session:
            found = await store.find(session, AMERICAN)
        assert found is not None
        return found.zone

    assert await zone_after(row("", "")) == LOS_ANGELES
    assert await countries(database) == ["US"]
    assert await zone_after(row("MX", "")) == OAXACA
    assert await zone_after(row("US", "AZ")) == PHOENIX
    assert await zone_after(row("", "")) == PHOENIX


async def test_neither_the_zones_nor_the_filling_in_reads_a_table_from_end_to_end(
    tmp_path: Path,
) -> None:
    database = await sqlite_database(tmp_path)
    asked: list[tuple[str, object]] = []

    def keep(_c: object, _k: object, statement: str, params: object, *_more: object) -> None:
        asked.append((statement, params))

    event.listen(database.writer.sync_engine, "before_cursor_execute", keep)
    async with database.write() as session:
        await in_zones(session, [LOS_ANGELES, None])
        asked.clear()
        await zones_present(session)
        await fill(session, 10)
        plans = []
        for statement, params in list(asked):
            if statement.startswith(("SELECT", "WITH")):
                plan = text(f"EXPLAIN QUERY PLAN {_spelled(statement, params)}")
                plans += [str(row["detail"]) for row in await session.all(plan)]
    await database.close()
    read = [step for step in plans if " contact" in step or " address" in step]
    assert any("ix_contact_zone" in step for step in read)
    assert any("ix_address_no_country" in step for step in read)
    assert all(" USING " in step for step in read)


def _spelled(statement: str, params: object) -> str:
    assert isinstance(params, tuple)
    for value in params:
        statement = statement.replace("?", str(int(value)), 1)
    return statement
