"""What the clock tells of: gaps, silent methods, cases at the end of a shift, too many pages."""

from datetime import datetime, time, timedelta

from sqlalchemy import select

from alerts import store as cases
from alerts import timeline
from alerts.model import CaseState, EntryKind, Report, Urgency
from alerts.shifts import answering, load, questions, store
from alerts.shifts.rota import Override
from db.session import Database, Session
from delivery.store import message
from kit.channels import Channel, Endpoint
from staff import service as staff_service
from staff import store as staff
from staff.model import Member, Quiet
from tests.stores.shift_rig import (
    BEGIN,
    BOSS,
    DAY,
    HOUR,
    MINUTE,
    draft,
    get,
    look,
    rota,
    team,
    told,
)


async def sure(session: Session, now: datetime) -> None:
    """Everybody says OK to whatever they were asked."""
    for one in await questions.asked(session, now):
        await answering.confirm(session, await get(session, one.member_id), now)


async def test_a_gap_of_the_next_week_is_told_once_and_once_more_when_it_is_near(
    database: Database,
) -> None:
    async with database.write() as session:
        people = await team(session)
        rota_id = await rota(session, people)
        start = BEGIN + 6 * DAY
        gap = Override(rota_id, None, start, start + 4 * HOUR)
        await store.add_override(session, gap)
        for hour in range(30):
            await look(session, BEGIN + hour * HOUR)
            await sure(session, BEGIN + hour * HOUR)
        said = "GUARDIA: nadie cubre de 29/11 8:00 a 29/11 12:00. Ponga a alguien."
        assert await told(session, people[BOSS]) == [said]
        for hour in range(-12, 3):
            await look(session, start + hour * HOUR)
            await sure(session, start + hour * HOUR)
        assert await told(session, people[BOSS]) == [said, said]


async def test_gaps_that_are_seen_together_are_one_message(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        await rota(session, people, draft(covers=(time(20), time(8))))
        await look(session, BEGIN)
        await sure(session, BEGIN)
        (said,) = await told(session, people[BOSS])
        assert said.startswith("GUARDIA: AHORA no hay nadie de guardia, hasta 20:00.")
        for hour in range(1, 72):
            await look(session, BEGIN + hour * HOUR)
            await sure(session, BEGIN + hour * HOUR)
        told_of = await told(session, people[BOSS])
        assert len(told_of) <= 1 + 2 * 3
        assert "hay 7 huecos en total" in told_of[1] or "hay 8 huecos en total" in told_of[1]


async def test_a_gap_that_lasts_is_told_every_day(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        rota_id = await rota(session, people)
        await store.add_override(session, Override(rota_id, None, BEGIN, BEGIN + 10 * DAY))
        for hour in range(3 * 24):
            await look(session, BEGIN + hour * HOUR)
        said = await told(session, people[BOSS])
        assert len(said) == 3
        assert all("AHORA no hay nadie de guardia, hasta 3/12 8:00" in one for one in said)


async def test_what_can_wait_leaves_the_coordinator_the_night(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        await staff.change(session, people[BOSS].id, {"quiet_from": 22 * 60, "quiet_until": 7 * 60})
        rota_id = await rota(session, people)
        night = BEGIN + 16 * HOUR
        start = BEGIN + 5 * DAY
        await store.add_override(session, Override(rota_id, None, start, start + HOUR))
        await look(session, night)
        rows = await session.all(select(message).order_by(message.c.id))
        due = [row["due_at"] for row in rows if "nadie cubre" in row["content"]]
        quiet = Quiet(time(22), time(7))
        assert due == [quiet.over_at(night, people[BOSS].zone)] * 2
        assert due[0] > night


async def test_a_gap_that_is_near_wakes_the_coordinator(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        await staff.change(session, people[BOSS].id, {"quiet_from": 22 * 60, "quiet_until": 7 * 60})
        rota_id = await rota(session, people)
        night = BEGIN + 16 * HOUR
        await store.add_override(session, Override(rota_id, None, night + HOUR, night + 2 * HOUR))
        await look(session, night)
        rows = await session.all(select(message))
        assert [row["due_at"] for row in rows if "nadie cubre" in row["content"]] == [night] * 2


async def test_a_method_that_never_answered_is_told_once_a_week(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        await rota(session, people)
        luz = people["Luz"]
        await staff.set_methods(session, luz.id, staff_service.methods_of(luz.endpoints))
        said = []
        for hour in range(0, 8 * 24, 2):
            await look(session, BEGIN + hour * HOUR)
            await sure(session, BEGIN + hour * HOUR)
        said = [one for one in await told(session, people[BOSS]) if "falta probar" in one]
        assert len(said) == 2
        assert "se avisa a Luz." in said[0]


async def own_case(session: Session, member: Member, folio: str, paged: int = 0) -> int:
    report = Report(Endpoint(Channel.SMS, "+12135550150"), "es", BEGIN)
    made = await cases.open_case(session, report, folio, "NARANJA", Urgency.LIFE)
    assert made is not None
    await cases.change(session, made, {"state": CaseState.ACKNOWLEDGED, "owner_id": member.id})
    for number in range(paged):
        at = BEGIN + number * MINUTE
        await timeline.note(session, made, EntryKind.PAGED, at, member_id=member.id)
    return made


async def test_who_goes_off_duty_with_cases_is_asked_once_to_hand_them_over(
    database: Database,
) -> None:
    async with database.write() as session:
        people = await team(session)
        await rota(session, people)
        await own_case(session, people["Alba"], "K7M2QX")
        await own_case(session, people["Alba"], "K7M2QY")
        await own_case(session, people["Luz"], "K7M2QZ")
        for minute in range(0, 180, 10):
            await look(session, BEGIN + DAY + minute * MINUTE)
        said = [one for one in await told(session, people["Alba"]) if "ha terminado" in one]
        assert said == [
            "GUARDIA: su turno ha terminado y tiene a su cargo: K7M2QX y K7M2QY. Pase cada caso "
            "con P y el folio. El que no pase sigue siendo suyo."
        ]
        assert not [one for one in await told(session, people["Luz"]) if "ha terminado" in one]


async def test_who_stays_on_duty_is_not_asked_to_hand_over(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        await rota(session, people, draft("Alba"))
        await own_case(session, people["Alba"], "K7M2QX")
        await look(session, BEGIN + DAY)
        assert not [one for one in await told(session, people["Alba"]) if "ha terminado" in one]


async def test_who_carries_too_much_is_told_once_a_week(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        await rota(session, people, draft(every=10))
        await own_case(session, people["Luz"], "K7M2QX", paged=21)
        for hour in range(0, 6 * 24, 6):
            await look(session, BEGIN + HOUR + hour * HOUR)
            await sure(session, BEGIN + HOUR + hour * HOUR)
        said = await told(session, people[BOSS])
        nights = [one for one in said if "noches seguidas" in one]
        assert [one.split()[1] for one in nights] == ["Alba", "Luz", "Sol"]
        assert "Alba junta 10 noches seguidas" in nights[0]
        assert [one for one in said if "21 avisos de casos" in one and "a Luz le" in one]


async def test_pages_are_counted_by_person_and_week_without_exercises(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        alba = people["Alba"].id
        await own_case(session, people["Alba"], "K7M2QX", paged=3)
        drill = await own_case(session, people["Alba"], "K7M2QY", paged=4)
        await cases.change(session, drill, {"exercise": True})
        now = BEGIN + DAY
        assert await load.burdens(session, now) == (load.Burden(alba, pages=3),)
        assert await load.burdens(session, now + 7 * DAY) == ()
        weeks = await load.weeks(session, now + 7 * DAY, 3)
        assert [dict(week.pages) for week in weeks] == [{}, {alba: 3}, {}]


async def test_looking_again_within_the_minute_does_nothing(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        await look(session, BEGIN - HOUR)
        await rota(session, people)
        await look(session, BEGIN - HOUR + 59 * timedelta(seconds=1))
        assert await told(session, people["Alba"]) == []
        await look(session, BEGIN - HOUR + MINUTE)
        assert len(await told(session, people["Alba"])) == 1


async def test_a_clock_that_is_set_back_silences_nothing(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        await look(session, BEGIN + 30 * DAY)
        await rota(session, people)
        await look(session, BEGIN - HOUR)
        assert len(await told(session, people["Alba"])) == 1


async def test_an_alarm_is_told_once_by_one_of_two_clocks(database: Database) -> None:
    async with database.write() as session:
        assert await store.once(session, "x", BEGIN)
        assert not await store.once(session, "x", BEGIN + 99 * DAY)
        assert await store.once(session, "y", BEGIN, DAY)
        assert not await store.once(session, "y", BEGIN + DAY - MINUTE, DAY)
        assert await store.once(session, "y", BEGIN + DAY, DAY)
        await store.forget(session, BEGIN + MINUTE)
        assert await store.once(session, "x", BEGIN + 99 * DAY)
