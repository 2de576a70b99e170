"""What waits for us at Telegram is seen, and what is being read is not taken for it."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from delivery.model import SendError
from tests.standins.faults import Fault
from tests.standins.telegram import TOKEN, TelegramStandIn
from tests.standins.telegram_errors import server_error
from tests.standins.telegram_updates import text_update
from transports.telegram import TelegramTransport
from transports.telegram_way_in import WayIn

CHAT = 4213555017


def info(waiting: object) -> dict[str, object]:
    return {"url": "", "pending_update_count": waiting}


def lags(*looks: tuple[float, int]) -> list[float]:
    """The seconds of lag after each look: at what second, and how many waited."""
    way_in = WayIn()
    return [way_in.seen(info(waiting), at).total_seconds() for at, waiting in looks]


def test_what_waits_is_counted_from_when_it_was_seen_first() -> None:
    assert lags((100, 0), (115, 2), (130, 2), (145, 5), (160, 0), (175, 1)) == [0, 0, 15, 30, 0, 0]


def test_a_queue_that_gets_shorter_is_being_read() -> None:
    assert lags((0, 9), (15, 4), (30, 7), (45, 3), (60, 2)) == [0, 0, 15, 0, 0]


def test_what_was_seen_long_ago_says_nothing_of_what_waits_now() -> None:
    assert lags((0, 1), (15, 1), (1800, 2), (1815, 2)) == [0, 15, 0, 15]


@pytest.mark.parametrize("answer", [None, [], {}, info("3"), info(None), info(True)])
def test_an_answer_that_nobody_can_read_is_an_error(answer: object) -> None:
    with pytest.raises(SendError):
        WayIn().seen(answer, 0)


@pytest.fixture
async def standin() -> AsyncIterator[TelegramStandIn]:
    async with TelegramStandIn() as running:
        yield running


@pytest.fixture
async def transport(standin: TelegramStandIn) -> AsyncIterator[TelegramTransport]:
    telegram = TelegramTransport(TOKEN, api_url=standin.url, timeout=2)
    yield telegram
    await telegram.close()


async def test_updates_that_nobody_fetches_lag(
    standin: TelegramStandIn, transport: TelegramTransport
) -> None:
    assert await transport.lag() == timedelta()
    standin.push_update(text_update(CHAT, "SOS"))
    assert await transport.lag() == timedelta()
    assert await transport.lag() > timedelta()


@pytest.mark.parametrize("fault", [server_error(), Fault.drop()], ids=["500", "dropped"])
async def test_a_provider_that_cannot_be_asked_is_an_error(
    standin: TelegramStandIn, transport: TelegramTransport, fault: Fault
) -> None:
    standin.faults.next(fault, methods=["getWebhookInfo"])
    with pytest.raises(SendError):
        await transport.lag()
