"""The sheet before sending and the first page of the report, with everybody and a full ledger.

Both are counted in the background and read from a table: measured are the counting (how long, and
its units, for which an SOS may have to wait), and 200 reads of each as the console would do them.
The people are of many kinds, so that the counts have as many groups as in life.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median, quantiles
from time import perf_counter

from sqlalchemy import text

from bench.crowd import opened, sqlite_crowd
from bench.postgres import postgres
from bench.result import Result
from bench.scale import Scale
from campaigns import running, store
from campaigns.conduct import Conduct
from campaigns.content.model import Wording
from campaigns.figures import gathering, report
from campaigns.figures.model import together
from campaigns.jobs import PAUSE_SECONDS
from campaigns.model import CampaignClass, CampaignDraft, CampaignState
from campaigns.schedule.model import Now
from campaigns.sheet import reckoning
from campaigns.sheet.prices import load_prices
from contacts.gazetteer import load_gazetteer
from contacts.model import Topic
from db.session import Database, Session
from delivery import runs
from delivery.quiet import DECENT
from delivery.runs import NewRun
from engine.cron import CronCalendar
from kit.channels import Channel

READS = 200
PAGE_MS = 150.0
UNIT_MS = 50.0
FIRST_PAGE = 100  # rows

CONDUCT = Conduct(CronCalendar(), DECENT, most_a_week=7)
CHANNELS = (Channel.TELEGRAM, Channel.SMS)
DRAFT = CampaignDraft(
    title="A campaign of the bench",
    topic=Topic.PROGRAMS,
    kind=CampaignClass.NORMAL,
    audience="country:US and not state:ND",
    channels=CHANNELS,
    contents={
        "es": Wording("El taller es el 3 de marzo: https://example.org", "El taller es el 3."),
        "en": Wording("The workshop is on March 3: https://example.org", "On the 3rd."),
    },
    schedule=Now(),
    stale_after=timedelta(days=60),
)

# Two in five by phone; regions, zones, countries and languages of many kinds.
VARIED = (
    "UPDATE address SET channel = 'sms',"
    " country = CASE id % 7 WHEN 0 THEN 'MX' WHEN 1 THEN 'CA' WHEN 2 THEN 'ZZ' ELSE 'US' END"
    " WHERE id % 5 < 2",
    "UPDATE contact SET"
    " origin_region = CASE id % 9 WHEN 0 THEN 'mixteca' WHEN 1 THEN 'costa' WHEN 2 THEN 'istmo'"
    " WHEN 3 THEN 'canada' WHEN 4 THEN 'papaloapan' WHEN 5 THEN 'sierra_sur'"
    " WHEN 6 THEN 'sierra_norte' WHEN 7 THEN 'valles_centrales' ELSE NULL END,"
    " zone = CASE id % 8 WHEN 0 THEN 'America/Tijuana' WHEN 1 THEN 'America/Los_Angeles'"
    " WHEN 2 THEN 'America/New_York' WHEN 3 THEN 'America/Chicago' WHEN 4 THEN 'America/Denver'"
    " WHEN 5 THEN 'America/Hermosillo' WHEN 6 THEN 'America/Mexico_City' ELSE NULL END,"
    " language = CASE id % 6 WHEN 0 THEN 'mix' WHEN 1 THEN 'zai' WHEN 2 THEN 'en' ELSE 'es' END",
)
# What became of the rows, over a day; one in fifty failed for one of several reasons.
SETTLED = (
    "UPDATE message SET state = CASE WHEN contact_id % 50 = 0 THEN 'failed'"
    " WHEN contact_id % 3 = 0 THEN 'delivered' ELSE 'sent' END,"
    " reason = CASE WHEN contact_id % 50 <> 0 THEN NULL"
    " WHEN contact_id % 100 = 0 THEN 'address_dead' ELSE '30005' END,"
    " claimed_at = {at}, settled_at = {at} WHERE run_id IS NOT NULL AND state = 'pending'",
    "INSERT INTO attempt (message_id, channel, sender, address_id, at, outcome, code)"
    " SELECT id, channel, sender, address_id, settled_at, 'sent', '' FROM message"
    " WHERE channel = 'sms' AND state IN ('sent', 'delivered')",
    "INSERT INTO opt_out (channel, endpoint_index, at, source, words)"
    " SELECT a.channel, a.endpoint_index, m.settled_at, 'self', a.endpoint FROM message AS m"
    " JOIN address AS a ON a.id = m.address_id"
    " WHERE m.state = 'sent' AND m.contact_id % 97 = 0 ON CONFLICT DO NOTHING",
    "INSERT INTO campaign_reply (run_id, contact_id, at)"
    " SELECT run_id, contact_id, settled_at FROM message"
    " WHERE state IN ('sent', 'delivered') AND contact_id % 11 = 0",
    "INSERT INTO campaign_answer (contact_id, campaign_id, run_id, kind, value, at, slot)"
    " SELECT contact_id, {campaign}, run_id, 'helped', '', settled_at, 'helped' FROM message"
    " WHERE state IN ('sent', 'delivered') AND contact_id % 7 = 0",
)
AT = {
    True: "datetime(created_at, '+' || (contact_id % 86400) || ' seconds') || '.000000'",
    False: "created_at + (contact_id % 86400) * interval '1 second'",
}

Step = Callable[[Session], Awaitable[bool]]
Read = Callable[[Session], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Counting:
    """How long each unit of a counting took, in milliseconds."""

    units: list[float]

    @property
    def took(self) -> float:
        """All of it in seconds, without its pauses."""
        return sum(self.units) / 1_000

    @property
    def p99(self) -> float:
        """What ninety-nine in a hundred units did not take longer than."""
        return quantiles(self.units, n=100, method="inclusive")[98]


@dataclass(frozen=True, slots=True)
class Measured:
    """Both countings, and the waits of the reads in milliseconds."""

    sheet: Counting
    figures: Counting
    sheet_reads: list[float]
    report_reads: list[float]


async def counted(database: Database, step: Step) -> Counting:
    """Go on to the end, as the job does."""
    units = []
    more = True
    while more:
        begun = perf_counter()
        async with database.write() as session:
            more = await step(session)
        units.append(1_000 * (perf_counter() - begun))
        await asyncio.sleep(PAUSE_SECONDS / 10)
    return Counting(units)


async def read_often(database: Database, read: Read) -> list[float]:
    """How long each of the reads took, in milliseconds."""
    waits = []
    for _ in range(READS):
        begun = perf_counter()
        async with database.read() as session:
            await read(session)
        waits.append(1_000 * (perf_counter() - begun))
    return waits


async def once(url: str, people: int) -> Measured:
    """Fill, count and read one database."""
    # Half a second the first time, which no unit of the platform pays.
    load_gazetteer()
    database = opened(url)
    try:
        await run_all(database, *VARIED)
        now = datetime.now(UTC)
        async with database.write() as session:
            campaign_id = await store.add(session, DRAFT, CampaignState.REVIEW, 1, now)
        prices = load_prices()
        sheet = await counted(
            database, lambda session: reckoning.step(session, campaign_id, now, conduct=CONDUCT)
        )

        async def read_sheet(session: Session) -> object:
            found = await reckoning.sheet_of(session, campaign_id, CONDUCT, prices, now)
            if not found.reckoned.done or found.reckoned.counted.total != people:
                raise ValueError("the sheet is not whole")
            return found

        run_id = await full_ledger(database, campaign_id, now)
        later = now + timedelta(days=2)
        figures = await counted(database, lambda session: gathering.step(session, run_id, later))

        async def read_report(session: Session) -> object:
            parts = await gathering.of_campaign(session, campaign_id, later)
            rows, _place = await report.page(session, campaign_id, limit=FIRST_PAGE)
            if parts[0].share < 1 or parts[0].figures.people != people or len(rows) < FIRST_PAGE:
                raise ValueError("the report is not whole")
            return together(part.figures for part in parts), rows

        sheets = await read_often(database, read_sheet)
        return Measured(sheet, figures, sheets, await read_often(database, read_report))
    finally:
        await database.close()


async def full_ledger(database: Database, campaign_id: int, now: datetime) -> int:
    """A run whose rows have all settled; gives its id."""
    contents = {
        language: wording.content(campaign_id) for language, wording in DRAFT.contents.items()
    }
    async with database.write() as session:
        new = NewRun(campaign_id, now, contents, DRAFT.topic, CHANNELS, audience=DRAFT.audience)
        made = await runs.open_run(session, new, now)
    if made is None:
        raise LookupError("the run of the bench is there already")
    run_id = made
    await counted(database, lambda session: running.freeze_step(session, run_id, now))
    async with database.read() as session:
        at = AT[session.is_sqlite]
    await run_all(database, *(line.format(at=at, campaign=campaign_id) for line in SETTLED))
    return run_id


async def run_all(database: Database, *statements: str) -> None:
    for statement in statements:
        async with database.write() as session:
            await session.execute(text(statement))
    async with database.write() as session:
        # As the databases do by themselves after changes of this size.
        await session.execute(text("ANALYZE"))
        if not session.is_sqlite:
            return
    with sqlite3.connect(database.writer.url.database or "") as plain:
        # Else the first unit that is measured would have to put all of it in its place.
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    plain.close()


async def measure(scale: Scale) -> list[Result]:
    """On both databases."""
    found = {"SQLite": await once(await sqlite_crowd(scale.people, "figures"), scale.people)}
    with postgres() as server:
        found["PostgreSQL"] = await once(await server.crowd(scale.people), scale.people)
    return [
        result for where, measured in found.items() for result in _results(where, measured, scale)
    ]


def _results(where: str, measured: Measured, scale: Scale) -> list[Result]:
    size = f"{scale.people:,} on {where}"
    pages = {
        "first page of the sheet": measured.sheet_reads,
        "first page of the report": measured.report_reads,
    }
    countings = {"sheet": measured.sheet, "report": measured.figures}
    results = []
    for what, waits in pages.items():
        p95 = quantiles(waits, n=20, method="inclusive")[-1]
        results.append(
            Result(
                f"figures: {what}, {size}, p95 of {len(waits)}",
                p95,
                "ms",
                PAGE_MS,
                "at most the reference",
                p95 <= PAGE_MS,
                spread=(min(waits), max(waits)),
            )
        )
    for what, counting in countings.items():
        results += [
            Result(
                f"figures: a unit while the {what} is counted, {size}, p99",
                counting.p99,
                "ms",
                UNIT_MS,
                "at most the reference",
                counting.p99 <= UNIT_MS,
                spread=(median(counting.units), max(counting.units)),
            ),
            Result(
                f"figures: counting for the {what} in the background, {size}",
                counting.took,
                "seconds",
                0,
                "none set",
                True,
            ),
        ]
    return results
