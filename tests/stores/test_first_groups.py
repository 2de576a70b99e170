"""The first few of a campaign, and mornings after the quiet hours: who gets it when."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from campaigns import service
from campaigns.brakes.cohort import Cohort
from campaigns.conduct import AT_ONCE, Conduct
from campaigns.schedule.model import AtLocal, Every
from db.session import Database
from delivery import claims
from delivery.claims import Claimant, claim
from delivery.model import Lane
from delivery.quiet import Hours
from kit.channels import Channel
from tests.stores.campaign_course import leave, look
from tests.stores.campaign_people import (
    NOON,
    Person,
    a_draft,
    a_member,
    approved,
    people_in,
    senders_in,
    started,
)
from tests.stores.sending_rig import Way

SMS = Channel.SMS
MINUTE = timedelta(minutes=1)
MEXICO, TIJUANA, NEW_YORK = "America/Mexico_City", "America/Tijuana", "America/New_York"
TEN = datetime(2026, 11, 24, 10)  # noqa: DTZ001
CIVIL = Conduct(hours=Hours())
PEOPLE = 90
FEW = range(5, 40)
"""A fifth of ninety, more or less."""
TEST = Claimant("test")
TO_FEW_FIRST = replace(a_draft(channels=(SMS,)), cohort=Cohort(share=2_000))


async def course(
    database: Database, since: datetime, hours: int, conduct: Conduct = AT_ONCE
) -> dict[datetime, int]:
    """How many got it when, of a clock that looks every ten minutes."""
    got = {}
    for minutes in range(0, hours * 60, 10):
        now = since + minutes * MINUTE
        await look(database, now, conduct)
        sent = await leave(database, now)
        if sent:
            got[now] = sent
    return got


def few_and_then_all(got: dict[datetime, int], began: datetime) -> bool:
    """Whether a few of the people got it when it began, and the others half an hour later."""
    few = got.get(began, 0)
    return few in FEW and got == {began: few, began + 30 * MINUTE: PEOPLE - few}


async def test_what_begins_at_night_leaves_to_the_first_few_in_the_morning(
    database: Database,
) -> None:
    await senders_in(database, Way(SMS))
    await people_in(database, *[Person(about={"zone": MEXICO})] * PEOPLE)
    night = datetime(2026, 11, 24, 20, 30, tzinfo=ZoneInfo(MEXICO))
    author, reader = await a_member(database, 1), await a_member(database, 2)
    async with database.write() as session:
        campaign_id = await service.create(session, TO_FEW_FIRST, author, night)
        await service.approve(session, campaign_id, reader, night, CIVIL)
        await service.start(session, campaign_id, None, night, CIVIL)
    got = await course(database, night, 14, CIVIL)
    assert few_and_then_all(got, datetime(2026, 11, 25, 9, tzinfo=ZoneInfo(MEXICO))), got


async def test_the_others_wait_for_the_first_few_of_the_westernmost_zone(
    database: Database,
) -> None:
    await senders_in(database, Way(SMS))
    west, east = Person(about={"zone": TIJUANA}), Person(about={"zone": NEW_YORK})
    await people_in(database, *[west] * PEOPLE, east)
    await approved(database, replace(TO_FEW_FIRST, schedule=AtLocal(TEN)))
    began = TEN.replace(tzinfo=ZoneInfo(NEW_YORK))
    got = await course(database, began, 5)
    # The one in the east is of the first few, by their number.
    assert got.pop(began) == 1
    assert few_and_then_all(got, TEN.replace(tzinfo=ZoneInfo(TIJUANA))), got


async def test_the_others_wait_while_a_provider_puts_the_first_few_off(
    database: Database,
) -> None:
    await senders_in(database, Way(SMS))
    await people_in(database, *[Person()] * PEOPLE)
    await started(database, TO_FEW_FIRST)
    await look(database, NOON)
    later = NOON + 40 * MINUTE
    async with database.write() as session:
        told = (await claim(session, Lane.BULK, SMS, 1_000, TEST, NOON)).rows
        await claims.release(session, [row.id for row in told], NOON, later)
    got = await course(database, NOON + 10 * MINUTE, 1)
    few = len(told)
    assert few in FEW
    assert got == {later: few, later + 10 * MINUTE: PEOPLE - few}


async def test_what_comes_every_hour_comes_once_in_the_morning(database: Database) -> None:
    await senders_in(database, Way(SMS))
    await people_in(database, Person(about={"zone": MEXICO}))
    hourly = Every(1, "hours", datetime(2026, 11, 23, 7), MEXICO)  # noqa: DTZ001
    evening = datetime(2026, 11, 23, 18, tzinfo=ZoneInfo(MEXICO))
    await approved(database, a_draft(schedule=hourly), evening)
    got = await course(database, evening, 17, CIVIL)
    clock = [(at.strftime("%H:%M"), sent) for at, sent in got.items()]
    assert clock == [("19:00", 1), ("09:00", 1), ("10:00", 1)]
