"""Cases in a browser: an evening from the call for help to the close, by two people on duty."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, Route, ViewportSize, expect

from staff.model import Role
from tests.browser.chromium import LOOP, Chromium, needs_browser
from tests.browser.staff import (
    DESK,
    PHONE,
    faults_of_access,
    is_wider_than_the_window,
    signed_in,
    soon,
)
from tests.console_stage import Console, console_stage
from tests.plain import PLAIN

pytestmark = needs_browser

QUIET = 2_000
"""Milliseconds in which a page that hears of something would have asked."""


@pytest_asyncio.fixture(loop_scope=LOOP)
async def console(tmp_path: Path) -> AsyncIterator[Console]:
    async with console_stage(tmp_path) as opened:
        yield opened


@asynccontextmanager
async def phones(console: Console) -> AsyncIterator[httpx.AsyncClient]:
    """The handset, without its page."""
    origin = {"origin": console.url}
    async with httpx.AsyncClient(base_url=console.url, verify=PLAIN, headers=origin) as opened:
        await opened.get("/handset/state")
        yield opened


async def says(hand: httpx.AsyncClient, phone: int, text: str) -> None:
    """Somebody writes in a chat."""
    body = {"channel": "telegram", "text": text}
    assert (await hand.post(f"/handset/phones/{phone}/text", json=body)).status_code == 201


async def is_sound(page: Page) -> None:
    """Nobody is kept from using it, and nothing hangs over its edge."""
    assert await faults_of_access(page) == []
    assert not await is_wider_than_the_window(page)


async def test_what_comes_while_a_page_is_opening_is_not_missed(
    chromium: Chromium, console: Console
) -> None:
    async with (
        phones(console) as hand,
        signed_in(chromium, console, Role.DUTY, size=PHONE) as luz,
    ):

        async def meanwhile(route: Route) -> None:
            await says(hand, 2, "No me dejan salir de la casa")
            await console.platform.settle()
            await route.continue_()

        # The page is drawn, and its stream begins only after the call for help.
        await luz.route("**/casos/eventos", meanwhile)
        await luz.goto(f"{console.url}/casos")
        await expect(luz.locator(".lane-nobody .case-card")).to_have_count(1)


async def test_who_hears_pages_is_told_of_a_new_case_whose_it_is_and_that_the_person_wrote(
    chromium: Chromium, console: Console
) -> None:
    async with (
        phones(console) as hand,
        signed_in(chromium, console, Role.DUTY, "Ana Uno", size=DESK) as ana,
        signed_in(chromium, console, Role.DUTY, "Bea Dos", size=PHONE) as bea,
    ):
        # A view of one's own cases does not show it, and rings and says it all the same.
        await ana.goto(f"{console.url}/casos?ver=mios")
        await ana.click("#sound")
        await says(hand, 2, "SOS")
        await expect(ana.locator("#news")).to_contain_text("Caso nuevo")
        await expect(ana.locator("#sound")).to_have_attribute("data-rang", "1")
        await expect(ana.locator(".lane-nobody")).to_have_count(0)

        await bea.goto(f"{console.url}/casos")
        await bea.locator(".case-card").click()
        await bea.click("#main-act")
        await expect(bea.locator(".whose")).to_have_text("Usted tiene el caso")
        await says(hand, 2, "Estoy en la cocina")
        news = bea.locator("#news[role=status]")
        await expect(news).to_have_text("La persona escribió")
        # Who is writing something keeps the page, and hears whose the case is now.
        await bea.fill("#words", "Ya la leo")
        await ana.goto(bea.url.partition("?")[0])
        await ana.click("#take > summary")
        await ana.fill("#take textarea", "Conozco a la familia")
        await ana.click("#take button")
        await expect(ana.locator(".whose")).to_have_text("Usted tiene el caso")
        await expect(news).to_contain_text("Lo tiene")
        await is_sound(bea)


async def test_a_call_for_help_is_taken_answered_and_closed_by_keys(
    chromium: Chromium, console: Console
) -> None:
    async with (
        phones(console) as hand,
        signed_in(chromium, console, Role.DUTY, size=DESK) as luz,
        signed_in(chromium, console, Role.COORDINATOR, size=DESK) as boss,
    ):
        await luz.goto(f"{console.url}/casos")
        sound = luz.locator("#sound")
        await luz.keyboard.press("s")
        await expect(sound).to_have_attribute("aria-pressed", "true")
        await says(hand, 2, "No me dejan salir de la casa")
        card = luz.locator(".lane-nobody .case-card")
        await expect(card).to_have_count(1)
        await expect(sound).to_have_attribute("data-rang", "1")
        await expect(luz.locator("#news")).to_contain_text("Caso nuevo")
        await is_sound(luz)

        await luz.keyboard.press("j")
        await luz.keyboard.press("Enter")
        await expect(luz.locator(".whose")).to_have_text("Nadie tiene el caso")
        await luz.wait_for_load_state()
        await boss.goto(luz.url)
        within = await soon(boss)
        await luz.keyboard.press("a")
        await luz.keyboard.press("Enter")
        await expect(luz.locator(".whose")).to_have_text("Usted tiene el caso")
        # Accepted elsewhere: it changes here, and what can be done with it.
        await expect(boss.locator(".whose")).to_contain_text("Lo tiene", timeout=within)
        await expect(boss.locator("#take")).to_be_visible()
        await expect(boss.locator("#main-act")).to_have_count(0)
        await is_sound(luz)

        await luz.keyboard.press("r")
        await luz.keyboard.type("Soy de IAIMO")
        await expect(boss.locator(".writing")).to_contain_text("escribiendo")
        await says(hand, 2, "Estoy en la cocina")
        await expect(luz.locator(".talk .theirs")).to_have_count(2)
        await expect(luz.locator("#words")).to_have_value("Soy de IAIMO")
        await luz.get_by_role("button", name="Enviar a la persona").click()
        await expect(luz.locator(".talk .ours")).to_contain_text("Soy de IAIMO")
        # What has left is not there to be sent a second time.
        await expect(luz.locator("#words")).to_have_value("")
        # The letters of the keyboard are for the page that came, once its script runs.
        await luz.wait_for_load_state()
        await luz.keyboard.press("n")
        await luz.keyboard.type("Hablé con su hermana")
        await luz.keyboard.press("Tab")
        await luz.keyboard.press("Enter")
        await expect(luz.locator("#past .private")).to_contain_text("Hablé con su hermana")
        await expect(luz.locator(".talk")).not_to_contain_text("Hablé con su hermana")

        await luz.keyboard.press("c")
        await luz.locator("#close-outcome").select_option("attended")
        await luz.locator("#close .btn").click()
        await expect(luz.locator(".whose")).to_contain_text("Cerrado")
        await expect(boss.locator(".whose")).to_contain_text("Cerrado")
        await luz.keyboard.press("?")
        await expect(luz.locator("#keys")).to_be_visible()


async def test_a_photo_is_covered_until_it_is_tapped_and_stays_open(
    chromium: Chromium, console: Console
) -> None:
    async with (
        phones(console) as hand,
        signed_in(chromium, console, Role.DUTY, size=PHONE, language="en") as page,
    ):
        await says(hand, 2, "SOS")
        await hand.post("/handset/phones/2/photo", json={"channel": "telegram", "image": DOT})
        await page.goto(f"{console.url}/casos")
        await is_sound(page)
        await page.locator(".case-card").click()
        await is_sound(page)
        await page.get_by_role("button", name="Accept the case").click()
        photo = page.locator("a.photo")
        await expect(photo).to_have_attribute("data-covered", "")
        await photo.click()
        await expect(photo).not_to_have_attribute("data-covered", "")
        await says(hand, 2, "que no me escriban, me revisa el celular")
        await expect(page.locator(".warning.stop").first).to_contain_text("DO NOT WRITE")
        await expect(page.locator("#words")).to_have_count(0)
        await is_sound(page)
        await page.goto(f"{page.url.partition('?')[0]}/personas")
        await is_sound(page)
        await page.goto(f"{console.url}/mensajes")
        await is_sound(page)


@pytest.mark.parametrize("has_script", [True, False])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
async def test_after_an_act_one_is_where_one_was_and_reads_what_was_done(
    chromium: Chromium, console: Console, size: ViewportSize, *, has_script: bool
) -> None:
    async with (
        phones(console) as hand,
        signed_in(chromium, console, Role.DUTY, size=size) as page,
    ):
        if not has_script:
            await page.route("**/*.js*", lambda route: route.abort())
        for words in ("SOS", *(f"Estoy en la calle {number}" for number in range(1, 12))):
            await says(hand, 2, words)
        await console.platform.settle()
        await page.goto(f"{console.url}/casos")
        await page.locator(".case-card").click()
        said = page.locator(".said")

        async def sees(words: str, *others: Locator) -> None:
            await expect(said).to_contain_text(words)
            for one in (said, *others):
                await expect(one).to_be_in_viewport()
            await is_sound(page)

        await page.get_by_role("button", name="Aceptar el caso").click()
        await sees("El caso es suyo", page.locator(".whose"), page.locator(".clockline"))
        if has_script:
            # What the person writes meanwhile moves nobody who looks at something else.
            await says(hand, 2, "Vengan pronto")
            await expect(page.locator("#talk")).to_contain_text("Vengan pronto")
            await expect(page.locator(".whose")).to_be_in_viewport()
        await page.locator("#words").fill("Ya vamos")
        await page.get_by_role("button", name="Enviar a la persona").click()
        answer = page.locator(".talk .ours .words", has_text="Ya vamos")
        await sees("El mensaje va en camino", answer, page.locator("#words"))
        await page.locator("#note").fill("Hablé con su hermana")
        await page.get_by_role("button", name="Guardar la nota").click()
        await sees("La nota quedó guardada", page.locator("#note"))
        await page.locator("#refer > summary").click()
        await page.locator("#refer-body").select_option("consulate")
        await page.locator("#refer-name").fill("Consulado en Fresno")
        await page.locator("#refer .btn").click()
        await sees("El caso quedó canalizado", page.locator(".referral h3"))
        await page.locator(".referral summary", has_text="Anotar").click()
        await page.locator(".referral [name=whom]").fill("Ventanilla 3")
        await page.locator(".referral textarea").fill("Que esperemos")
        await page.locator(".referral .btn").click()
        await sees("La plática quedó anotada", page.locator(".referral .words"))
        # It is said once: the page that is read again says nothing.
        await page.reload()
        await expect(page.locator("h1")).to_be_attached()
        await expect(said).to_have_count(0)


async def test_who_writes_while_a_case_is_taken_keeps_the_words(
    chromium: Chromium, console: Console
) -> None:
    async with (
        phones(console) as hand,
        signed_in(chromium, console, Role.DUTY) as luz,
        signed_in(chromium, console, Role.COORDINATOR) as boss,
    ):
        await says(hand, 2, "SOS")
        await luz.goto(f"{console.url}/casos")
        await luz.locator(".case-card").click()
        await luz.locator("#main-act").click()
        await expect(luz.locator("#words")).to_be_visible()
        await luz.locator("#words").fill("Estoy escribiendo algo largo")
        await boss.goto(luz.url.partition("?")[0])
        await boss.locator("#take > summary").click()
        await boss.locator("#take textarea").fill("Yo la conozco")
        await boss.locator("#take .btn").click()
        await expect(boss.locator(".whose")).to_have_text("Usted tiene el caso")
        await expect(luz.locator("#changed")).to_be_visible()
        await expect(luz.locator("#words")).to_have_value("Estoy escribiendo algo largo")
        await luz.get_by_role("button", name="Enviar a la persona").click()
        await expect(luz.locator(".refused")).to_contain_text("No se hizo nada")
        await expect(luz.locator(".refused")).to_contain_text("tomó el caso")
        await expect(luz.locator(".refused .words")).to_have_text("Estoy escribiendo algo largo")


async def test_a_refused_page_is_left_without_sending_its_form_again(
    chromium: Chromium, console: Console
) -> None:
    async with (
        phones(console) as hand,
        signed_in(chromium, console, Role.DUTY, "Ana Uno") as ana,
        signed_in(chromium, console, Role.DUTY, "Bea Dos", size=PHONE) as bea,
    ):
        await says(hand, 2, "No me dejan salir de la casa")
        await ana.goto(f"{console.url}/casos")
        await ana.locator(".case-card").click()
        await expect(ana.locator("#main-act")).to_be_visible()
        folio = ana.url.rpartition("/")[2]
        # Bea's page was drawn before, and her line hears nothing of what Ana does.
        await bea.route("**/eventos", lambda route: route.abort())
        await bea.goto(ana.url)
        await ana.click("#main-act")
        await expect(ana.locator(".whose")).to_have_text("Usted tiene el caso")
        await bea.unroute("**/eventos")
        await bea.click("#main-act")
        # What is wrong is before her eyes, and has the focus.
        await expect(bea.locator(".refused")).to_be_focused()
        await expect(bea.locator(".refused")).to_be_in_viewport()
        # Now it can be accepted again: her page changes, and accepts nothing by itself.
        await ana.evaluate("document.querySelector('#pass form').submit()")
        await expect(bea.locator("#main-act")).to_be_visible()
        assert bea.url == f"{console.url}/casos/{folio}"
        await expect(bea.locator(".whose")).to_have_text("Nadie tiene el caso")
        await expect(bea.locator(".clockline .running")).to_have_text(IN_MINUTES)


async def test_a_draft_outlives_a_refusal_and_a_page_out_of_sight_asks_for_nothing(
    chromium: Chromium, console: Console
) -> None:
    async with (
        phones(console) as hand,
        signed_in(chromium, console, Role.DUTY) as luz,
    ):
        await luz.clock.install()
        await says(hand, 2, "SOS")
        await luz.goto(f"{console.url}/casos")
        await luz.locator(".case-card").click()
        await luz.locator("#main-act").click()
        here = luz.url.partition("?")[0]
        # Refused: and then another page says that something else was taken.
        await luz.locator("#note").fill("Hablé con su hermana")
        await luz.evaluate("document.querySelector('.note [name=csrf]').value = 'x'")
        await luz.locator(".note .btn").click()
        await expect(luz.locator("h1")).to_contain_text("No se pudo")
        await luz.goto(here)
        await luz.locator("#words").fill("Ya la leo")
        await luz.get_by_role("button", name="Enviar a la persona").click()
        await expect(luz.locator(".said")).to_be_visible()
        await expect(luz.locator("#note")).to_have_value("Hablé con su hermana")

        # No length of time reads as a time of day.
        assert await luz.evaluate(LENGTHS) == ["45 s", "10 min", "2 h 5 min", "3 d", "1 h 59 min"]

        asked: list[str] = []
        luz.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
        await luz.evaluate(SIGHT, "hidden")
        # What was under way is over.
        await luz.wait_for_timeout(500)
        asked.clear()
        await says(hand, 2, "Estoy en la cocina")
        await console.platform.settle()
        # Its line says so, and it asks for nothing; after a minute the line is let go.
        await luz.wait_for_timeout(QUIET)
        await luz.clock.run_for(61_000)
        assert "ahora" not in asked
        await luz.evaluate(SIGHT, "visible")
        await expect(luz.locator(".talk")).to_contain_text("Estoy en la cocina")
        # Its line had been let go, and is there again.
        assert "eventos" in asked

        # A proxy without its platform gives up the line: it is begun again, and not in silence.
        away = True

        async def proxy(route: Route) -> None:
            if away:
                await route.fulfill(status=502, body="<h1>Bad Gateway</h1>")
            else:
                await route.continue_()

        await luz.route("**/eventos", proxy)
        await luz.reload()
        await expect(luz.locator("#offline")).to_be_visible()
        assert await luz.evaluate(BAD_GATEWAY) is False
        # Also meanwhile the page is asked for.
        async with luz.expect_request("**/ahora"):
            await luz.clock.run_for(10_000)
        away = False
        await luz.clock.run_for(30_000)
        await expect(luz.locator("#offline")).to_be_hidden()
        await says(hand, 2, "Sigo en la cocina")
        await expect(luz.locator(".talk")).to_contain_text("Sigo en la cocina")


SIGHT = """state => {
  Object.defineProperty(document, "visibilityState", {get: () => state, configurable: true});
  document.dispatchEvent(new Event("visibilitychange"));
}"""
"""A page that another one lies before, or not any more."""

BAD_GATEWAY = """() => {
  const detail = {xhr: {status: 502}, shouldSwap: true};
  document.body.dispatchEvent(new CustomEvent("htmx:beforeSwap", {detail, bubbles: true}));
  return detail.shouldSwap;
}"""
"""Whether what a proxy says of us would be shown in the page."""

LENGTHS = """async () => {
  const told = document.querySelector("#status [data-now]");
  const now = Date.parse(told.dataset.now), shown = [];
  told.dispatchEvent(new CustomEvent("htmx:afterSwap", {bubbles: true, detail: {}}));
  for (const [name, seconds] of [["since", 45.5], ["since", 600.5], ["since", 7500.5],
      ["since", 259200.5], ["until", -7140.5]]) {
    const one = document.createElement("time");
    one.dataset[name] = new Date(now - 1000 * seconds).toISOString();
    document.body.append(one);
    shown.push(one);
  }
  told.dispatchEvent(new CustomEvent("htmx:afterSwap", {bubbles: true, detail: {}}));
  const words = shown.map((one) => one.textContent);
  for (const one of shown) one.remove();
  return words;
}"""
"""What clocks show."""

IN_MINUTES = re.compile(r"^\d+:\d\d min$")

DOT = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)
"""A picture of one point."""
