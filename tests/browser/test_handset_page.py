"""The handset's page in a real browser, with a platform that answers through the transport."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Page, Route, expect

from delivery.content import Button
from kit.channels import Channel
from tests.browser.chromium import needs_browser
from tests.browser.window import SMALL, box, open_page, panel, phone, write
from tests.transports.handset_stage import Stage
from transports.intake import Arrival

HOSTILE = "<img src=x onerror=document.title='taken'><script>document.title='taken'</script>"

pytestmark = needs_browser


async def test_two_phones_talk_with_the_platform(page: Page) -> None:
    await expect(page.locator(".phone")).to_have_count(4)
    await write(page, 1, Channel.TELEGRAM, "/start")
    await write(page, 2, Channel.SMS, "ALTA TLAXIACO")
    chat, sms = panel(page, 1, Channel.TELEGRAM), panel(page, 2, Channel.SMS)
    await expect(chat.locator(".in .said")).to_have_text(["/start"])
    await expect(chat.locator(".out .said")).to_have_text(["¿Podemos escribirle?"])
    await expect(sms.locator(".out .said")).to_have_text(["Recibido. 1 SI, 2 NO"])
    await expect(sms.locator(".out .cost")).to_contain_text("20")


async def test_a_pressed_button_changes_the_message_above_it(page: Page) -> None:
    await write(page, 1, Channel.TELEGRAM, "SOS")
    chat = panel(page, 1, Channel.TELEGRAM)
    await chat.get_by_role("button", name="No me escriban").click()
    await expect(chat.locator(".out .said")).to_have_text(["Gracias: no"])
    await expect(chat.locator(".key")).to_have_count(0)
    await expect(chat.locator(".pressed b")).to_have_text("No me escriban")


async def test_what_comes_to_another_tab_is_counted_until_it_is_read(
    page: Page, playing: Stage
) -> None:
    await playing.send("Aviso", Channel.SMS)
    tab = phone(page, 1).get_by_role("tab", name="SMS")
    await expect(tab.locator(".badge b")).to_have_text("1")
    await tab.click()
    await expect(tab.locator(".badge")).to_be_hidden()
    await expect(panel(page, 1, Channel.SMS).locator(".out .said")).to_have_text(["Aviso"])


async def test_markup_is_shown_and_never_run(page: Page, playing: Stage) -> None:
    title = await page.title()
    await playing.post("phones", {"name": HOSTILE[:60]})
    await playing.send(HOSTILE, buttons=((Button(HOSTILE, "x"),),))
    await write(page, 1, Channel.TELEGRAM, HOSTILE)
    chat = panel(page, 1, Channel.TELEGRAM)
    await expect(chat.locator(".in .said")).to_have_text([HOSTILE])
    await expect(chat.locator(".key").first).to_have_text(HOSTILE)
    await expect(page.locator(".chip-name").last).to_have_text(HOSTILE[:60])
    assert await page.title() == title
    assert await page.locator("#phones img, #phones script, #chips img").count() == 0


async def test_an_address_that_would_run_a_script_opens_nothing(page: Page, playing: Stage) -> None:
    links = (
        Button("Mala", url="javascript:document.title='taken'"),
        Button("Buena", url="https://example.org/"),
    )
    await playing.send("Vea", buttons=((links[0],), (links[1],)))
    keys = panel(page, 1, Channel.TELEGRAM).locator("a.key")
    await expect(keys).to_have_count(2)
    assert [await keys.nth(n).get_attribute("href") for n in (0, 1)] == [None, links[1].url]


async def test_the_conversation_stands_there_after_a_reload(page: Page, playing: Stage) -> None:
    await write(page, 2, Channel.TELEGRAM, "hola")
    await expect(panel(page, 2, Channel.TELEGRAM).locator(".out")).to_have_count(1)
    await open_page(page, playing)
    said = panel(page, 2, Channel.TELEGRAM).locator(".said")
    await expect(said).to_have_text(["hola", "¿Podemos escribirle?"])


async def test_a_location_is_sent_from_a_named_place(page: Page, playing: Stage) -> None:
    chat = panel(page, 2, Channel.TELEGRAM)
    await chat.locator("[data-act=location]").click()
    asking = page.locator("#d-location")
    await asking.get_by_role("combobox").select_option(index=2)
    await asking.locator("[type=submit]").click()
    await expect(chat.locator(".media.location")).to_contain_text("32.5149, -117.0382")
    await expect(asking).to_be_hidden()


async def test_a_photo_is_shown_and_a_wrong_one_is_told(page: Page, tmp_path: Path) -> None:
    wrong, right = tmp_path / "wrong.png", tmp_path / "right.png"
    wrong.write_bytes(b"<svg onload=alert(1)>")
    right.write_bytes(await page.screenshot())
    chat = panel(page, 1, Channel.TELEGRAM)
    await chat.locator("[data-act=photo]").click()
    asking = page.locator("#d-photo")
    await asking.locator("input").set_input_files(wrong)
    await asking.locator("[type=submit]").click()
    await expect(asking.get_by_role("alert")).not_to_be_empty()
    await asking.locator("input").set_input_files(right)
    await asking.locator("[type=submit]").click()
    await expect(chat.locator("img.picture")).to_be_visible()


async def test_a_phone_without_signal_says_so_and_comes_back(page: Page) -> None:
    one = phone(page, 1)
    await one.locator(".more").click()
    await one.locator("input[name=no_signal]").check()
    chat = panel(page, 1, Channel.TELEGRAM)
    await expect(chat.get_by_role("textbox")).to_be_disabled()
    await chat.locator("[data-switch=no_signal]").click()
    await expect(chat.get_by_role("textbox")).to_be_enabled()


async def test_what_was_not_stored_says_so_and_keeps_the_words(page: Page, playing: Stage) -> None:
    async def fail(arrival: Arrival) -> None:
        raise OSError

    playing.answer = fail
    await write(page, 1, Channel.SMS, "SOS mi hijo no llega")
    sms = panel(page, 1, Channel.SMS)
    await expect(sms.locator(".lost")).to_be_visible()
    await expect(sms.get_by_role("alert")).to_be_visible()
    await expect(sms.get_by_role("textbox")).to_have_value("SOS mi hijo no llega")


async def test_the_clock_is_moved_from_the_page(page: Page, playing: Stage) -> None:
    await page.locator("[data-minutes='60']").click()
    await expect(page.locator("#moved")).to_be_visible()
    assert playing.clock.offset.total_seconds() == 3600


async def test_a_phone_is_added_and_can_be_put_aside(page: Page) -> None:
    await page.locator("#add").click()
    await page.locator("#d-phone input").fill("Tía Chela (Nochixtlán)")
    await page.keyboard.press("Enter")
    await expect(page.locator(".phone")).to_have_count(5)
    chip = page.locator(".chip").nth(4)
    await expect(chip).to_have_attribute("aria-pressed", "true")
    await chip.click()
    await expect(phone(page, 5)).to_be_hidden()


async def test_it_can_be_used_with_the_keyboard_alone(page: Page) -> None:
    tab = phone(page, 1).get_by_role("tab", name="Telegram")
    await tab.focus()
    await page.keyboard.press("ArrowRight")
    await expect(panel(page, 1, Channel.SMS)).to_be_visible()
    await panel(page, 1, Channel.SMS).locator(".screen").focus()
    for _ in range(5):  # Past the four suggestions.
        await page.keyboard.press("Tab")
    await page.keyboard.type("SOS")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(panel(page, 1, Channel.SMS).locator(".in .said")).to_have_text(["SOS"])


async def test_lines_are_announced_and_controls_have_names(page: Page) -> None:
    await write(page, 1, Channel.TELEGRAM, "hola")
    assert await panel(page, 1, Channel.TELEGRAM).get_by_role("log").count() == 1
    nameless = await page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, textarea")]
            .filter((one) => !(one.getAttribute("aria-label") || one.textContent.trim()
                || one.labels?.[0]?.textContent.trim()))
            .map((one) => one.outerHTML)"""
    )
    assert nameless == []


async def test_nothing_runs_over_the_edge_of_a_small_screen(page: Page, playing: Stage) -> None:
    await page.set_viewport_size(SMALL)
    await playing.send("w" * 4000, buttons=((Button("m" * 80, "a"), Button("m" * 80, "b")),))
    await playing.send("w" * 1500, Channel.SMS)
    await playing.post("phones", {"name": "M" * 60})
    await expect(panel(page, 1, Channel.TELEGRAM).locator(".out")).to_have_count(1)
    await playing.call("w" * 1500, buttons=((Button("m" * 80, "a"), Button("m" * 80, "b")),))
    await phone(page, 1).locator(".take").click()
    assert await page.evaluate("document.documentElement.scrollWidth") == 360
    await phone(page, 1).locator(".drop").click()
    for chip in range(5):
        await page.locator(".chip").nth(chip).click()
        await expect(phone(page, chip + 1)).to_be_in_viewport(ratio=0.9)
        await phone(page, chip + 1).locator(".more").click()
        assert await page.evaluate("document.documentElement.scrollWidth") == 360
        for channel in ("telegram", "sms", "llamadas"):
            await page.keyboard.press("Escape")  # The menu lies over the tabs.
            await phone(page, chip + 1).get_by_role("tab", name=channel).click()
            widths = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
            assert widths == [360, 360]
    await page.locator("#add").click()
    assert await page.evaluate("document.documentElement.scrollWidth") == 360


async def test_on_a_small_screen_a_chosen_phone_comes_into_sight(
    page: Page, playing: Stage
) -> None:
    await page.set_viewport_size(SMALL)
    for n in range(8):
        await playing.post("phones", {"name": f"Vecina {n} (Nochixtlán)"})
    await expect(page.locator(".chip")).to_have_count(12)
    await playing.send("Aviso", to="900002")
    await expect(phone(page, 1)).to_be_in_viewport(ratio=0.5)
    tops = {(await box(chip))["y"] for chip in await page.locator(".chip").all()}
    assert len(tops) == 1
    await page.locator(".chip").last.click()
    await page.locator(".chip").nth(1).click()
    await expect(phone(page, 2)).to_be_in_viewport(ratio=1)
    for seen in (page.locator(".chip").nth(1), page.locator("#add"), phone(page, 2).locator("h2")):
        await expect(seen).to_be_in_viewport(ratio=1)
    await expect(phone(page, 2).locator(".out")).to_be_in_viewport(ratio=1)
    shelf, chosen = await box(page.locator(".shelf")), await box(phone(page, 2))
    assert shelf["y"] + shelf["height"] <= chosen["y"]


async def test_a_message_taller_than_its_screen_is_read_from_its_top(
    page: Page, playing: Stage
) -> None:
    kinds = tuple((Button(f"Motivo {n}", str(n)),) for n in range(15))
    await playing.send("Buenos días")
    await playing.send("¿Qué pasa?", buttons=kinds)
    chat = panel(page, 1, Channel.TELEGRAM)
    question, last_key = chat.get_by_text("¿Qué pasa?"), chat.locator(".key").last
    await expect(question).to_be_in_viewport(ratio=1)
    await expect(last_key).not_to_be_in_viewport()
    await open_page(page, playing)
    await expect(question).to_be_in_viewport(ratio=1)
    await playing.send("¿Qué pasó?", buttons=kinds, replaces=2)
    await expect(chat.get_by_text("¿Qué pasó?")).to_be_in_viewport(ratio=1)
    await playing.send("Seguimos aquí")
    await expect(chat.get_by_text("Seguimos aquí")).to_be_in_viewport(ratio=1)


async def test_what_was_pressed_does_not_take_the_question_away(page: Page, playing: Stage) -> None:
    async def keep(arrival: Arrival) -> None:
        """The platform leaves the message as it was."""

    playing.answer = keep
    kinds = tuple((Button(f"Motivo {n}", str(n)),) for n in range(15))
    await playing.send("¿Qué pasa?", buttons=kinds)
    chat = panel(page, 1, Channel.TELEGRAM)
    await chat.locator(".key").first.dispatch_event("click")  # A click by mouse might scroll first.
    await expect(chat.locator(".pressed")).to_have_count(1)
    await expect(chat.get_by_text("¿Qué pasa?")).to_be_in_viewport(ratio=1)
    await chat.locator(".key").last.click()
    await expect(chat.locator(".pressed").last).to_be_in_viewport(ratio=1)


async def test_the_open_menu_lies_over_the_conversation_and_goes_by_itself(page: Page) -> None:
    one = phone(page, 1)
    menu, screen = one.locator(".menu"), panel(page, 1, Channel.TELEGRAM).locator(".screen")
    before = await box(screen)
    await one.locator(".more").click()
    await expect(menu).to_be_in_viewport(ratio=1)
    assert await box(screen) == before
    await panel(page, 1, Channel.TELEGRAM).get_by_role("textbox").click()
    await expect(menu).to_be_hidden()
    await expect(one.locator(".more")).to_have_attribute("aria-expanded", "false")
    await one.locator(".more").click()
    await page.keyboard.press("Escape")
    await expect(menu).to_be_hidden()


@pytest.mark.parametrize("width", [320, 360, 1280])
async def test_the_icon_of_the_banner_stands_at_its_text(page: Page, width: int) -> None:
    await page.set_viewport_size({"width": width, "height": 740})
    gap = await page.evaluate(
        """() => {
            const banner = document.querySelector(".banner");
            const text = document.createRange();
            text.setStart(banner.lastChild, 1);
            text.setEnd(banner.lastChild, 2);
            const icon = banner.querySelector("svg").getBoundingClientRect();
            return text.getBoundingClientRect().left - icon.right;
        }"""
    )
    assert 0 < gap < 16


async def test_on_a_small_screen_a_dialog_has_wide_buttons_and_the_main_one_first(
    page: Page,
) -> None:
    await page.set_viewport_size(SMALL)
    await panel(page, 1, Channel.TELEGRAM).locator("[data-act=location]").click()
    asking = page.locator("#d-location")
    send, cancel = await box(asking.locator("[type=submit]")), await box(asking.locator(".plain"))
    field = await box(asking.get_by_role("combobox"))
    assert (send["x"], send["width"]) == (cancel["x"], cancel["width"])
    assert send["width"] == field["width"]
    assert send["y"] < cancel["y"]


async def test_only_a_new_line_moves_in(page: Page, playing: Stage) -> None:
    await page.evaluate(
        """() => {
            window.moves = 0;
            document.addEventListener("animationstart", () => { window.moves += 1; });
        }"""
    )
    await write(page, 1, Channel.TELEGRAM, "hola")
    chat = panel(page, 1, Channel.TELEGRAM)
    await expect(chat.locator(".out")).to_have_count(1)
    await expect(chat.locator(".new")).to_have_count(0)
    assert await page.evaluate("moves") == 2
    await playing.send("¿Le podemos escribir?", replaces=2)
    await expect(chat.locator(".edited:visible")).to_have_count(1)
    for channel in ("SMS", "Telegram"):
        await phone(page, 1).get_by_role("tab", name=channel).click()
    for _ in ("away", "back"):
        await page.locator(".chip").first.click()
    await expect(chat.locator(".out")).to_be_visible()
    await page.wait_for_timeout(300)
    assert await page.evaluate("moves") == 2


async def test_a_phone_that_is_told_of_before_the_first_filling_hides_no_other(
    page: Page, playing: Stage
) -> None:
    async def slowly(route: Route) -> None:
        made = await page.request.post(f"{playing.url}/handset/phones", data={"name": "Tía Flor"})
        assert made.ok
        await asyncio.sleep(0.5)
        await route.continue_()

    await page.evaluate("localStorage.clear()")
    await page.route("**/handset/state", slowly, times=1)
    await open_page(page, playing)
    await expect(page.locator(".phone:visible")).to_have_count(4)
