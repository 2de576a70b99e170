"""A key is pressed while somebody else accepts: one has the case, and both are told."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from alerts import ownership, store
from db.session import Database
from tests.stories.duty_rig import ANAS_PHONE, EVAS_PHONE, member_of, owner_of
from tests.stories.test_calls_that_wake import VOICE_NUMBER, called, guard, settled
from tests.stories.test_safety_of_the_person import drop
from tests.stories.world import World, world_of


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    async with world_of(database, voice_from=VOICE_NUMBER) as made:
        yield made


async def test_a_key_waits_for_an_acceptance_and_neither_stops_the_other(world: World) -> None:
    await guard(world, "Ana", ANAS_PHONE)
    await guard(world, "Eva", EVAS_PHONE)
    folio = await called(world)
    await world.twilio.answers(ANAS_PHONE)
    eva = await member_of(world, "Eva")
    async with world.database.write() as session:
        case = await store.by_folio(session, folio)
        assert case is not None
        pressing = asyncio.create_task(world.twilio.presses("1"))
        # Long enough for the key to take hold of whatever it takes first.
        await asyncio.sleep(0.5)
        assert not pressing.done()
        await ownership.accept(session, case, eva, world.platform.clock.now())
    assert "Ya lo tiene otra persona" in await pressing
    await settled(world)
    assert await owner_of(world, folio) == "Eva"
    drop(world)
