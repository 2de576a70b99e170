"""The handset's page as tests see it: a browser, a platform that answers, and where things are."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

from playwright.async_api import FloatRect, Locator, Page, ViewportSize

from delivery.content import Button
from kit.channels import Channel
from tests.browser.chromium import Chromium
from tests.transports.handset_stage import Stage
from transports.intake import Arrival

SMALL: ViewportSize = {"width": 360, "height": 740}


class Served(Protocol):
    """Something that serves a handset."""

    @property
    def url(self) -> str: ...


class Platform:
    """Greets in the channel it is written to, asks one thing, and thanks."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    async def answer(self, arrival: Arrival) -> None:
        raw = json.loads(arrival.raw)
        if arrival.channel is Channel.SMS:
            await self._stage.send("Recibido. 1 SI, 2 NO", Channel.SMS, raw["From"])
        elif "callback_query" in raw:
            query = raw["callback_query"]
            chat, asked = str(query["from"]["id"]), query["message"]["message_id"]
            await self._stage.send(f"Gracias: {query['data']}", to=chat, replaces=asked)
        elif "message" in raw:
            buttons = ((Button("Sí, escríbanme", "yes"), Button("No me escriban", "no")),)
            chat = str(raw["message"]["chat"]["id"])
            await self._stage.send("¿Podemos escribirle?", to=chat, buttons=buttons)


@asynccontextmanager
async def window(chromium: Chromium, playing: Served) -> AsyncIterator[Page]:
    """The page, opened; the test fails when its script does or its policy is broken."""
    troubles: list[str] = []
    async with chromium.context() as context:
        await context.set_extra_http_headers({"Accept-Language": "es"})
        opened = await context.new_page()
        opened.on("pageerror", lambda error: troubles.append(str(error)))
        opened.on(
            "console",
            lambda said: troubles.append(said.text) if "Security Policy" in said.text else None,
        )
        await open_page(opened, playing)
        yield opened
    assert troubles == []


async def open_page(page: Page, playing: Served) -> None:
    await page.goto(f"{playing.url}/handset")
    await page.locator("#phones[aria-busy=false]").wait_for()


def phone(page: Page, place: int) -> Locator:
    return page.locator(".phone").nth(place - 1)


def panel(page: Page, place: int, channel: Channel) -> Locator:
    return phone(page, place).locator(f".panel-{channel}")


async def box(one: Locator) -> FloatRect:
    """Where it stands in the window, in pixels."""
    found = await one.bounding_box()
    assert found is not None
    return found


async def write(page: Page, place: int, channel: Channel, text: str) -> None:
    await phone(page, place).get_by_role("tab", name=channel.value).click()
    box = panel(page, place, channel).get_by_role("textbox")
    await box.fill(text)
    await box.press("Enter")
