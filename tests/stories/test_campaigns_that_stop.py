"""A campaign is paused, cancelled, or loses its sender: what is claimed is seen to, nobody gets it
twice, and calls for help go on."""

import asyncio
from collections import Counter

from campaigns import service, standing
from campaigns.model import CampaignState
from campaigns.standing import Status
from db.session import Database
from delivery.model import State
from staff.model import Role
from tests.standins.faults import Fault
from tests.standins.telegram_errors import refusal
from tests.stories.test_campaigns import approved, chat, start, subscriber
from tests.stories.world import World, world_of

PEOPLE = range(900_300, 900_330)
MOTHER, ANAS_PHONE, ADMINS_PHONE = "+12135550121", "+12135550131", "+12135550141"
ANA = 900_001
SLOW = 10
"""Messages a second: a run to all of them lasts for three seconds."""


async def begun(world: World) -> int:
    """A campaign to all of them whose first message hangs at the provider, and some have left."""
    for number in PEOPLE:
        await subscriber(world, chat(number))
    campaign_id = await approved(world)
    world.telegram.faults.next(Fault.hang(taken=True))
    async with world.database.write() as session:
        await service.start(session, campaign_id, None, world.platform.clock.now())
    await world.telegram.wait_for_message(PEOPLE[4])
    return campaign_id


async def where(world: World, campaign_id: int) -> Status:
    async with world.database.read() as session:
        return await standing.status(session, campaign_id, world.platform.clock.now())


async def comes_to_rest(world: World) -> int:
    """How many have left two seconds after it was said to stop; then no more do."""
    await asyncio.sleep(2)
    left = len(world.telegram.sent)
    await asyncio.sleep(1)
    assert len(world.telegram.sent) == left < len(PEOPLE)
    return left


async def until(world: World, campaign_id: int, state: CampaignState) -> None:
    """Let time pass until a campaign stands so; a process learns of a mended sender in seconds."""
    for _ in range(20):
        await asyncio.sleep(0.5)
        await world.later(minutes=1)
        if (await where(world, campaign_id)).campaign.state is state:
            return
    raise AssertionError(f"a campaign that is never {state}")


def copies(world: World) -> list[int]:
    """How many copies each of them has got."""
    got = Counter(sent.chat_id for sent in world.telegram.take_unexpected())
    return [got[number] for number in PEOPLE]


async def test_a_pause_holds_within_two_seconds_and_a_resume_sends_the_rest_once(
    database: Database,
) -> None:
    async with world_of(database, telegram_rate=SLOW) as world:
        campaign_id = await begun(world)
        async with world.database.write() as session:
            await service.pause(session, campaign_id, None, world.platform.clock.now())
        left = await comes_to_rest(world)
        counts = (await where(world, campaign_id)).counts
        assert counts[State.SENDING] == 1, "what is with the provider cannot be called back"
        assert counts[State.SENT] == left - 1
        assert counts[State.PENDING] == len(PEOPLE) - left
        world.telegram.faults.release()
        await world.platform.settle()
        async with world.database.write() as session:
            await service.resume(session, campaign_id, None, world.platform.clock.now())
        await world.platform.settle()
        assert copies(world) == [1] * len(PEOPLE)
        status = await where(world, campaign_id)
        assert status.campaign.state is CampaignState.DONE


async def test_a_cancel_holds_within_two_seconds_and_what_had_left_is_accounted_for(
    database: Database,
) -> None:
    async with world_of(database, telegram_rate=SLOW) as world:
        campaign_id = await begun(world)
        async with world.database.write() as session:
            await service.cancel(session, campaign_id, None, world.platform.clock.now())
        left = await comes_to_rest(world)
        world.telegram.faults.release()
        await world.platform.settle()
        await world.later(hours=1)
        assert sum(copies(world)) == left
        status = await where(world, campaign_id)
        assert status.campaign.state is CampaignState.CANCELLED
        counts = {state: count for state, count in status.counts.items() if count}
        assert counts == {State.SENT: left, State.SKIPPED: len(PEOPLE) - left}


async def test_a_revoked_token_pauses_its_campaign_and_stops_no_call_for_help(
    world: World,
) -> None:
    await world.duty("Ana", chat=ANA, phone=ANAS_PHONE)
    await world.duty("Admina", phone=ADMINS_PHONE, role=Role.ADMIN)
    for number in PEOPLE:
        await subscriber(world, chat(number))
    campaign_id = await approved(world)
    world.telegram.faults.sometimes(refusal(401, "Unauthorized"), 1.0, seed=0)
    await start(world, campaign_id)
    told = await world.phone(ADMINS_PHONE).reads("no puede enviar")
    assert "telegram" in told.body
    assert "401" in told.body
    status = await where(world, campaign_id)
    assert status.campaign.state is CampaignState.PAUSED
    assert status.counts[State.PENDING] == len(PEOPLE), "a broken sender is no fault of a row"

    await world.phone(MOTHER).says("SOS")
    await world.phone(MOTHER).reads("Recibido, folio")
    await world.phone(ANAS_PHONE).reads("GUARDIA: caso")
    await world.later(minutes=1)
    world.nothing_else()

    world.telegram.faults.clear()
    await world.later(minutes=2)
    await world.chat(ANA).reads("GUARDIA: caso")
    await world.phone(ADMINS_PHONE).reads("ya envia otra vez")
    world.nothing_else()
    async with world.database.write() as session:
        await service.resume(session, campaign_id, None, world.platform.clock.now())
    await world.platform.settle()
    await world.later(seconds=30)
    assert copies(world) == [1] * len(PEOPLE)
    assert (await where(world, campaign_id)).campaign.state is CampaignState.DONE


async def test_a_campaign_that_is_resumed_too_early_is_paused_again_and_told_again(
    world: World,
) -> None:
    await world.duty("Admina", phone=ADMINS_PHONE, role=Role.ADMIN)
    for number in PEOPLE:
        await subscriber(world, chat(number))
    campaign_id = await approved(world)
    world.telegram.faults.sometimes(refusal(401, "Unauthorized"), 1.0, seed=0)
    await start(world, campaign_id)
    await world.phone(ADMINS_PHONE).reads("no puede enviar")
    async with world.database.write() as session:
        await service.resume(session, campaign_id, None, world.platform.clock.now())
    await until(world, campaign_id, CampaignState.PAUSED)
    await world.phone(ADMINS_PHONE).reads("no puede enviar")
    world.nothing_else()
    world.telegram.faults.clear()
    async with world.database.write() as session:
        await service.resume(session, campaign_id, None, world.platform.clock.now())
    await until(world, campaign_id, CampaignState.DONE)
    assert copies(world) == [1] * len(PEOPLE)
