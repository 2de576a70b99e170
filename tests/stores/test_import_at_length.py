"""A long file: broken off, beside other work, and with no more memory than a short one."""

import asyncio
import tracemalloc
from pathlib import Path

import pytest
from sqlalchemy import event

from contacts import service, store
from contacts.importing import BATCH
from contacts.service import Words
from db.session import Database
from tests.databases import sqlite_database
from tests.stores.import_rig import CONSENT, NOW, Desk, counts, phone


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Desk:
    return Desk(database, tmp_path)


async def test_an_import_that_was_broken_off_goes_on_where_it_was(desk: Desk) -> None:
    rows = [f",{100 + n},,,,,,fraud,{CONSENT}" for n in range(3 * BATCH)]
    asked = 0

    def pull_the_plug(read: int) -> None:
        nonlocal asked
        asked += 1
        if asked == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await desk.bring(*rows, progress=pull_the_plug)
    assert (await desk.count())["contact"] == 2 * BATCH
    assert counts(await desk.bring(*rows)) == (3 * BATCH, BATCH, 2 * BATCH, 0)
    assert await desk.count() == dict.fromkeys(
        ("contact", "address", "subscription", "consent"), 3 * BATCH
    )


async def test_a_call_for_help_is_written_while_an_import_runs(desk: Desk) -> None:
    begun = asyncio.Event()
    rows = [f",{100 + n},,,,,,,{CONSENT}" for n in range(5 * BATCH)]

    async def call_for_help() -> int:
        await begun.wait()
        async with desk.database.write() as session:
            await store.create(session, [phone(1)], "es", NOW)
        return (await desk.count())["contact"]

    caller = asyncio.create_task(call_for_help())
    await desk.bring(*rows, progress=lambda read: begun.set())
    assert caller.done()
    assert await caller <= 3 * BATCH


async def test_people_may_subscribe_while_a_file_with_them_comes_in(desk: Desk) -> None:
    numbers = range(100, 100 + 3 * BATCH)

    async def subscribe() -> None:
        for number in numbers[::40]:
            async with desk.database.write() as session:
                await service.subscribe(session, Words(phone(number), "SI", NOW), "es")

    report, _ = await asyncio.gather(
        desk.bring(*[f"{phone(n).value},,,,,,,,{CONSENT}" for n in numbers]), subscribe()
    )
    assert (report.created + report.updated, report.rejected) == (3 * BATCH, 0)
    assert (await desk.count())["address"] == 3 * BATCH


async def test_a_long_file_takes_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    # The memory is the reader's, whichever database it is.
    database = await sqlite_database(tmp_path)
    desk = Desk(database, tmp_path)
    rows = [f"{phone(n).value},{n + 1},,,,,,,{CONSENT}" for n in range(10_000)]
    held: list[int] = []

    def measure(read: int) -> None:
        held.append(tracemalloc.get_traced_memory()[0])

    tracemalloc.start()
    try:
        await desk.bring(*rows[: 10 * BATCH], dry_run=True)
        await desk.bring(*rows, dry_run=True, progress=measure)
    finally:
        tracemalloc.stop()
    assert held[-1] - held[5] < 500_000
    await database.close()


async def test_twenty_thousand_people_come_in(desk: Desk) -> None:
    rows = [f",{1000 + n},es,{20001 + n % 570},US,CA,,fraud,{CONSENT}" for n in range(20_000)]
    assert counts(await desk.bring(*rows)) == (20_000, 20_000, 0, 0)
    assert (await desk.count())["subscription"] == 20_000


async def test_no_batch_reads_a_whole_table(tmp_path: Path) -> None:
    database = await sqlite_database(tmp_path)
    desk = Desk(database, tmp_path)
    await desk.bring(f"+12135550101,101,,,,,,fraud,{CONSENT}")
    asked: list[tuple[str, tuple[object, ...]]] = []
    engine = database.writer.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *told: asked.append((told[2], told[3])))
    await desk.bring(f"+12135550101,101,,,,,,fraud,{CONSENT}")
    # One row for each table that counts by itself.
    small = "sqlite_sequence"
    queries = [
        (query, given)
        for query, given in asked
        if query.startswith("SELECT") and small not in query
    ]
    assert len(queries) >= 5
    async with database.reader.connect() as connection:
        for query, given in queries:
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", given)
            for step in plan:
                assert not step.detail.startswith("SCAN"), query
    await database.close()
