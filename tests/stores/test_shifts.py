"""Shifts in the database: plans, answers, relief, what the clock asks and tells, and calendars."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from alerts import store as cases
from alerts import timeline
from alerts.model import CaseState, EntryKind, Report, Urgency
from alerts.shifts import answering, ical, importing, load, service, store, tick, words
from alerts.shifts.rota import Override, Shift, on_duty, shifts
from alerts.shifts.service import Draft
from db.session import Database, Session
from delivery.content import Content
from delivery.store import message
from kit.channels import Channel, Endpoint
from kit.errors import Invalid, NotFound, Problem, Refused
from kit.zones import OAXACA
from staff import service as staff_service
from staff import store as staff
from staff.model import Member, Quiet, Role

BEGIN = datetime(2026, 11, 23, 14, tzinfo=UTC)
"""Monday, 8:00 in Oaxaca."""
HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
GUARDS = ("Alba", "Luz", "Sol")
BOSS = "Mar"


def email(pseudonym: str) -> str:
    return f"{pseudonym.lower()}@example.org"


async def hire(session: Session, pseudonym: str, role: Role, number: int) -> Member:
    """Somebody with a chat and a phone, both of which have answered before."""
    endpoints = (
        Endpoint(Channel.TELEGRAM, str(1000 + number)),
        Endpoint(Channel.SMS, f"+121355501{number:02}"),
    )
    id_ = await staff_service.add(
        session,
        name=f"Persona {number}",
        email=email(pseudonym),
        role=role,
        endpoints=endpoints,
        now=BEGIN,
        pick=lambda _n: 0,
    )
    await staff.change(session, id_, {"pseudonym": pseudonym})
    for endpoint in endpoints:
        await staff.confirm(session, endpoint, BEGIN)
    return await get(session, id_)


async def get(session: Session, id_: int) -> Member:
    found = await staff.get(session, id_)
    assert found is not None
    return found


async def team(session: Session) -> dict[str, Member]:
    people = {name: await hire(session, name, Role.DUTY, n) for n, name in enumerate(GUARDS)}
    return {**people, BOSS: await hire(session, BOSS, Role.COORDINATOR, 9)}


def draft(
    *names: str,
    name: str = "Guardia",
    since: date = date(2026, 11, 23),
    every: int = 1,
    handover: time = time(8),
    zone: str = OAXACA,
    covers: tuple[time, time] | None = None,
    holidays: bool = True,
) -> Draft:
    """A rota of all three guards, unless some are named."""
    emails = [email(one) for one in names or GUARDS]
    return Draft(name, emails, since, every, handover, zone, covers, holidays)


async def rota(session: Session, people: dict[str, Member], drafted: Draft | None = None) -> int:
    return await service.add(session, people[BOSS], drafted or draft(), BEGIN)


async def told(session: Session, member: Member) -> list[str]:
    """What somebody was told by SMS, in order; the chat has heard the same."""
    rows = await session.all(select(message).order_by(message.c.id))
    found: dict[Channel, list[str]] = {Channel.SMS: [], Channel.TELEGRAM: []}
    values = {one.channel: one.value for one in member.endpoints}
    for row in rows:
        channel = Channel(row["channel"])
        if f'"{values[channel]}"' in row["endpoints"]:
            found[channel].append(Content.unpack(row["content"]).sms)
    assert found[Channel.SMS] == found[Channel.TELEGRAM]
    return found[Channel.SMS]


async def last(session: Session, member: Member) -> str:
    said = await told(session, member)
    return said[-1] if said else ""


async def here(session: Session, now: datetime) -> list[int]:
    return [shift.member_id for shift in on_duty(await store.plan(session), now)]


async def look(session: Session, now: datetime) -> None:
    """The clock's look, whenever it looked last."""
    await tick.look(session, now)


async def quiet_since(session: Session, people: dict[str, Member]) -> dict[str, int]:
    return {name: len(await told(session, one)) for name, one in people.items()}


# Plans


async def test_a_plan_is_read_as_it_was_written(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        rota_id = await rota(
            session,
            people,
            draft(
                covers=(time(20), time(8, 30)),
                zone="Europe/Madrid",
                handover=time(7, 15),
                holidays=False,
            ),
        )
        await service.add_holiday(session, people[BOSS], date(2026, 12, 25), "Navidad", BEGIN)
    async with database.read() as session:
        plan = await store.plan(session)
    (made,) = plan.rotas
    assert made.id == rota_id
    assert made.members == tuple(people[name].id for name in GUARDS)
    assert (made.covers, made.handover) == ((time(20), time(8, 30)), time(7, 15))
    assert (made.zone, made.every, made.holidays) == ("Europe/Madrid", 1, False)
    assert made.since == date(2026, 11, 23)
    assert plan.holidays == {date(2026, 12, 25)}
    assert plan.absent == frozenset()


async def test_overrides_that_are_long_over_can_be_left_out(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        rota_id = await rota(session, people)
        for start in (BEGIN, BEGIN + 9 * DAY):
            await store.add_override(session, Override(rota_id, None, start, start + HOUR))
        assert len((await store.plan(session)).overrides) == 2
        assert len((await store.plan(session, BEGIN + 2 * HOUR)).overrides) == 1


async def test_who_left_is_not_on_duty(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        await rota(session, people)
        for change in ({"active": False}, {"active": True, "role": Role.COMMUNICATOR}):
            await staff.change(session, people["Alba"].id, change)
            assert await here(session, BEGIN) == []
            assert await here(session, BEGIN + DAY) == [people["Luz"].id]
            assert await tick.roster_gap(session, BEGIN)


async def test_who_cannot_be_reached_is_not_on_duty(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        await rota(session, people)
        await staff.set_methods(session, people["Alba"].id, ())
        assert await here(session, BEGIN) == []


async def test_without_a_rota_the_role_is_on_duty(database: Database) -> None:
    async with database.write() as session:
        assert await tick.roster_gap(session, BEGIN)
        people = await team(session)
        assert not await tick.roster_gap(session, BEGIN)
        await rota(session, people, draft(since=date(2026, 11, 30)))
        # It begins in a week: until then nothing has changed.
        assert not await tick.roster_gap(session, BEGIN)


GOOD = draft("Alba")
WRONG: Sequence[tuple[Draft, type[Problem], str]] = (
    (replace(GOOD, name=" "), Invalid, "roster.name"),
    (replace(GOOD, name="x" * 41), Invalid, "roster.name"),
    (replace(GOOD, name="a\nb"), Invalid, "roster.name"),
    (replace(GOOD, emails=[]), Invalid, "roster.members"),
    (replace(GOOD, emails=[email("Alba")] * 41), Invalid, "roster.members"),
    (replace(GOOD, emails=["nadie@example.org"]), NotFound, "staff.unknown"),
    (draft("Luz"), Refused, "roster.member_not_duty"),
    (draft("Sol"), Refused, "roster.member_unreachable"),
    (replace(GOOD, every=0), Invalid, "roster.every"),
    (replace(GOOD, every=93), Invalid, "roster.every"),
    (replace(GOOD, zone="America/Oaxaca"), Invalid, "roster.zone"),
    (replace(GOOD, zone="../../etc/passwd"), Invalid, "roster.zone"),
    (replace(GOOD, covers=(time(8), time(8))), Invalid, "roster.covers_empty"),
    (replace(GOOD, since=date(1926, 11, 23)), Invalid, "roster.date_far"),
)


async def test_a_wrong_rota_is_refused_with_a_sentence(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        await staff.change(session, people["Luz"].id, {"role": Role.COMMUNICATOR})
        await staff.set_methods(session, people["Sol"].id, ())
        for wrong, error, key in WRONG:
            with pytest.raises(error) as caught:
                await service.add(session, people[BOSS], wrong, BEGIN)
            assert caught.value.key == key
        assert (await store.plan(session)).rotas == ()


async def test_a_rota_begins_today_by_its_own_clock(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        late = BEGIN + 12 * HOUR
        await service.add(session, people[BOSS], Draft("Guardia", [email("Alba")]), late)
        (made,) = (await store.plan(session)).rotas
        # In UTC it is Tuesday already.
        assert made.since == date(2026, 11, 23)


async def test_two_rotas_do_not_share_a_name(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        rota_id = await rota(session, people)
        with pytest.raises(Refused):
            await rota(session, people, draft(name=" Guardia "))
        await service.change(session, people[BOSS], rota_id, draft("Luz", every=7), BEGIN)
        (changed,) = (await store.plan(session)).rotas
        assert (changed.id, changed.every, changed.members) == (rota_id, 7, (people["Luz"].id,))


async def test_guards_do_not_plan(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        rota_id = await rota(session, people)
        guard = people["Alba"]
        day = date(2026, 12, 25)
        with pytest.raises(Refused):
            await service.add(session, guard, draft(name="Otra"), BEGIN)
        with pytest.raises(Refused):
            await service.remove(session, guard, rota_id, BEGIN)
        with pytest.raises(Refused):
            await service.cover(session, guard, rota_id, BEGIN, BEGIN + HOUR, None, BEGIN)
        with pytest.raises(Refused):
            await service.add_holiday(session, guard, day, "", BEGIN)
        with pytest.raises(Refused):
            await importing.take(session, guard, (await store.plan(session)).rotas[0], b"", BEGIN)


async def test_what_is_planned_is_in_the_audit(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        rota_id = await rota(session, people)
        boss = people[BOSS]
        await service.cover(session, boss, rota_id, BEGIN, BEGIN + HOUR, email("Sol"), BEGIN - HOUR)
        await service.remove(session, boss, rota_id, BEGIN)
        rows = await session.all(select(staff.audit).where(staff.audit.c.member_id == boss.id))
        acts = [(row["act"], row["about"].split(":")[0]) for row in rows]
    assert acts == [("rota.add", "rota"), ("rota.cover", "override"), ("rota.remove", "rota")]


async def test_a_removed_rota_leaves_nothing_behind(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        rota_id = await rota(session, people)
        await look(session, BEGIN)
        await store.add_override(session, Override(rota_id, None, BEGIN, BEGIN + HOUR))
        await service.remove(session, people[BOSS], rota_id, BEGIN)
        plan = await store.plan(session)
        assert (plan.rotas, plan.overrides) == ((), ())
        assert await store.asked(session, BEGIN) == ()


# Covering and swapping


async def test_a_cover_tells_who_comes_and_who_does_not(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        rota_id = await rota(session, people)
        start = BEGIN + 2 * HOUR
        await service.cover(
            session, people[BOSS], rota_id, start, start + HOUR, email("Sol"), BEGIN
        )
        assert await here(session, start) == [people["Sol"].id]
        assert await here(session, start + HOUR) == [people["Alba"].id]
        assert await told(session, people["Alba"]) == [
            "GUARDIA: ya no le toca la guardia de 10:00 a 11:00. La cubre Sol."
        ]
        assert await told(session, people["Sol"]) == [
            "GUARDIA: usted cubre la guardia de 10:00 a 11:00. Una hora antes le preguntamos si "
            "viene."
        ]
        assert await told(session, people["Luz"]) == []


async def test_a_cover_by_nobody_is_a_gap(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        rota_id = await rota(session, people)
        await service.cover(session, people[BOSS], rota_id, BEGIN, BEGIN + HOUR, None, BEGIN)
        assert await tick.roster_gap(session, BEGIN)
        assert await last(session, people["Alba"]) == (
            "GUARDIA: ya no le toca la guardia de 8:00 a 9:00."
        )


NONSENSE = (
    (BEGIN, BEGIN, "roster.ends_before_starts"),
    (BEGIN + DAY, BEGIN, "roster.ends_before_starts"),
    (BEGIN - 2 * DAY, BEGIN - DAY, "roster.over"),
    (BEGIN, BEGIN + 93 * DAY, "roster.stretch_long"),
    (BEGIN + 4000 * DAY, BEGIN + 4001 * DAY, "roster.date_far"),
)


async def test_a_stretch_that_makes_no_sense_is_refused(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        rota_id = await rota(session, people)
        for starts, ends, key in NONSENSE:
            with pytest.raises(Invalid) as caught:
                await service.cover(session, people[BOSS], rota_id, starts, ends, None, BEGIN)
            assert caught.value.key == key


async def test_two_people_change_places(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        rota_id = await rota(session, people)
        count = await service.swap(
            session,
            people[BOSS],
            rota_id,
            email("Alba"),
            email("Luz"),
            BEGIN,
            BEGIN + 2 * DAY,
            BEGIN - HOUR,
        )
        assert count == 2
        days = [await here(session, BEGIN + number * DAY) for number in range(4)]
        names = ("Luz", "Alba", "Sol", "Alba")
        assert days == [[people[name].id] for name in names]
        assert "usted y Luz cambian" in await last(session, people["Alba"])
        assert "usted y Alba cambian" in await last(session, people["Luz"])


async def test_a_swap_needs_two_people_and_a_shift(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        rota_id = await rota(session, people)
        boss, end = people[BOSS], BEGIN + HOUR
        alba, luz, sol = (email(name) for name in GUARDS)
        with pytest.raises(Invalid):
            await service.swap(session, boss, rota_id, alba, alba, BEGIN, end, BEGIN)
        with pytest.raises(Invalid):
            await service.swap(session, boss, rota_id, luz, sol, BEGIN, end, BEGIN)


async def test_holidays_are_kept_once(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        boss, day = people[BOSS], date(2026, 12, 25)
        await service.add_holiday(session, boss, day, "Navidad", BEGIN)
        with pytest.raises(Refused):
            await service.add_holiday(session, boss, day, "Otra", BEGIN)
        assert await store.holidays(session) == (store.Holiday(day, "Navidad"),)
        await service.remove_holiday(session, boss, day, BEGIN)
        with pytest.raises(NotFound):
            await service.remove_holiday(session, boss, day, BEGIN)


# Asking


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


# Relief


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


# What is missing


async def sure(session: Session, now: datetime) -> None:
    """Everybody says OK to whatever they were asked."""
    for one in await store.asked(session, now):
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


# Calendars


def calendar(*events: Sequence[str]) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0"]
    for event in events:
        lines += ["BEGIN:VEVENT", *event, "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


async def test_a_calendar_goes_out_and_comes_in_again(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        first = await rota(session, people, draft(name="Noche; de, guardia"))
        second = await rota(session, people, draft("Sol", "Luz", "Alba", name="Otra"))
        plan = await store.plan(session)
        until = BEGIN + 5 * DAY
        out = [one for one in shifts(plan, BEGIN, until) if one.rota_id == first]
        names = {one.id: one.pseudonym for one in people.values()}
        text = ical.write(out, plan.rotas, names, BEGIN)
        into = plan.rotas[1]
        done = await importing.take(session, people[BOSS], into, text.encode(), BEGIN)
        assert done == importing.Imported(added=5, left_out=0)
        after = shifts(await store.plan(session), BEGIN, until)
        told = {(one.member_id, one.starts, one.ends) for one in after if one.rota_id == second}
        assert told == {(one.member_id, one.starts, one.ends) for one in out}


async def test_a_second_import_takes_the_place_of_the_first(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        await rota(session, people)
        (into,) = (await store.plan(session)).rotas
        boss, whole = people[BOSS], ("UID:1", "DTSTART:20261123T160000Z", "DTEND:20261123T200000Z")
        for name in ("Sol", "Luz"):
            data = calendar((*whole, f"SUMMARY:{email(name)} de guardia"))
            await importing.take(session, boss, into, data, BEGIN)
        assert await here(session, BEGIN + 3 * HOUR) == [people["Luz"].id]
        assert len((await store.plan(session)).overrides) == 1
        gone = calendar((*whole, "STATUS:CANCELLED", "SUMMARY:x"))
        done = await importing.take(session, boss, into, gone, BEGIN)
        assert done == importing.Imported(added=0, left_out=1)
        assert (await store.plan(session)).overrides == ()


async def test_who_organises_is_not_who_is_on_duty(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        await rota(session, people)
        (into,) = (await store.plan(session)).rotas
        invited = [f"ATTENDEE;CN=x:mailto:{email(name).upper()}" for name in (BOSS, "Sol")]
        times = ("DTSTART;TZID=America/Mexico_City:20261123T090000", "DTEND:20261123T160000Z")
        await importing.take(session, people[BOSS], into, calendar((*times, *invited)), BEGIN)
        assert await here(session, BEGIN + HOUR) == [people["Sol"].id]


UNSURE = (
    ("SUMMARY:Rosa", "ical.nobody"),
    ("SUMMARY:nadie@example.org", "ical.nobody"),
    ("SUMMARY:Alba Luz", "ical.nobody"),
    ("SUMMARY:alba@example.org luz@example.org", "ical.ambiguous"),
    ("DESCRIPTION:Alba", "ical.nobody"),
)


async def test_an_entry_that_names_nobody_surely_is_refused_and_nothing_is_taken(
    database: Database,
) -> None:
    async with database.write() as session:
        people = await team(session)
        await rota(session, people)
        (into,) = (await store.plan(session)).rotas

    async def take(data: bytes) -> None:
        async with database.write() as session:
            await importing.take(session, people[BOSS], into, data, BEGIN)

    good = ("DTSTART:20261123T160000Z", "DTEND:20261123T200000Z", "SUMMARY:Guardia: álba")
    for who, key in UNSURE:
        bad = ("DTSTART:20261124T160000Z", "DTEND:20261124T200000Z", who)
        with pytest.raises(Invalid) as caught:
            await take(calendar(good, bad))
        assert caught.value.key == key
        assert caught.value.params["line"] == 8
    async with database.read() as session:
        assert (await store.plan(session)).overrides == ()


async def test_entries_that_overlap_are_refused(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        await rota(session, people)
        (into,) = (await store.plan(session)).rotas
        one = ("DTSTART:20261123T160000Z", "DTEND:20261123T200000Z", "SUMMARY:Alba")
        other = ("DTSTART:20261123T190000Z", "DTEND:20261123T220000Z", "SUMMARY:Luz")
        with pytest.raises(Invalid) as caught:
            await importing.take(session, people[BOSS], into, calendar(one, other), BEGIN)
        assert caught.value.key == "ical.overlap"


async def test_a_shift_is_named_by_rota_beginning_and_person(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        rota_id = await rota(session, people)
        alba, luz = people["Alba"].id, people["Luz"].id
        shift = Shift(rota_id, alba, BEGIN, BEGIN + DAY)
        assert await store.ask(session, shift, BEGIN)
        assert not await store.ask(session, shift, BEGIN + MINUTE)
        assert await store.ask(session, shift, BEGIN, luz)
        own, offered = await store.asked(session, BEGIN)
        assert own.is_about(shift)
        assert own.instead_of is None
        assert offered.is_about(shift)
        assert offered.instead_of == alba
        assert await store.asked(session, BEGIN + DAY) == ()
