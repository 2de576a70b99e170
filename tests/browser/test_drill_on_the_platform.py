"""A drill on the real platform, by one person with three phones: who calls for help, who is first
on duty and sleeps, who is second."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Page, expect

from kit.channels import Channel
from tests.browser.chromium import LOOP, Chromium, needs_browser
from tests.browser.window import panel, phone, window, write
from tests.crash.process import TequioProcess, environment, free_port

pytestmark = needs_browser

CALLER, FIRST, SECOND = 1, 3, 4


@pytest_asyncio.fixture(loop_scope=LOOP)
async def trial(tmp_path: Path) -> AsyncIterator[TequioProcess]:
    """The platform in its trial mode."""
    waits = {"PAGE_TIMEOUT": "300", "REPORTER_TIMEOUT": "600"}
    env = environment(f"sqlite:///{tmp_path / 'tequio.db'}", free_port(), **waits)
    async with TequioProcess(env, tmp_path / "tequio.log") as running:
        yield running


async def minutes(page: Page, count: int) -> None:
    """Move the clock by the buttons of the page."""
    for _ in range(count):
        await page.locator("[data-minutes='1']").click()


async def test_first_on_duty_sleeps_through_chat_sms_and_call_and_the_second_takes_it(
    chromium: Chromium, trial: TequioProcess
) -> None:
    async with window(chromium, trial) as page:
        await write(page, CALLER, Channel.TELEGRAM, "SOS")
        caller = panel(page, CALLER, Channel.TELEGRAM)
        await expect(caller).to_contain_text("Recibido, folio")
        await expect(panel(page, FIRST, Channel.TELEGRAM)).to_contain_text("GUARDIA: caso")
        await expect(panel(page, FIRST, Channel.SMS)).not_to_contain_text("GUARDIA: caso")

        await minutes(page, 1)
        await expect(panel(page, FIRST, Channel.SMS)).to_contain_text("GUARDIA: caso")
        await minutes(page, 2)
        await expect(phone(page, FIRST).get_by_role("button", name="Contestar")).to_be_visible()
        await expect(panel(page, SECOND, Channel.TELEGRAM)).not_to_contain_text("GUARDIA: caso")

        await minutes(page, 2)
        second = panel(page, SECOND, Channel.TELEGRAM)
        await expect(second).to_contain_text("GUARDIA: caso")
        await expect(caller).not_to_contain_text("ya tiene su caso")
        await phone(page, SECOND).get_by_role("tab", name=Channel.TELEGRAM.value).click()
        await second.get_by_role("button", name="Tomarlo").click()
        await expect(caller).to_contain_text("ya tiene su caso")
        await expect(phone(page, FIRST).get_by_role("button", name="Contestar")).to_be_hidden()
