"""Who cannot go on is relieved by who follows."""

import pytest
from sqlalchemy import select

from alerts.shifts import answering, words
from db.session import Database
from delivery.content import Content
from delivery.store import message
from tests.stores.shift_rig import (
    BEGIN,
    BOSS,
    HOUR,
    MINUTE,
    draft,
    here,
    last,
    look,
    rota,
    team,
    told,
)


async def test_relief_gives_the_rest_of_the_shift_to_who_follows(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        await rota(session, people)
        now = BEGIN + 19 * HOUR
        answer = await words.obey(session, people["Alba"], "Relevo", now)
        assert answer is not None
        assert (answer[0].sms, answer[1]) == ("sms.duty.relieved", {"colleague": "Luz"})
        assert await here(session, now) == [people["Luz"].id]
        assert await here(session, now - MINUTE) == [people["Alba"].id]
        assert await last(session, people["Luz"]) == (
            "GUARDIA: Alba pide relevo. Desde ahora le toca a usted, de 3:00 a 8:00. Responda OK, "
            "o NO si no puede."
        )
        assert await last(session, people[BOSS]) == (
            "GUARDIA: Alba pide relevo. La guardia de 3:00 a 8:00 le toca a Luz."
        )


async def test_who_asked_for_relief_is_not_given_the_shift_back(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        await rota(session, people, draft("Alba", "Luz"))
        now = BEGIN + 19 * HOUR
        await answering.relieve(session, people["Alba"], now)
        passed = await answering.decline(session, people["Luz"], now + MINUTE)
        assert passed is not None
        assert passed.to is None


async def test_relief_does_not_go_back_to_who_said_no(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        await rota(session, people, draft("Alba", "Luz"))
        await look(session, BEGIN - HOUR)
        await answering.decline(session, people["Alba"], BEGIN - 50 * MINUTE)
        await answering.confirm(session, people["Luz"], BEGIN - 40 * MINUTE)
        (passed,) = await answering.relieve(session, people["Luz"], BEGIN + 10 * HOUR)
        assert passed.to is None
        assert await here(session, BEGIN + 10 * HOUR) == [people["Luz"].id]


async def test_no_answer_to_a_relief_is_told_after_ten_minutes(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        await rota(session, people)
        await look(session, BEGIN - HOUR)
        await answering.confirm(session, people["Alba"], BEGIN - HOUR)
        now = BEGIN + 12 * HOUR
        await answering.relieve(session, people["Alba"], now)
        await look(session, now + 9 * MINUTE)
        assert await told(session, people["Sol"]) == []
        await look(session, now + 10 * MINUTE)
        assert "Luz no ha confirmado" in await last(session, people["Sol"])
        # The button in that message takes over what is left.
        row = await session.first(select(message).order_by(message.c.id.desc()).limit(1))
        assert row is not None
        button = Content.unpack(row["content"]).buttons[0][0].data
        answer = await words.obey(session, people[BOSS], button, now + 12 * MINUTE)
        assert answer is not None
        assert await here(session, now + 12 * MINUTE) == [people[BOSS].id]


async def test_without_anybody_else_they_stay_and_the_coordinator_knows(
    database: Database,
) -> None:
    async with database.write() as session:
        people = await team(session)
        await rota(session, people, draft("Alba"))
        now = BEGIN + 19 * HOUR
        (passed,) = await answering.relieve(session, people["Alba"], now)
        assert passed.to is None
        assert await here(session, now) == [people["Alba"].id]
        assert await last(session, people[BOSS]) == (
            "GUARDIA: Alba pide relevo y no hay quien siga. Alba sigue de guardia hasta 8:00. "
            "Busque a alguien ya."
        )


async def test_who_is_not_on_duty_needs_no_relief(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        await rota(session, people)
        with pytest.raises(answering.NotOnDuty):
            await answering.relieve(session, people["Sol"], BEGIN)
        answer = await words.obey(session, people["Sol"], "RELEVO", BEGIN)
        assert answer is not None
        assert answer[0].sms == "sms.duty.relief_off"
