"""Every fault of the Bot API, as aiogram sees it."""

import asyncio
import time
from contextlib import AsyncExitStack

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)

from tests.patience import PATIENCE
from tests.standins import telegram_errors as wrong
from tests.standins.faults import Fault
from tests.standins.telegram import TelegramStandIn, text_update
from tests.unit.standins.conftest import telegram_bot

ANA = 6001
BETO = 6002


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (wrong.too_many_requests(7), TelegramRetryAfter),
        (wrong.blocked(), TelegramForbiddenError),
        (wrong.deactivated(), TelegramForbiddenError),
        (wrong.chat_not_found(), TelegramBadRequest),
        (wrong.refusal(400, "Bad Request: TOPIC_CLOSED"), TelegramBadRequest),
        (wrong.migrated(-1001), TelegramMigrateToChat),
        (wrong.server_error(), TelegramServerError),
        (wrong.bad_gateway(), ClientDecodeError),
        (Fault.drop_before(), TelegramNetworkError),
    ],
)
async def test_a_refused_call_takes_nothing_and_the_next_one_passes(
    telegram: TelegramStandIn, bot: Bot, fault: Fault, error: type[Exception]
) -> None:
    telegram.faults.next(fault)
    with pytest.raises(error):
        await bot.send_message(ANA, "hola")
    assert telegram.sent == []
    await bot.send_message(ANA, "hola")
    assert len(telegram.sent) == 1


async def test_the_flood_limit_says_how_long(telegram: TelegramStandIn, bot: Bot) -> None:
    telegram.faults.next(wrong.too_many_requests(10072))
    with pytest.raises(TelegramRetryAfter) as refused:
        await bot.send_message(ANA, "hola")
    assert refused.value.retry_after == 10072


async def test_a_dropped_call_was_taken_although_nobody_answers(
    telegram: TelegramStandIn, bot: Bot
) -> None:
    telegram.faults.next(Fault.drop())
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(ANA, "hola")
    await telegram.expect(ANA, "hola")


async def test_a_slow_call_is_taken_in_the_end(telegram: TelegramStandIn, bot: Bot) -> None:
    telegram.faults.next(Fault.delay(0.2))
    began = time.monotonic()
    await bot.send_message(ANA, "hola")
    assert time.monotonic() - began >= 0.2
    assert len(telegram.sent) == 1


async def test_a_hanging_call_goes_on_when_it_is_released(
    telegram: TelegramStandIn, bot: Bot
) -> None:
    telegram.faults.next(Fault.hang())
    call = asyncio.create_task(bot.send_message(ANA, "hola"))
    await telegram.faults.wait_until_hanging()
    assert telegram.sent == []
    telegram.faults.release()
    await asyncio.wait_for(call, PATIENCE)
    assert len(telegram.sent) == 1


async def test_a_hanging_call_may_have_been_taken_before(
    telegram: TelegramStandIn, bot: Bot
) -> None:
    telegram.faults.next(Fault.hang(taken=True))
    call = asyncio.create_task(bot.send_message(ANA, "hola"))
    await telegram.faults.wait_until_hanging()
    assert len(telegram.sent) == 1
    telegram.faults.release()
    assert (await asyncio.wait_for(call, PATIENCE)).message_id == telegram.sent[0].message_id
    assert len(telegram.sent) == 1


async def test_a_hang_can_last_a_given_time(telegram: TelegramStandIn, bot: Bot) -> None:
    telegram.faults.next(Fault.hang(0.1))
    await bot.send_message(ANA, "hola")
    assert len(telegram.sent) == 1


async def test_a_caller_who_gave_up_is_never_served(telegram: TelegramStandIn) -> None:
    telegram.faults.next(Fault.hang())
    async with telegram_bot(telegram.url, seconds=0.2) as impatient:
        with pytest.raises(TelegramNetworkError, match="timeout"):
            await impatient.send_message(ANA, "hola")
    telegram.faults.release()
    await asyncio.sleep(0.05)
    assert telegram.sent == []


async def test_faults_befall_as_many_calls_as_said_in_their_order(
    telegram: TelegramStandIn, bot: Bot
) -> None:
    telegram.faults.next(Fault.ok())
    telegram.faults.next(wrong.blocked(), calls=2)
    telegram.faults.next(wrong.server_error())

    assert await _outcomes(bot, 5) == [
        "ok",
        "TelegramForbiddenError",
        "TelegramForbiddenError",
        "TelegramServerError",
        "ok",
    ]


async def test_a_fault_for_one_recipient_spares_the_others(
    telegram: TelegramStandIn, bot: Bot
) -> None:
    telegram.faults.for_recipient(BETO, wrong.blocked())
    await bot.send_message(ANA, "hola")
    for _ in range(2):
        with pytest.raises(TelegramForbiddenError):
            await bot.send_message(BETO, "hola")
    telegram.faults.clear()
    await bot.send_message(BETO, "hola")
    assert [sent.chat_id for sent in telegram.sent] == [ANA, BETO]


async def test_faults_by_chance_are_the_same_for_the_same_seed(
    telegram: TelegramStandIn, bot: Bot
) -> None:
    runs = []
    for _ in range(2):
        telegram.faults.clear()
        telegram.faults.sometimes(wrong.server_error(), probability=0.3, seed=11)
        runs.append(await _outcomes(bot, 40))
    assert runs[0] == runs[1]
    assert 4 <= runs[0].count("TelegramServerError") <= 20


async def test_faults_spare_what_is_no_message_unless_it_is_named(
    telegram: TelegramStandIn, bot: Bot
) -> None:
    telegram.faults.next(wrong.blocked())
    telegram.push_update(text_update(ANA, "hola"))
    assert len(await bot.get_updates()) == 1
    assert await bot.answer_callback_query("42")

    telegram.faults.next(wrong.server_error(), methods=["getUpdates"])
    with pytest.raises(TelegramServerError):
        await bot.get_updates()
    with pytest.raises(TelegramForbiddenError):
        await bot.send_message(ANA, "hola")


async def test_a_call_that_telegram_would_refuse_uses_up_no_fault(
    telegram: TelegramStandIn, bot: Bot
) -> None:
    telegram.faults.next(wrong.blocked())
    with pytest.raises(TelegramBadRequest):
        await bot.send_message(ANA, "")
    with pytest.raises(TelegramForbiddenError):
        await bot.send_message(ANA, "hola")


async def test_closing_with_a_hanging_call_ends_it_and_takes_nothing() -> None:
    async with AsyncExitStack() as bots:
        async with TelegramStandIn() as telegram:
            bot = await bots.enter_async_context(telegram_bot(telegram.url, seconds=30))
            telegram.faults.next(Fault.hang())
            call = asyncio.create_task(bot.send_message(ANA, "hola"))
            await telegram.faults.wait_until_hanging()
        with pytest.raises(TelegramNetworkError):
            await asyncio.wait_for(call, PATIENCE)
    assert telegram.sent == []


async def _outcomes(bot: Bot, calls: int) -> list[str]:
    outcomes = []
    for _ in range(calls):
        try:
            await bot.send_message(ANA, "hola")
            outcomes.append("ok")
        except TelegramAPIError as error:
            outcomes.append(type(error).__name__)
    return outcomes
