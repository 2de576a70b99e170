"""What the simulator tells beforehand is what then happens to a real case."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import func, select

from alerts import policies, tick, timers
from alerts.model import Kind, Report, Timer, Times, Urgency
from alerts.policy_document import read_policy
from alerts.service import open_case
from alerts.shifts import service
from alerts.simulator import Foreseen, Question, foresee
from db.session import Database, Session
from delivery import senders
from delivery.model import State
from delivery.reading import own_endpoints
from delivery.store import message
from kit.channels import Channel, Endpoint
from kit.errors import Refused
from staff import service as staff_service
from staff.model import Member, Role
from tests.databases import sqlite_database
from tests.stores.shift_rig import BOSS, draft, hire, team

NIGHT = datetime(2026, 11, 25, 1, 56, tzinfo=UTC)
"""Tuesday, 19:56 in Oaxaca: four minutes before the handover, the office is closed."""
MINUTE = timedelta(minutes=1)
LOOKS = 12
Sent = tuple[datetime, Channel, str]


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await sqlite_database(tmp_path)
    yield opened
    await opened.close()


async def stage(session: Session, *, at_work: bool = True) -> dict[str, Member]:
    """Three guards who take turns in a rota, who coordinates them, and the channels."""
    people = await team(session)
    for name, channel in (("bot", Channel.TELEGRAM), ("number", Channel.SMS)):
        paces = {"rate": 30, "urgent_only": False, "free_at": NIGHT, "bulk_at": NIGHT}
        state = {"failures": 0, "told": False, "configured": True}
        row = {"name": name, "channel": channel, **paces, **state}
        await session.execute(senders.sender.insert().values(**row))
    if at_work:
        drafted = draft(handover=time(20), since=date(2026, 11, 20), name="Guardia")
        await service.add(session, people[BOSS], drafted, NIGHT)
        await service.add_holiday(session, people[BOSS], date(2026, 11, 25), "Fiesta", NIGHT)
    return people


async def written(session: Session, people: dict[str, Member], *documents: object) -> None:
    wanted = [read_policy(one) for one in documents]
    await policies.replace(session, wanted, people[BOSS], NIGHT)


def told(found: Foreseen) -> list[Sent]:
    wakes = [wake for stage in found.stages for wake in stage.wakes]
    return sorted((one.at, one.endpoint.channel, one.endpoint.value) for one in wakes)


async def really(
    session: Session, question: Question, until: datetime
) -> tuple[list[Sent], list[datetime]]:
    """Open such a case and let its clock look until then, as if each page left when it is due.
    What left, and when people were called."""
    times = Times()
    reporter = Endpoint(Channel.SMS, "+12135550171")
    report = Report(reporter, question.language, question.at, "SOS")
    case = await open_case(session, report, question.urgency, times, lambda most: most // 2)
    now, looks = question.at, [question.at]
    while (now := (await timers.of_case(session, case.id))[Timer.PAGE]) <= until:
        await leave(session, now)
        looks.append(now)
        await tick.look(session, case.id, times, now)
    await leave(session, until + timedelta(hours=1))
    about = message.c.about == f"page:{case.id}"
    rows = await session.all(select(message).where(about, message.c.state == State.SENT))
    sent = [
        (row["due_at"], Channel(row["channel"]), end.value)
        for row in rows
        for end in await own_endpoints(session, row["id"])
    ]
    return sorted(sent), looks


async def leave(session: Session, now: datetime) -> None:
    """Everything that is due by now leaves."""
    due = (message.c.state == State.PENDING) & (message.c.due_at <= now)
    values = {"state": State.SENT, "settled_at": now}
    await session.execute(message.update().where(due).values(**values))


CORTA = {
    "name": "Corta",
    "steps": [
        {"call": ["on_duty"], "one_by_one": True, "wait_minutes": 3},
        {"call": ["role:coordinator", "rota:Guardia"], "wait_minutes": 0.5},
        {"call": ["on_duty", "next"], "one_by_one": True},
    ],
}
CASES: dict[str, tuple[Question, Sequence[object]]] = {
    "built in, over a handover": (Question(NIGHT), ()),
    "with a policy, over a handover": (Question(NIGHT), (CORTA,)),
    "for life, in another language": (
        Question(NIGHT, urgency=Urgency.LIFE, language="mixe"),
        ({**CORTA, "urgencies": ["life"]},),
    ),
    "what waits for the office": (Question(NIGHT, urgency=Urgency.CAN_WAIT), (CORTA,)),
    "called again before the SMS": (
        Question(NIGHT),
        ({"name": "Todas", "steps": [{"call": ["everybody"], "wait_minutes": 0.5}]},),
    ),
    "a policy that finds nobody": (
        Question(NIGHT),
        ({"name": "Vacia", "steps": [{"call": ["rota:Otra"]}, {"call": ["member:999"]}]},),
    ),
}


@pytest.mark.parametrize("name", CASES)
async def test_what_is_told_beforehand_is_what_happens(database: Database, name: str) -> None:
    question, documents = CASES[name]
    async with database.write() as session:
        people = await stage(session)
        await written(session, people, *documents)
        spoken = ("es", "mixe")
        await staff_service.change(session, people["Sol"], NIGHT, languages=spoken)
    async with database.read() as session:
        found = await foresee(session, people[BOSS], question, Times())
        assert await session.scalar(select(func.count()).select_from(message)) == 0
    stages = found.stages
    assert len(stages) >= 3
    assert [one.together for one in stages[-2:]] == [True, True]
    async with database.write() as session:
        sent, looks = await really(session, question, stages[-1].at)
    assert looks == [one.at for one in stages]
    # What the last call makes leave later is overtaken by a next one, or not: both end there.
    last = stages[-1].at
    assert [one for one in sent if one[0] <= last] == [one for one in told(found) if one[0] <= last]
    assert sent, "somebody was paged"
    assert all(one.at < other.at for one, other in pairwise(stages))
    if question.urgency is Urgency.CAN_WAIT:
        assert stages[0].waits
        assert stages[1].at == datetime(2026, 11, 26, 15, tzinfo=UTC), "nine in Oaxaca"
        assert found.numbers_at == stages[1].at + Times().reporter


async def test_nobody_on_duty_is_said_and_a_kind_has_its_own_policy(database: Database) -> None:
    async with database.write() as session:
        people = await stage(session, at_work=False)
        await written(session, people, CORTA, {**CORTA, "name": "Otra", "kinds": ["captive"]})
        boss, alba = people[BOSS], people["Alba"]
        always = await foresee(session, boss, Question(NIGHT), Times())
        assert (always.gap, len(always.on_duty)) == (False, 3)
        covers = draft("Alba", covers=(time(8), time(9)), since=date(2026, 11, 20))
        await service.add(session, boss, covers, NIGHT)
        found = await foresee(session, alba, Question(NIGHT), Times())
        assert found.gap
        assert not found.on_duty
        assert found.policy.name == "Corta"
        captive = await foresee(session, boss, Question(NIGHT, Kind.CAPTIVE), Times())
        assert captive.policy.name == "Otra"
        for one in people.values():
            await staff_service.deactivate(session, one, NIGHT)
        empty = await foresee(session, boss, Question(NIGHT), Times())
        assert [(one.people, one.waits) for one in empty.stages] == [((), False)]
        auditor = await hire(session, "Isa", Role.AUDITOR, 40)
        with pytest.raises(Refused):
            await foresee(session, auditor, Question(NIGHT), Times())
