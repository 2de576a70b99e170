"""What a run says of each recipient's place: frozen when it opens, put in when a row is claimed."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import delete

from campaigns.content import placeholders
from campaigns.content.model import Wording
from contacts import store as contacts
from db.session import Database
from delivery import filling_store, runs
from delivery.claims import Claimant, claim
from delivery.content import Content
from delivery.filling_store import run_filling
from delivery.model import Lane, State
from delivery.reading import Wordings
from delivery.runs import NewRun, RunState
from delivery.store import message
from directory import store as directory
from directory.model import Entry
from kit.channels import Channel
from tests.stores.campaign_people import Person, a_member, people_in

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TEXT = "Para {town|su comunidad} ({region|Oaxaca}): {nearest_consulate|su consulado}."
CONTENTS = {"es": Wording(f"**{TEXT}**")}
TLAXIACO = {"origin_clave": 20397, "origin_region": "mixteca"}
HOUSTON = {"country": "US", "state": "TX", "city": "Houston"}


def an_entry(name: str, city: str, phone: str) -> Entry:
    return Entry(
        "consulate_emergency", name, "US", phone, "https://example.org", "2026-01", "TX", city
    )


async def opened(
    database: Database, contents: Mapping[str, Wording] = CONTENTS, campaign_id: int = 1
) -> int:
    """A run that sends, with what it says of places; gives its id."""
    new = NewRun(
        campaign_id,
        NOON,
        {language: wording.content(campaign_id) for language, wording in contents.items()},
        topic="fraud",
        channels=(Channel.TELEGRAM, Channel.SMS),
    )
    async with database.write() as session:
        run_id = await runs.open_run(session, new, NOON)
        assert run_id is not None
        await placeholders.freeze(session, run_id, contents)
        await runs.move(session, run_id, RunState.SENDING, NOON)
    return run_id


async def said_to(database: Database, run_id: int, contact_id: int | None) -> Content:
    async with database.read() as session:
        return await Wordings().said_to(session, run_id, "es", contact_id)


async def with_rows(database: Database, run_id: int, people: Sequence[int]) -> None:
    """Rows of a run to the phones of some people, due at once."""
    async with database.write() as session:
        rows = [
            {
                "lane": Lane.BULK,
                "channel": Channel.SMS,
                "sender": "sms",
                "state": State.PENDING,
                "run_id": run_id,
                "contact_id": person,
                "address_id": (await contacts.addresses(session, person))[0].id,
                "language": "es",
                "created_at": NOON,
                "due_at": NOON,
            }
            for person in people
        ]
        await session.execute(message.insert(), rows)


async def with_houston(database: Database, name: str = "Consulado en Houston (24 h)") -> None:
    async with database.write() as session:
        await directory.save(session, [an_entry(name, "Houston", "+12135550101")])


async def test_each_is_told_of_their_own_place(database: Database) -> None:
    await with_houston(database)
    known, region, nobody = await people_in(
        database,
        Person(about={**TLAXIACO, **HOUSTON}),
        Person(about={"origin_region": "istmo", "country": "US", "state": "TX", "city": "Dallas"}),
        Person(),
    )
    run_id = await opened(database)
    told = [(await said_to(database, run_id, who)) for who in (known, region, nobody, None, 404)]
    assert told[0].chat == ("Para Heroica Ciudad de Tlaxiaco (Mixteca): Consulado en Houston.")
    assert told[1].chat == "Para su comunidad (Istmo): su consulado."
    fallback = "Para su comunidad (Oaxaca): su consulado."
    assert [content.chat for content in told[2:]] == [fallback] * 3
    assert [content.entities[0].length for content in told] == [len(one.chat) for one in told]


async def test_what_the_directory_said_when_it_opened_is_what_everybody_is_told(
    database: Database,
) -> None:
    await with_houston(database)
    (person,) = await people_in(database, Person(about=HOUSTON))
    run_id = await opened(database)
    await with_houston(database, "Otro consulado")
    assert "Consulado en Houston" in (await said_to(database, run_id, person)).chat


async def test_a_number_is_said_once_somebody_has_called_it(database: Database) -> None:
    await with_houston(database)
    (person,) = await people_in(database, Person(about=HOUSTON))
    before = await opened(database)
    caller = await a_member(database, 1)
    async with database.write() as session:
        (entry,) = await directory.find(session)
        await directory.set_checked(session, entry.id, caller.id, NOON)
    after = await opened(database, campaign_id=2)
    assert "+12135550101" not in (await said_to(database, before, person)).chat
    assert (await said_to(database, after, person)).chat.endswith("(24 h), +12135550101.")


async def test_only_what_the_texts_ask_for_is_kept(database: Database) -> None:
    plain = await opened(database, {"es": Wording("Hola")})
    region = await opened(database, {"es": Wording("Hola", "{region|a}")}, campaign_id=2)
    async with database.read() as session:
        assert await filling_store.kept(session, plain) == {}
        kept = await filling_store.kept(session, region)
    assert len(kept) == 8
    assert kept["region:canada"] == "Cañada"


async def test_freezing_twice_changes_nothing(database: Database) -> None:
    run_id = await opened(database)
    async with database.write() as session:
        await placeholders.freeze(session, run_id, CONTENTS)
        assert len(await filling_store.kept(session, run_id)) == 578


async def test_an_sms_stays_in_gsm_7(database: Database) -> None:
    (person,) = await people_in(database, Person(about={"origin_clave": 20006}))
    run_id = await opened(database, {"es": Wording("a", "Para {town|su comunidad}")})
    content = await said_to(database, run_id, person)
    async with database.read() as session:
        town = (await filling_store.kept(session, run_id))["town:20006"]
    assert "á" in town or "í" in town or "ó" in town or "ú" in town
    assert content.sms.isascii()


async def test_a_claimed_row_says_what_is_known_of_its_person(database: Database) -> None:
    person, other = await people_in(database, Person(about=TLAXIACO), Person())
    run_id = await opened(database)
    await with_rows(database, run_id, [person, other])
    async with database.write() as session:
        found = await claim(session, Lane.BULK, "sms", 10, Claimant("p"), NOON)
    told = {row.contact_id: row.content for row in found.rows}
    assert told[person].sms == ("Para Heroica Ciudad de Tlaxiaco (Mixteca): su consulado.")
    assert told[other].sms == "Para su comunidad (Oaxaca): su consulado."
    assert all(not content.slots for content in told.values())


async def test_an_erased_person_stops_nobody(database: Database) -> None:
    person, other = await people_in(database, Person(about=TLAXIACO), Person(about=TLAXIACO))
    run_id = await opened(database)
    await with_rows(database, run_id, [person, other])
    async with database.write() as session:
        await contacts.erase(session, person)
        found = await claim(session, Lane.BULK, "sms", 10, Claimant("p"), NOON)
    assert [row.contact_id for row in found.rows] == [other]


async def test_a_run_without_placeholders_asks_nothing_of_a_person(database: Database) -> None:
    (person,) = await people_in(database, Person(about=TLAXIACO))
    run_id = await opened(database, {"es": Wording("Hola")})
    async with database.write() as session:
        await session.execute(delete(run_filling))
        kept = Wordings()
        first = await kept.said_to(session, run_id, "es", person)
        assert await kept.said_to(session, run_id, "es", None) is first
