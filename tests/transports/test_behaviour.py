"""What every transport does alike, whoever stands behind it."""

import asyncio
import itertools
import logging
import traceback
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from delivery.content import Button, Content
from delivery.model import Failure, Lane, SendError
from delivery.transport import Outgoing
from kit.channels import Channel
from tests.patience import PATIENCE
from tests.transports.adapters import ADAPTERS
from tests.transports.provider import WAIT, Adapter, Arrived, Provider, Trouble
from tests.transports.sessions import sessions_made

CHAT_TEXT = (
    "¡Ñuu Savi! Tu’un ñuu — información <b>nueva</b> & más:\n\n• a+b=100 %\n• 🌽🫘 *listo* _ya_"
)
SMS_TEXT = "Programas: ¡información! áéíóú ꞌ ë ɨ\n1 sí, 2 no & a+b=100% 🌽"
BUTTONS = ((Button("Sí, aquí", "yes"), Button("No", "no")), (Button("Más tarde ⏰", "later"),))

EXPECTED = {
    Trouble.THROTTLED: Failure.SENDER_THROTTLED,
    Trouble.STOPPED: Failure.CONTACT_STOPPED,
    Trouble.DEAD: Failure.ADDRESS_DEAD,
    Trouble.NO_CREDIT: Failure.SENDER_BROKEN,
    Trouble.FAILING: Failure.TRY_LATER,
    Trouble.GATEWAY_PAGE: Failure.TRY_LATER,
    Trouble.GATEWAY_TIMEOUT: Failure.UNKNOWN_OUTCOME,
    Trouble.HANGS: Failure.UNKNOWN_OUTCOME,
    Trouble.DROPS: Failure.UNKNOWN_OUTCOME,
    Trouble.GARBLED: Failure.UNKNOWN_OUTCOME,
    Trouble.UNREACHABLE: Failure.TRY_LATER,
    Trouble.SILENT: Failure.TRY_LATER,
    Trouble.NO_SIGNAL: Failure.TRY_LATER,
}

_ids = itertools.count(1)


@pytest.fixture
async def provider(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Provider]:
    adapter: Adapter = request.param
    async with adapter.open(tmp_path) as opened:
        yield opened


every_transport = pytest.mark.parametrize(
    "provider", ADAPTERS, indirect=True, ids=lambda adapter: adapter.name
)
every_trouble = pytest.mark.parametrize(
    ("provider", "trouble"),
    [
        pytest.param(adapter, trouble, id=f"{adapter.name}-{trouble}")
        for adapter in ADAPTERS
        for trouble in Trouble
        if trouble in adapter.troubles
    ],
    indirect=["provider"],
)


def playing(*troubles: Trouble) -> pytest.MarkDecorator:
    """The transports whose provider can play all of these."""
    return pytest.mark.parametrize(
        "provider",
        [adapter for adapter in ADAPTERS if adapter.troubles.issuperset(troubles)],
        indirect=True,
        ids=lambda adapter: adapter.name,
    )


async def send(
    provider: Provider,
    chat: str = CHAT_TEXT,
    sms: str = SMS_TEXT,
    buttons: tuple[tuple[Button, ...], ...] = (),
) -> str:
    content = Content(chat, sms, buttons)
    outgoing = Outgoing(next(_ids), provider.to, content, Lane.BULK)
    # Far beyond the transport's own time-out, so that a transport without one fails here.
    async with asyncio.timeout(PATIENCE):
        return await provider.transport.send(outgoing)


async def failure(provider: Provider) -> SendError:
    with pytest.raises(SendError) as caught:
        await send(provider)
    return caught.value


def wording(provider: Provider) -> str:
    return SMS_TEXT if provider.transport.channel is Channel.SMS else CHAT_TEXT


@every_transport
async def test_first_sender_of_a_channel_is_called_as_the_channel_is(provider: Provider) -> None:
    assert provider.transport.name == provider.transport.channel
    assert not provider.transport.urgent_only


@every_transport
async def test_text_arrives_whole_in_the_wording_of_the_channel(provider: Provider) -> None:
    await send(provider)
    assert await provider.arrived() == [Arrived(wording(provider))]


@every_transport
async def test_buttons_arrive_in_a_chat_and_are_left_out_of_an_sms(provider: Provider) -> None:
    await send(provider, buttons=BUTTONS)
    labels = tuple(button.label for row in BUTTONS for button in row)
    shown = () if provider.transport.channel is Channel.SMS else labels
    assert await provider.arrived() == [Arrived(wording(provider), shown)]


@every_transport
async def test_each_message_has_an_id_of_its_own(provider: Provider) -> None:
    first, second = await send(provider), await send(provider)
    assert first
    assert second
    assert first != second


@every_transport
async def test_longest_text_goes_in_one_message(provider: Provider) -> None:
    text = "ñ" * provider.limit
    await send(provider, text, text)
    assert await provider.arrived() == [Arrived(text)]


@every_transport
@pytest.mark.parametrize("text", ["too long", "half a surrogate pair"])
async def test_text_that_cannot_be_sent_is_refused_for_good(provider: Provider, text: str) -> None:
    unsendable = "ñ" * (provider.limit + 1) if text == "too long" else "hola \ud83c"
    with pytest.raises(SendError) as caught:
        await send(provider, unsendable, unsendable)
    assert caught.value.failure is Failure.CONTENT_REFUSED
    assert await provider.arrived() == []


@every_trouble
async def test_trouble_is_told_by_what_it_means(provider: Provider, trouble: Trouble) -> None:
    await provider.play(trouble)
    error = await failure(provider)
    assert error.failure is EXPECTED[trouble]
    assert error.code


@playing(Trouble.THROTTLED)
async def test_throttled_sender_is_told_how_long_to_wait(provider: Provider) -> None:
    await provider.play(Trouble.THROTTLED)
    assert (await failure(provider)).retry_after == timedelta(seconds=WAIT)


@playing(Trouble.DROPS)
async def test_dropped_message_was_taken_and_is_not_sent_again(provider: Provider) -> None:
    await provider.play(Trouble.DROPS)
    await failure(provider)
    assert await provider.arrived() == [Arrived(wording(provider))]


@playing(Trouble.DROPS, Trouble.HANGS, Trouble.FAILING)
async def test_transport_goes_on_after_trouble(provider: Provider) -> None:
    for trouble in (Trouble.DROPS, Trouble.HANGS, Trouble.FAILING):
        await provider.play(trouble)
        await failure(provider)
    before = len(await provider.arrived())
    await send(provider)
    assert len(await provider.arrived()) == before + 1


@every_trouble
async def test_neither_error_nor_log_tells_whom_and_what(
    provider: Provider, trouble: Trouble, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    # It writes every parameter at this level; keeping it silent is the application's business.
    caplog.set_level(logging.INFO, "aiosqlite")
    await provider.play(trouble)
    error = await failure(provider)
    assert error.__cause__ is None
    assert error.__context__ is None
    shown = "".join((str(error), repr(error), *traceback.format_exception(error), caplog.text))
    for secret in (provider.to.value, provider.to.value.strip("+"), CHAT_TEXT[:9], SMS_TEXT[:9]):
        assert secret not in shown


@every_transport
async def test_close_leaves_no_session_open(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = sessions_made(monkeypatch)
    await send(provider)
    await provider.transport.close()
    assert [one for one in made if not one.closed] == []


@every_transport
async def test_unused_transport_can_be_closed(provider: Provider) -> None:
    await provider.transport.close()
    await provider.transport.close()
