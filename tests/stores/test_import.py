"""Files of contacts brought into both databases."""

import asyncio
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, func, select

from alerts.model import Times
from bot.effects import Carried, carry_out
from bot.flows.model import Input, SetLanguage, SetRelation, SetTopics
from bot.heard import Heard
from contacts import service, store
from contacts.csv_import import COLUMNS
from contacts.gazetteer import load_gazetteer
from contacts.import_report import MOST_ERRORS, ImportReport
from contacts.importing import BATCH, Import, save
from contacts.merging import ImportRow, Profile
from contacts.model import Contact, Relation, Topic
from contacts.rights import store as rights
from contacts.rights.model import Act
from contacts.service import Words
from db.session import Database
from kit.channels import Channel, Endpoint
from kit.errors import Invalid
from tests.databases import sqlite_database

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HEADER = ",".join(COLUMNS)
CONSENT = "2026-03-01,Hoja 12"
DAY = timedelta(days=1)


def phone(number: int) -> Endpoint:
    return Endpoint(Channel.SMS, f"+1213555{number:04}")


def chat(number: int) -> Endpoint:
    return Endpoint(Channel.TELEGRAM, str(number))


@dataclass(frozen=True)
class Desk:
    """Imports rows into a database and looks at what came of them."""

    database: Database
    folder: Path

    def file(self, *rows: str) -> Path:
        path = self.folder / "contacts.csv"
        path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
        return path

    async def bring(
        self,
        *rows: str,
        dry_run: bool = False,
        progress: Callable[[int], None] = lambda read: None,
    ) -> ImportReport:
        path = self.file(*rows)
        return await Import(self.database, load_gazetteer(), NOW, dry_run, progress).run(path)

    async def find(self, endpoint: Endpoint) -> Contact | None:
        async with self.database.read() as session:
            return await store.find(session, endpoint)

    async def known(self, endpoint: Endpoint) -> Contact:
        found = await self.find(endpoint)
        assert found is not None
        return found

    async def opted_out(self, endpoint: Endpoint) -> bool:
        async with self.database.read() as session:
            return await store.opted_out(session, endpoint)

    async def addresses(self, endpoint: Endpoint) -> set[Endpoint]:
        contact = await self.known(endpoint)
        async with self.database.read() as session:
            return {one.endpoint for one in await store.addresses(session, contact.id)}

    async def count(self) -> dict[str, int]:
        tables = (store.contact, store.address, store.subscription, store.consent)
        async with self.database.read() as session:
            return {
                table.name: await session.scalar(select(func.count()).select_from(table))
                for table in tables
            }


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Desk:
    return Desk(database, tmp_path)


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.read, report.created, report.updated, report.rejected


def faults(report: ImportReport) -> list[tuple[int, str, str]]:
    return [
        (error.line, error.column, error.key.removeprefix("import.")) for error in report.errors
    ]


async def test_a_row_becomes_a_contact_with_addresses_topics_and_a_consent(desk: Desk) -> None:
    report = await desk.bring(
        f"+12135550101,101,mixteco,20397,US,CA,migrant,programs;fraud,{CONSENT}"
    )
    assert counts(report) == (1, 1, 0, 0)
    contact = await desk.known(phone(101))
    assert contact.language == "mixteco"
    assert (contact.origin_clave, contact.origin_region) == (20397, "mixteca")
    assert (contact.country, contact.state, contact.zone) == ("US", "CA", "America/Los_Angeles")
    assert contact.relation is Relation.MIGRANT
    assert contact.topics == {Topic.PROGRAMS, Topic.FRAUD}
    assert contact.joined_at == NOW
    assert await desk.addresses(chat(101)) == {phone(101), chat(101)}
    async with desk.database.read() as session:
        consent = await session.first(select(store.consent))
    assert consent is not None
    assert consent["at"] == datetime(2026, 3, 1, tzinfo=UTC)
    assert (consent["words"], consent["source"], consent["given"]) == ("Hoja 12", "import", True)


async def test_a_file_imported_twice_makes_nobody_twice(desk: Desk) -> None:
    rows = [f"{phone(100 + n).value},{100 + n},,,,,,fraud,{CONSENT}" for n in range(50)]
    await desk.bring(*rows)
    before = await desk.count()
    assert counts(await desk.bring(*rows)) == (50, 0, 50, 0)
    assert await desk.count() == before
    assert before == {"contact": 50, "address": 100, "subscription": 50, "consent": 50}


async def test_people_are_known_again_by_phone_or_by_telegram(desk: Desk) -> None:
    await desk.bring(f"+12135550101,,es,,,,,fraud,{CONSENT}")
    report = await desk.bring(
        f"+12135550101,101,en,,,,,,{CONSENT}", f",101,,,MX,OAX,family,programs,{CONSENT}"
    )
    assert counts(report) == (2, 0, 2, 0)
    contact = await desk.known(chat(101))
    assert contact == await desk.known(phone(101))
    assert (contact.language, contact.country, contact.state) == ("en", "MX", "OAX")


async def test_the_old_form_of_a_mexican_number_is_the_same_person(desk: Desk) -> None:
    await desk.bring(f"+5219515550101,,,,,,,,{CONSENT}")
    report = await desk.bring(f"9515550101,,,,MX,,,,{CONSENT}")
    assert counts(report) == (1, 0, 1, 0)
    assert await desk.find(Endpoint(Channel.SMS, "+529515550101")) is not None


async def test_duplicates_inside_a_file_are_merged_however_far_apart(desk: Desk) -> None:
    filler = [f",{1000 + n},,,,,,,{CONSENT}" for n in range(BATCH + 10)]
    report = await desk.bring(
        f"+12135550101,,,,,,,fraud,{CONSENT}",
        f"+12135550101,,en,,,,,programs,{CONSENT}",
        *filler,
        f"+12135550101,,,,US,,,emergency,{CONSENT}",
    )
    assert counts(report) == (BATCH + 13, BATCH + 11, 2, 0)
    contact = await desk.known(phone(101))
    assert contact.topics == set(Topic)
    assert (contact.language, contact.country) == ("en", "US")


async def test_no_import_undoes_a_no(desk: Desk) -> None:
    row = f"+12135550101,,es,,,,,fraud,{CONSENT}"
    await desk.bring(row)
    async with desk.database.write() as session:
        await service.stop(session, Words(phone(101), "BAJA", NOW - timedelta(days=1)))
    newer = "+12135550101,,es,,US,CA,,fraud,2026-11-22,Hoja 13"
    for again in (row, newer):
        assert counts(await desk.bring(again)) == (1, 0, 1, 0)
        assert await desk.opted_out(phone(101))
    assert (await desk.known(phone(101))).state == "CA"


async def test_a_no_of_a_stranger_holds_when_a_file_brings_them(desk: Desk) -> None:
    async with desk.database.write() as session:
        await service.stop(session, Words(phone(101), "STOP", NOW))
    assert counts(await desk.bring(f"+12135550101,,,,,,,,{CONSENT}")) == (1, 1, 0, 0)
    assert await desk.opted_out(phone(101))


async def test_a_no_is_not_led_around_by_a_second_address(desk: Desk) -> None:
    await desk.bring(f"+12135550101,,,,,,,fraud,{CONSENT}")
    async with desk.database.write() as session:
        await service.stop(session, Words(phone(101), "BAJA", NOW - timedelta(days=1)))
    await desk.bring(f"+12135550101,101,,,,,,fraud,{CONSENT}")
    assert await desk.addresses(phone(101)) == {phone(101)}


async def test_who_asked_to_be_forgotten_is_not_brought_back(desk: Desk) -> None:
    row = f"+12135550101,101,,,,,,fraud,{CONSENT}"
    await desk.bring(row)
    async with desk.database.write() as session:
        assert await service.erase(session, phone(101), NOW)
    for again in (row, f",101,,,,,,,{CONSENT}"):
        report = await desk.bring(again)
        assert [key for _, _, key in faults(report)] == ["erased"]
    assert sum((await desk.count()).values()) == 0
    # Their number is nobody else's: what hangs on it would be a stranger's.
    await desk.bring(f"+12135550102,,,,,,,fraud,{CONSENT}")
    assert (await desk.known(phone(102))).id > 1


async def test_what_a_person_chose_since_their_consent_stands(desk: Desk) -> None:
    async with desk.database.write() as session:
        contact = await service.subscribe(session, Words(phone(101), "SI", NOW), "en")
        await service.set_topics(session, contact.id, [Topic.FRAUD])
    await desk.bring(f"+12135550101,,es,,MX,,,programs;emergency,{CONSENT}")
    after = await desk.known(phone(101))
    assert after.topics == {Topic.FRAUD}
    assert (after.language, after.country) == ("en", "MX")


async def test_what_was_corrected_at_a_persons_wish_stands_against_an_older_yes(desk: Desk) -> None:
    await desk.bring(f"+12135550101,,es,,MX,,,fraud,{CONSENT}")
    async with desk.database.write() as session:
        known = await desk.known(phone(101))
        await store.change(session, known.id, {"language": "en"})
        corrected = {
            "contact_id": known.id,
            "act": Act.CORRECTED,
            "at": NOW - DAY,
            "words": "language",
        }
        await session.execute(rights.entry.insert().values(**corrected))
    older = (NOW - 2 * DAY).isoformat()
    await desk.bring(f"+12135550101,,es,,US,,,fraud,{older},feria")
    assert (await desk.known(phone(101))).language == "en"
    newer = (NOW - DAY / 2).isoformat()
    await desk.bring(f"+12135550101,,es,,US,,,fraud,{newer},feria")
    assert (await desk.known(phone(101))).language == "es"


async def test_a_topic_taken_out_is_not_brought_back_by_the_same_file(desk: Desk) -> None:
    row = f"+12135550101,,,,,,,fraud;programs,{CONSENT}"
    await desk.bring(row)
    async with desk.database.write() as session:
        known = await desk.known(phone(101))
        await service.set_topics(session, known.id, [Topic.FRAUD])
    await desk.bring(row)
    assert (await desk.known(phone(101))).topics == {Topic.FRAUD}


async def test_what_somebody_took_out_or_changed_in_the_bot_stands_against_older_files(
    desk: Desk,
) -> None:
    row = f"+12135550101,,en,,,,,fraud;programs,{CONSENT}"
    await desk.bring(row)
    known = await desk.known(phone(101))
    carried, heard = Carried(known, None, "en"), Heard(phone(101), Input("TEMAS"))
    async with desk.database.write() as session:
        for effect in (SetTopics(frozenset({Topic.FRAUD})), SetLanguage("mixteco")):
            await carry_out(session, effect, carried, heard, Times(), NOW)
        # What fills a gap is no change.
        await carry_out(session, SetRelation(Relation.FAMILY), carried, heard, Times(), NOW)
        lines = await rights.history(session, contact_id=known.id, limit=9)
    assert [(one.words, one.member_id) for one in lines] == [("language", None), ("topics", None)]
    newer = f"+12135550101,,es,,,,,programs;emergency,{(NOW - DAY).isoformat()},feria"
    for again in (row, newer):
        await desk.bring(again)
        after = await desk.known(phone(101))
        assert after.topics == {Topic.FRAUD}
        assert after.language == "mixteco"
    # A second file that began in the middle of a long first one: to it they are new.
    async with desk.database.write() as session:
        record = ImportRow(
            2,
            (phone(101),),
            Profile(language="es"),
            frozenset({Topic.PROGRAMS}),
            datetime(2026, 3, 1, tzinfo=UTC),
            "Hoja 12",
        )
        await save(session, [record], known.id - 1, NOW)
    assert (await desk.known(phone(101))).topics == {Topic.FRAUD}


async def test_bad_rows_are_named_and_good_rows_are_taken(desk: Desk) -> None:
    report = await desk.bring(
        f"+12135550101,,,,,,,,{CONSENT}",
        f"555,,,,,,,,{CONSENT}",
        "+12135550102,,,,,,,,,",
        "+12135550103,,,,,,,,2026-11-23,Hoja 1",
        f"+12135550104,,,San Juan Mixtepec,,,,,{CONSENT}",
        "+12135550105",
        f'"+12135550106,,,,,,,,{CONSENT}',
        f"+12135550107,,,,,,,,{CONSENT}",
    )
    assert counts(report) == (8, 2, 0, 6)
    assert faults(report) == [
        (3, "phone", "phone_wrong"),
        (4, "consented_at", "consent_needed"),
        (4, "consent_source", "consent_needed"),
        (5, "consented_at", "date_future"),
        (6, "origin", "origin_ambiguous"),
        (7, "", "cell_count"),
        (8, "", "row_unreadable"),
    ]
    assert (await desk.count())["contact"] == 2


async def test_a_row_that_ties_two_people_together_is_left_to_a_person(desk: Desk) -> None:
    await desk.bring(f"+12135550101,,,,,,,,{CONSENT}", f",102,,,,,,,{CONSENT}")
    report = await desk.bring(f"+12135550101,102,,,,,,,{CONSENT}")
    assert faults(report) == [(2, "telegram_id", "two_people")]
    assert await desk.known(phone(101)) != await desk.known(chat(102))


async def test_a_dry_run_writes_nothing_and_counts_the_same(desk: Desk) -> None:
    await desk.bring(f"+12135550100,,,,,,,,{CONSENT}")
    before = await desk.count()
    filler = [f",{1000 + n % (BATCH + 5)},,,,,,,{CONSENT}" for n in range(2 * BATCH)]
    rows = [
        f"+12135550100,100,en,,,,,,{CONSENT}",
        f"+12135550101,,,,,,,,{CONSENT}",
        "+12135550102,,,,,,,,,",
        *filler,
        f"+12135550101,101,,,,,,,{CONSENT}",
        f",101,,,,,,,{CONSENT}",
        f"+12135550101,100,,,,,,,{CONSENT}",
        f",100,,,,,,,{CONSENT}",
    ]
    tried = await desk.bring(*rows, dry_run=True)
    assert await desk.count() == before
    done = await desk.bring(*rows)
    assert tried == done
    assert counts(done) == (2 * BATCH + 7, BATCH + 6, BATCH - 1, 2)


async def test_errors_beyond_a_thousand_are_counted_only(desk: Desk) -> None:
    report = await desk.bring(*["1,,,,,,,,,"] * 500)
    assert counts(report) == (500, 0, 0, 500)
    assert (len(report.errors), report.more_errors) == (MOST_ERRORS, 500)


async def test_a_file_in_another_encoding_imports_nothing(desk: Desk) -> None:
    path = desk.file(*[f",{100 + n},,,,,,,{CONSENT}" for n in range(2 * BATCH)])
    path.write_bytes(path.read_bytes() + ",1,,,,,,,2026-01-01,Peña\n".encode("latin-1"))
    with pytest.raises(Invalid):
        await Import(desk.database, load_gazetteer(), NOW).run(path)
    assert sum((await desk.count()).values()) == 0


async def test_only_a_header_is_an_import_of_nobody(desk: Desk) -> None:
    assert counts(await desk.bring()) == (0, 0, 0, 0)


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
