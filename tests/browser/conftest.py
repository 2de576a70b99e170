"""What every test of the handset's page begins with."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Page

from tests.browser.chromium import LOOP, Chromium
from tests.browser.window import Platform, window
from tests.transports.handset_stage import Stage, stage


@pytest_asyncio.fixture(scope="session", loop_scope=LOOP)
async def chromium() -> AsyncIterator[Chromium]:
    shared = Chromium()
    yield shared
    await shared.close()


@pytest_asyncio.fixture(loop_scope=LOOP)
async def playing(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path) as opened:
        opened.answer = Platform(opened).answer
        yield opened


@pytest_asyncio.fixture(loop_scope=LOOP)
async def page(chromium: Chromium, playing: Stage) -> AsyncIterator[Page]:
    async with window(chromium, playing) as opened:
        yield opened
