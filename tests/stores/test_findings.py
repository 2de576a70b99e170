"""What the tables tell of the platform's health."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from alerts import store as cases
from alerts import timers
from alerts.canary import findings
from alerts.model import Timer
from app.selfwatch import since_beat, unprocessed
from bot.inbox import store as arrivals
from db.session import Database, Session
from delivery import senders
from delivery.content import Content
from delivery.model import Lane, NewMessage, State
from delivery.service import queue
from delivery.store import message
from engine import store as leases
from engine.store import lease
from kit.channels import Channel, Endpoint
from kit.clock import Clock
from tests.stores.case_rig import NOW, a_case
from tests.stores.sending_rig import Way

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
STRANGER = Endpoint(Channel.SMS, "+12135550111")


async def test_a_case_without_owner_and_without_a_page_due_is_found(database: Database) -> None:
    async with database.write() as session:
        made = (await a_case(session, STRANGER)).id
        await timers.put(session, made, Timer.PAGE, NOW + 5 * MINUTE, NOW)
        assert (await findings.cases(session, NOW)).good
        late = await findings.cases(session, NOW + 7 * MINUTE)
        await timers.drop(session, made, Timer.PAGE)
        none = await findings.cases(session, NOW + MINUTE)
        await cases.change(session, made, {"state": "acknowledged"})
        assert (await findings.cases(session, NOW + MINUTE)).good
    assert (late.good, dict(late.detail)) == (False, {"rows": 1, "seconds": 120})
    assert (none.good, dict(none.detail)) == (False, {"rows": 1, "seconds": 60})


async def queued(session: Session, channel: Channel, lane: Lane = Lane.URGENT) -> int:
    to = STRANGER if channel is Channel.SMS else Endpoint(channel, "900001")
    return await queue(session, NewMessage((to,), Content("a", "a"), lane), NOW)


@pytest.mark.parametrize("lane", [Lane.URGENT, Lane.REPLY])
async def test_rows_that_nobody_sends_are_found_after_thirty_seconds(
    database: Database, lane: Lane
) -> None:
    async with database.write() as session:
        await senders.register(session, [Way(Channel.SMS)], NOW)
        await queued(session, Channel.SMS, lane)
        assert (await findings.lane(session, NOW + 29 * SECOND)).good
        found = await findings.lane(session, NOW + 45 * SECOND)
    assert (found.good, dict(found.detail)) == (False, {"rows": 1, "seconds": 45})


async def test_rows_of_a_sender_that_is_shut_make_no_lane_stand_still(database: Database) -> None:
    later = NOW + 60 * SECOND
    async with database.write() as session:
        await senders.register(session, [Way(Channel.SMS), Way(Channel.TELEGRAM)], NOW)
        await queued(session, Channel.SMS)
        await senders.pause(session, "sms", NOW + timedelta(hours=1))
        assert (await findings.lane(session, later)).good
        assert (await findings.broken(session, later)).good
        await queued(session, Channel.TELEGRAM)
        assert dict((await findings.lane(session, later)).detail)["rows"] == 1
        for _ in range(3):
            await senders.note_failure(session, "telegram", "401", NOW)
        assert (await findings.lane(session, later)).good
        broken = await findings.broken(session, later)
    assert (broken.good, dict(broken.detail)) == (False, {"senders": "telegram"})


async def test_what_a_campaign_has_pending_makes_no_lane_stand_still(database: Database) -> None:
    async with database.write() as session:
        await queued(session, Channel.SMS, Lane.BULK)
        assert (await findings.lane(session, NOW + timedelta(hours=1))).good


@pytest.mark.parametrize("state", [State.SENDING, State.UNCERTAIN])
async def test_an_urgent_row_of_which_nobody_knows_is_found_for_a_day(
    database: Database, state: State
) -> None:
    async with database.write() as session:
        await queued(session, Channel.SMS)
        await session.execute(update(message).values(state=state, claimed_at=NOW))
        assert (await findings.unsettled(session, NOW + MINUTE)).good
        assert not (await findings.unsettled(session, NOW + 2 * MINUTE)).good
        assert (await findings.unsettled(session, NOW + timedelta(hours=25))).good


async def test_an_arrival_that_nobody_processes_is_found(database: Database) -> None:
    async with database.write() as session:
        kept = await arrivals.keep(session, Channel.SMS, "SM1", "{}", NOW)
        assert kept is not None
        assert (await unprocessed(session, NOW + 59 * SECOND)).good
        found = await unprocessed(session, NOW + 90 * SECOND)
        await arrivals.put_off(session, kept, 1, "OSError", NOW + 90 * SECOND)
        assert (await unprocessed(session, NOW + 91 * SECOND)).good, "it waits for its next try"
        await arrivals.settle(session, kept, arrivals.InboundState.PROCESSED)
        assert (await unprocessed(session, NOW + timedelta(hours=1))).good
    assert (found.good, dict(found.detail)) == (False, {"rows": 1, "seconds": 90})


async def test_the_age_of_the_last_beat_is_told_by_the_clock_of_leases(
    database: Database,
) -> None:
    async with database.write() as session:
        assert await since_beat(session) is None
        await leases.take(session, "reconcile", "me", timedelta(seconds=4))
        fresh = await since_beat(session)
        stopped = Clock().now() - timedelta(seconds=16)
        await session.execute(update(lease).values(until=stopped))
        old = await since_beat(session)
    assert fresh is not None
    assert fresh < 3 * SECOND
    assert old is not None
    assert 20 * SECOND <= old < 25 * SECOND
