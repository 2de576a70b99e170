"""The platform is started anew in every state of a case."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Self

import httpx
import pytest

from alerts.model import CaseState
from app.web import web_of
from app.wiring import Platform
from db.engine import open_database
from db.session import Database
from kit.clock import Clock
from tests.databases import keyring
from tests.standins.telegram import TelegramStandIn
from tests.standins.twilio import TwilioStandIn
from tests.stories.duty_rig import ANA, ANAS_PHONE, EVA, MOTHER, TO_NIGHT, in_hand
from tests.stories.test_calling_for_help import only_case
from tests.stories.test_safety_of_the_person import drop
from tests.stories.world import PUBLIC_URL, START, World, story_settings


@dataclass
class Lives:
    """One installation, whose platform is stopped and started anew on the same database."""

    database: Database
    telegram: TelegramStandIn
    twilio: TwilioStandIn
    clock: Clock
    world: World | None = None
    _open: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def begin(self) -> Self:
        """Start the platform."""
        settings = story_settings(self.telegram.url, self.twilio.url)
        database = open_database(self.database.writer.url, keyring())
        platform = Platform(settings, database, Clock(self.clock.offset))
        await platform.start()
        self._open.push_async_callback(platform.stop)
        transport = httpx.ASGITransport(app=web_of(platform))
        http = httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL)
        await self._open.enter_async_context(http)
        self.world = World(platform, self.telegram, self.twilio, http)
        return self

    async def end(self) -> None:
        """Stop it as an operator does."""
        if self.world is not None:
            self.clock.move(self.world.platform.clock.offset - self.clock.offset)
        await self._open.aclose()
        self._open = AsyncExitStack()

    async def anew(self, **down: float) -> World:
        """Stop it, let time pass without it, start it."""
        await self.end()
        self.clock.move(timedelta(**down))
        await self.begin()
        await self.here.platform.settle()
        return self.here

    @property
    def here(self) -> World:
        """What runs now."""
        assert self.world is not None
        return self.world


@pytest.fixture
async def lives(database: Database) -> AsyncIterator[Lives]:
    clock = Clock()
    clock.move(START - clock.now())
    async with TelegramStandIn(now=clock.now) as telegram, TwilioStandIn(now=clock.now) as twilio:
        made = await Lives(database, telegram, twilio, clock).begin()
        try:
            yield made
            made.here.nothing_else()
        finally:
            await made.end()


async def test_a_case_that_waits_for_its_next_page_gets_it_after_a_new_start(lives: Lives) -> None:
    world = lives.here
    await world.duty("Ana", chat=ANA)
    await world.duty("Eva", chat=EVA)
    await world.phone(MOTHER).says("SOS")
    drop(world)
    world = await lives.anew(minutes=2)
    world.nothing_else()
    await world.later(minutes=3, seconds=1)
    await world.chat(EVA).reads("GUARDIA: caso")
    world.nothing_else()
    world = await lives.anew(minutes=30)
    for chat in (ANA, EVA):
        await world.chat(chat).reads("nadie tiene el caso")
    await world.phone(MOTHER).reads("nadie tiene su caso")
    world.nothing_else()


async def test_a_case_that_found_nobody_pages_who_is_there_after_a_new_start(lives: Lives) -> None:
    await lives.here.phone(MOTHER).says("SOS")
    drop(lives.here)
    world = await lives.anew(minutes=3)
    await world.duty("Ana", chat=ANA)
    await world.later(minutes=2, seconds=1)
    await world.chat(ANA).reads("GUARDIA: caso")


@pytest.mark.parametrize("down", [9, 16])
async def test_a_lease_runs_on_while_the_platform_is_down(lives: Lives, down: int) -> None:
    await in_hand(lives.here, lives.here.phone(MOTHER))
    world = await lives.anew(minutes=down)
    if down < 10:
        world.nothing_else()
        await world.later(minutes=10 - down, seconds=1)
        await world.chat(ANA).reads("en 5 min avisamos")
        world = await lives.anew(minutes=1)
        world.nothing_else()
        await world.later(minutes=4)
    await world.chat(ANA).reads("ya no es suyo")
    await world.chat(EVA).reads("GUARDIA: caso")
    world.nothing_else()
    world = await lives.anew(minutes=1)
    world.nothing_else()
    assert (await only_case(world)).state is CaseState.OPEN


async def test_a_pause_outlasts_a_new_start(lives: Lives) -> None:
    case = await in_hand(lives.here, lives.here.phone(MOTHER))
    await lives.here.chat(ANA).says(f"Z {case.folio} 3 espero al consulado")
    drop(lives.here)
    world = await lives.anew(hours=2)
    await world.later(minutes=50)
    world.nothing_else()
    await world.later(minutes=10)
    await world.chat(ANA).reads("ya no es suyo")
    await world.chat(EVA).reads("GUARDIA: caso")


async def test_a_case_that_can_wait_is_paged_at_opening_after_a_new_start(lives: Lives) -> None:
    world = lives.here
    await world.later(hours=TO_NIGHT)
    await world.duty("Ana", chat=ANA)
    await world.phone(MOTHER).says("emergencia")
    await world.chat(ANA).says(f"E {(await only_case(world)).folio}")
    drop(world)
    world = await lives.anew(hours=4)
    world.nothing_else()
    world = await lives.anew(hours=5)
    await world.chat(ANA).reads("GUARDIA: ")


async def test_a_closed_case_and_a_silenced_one_stay_so_after_a_new_start(lives: Lives) -> None:
    case = await in_hand(lives.here, lives.here.phone(MOTHER))
    await lives.here.phone(MOTHER).says("SALIR")
    await lives.here.chat(ANA).says(f"C {case.folio} atendida")
    drop(lives.here)
    world = await lives.anew(hours=20)
    world.nothing_else()
    await world.phone(MOTHER).says("otra vez")
    await world.chat(ANA).reads("se abre de nuevo")
    await world.chat(ANA).reads("GUARDIA: caso")
    world = await lives.anew(minutes=20)
    await world.chat(EVA).reads("GUARDIA: caso")
    world.nothing_else()
    assert (await only_case(world)).silenced


async def test_a_bundle_and_a_second_method_that_wait_leave_after_a_new_start(
    lives: Lives,
) -> None:
    world = lives.here
    await world.duty("Ana", chat=ANA, phone=ANAS_PHONE)
    for number in range(5):
        await world.phone(f"+121355501{40 + number}").says("SOS")
    drop(world)
    world = await lives.anew(seconds=20)
    await world.chat(ANA).reads("casos sin nadie: 5.")
    world.nothing_else()
    world = await lives.anew(minutes=1)
    for _ in range(3):
        await world.phone(ANAS_PHONE).reads("GUARDIA: caso")
    world = await lives.anew(seconds=30)
    await world.phone(ANAS_PHONE).reads("casos sin nadie: 5")
