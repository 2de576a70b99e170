"""Home and attentions in a browser: what waits comes by itself, and a service is registered by the
keyboard alone."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Page, expect

from alerts.coverage.tick import Counting
from alerts.coverage.tries import day_of
from alerts.model import Report, Times, Urgency
from alerts.service import open_case
from contacts import store as contacts
from contacts.coverage import store
from contacts.coverage.model import Day
from contacts.model import Topic
from kit.channels import Channel, Endpoint
from kit.turns import Turns
from staff.model import Role
from tests.browser.chromium import LOOP, Chromium, needs_browser
from tests.browser.staff import (
    DESK,
    PHONE,
    faults_of_access,
    is_wider_than_the_window,
    signed_in,
)
from tests.console_stage import Console, console_stage

pytestmark = needs_browser


@pytest_asyncio.fixture(loop_scope=LOOP)
async def console(tmp_path: Path) -> AsyncIterator[Console]:
    async with console_stage(tmp_path) as opened:
        yield opened


async def is_sound(page: Page) -> None:
    """Nobody is kept from using it, and nothing hangs over its edge."""
    assert await faults_of_access(page) == []
    assert not await is_wider_than_the_window(page)


async def counted(console: Console) -> None:
    """Some people, most in California, and a few days that were counted before."""
    now = console.clock.now()
    async with console.database.write() as session:
        for number in range(18):
            ends = [Endpoint(Channel.TELEGRAM, str(600_000 + number))]
            made = await contacts.create(session, ends, "es", now)
            await contacts.set_topics(session, made, [Topic.FRAUD])
            state = "CA" if number < 12 else ("OR", "WA", "OR", "WA", "OR", "TX")[number - 12]
            await contacts.change(session, made, {"country": "US", "state": state})
        for ago in range(1, 4):
            day = day_of(now) - timedelta(days=ago)
            await store.note_day(session, Day(day, 18 - ago, 0))
    await Counting(console.database, console.clock, turns=Turns(rests=False)).whole()


async def test_what_waits_comes_to_the_page_by_itself_and_small_groups_are_hidden(
    chromium: Chromium, console: Console
) -> None:
    await counted(console)
    for size in (DESK, PHONE):
        async with signed_in(chromium, console, Role.COORDINATOR, size=size) as page:
            await page.goto(f"{console.url}/inicio")
            await expect(page.locator("h1")).to_have_text("Inicio")
            states = page.locator(".ranking", has_text="Por estado donde están")
            await expect(states).to_contain_text("California")
            await expect(states.locator(".hidden-number")).to_have_count(3)
            await expect(page.locator("canvas")).to_have_count(1)
            await is_sound(page)
            await page.goto(f"{console.url}/cobertura")
            await expect(page.locator("#targets-title")).to_be_visible()
            await is_sound(page)
    async with signed_in(chromium, console, Role.DUTY) as page:
        await page.goto(f"{console.url}/inicio")
        needs = page.locator("#needs")
        await expect(needs).to_contain_text("Nada le espera ahora.")
        async with console.database.write() as session:
            reporter = Endpoint(Channel.SMS, "+12135550172")
            report = Report(reporter, "es", console.clock.now(), "Ayuda")
            case = await open_case(
                session, report, Urgency.UNSORTED, Times(), lambda most: most // 3
            )
        await expect(needs).to_contain_text(f"Nadie tiene el caso {case.folio}")
        await is_sound(page)


async def test_an_attention_is_registered_and_taken_back_by_keys_on_a_phone(
    chromium: Chromium, console: Console
) -> None:
    async with signed_in(chromium, console, Role.DUTY, size=PHONE) as page:
        await page.goto(f"{console.url}/atenciones")
        await is_sound(page)
        await page.get_by_label("Ventanilla").focus()
        await page.keyboard.press("ArrowRight")
        await page.keyboard.press("Tab")
        await page.keyboard.type("Orien")
        await page.keyboard.press("Tab")
        await page.keyboard.type("san juan mixtepec")
        await page.keyboard.press("Enter")
        # There are two of that name; what was chosen before is still there.
        await expect(page.get_by_text("Hay varios con ese nombre").first).to_be_visible()
        await expect(page.get_by_label("Teléfono")).to_be_checked()
        await is_sound(page)
        await page.get_by_label("San Juan Mixtepec (Sierra Sur)").focus()
        await page.keyboard.press("Space")
        await page.keyboard.press("Enter")
        await expect(page.locator(".said")).to_have_text("Quedó registrada la atención.")
        mine = page.locator(".registered")
        await expect(mine).to_contain_text("San Juan Mixtepec (Sierra Sur)")
        await expect(page.get_by_label("Municipio de origen")).to_have_value("")
        await mine.get_by_role("button").focus()
        await page.keyboard.press("Enter")
        await expect(mine).to_contain_text("Retirada")
        await is_sound(page)
