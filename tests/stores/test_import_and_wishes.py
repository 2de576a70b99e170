"""What people said no to, chose or had put right stands against any file that comes in."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alerts.model import Times
from bot.effects import Carried, carry_out
from bot.flows.model import Input, SetLanguage, SetRelation, SetTopics
from bot.heard import Heard
from contacts import service, store
from contacts.importing import save
from contacts.merging import ImportRow, Profile
from contacts.model import Relation, Topic
from contacts.rights import store as rights
from contacts.rights.model import Act
from contacts.service import Words
from db.session import Database
from tests.stores.import_rig import CONSENT, DAY, NOW, Desk, counts, faults, phone


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Desk:
    return Desk(database, tmp_path)


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
