"""Calls to the invented phones: ringing, answering, keys, and what the platform is told of them."""

import asyncio
from collections.abc import Mapping

import httpx
import pytest
from sqlalchemy.schema import DropTable

from delivery.content import Button
from delivery.model import Failure, SendError
from delivery.transport import Withdrawing
from kit.channels import Channel, Endpoint
from tests.transports.handset_stage import OFELIA_PHONE, Stage
from transports.handset.store import handset_line

TAKE, PASS_ON = Button("Acepto", "A AB12"), Button("Que le toque a otra", "P AB12")
KEYS = ((TAKE,), (PASS_ON,))
PHONE = Endpoint(Channel.VOICE, OFELIA_PHONE)
MISSED = ("undelivered", "no-answer")


async def calls(playing: Stage) -> list[object]:
    """Where each call stands, in order."""
    return [line["call"] for line in await playing.lines() if line["call"]]


async def do(playing: Stage, what: str, line: object = 1, **more: object) -> httpx.Response:
    """An act on a call; the first one unless told otherwise."""
    return await playing.post(f"phones/1/{what}", {"line_id": line, **more})


def is_over(answer: httpx.Response) -> bool:
    return answer.status_code == 409 and bool(answer.json()["error"]["message"])


async def test_a_call_rings_and_says_its_words_when_it_is_answered(playing: Stage) -> None:
    call = await playing.call("Tequio: caso A B 1 2.", buttons=KEYS)
    (line,) = await playing.lines()
    assert (call, line["channel"], line["call"]) == ("handset:1", "voice", "ringing")
    answered = (await do(playing, "answer")).json()
    assert (answered["call"], answered["text"]) == ("talking", "Tequio: caso A B 1 2.")
    assert answered["keys"] == [
        {"digit": 1, "label": "Acepto"},
        {"digit": 2, "label": "Que le toque a otra"},
    ]
    assert await playing.receipts() == {}


async def test_a_key_reaches_the_platform_as_twilio_posts_it_and_ends_the_call(
    playing: Stage,
) -> None:
    await playing.call(buttons=KEYS)
    await do(playing, "answer")
    ended = (await do(playing, "key", digit=2)).json()
    (form,) = playing.keys
    assert (form["CallSid"], form["To"], form["Digits"]) == ("handset:1", OFELIA_PHONE, "2")
    assert form["m"] == "1"
    assert (ended["call"], ended["text"], ended["keys"]) == ("ended", "Tecla 2. Gracias.", [])
    assert await playing.receipts() == {"handset:1": ("delivered", "")}
    assert (await playing.lines())[1]["pressed"] == "2 · Que le toque a otra"


async def test_the_keys_press_the_buttons_row_by_row(playing: Stage) -> None:
    three = ((TAKE, PASS_ON), (Button("Ver", url="https://example.org/"), Button("Después", "L")))
    await playing.call(buttons=three)
    keys = (await do(playing, "answer")).json()["keys"]
    # A link can be pressed by nobody, and keeps its key.
    assert [(key["digit"], key["label"]) for key in keys] == [
        (1, "Acepto"),
        (2, "Que le toque a otra"),
        (4, "Después"),
    ]


@pytest.mark.parametrize("digit", [3, 8, 9])
async def test_a_key_without_a_meaning_has_it_said_again(playing: Stage, digit: int) -> None:
    await playing.call(buttons=KEYS)
    before = (await do(playing, "answer")).json()
    assert (await do(playing, "key", digit=digit)).json() == before
    assert playing.keys == []
    assert await playing.receipts() == {}


async def test_nine_repeats_even_when_there_are_nine_buttons(playing: Stage) -> None:
    await playing.call(buttons=tuple((Button(f"Motivo {n}", str(n)),) for n in range(1, 11)))
    assert len((await do(playing, "answer")).json()["keys"]) == 8
    await do(playing, "key", digit=9)
    assert playing.keys == []


async def test_a_call_that_nobody_answers_rings_for_25_seconds(playing: Stage) -> None:
    await playing.call(buttons=KEYS)
    await playing.later(seconds=24)
    assert (await calls(playing), await playing.receipts()) == (["ringing"], {})
    await playing.later(seconds=1)
    assert await calls(playing) == ["missed"]
    assert await playing.receipts() == {"handset:1": MISSED}
    assert (await playing.lines())[0]["text"] == ""


async def test_a_call_that_is_answered_rings_out_no_more(playing: Stage) -> None:
    await playing.call(buttons=KEYS)
    await playing.later(seconds=20)
    await do(playing, "answer")
    await playing.later(seconds=20)
    assert await calls(playing) == ["talking"]


async def test_a_call_in_which_no_key_is_pressed_ends_by_itself(playing: Stage) -> None:
    await playing.call(buttons=KEYS)
    await do(playing, "answer")
    await playing.later(minutes=2)
    assert await calls(playing) == ["ended"]
    assert await playing.receipts() == {"handset:1": MISSED}


@pytest.mark.parametrize("answered", [False, True])
async def test_hanging_up_is_no_acknowledgement(playing: Stage, answered: bool) -> None:
    await playing.call(buttons=KEYS)
    if answered:
        await do(playing, "answer")
    hung_up = (await do(playing, "hang-up")).json()
    assert (hung_up["call"], hung_up["text"]) == ("ended" if answered else "missed", "")
    assert await playing.receipts() == {"handset:1": MISSED}
    assert playing.keys == []


async def test_nothing_can_be_done_with_a_call_that_is_over(playing: Stage) -> None:
    await playing.call(buttons=KEYS)
    await do(playing, "answer")
    await do(playing, "key", digit=1)
    for what, more in (
        ("answer", {}),
        ("hang-up", {}),
        ("key", {"digit": 1}),
        ("key", {"digit": 9}),
    ):
        assert is_over(await do(playing, what, **more))
    assert len(playing.keys) == 1
    assert await playing.receipts() == {"handset:1": ("delivered", "")}


async def test_a_call_cannot_be_answered_after_its_time_even_if_no_clock_has_ended_it(
    playing: Stage,
) -> None:
    await playing.call(buttons=KEYS)
    await playing.post("clock", {"minutes": 1})
    assert is_over(await do(playing, "answer"))
    assert is_over(await do(playing, "hang-up"))


async def test_keys_before_the_call_is_answered_and_a_second_answer_do_nothing(
    playing: Stage,
) -> None:
    await playing.call(buttons=KEYS)
    assert is_over(await do(playing, "key", digit=1))
    assert (await do(playing, "answer")).is_success
    assert is_over(await do(playing, "answer"))
    assert playing.keys == []


async def test_many_hands_at_once_answer_a_call_once(playing: Stage) -> None:
    await playing.call(buttons=KEYS)
    answers = await asyncio.gather(*(do(playing, "answer") for _ in range(8)))
    assert sorted(one.status_code for one in answers) == [200] + [409] * 7


async def test_the_platform_ends_a_call_that_rings(playing: Stage) -> None:
    call = await playing.call(buttons=KEYS)
    voice = playing.transport(Channel.VOICE)
    assert isinstance(voice, Withdrawing)
    assert await voice.withdraw(PHONE, call) is True
    (line,) = await playing.lines()
    assert (line["call"], line["withdrawn"], line["text"]) == ("missed", True, "")
    assert await playing.receipts() == {call: ("undelivered", "canceled")}
    assert await voice.withdraw(PHONE, call) is False
    assert is_over(await do(playing, "answer"))


async def test_the_platform_ends_a_call_that_is_talked_in(playing: Stage) -> None:
    call = await playing.call(buttons=KEYS)
    await do(playing, "answer")
    assert await playing.transport(Channel.VOICE).withdraw(PHONE, call) is True
    assert await calls(playing) == ["ended"]


async def test_a_call_that_is_over_is_not_taken_back(playing: Stage) -> None:
    call = await playing.call(buttons=KEYS)
    await playing.later(minutes=1)
    assert await playing.transport(Channel.VOICE).withdraw(PHONE, call) is False
    assert await playing.receipts() == {call: MISSED}


@pytest.mark.parametrize(
    "call", ["", "1", "handset:", "handset:2", "handset:²", "handset:-1", "handset:" + "9" * 60]
)
async def test_what_is_no_call_of_a_phone_is_not_taken_back(playing: Stage, call: str) -> None:
    await playing.call(buttons=KEYS)
    await playing.send("hola", Channel.SMS)
    voice = playing.transport(Channel.VOICE)
    assert await voice.withdraw(PHONE, call) is False
    assert await voice.withdraw(Endpoint(Channel.VOICE, "+12135550102"), "handset:1") is False
    assert await voice.withdraw(Endpoint(Channel.VOICE, "+12135550142"), "handset:1") is False
    assert await voice.withdraw(Endpoint(Channel.SMS, OFELIA_PHONE), "handset:1") is False
    assert await calls(playing) == ["ringing"]


async def test_a_key_counts_although_the_platform_ends_the_call_meanwhile(playing: Stage) -> None:
    """Who takes a case by a call is called no more, so that call is taken back too."""
    call = await playing.call(buttons=KEYS)
    await do(playing, "answer")

    async def take(form: Mapping[str, str]) -> str:
        await playing.transport(Channel.VOICE).withdraw(PHONE, form["CallSid"])
        return "<Response><Say>El caso es suyo.</Say><Hangup/></Response>"

    playing.says = take
    ended = (await do(playing, "key", digit=1)).json()
    assert (ended["call"], ended["text"]) == ("ended", "El caso es suyo.")
    assert (await playing.receipts())[call] == ("delivered", "")


async def test_a_platform_that_cannot_be_asked_leaves_the_call_as_it_was(playing: Stage) -> None:
    async def fail(form: Mapping[str, str]) -> str:
        raise OSError(form["To"])

    await playing.call(buttons=KEYS)
    await do(playing, "answer")
    playing.says = fail
    answer = await do(playing, "key", digit=1)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "not_stored")
    assert OFELIA_PHONE not in answer.text
    playing.says = None
    assert (await do(playing, "key", digit=1)).json()["call"] == "ended"
    pressed = [line["lost"] for line in await playing.lines() if line["pressed"]]
    assert pressed == [True, False]


async def test_what_is_said_twice_to_be_understood_is_read_once(playing: Stage) -> None:
    async def twice(form: Mapping[str, str]) -> str:
        return "<Response><Say>Ya &amp; listo.</Say><Pause/><Say>Ya &amp; listo.</Say></Response>"

    playing.says = twice
    await playing.call(buttons=KEYS)
    await do(playing, "answer")
    assert (await do(playing, "key", digit=1)).json()["text"] == "Ya & listo."


async def test_a_second_call_to_a_phone_finds_it_busy(playing: Stage) -> None:
    await playing.call(buttons=KEYS)
    second = await playing.call(buttons=KEYS)
    assert await calls(playing) == ["ringing", "missed"]
    assert await playing.receipts() == {second: ("undelivered", "busy")}
    await playing.later(seconds=25)
    await playing.call(buttons=KEYS)
    assert await calls(playing) == ["missed", "missed", "ringing"]


async def test_a_phone_without_signal_is_not_reached(playing: Stage) -> None:
    await playing.post("phones/1/switch", {"no_signal": True})
    call = await playing.call(buttons=KEYS)
    assert await calls(playing) == ["missed"]
    assert await playing.receipts() == {call: MISSED}


async def test_a_phone_that_loses_its_signal_loses_its_call(playing: Stage) -> None:
    call = await playing.call(buttons=KEYS)
    await playing.post("phones/1/switch", {"no_signal": True})
    assert await calls(playing) == ["missed"]
    assert await playing.receipts() == {call: MISSED}
    await playing.post("phones/1/switch", {"no_signal": False})
    assert await calls(playing) == ["missed"]


async def test_nobody_else_can_answer_hang_up_or_press(playing: Stage) -> None:
    await playing.call(buttons=KEYS)
    await playing.send("hola", buttons=KEYS)
    for path, body in (
        ("phones/2/answer", {"line_id": 1}),
        ("phones/2/hang-up", {"line_id": 1}),
        ("phones/2/key", {"line_id": 1, "digit": 1}),
        ("phones/1/answer", {"line_id": 2}),
        ("phones/1/answer", {"line_id": 999}),
    ):
        assert (await playing.post(path, body)).status_code == 404
    pressed = await playing.post("phones/1/press", {"line_id": 1, "data": TAKE.data})
    assert pressed.status_code == 409
    assert playing.arrivals == []
    assert await calls(playing) == ["ringing"]


@pytest.mark.parametrize("digit", [0, 10, -1, 1.5, "1", True, None, [1]])
async def test_what_is_no_key_is_refused(playing: Stage, digit: object) -> None:
    await playing.call(buttons=KEYS)
    await do(playing, "answer")
    assert (await do(playing, "key", digit=digit)).status_code == 422
    assert playing.keys == []


async def test_another_sites_page_cannot_touch_a_call(playing: Stage) -> None:
    await playing.call(buttons=KEYS)
    for what in ("answer", "hang-up", "key"):
        body = {"line_id": 1, "digit": 1} if what == "key" else {"line_id": 1}
        answer = await playing.post(f"phones/1/{what}", body, Origin="https://evil.example")
        assert answer.status_code == 403
    assert await calls(playing) == ["ringing"]


@pytest.mark.parametrize("words", ["", "  ", "a" * 5000, "\ud83c"])
async def test_words_that_no_voice_says_are_refused(playing: Stage, words: str) -> None:
    with pytest.raises(SendError) as caught:
        await playing.call(words)
    assert caught.value.failure is Failure.CONTENT_REFUSED
    assert await playing.lines() == []


async def test_a_number_that_no_phone_has_is_dead(playing: Stage) -> None:
    with pytest.raises(SendError) as caught:
        await playing.call(to="+12135550142")
    assert caught.value.failure is Failure.ADDRESS_DEAD


async def test_a_broken_database_says_that_taking_back_may_be_tried_again(playing: Stage) -> None:
    call = await playing.call(buttons=KEYS)
    async with playing.database.write() as session:
        await session.execute(DropTable(handset_line))
    with pytest.raises(SendError) as caught:
        await playing.transport(Channel.VOICE).withdraw(PHONE, call)
    assert caught.value.failure is Failure.TRY_LATER
    assert caught.value.__context__ is None
