"""Before a shift somebody is asked whether they come, and what an answer does."""

import asyncio
from datetime import time

from sqlalchemy import select

from alerts.shifts import answering, words
from alerts.shifts.rota import Shift
from db.session import Database, Session
from delivery.content import Content
from delivery.store import message
from staff import store as staff
from staff.model import Member
from tests.stores.shift_rig import (
    BEGIN,
    BOSS,
    DAY,
    GUARDS,
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


async def quiet_since(session: Session, people: dict[str, Member]) -> dict[str, int]:
    return {name: len(await told(session, one)) for name, one in people.items()}


async def test_an_hour_before_it_is_asked_once_who_comes(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        await rota(session, people)
        await look(session, BEGIN - HOUR - 2 * MINUTE)
        assert await told(session, people["Alba"]) == []
        for minute in range(10):
            await look(session, BEGIN - HOUR + minute * MINUTE)
        assert await told(session, people["Alba"]) == [
            "GUARDIA: su turno es de 23/11 8:00 a 24/11 8:00. Responda OK. Si no puede, responda "
            "NO y se lo pasamos a Luz."
        ]
        assert await told(session, people["Luz"]) == []


async def test_the_hours_are_those_of_the_clock_of_who_is_asked(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        await rota(session, people, draft(covers=(time(20), time(8)), handover=time(12)))
        await staff.change(session, people["Alba"].id, {"zone": "America/Los_Angeles"})
        await look(session, BEGIN + 11 * HOUR)
        assert "su turno es de 18:00 a 6:00." in await last(session, people["Alba"])


async def test_who_is_alone_is_not_promised_anybody(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        await rota(session, people, draft("Alba"))
        await look(session, BEGIN - HOUR)
        assert "avisamos a quien coordina" in await last(session, people["Alba"])


async def test_the_buttons_name_the_shift(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        rota_id = await rota(session, people)
        await look(session, BEGIN - HOUR)
        row = await session.first(select(message))
        assert row is not None
        ((comes, cannot),) = Content.unpack(row["content"]).buttons
        stamp = int(BEGIN.timestamp())
        assert (comes.data, cannot.data) == (
            f"shift:yes:{rota_id}:{stamp}",
            f"shift:no:{rota_id}:{stamp}",
        )
        answer = await words.obey(session, people["Alba"], comes.data, BEGIN - HOUR)
        assert answer is not None
        assert answer[0].sms == "sms.duty.shift_confirmed"


async def test_an_ok_is_enough(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        await rota(session, people)
        await look(session, BEGIN - HOUR)
        shift = await answering.confirm(session, people["Alba"], BEGIN - 50 * MINUTE)
        assert shift is not None
        assert (shift.starts, shift.ends) == (BEGIN, BEGIN + DAY)
        before = await quiet_since(session, people)
        for minute in range(0, 80, 5):
            await look(session, BEGIN - 40 * MINUTE + minute * MINUTE)
        assert await quiet_since(session, people) == before
        # Said twice it is answered twice; once the shift is on, it means something else.
        assert await answering.confirm(session, people["Alba"], BEGIN - MINUTE) == shift
        assert await answering.confirm(session, people["Alba"], BEGIN + MINUTE) is None


async def test_without_an_ok_the_next_person_and_the_coordinator_know_before_the_shift(
    database: Database,
) -> None:
    async with database.write() as session:
        people = await team(session)
        await rota(session, people)
        await look(session, BEGIN - HOUR)
        await look(session, BEGIN - 31 * MINUTE)
        assert await told(session, people["Luz"]) == []
        await look(session, BEGIN - 30 * MINUTE)
        await look(session, BEGIN - 20 * MINUTE)
        said = (
            "GUARDIA: Alba no ha confirmado el turno de 23/11 8:00 a 24/11 8:00. Si toma usted ese "
            "turno, responda OK."
        )
        assert await told(session, people["Luz"]) == [said]
        assert await told(session, people[BOSS]) == [said]
        assert len(await told(session, people["Alba"])) == 1


async def test_the_next_person_takes_the_shift_with_an_ok(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        await rota(session, people)
        await look(session, BEGIN - HOUR)
        await look(session, BEGIN - 30 * MINUTE)
        shift = await answering.confirm(session, people["Luz"], BEGIN - 20 * MINUTE)
        assert shift is not None
        assert await here(session, BEGIN) == [people["Luz"].id]
        assert "La cubre Luz." in await last(session, people["Alba"])
        assert await last(session, people[BOSS]) == (
            "GUARDIA: Luz confirma el turno de 23/11 8:00 a 24/11 8:00. Ya no hay que buscar a "
            "nadie."
        )
        before = await quiet_since(session, people)
        await look(session, BEGIN - 10 * MINUTE)
        await look(session, BEGIN + HOUR)
        assert await quiet_since(session, people) == before
        # Too late for both others.
        assert await answering.confirm(session, people["Alba"], BEGIN) is None
        assert await answering.confirm(session, people[BOSS], BEGIN) is None


async def test_who_confirms_late_keeps_the_shift_and_ends_the_search(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        await rota(session, people)
        await look(session, BEGIN - HOUR)
        await look(session, BEGIN - 30 * MINUTE)
        assert await answering.confirm(session, people["Alba"], BEGIN - 5 * MINUTE)
        assert "Alba confirma el turno" in await last(session, people[BOSS])
        assert await answering.confirm(session, people["Luz"], BEGIN - MINUTE) is None
        assert await here(session, BEGIN) == [people["Alba"].id]


async def test_after_the_beginning_only_the_rest_is_taken_over(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        await rota(session, people)
        await look(session, BEGIN - HOUR)
        await look(session, BEGIN - 30 * MINUTE)
        now = BEGIN + 2 * HOUR
        shift = await answering.confirm(session, people[BOSS], now)
        assert shift is not None
        assert (shift.member_id, shift.starts, shift.ends) == (people[BOSS].id, now, BEGIN + DAY)
        assert await here(session, BEGIN) == [people["Alba"].id]
        assert await here(session, now) == [people[BOSS].id]


async def test_a_no_gives_the_shift_to_who_follows(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        await rota(session, people)
        await look(session, BEGIN - HOUR)
        passed = await answering.decline(session, people["Alba"], BEGIN - 50 * MINUTE)
        assert passed is not None
        assert passed.to == people["Luz"]
        assert await here(session, BEGIN) == [people["Luz"].id]
        assert await told(session, people["Luz"]) == [
            "GUARDIA: Alba no puede. El turno de 23/11 8:00 a 24/11 8:00 le toca a usted. Responda "
            "OK, o NO si usted tampoco puede."
        ]
        assert await told(session, people[BOSS]) == [
            "GUARDIA: Alba no puede hacer el turno de 23/11 8:00 a 24/11 8:00. Le toca a Luz."
        ]
        # She is not asked a second time, and without her OK the alarm goes on from her.
        await look(session, BEGIN - 45 * MINUTE)
        assert len(await told(session, people["Luz"])) == 1
        await look(session, BEGIN - 30 * MINUTE)
        assert "Luz no ha confirmado" in await last(session, people["Sol"])


async def test_a_no_goes_on_until_somebody_comes_and_never_in_a_circle(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        await rota(session, people)
        await look(session, BEGIN - HOUR)
        takers = []
        for name in GUARDS:
            passed = await answering.decline(session, people[name], BEGIN - 50 * MINUTE)
            assert passed is not None
            takers.append(passed.to and passed.to.pseudonym)
        assert takers == ["Luz", "Sol", None]
        assert "no hay quien siga. Busque a alguien ya." in await last(session, people[BOSS])
        # Nobody is said to be on duty who has said no.
        assert await here(session, BEGIN) == []
        assert await here(session, BEGIN + DAY) == [people["Luz"].id]


async def test_a_no_after_an_ok_counts_until_the_shift_begins(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        await rota(session, people)
        await look(session, BEGIN - HOUR)
        await answering.confirm(session, people["Alba"], BEGIN - 50 * MINUTE)
        assert await answering.decline(session, people["Alba"], BEGIN + MINUTE) is None
        assert await here(session, BEGIN + MINUTE) == [people["Alba"].id]
        passed = await answering.decline(session, people["Alba"], BEGIN - MINUTE)
        assert passed is not None
        assert passed.to == people["Luz"]


async def test_who_was_asked_nothing_is_heard_like_anybody(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        await rota(session, people)
        for word in ("OK", "no", "sí", "hola", "OK gracias por todo", ""):
            assert await words.obey(session, people["Sol"], word, BEGIN) is None


async def test_a_button_of_another_day_does_nothing(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        rota_id = await rota(session, people)
        await look(session, BEGIN - HOUR)
        old = int((BEGIN - 3 * DAY).timestamp())
        for button in (f"shift:no:{rota_id}:{old}", "shift:no:1:x", f"shift:no:{'9' * 40}:1"):
            answer = await words.obey(session, people["Alba"], button, BEGIN)
            assert answer is None or answer[0].sms == "sms.duty.shift_settled"
        assert await here(session, BEGIN) == [people["Alba"].id]


async def test_who_stands_in_is_asked_and_who_says_no_to_that_stays_out(
    database: Database,
) -> None:
    async with database.write() as session:
        people = await team(session)
        await rota(session, people)
        await look(session, BEGIN - HOUR)
        await look(session, BEGIN - 30 * MINUTE)
        answer = await words.obey(session, people["Luz"], "No.", BEGIN - 20 * MINUTE)
        assert answer is not None
        assert answer[0].sms == "sms.duty.offer_declined"
        assert await here(session, BEGIN) == [people["Alba"].id]
        passed = await answering.decline(session, people["Alba"], BEGIN - 10 * MINUTE)
        assert passed is not None
        assert passed.to == people["Sol"]


async def test_of_two_who_take_a_shift_at_once_one_has_it(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        await rota(session, people)
        await look(session, BEGIN - HOUR)
        await look(session, BEGIN - 30 * MINUTE)

    async def comes(name: str) -> Shift | None:
        async with database.write() as session:
            return await answering.confirm(session, people[name], BEGIN - 20 * MINUTE)

    taken = [shift for shift in await asyncio.gather(comes("Luz"), comes(BOSS)) if shift]
    assert len(taken) == 1
    async with database.read() as session:
        assert await here(session, BEGIN) == [taken[0].member_id]
