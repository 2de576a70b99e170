"""One browser for many tests: nothing of one is left for the next, and a dead one is replaced."""

import pytest
from playwright.async_api import Page

import tests.browser.chromium
from tests.browser.chromium import Chromium, needs_browser
from tests.browser.window import window
from tests.transports.handset_stage import Stage

pytestmark = needs_browser


async def known(page: Page) -> tuple[list[str], str | None]:
    """Names of the page's cookies, and what it was given to keep."""
    cookies = [str(one["name"]) for one in await page.context.cookies()]
    kept: str | None = await page.evaluate("localStorage.getItem('kept')")
    return cookies, kept


async def test_nothing_of_one_test_is_left_for_the_next(chromium: Chromium, playing: Stage) -> None:
    async with window(chromium, playing) as first:
        await first.evaluate("localStorage.setItem('kept', 'yes'); document.cookie = 'who=one'")
        assert await known(first) == (["who"], "yes")
        browser = first.context.browser
    async with window(chromium, playing) as second:
        assert second.context.browser is browser
        assert browser is not None
        assert browser.contexts == [second.context]
        assert second.context.pages == [second]
        assert await known(second) == ([], None)


async def test_what_a_browser_never_answers_has_an_end(
    chromium: Chromium, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang() -> None:
        async with chromium.context() as context:
            page = await context.new_page()
            await page.evaluate("new Promise(() => {})")

    monkeypatch.setattr(tests.browser.chromium, "LONGEST", 1)
    with pytest.raises(TimeoutError):
        await hang()


async def test_a_browser_that_has_died_is_replaced() -> None:
    chromium = Chromium()
    async with chromium.context() as first:
        dead = first.browser
    assert dead is not None
    await dead.close()
    async with chromium.context() as second:
        assert second.browser is not dead
        page = await second.new_page()
        assert await page.evaluate("1 + 1") == 2
    await chromium.close()
