"""What the platform sends to a phone of the handset."""

import asyncio

import pytest
from sqlalchemy.schema import DropTable

from delivery.content import Button, Content
from delivery.model import Failure, SendError
from kit.channels import WRITTEN, Channel
from tests.transports.handset_stage import NO, YES, Stage
from transports.handset.store import handset_line


async def test_a_message_stands_in_the_tables_once_it_is_sent(playing: Stage) -> None:
    first = await playing.send("Buenos días", buttons=((YES,), (NO,)))
    second = await playing.send("Recibido", Channel.SMS)
    chat, sms = await playing.lines()
    # As Telegram's own: the platform finds by it what somebody answers.
    assert (first, second) == (str(chat["message_id"]), f"handset:{sms['id']}")
    assert (chat["channel"], chat["direction"], chat["text"]) == ("telegram", "out", "Buenos días")
    assert chat["buttons"] == [
        [{"label": "Sí, escríbanme", "data": "yes", "url": ""}],
        [{"label": "No me escriban", "data": "no", "url": ""}],
    ]
    assert (sms["channel"], sms["buttons"], sms["ask_location"]) == ("sms", [], "")


async def test_a_replacement_edits_the_chat_and_never_an_sms(playing: Stage) -> None:
    first = await playing.send("¿Podemos escribirle?", buttons=((YES, NO),))
    message_id = int(str((await playing.lines())[0]["message_id"]))
    assert await playing.send("Gracias.", replaces=message_id) == first
    await playing.send("Gracias.", Channel.SMS, replaces=message_id)
    chat, sms = await playing.lines()
    assert (chat["text"], chat["buttons"]) == ("Gracias.", [])
    assert chat["edited_at"] is not None
    assert (sms["text"], sms["edited_at"]) == ("Gracias.", None)


async def test_a_replacement_of_what_is_not_there_is_a_new_message(playing: Stage) -> None:
    await playing.post("phones/1/text", {"channel": "telegram", "text": "hola"})
    theirs = int(str((await playing.lines())[0]["message_id"]))
    for replaces in (theirs, 404):
        await playing.send("Gracias.", replaces=replaces)
    assert [line["text"] for line in await playing.lines()] == ["hola", "Gracias.", "Gracias."]


async def test_a_message_asks_for_a_place_or_has_buttons(playing: Stage) -> None:
    await playing.send("¿Dónde está?", ask_location="Mandar ubicación")
    await playing.send("¿Dónde está?", ask_location="Mandar ubicación", buttons=((YES,),))
    assert [line["ask_location"] for line in await playing.lines()] == ["Mandar ubicación", ""]


@pytest.mark.parametrize(
    ("channel", "to"),
    [
        (Channel.TELEGRAM, "900099"),
        (Channel.TELEGRAM, "-900001"),
        (Channel.TELEGRAM, "doña"),
        (Channel.TELEGRAM, "9" * 60),
        (Channel.TELEGRAM, "²"),
        (Channel.SMS, "+12135550142"),
        (Channel.SMS, "900001"),
    ],
)
async def test_an_endpoint_that_no_phone_has_is_dead(
    playing: Stage, channel: Channel, to: str
) -> None:
    with pytest.raises(SendError) as caught:
        await playing.send("hola", channel, to)
    assert caught.value.failure is Failure.ADDRESS_DEAD


@pytest.mark.parametrize("text", ["", "  ", "a" * 5000, "\ud83c"])
@pytest.mark.parametrize("channel", WRITTEN)
async def test_what_the_provider_would_refuse_is_refused(
    playing: Stage, channel: Channel, text: str
) -> None:
    with pytest.raises(SendError) as caught:
        await playing.send(text, channel)
    assert caught.value.failure is Failure.CONTENT_REFUSED
    assert await playing.lines() == []


async def test_a_button_with_too_much_data_is_refused(playing: Stage) -> None:
    await playing.send("hola", buttons=((Button("Sí", "ñ" * 32),),))
    with pytest.raises(SendError) as caught:
        await playing.send("hola", buttons=((Button("Sí", "ñ" * 33),),))
    assert caught.value.failure is Failure.CONTENT_REFUSED


async def test_a_broken_database_is_an_unknown_outcome_that_tells_nothing(playing: Stage) -> None:
    await playing.send("hola")
    async with playing.database.write() as session:
        await session.execute(DropTable(handset_line))
    with pytest.raises(SendError) as caught:
        await playing.send("me tienen en una casa")
    assert caught.value.failure is Failure.UNKNOWN_OUTCOME
    assert caught.value.__context__ is None


async def test_sms_counts_segments_and_telegram_messages(playing: Stage) -> None:
    content = Content("a" * 500, "a" * 500)
    assert playing.transport(Channel.SMS).units(content) == 4
    assert playing.transport(Channel.TELEGRAM).units(content) == 1
    assert playing.transport(Channel.SMS).rate == 10
    assert playing.transport(Channel.TELEGRAM).rate == 30


async def test_message_ids_rise_in_a_chat_even_when_many_are_sent_at_once(playing: Stage) -> None:
    await asyncio.gather(*(playing.send(f"aviso {n}") for n in range(20)))
    ids = [int(str(line["message_id"])) for line in await playing.lines()]
    assert ids == list(range(1, 21))
