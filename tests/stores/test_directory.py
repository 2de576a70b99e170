"""The directory of emergency contacts in both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from contacts.atlas import Place
from contacts.import_report import ImportReport
from db.session import Database
from directory import importing, service, store
from directory.csv_import import COLUMNS
from directory.model import EmergencyContact, Entry, Heard, Situation, Standing
from directory.rules import print_of, standing
from directory.service import Outdated
from kit.errors import Invalid, NotFound, Refused
from staff import store as staff
from staff.model import Member, Role

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = date(2026, 11, 22)
LOS_ANGELES = Place("US", "CA", "Los Angeles", "America/Los_Angeles")
FRESNO_ROW = (
    "consulate_emergency,Consulado en Fresno,US,CA,Fresno,+12135550101,https://x.example/,2021-01"
)
HEADER = ",".join(COLUMNS)


async def bring(database: Database, folder: Path, *rows: str) -> ImportReport:
    path = folder / "directory.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return await importing.import_file(database, path)


async def listed(database: Database) -> tuple[EmergencyContact, ...]:
    async with database.read() as session:
        return await service.listed(session)


async def a_member(database: Database, role: Role = Role.DUTY) -> Member:
    async with database.write() as session:
        email = f"{role}@example.com"
        made = await staff.add(session, "Ana Cruz", email, role, "Luna", [], NOW)
        found = await staff.get(session, made)
    assert found is not None
    return found


async def test_the_directory_is_filled_at_the_first_start_and_never_again(
    database: Database,
) -> None:
    report = await importing.load_first(database)
    assert report is not None
    assert (report.read, report.created, report.updated, report.errors) == (38, 38, 0, ())
    assert await importing.load_first(database) is None
    contacts = await listed(database)
    assert len(contacts) == 38
    assert not any(contact.verified for contact in contacts)


async def test_a_file_imported_before_the_first_start_keeps_nothing_out(
    database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "ours.csv"
    ours = "consular_hotline_24h,Nuestra,US,,,+15206237874,https://www.gob.mx/,2026-11"
    path.write_text(f"{HEADER}\n{ours}\n")
    for created in (1, 0):
        report = await importing.import_before_or_after_first(database, path, lambda read: None)
        assert (report.read, report.created) == (1, created)
        contacts = await listed(database)
        assert len(contacts) == 38
        assert [one.entry.name for one in contacts if one.entry.phone == "+15206237874"] == [
            "Nuestra"
        ]


async def test_each_number_keeps_its_source_and_date(database: Database) -> None:
    await importing.load_first(database)
    found = {contact.entry.phone: contact for contact in await listed(database)}
    miami = found["+13059791534"]
    assert miami.official
    assert miami.entry.source_date == "undated; same number in informador.mx 2024-10-08"
    assert not found["+18773824357"].official


async def test_a_file_imported_again_brings_entries_up_to_date(
    database: Database, tmp_path: Path
) -> None:
    assert (await bring(database, tmp_path, FRESNO_ROW)).created == 1
    newer = FRESNO_ROW.replace("https://x.example/", "https://sre.gob.mx/").replace("2021", "2026")
    report = await bring(database, tmp_path, newer.replace("Consulado", "Oficina"))
    assert (report.created, report.updated) == (0, 1)
    (contact,) = await listed(database)
    assert contact.official
    assert (contact.entry.name, contact.entry.source_date) == ("Oficina en Fresno", "2026-01")


async def test_no_import_takes_a_check_away_or_puts_it_on_another_office(
    database: Database, tmp_path: Path
) -> None:
    await bring(database, tmp_path, FRESNO_ROW)
    member = await a_member(database)
    (contact,) = await listed(database)
    async with database.write() as session:
        await service.verify(session, contact.id, member, NOW)
    moved = FRESNO_ROW.replace("en Fresno,US,CA", "en Laredo,US,TX").replace("2021", "2020")
    await bring(database, tmp_path, moved)
    (after,) = await listed(database)
    assert (after.checked_by, after.checked_at) == (member.id, NOW)
    assert (after.entry.name, after.entry.state) == ("Consulado en Fresno", "CA")
    assert after.entry.source_date == "2020-01"


async def test_a_row_twice_in_a_file_is_one_entry(database: Database, tmp_path: Path) -> None:
    report = await bring(database, tmp_path, FRESNO_ROW, FRESNO_ROW)
    assert (report.read, report.created, report.updated) == (2, 1, 1)


async def test_bad_rows_are_named_and_good_rows_are_taken(
    database: Database, tmp_path: Path
) -> None:
    bad = FRESNO_ROW.replace("+12135550101", "5550101")
    report = await bring(database, tmp_path, bad, FRESNO_ROW, "a,b")
    assert (report.read, report.created, report.rejected) == (3, 1, 2)
    assert [(error.line, error.column) for error in report.errors] == [(2, "phone_e164"), (4, "")]


async def test_a_file_of_contacts_is_no_directory(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("phone,telegram_id\n1,2\n")
    with pytest.raises(Invalid):
        await importing.import_file(database, path)


async def test_a_city_is_answered_first_unverified_then_verified(database: Database) -> None:
    await importing.load_first(database)
    async with database.read() as session:
        before = await service.contacts_for(session, LOS_ANGELES, TODAY)
    assert before.situation is Situation.UNVERIFIED
    assert before.consulate is not None
    assert before.year == 2025
    assert before.hotline is not None
    member = await a_member(database)
    async with database.write() as session:
        await service.verify(session, before.consulate.id, member, NOW)
    async with database.read() as session:
        after = await service.contacts_for(session, LOS_ANGELES, TODAY)
        acts = await session.all(select(staff.audit).where(staff.audit.c.member_id == member.id))
    assert after.situation is Situation.VERIFIED
    assert after.consulate is not None
    assert (after.consulate.checked_by, after.consulate.checked_at) == (member.id, NOW)
    assert [(act["act"], act["about"]) for act in acts] == [
        ("directory.verify", f"directory:{before.consulate.id}")
    ]


@pytest.mark.parametrize(
    ("city", "state", "situation"),
    [
        ("Houston", "TX", Situation.NOTHING),
        ("Fresno", "CA", Situation.NOTHING),
        ("Miami", "FL", Situation.UNVERIFIED),
        ("New York City", "NY", Situation.UNVERIFIED),
    ],
)
async def test_old_data_is_no_answer_and_official_data_is(
    database: Database, city: str, state: str, situation: Situation
) -> None:
    await importing.load_first(database)
    async with database.read() as session:
        found = await service.contacts_for(session, Place("US", state, city, "UTC"), TODAY)
    assert found.situation is situation


async def test_mexico_is_answered_with_its_own_help_line(database: Database) -> None:
    await importing.load_first(database)
    async with database.read() as session:
        found = await service.contacts_for(session, Place("MX", "BC", None, "UTC"), TODAY)
    assert found.situation is Situation.MEXICO
    assert found.hotline is not None
    assert found.hotline.entry.phone == "079"


async def test_a_call_for_help_names_no_line_until_somebody_has_called_it(
    database: Database,
) -> None:
    await importing.load_first(database)
    async with database.read() as session:
        assert await service.verified_hotline(session) is None
        contacts = await service.listed(session)
    line = next(one for one in contacts if one.entry.kind == "consular_hotline_24h")
    member = await a_member(database)
    async with database.write() as session:
        await service.verify(session, line.id, member, NOW)
    async with database.read() as session:
        found = await service.verified_hotline(session)
    assert found is not None
    assert found.id == line.id


async def test_what_is_not_there_cannot_be_verified(database: Database) -> None:
    member = await a_member(database)
    with pytest.raises(NotFound):
        async with database.write() as session:
            await service.verify(session, 999, member, NOW)
    async with database.read() as session:
        acts = await session.scalar(select(func.count()).select_from(staff.audit))
    assert acts == 0


async def test_states_without_a_number_are_named_until_one_comes(
    database: Database, tmp_path: Path
) -> None:
    await importing.load_first(database)
    async with database.read() as session:
        assert await service.missing_states(session) == ("BC", "SON", "SIN")
    row = FRESNO_ROW.replace("Fresno,US,CA,Fresno", "Tijuana,MX,BC,Tijuana")
    await bring(database, tmp_path, row)
    async with database.read() as session:
        assert await service.missing_states(session) == ("SON", "SIN")
    async with database.write() as session:
        await session.execute(
            store.emergency_contact.update()
            .where(store.emergency_contact.c.state == "BC")
            .values(hidden=True)
        )
    async with database.read() as session:
        assert await service.missing_states(session) == ("BC", "SON", "SIN")


async def test_what_was_heard_decides_what_becomes_of_a_number(
    database: Database, tmp_path: Path
) -> None:
    await bring(database, tmp_path, FRESNO_ROW)
    member = await a_member(database)
    (contact,) = await listed(database)

    async def heard(what: Heard, seen: str | None = None) -> EmergencyContact:
        async with database.write() as session:
            await service.note_call(session, contact.id, member, what, NOW, seen=seen)
        (after,) = await listed(database)
        return after

    assert standing(await heard(Heard.NOBODY), TODAY) is Standing.KEPT_BACK
    verified = await heard(Heard.THEM, print_of(contact))
    assert standing(verified, TODAY) is Standing.VERIFIED
    # The page was drawn before: another number may have been called.
    with pytest.raises(Outdated):
        await heard(Heard.OTHERS, print_of(contact))
    out = await heard(Heard.OTHERS, print_of(verified))
    assert (out.verified, standing(out, TODAY)) == (False, Standing.HIDDEN)
    await bring(database, tmp_path, FRESNO_ROW)
    assert (await listed(database))[0].hidden
    async with database.write() as session:
        await service.bring_back(session, member, contact.id, NOW)
        known = await service.known(session, member, contact.id)
    assert standing(known.contact, TODAY) is Standing.KEPT_BACK
    assert [line.act for line in known.done] == [
        "directory.bring_back",
        "directory.wrong",
        "directory.verify",
        "directory.unanswered",
    ]


async def test_a_corrected_number_has_to_be_called_again(
    database: Database, tmp_path: Path
) -> None:
    await bring(database, tmp_path, FRESNO_ROW)
    member = await a_member(database)
    (contact,) = await listed(database)
    async with database.write() as session:
        await service.verify(session, contact.id, member, NOW)
        checked = (await service.known(session, member, contact.id)).contact
        seen = print_of(checked)
        newer = replace(checked.entry, source_date="2026-11")
        await service.correct(session, member, contact.id, newer, seen, NOW)
        after = (await service.known(session, member, contact.id)).contact
        assert after.verified
        with pytest.raises(Outdated):
            await service.correct(session, member, contact.id, checked.entry, seen, NOW)
        other = replace(newer, phone="+12135550102")
        await service.correct(session, member, contact.id, other, print_of(after), NOW)
        moved = (await service.known(session, member, contact.id)).contact
        assert (moved.verified, moved.entry.phone) == (False, "+12135550102")
        made = await service.add(session, member, newer, NOW)
        with pytest.raises(Refused):
            await service.add(session, member, newer, NOW)
        with pytest.raises(Refused):
            await service.correct(session, member, made, other, print_of_new(made, newer), NOW)


def print_of_new(made: int, entry: Entry) -> str:
    return print_of(EmergencyContact(made, entry, official=False))


async def test_who_may_not_verify_neither_reads_nor_changes_the_directory(
    database: Database, tmp_path: Path
) -> None:
    await bring(database, tmp_path, FRESNO_ROW)
    auditor = await a_member(database, Role.AUDITOR)
    (contact,) = await listed(database)
    async with database.write() as session:
        for refused in (
            service.numbers(session, auditor),
            service.known(session, auditor, contact.id),
            service.verify(session, contact.id, auditor, NOW),
            service.add(session, auditor, contact.entry, NOW),
            service.correct(session, auditor, contact.id, contact.entry, "", NOW),
            service.bring_back(session, auditor, contact.id, NOW),
        ):
            with pytest.raises(Refused):
                await refused
    text = "\n".join([HEADER, FRESNO_ROW.replace("0101", "0103"), "a,b"])
    with pytest.raises(Refused):
        await importing.import_text(database, auditor, text, NOW)
    duty = await a_member(database)
    report = await importing.import_text(database, duty, text, NOW)
    assert (report.created, report.rejected) == (1, 1)
    for wrong in ("", "  \n", "x", "\x00", ";".join(COLUMNS)):
        with pytest.raises(Invalid):
            await importing.import_text(database, duty, wrong, NOW)
