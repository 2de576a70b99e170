"""One Chromium for all tests of a process, started when the first of them asks for it.

It lives on the event loop of the session, so every test and fixture that touches it runs there.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import (
    Browser,
    BrowserContext,
    Error,
    Playwright,
    async_playwright,
    expect,
)

from tests.browser.install import browser
from tests.patience import PATIENCE

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
CHROMIUM = browser() or "/usr/bin/chromium"
LOOP: Final = "session"
LONGEST = 300
"""Seconds that a test may have a page open; it needs some ten, on a busy machine a minute."""

# On a busy machine a page takes its time. But what is told at once is there well before the minute
# after which a page asks for it anyway.
expect.set_options(timeout=25_000)

needs_browser = [
    pytest.mark.skipif(
        not Path(CHROMIUM).exists() and os.environ.get("CI") != "true",
        reason="no Chromium: install it, or name it in CHROMIUM",
    ),
    pytest.mark.asyncio(loop_scope=LOOP),
]


class Chromium:
    """The browser; another is started when it has died."""

    def __init__(self) -> None:
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None

    @asynccontextmanager
    async def context(self) -> AsyncIterator[BrowserContext]:
        """Cookies, storage and pages of nobody else; they go with it."""
        opened = await self._fresh()
        try:
            # A key or a script that the browser never answers has no end of its own.
            async with asyncio.timeout(LONGEST):
                yield opened
        finally:
            try:
                async with asyncio.timeout(PATIENCE):
                    await opened.close()
            except TimeoutError:
                # It answers nobody any more: the next test has another.
                self._browser = None

    async def _fresh(self) -> BrowserContext:
        # That it has died is known when it is asked: no loop runs between two tests.
        if self._browser is not None:
            try:
                return await _context_of(self._browser)
            except Error:
                await self.close()
        self._playwright = await async_playwright().start()
        self._browser = await self._playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        return await _context_of(self._browser)

    async def close(self) -> None:
        """End the browser, and what speaks with it."""
        if self._playwright is not None:
            await self._playwright.stop()
        self._playwright = self._browser = None


async def _context_of(browser: Browser) -> BrowserContext:
    return await browser.new_context(viewport={"width": 1280, "height": 860})
