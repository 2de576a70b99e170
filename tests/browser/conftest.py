"""What every test of the handset's page begins with."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Page

from tests.browser.window import Platform, window
from tests.transports.handset_stage import Stage, stage


@pytest.fixture
async def playing(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path) as opened:
        opened.answer = Platform(opened).answer
        yield opened


@pytest.fixture
async def page(playing: Stage) -> AsyncIterator[Page]:
    async with window(playing) as opened:
        yield opened
