"""What people do on Telegram: fetched by long polling or brought to a webhook."""

import asyncio
from collections.abc import Callable

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramConflictError
from aiogram.types import Update
from aiohttp import web

from tests.patience import PATIENCE
from tests.standins.telegram import (
    TelegramStandIn,
    blocked_update,
    callback_update,
    location_update,
    photo_update,
    text_update,
    unblocked_update,
    unknown_update,
    voice_update,
)
from tests.standins.telegram_polling import update_id

ANA = 6001


async def test_an_update_is_brought_again_until_it_is_confirmed(
    telegram: TelegramStandIn, bot: Bot
) -> None:
    telegram.push_update(text_update(ANA, "uno"))
    telegram.push_update(text_update(ANA, "dos"))

    first = await bot.get_updates()
    again = await bot.get_updates()
    assert [one.update_id for one in first] == [one.update_id for one in again]
    rest = await bot.get_updates(offset=first[0].update_id + 1)
    assert [one.message.text for one in rest if one.message] == ["dos"]
    assert len(telegram.pending_updates) == 1
    assert await bot.get_updates(offset=rest[0].update_id + 1) == []
    assert telegram.pending_updates == []


async def test_a_limit_brings_the_oldest_and_a_negative_offset_the_newest(
    telegram: TelegramStandIn, bot: Bot
) -> None:
    for text in ("uno", "dos", "tres"):
        telegram.push_update(text_update(ANA, text))

    (oldest,) = await bot.get_updates(limit=1)
    (newest,) = await bot.get_updates(offset=-1)
    assert oldest.message is not None
    assert oldest.message.text == "uno"
    assert newest.message is not None
    assert newest.message.text == "tres"
    assert len(telegram.pending_updates) == 1


async def test_a_long_poll_ends_when_something_happens(telegram: TelegramStandIn, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30, request_timeout=40))
    await telegram.wait_for_polls()
    assert not poll.done()
    telegram.push_update(text_update(ANA, "hola"))

    (update,) = await asyncio.wait_for(poll, PATIENCE)
    assert update.message is not None
    assert update.message.text == "hola"


async def test_a_long_poll_without_news_ends_with_nothing(bot: Bot) -> None:
    assert await bot.get_updates(timeout=1, request_timeout=5) == []


async def test_a_second_poller_ends_the_first(telegram: TelegramStandIn, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=30, request_timeout=40))
    await telegram.wait_for_polls()
    second = asyncio.create_task(bot.get_updates(timeout=30, request_timeout=40))

    with pytest.raises(TelegramConflictError, match="terminated by other getUpdates"):
        await asyncio.wait_for(first, PATIENCE)
    telegram.push_update(text_update(ANA, "hola"))
    assert len(await asyncio.wait_for(second, PATIENCE)) == 1


async def test_a_closing_stand_in_sends_pollers_away(bot: Bot, telegram: TelegramStandIn) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30, request_timeout=40))
    await telegram.wait_for_polls()
    telegram.close()
    assert await asyncio.wait_for(poll, PATIENCE) == []


async def test_kinds_that_the_bot_did_not_ask_for_are_not_kept(
    telegram: TelegramStandIn, bot: Bot
) -> None:
    await bot.get_updates(allowed_updates=["message"])
    telegram.push_update(blocked_update(ANA))
    telegram.push_update(text_update(ANA, "hola"))
    assert len(await bot.get_updates()) == 1


async def test_a_webhook_ends_polling_until_it_is_deleted(
    telegram: TelegramStandIn, bot: Bot
) -> None:
    await bot.set_webhook("https://tequio.example/webhooks/telegram", secret_token="s3cret")

    with pytest.raises(TelegramConflictError, match="webhook is active"):
        await bot.get_updates()
    assert (await bot.get_webhook_info()).url == "https://tequio.example/webhooks/telegram"
    telegram.push_update(text_update(ANA, "hola"))
    assert await bot.delete_webhook()
    assert len(await bot.get_updates()) == 1
    assert (await bot.get_webhook_info()).url == ""


async def test_pending_updates_can_be_dropped(telegram: TelegramStandIn, bot: Bot) -> None:
    telegram.push_update(text_update(ANA, "hola"))
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == []


@pytest.mark.parametrize(
    ("url", "secret"),
    [("http://tequio.example/webhook", "x"), ("https://tequio.example/webhook", "no spaces")],
)
async def test_a_webhook_that_telegram_would_refuse_is_refused(
    telegram: TelegramStandIn, bot: Bot, url: str, secret: str
) -> None:
    with pytest.raises(TelegramBadRequest):
        await bot.set_webhook(url, secret_token=secret)
    assert telegram.settings.webhook.url == ""


async def test_a_webhook_is_posted_with_its_secret_to_where_the_application_listens(
    telegram: TelegramStandIn, bot: Bot
) -> None:
    came: list[tuple[str, str, object]] = []

    async def receive(request: web.Request) -> web.Response:
        secret = request.headers["X-Telegram-Bot-Api-Secret-Token"]
        came.append((request.path, secret, await request.json()))
        return web.Response(status=204)

    app = web.Application()
    app.router.add_post("/{path:.*}", receive)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    telegram.reach = f"http://127.0.0.1:{runner.addresses[0][1]}"
    await bot.set_webhook("https://tequio.example/webhooks/telegram", secret_token="s3cret")
    update = text_update(ANA, "hola")

    statuses = [await telegram.post_update(update) for _ in range(2)]
    await runner.cleanup()
    assert statuses == [204, 204]
    assert came == [("/webhooks/telegram", "s3cret", update)] * 2


Found = Callable[[Update], object]


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (text_update(ANA, "/sos ahora"), lambda u: u.message.entities[0].type == "bot_command"),
        (text_update(-77, "hola"), lambda u: u.message.chat.type == "group"),
        (text_update(ANA, "x", kind="edited_message"), lambda u: u.edited_message.text == "x"),
        (callback_update(ANA, "ack:1", 5), lambda u: u.callback_query.message.message_id == 5),
        (location_update(ANA, 17.0, -96.0), lambda u: u.message.location.longitude == -96.0),
        (photo_update(ANA, "mi hermano"), lambda u: u.message.caption == "mi hermano"),
        (voice_update(ANA, 9), lambda u: u.message.voice.duration == 9),
        (blocked_update(ANA), lambda u: u.my_chat_member.new_chat_member.status == "kicked"),
        (unblocked_update(ANA), lambda u: u.my_chat_member.new_chat_member.status == "member"),
    ],
)
async def test_what_people_do_is_read_by_aiogram(
    telegram: TelegramStandIn, bot: Bot, raw: dict[str, object], found: Found
) -> None:
    telegram.push_update(raw)
    (update,) = await bot.get_updates()
    assert found(update)


async def test_a_kind_of_tomorrow_is_an_update_without_an_event(
    telegram: TelegramStandIn, bot: Bot
) -> None:
    telegram.push_update(unknown_update())
    (update,) = await bot.get_updates()
    assert update.model_dump(exclude_none=True).keys() == {"update_id", "hologram_gesture"}


async def test_files_of_people_can_be_fetched(telegram: TelegramStandIn, bot: Bot) -> None:
    telegram.push_update(photo_update(ANA))
    telegram.push_update(voice_update(ANA))
    photo, voice = (one.message for one in await bot.get_updates())

    assert photo is not None
    assert photo.photo is not None
    assert voice is not None
    assert voice.voice is not None
    for file_id in (*(size.file_id for size in photo.photo), voice.voice.file_id):
        got = await bot.download(file_id)
        assert got is not None
        assert got.read()


def test_update_ids_rise() -> None:
    first, second = update_id(text_update(ANA, "x")), update_id(blocked_update(ANA))
    assert first < second
