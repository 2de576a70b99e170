"""A staff page in Chromium: whatever goes wrong in it fails the test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Literal
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, Page, Request, ViewportSize

from console.assets.place import VENDOR
from staff.model import Role
from tests.browser.chromium import Chromium
from tests.console_stage import Console

PHONE: ViewportSize = {"width": 360, "height": 740}
DESK: ViewportSize = {"width": 1280, "height": 800}

_SERIOUS = ("serious", "critical")
_NO_FAULT = (
    "Failed to load resource",
    # What was still being asked for when the page was left.
    "htmx:sendAbort",
    "htmx:afterRequest",
    # A part of an answer whose place is gone, since the page went on meanwhile.
    "htmx:oobErrorNoTarget",
)
_AXE = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  return found.violations.map((one) => [one.impact, one.id, one.nodes.length,
    one.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(" | ")]);
}"""


@asynccontextmanager
async def signed_in(
    chromium: Chromium,
    console: Console,
    role: Role | None,
    name: str = "",
    *,
    size: ViewportSize = DESK,
    language: str = "es",
) -> AsyncIterator[Page]:
    """A page in a browser of its own, of somebody who has signed in already.

    The test fails on an error of a script, anything a page says on the console as an error, a
    broken Content-Security-Policy, or a request to anybody but us.
    """
    troubles: list[str] = []
    async with chromium.context() as context:
        await context.set_extra_http_headers({"Accept-Language": language})
        if role is not None:
            cookie = await console.cookie(role, name, language=language)
            await context.add_cookies([{"name": "tequio", "value": cookie, "url": console.url}])
        opened = await context.new_page()
        await opened.set_viewport_size(size)
        _listen(context, opened, console, troubles)
        yield opened
    assert not troubles, "; ".join(troubles)


def _listen(context: BrowserContext, page: Page, console: Console, troubles: list[str]) -> None:
    host = urlsplit(console.url).netloc

    def asked(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.netloc != host:
            troubles.append(f"a request to {parts.netloc}")

    context.on("request", asked)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on(
        "console",
        lambda said: (
            troubles.append(said.text)
            if said.type == "error" and not said.text.startswith(_NO_FAULT)
            else None
        ),
    )


async def faults_of_access(page: Page) -> list[tuple[str, str, int, str]]:
    """What axe finds serious or critical: impact, rule, how many places, and where."""
    await page.evaluate((VENDOR / "axe.js").read_text(encoding="utf-8"))
    found: list[tuple[str, str, int, str]] = await page.evaluate(_AXE)
    return [one for one in found if one[0] in _SERIOUS]


async def soon(page: Page) -> float:
    """Milliseconds within which what happens elsewhere is seen on a page: two seconds, and on a
    machine with much else to do as long as it takes now to load the page five times."""
    begun = perf_counter()
    await page.reload()
    return max(2.0, 5 * (perf_counter() - begun)) * 1000


async def is_wider_than_the_window(page: Page) -> bool:
    """Whether the page must be moved sideways to be read."""
    return bool(await page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"))


Width = Literal["phone", "desk"]
SIZES: dict[str, ViewportSize] = {"phone": PHONE, "desk": DESK}
