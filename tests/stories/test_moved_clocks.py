"""The clock of the platform is put forward and back."""

import asyncio

from alerts.model import EntryKind, Urgency
from tests.patience import PATIENCE
from tests.stories.duty_rig import (
    ANA,
    ANAS_PHONE,
    EVA,
    MOTHER,
    SON,
    TO_NIGHT,
    in_hand,
    lines,
    owner_of,
)
from tests.stories.test_calling_for_help import only_case
from tests.stories.test_safety_of_the_person import drop
from tests.stories.world import World


async def test_a_clock_put_far_forward_pages_once_and_not_for_every_turn_it_passed(
    world: World,
) -> None:
    await world.duty("Ana", chat=ANA)
    await world.duty("Eva", chat=EVA)
    await world.phone(MOTHER).says("SOS")
    drop(world)
    await world.later(days=3)
    await world.phone(MOTHER).reads("nadie tiene su caso")
    pages = world.telegram.take_unexpected()
    assert 1 <= len(pages) <= 2
    assert len(await lines(world, await only_case(world), EntryKind.PAGED)) <= 3


async def test_a_clock_put_forward_past_a_lease_ends_it_without_a_late_reminder(
    world: World,
) -> None:
    await in_hand(world, world.phone(MOTHER))
    await world.later(days=3)
    await world.chat(ANA).reads("ya no es suyo")
    await world.chat(EVA).reads("GUARDIA: caso")
    world.nothing_else()


async def test_a_chat_is_answered_at_once_when_the_clock_was_put_back(world: World) -> None:
    await world.chat(SON).says("/ayuda")
    await world.chat(SON).reads("¿Corre peligro?")
    await world.later(hours=-3)
    async with asyncio.timeout(PATIENCE):
        await world.chat(SON).says("SOS")
    await world.chat(SON).reads("Recibido")


async def test_a_clock_put_back_does_not_end_the_pages(world: World) -> None:
    await world.duty("Ana", chat=ANA)
    await world.duty("Eva", chat=EVA)
    await world.phone(MOTHER).says("SOS")
    await world.chat(ANA).reads("GUARDIA: caso")
    drop(world)
    await world.later(hours=-3)
    world.nothing_else()
    await world.later(minutes=5, seconds=1)
    await world.chat(EVA).reads("GUARDIA: caso")
    world.nothing_else()
    await world.later(minutes=5)
    await world.phone(MOTHER).reads("911")
    drop(world)


async def test_a_clock_put_back_gives_an_owner_no_more_than_their_time(world: World) -> None:
    case = await in_hand(world, world.phone(MOTHER))
    await world.later(hours=-30)
    world.nothing_else()
    await world.later(minutes=15, seconds=1)
    await world.chat(ANA).reads("ya no es suyo")
    await world.chat(EVA).reads("GUARDIA: caso")
    assert await owner_of(world, case.folio) is None
    drop(world)


async def test_clocks_that_differ_a_little_change_nothing(world: World) -> None:
    await world.duty("Ana", chat=ANA)
    await world.duty("Eva", chat=EVA)
    await world.phone(MOTHER).says("SOS")
    drop(world)
    await world.later(seconds=-50)
    await world.later(minutes=5, seconds=40)
    world.nothing_else()
    await world.later(seconds=11)
    await world.chat(EVA).reads("GUARDIA: caso")
    drop(world)


async def test_a_case_that_can_wait_is_paged_at_an_opening_that_comes_twice(world: World) -> None:
    await world.later(hours=TO_NIGHT)
    await world.duty("Ana", phone=ANAS_PHONE)
    await world.phone(MOTHER).says("emergencia")
    await world.phone(ANAS_PHONE).says(f"E {(await only_case(world)).folio}")
    drop(world)
    await world.later(hours=9)
    await world.phone(ANAS_PHONE).reads("GUARDIA: ")
    await world.later(hours=-4)
    drop(world)
    assert (await only_case(world)).urgency is Urgency.CAN_WAIT
    await world.later(hours=4, minutes=10)
    await world.phone(ANAS_PHONE).reads("GUARDIA: ")
    drop(world)
