"""Rotas as calendars that go out and come in."""

from collections.abc import Sequence

import pytest

from alerts.shifts import ical, importing, questions, store
from alerts.shifts.rota import Shift, shifts
from db.session import Database
from kit.errors import Invalid
from tests.stores.shift_rig import (
    BEGIN,
    BOSS,
    DAY,
    HOUR,
    MINUTE,
    draft,
    email,
    here,
    rota,
    team,
)


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
        assert await questions.ask(session, shift, BEGIN)
        assert not await questions.ask(session, shift, BEGIN + MINUTE)
        assert await questions.ask(session, shift, BEGIN, luz)
        own, offered = await questions.asked(session, BEGIN)
        assert own.is_about(shift)
        assert own.instead_of is None
        assert offered.is_about(shift)
        assert offered.instead_of == alba
        assert await questions.asked(session, BEGIN + DAY) == ()
