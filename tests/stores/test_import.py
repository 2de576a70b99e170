"""Files of contacts brought into both databases."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from contacts import store
from contacts.gazetteer import load_gazetteer
from contacts.import_report import MOST_ERRORS
from contacts.importing import BATCH, Import
from contacts.model import Relation, Topic
from db.session import Database
from kit.channels import Channel, Endpoint
from kit.errors import Invalid
from tests.stores.import_rig import CONSENT, NOW, Desk, chat, counts, faults, phone


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Desk:
    return Desk(database, tmp_path)


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
