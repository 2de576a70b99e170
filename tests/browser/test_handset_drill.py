"""A drill by one person: three phones, calls, answers, files, and what has just come where."""

import base64
import json
from collections.abc import Mapping

from playwright.async_api import Page, ViewportSize, expect

from delivery.content import Attachment, Button
from kit.channels import Channel, Endpoint
from tests.browser.chromium import needs_browser
from tests.browser.window import SMALL, box, open_page, panel, phone, write
from tests.transports.handset_stage import Stage

GUARD = "+12135550104"
GUARD_CHAT = Endpoint(Channel.TELEGRAM, "900004")
KEYS = ((Button("Acepto", "A AB12"), Button("Que le toque a otra", "P AB12")),)
WIDE: ViewportSize = {"width": 1400, "height": 900}
HOSTILE = "<img src=x onerror=document.title='taken'>"

pytestmark = needs_browser


async def ring(playing: Stage, spoken: str = "Caso A B 1 2. Marque 1.") -> str:
    return await playing.call(spoken, GUARD, buttons=KEYS)


async def until(page: Page, expression: str) -> None:
    """Wait for what the page computes. Its policy lets no script do that."""
    for _ in range(400):
        if await page.evaluate(expression):
            return
        await page.wait_for_timeout(50)
    raise TimeoutError


# Calls


async def test_a_call_rings_is_answered_and_ends_with_a_key(page: Page, playing: Stage) -> None:
    guard = phone(page, 4)
    await ring(playing)
    await expect(guard.get_by_role("button", name="Contestar")).to_be_visible()
    await expect(page.locator("#announce")).to_contain_text("Guardia 2")
    await expect(page.locator(".chip").nth(3).locator(".chip-rings")).to_be_visible()
    await expect(guard.locator(".call")).not_to_contain_text("Caso A B")
    await guard.get_by_role("button", name="Contestar").click()
    await expect(guard.locator(".call-said")).to_have_text("Caso A B 1 2. Marque 1.")
    await expect(guard.locator(".call-said")).to_be_focused()
    await expect(page.locator("#announce")).to_be_empty()
    await guard.get_by_role("button", name="1 Acepto").click()
    await expect(guard.locator(".call")).to_be_hidden()
    await expect(panel(page, 4, Channel.VOICE).locator(".called.ended")).to_contain_text("Tecla 1")
    assert [form["Digits"] for form in playing.keys] == ["1"]
    await expect(page.locator(".chip-rings:visible")).to_have_count(0)


async def test_nine_and_unknown_keys_say_it_again_and_tell_nobody(
    page: Page, playing: Stage
) -> None:
    guard = phone(page, 4)
    await ring(playing)
    await guard.locator(".take").click()
    await page.evaluate(
        """() => {
            window.said = 0;
            new MutationObserver(() => { window.said += 1; })
                .observe(document.querySelectorAll(".call-said")[3], { childList: true });
        }"""
    )
    for digit in ("9", "5"):
        before = await page.evaluate("said")
        await guard.locator(f"[data-digit='{digit}']").click()
        await until(page, f"said >= {before + 2}")
        await expect(guard.locator(".call-said")).to_have_text("Caso A B 1 2. Marque 1.")
    assert playing.keys == []


async def test_a_call_that_nobody_answers_is_counted_as_missed(page: Page, playing: Stage) -> None:
    guard = phone(page, 4)
    await ring(playing)
    await expect(guard.locator(".call")).to_be_visible()
    await expect(guard.locator(".tabs .badge:visible")).to_have_count(0)
    await playing.later(minutes=5)
    await expect(guard.locator(".call")).to_be_hidden()
    tab = guard.get_by_role("tab", name="Llamadas")
    await expect(tab.locator(".badge b")).to_have_text("1")
    await open_page(page, playing)
    await expect(tab.locator(".badge")).to_be_hidden()
    await tab.click()
    await expect(panel(page, 4, Channel.VOICE).locator(".called.missed")).to_be_visible()


async def test_a_call_that_the_platform_ends_stops_ringing_and_says_so(
    page: Page, playing: Stage
) -> None:
    call = await ring(playing)
    await expect(phone(page, 4).locator(".call")).to_be_visible()
    await playing.transport(Channel.VOICE).withdraw(Endpoint(Channel.VOICE, GUARD), call)
    await expect(phone(page, 4).locator(".call")).to_be_hidden()
    await phone(page, 4).get_by_role("tab", name="Llamadas").click()
    await expect(panel(page, 4, Channel.VOICE).locator(".cut")).to_be_visible()


async def test_a_key_that_is_not_heard_is_told_on_the_phone(page: Page, playing: Stage) -> None:
    async def fail(form: Mapping[str, str]) -> str:
        raise OSError

    playing.says = fail
    await ring(playing)
    guard = phone(page, 4)
    await guard.locator(".take").click()
    await guard.locator("[data-digit='1']").click()
    await expect(guard.locator(".call").get_by_role("alert")).to_be_visible()
    playing.says = None
    await guard.locator("[data-digit='1']").click()
    await expect(guard.locator(".call")).to_be_hidden()


async def test_a_phone_that_was_put_aside_comes_back_when_it_rings(
    page: Page, playing: Stage
) -> None:
    await phone(page, 4).locator(".more").click()
    await phone(page, 4).locator(".aside").click()
    await expect(phone(page, 4)).to_be_hidden()
    await expect(page.locator(".chip").nth(3)).to_be_focused()
    await ring(playing)
    await expect(phone(page, 4).locator(".take")).to_be_in_viewport(ratio=1)


async def test_a_call_under_way_is_there_after_a_reload(page: Page, playing: Stage) -> None:
    await ring(playing)
    await open_page(page, playing)
    await phone(page, 4).locator(".take").click()
    await open_page(page, playing)
    await expect(phone(page, 4).locator(".call-said")).to_have_text("Caso A B 1 2. Marque 1.")


async def test_what_a_call_says_is_never_run(page: Page, playing: Stage) -> None:
    title = await page.title()
    await playing.call(HOSTILE, GUARD, buttons=((Button(HOSTILE, "x"),),))
    await phone(page, 4).locator(".take").click()
    await expect(phone(page, 4).locator(".call-said")).to_have_text(HOSTILE)
    await expect(phone(page, 4).locator("[data-digit='1'] span")).to_have_text(HOSTILE)
    assert await page.title() == title


async def test_a_phone_sounds_while_it_rings_unless_the_sound_is_off(
    page: Page, playing: Stage
) -> None:
    await page.add_init_script(
        """window.tones = 0;
        window.OscillatorNode = class extends OscillatorNode {
            constructor(...of) { super(...of); window.tones += 1; }
        };"""
    )
    await open_page(page, playing)
    sound = page.get_by_role("button", name="Sonido")
    await sound.click()
    await expect(sound).to_have_attribute("aria-pressed", "false")
    await open_page(page, playing)
    await ring(playing)
    await expect(phone(page, 4).locator(".take")).to_be_visible()
    assert await page.evaluate("tones") == 0
    await sound.click()
    await until(page, "tones > 0")
    await phone(page, 4).locator(".drop").click()
    await expect(phone(page, 4).locator(".call")).to_be_hidden()
    before = await page.evaluate("tones")
    await page.wait_for_timeout(3200)
    assert await page.evaluate("tones") == before


# Answers, files, deleted messages


async def test_an_answer_quotes_the_message_and_can_be_thought_better_of(
    page: Page, playing: Stage
) -> None:
    chat = panel(page, 4, Channel.TELEGRAM)
    await playing.send("¿Dónde lo vieron?", to="900004")
    await chat.get_by_role("button", name="Responder", exact=True).click()
    await expect(chat.locator(".replying")).to_contain_text("¿Dónde lo vieron?")
    await page.keyboard.press("Escape")
    await expect(chat.locator(".replying")).to_be_hidden()
    await chat.get_by_role("button", name="Responder", exact=True).click()
    await expect(chat.get_by_role("textbox")).to_be_focused()
    await page.keyboard.type("En Nogales")
    await page.keyboard.press("Enter")
    await expect(chat.locator(".in .quoted")).to_have_text("¿Dónde lo vieron?")
    await expect(chat.locator(".replying")).to_be_hidden()
    await write(page, 4, Channel.TELEGRAM, "y ya")
    await expect(chat.locator(".in .said")).to_have_text(["En Nogales", "y ya"])
    await expect(chat.locator(".out")).to_have_count(3)
    await expect(chat.locator(".in .quote:visible")).to_have_count(1)
    raw = [json.loads(arrival.raw)["message"] for arrival in playing.arrivals]
    assert ["reply_to_message" in one for one in raw] == [True, False]


async def test_a_deleted_message_is_gone_also_where_it_is_quoted(
    page: Page, playing: Stage
) -> None:
    chat = panel(page, 4, Channel.TELEGRAM)
    sent = await playing.send("Caso AB12", to="900004", buttons=KEYS)
    await chat.locator(".reply").click()
    await page.keyboard.type("Voy")
    await page.keyboard.press("Enter")
    await expect(chat.locator(".in .quoted")).to_have_text("Caso AB12")
    await chat.locator(".reply").first.click()
    await playing.transport(Channel.TELEGRAM).withdraw(GUARD_CHAT, sent)
    await expect(chat.locator(".withdrawn")).to_have_text("Mensaje borrado")
    await expect(chat.locator(".in .quoted")).to_have_text("Mensaje borrado")
    await expect(chat.locator(".replying")).to_be_hidden()
    assert "AB12" not in await chat.inner_html()


async def test_a_photo_that_is_sent_on_is_seen_and_locked(page: Page, playing: Stage) -> None:
    image = base64.b64encode(await page.screenshot()).decode()
    await playing.post("phones/1/photo", {"channel": "telegram", "image": image})
    sent = (await playing.lines())[0]["id"]
    chat = panel(page, 4, Channel.TELEGRAM)
    photo = Attachment("photo", f"handset-photo1280-{sent}")
    await playing.send("Manda una foto", to="900004", attachment=photo, protected=True)
    await expect(chat.locator("img.picture")).to_be_visible()
    await until(page, "document.querySelector('img.picture').naturalWidth > 0")
    await expect(chat.locator(".lock:visible")).to_have_count(1)
    await playing.send("", to="900004", attachment=Attachment("voice", "handset-voice-1"))
    await expect(chat.locator(".media.voice")).to_be_visible()
    await playing.send("Mire", to="900004", attachment=Attachment("document", "BQACAgE"))
    await expect(chat.locator(".media.unknown")).to_be_visible()
    await expect(chat.locator(".lock:visible")).to_have_count(1)


async def test_who_texted_stop_sees_what_that_means(page: Page, playing: Stage) -> None:
    playing.answer = None
    await write(page, 4, Channel.SMS, "BAJA")
    sms = panel(page, 4, Channel.SMS)
    await expect(sms.locator(".off-stopped")).to_be_visible()
    await playing.send("Listo", Channel.SMS, GUARD, urgent_only=True)
    await expect(sms.locator(".other-number:visible")).to_have_count(1)
    await write(page, 4, Channel.SMS, "START")
    await expect(sms.locator(".off-stopped")).to_be_hidden()


# Which phone just got something, and where it is


async def test_the_phone_that_just_got_something_stands_out_until_it_is_touched(
    page: Page, playing: Stage
) -> None:
    await playing.send("Caso AB12", to="900003")
    await expect(phone(page, 3).locator(".fresh-note")).to_be_visible()
    await playing.send("Caso AB12", Channel.SMS, GUARD)
    await expect(phone(page, 4)).to_contain_class("fresh latest")
    await expect(phone(page, 3)).to_contain_class("fresh")
    await expect(phone(page, 3)).not_to_contain_class("latest")
    await expect(page.locator(".chip.latest")).to_contain_text("Guardia 2")
    await panel(page, 4, Channel.TELEGRAM).get_by_role("textbox").click()
    await expect(phone(page, 4).locator(".fresh-note")).to_be_hidden()
    await expect(phone(page, 3).locator(".fresh-note")).to_be_visible()
    await open_page(page, playing)
    await expect(page.locator(".fresh")).to_have_count(0)


async def test_three_phones_stand_side_by_side_where_there_is_room(page: Page) -> None:
    await page.set_viewport_size(WIDE)
    await expect(page.locator(".phone:visible")).to_have_count(4)
    await page.locator(".chip").nth(1).click()
    await expect(page.locator(".phone:visible")).to_have_count(3)
    boxes = [await box(phone(page, place)) for place in (1, 3, 4)]
    assert len({one["y"] for one in boxes}) == 1
    assert [one["x"] for one in boxes] == sorted(one["x"] for one in boxes)
    assert all(one["width"] > 350 for one in boxes)
    for place in (1, 3, 4):
        await expect(phone(page, place)).to_be_in_viewport(ratio=1)


async def test_a_small_screen_shows_one_phone_and_the_one_that_rings_can_be_turned_to(
    page: Page, playing: Stage
) -> None:
    await page.set_viewport_size(SMALL)
    await expect(page.locator(".phone:visible")).to_have_count(1)
    await panel(page, 1, Channel.TELEGRAM).get_by_role("textbox").fill("a medio escribir")
    await ring(playing)
    chip = page.locator(".chip").nth(3)
    await expect(chip.locator(".chip-rings")).to_be_in_viewport(ratio=1)
    # Nobody is torn away from what they are writing.
    await expect(phone(page, 1)).to_be_visible()
    await chip.click()
    await expect(page.locator(".phone:visible")).to_have_count(1)
    await expect(phone(page, 4).locator(".take")).to_be_in_viewport(ratio=1)
    await phone(page, 4).locator(".take").click()
    for key in (
        phone(page, 4).locator("[data-digit]").all(),
        phone(page, 4).locator(".drop").all(),
    ):
        for one in await key:
            await expect(one).to_be_in_viewport(ratio=1)
    await open_page(page, playing)
    await expect(panel(page, 1, Channel.TELEGRAM).get_by_role("textbox")).to_have_value(
        "a medio escribir"
    )


async def test_a_long_chat_stands_at_its_end_also_when_its_phone_gets_narrower(
    page: Page, playing: Stage
) -> None:
    await page.set_viewport_size(WIDE)
    for place in (1, 2):
        await page.locator(".chip").nth(place).click()
    for n in range(30):
        await playing.send(f"Aviso {n}: " + "unas palabras más " * 6, to="900004")
    last = panel(page, 4, Channel.TELEGRAM).locator(".line").last
    await expect(last).to_contain_text("Aviso 29")
    await expect(last).to_be_in_viewport(ratio=1)
    for place in (1, 2):
        await page.locator(".chip").nth(place).click()
        await expect(last).to_be_in_viewport(ratio=1)
    await open_page(page, playing)
    await expect(last).to_be_in_viewport(ratio=1)
