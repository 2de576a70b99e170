"""A number by SMS answers the newest poll."""

import pytest

from bot.inbox import letters
from campaigns.content.model import Poll, Wording
from contacts import store as contacts
from contacts.model import Topic
from db.session import Database
from delivery.model import State
from tests.stores.campaign_answers import (
    ANA,
    BETO,
    PLAIN,
    a_campaign,
    a_person,
    a_run,
    contacts_left,
    hears,
    kept,
    later,
    tags_of,
)
from tests.stores.sending_rig import phone


async def topics_of(database: Database, contact_id: int) -> frozenset[Topic]:
    async with database.read() as session:
        return (await contacts.made(session, contact_id)).topics


async def test_a_number_by_sms_answers_the_newest_poll(database: Database) -> None:
    first, second = await a_campaign(database), await a_campaign(database)
    plain = await a_campaign(database, contents=PLAIN)
    who = await a_person(database, BETO)
    await a_run(database, first, [(who, BETO)])
    run_id = await a_run(database, second, [(who, BETO)], at=later(hours=1), over=True)
    await a_run(database, plain, [(who, BETO)], at=later(hours=2))
    (thanks,) = await hears(database, BETO, "2", later(hours=3))
    assert thanks.sms == "Gracias. Anotamos su respuesta."
    assert await kept(database) == [(second, run_id, who, "poll", "2")]
    assert f"poll-{second}-2" in await tags_of(database, who)


async def test_a_number_that_the_newest_poll_has_not_is_told(database: Database) -> None:
    four = {"es": Wording("Hola", poll=Poll("¿?", ("a", "b", "c", "d")))}
    first, second = await a_campaign(database, contents=four), await a_campaign(database)
    who = await a_person(database, BETO)
    await a_run(database, first, [(who, BETO)])
    await a_run(database, second, [(who, BETO)], at=later(hours=1))
    (said,) = await hears(database, BETO, "4", later(hours=2))
    assert "del 1 al 3" in said.sms
    assert await kept(database) == []
    async with database.read() as session:
        assert [letter.body for letter in await letters.to_read(session)] == ["4"]


@pytest.mark.parametrize(("hours", "answers_it"), [(23, True), (25, False)])
async def test_a_poll_is_answered_for_a_day(
    database: Database, hours: float, answers_it: bool
) -> None:
    campaign_id, who = await a_campaign(database), await a_person(database, BETO)
    await a_run(database, campaign_id, [(who, BETO)])
    await hears(database, BETO, "1", later(hours=hours))
    assert bool(await kept(database)) is answers_it


async def test_a_poll_that_came_by_another_way_is_not_answered_by_sms(database: Database) -> None:
    campaign_id, who = await a_campaign(database), await a_person(database, ANA, BETO)
    await a_run(database, campaign_id, [(who, ANA)])
    await hears(database, BETO, "1")
    assert await kept(database) == []


async def test_a_poll_of_somebody_else_is_not_theirs(database: Database) -> None:
    campaign_id = await a_campaign(database)
    who, other = await a_person(database, BETO), await a_person(database, phone(13))
    await a_run(database, campaign_id, [(other, phone(13))])
    await hears(database, BETO, "1")
    assert await kept(database) == []
    assert await tags_of(database, who) == ()


async def test_a_number_after_a_call_for_help_belongs_to_the_case(database: Database) -> None:
    campaign_id, who = await a_campaign(database), await a_person(database, BETO)
    await a_run(database, campaign_id, [(who, BETO)])
    await hears(database, BETO, "SOS")
    said = await hears(database, BETO, "2")
    assert [content.sms for content in said] == ["Entendido."]
    assert await kept(database) == []


async def test_a_number_in_a_question_belongs_to_the_question(database: Database) -> None:
    campaign_id, who = await a_campaign(database), await a_person(database, BETO)
    await a_run(database, campaign_id, [(who, BETO)])
    await hears(database, BETO, "borrar")
    await hears(database, BETO, "2")
    assert await kept(database) == []
    assert await contacts_left(database) == [who]


async def test_a_message_that_perhaps_never_left_is_not_the_newest_for_ever(
    database: Database,
) -> None:
    lost, newer = await a_campaign(database), await a_campaign(database)
    who = await a_person(database, BETO)
    await a_run(database, lost, [(who, BETO)], state=State.UNCERTAIN)
    run_id = await a_run(database, newer, [(who, BETO)], at=later(days=9))
    await hears(database, BETO, "1", later(days=9, hours=1))
    assert await kept(database) == [(newer, run_id, who, "poll", "1")]


async def test_of_a_message_that_perhaps_left_the_answer_counts_for_a_day(
    database: Database,
) -> None:
    campaign_id, who = await a_campaign(database), await a_person(database, BETO)
    run_id = await a_run(database, campaign_id, [(who, BETO)], state=State.UNCERTAIN)
    await hears(database, BETO, "1", later(hours=25))
    assert await kept(database) == []
    await hears(database, BETO, "1", later(hours=2))
    assert await kept(database) == [(campaign_id, run_id, who, "poll", "1")]


@pytest.mark.parametrize(("asked", "answers_it"), [(20, True), (0, False)])
async def test_a_number_is_for_what_was_asked_last_of_poll_and_offer(
    database: Database, asked: float, answers_it: bool
) -> None:
    campaign_id, who = await a_campaign(database), await a_person(database, BETO)
    await hears(database, BETO, "TEMAS", later(hours=1))
    before = await topics_of(database, who)
    await a_run(database, campaign_id, [(who, BETO)], at=later(hours=asked))
    await hears(database, BETO, "1", later(hours=21))
    assert (await topics_of(database, who) == before) is answers_it
    assert bool(await kept(database)) is answers_it


async def test_a_number_that_only_the_older_offer_has_is_for_the_offer(database: Database) -> None:
    two = {"es": Wording("Hola", poll=Poll("¿?", ("a", "b")))}
    campaign_id, who = await a_campaign(database, contents=two), await a_person(database, BETO)
    await hears(database, BETO, "TEMAS", later(hours=1))
    await a_run(database, campaign_id, [(who, BETO)], at=later(hours=2))
    (said,) = await hears(database, BETO, "3", later(hours=3))
    assert "del 1 al 2" not in said.sms
    assert await kept(database) == []
