"""SMS and their receipts, who texted STOP, and chats: answers, files, deleted messages."""

import base64
import json

import pytest
from sqlalchemy import select

from delivery.content import Attachment, Button, Content
from delivery.model import Failure, Lane, NewMessage, SendError
from delivery.sending import Sending
from delivery.service import queue
from delivery.store import message
from kit.channels import Channel, Endpoint
from tests.transports.handset_stage import OFELIA, OFELIA_PHONE, Stage
from transports.handset.model import Body, Call

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
CHAT = Endpoint(Channel.TELEGRAM, OFELIA)
YES = Button("Sí, escríbanme", "yes")


async def texts(playing: Stage) -> list[object]:
    return [line["text"] for line in await playing.lines()]


async def switch(playing: Stage, *, no_signal: bool) -> None:
    assert (await playing.post("phones/1/switch", {"no_signal": no_signal})).is_success


async def say(playing: Stage, text: str, reply_to: object = None) -> int:
    """Write on Telegram; gives the status of the answer."""
    body = {"channel": "telegram", "text": text, "reply_to": reply_to}
    return (await playing.post("phones/1/text", body)).status_code


# Receipts of SMS


async def test_an_sms_is_delivered_and_a_chat_tells_nothing(playing: Stage) -> None:
    sms = await playing.send("Recibido", Channel.SMS)
    await playing.send("Recibido")
    assert await playing.receipts() == {sms: ("delivered", "")}


async def test_an_sms_waits_for_a_signal_and_is_delivered_then(playing: Stage) -> None:
    await switch(playing, no_signal=True)
    sms = await playing.send("Recibido", Channel.SMS)
    await playing.later(seconds=119)
    assert (await texts(playing), await playing.receipts()) == ([], {})
    await switch(playing, no_signal=False)
    assert await texts(playing) == ["Recibido"]
    assert await playing.receipts() == {sms: ("delivered", "")}
    await playing.later(hours=1)
    assert await playing.receipts() == {sms: ("delivered", "")}


async def test_an_sms_that_waits_for_too_long_is_lost_for_good(playing: Stage) -> None:
    await switch(playing, no_signal=True)
    sms = await playing.send("Recibido", Channel.SMS)
    await playing.later(minutes=2)
    assert await playing.receipts() == {sms: ("undelivered", "30003")}
    await switch(playing, no_signal=False)
    await playing.later(hours=1)
    assert await texts(playing) == []


async def test_a_signal_that_comes_too_late_brings_nothing_even_if_no_clock_has_worked(
    playing: Stage,
) -> None:
    await switch(playing, no_signal=True)
    sms = await playing.send("Recibido", Channel.SMS)
    await playing.post("clock", {"minutes": 2})
    await switch(playing, no_signal=False)
    assert (await texts(playing), await playing.receipts()) == ([], {sms: ("undelivered", "30003")})


async def test_an_sms_is_never_taken_back(playing: Stage) -> None:
    sms = await playing.send("Recibido", Channel.SMS)
    there = Endpoint(Channel.SMS, OFELIA_PHONE)
    assert await playing.transport(Channel.SMS).withdraw(there, sms) is False
    assert await texts(playing) == ["Recibido"]


# What becomes of rows of the ledger


class Ledger:
    """The ledger over the handset's transports."""

    def __init__(self, playing: Stage) -> None:
        self._playing = playing
        ways = [playing.transport(channel) for channel in Channel]
        self._ways = {one.name: one for one in ways}

    async def send(self, channel: Channel, content: Content) -> int:
        """Send to Doña Ofelia; gives the row."""
        value = OFELIA if channel is Channel.TELEGRAM else OFELIA_PHONE
        new = NewMessage((Endpoint(channel, value),), content, Lane.URGENT)
        async with self._playing.database.write() as session:
            row = await queue(session, new, self._playing.clock.now())
        sending = Sending(self._playing.database, self._playing.clock, self._ways, "a test")
        await sending.recover()
        await sending.drain(Lane.URGENT, channel)
        await sending.in_air()
        await sending.close()
        return row

    async def state(self, row: int) -> tuple[str, str | None]:
        """Where a row stands, and why."""
        async with self._playing.database.read() as session:
            which = select(message.c.state, message.c.reason).where(message.c.id == row)
            found = await session.first(which)
        assert found is not None
        return found["state"], found["reason"]


async def test_rows_of_the_ledger_learn_what_became_of_them(playing: Stage) -> None:
    ledger = Ledger(playing)
    sms = await ledger.send(Channel.SMS, Content("", "Recibido"))
    chat = await ledger.send(Channel.TELEGRAM, Content("Recibido", ""))
    call = await ledger.send(Channel.VOICE, Content("", "", spoken="Caso A B 1 2"))
    busy = await ledger.send(Channel.VOICE, Content("", "", spoken="Otro caso"))
    states = [await ledger.state(row) for row in (sms, chat, call, busy)]
    assert states == [("delivered", None), ("sent", None), ("sent", None), ("undelivered", "busy")]
    await playing.later(seconds=25)
    assert await ledger.state(call) == ("undelivered", "no-answer")
    await switch(playing, no_signal=True)
    lost = await ledger.send(Channel.SMS, Content("", "Recibido"))
    assert await ledger.state(lost) == ("sent", None)
    await playing.later(minutes=2)
    assert await ledger.state(lost) == ("undelivered", "30003")


async def test_a_key_in_a_call_settles_its_row(playing: Stage) -> None:
    ledger = Ledger(playing)
    buttons = ((Button("Acepto", "A AB12"),),)
    call = await ledger.send(Channel.VOICE, Content("", "", buttons, spoken="Caso A B 1 2"))
    line = (await playing.lines())[0]["id"]
    await playing.post("phones/1/answer", {"line_id": line})
    await playing.post("phones/1/key", {"line_id": line, "digit": 1})
    assert playing.keys[0]["m"] == str(call)
    assert await ledger.state(call) == ("delivered", None)


# STOP


@pytest.mark.parametrize("word", ["STOP", "stop", " Alto ", "BAJA", "Unsubscribe"])
async def test_who_texts_stop_is_refused_by_the_ordinary_number_alone(
    playing: Stage, word: str
) -> None:
    await playing.post("phones/1/text", {"channel": "sms", "text": word})
    assert playing.last_raw()["Body"] == word
    with pytest.raises(SendError) as caught:
        await playing.send("Aviso", Channel.SMS)
    assert (caught.value.failure, caught.value.code) == (Failure.CONTACT_STOPPED, "21610")
    await playing.send("Listo", Channel.SMS, urgent_only=True)
    await playing.send("Aviso")
    _said, urgent, chat = await playing.lines()
    assert (urgent["by_urgent"], chat["by_urgent"]) == (True, False)


async def test_start_opens_the_number_again_and_stop_twice_closes_it_once(playing: Stage) -> None:
    for word in ("STOP", "STOP", "start"):
        await playing.post("phones/1/text", {"channel": "sms", "text": word})
    await playing.send("Aviso", Channel.SMS)
    assert (await playing.state())["phones"][0]["stopped"] is False


@pytest.mark.parametrize("text", ["ALTO, me vienen siguiendo", "no más golpes", "STOP IT", "SOS"])
async def test_other_words_stop_nothing(playing: Stage, text: str) -> None:
    await playing.post("phones/1/text", {"channel": "sms", "text": text})
    await playing.send("Recibido", Channel.SMS)


async def test_stop_in_a_chat_is_the_platforms_business(playing: Stage) -> None:
    await say(playing, "STOP")
    await playing.send("Listo", Channel.SMS)


async def test_one_phone_that_stopped_stops_no_other(playing: Stage) -> None:
    await playing.post("phones/1/text", {"channel": "sms", "text": "BAJA"})
    await playing.send("Aviso", Channel.SMS, "+12135550102")


# Answers to a message


async def test_an_answer_names_the_message_of_ours_as_telegram_does(playing: Stage) -> None:
    sent = await playing.send("¿Dónde está?", buttons=((YES,),))
    ours = (await playing.lines())[0]
    assert await say(playing, "En Nogales", ours["id"]) == 201
    message = playing.last_raw()["message"]
    assert isinstance(message, dict)
    answered = message["reply_to_message"]
    assert (str(answered["message_id"]), answered["text"]) == (sent, "¿Dónde está?")
    assert answered["from"]["is_bot"] is True
    assert "reply_to_message" not in answered
    assert (await playing.lines())[1]["reply_to"] == ours["id"]


async def test_photos_voice_notes_and_places_answer_too(playing: Stage) -> None:
    await playing.send("¿Dónde está?")
    line = (await playing.lines())[0]["id"]
    for act, more in (("photo", {}), ("voice", {}), ("location", {"lat": 1, "lon": 2})):
        body = {**more, "reply_to": line}
        assert (await playing.post(f"phones/1/{act}", body)).status_code == 201
        assert "reply_to_message" in json.dumps(playing.last_raw())


async def test_only_a_message_of_ours_in_that_chat_can_be_answered(playing: Stage) -> None:
    await playing.send("Para otra persona", to="900002")
    await say(playing, "hola")
    await playing.send("por SMS", Channel.SMS)
    gone = await playing.send("se borra")
    await playing.transport(Channel.TELEGRAM).withdraw(CHAT, gone)
    others, own, sms, deleted = [line["id"] for line in await playing.lines()]
    refused = [await say(playing, "sí", line) for line in (own, sms, deleted, others, 999)]
    assert refused == [409, 409, 409, 404, 404]
    wrong = [await say(playing, "sí", line) for line in (0, "1", 1.5, True)]
    assert wrong == [422] * 4
    by_sms = {"channel": "sms", "text": "sí", "reply_to": others}
    assert (await playing.post("phones/2/text", by_sms)).status_code == 409
    assert len(playing.arrivals) == 1


# Files


async def test_a_photo_that_is_sent_on_is_seen_on_the_other_phone(playing: Stage) -> None:
    image = base64.b64encode(PNG).decode()
    sent = (await playing.post("phones/2/photo", {"channel": "telegram", "image": image})).json()
    message = playing.last_raw()["message"]
    assert isinstance(message, dict)
    file = message["photo"][-1]["file_id"]
    await playing.send("Manda una foto", attachment=Attachment("photo", file), protected=True)
    line = (await playing.lines())[-1]
    assert (line["media"], line["picture"], line["text"]) == ("photo", sent["id"], "Manda una foto")
    assert line["protected"] is True


async def test_a_voice_note_is_sent_on_and_needs_no_words(playing: Stage) -> None:
    await playing.post("phones/2/voice", {"channel": "telegram"})
    message = playing.last_raw()["message"]
    assert isinstance(message, dict)
    await playing.send("", attachment=Attachment("voice", message["voice"]["file_id"]))
    line = (await playing.lines())[-1]
    assert (line["media"], line["text"], line["picture"]) == ("voice", "", None)


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("photo", "AgACAgEAAxkBAAI"),
        ("photo", "handset-voice-1"),
        ("photo", "handset-photo320-²"),
        ("photo", "handset-photo320-" + "9" * 60),
        ("photo", "../../etc/passwd"),
        ("voice", "handset-voice-1\n"),
        ("document", "handset-photo320-1"),
        ("video", "<script>"),
    ],
)
async def test_a_file_that_no_phone_sent_is_a_text_with_a_note(
    playing: Stage, kind: str, file: str
) -> None:
    await playing.send("Mire", attachment=Attachment(kind, file))
    (line,) = await playing.lines()
    assert (line["text"], line["media"], line["picture"]) == ("Mire", "unknown", None)
    assert file not in json.dumps(line)


async def test_a_file_with_words_under_it_is_refused_as_telegram_does(playing: Stage) -> None:
    for text, kind in (("a" * 1025, "photo"), ("hola", "live_photo"), ("hola", "")):
        with pytest.raises(SendError) as caught:
            await playing.send(text, attachment=Attachment(kind, "handset-photo320-1"))
        assert caught.value.failure is Failure.CONTENT_REFUSED
    await playing.send("a" * 1024, attachment=Attachment("photo", "handset-photo320-1"))
    # Of what can have no caption, the words must not be lost.
    await playing.send("hola", attachment=Attachment("sticker", "x"))
    assert (await playing.lines())[-1]["media"] is None


async def test_a_file_goes_by_no_sms(playing: Stage) -> None:
    await playing.send("Mire", Channel.SMS, attachment=Attachment("photo", "handset-photo320-1"))
    assert (await playing.lines())[0]["media"] is None


async def test_an_answered_photo_reads_as_telegram_tells_it(playing: Stage) -> None:
    await playing.send("Mire", attachment=Attachment("photo", "handset-photo320-1"))
    assert await say(playing, "Es él", (await playing.lines())[0]["id"]) == 201
    message = playing.last_raw()["message"]
    assert isinstance(message, dict)
    answered = message["reply_to_message"]
    assert (answered["caption"], answered["photo"][0]["file_id"]) == ("Mire", "handset-photo320-1")


def test_a_line_of_an_earlier_version_can_still_be_read() -> None:
    packed = (
        '{"text":"hola","buttons":[[{"label":"Sí","data":"yes","url":""}]],"ask_location":"",'
        '"media":null,"spot":null,"pressed":"","blocked":null,"lost":true}'
    )
    assert Body.unpack(packed) == Body("hola", ((Button("Sí", "yes"),),), lost=True)


def test_a_line_with_everything_comes_back_as_it_was_packed() -> None:
    full = Body(
        "Mire",
        reply_to=3,
        attachment=Attachment("photo", "handset-photo320-1"),
        protected=True,
        call=Call.TALKING,
        held=True,
        withdrawn=True,
        by_urgent=True,
        row=7,
    )
    assert Body.unpack(full.pack()) == full
    assert "photo320" not in repr(full)


# Deleted messages


async def test_a_message_that_is_taken_back_leaves_no_words(playing: Stage) -> None:
    sent = await playing.send("Caso AB12", buttons=((YES,),), protected=True)
    chat = playing.transport(Channel.TELEGRAM)
    assert await chat.withdraw(CHAT, sent) is True
    (line,) = await playing.lines()
    assert (line["withdrawn"], line["text"], line["buttons"]) == (True, "", [])
    assert "AB12" not in json.dumps(await playing.state())
    pressed = await playing.post("phones/1/press", {"line_id": line["id"], "data": "yes"})
    assert pressed.status_code == 409
    assert await chat.withdraw(CHAT, sent) is False


async def test_a_replacement_of_what_was_deleted_is_a_new_message(playing: Stage) -> None:
    sent = await playing.send("Caso AB12")
    await playing.transport(Channel.TELEGRAM).withdraw(CHAT, sent)
    assert await playing.send("Ya la atiende otra persona", replaces=int(sent)) != sent
    assert await texts(playing) == ["", "Ya la atiende otra persona"]


async def test_a_bot_deletes_nothing_after_48_hours(playing: Stage) -> None:
    sent = await playing.send("Caso AB12")
    await playing.later(hours=48)
    assert await playing.transport(Channel.TELEGRAM).withdraw(CHAT, sent) is False
    assert await texts(playing) == ["Caso AB12"]


@pytest.mark.parametrize("message_id", ["", "2", "99", "handset:1", "²", "-1", "9" * 60, "1 "])
async def test_what_is_no_message_of_ours_is_not_deleted(playing: Stage, message_id: str) -> None:
    await playing.send("Caso AB12")
    await say(playing, "hola")
    chat = playing.transport(Channel.TELEGRAM)
    assert await chat.withdraw(CHAT, message_id) is False
    assert await chat.withdraw(Endpoint(Channel.TELEGRAM, "900002"), "1") is False
    assert await chat.withdraw(Endpoint(Channel.TELEGRAM, "nadie"), "1") is False
    assert await texts(playing) == ["Caso AB12", "hola"]
