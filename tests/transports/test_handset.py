"""The handset's page, phones, buttons and clock, over real HTTP and a SQLite file."""

import base64
import json
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from delivery.model import Failure, SendError
from kit.channels import WRITTEN, Channel
from tests.transports.handset_stage import NO, YES, Stage, refused, stage
from transports.handset.model import MOST_LINES, Body, Direction
from transports.handset.store import add_line, add_phone, ensure_phones, phones
from transports.intake import Arrival

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)

HOSTILE = "<script>alert(1)</script>"


# The page and its files


async def test_the_page_comes_with_nothing_from_elsewhere(playing: Stage) -> None:
    answer = await playing.browser.get("/handset")
    assert answer.status_code == 200
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "<script>" not in answer.text
    assert "style=" not in answer.text
    assert "//" not in answer.text.replace("<!doctype", "").replace("://", "")
    for name in ("handset.js", "handset.css", "icon.svg"):
        file = await playing.browser.get(f"/handset/static/{name}")
        assert file.status_code == 200
        assert file.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("name", ["routes.py", "..%2froutes.py", "%2e%2e/routes.py", "x" * 5000])
async def test_only_the_pages_own_files_are_given_out(playing: Stage, name: str) -> None:
    answer = await playing.browser.get(f"/handset/static/{name}")
    assert answer.status_code == 404
    assert "import" not in answer.text


# Phones


async def test_the_first_look_finds_four_invented_phones(playing: Stage) -> None:
    phones = (await playing.state())["phones"]
    assert [phone["number"] for phone in phones] == [f"+1213555010{n}" for n in (1, 2, 3, 4)]
    assert [phone["chat_id"] for phone in phones] == [900001, 900002, 900003, 900004]
    assert (await playing.state())["phones"] == phones


async def test_a_phone_can_be_used_before_anybody_looks(playing: Stage) -> None:
    await playing.send("hola")
    assert (await playing.post("phones/1/text", {"channel": "sms", "text": "hola"})).is_success
    assert len((await playing.state())["phones"]) == 4


async def test_phones_can_be_added_up_to_the_last_invented_number(playing: Stage) -> None:
    async with playing.database.write() as session:
        await ensure_phones(session)
        for n in range(5, 99):
            await add_phone(session, f"Vecina {n}")
    last = await playing.post("phones", {"name": "Tía Chela (Nochixtlán)"})
    assert last.status_code == 201
    assert last.json()["number"] == "+12135550199"
    assert refused(await playing.post("phones", {"name": "Otra"}), 409, "refused")
    numbers = {phone["number"] for phone in (await playing.state())["phones"]}
    assert len(numbers) == 99


@pytest.mark.parametrize("name", ["", "  ", "a" * 61, "dos\nrenglones", "nulo\0", 5, None, ["x"]])
async def test_a_name_that_nobody_could_read_is_refused(playing: Stage, name: object) -> None:
    assert refused(await playing.post("phones", {"name": name}), 422, "invalid")
    assert len((await playing.state())["phones"]) == 4


async def test_a_phone_gets_another_name_and_goes_with_what_stands_on_it(playing: Stage) -> None:
    for name in ("", "a" * 61, "dos\nrenglones", None):
        assert refused(await playing.post("phones/1/name", {"name": name}), 422, "invalid")
    named = await playing.post("phones/1/name", {"name": " Ofelia «مرحبا» <b> "})
    assert named.json()["name"] == "Ofelia «مرحبا» <b>"
    await playing.post("phones/2/text", {"channel": "telegram", "text": "hola"})
    await playing.post("phones/1/text", {"channel": "telegram", "text": "adiós"})
    assert (await playing.post("phones/1/remove", {})).json() == {"id": 1}
    assert refused(await playing.post("phones/1/remove", {}), 404, "not_found")
    state = await playing.state()
    assert [phone["id"] for phone in state["phones"]] == [2, 3, 4]
    assert [line["text"] for line in state["lines"]] == ["hola"]
    with pytest.raises(SendError) as caught:
        await playing.send("hola")
    assert caught.value.failure is Failure.ADDRESS_DEAD
    # The platform would take a second update of the same id for a repetition.
    await playing.post("phones/2/text", {"channel": "telegram", "text": "otra vez"})
    assert len({arrival.provider_id for arrival in playing.arrivals}) == 3
    # Its number is not given to the next one: the platform knows somebody under it.
    assert (await playing.post("phones", {"name": "Nueva"})).json()["number"] == "+12135550105"
    for phone in (2, 3, 4):
        assert (await playing.post(f"phones/{phone}/remove", {})).is_success
    assert refused(await playing.post("phones/5/remove", {}), 409, "refused")


async def test_a_call_of_a_phone_that_is_taken_away_is_over(playing: Stage) -> None:
    call = await playing.call()
    await playing.post("phones/1/remove", {})
    assert (await playing.receipts())[call][0] == "undelivered"


async def test_the_screens_hold_the_last_lines_and_the_page_is_in_the_readers_language(
    playing: Stage,
) -> None:
    async with playing.database.write() as session:
        await ensure_phones(session)
        (phone, *_others) = await phones(session)
        for n in range(MOST_LINES + 5):
            body = Body(text=f"Aviso {n}")
            await add_line(session, phone, Channel.SMS, Direction.OUT, body, playing.clock.now())
    shown = await playing.lines()
    assert (len(shown), shown[-1]["text"]) == (MOST_LINES, f"Aviso {MOST_LINES + 4}")
    for accepted, language in (
        ("", "es"),
        ("en-US,en;q=0.9,es;q=0.8", "en"),
        ("es-MX,en", "es"),
        ("zap,mxp;q=0.5", "es"),
        (";;,,en", "en"),
        ("x" * 9000, "es"),
    ):
        headers = {"Accept-Language": accepted}
        answer = await playing.browser.get("/handset?start=<b>&sms=x", headers=headers)
        assert f'<html lang="{language}"' in answer.text
        assert "<b>&" not in answer.text


async def test_the_steps_of_the_exercises_are_asked_for_from_a_line_on(playing: Stage) -> None:
    await playing.post("phones/1/text", {"channel": "sms", "text": "ALTA TLAXIACO"})
    from_the_start = (await playing.browser.get("/handset/lessons?since=0")).json()
    assert from_the_start["done"]["join"] == [True, False, False, False]
    newest = from_the_start["newest"]
    later = (await playing.browser.get(f"/handset/lessons?since={newest}")).json()
    assert later["done"]["join"] == [False] * 4
    for since in ("-1", "x", "9" * 40, ""):
        answer = await playing.browser.get(f"/handset/lessons?since={since}")
        assert refused(answer, 404, "not_found")


# What a person sends


async def test_a_text_reaches_the_platform_as_the_providers_would_bring_it(playing: Stage) -> None:
    answer = await playing.post("phones/2/text", {"channel": "sms", "text": "ALTA TLAXIACO"})
    assert answer.status_code == 201
    assert playing.arrivals[-1].channel is Channel.SMS
    assert playing.last_raw()["Body"] == "ALTA TLAXIACO"
    assert playing.last_raw()["From"] == "+12135550102"

    await playing.post("phones/2/text", {"channel": "telegram", "text": "/start"})
    message = playing.last_raw()["message"]
    assert isinstance(message, dict)
    assert (message["text"], message["chat"]["id"]) == ("/start", 900002)


async def test_the_line_stands_before_the_platform_hears_of_it(playing: Stage) -> None:
    seen: list[object] = []

    async def look(arrival: Arrival) -> None:
        seen.extend(line["text"] for line in await playing.lines())

    playing.answer = look
    await playing.post("phones/1/text", {"channel": "telegram", "text": "SOS"})
    assert seen == ["SOS"]


async def test_markup_comes_back_as_the_text_that_it_is(playing: Stage) -> None:
    await playing.post("phones", {"name": HOSTILE})
    await playing.post("phones/1/text", {"channel": "sms", "text": HOSTILE})
    answer = await playing.browser.get("/handset/state")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.json()["lines"][0]["text"] == HOSTILE
    assert HOSTILE not in (await playing.browser.get("/handset")).text


async def test_a_very_long_text_is_taken_whole(playing: Stage) -> None:
    text = "🌽" * 100_000
    answer = await playing.post("phones/1/text", {"channel": "telegram", "text": text})
    assert answer.status_code == 201
    message = playing.last_raw()["message"]
    assert isinstance(message, dict)
    assert message["text"] == text


async def test_a_null_sign_is_left_out_as_the_webhooks_do(playing: Stage) -> None:
    await playing.post("phones/1/text", {"channel": "sms", "text": "so\0s"})
    assert playing.last_raw()["Body"] == "sos"


async def test_an_sms_shows_what_it_costs_and_a_chat_does_not(playing: Stage) -> None:
    await playing.post("phones/1/text", {"channel": "sms", "text": "a" * 161})
    await playing.post("phones/1/text", {"channel": "telegram", "text": "a" * 161})
    sms, chat = await playing.lines()
    assert "161" in str(sms["cost"])
    assert "2" in str(sms["cost"]).replace("161", "")
    assert chat["cost"] == ""


async def test_a_location_reaches_the_platform_with_its_degrees(playing: Stage) -> None:
    answer = await playing.post("phones/2/location", {"lat": 36.7378, "lon": -119.7871})
    assert answer.status_code == 201
    message = playing.last_raw()["message"]
    assert isinstance(message, dict)
    assert message["location"] == {"latitude": 36.7378, "longitude": -119.7871}


@pytest.mark.parametrize("channel", ["telegram", "sms"])
async def test_photos_and_voice_notes_can_be_mere_markers(playing: Stage, channel: str) -> None:
    for act in ("photo", "voice"):
        answer = await playing.post(f"phones/1/{act}", {"channel": channel})
        assert answer.status_code == 201
        assert answer.json()["media"] == act
        assert answer.json()["picture"] is None
    assert len(playing.arrivals) == 2


async def test_a_photo_shows_on_the_page_and_its_image_goes_nowhere_else(playing: Stage) -> None:
    image = base64.b64encode(PNG).decode()
    answer = await playing.post("phones/1/photo", {"channel": "telegram", "image": image})
    assert answer.json()["picture"] == answer.json()["id"]
    shown = await playing.browser.get(f"/handset/pictures/{answer.json()['id']}")
    assert (shown.content, shown.headers["content-type"]) == (PNG, "image/png")
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert image not in playing.arrivals[-1].raw
    assert refused(await playing.browser.get("/handset/pictures/999"), 404, "not_found")


@pytest.mark.parametrize(
    "image",
    [b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", b"<html>", b"RIFF", b""],
)
async def test_what_is_no_picture_is_refused(playing: Stage, image: bytes) -> None:
    body = {"image": base64.b64encode(image).decode()}
    assert refused(await playing.post("phones/1/photo", body), 422, "invalid")
    assert playing.arrivals == []


async def test_an_image_over_five_megabytes_is_refused(playing: Stage) -> None:
    image = base64.b64encode(PNG + bytes(5 * 2**20)).decode()
    assert refused(await playing.post("phones/1/photo", {"image": image}), 413, "too_large")
    assert playing.arrivals == []


# Buttons


async def press(playing: Stage, data: object, line: object = None) -> httpx.Response:
    line_id = (await playing.lines())[0]["id"] if line is None else line
    return await playing.post("phones/1/press", {"line_id": line_id, "data": data})


async def test_a_press_reaches_the_platform_with_the_message_it_was_under(playing: Stage) -> None:
    await playing.send("¿Podemos escribirle?", buttons=((YES, NO),))
    answer = await press(playing, "no")
    assert answer.json()["pressed"] == "No me escriban"
    query = playing.last_raw()["callback_query"]
    assert isinstance(query, dict)
    shown = (await playing.lines())[0]
    assert (query["data"], query["message"]["message_id"]) == ("no", shown["message_id"])


async def test_only_a_button_that_stands_there_can_be_pressed(playing: Stage) -> None:
    await playing.send("¿Podemos escribirle?", buttons=((YES, NO),))
    await playing.post("phones/1/text", {"channel": "telegram", "text": "yes"})
    asked, said = await playing.lines()
    assert refused(await press(playing, "other", asked["id"]), 409, "refused")
    assert refused(await press(playing, "yes", said["id"]), 409, "refused")
    assert refused(await press(playing, "yes", 999), 404, "not_found")
    body = {"line_id": asked["id"], "data": "yes"}
    assert refused(await playing.post("phones/2/press", body), 404, "not_found")
    assert len(playing.arrivals) == 1


async def test_a_button_of_a_message_that_was_replaced_is_gone(playing: Stage) -> None:
    await playing.send("¿Podemos escribirle?", buttons=((YES, NO),))
    asked = (await playing.lines())[0]
    await playing.send("Gracias.", replaces=int(str(asked["message_id"])))
    assert refused(await press(playing, "no", asked["id"]), 409, "refused")


# The state of a phone, and a platform that fails


async def test_a_phone_without_signal_neither_sends_nor_receives(playing: Stage) -> None:
    answer = await playing.post("phones/1/switch", {"no_signal": True})
    assert answer.json()["no_signal"] is True
    with pytest.raises(SendError) as caught:
        await playing.send("hola")
    assert caught.value.failure is Failure.TRY_LATER
    await playing.send("hola", Channel.SMS)
    assert await playing.lines() == []
    for channel in WRITTEN:
        body = {"channel": channel, "text": "hola"}
        assert refused(await playing.post("phones/1/text", body), 409, "refused")
    await playing.post("phones/1/switch", {"no_signal": False})
    await playing.send("hola otra vez")
    assert [line["text"] for line in await playing.lines()] == ["hola", "hola otra vez"]


async def test_who_blocks_the_chat_is_reached_by_sms_only(playing: Stage) -> None:
    await playing.post("phones/1/switch", {"blocked": True})
    with pytest.raises(SendError) as caught:
        await playing.send("hola")
    assert caught.value.failure is Failure.CONTACT_STOPPED
    body = {"channel": "telegram", "text": "hola"}
    assert refused(await playing.post("phones/1/text", body), 409, "refused")
    await playing.send("hola", Channel.SMS)


async def test_telegram_tells_when_the_chat_is_blocked_and_only_then(playing: Stage) -> None:
    for blocked in (True, True, False):
        await playing.post("phones/1/switch", {"blocked": blocked, "no_signal": False})
    told = [json.loads(arrival.raw)["my_chat_member"] for arrival in playing.arrivals]
    assert [one["new_chat_member"]["status"] for one in told] == ["kicked", "member"]


async def test_what_the_platform_cannot_store_is_shown_as_lost(playing: Stage) -> None:
    async def fail(arrival: Arrival) -> None:
        raise OSError(arrival.raw)

    playing.answer = fail
    answer = await playing.post("phones/1/text", {"channel": "sms", "text": "SOS"})
    assert refused(answer, 503, "not_stored")
    assert "SOS" not in answer.text
    playing.answer = None
    await playing.post("phones/1/text", {"channel": "sms", "text": "SOS otra vez"})
    assert [line["lost"] for line in await playing.lines()] == [True, False]


async def test_names_of_updates_rise_over_a_restart(tmp_path: Path) -> None:
    ids: list[int] = []
    for _ in range(2):
        async with stage(tmp_path) as playing:
            for text in ("hola", "SOS"):
                await playing.post("phones/1/text", {"channel": "telegram", "text": text})
            ids += [int(arrival.provider_id) for arrival in playing.arrivals]
    assert ids == sorted(set(ids))
    assert len(ids) == 4


# The clock


async def test_the_clock_moves_forward_and_tells_its_listeners(playing: Stage) -> None:
    moves: list[timedelta] = []
    playing.clock.on_move(lambda: moves.append(playing.clock.offset))
    before = playing.clock.now()
    answer = await playing.post("clock", {"minutes": 65})
    assert answer.json()["moved_minutes"] == 65
    assert moves == [timedelta(minutes=65)]
    seen = (await playing.browser.get("/handset/clock")).json()
    assert datetime.fromisoformat(seen["now"]) >= before + timedelta(minutes=65)


@pytest.mark.parametrize("minutes", [0, -5, 1.5, True, "5", None, 10**9, 10**30])
async def test_the_clock_never_goes_back_nor_out_of_bounds(playing: Stage, minutes: object) -> None:
    assert refused(await playing.post("clock", {"minutes": minutes}), 422, "invalid")
    assert playing.clock.offset == timedelta()


async def test_a_handset_that_stands_alone_does_not_turn_time_back(playing: Stage) -> None:
    await playing.post("clock", {"minutes": 5})
    assert refused(await playing.post("clock/back", {}), 409, "refused")
    assert refused(await playing.post("clock/back", {"minutes": 5}), 422, "invalid")
    assert playing.clock.offset == timedelta(minutes=5)


async def test_the_clock_cannot_be_pushed_to_the_end_of_time(playing: Stage) -> None:
    for _ in range(10):
        answer = await playing.post("clock", {"minutes": 60 * 24 * 366})
    assert answer.is_success
    assert refused(await playing.post("clock", {"minutes": 60 * 24 * 366}), 409, "refused")
