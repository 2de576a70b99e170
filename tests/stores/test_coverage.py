"""Coverage: attentions, targets, and the counting of it all in the background."""

import asyncio
import json
from collections.abc import Collection
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update
from typer.testing import CliRunner

from alerts import store as cases
from alerts.coverage import service, tries
from alerts.coverage.tick import FRESH, Counting
from alerts.model import CaseState, Kind, Outcome
from app.cli import cli
from app.settings import load_settings
from app.store import open_store
from contacts.coverage import store
from contacts.coverage.model import Attention, Given, Means, Population, Sex
from contacts.model import Relation
from db.session import Database, Session
from delivery import runs
from delivery.model import Failure, State
from delivery.store import attempt, message
from kit.channels import Channel
from kit.clock import Clock
from kit.errors import Invalid, NotFound, Refused
from kit.turns import Turns
from staff.model import Member, Role
from staff.store import audit
from tests.own_platform import own_platform
from tests.stores.campaign_people import Person, a_draft, frozen, people_in, started
from tests.stores.case_rig import NOW, a_case, a_member, phone

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TODAY = date(2026, 11, 25)
SMS, TELEGRAM = Channel.SMS, Channel.TELEGRAM
CLAVES: Collection[int] = (20397, 20067)
AT_THE_WINDOW = Attention(TODAY, Given.REMAINS, 20397, Means.WINDOW, Sex.WOMAN)


class Still(Clock):
    """A clock that stands still."""

    def __init__(self, at: datetime) -> None:
        super().__init__()
        self.at = at

    def now(self) -> datetime:
        return self.at


async def team(session: Session) -> dict[Role, Member]:
    return {role: await a_member(session, number, role) for number, role in enumerate(Role)}


async def test_an_attention_counts_once_and_can_be_taken_back_on_its_day(
    database: Database,
) -> None:
    async with database.write() as session:
        people = await team(session)
        duty, other = people[Role.DUTY], people[Role.COMMUNICATOR]
        made = await service.register(session, duty, AT_THE_WINDOW, "form-1", NOW, CLAVES)
        # Sent twice: the same one.
        assert made == await service.register(
            session, duty, AT_THE_WINDOW, "form-1", NOW + HOUR, CLAVES
        )
        # Somebody else's form cannot be sent again.
        with pytest.raises(Invalid):
            await service.register(session, other, AT_THE_WINDOW, "form-1", NOW, CLAVES)
        (mine,) = await service.mine_today(session, duty, NOW + HOUR)
        assert (mine.id, mine.attention, mine.at) == (made, AT_THE_WINDOW, NOW)
        assert await service.mine_today(session, other, NOW) == ()
        assert await store.attended_on(session, TODAY) == 1
    async with database.write() as session:
        with pytest.raises(NotFound):
            await service.take_back(session, other, made, NOW)
        with pytest.raises(NotFound):
            await service.take_back(session, duty, made + 1, NOW)
        with pytest.raises(Refused):
            await service.take_back(session, duty, made, NOW + DAY)
        await service.take_back(session, duty, made, NOW + HOUR)
        await service.take_back(session, duty, made, NOW + DAY)
        assert await store.attended_on(session, TODAY) == 0
        (mine,) = await service.mine_today(session, duty, NOW + HOUR)
        assert mine.taken_back_at == NOW + HOUR
        assert await service.mine_today(session, duty, NOW + DAY) == ()
        rows = await session.all(
            select(audit.c.act, audit.c.member_id, audit.c.about).where(
                audit.c.act.like("attention.%")
            )
        )
    about = f"attention:{made}"
    assert [(row["act"], row["member_id"], row["about"]) for row in rows] == [
        ("attention.register", duty.id, about),
        ("attention.take_back", duty.id, about),
    ]


async def test_only_who_has_the_right_registers_sets_and_sees(database: Database) -> None:
    async with database.write() as session:
        people = await team(session)
        auditor, duty, boss = (people[role] for role in (Role.AUDITOR, Role.DUTY, Role.COORDINATOR))
        with pytest.raises(Refused):
            await service.register(session, auditor, AT_THE_WINDOW, "form-1", NOW, CLAVES)
        for day in (TODAY + DAY, TODAY - 3 * 366 * DAY):
            wrong = Attention(day, Given.OTHER, 20397, Means.PHONE)
            with pytest.raises(Invalid):
                await service.register(session, duty, wrong, "form-2", NOW, CLAVES)
        nowhere = Attention(TODAY, Given.OTHER, 20999, Means.PHONE)
        for form, new in (("form-2", nowhere), ("", AT_THE_WINDOW), ("f" * 65, AT_THE_WINDOW)):
            with pytest.raises(Invalid):
                await service.register(session, duty, new, form, NOW, CLAVES)
        for refused in (auditor, duty, people[Role.COMMUNICATOR]):
            with pytest.raises(Refused):
                await service.set_target(session, refused, 2026, 1, 1, NOW)
            with pytest.raises(Refused):
                await service.drop_target(session, refused, 2026, NOW)
        await service.set_target(session, boss, 2026, 1_000, 50, NOW)
        await service.set_target(session, boss, 2026, 1_000, 60, NOW)
        assert (await service.coverage(session, auditor, NOW)).target.attended == 60
        assert (await service.coverage(session, None, NOW, 2030)).target.attended == 60
        assert (await service.coverage(session, auditor, NOW, 2025)).target.attended == 77_520
        await service.drop_target(session, boss, 2026, NOW)
        with pytest.raises(NotFound):
            await service.drop_target(session, boss, 2026, NOW)
        assert await service.targets(session, auditor) == ()
        # Who never sees a case does not see how many there are.
        await a_case(session, phone(1))
        mine = await a_case(session, phone(2), owner=duty)
        await cases.change(session, mine.id, {"exercise": False})
        assert (await service.today(session, auditor, NOW)).open_cases is None
        seen = await service.today(session, duty, NOW)
        assert (seen.open_cases, seen.unowned) == (2, 1)


def somebody(country: str | None, state: str | None, **more: object) -> Person:
    place = {"country": country, "state": state, "origin_region": "mixteca"}
    return Person((SMS,), about=place | more)


async def test_who_is_subscribed_and_attended_is_counted_in_small_units(
    database: Database,
) -> None:
    silent = Person((SMS,), topics=())
    gone = Person((SMS,), stopped=(SMS,))
    dead = Person((SMS,), dead=(SMS,))
    by_other_way = Person((SMS, TELEGRAM), stopped=(SMS,), language="mix")
    both = Person((SMS, TELEGRAM))
    living = [somebody("US", "CA", relation=Relation.RETURNED) for _ in range(7)]
    await people_in(database, *living, silent, gone, dead, by_other_way, both)
    clock = Still(NOW)
    async with database.write() as session:
        duty = await a_member(session, 50)
        last_year = Attention(date(2025, 12, 31), Given.OTHER, 20067, Means.PHONE)
        for number in range(6):
            await service.register(session, duty, AT_THE_WINDOW, f"form-{number}", NOW, CLAVES)
        back = await service.register(session, duty, AT_THE_WINDOW, "form-x", NOW, CLAVES)
        await service.take_back(session, duty, back, NOW)
        await service.register(
            session,
            duty,
            Attention(TODAY, Given.ADVICE, 20067, Means.PHONE, None, Population.RETURNED),
            "form-y",
            NOW,
            CLAVES,
        )
        await service.register(session, duty, last_year, "form-z", NOW, CLAVES)
        for number, (outcome, kind, exercise) in enumerate(
            [
                (Outcome.REPATRIATED, Kind.DEATH, False),
                (Outcome.FALSE_ALARM, Kind.OTHER, False),
                (Outcome.ATTENDED, Kind.OTHER, True),
                (Outcome.ATTENDED, Kind.CANARY, False),
            ]
        ):
            closed = await a_case(session, phone(60 + number))
            # New year's eve in Oaxaca, next year in UTC.
            at = datetime.fromisoformat("2026-01-01T05:30:00+00:00")
            values = {
                "state": CaseState.CLOSED,
                "closed_at": at,
                "outcome": outcome,
                "kind": kind,
                "exercise": exercise,
            }
            await cases.change(session, closed.id, values)
    counting = Counting(database, clock, batch=2, steps=4, turns=Turns(rests=False))
    looks = 0
    async with database.read() as session:
        assert (await service.coverage(session, None, NOW)).counted_at is None
    while looks < 20:
        await counting.look()
        looks += 1
        async with database.read() as session:
            if await store.counted_at(session) is not None:
                break
    assert 3 <= looks < 20
    async with database.read() as session:
        found = await service.coverage(session, duty, NOW)
        counted = await store.cells(session)
        before = await service.coverage(session, duty, NOW, 2025)
        today = await service.today(session, duty, NOW)
    assert (found.counted_at, found.subscribed.people, found.subscribed.reached) == (NOW, 9, 0)
    assert counted["place"] == {"US-CA": 7, "": 2}
    assert counted["channel"] == {"sms": 7, "telegram": 2}
    assert counted["language"] == {"es": 8, "mix": 1}
    assert counted["relation"] == {"returned": 7, "": 2}
    assert (found.attended.window, found.attended.phone, found.attended.cases) == (6, 1, 0)
    assert (found.attended.months[10], before.attended.phone, before.attended.cases) == (7, 1, 1)
    assert counted["attended.2026.region"] == {"mixteca": 6, "valles_centrales": 1}
    assert counted["attended.2026.population"] == {"": 6, "returned": 1}
    assert before.attended.months[11] == 2
    assert today.attentions == 7
    (day,) = found.days
    assert (day.day, day.subscribed, day.attended) == (TODAY, 9, 7)

    # Fresh enough for ten minutes; then, and after the clock was put back, counted anew.
    async with database.write() as session:
        await session.execute(update(store.attention).values(taken_back_at=NOW))
    clock.at = NOW + FRESH - timedelta(seconds=1)
    await counting.look()
    async with database.read() as session:
        assert await store.counted_at(session) == NOW
    for at in (NOW + FRESH, NOW - DAY):
        clock.at = at
        await Counting(database, clock, turns=Turns(rests=False)).look()
        async with database.read() as session:
            found = await service.coverage(session, None, at)
        assert (found.counted_at, found.attended.people, found.subscribed.people) == (at, 0, 9)
    async with database.read() as session:
        assert [one.day for one in await store.days(session, TODAY - 9 * DAY)] == [
            TODAY - DAY,
            TODAY,
        ]


async def test_who_was_reached_is_who_a_message_came_to_in_thirty_days(database: Database) -> None:
    ids = await people_in(database, *(Person((SMS,)) for _ in range(4)), Person((TELEGRAM,)))
    run_id = await frozen(database, await started(database, a_draft()))
    async with database.write() as session:
        run = await runs.get(session, run_id)
        assert run is not None
        for contact_id, state in zip(
            ids,
            (State.DELIVERED, State.SENT, State.FAILED, State.PENDING, State.SENT),
            strict=True,
        ):
            which = (message.c.run_id == run_id) & (message.c.contact_id == contact_id)
            await session.execute(update(message).where(which).values(state=state))
    for at, reached in ((run.started_at + DAY, 2), (run.started_at + 31 * DAY, 0)):
        counting = Counting(database, Still(at), turns=Turns(rests=False))
        await counting.whole()
        async with database.read() as session:
            assert (await service.coverage(session, None, at)).subscribed.reached == reached


async def test_tries_are_counted_by_the_day_of_oaxaca_and_none_twice(database: Database) -> None:
    await people_in(database, Person((SMS,)))
    await frozen(database, await started(database, a_draft()))
    yesterday = NOW - DAY

    async def tried(at: datetime, *outcomes: str) -> None:
        async with database.write() as session:
            row = await session.scalar(select(message.c.id))
            for outcome in outcomes:
                await session.execute(
                    insert(attempt).values(
                        message_id=row, channel=SMS, at=at, outcome=outcome, code=""
                    )
                )

    async def counted(at: datetime) -> dict[date, tuple[int, int]]:
        await tries.note(database, at, Turns(rests=False))
        async with database.read() as session:
            found = await store.tries(session, (TODAY - DAY, TODAY))
        return {day: (one.sent, one.failed) for day, one in found.items()}

    assert await counted(NOW) == {}
    # What was before the first look's day is not counted at all.
    await tried(yesterday, *[State.SENT] * 5)
    assert await counted(NOW) == {TODAY: (0, 0)}
    await tried(NOW - HOUR, State.SENT, State.SENT, Failure.UNKNOWN_OUTCOME)
    await tried(NOW - timedelta(seconds=1), State.SENT)
    assert await counted(NOW) == {TODAY: (2, 1)}
    assert await counted(NOW) == {TODAY: (2, 1)}
    assert await counted(NOW + HOUR) == {TODAY: (3, 1)}
    # One that comes late is of its own day.
    await tried(yesterday, State.SENT)
    await tried(NOW + HOUR, State.FAILED)
    assert await counted(NOW + 2 * HOUR) == {TODAY - DAY: (1, 0), TODAY: (3, 2)}


def test_the_command_counts_when_nothing_was_counted_and_hides_what_is_small(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_platform(tmp_path, monkeypatch)

    async def people() -> None:
        database = await open_store(load_settings())
        states = ["CA"] * 6 + ["OR"] * 2 + ["WA"]
        await people_in(database, *(somebody("US", state) for state in states))
        await database.close()

    asyncio.run(people())
    answer = CliRunner().invoke(cli, ["coverage", "--json"], catch_exceptions=False)
    found = json.loads(answer.stdout)
    assert (found["subscribed"]["people"], found["target"]["population"]) == (9, 1_030_645)
    assert found["subscribed"]["by_state"] == {"US-CA": 6, "US-OR": None, "US-WA": None}
    assert found["counted_at"] is not None
    again = json.loads(CliRunner().invoke(cli, ["coverage", "--json"]).stdout)
    assert again["counted_at"] == found["counted_at"]
    assert "oculto" in CliRunner().invoke(cli, ["coverage", "--year", "2025"]).stdout
    assert CliRunner().invoke(cli, ["coverage", "--year", "1900"]).exit_code == 2
