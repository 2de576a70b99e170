"""A platform after years of work: staff, campaigns and a full ledger; `bench.year_rows` adds the
rest.
"""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from alerts.coverage.tick import Counting
from alerts.shifts import service as shifts
from bench import figures, year_offices, year_rows
from bench.crowd import opened
from bench.year_rows import Sql
from campaigns import store
from campaigns.audience.audiences import audience
from campaigns.content.model import Media
from campaigns.figures import gathering
from campaigns.files import keeping
from campaigns.files.formats import MediaKind
from campaigns.model import CampaignDraft, CampaignState
from campaigns.schedule.model import At, Cron
from campaigns.sheet import reckoning
from campaigns.warnings import store as warnings
from campaigns.warnings.model import (
    Bulletin,
    Category,
    Certainty,
    Info,
    MessageKind,
    Severity,
    Status,
    Urgency,
)
from db.session import Database, Session
from delivery import runs
from delivery.model import State
from delivery.runs import NewRun, RunState, run
from delivery.tally import run_tally
from directory import importing as directory
from kit.channels import Channel, Endpoint
from kit.clock import Clock
from kit.turns import Turns
from kit.zones import OAXACA
from staff import service as staff
from staff import store as members
from staff.model import Member, Role

BIG = "Campaña a todas las personas"
MIDDLE = "Campaña a cien mil personas"
HOURLY = "Aviso que sale cada hora"
WITH_FILE = "Campaña con un cartel"
WAITING = "Campaña que espera el sí"
WRITTEN = "Campaña que se está escribiendo"
"""Titles by which `bench.walk` finds those that make pages long."""

OLD_CAMPAIGNS = 250
AUDIENCES = 30
AT_ONCE = 5_000
"""Rows that a unit counts here, where nobody waits."""

HOURS = 24 * 365
HUNDRED_THOUSAND = 100_000
WARNINGS = 150
DUTY = 30
NUMBERED = ("audit", "case_file", "case_person", "long_work", "rights_request")
FIRST_ON_DUTY = 9_900_000_000

DRAFT = replace(figures.DRAFT, title=BIG)

# Everything a row of a run can be, over the last day.
STANDING = {
    State.PENDING: "id % 10 = 4",
    State.UNCERTAIN: "id % 200 = 5",
    State.SENDING: "id % 5000 = 7",
    State.UNDELIVERED: "id % 30 = 8 AND channel = 'sms'",
}


async def fill(url: str, people: int) -> None:
    """Fill a database of `bench.crowd` with all the rest."""
    # Half a second the first time.
    database, now = opened(url), datetime.now(UTC)
    try:
        await directory.load_first(database)
        team = await _staff(database, now)
        await figures.run_all(database, *figures.VARIED)
        async with database.read() as session:
            sql = Sql(session.is_sqlite, now, people)
        big = await _big(database, team, now)
        await _others(database, team, big, sql, now)
        await _count(database, big, now)
        await year_rows.fill(database, sql, [one.id for one in team[Role.DUTY]], now)
        await year_offices.fill(database, sql, team[Role.ADMIN][0], now)
        await Counting(database, Clock(), steps=1_000, turns=Turns(rests=False)).whole()
        await figures.run_all(database)
        if sql.is_sqlite:
            # The platform never asks SQLite for statistics: its queries have to do without.
            async with database.write() as session:
                await session.execute(text("DELETE FROM sqlite_stat1"))
        else:
            await _go_on(database)
    finally:
        await database.close()


async def _staff(database: Database, now: datetime) -> dict[Role, list[Member]]:
    """One of each role, thirty on duty, of whom six share a rota."""
    team: dict[Role, list[Member]] = {role: [] for role in Role}
    for role in Role:
        for number in range(DUTY if role is Role.DUTY else 1):
            chat = str(FIRST_ON_DUTY + len(team[Role.DUTY]))
            to = [Endpoint(Channel.TELEGRAM, chat)] if role is Role.DUTY else []
            email = f"{role}{number}@example.org"
            async with database.write() as session:
                await staff.add(
                    session,
                    name=f"{role} {number}",
                    email=email,
                    role=role,
                    endpoints=to,
                    now=now,
                    pick=lambda below: 0,
                )
                made = await members.by_email(session, email)
            if made is None:
                raise LookupError("somebody who was just added is not there")
            team[role].append(made)
    async with database.write() as session:
        emails = tuple(one.email for one in team[Role.DUTY][:6])
        for name in ("Guardia de noche", "Guardia de día"):
            draft = shifts.Draft(name=name, emails=emails, every=7)
            await shifts.add(session, team[Role.COORDINATOR][0], draft, now)
    return team


async def _big(database: Database, team: dict[Role, list[Member]], now: datetime) -> int:
    """The campaign to everybody, half gone; gives its run."""
    author = team[Role.COMMUNICATOR][0].id
    async with database.write() as session:
        campaign_id = await store.add(session, DRAFT, CampaignState.PAUSED, author, now)
    run_id = await figures.full_ledger(database, campaign_id, now)
    states = " ".join(f"WHEN {which} THEN '{state}'" for state, which in STANDING.items())
    others = " OR ".join(f"({which})" for which in STANDING.values())
    of_run = f"run_id = {run_id} AND state IN ('sent', 'delivered')"
    await figures.run_all(
        database,
        f"UPDATE message SET state = CASE {states} ELSE state END WHERE {of_run} AND ({others})",
        f"DELETE FROM run_tally WHERE run_id = {run_id}",
        "INSERT INTO run_tally (run_id, state, rows)"
        f" SELECT run_id, state, count(*) FROM message WHERE run_id = {run_id}"
        " GROUP BY run_id, state",
        f"UPDATE run SET state = 'paused' WHERE id = {run_id}",
    )
    return run_id


async def _others(
    database: Database, team: dict[Role, list[Member]], big: int, sql: Sql, now: datetime
) -> None:
    """Earlier campaigns and those to come; one that left every hour for a year; warnings."""
    author = team[Role.COMMUNICATOR][0].id
    poster = b"\x89PNG\r\n\x1a\n" + b"\0" * 900_000
    media = Media(MediaKind.PHOTO, hashlib.sha256(poster).hexdigest(), "cartel.png", len(poster))
    await keeping.keep(database, Clock(), media, poster)
    later, hourly = At(now + timedelta(days=20), OAXACA), Cron("0 * * * *", OAXACA)
    pictured = {language: replace(one, media=media) for language, one in DRAFT.contents.items()}
    plans: list[tuple[CampaignDraft, CampaignState]] = [
        *[(_titled(number), CampaignState.DONE) for number in range(OLD_CAMPAIGNS)],
        *[(replace(_titled(0), schedule=later), CampaignState.SCHEDULED) for _ in range(10)],
        *[(replace(_titled(1), schedule=later), CampaignState.REVIEW) for _ in range(20)],
        (replace(DRAFT, title=MIDDLE), CampaignState.DONE),
        (replace(DRAFT, title=HOURLY, schedule=hourly), CampaignState.DONE),
        (replace(DRAFT, title=WITH_FILE, contents=pictured), CampaignState.REVIEW),
        (replace(DRAFT, title=WAITING), CampaignState.REVIEW),
        (replace(DRAFT, title=WRITTEN), CampaignState.DRAFT),
    ]
    async with database.write() as session:
        ids: dict[str, int] = {}
        for draft, state in plans:
            ids[draft.title] = await store.add(session, draft, state, author, now)
        await session.execute(
            text("UPDATE campaign SET due_at = :at WHERE state = 'scheduled'").bindparams(
                at=sql.instant(now + timedelta(days=20))
            )
        )
        await session.execute(
            audience.insert(),
            [
                {
                    "name": f"grupo-{number}",
                    "expression": "region:mixteca and country:US",
                    "author_id": author,
                    "created_at": now,
                    "changed_at": now,
                }
                for number in range(AUDIENCES)
            ],
        )
        for number in range(WARNINGS):
            await warnings.add(session, _bulletin(ids[MIDDLE], number + 1, now), None)
    await _old_runs(database, now)
    await _hourly(database, ids[HOURLY], now)
    await _middle(database, ids[MIDDLE], big, now)


async def _go_on(database: Database) -> None:
    """Let PostgreSQL number what comes next behind what was given its number here."""
    async with database.write() as session:
        for table in NUMBERED:
            highest = f"(SELECT max(id) FROM {table})"
            asked = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {highest})"
            await session.execute(text(asked))


def _titled(number: int) -> CampaignDraft:
    return replace(DRAFT, title=f"Taller número {number}")


async def _old_runs(database: Database, now: datetime) -> None:
    """A run of each campaign that is over; of its rows only the sums are left."""
    async with database.write() as session:
        done = await session.all(
            text("SELECT id FROM campaign WHERE state = 'done' AND title LIKE 'Taller%'")
        )
        for place, row in enumerate(done):
            await _over(session, row["id"], now - timedelta(hours=12 * place + 12))


async def _over(session: Session, campaign_id: int, at: datetime) -> int:
    contents = {
        language: wording.content(campaign_id) for language, wording in DRAFT.contents.items()
    }
    new = NewRun(campaign_id, at, contents, DRAFT.topic, DRAFT.channels, audience=DRAFT.audience)
    made = await runs.open_run(session, new, at, RunState.DONE)
    if made is None:
        raise LookupError("the run of an earlier campaign is there already")
    await session.execute(
        run.update().where(run.c.id == made).values(ended_at=at + timedelta(hours=3))
    )
    await session.execute(
        run_tally.insert(),
        [
            {"run_id": made, "state": state, "rows": rows}
            for state, rows in ((State.SENT, 4_000), (State.DELIVERED, 5_000), (State.FAILED, 90))
        ],
    )
    return made


async def _hourly(database: Database, campaign_id: int, now: datetime) -> None:
    """A year of runs every hour."""
    for begin in range(0, HOURS, 500):
        async with database.write() as session:
            for hour in range(begin, min(begin + 500, HOURS)):
                await _over(session, campaign_id, now - timedelta(hours=hour + 1))


async def _middle(database: Database, campaign_id: int, big: int, now: datetime) -> None:
    """A campaign of as many rows as an Excel file takes."""
    async with database.write() as session:
        made = await _over(session, campaign_id, now - timedelta(days=3))
    names = (
        "lane, channel, sender, state, reason, contact_id, address_id, position, language,"
        " created_at, due_at, claimed_at, attempts, killed, settled_at"
    )
    await figures.run_all(
        database,
        f"INSERT INTO message (run_id, {names}) SELECT {made}, {names} FROM message"
        f" WHERE run_id = {big} AND state NOT IN ('pending', 'sending', 'uncertain')"
        f" ORDER BY contact_id LIMIT {HUNDRED_THOUSAND}",
        f"DELETE FROM run_tally WHERE run_id = {made}",
        "INSERT INTO run_tally (run_id, state, rows)"
        f" SELECT run_id, state, count(*) FROM message WHERE run_id = {made}"
        " GROUP BY run_id, state",
    )


def _bulletin(campaign_id: int, number: int, now: datetime) -> Bulletin:
    says = Info("es", "Frente frío", "Frío", "Mixteca", "Habrá heladas. " * 20, "Abríguese. " * 10)
    sent = (now - timedelta(hours=number)).replace(microsecond=0)
    return Bulletin(
        campaign_id=campaign_id,
        number=number,
        identifier=f"bench-{number}",
        kind=MessageKind.ALERT,
        status=Status.ACTUAL,
        sent=sent,
        expires=sent + timedelta(days=30),
        category=Category.MET,
        urgency=Urgency.EXPECTED,
        severity=Severity.MODERATE,
        certainty=Certainty.LIKELY,
        infos=(says, replace(says, language="en")),
    )


async def _count(database: Database, big: int, now: datetime) -> None:
    """What the platform has counted in the background by then: figures of runs, and sheets."""
    async with database.read() as session:
        found = await session.all(
            text("SELECT id FROM campaign WHERE title IN (:a, :b)").bindparams(a=BIG, b=WAITING)
        )
        others = await session.all(
            text("SELECT r.id FROM run AS r JOIN campaign AS c ON c.id = r.campaign_id"
                 " WHERE c.title IN (:a, :b) ORDER BY r.id DESC LIMIT 101")
            .bindparams(a=MIDDLE, b=HOURLY)
        )  # fmt: skip
    for row in found:
        await figures.counted(database, _reckoning(int(row["id"]), now))
    for run_id in (big, *(int(row["id"]) for row in others)):
        await figures.counted(database, _gathering(run_id, now))


def _reckoning(campaign_id: int, now: datetime) -> figures.Step:
    async def step(session: Session) -> bool:
        return await reckoning.step(session, campaign_id, now, AT_ONCE, conduct=figures.CONDUCT)

    return step


def _gathering(run_id: int, now: datetime) -> figures.Step:
    async def step(session: Session) -> bool:
        return await gathering.step(session, run_id, now, AT_ONCE)

    return step
