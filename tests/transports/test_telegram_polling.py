"""Long polling: nothing is confirmed before it is stored, and nothing ends it but `stop`."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from delivery.model import Failure, SendError
from kit.channels import Channel
from tests.patience import PATIENCE
from tests.standins import telegram_errors
from tests.standins.faults import Fault
from tests.standins.telegram import TOKEN, TelegramStandIn
from tests.standins.telegram_polling import update_id
from tests.standins.telegram_updates import text_update
from transports.intake import Arrival
from transports.telegram import TelegramTransport
from transports.telegram_polling import pause_after, poll
from transports.telegram_session import Update

CHAT = 4213555017


class Inbox:
    """Stores arrivals, but for those whose id it is told to refuse."""

    def __init__(self) -> None:
        self.tried: list[str] = []
        self.stored: dict[str, Arrival] = {}
        self.refuses: set[str] = set()
        self._news = asyncio.Event()

    async def take(self, arrival: Arrival) -> None:
        self.tried.append(arrival.provider_id)
        self._news.set()
        self._news = asyncio.Event()
        if arrival.provider_id in self.refuses:
            raise RuntimeError("the disk is full")
        self.stored[arrival.provider_id] = arrival

    async def until_stored(self, *ids: str) -> None:
        async with asyncio.timeout(PATIENCE):
            while not self.stored.keys() >= set(ids):
                await self._news.wait()

    async def until_tried(self, name: str, times: int) -> None:
        async with asyncio.timeout(PATIENCE):
            while self.tried.count(name) < times:
                await self._news.wait()


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transports.telegram_polling.FIRST_PAUSE", 0.01)


@pytest.fixture
async def standin() -> AsyncIterator[TelegramStandIn]:
    async with TelegramStandIn() as standin:
        yield standin


@pytest.fixture
async def transport(standin: TelegramStandIn) -> AsyncIterator[TelegramTransport]:
    transport = TelegramTransport(TOKEN, api_url=standin.url, timeout=1)
    yield transport
    await transport.close()


@asynccontextmanager
async def polling(transport: TelegramTransport, inbox: Inbox) -> AsyncIterator[None]:
    """Poll during the block; it must then end promptly and without an error."""
    stop = asyncio.Event()
    running = asyncio.create_task(transport.poll(inbox.take, stop))
    try:
        yield
    finally:
        stop.set()
        async with asyncio.timeout(PATIENCE):
            await running


async def until_confirmed(standin: TelegramStandIn) -> None:
    async with asyncio.timeout(PATIENCE):
        while standin.pending_updates:  # noqa: ASYNC110 - the stand-in tells nobody
            await asyncio.sleep(0.01)


def said(text: str) -> tuple[str, dict[str, object]]:
    update = text_update(CHAT, text)
    return str(update_id(update)), update


async def test_updates_arrive_as_telegram_sent_them_and_are_then_confirmed(
    standin: TelegramStandIn, transport: TelegramTransport
) -> None:
    inbox = Inbox()
    (one, first), (two, second) = said("Auxilio, me quitaron mis papeles 😟"), said("/sos")
    standin.push_update(first)
    async with polling(transport, inbox):
        await inbox.until_stored(one)
        standin.push_update(second)
        await inbox.until_stored(two)
        await until_confirmed(standin)
    assert inbox.tried == [one, two]
    assert inbox.stored[one].channel is Channel.TELEGRAM
    assert json.loads(inbox.stored[one].raw) == first
    assert json.loads(inbox.stored[two].raw) == second


@pytest.mark.parametrize(
    "content",
    [
        {"hologram": {"of": "nobody has seen it yet", "depth": 3.5}},
        {"message": {"message_id": "not a number", "date": "mañana", "text": "SOS"}},
        {"message": None},
        {},
    ],
)
async def test_update_that_aiogram_cannot_parse_survives_raw(
    standin: TelegramStandIn, transport: TelegramTransport, content: dict[str, object]
) -> None:
    inbox = Inbox()
    update = {"update_id": 910_000_001, **content}
    standin.pending_updates.append(update)
    async with polling(transport, inbox):
        await inbox.until_stored("910000001")
        await until_confirmed(standin)
    assert json.loads(inbox.stored["910000001"].raw) == update


async def test_update_that_cannot_be_stored_is_not_confirmed_and_comes_again(
    standin: TelegramStandIn, transport: TelegramTransport
) -> None:
    inbox = Inbox()
    (one, first), (two, second) = said("Hola"), said("Me tienen encerrado")
    inbox.refuses = {two}
    standin.push_update(first)
    standin.push_update(second)
    async with polling(transport, inbox):
        await inbox.until_tried(two, 3)
        assert inbox.stored.keys() == {one}
        assert [str(update_id(update)) for update in standin.pending_updates] == [two]
        inbox.refuses.clear()
        await inbox.until_stored(two)
        await until_confirmed(standin)
    assert inbox.tried.count(one) == 1


async def test_update_that_can_never_be_stored_holds_up_nobody_behind_it(
    standin: TelegramStandIn, transport: TelegramTransport
) -> None:
    inbox = Inbox()
    (poison, first), (one, second), (two, third) = said("\u0000"), said("SOS"), said("Ayuda")
    inbox.refuses = {poison}
    standin.push_update(first)
    standin.push_update(second)
    async with polling(transport, inbox):
        await inbox.until_stored(one)
        standin.push_update(third)
        await inbox.until_stored(two)
        assert len(standin.pending_updates) == 3


@pytest.mark.parametrize(
    "fault",
    [
        telegram_errors.refusal(409, "Conflict: terminated by other getUpdates request"),
        telegram_errors.refusal(401, "Unauthorized"),
        telegram_errors.server_error(),
        telegram_errors.bad_gateway(),
        Fault.answer(200, "<html>"),
        Fault.answer(200, {"ok": True, "result": ["no update"]}),
        Fault.drop_before(),
    ],
)
async def test_polling_goes_on_after_trouble(
    standin: TelegramStandIn, transport: TelegramTransport, fault: Fault
) -> None:
    inbox = Inbox()
    standin.faults.next(fault, calls=3, methods=["getUpdates"])
    name, update = said("Auxilio")
    standin.push_update(update)
    async with polling(transport, inbox):
        await inbox.until_stored(name)


async def test_polling_goes_on_after_the_provider_was_away(
    standin: TelegramStandIn, transport: TelegramTransport
) -> None:
    inbox = Inbox()
    async with TelegramStandIn() as gone:
        url = gone.url
    away = TelegramTransport(TOKEN, api_url=url, timeout=1)
    name, update = said("Auxilio")
    async with polling(away, inbox):
        await asyncio.sleep(0.1)
        async with TelegramStandIn(port=int(url.rpartition(":")[2])) as back:
            back.push_update(update)
            await inbox.until_stored(name)
    await away.close()


async def test_polling_goes_on_after_a_poll_that_never_ends(
    standin: TelegramStandIn, transport: TelegramTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transports.telegram.LONG_POLL", 0)
    inbox = Inbox()
    standin.faults.next(Fault.hang(), methods=["getUpdates"])
    name, update = said("Auxilio")
    standin.push_update(update)
    async with polling(transport, inbox):
        await inbox.until_stored(name)


async def test_answer_lost_on_the_way_is_asked_for_again(
    standin: TelegramStandIn, transport: TelegramTransport
) -> None:
    inbox = Inbox()
    standin.faults.next(Fault.drop(), methods=["getUpdates"])
    name, update = said("Auxilio")
    standin.push_update(update)
    async with polling(transport, inbox):
        await inbox.until_stored(name)


async def test_stop_ends_a_long_poll_at_once(
    standin: TelegramStandIn, transport: TelegramTransport
) -> None:
    standin.faults.next(Fault.hang(), methods=["getUpdates"])
    async with polling(transport, Inbox()):
        await standin.faults.wait_until_hanging()


async def test_throttled_poll_waits_as_long_as_it_is_told_but_not_for_stop() -> None:
    asked: list[int] = []
    stop = asyncio.Event()

    async def throttled(offset: int) -> list[Update]:
        asked.append(offset)
        raise SendError(Failure.SENDER_THROTTLED, "429", timedelta(seconds=2282))

    running = asyncio.create_task(poll(throttled, Inbox().take, stop))
    await asyncio.sleep(0.2)
    assert asked == [0]
    stop.set()
    async with asyncio.timeout(PATIENCE):
        await running


async def test_stop_leaves_what_is_not_stored_unconfirmed(
    standin: TelegramStandIn, transport: TelegramTransport
) -> None:
    stop = asyncio.Event()
    inbox = Inbox()

    async def take(arrival: Arrival) -> None:
        stop.set()
        await inbox.take(arrival)

    (one, first), (two, second) = said("Hola"), said("SOS")
    standin.push_update(first)
    standin.push_update(second)
    async with asyncio.timeout(PATIENCE):
        await transport.poll(take, stop)
    assert inbox.tried == [one]
    assert two in {str(update_id(update)) for update in standin.pending_updates}


async def test_numbers_that_begin_again_lower_are_not_missed(
    standin: TelegramStandIn, transport: TelegramTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transports.telegram.LONG_POLL", 0)
    inbox = Inbox()
    name, update = said("Hola")
    standin.push_update(update)
    async with polling(transport, inbox):
        await inbox.until_stored(name)
        await until_confirmed(standin)
        await asyncio.sleep(0.1)
        standin.push_update({**text_update(CHAT, "SOS"), "update_id": 5})
        await inbox.until_stored("5")


def test_pauses_grow_to_a_length_that_a_call_for_help_can_bear(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.undo()
    assert [pause_after(failures) for failures in (1, 2, 3, 6, 9999)] == [0.5, 1, 2, 15, 15]
