"""A word on a poster is answered while its campaign stands."""

import pytest
from sqlalchemy import select

from campaigns.content.model import Wording
from campaigns.model import CampaignState
from campaigns.replies import posters
from contacts import store as contacts
from db.session import Database
from delivery.model import Lane
from delivery.store import message
from kit.channels import Endpoint
from tests.stores.campaign_answers import (
    ANA,
    BETO,
    a_campaign,
    a_person,
    contacts_left,
    hears,
    kept,
    later,
    presses,
    tags_of,
)
from tests.stores.sending_rig import phone


async def test_a_poster_is_answered_while_its_campaign_stands(database: Database) -> None:
    await a_person(database, BETO)
    answered = set()
    for number, state in enumerate(CampaignState):
        await a_campaign(database, state, keyword=f"feria{number}")
        (said,) = await hears(database, BETO, f"FERIA{number}", later(days=number))
        if said.sms == "La feria es el 3.\n¿Va a venir? 1 Si, 2 No, 3 No se":
            answered.add(state)
        else:
            assert "Lo lee una persona" in said.sms
    assert answered == set(posters.OPEN_STATES)


async def test_its_words_leave_as_a_reply_in_the_language_of_the_person(
    database: Database,
) -> None:
    campaign_id = await a_campaign(database, keyword="feria")
    who = await a_person(database, ANA, language="en")
    (said,) = await hears(database, ANA, "Feria!")
    assert said.chat.startswith("The fair is on the 3rd.")
    assert [button.data for row in said.buttons for button in row] == [
        f"k:{campaign_id}:p{number}" for number in (1, 2, 3)
    ]
    async with database.read() as session:
        lanes = await session.all(select(message.c.lane).where(message.c.run_id.is_(None)))
    assert {row["lane"] for row in lanes} == {Lane.REPLY}
    assert await tags_of(database, who) == ("keyword-feria",)


async def test_a_stranger_gets_it_too_and_is_asked_whether_they_want_notices(
    database: Database,
) -> None:
    await a_campaign(database, keyword="feria")
    said, asked = await hears(database, BETO, "feria")
    assert said.sms == "La feria es el 3.", "and no question whose answer cannot be kept"
    assert "Responda SI y su pueblo" in asked.sms
    (done,) = await hears(database, BETO, "SI Tlaxiaco")
    assert "Listo" in done.sms
    assert len(await contacts_left(database)) == 1


async def test_what_is_known_of_the_person_stands_in_it(database: Database) -> None:
    asks = Wording("Para {town|su comunidad} y {region|su zona}.")
    await a_campaign(database, keyword="feria", contents={"es": asks})
    who = await a_person(database, BETO)
    async with database.write() as session:
        await contacts.change(session, who, {"origin_clave": 20397, "origin_region": "mixteca"})
    (known,) = await hears(database, BETO, "feria")
    assert "Tlaxiaco" in known.sms
    assert "Mixteca" in known.sms
    stranger, _asked = await hears(database, phone(13), "feria")
    assert stranger.sms == "Para su comunidad y su zona."
    assert "Tlaxiaco" in known.chat


async def test_where_no_consulate_is_known_the_words_of_the_author_stay(database: Database) -> None:
    asks = Wording("Pregunte en: {nearest_consulate|el consulado}.")
    await a_campaign(database, keyword="feria", contents={"es": asks})
    who = await a_person(database, BETO)
    async with database.write() as session:
        await contacts.change(session, who, {"country": "US", "state": "CA", "city": "Fresno"})
    (said,) = await hears(database, BETO, "feria")
    assert said.sms == "Pregunte en: el consulado."


async def test_a_stranger_leaves_no_trace_by_it(database: Database) -> None:
    await a_campaign(database, keyword="feria")
    await hears(database, ANA, "feria")
    assert await contacts_left(database) == []
    assert await kept(database) == []


async def test_who_stopped_is_answered_and_stays_stopped(database: Database) -> None:
    await a_campaign(database, keyword="feria")
    await a_person(database, BETO)
    await hears(database, BETO, "baja")
    said = await hears(database, BETO, "feria")
    assert said[0].sms == "La feria es el 3."
    async with database.read() as session:
        assert await contacts.opted_out(session, BETO)


async def test_what_was_changed_after_its_approval_is_not_said(database: Database) -> None:
    await a_campaign(database, keyword="feria", approved=False)
    await a_person(database, BETO)
    (said,) = await hears(database, BETO, "feria")
    assert "Lo lee una persona" in said.sms


async def test_a_word_that_is_used_again_is_that_of_the_campaign_that_stands(
    database: Database,
) -> None:
    fresh = {"es": Wording("La feria nueva.")}
    await a_campaign(database, CampaignState.SCHEDULED, keyword="feria", contents=fresh)
    await a_campaign(database, CampaignState.DONE, keyword="feria")
    await a_person(database, BETO)
    (said,) = await hears(database, BETO, "feria")
    assert said.sms == "La feria nueva."


async def test_while_it_is_paused_nobody_answers_for_it(database: Database) -> None:
    await a_campaign(database, CampaignState.DONE, keyword="feria")
    await a_campaign(database, CampaignState.PAUSED, keyword="feria")
    await a_person(database, BETO)
    (said,) = await hears(database, BETO, "feria")
    assert "Lo lee una persona" in said.sms


@pytest.mark.parametrize("end", [ANA, BETO], ids=["chat", "sms"])
async def test_the_poll_of_a_poster_is_answered_by_button_and_by_number(
    database: Database, end: Endpoint
) -> None:
    campaign_id, who = await a_campaign(database, keyword="feria"), await a_person(database, end)
    await hears(database, end, "FERIA")
    await hears(database, end, "2")
    assert await kept(database) == [(campaign_id, None, who, "poll", "2")]
    await presses(database, end, f"k:{campaign_id}:h")
    await presses(database, end, f"k:{campaign_id}:p1")
    assert {(kind, value) for *_, kind, value in await kept(database)} == {
        ("poll", "1"),
        ("helped", ""),
    }


async def test_who_never_sent_the_word_has_no_button_of_it(database: Database) -> None:
    campaign_id = await a_campaign(database, keyword="feria")
    await a_person(database, ANA)
    await presses(database, ANA, f"k:{campaign_id}:p1")
    assert await kept(database) == []


async def test_a_word_of_the_system_stays_one_whatever_a_campaign_says(database: Database) -> None:
    await a_campaign(database, keyword="baja")
    await a_person(database, BETO)
    (said,) = await hears(database, BETO, "BAJA")
    assert "no le mandamos otro aviso" in said.sms
