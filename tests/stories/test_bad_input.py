"""What providers, strangers and attackers send: nothing crashes, nothing is lost."""

import json

import pytest
from sqlalchemy import func, select

from bot.inbox import letters
from bot.inbox.store import InboundState, inbound
from contacts import store as contacts
from kit.channels import Channel, Endpoint
from tests.standins.telegram import blocked_update, text_update, unknown_update
from tests.standins.twilio_webhooks import inbound_sms, signed_form
from tests.stories.world import PUBLIC_URL, SECRET, World

HEADER = "X-Telegram-Bot-Api-Secret-Token"
BETO = "+12135550112"
CHAT = 900_112


async def stored(world: World) -> int:
    async with world.database.read() as session:
        return int(await session.scalar(select(func.count()).select_from(inbound)))


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + " ", "ñandú"])
async def test_telegram_without_its_secret_is_refused_and_nothing_is_stored(
    world: World, secret: str
) -> None:
    update = json.dumps(text_update(CHAT, "SOS"))
    answer = await world.http.post(
        "/webhooks/telegram", content=update, headers=[(HEADER.encode(), secret.encode())]
    )
    assert answer.status_code == 403
    assert await stored(world) == 0


@pytest.mark.parametrize("change", ["signature", "body", "none", "path"])
async def test_twilio_with_a_wrong_signature_is_refused_and_nothing_is_stored(
    world: World, change: str
) -> None:
    params = inbound_sms(BETO, "SOS")
    path = "/webhooks/twilio/status" if change == "path" else "/webhooks/twilio/message"
    body, headers = signed_form(PUBLIC_URL + path, params)
    if change == "signature":
        true = headers["X-Twilio-Signature"]
        headers["X-Twilio-Signature"] = ("B" if true.startswith("A") else "A") + true[1:]
    if change == "none":
        del headers["X-Twilio-Signature"]
    if change == "body":
        body = body.replace(b"SOS", b"BAJA")
    answer = await world.http.post("/webhooks/twilio/message", content=body, headers=headers)
    assert answer.status_code == 403
    assert await stored(world) == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hola",
        b"[]",
        b"{}",
        b'{"update_id": "1"}',
        b'{"update_id": true}',
        b'{"update_id": 1.5}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"update_id": 1, "message": ' + b"[" * 90_000,
    ],
)
async def test_a_malformed_update_is_a_client_error_with_one_line_without_its_content(
    world: World, body: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = await world.http.post("/webhooks/telegram", content=body, headers={HEADER: SECRET})
    assert answer.status_code == 400
    assert await stored(world) == 0
    assert "hola" not in capfd.readouterr().err


async def test_a_body_larger_than_any_provider_sends_is_refused(world: World) -> None:
    answer = await world.http.post(
        "/webhooks/telegram", content=b"x" * 1_500_000, headers={HEADER: SECRET}
    )
    assert answer.status_code == 413


@pytest.mark.parametrize("missing", ["MessageSid", "From"])
async def test_a_signed_form_without_its_fields_is_a_client_error(
    world: World, missing: str
) -> None:
    params = inbound_sms(BETO, "SOS")
    del params[missing]
    body, headers = signed_form(PUBLIC_URL + "/webhooks/twilio/message", params)
    answer = await world.http.post("/webhooks/twilio/message", content=body, headers=headers)
    assert answer.status_code == 400


async def test_an_update_of_an_unknown_kind_is_stored_and_ignored(world: World) -> None:
    for update in (unknown_update(), {"update_id": 9, "message": {"no": "such thing"}}):
        answer = await world.http.post(
            "/webhooks/telegram", json=dict(update), headers={HEADER: SECRET}
        )
        assert answer.status_code == 200
    async with world.database.read() as session:
        rows = await session.all(select(inbound.c.state))
    assert [row["state"] for row in rows] == [InboundState.IGNORED] * 2


async def test_a_repeated_webhook_changes_nothing(world: World) -> None:
    await world.duty("Ana", chat=900_001)
    params = inbound_sms(BETO, "SOS")
    for _ in range(3):
        await world.phone(BETO).post(params)
    await world.phone(BETO).reads("Recibido, folio")
    await world.chat(900_001).reads("GUARDIA")


async def test_blocking_the_bot_is_a_no_without_words(world: World) -> None:
    answer = await world.http.post(
        "/webhooks/telegram", json=dict(blocked_update(CHAT)), headers={HEADER: SECRET}
    )
    assert answer.status_code == 200
    await world.platform.settle()
    async with world.database.read() as session:
        assert await contacts.opted_out(session, Endpoint(Channel.TELEGRAM, str(CHAT)))


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "\x01\x02\x1b[31m rojo",
        "\u202egnirts desrever\u202c",
        "👍👍👍 🧑‍🌾",
        "'; DROP TABLE contact; --",
        "{folio} {0} %s %(x)s",
        "<b>negritas</b> & <script>alert(1)</script>",
    ],
    ids=["huge", "control", "right-to-left", "emoji", "sql", "format", "html"],
)
async def test_hostile_text_is_kept_for_a_person(world: World, text: str) -> None:
    beto = world.chat(CHAT)
    await beto.says(text)
    await beto.reads("Lo lee una persona")
    async with world.database.read() as session:
        (letter,) = await letters.to_read(session)
    assert letter.body == text


async def test_a_null_sign_does_not_stop_a_call_for_help(world: World) -> None:
    await world.duty("Ana", chat=900_001)
    await world.chat(CHAT).says("SOS \x00 me siguen")
    await world.chat(CHAT).reads("Recibido")
    await world.chat(900_001).reads("GUARDIA")
    await world.phone(BETO).says("SOS\x00")
    await world.phone(BETO).reads("Recibido")
    await world.chat(900_001).reads("GUARDIA")


async def test_an_empty_sms_with_a_picture_is_for_a_person(world: World) -> None:
    await world.phone(BETO).says("", media=1)
    await world.phone(BETO).reads("Lo lee una persona")
    async with world.database.read() as session:
        (letter,) = await letters.to_read(session)
    assert "image/jpeg" in letter.body


async def test_what_does_not_fit_a_question_is_asked_once_more_then_read_by_a_person(
    world: World,
) -> None:
    beto = world.phone(BETO)
    await beto.says("ALTA")
    await beto.reads("Responda SI y su pueblo")
    await beto.says("quién sabe")
    await beto.reads("Responda SI, NO")
    await beto.says("pues no sé")
    await beto.reads("Lo lee una persona")
    await beto.says("Tlaxiaco")
    world.nothing_else()


async def test_a_voice_note_where_a_number_is_expected_is_heard_by_a_person(world: World) -> None:
    beto = world.chat(CHAT)
    await beto.says("/idioma")
    await beto.reads("español e inglés")
    await beto.sends_voice()
    await beto.reads("Lo atiende una persona")
    async with world.database.read() as session:
        (letter,) = await letters.to_read(session)
    assert letter.reason == "language"


async def test_help_inside_a_question_repeats_the_question(world: World) -> None:
    beto = world.phone(BETO)
    await beto.says("ALTA")
    await beto.reads("Responda SI y su pueblo")
    await beto.says("ayuda")
    await beto.reads("¿Corre peligro?")
    await beto.reads("Responda SI y su pueblo")
    await beto.says("salir")
    await beto.reads("Dejamos la pregunta")


async def test_a_cry_inside_a_question_is_a_cry(world: World) -> None:
    await world.duty("Ana", chat=900_001)
    beto = world.phone(BETO)
    await beto.says("ALTA")
    await beto.reads("Responda SI y su pueblo")
    await beto.says("2 hombres me quieren matar")
    await beto.reads("Avisamos a la guardia")
    await world.chat(900_001).reads("posible peligro")


async def test_who_is_watched_is_not_written_to(world: World) -> None:
    await world.duty("Ana", chat=900_001)
    await world.phone(BETO).says("SOS no me escriban, me revisa el celular")
    await world.chat(900_001).reads("GUARDIA")
    world.nothing_else()
    await world.later(hours=5)
    assert all(sent.chat_id == 900_001 for sent in world.telegram.take_unexpected())
    world.nothing_else()


async def test_words_of_a_sender_who_cannot_be_answered_wait_for_a_person(world: World) -> None:
    await world.phone("+12135550113").post(inbound_sms("86753", "publicidad"))
    async with world.database.read() as session:
        (row,) = await session.all(select(inbound.c.state))
    assert row["state"] == InboundState.FAILED
