"""The first reply to each run is counted."""

import pytest
from sqlalchemy import select

from bot.conversation import converse
from bot.flows.model import Input
from bot.heard import Heard
from campaigns.replies import answers
from campaigns.replies.answers import campaign_answer
from campaigns.replies.presses import AnswerKind, Press, Pressed
from db.session import Database
from delivery.model import State
from tests.stores.campaign_answers import (
    ANA,
    BETO,
    WORLD,
    a_campaign,
    a_person,
    a_run,
    hears,
    later,
    presses,
    replies_to,
)
from tests.stores.campaign_people import NOON
from tests.stores.sending_rig import chat


async def test_the_first_reply_to_each_run_is_counted_and_its_words_are_not_kept(
    database: Database,
) -> None:
    campaign_id, who = await a_campaign(database), await a_person(database, BETO)
    first = await a_run(database, campaign_id, [(who, BETO)], over=True)
    await hears(database, BETO, "¿Dónde es?", later(hours=1))
    second = await a_run(database, campaign_id, [(who, BETO)], at=later(hours=2))
    await hears(database, BETO, "¿A qué hora?", later(hours=3))
    found = [(row["run_id"], row["contact_id"], row["at"]) for row in await replies_to(database)]
    assert found == [(first, who, later(hours=1)), (second, who, later(hours=3))]


@pytest.mark.parametrize(("hours", "counts"), [(71, 1), (73, 0)])
async def test_a_reply_counts_for_three_days(database: Database, hours: float, counts: int) -> None:
    campaign_id, who = await a_campaign(database), await a_person(database, BETO)
    await a_run(database, campaign_id, [(who, BETO)])
    await hears(database, BETO, "gracias", later(hours=hours))
    assert len(await replies_to(database)) == counts


async def test_neither_a_press_nor_a_block_nor_a_stranger_is_a_reply(database: Database) -> None:
    campaign_id, who = await a_campaign(database), await a_person(database, ANA)
    await a_run(database, campaign_id, [(who, ANA)])
    await presses(database, ANA, f"k:{campaign_id}:h")
    await presses(database, ANA, f"k:{campaign_id}:w:ALTA")
    await hears(database, chat(90), "hola")
    async with database.write() as session:
        await converse(session, Heard(ANA, Input(), left=True), WORLD, NOON)
    assert await replies_to(database) == []


@pytest.mark.parametrize("state", [State.SKIPPED, State.FAILED, State.PENDING])
async def test_who_got_nothing_does_not_reply_to_it(database: Database, state: State) -> None:
    campaign_id, who = await a_campaign(database), await a_person(database, BETO)
    await a_run(database, campaign_id, [(who, BETO)], state=state)
    await hears(database, BETO, "hola, ¿me oyen?")
    assert await replies_to(database) == []


async def test_a_call_for_help_is_counted_and_stands_first(database: Database) -> None:
    campaign_id, who = await a_campaign(database), await a_person(database, BETO)
    await a_run(database, campaign_id, [(who, BETO)])
    (said,) = await hears(database, BETO, "SOS")
    assert said.sms.startswith("Recibido, folio")
    assert len(await replies_to(database)) == 1


async def test_keeping_the_same_answer_twice_changes_nothing(database: Database) -> None:
    campaign_id, who = await a_campaign(database), await a_person(database, ANA)
    run_id = await a_run(database, campaign_id, [(who, ANA)])
    said = Pressed(Press(campaign_id, AnswerKind.POLL, "1"), run_id, is_new=True)
    for hour in (0, 1):
        async with database.write() as session:
            await answers.keep(session, said, who, later(hours=hour))
    async with database.read() as session:
        (row,) = await session.all(select(campaign_answer.c.at))
    assert row["at"] == NOON
