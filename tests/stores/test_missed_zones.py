"""A time by the recipients' clocks, when nothing ran as it came for the first of them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from campaigns import service
from campaigns.conduct import Conduct
from campaigns.model import CampaignState
from campaigns.schedule.model import AtLocal
from db.session import Database
from delivery import runs
from delivery.claims import claim
from delivery.model import Lane, Skip, State
from delivery.runs import RunState
from delivery.store import message
from kit.errors import Refused
from staff import store as staff
from staff.model import Method, Role
from tests.stores.campaign_course import HOUR, MINUTE, SMS, TEST, leave, look
from tests.stores.campaign_ledger import outcomes, rows_of
from tests.stores.campaign_people import (
    NOON,
    Person,
    a_draft,
    approved,
    only_run,
    people_in,
    state_of,
)
from tests.stores.sending_rig import phone

WALL = datetime(2026, 11, 24, 10)  # noqa: DTZ001 — on every wall
IN_NEW_YORK = WALL.replace(tzinfo=ZoneInfo("America/New_York"))
IN_TIJUANA = WALL.replace(tzinfo=ZoneInfo("America/Tijuana"))
SHORT = timedelta(hours=1)


async def two_coasts(database: Database, stale_after: timedelta | None) -> tuple[int, int, int]:
    """A campaign for ten o'clock everywhere, one in New York and one in Tijuana."""
    east, west = await people_in(
        database,
        Person(about={"zone": "America/New_York"}),
        Person(about={"zone": "America/Tijuana"}),
    )
    async with database.write() as session:
        office = Method(phone(90), confirmed_at=NOON)
        await staff.add(session, "Ana", "ana@example.org", Role.ADMIN, "Luz", [office], NOON)
    draft = a_draft(channels=(SMS,), schedule=AtLocal(WALL), stale_after=stale_after)
    return await approved(database, draft), east, west


async def told(database: Database) -> int:
    async with database.read() as session:
        of_none = select(func.count()).where(message.c.run_id.is_(None))
        return int(await session.scalar(of_none))


async def test_an_hour_missed_in_the_east_is_kept_in_the_west(database: Database) -> None:
    campaign_id, east, west = await two_coasts(database, SHORT)
    back = IN_NEW_YORK + SHORT + MINUTE
    await look(database, back)
    assert await outcomes(database, campaign_id) == {
        east: (SMS, State.SKIPPED, Skip.STALE),
        west: (SMS, State.PENDING, None),
    }
    assert await leave(database, back) == 0
    assert await leave(database, IN_TIJUANA) == 1
    assert await told(database) == 1
    await look(database, IN_TIJUANA + MINUTE)
    assert await state_of(database, campaign_id) is CampaignState.DONE


@pytest.mark.parametrize(("late", "state"), [(6, State.PENDING), (6.1, State.SKIPPED)])
async def test_without_stale_after_the_usual_grace_holds_in_each_zone(
    database: Database, late: float, state: State
) -> None:
    campaign_id, east, west = await two_coasts(database, None)
    await look(database, IN_NEW_YORK + late * HOUR)
    rows = await rows_of(database, campaign_id)
    assert (rows[east]["state"], rows[west]["state"]) == (state, State.PENDING)
    assert await told(database) == (state is State.SKIPPED)


async def test_a_time_that_is_over_everywhere_is_missed_as_a_whole(database: Database) -> None:
    campaign_id, _, _ = await two_coasts(database, SHORT)
    await look(database, IN_TIJUANA + SHORT + MINUTE)
    assert (await only_run(database, campaign_id)).state is RunState.MISSED
    assert await state_of(database, campaign_id) is CampaignState.DONE


async def test_in_time_nobody_is_left_out_and_nobody_is_told(database: Database) -> None:
    campaign_id, east, west = await two_coasts(database, SHORT)
    await look(database, IN_NEW_YORK + MINUTE)
    assert await leave(database, IN_NEW_YORK + MINUTE) == 1
    assert await leave(database, IN_TIJUANA) == 1
    rows = await rows_of(database, campaign_id)
    assert {rows[east]["state"], rows[west]["state"]} == {State.SENT}
    assert await told(database) == 0


async def test_what_waits_too_long_in_the_east_does_not_leave_there_any_more(
    database: Database,
) -> None:
    campaign_id, east, west = await two_coasts(database, SHORT)
    await look(database, IN_NEW_YORK)
    async with database.read() as session:
        (run,) = await runs.of_campaign(session, campaign_id)
    assert run.stale_in("America/New_York") == IN_NEW_YORK + SHORT
    assert run.stale_in("America/Tijuana") == run.stale_at == IN_TIJUANA + SHORT
    async with database.write() as session:
        assert (await claim(session, Lane.BULK, SMS, 9, TEST, IN_NEW_YORK + SHORT)).rows == ()
    assert (await outcomes(database, campaign_id))[east][1:] == (State.SKIPPED, Skip.STALE)
    assert await leave(database, IN_TIJUANA) == 1
    assert (await outcomes(database, campaign_id))[west][1] == State.SENT


def test_how_late_somebody_may_begin_is_the_shorter_of_grace_and_staleness() -> None:
    draft = a_draft(schedule=AtLocal(WALL), stale_after=SHORT)
    assert Conduct().grace_of(draft) == SHORT
    assert Conduct().grace_of(a_draft(schedule=AtLocal(WALL))) == timedelta(hours=6)


async def test_what_was_missed_everywhere_reaches_everybody_when_a_person_starts_it(
    database: Database,
) -> None:
    campaign_id, _, _ = await two_coasts(database, None)
    late = IN_TIJUANA + 7 * HOUR
    await look(database, late)
    assert await state_of(database, campaign_id) is CampaignState.APPROVED
    async with database.write() as session:
        await service.start(session, campaign_id, None, late)
    await look(database, late)
    assert await leave(database, late) == 2
    assert await told(database) == 1, "that it was missed, and nothing more"


@pytest.mark.parametrize(("hours", "state"), [(1.5, State.SKIPPED), (0.5, State.PENDING)])
async def test_a_person_who_starts_it_decides_for_those_for_whom_it_is_not_stale(
    database: Database, hours: float, state: State
) -> None:
    east, west = await people_in(
        database,
        Person(about={"zone": "America/New_York"}),
        Person(about={"zone": "America/Tijuana"}),
    )
    now = IN_NEW_YORK + hours * HOUR
    draft = a_draft(channels=(SMS,), schedule=AtLocal(WALL), stale_after=SHORT)
    campaign_id = await approved(database, draft, now)
    assert await state_of(database, campaign_id) is CampaignState.APPROVED
    async with database.write() as session:
        await service.start(session, campaign_id, None, now)
    await look(database, now)
    rows = await rows_of(database, campaign_id)
    assert (rows[east]["state"], rows[west]["state"]) == (state, State.PENDING)


async def test_it_can_be_resumed_as_long_as_it_is_worth_it_for_somebody(
    database: Database,
) -> None:
    campaign_id, _, _ = await two_coasts(database, SHORT)
    async with database.write() as session:
        await service.pause(session, campaign_id, None, NOON)
    with pytest.raises(Refused):
        async with database.write() as session:
            await service.resume(session, campaign_id, None, IN_TIJUANA + SHORT)
    async with database.write() as session:
        await service.resume(session, campaign_id, None, IN_NEW_YORK + SHORT + MINUTE)
    await look(database, IN_NEW_YORK + SHORT + MINUTE)
    assert await leave(database, IN_TIJUANA) == 1


async def test_where_nobody_lives_in_the_usual_zone_a_time_is_over_with_its_people(
    database: Database,
) -> None:
    await people_in(database, Person(about={"zone": "America/New_York"}))
    draft = a_draft(channels=(SMS,), schedule=AtLocal(WALL), stale_after=SHORT)
    campaign_id = await approved(database, draft)
    await look(database, IN_NEW_YORK + SHORT + MINUTE)
    assert (await only_run(database, campaign_id)).state is RunState.MISSED
