"""A no, whoever brought it: no file leads around it, and it tells of no case."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from alerts import service as handling
from alerts.model import Times
from alerts.rights import fulfil, person
from alerts.rights.export import export
from alerts.rights.fulfil import Asked
from contacts import importing, service, store
from contacts.merging import ImportRow, Profile
from contacts.model import Consent, Contact, Topic
from contacts.rights.model import Identity, Way
from contacts.service import Words
from db.session import Database, Session
from kit.channels import Channel, Endpoint
from staff.model import Role
from tests.stores.case_rig import NOW, a_case, a_member

PHONE = Endpoint(Channel.SMS, "+12135550123")
CHAT = Endpoint(Channel.TELEGRAM, "5551234567")
DAY = timedelta(days=1)
AT_WINDOW = Asked(Identity.DOCUMENT, Way.WINDOW)
EVERYBODY_IS_OLD = 2**40
STORY = "Mi marido lee este teléfono, ya no me manden mensajes"


async def brought(database: Database, consented_at: datetime, newest: int) -> None:
    """A file with the phone and a chat beside it."""
    fraud = frozenset({Topic.FRAUD})
    row = ImportRow(2, (PHONE, CHAT), Profile(), fraud, consented_at, "Hoja 12")
    async with database.write() as session:
        await importing.save(session, [row], newest, NOW)


async def held(database: Database, endpoint: Endpoint) -> Contact | None:
    async with database.read() as session:
        return await store.find(session, endpoint)


async def subscribed(session: Session) -> int:
    made = await service.subscribe(session, Words(PHONE, "ALTA", NOW - 9 * DAY), "es")
    await service.set_topics(session, made.id, [])
    return made.id


def shape(consents: Iterable[Consent]) -> list[tuple[bool, str, str]]:
    return [(one.given, one.words, one.source) for one in consents]


async def test_a_no_that_a_case_brought_is_not_led_around_by_a_file(database: Database) -> None:
    async with database.write() as session:
        await subscribed(session)
        case = await a_case(session, PHONE, "Auxilio")
        await handling.silence(session, case, Times(), NOW)
    await brought(database, NOW - DAY, EVERYBODY_IS_OLD)
    known = await held(database, PHONE)
    assert known is not None
    assert known.topics == frozenset()
    assert await held(database, CHAT) is None
    # A yes of later is a yes.
    await brought(database, NOW + DAY, EVERYBODY_IS_OLD)
    assert await held(database, CHAT) is not None


async def test_a_no_of_a_stranger_is_not_led_around_by_the_file_that_brings_them(
    database: Database,
) -> None:
    async with database.write() as session:
        await service.stop(session, Words(PHONE, "STOP", NOW))
    await brought(database, NOW - DAY, 0)
    assert await held(database, PHONE) is not None
    assert await held(database, CHAT) is None


async def test_a_no_said_at_the_window_holds_also_where_there_was_one_already(
    database: Database,
) -> None:
    async with database.write() as session:
        member = await a_member(session, 1, Role.COMMUNICATOR)
        ida = await subscribed(session)
        await store.add_opt_out(session, PHONE, "silenced", "", NOW - 9 * DAY)
        channels = {Channel.SMS}
        new = await fulfil.oppose(session, member, ida, channels, "Ya no", Way.PHONE, NOW)
        assert new == 0
    await brought(database, NOW - DAY, EVERYBODY_IS_OLD)
    assert await held(database, CHAT) is None


async def test_who_may_not_know_of_cases_reads_no_word_of_one_in_a_no(database: Database) -> None:
    async with database.write() as session:
        writer = await a_member(session, 1, Role.COMMUNICATOR)
        duty = await a_member(session, 2)
        ida = await subscribed(session)
        await a_case(session, PHONE, "Auxilio")
        await service.stop(session, Words(PHONE, STORY, NOW))
        seen = await person.opened(session, writer, ida, NOW)
        assert shape(seen.consents) == [(False, "", "self"), (True, "ALTA", "self")]
        told = await person.opened(session, duty, ida, NOW)
        assert told.consents[0].words == STORY
        # The copy is read by others: whoever takes it out.
        for member in (writer, duty):
            copy = await export(session, member, ida, AT_WINDOW, NOW)
            assert shape(copy.consents) == [(False, "", "self"), (True, "ALTA", "self")]


async def test_a_silent_exit_looks_like_any_other_no(database: Database) -> None:
    async with database.write() as session:
        writer = await a_member(session, 1, Role.COMMUNICATOR)
        ida = await subscribed(session)
        other = (await service.subscribe(session, Words(CHAT, "ALTA", NOW - 9 * DAY), "es")).id
        await service.stop(session, Words(CHAT, "BAJA", NOW))
        await handling.silence(session, await a_case(session, PHONE), Times(), NOW)
        silent, usual = [await person.opened(session, writer, one, NOW) for one in (ida, other)]
        assert shape(silent.consents) == shape(usual.consents)
        assert [one.at for one in silent.consents] == [one.at for one in usual.consents]
        assert silent.consents[0].version == usual.consents[0].version
