"""Both stand-ins as a process of their own that is killed."""

import asyncio
from pathlib import Path

import pytest
from aiogram.exceptions import TelegramForbiddenError, TelegramNetworkError
from aiohttp import ClientSession
from twilio.base.exceptions import TwilioRestException

from tests.standins import telegram_errors, twilio_errors
from tests.standins.faults import Fault, Script
from tests.standins.journal import Journal, read_journal
from tests.standins.process import StandInProcess
from tests.standins.records import Sent
from tests.standins.telegram import text_update
from tests.standins.twilio import NUMBER
from tests.unit.standins.conftest import TwilioHttp, telegram_bot, twilio_client

CHAT = 6001
ANA = "+12135550101"


async def test_what_was_taken_is_on_disk_before_it_is_answered(
    tmp_path: Path, http: TwilioHttp
) -> None:
    async with StandInProcess(tmp_path / "journal") as standins:
        client = twilio_client(standins.twilio_url, http)
        async with telegram_bot(standins.telegram_url) as bot:
            answer = await bot.send_message(CHAT, "por Telegram")
            sms = await client.messages.create_async(to=ANA, from_=NUMBER, body="por SMS")
            await client.calls.create_async(to=ANA, from_=NUMBER, twiml="<Response/>")
        await standins.kill()

        assert [one.message_id for one in standins.telegram_messages()] == [answer.message_id]
        assert [one.sid for one in standins.texts()] == [sms.sid]
        assert len(standins.calls()) == 1


async def test_what_was_taken_without_an_answer_is_on_disk_after_a_kill(tmp_path: Path) -> None:
    async with StandInProcess(tmp_path / "journal") as standins:
        await standins.script(standins.telegram_url, Fault.hang(taken=True))
        async with telegram_bot(standins.telegram_url, seconds=10) as bot:
            call = asyncio.create_task(bot.send_message(CHAT, "¿llegó?"))
            await standins.wait_until_hanging(standins.telegram_url)
            await standins.kill()
            with pytest.raises(TelegramNetworkError):
                await call
        assert [one.text for one in standins.telegram_messages()] == ["¿llegó?"]


async def test_a_provider_that_comes_back_knows_what_it_took(
    tmp_path: Path, http: TwilioHttp
) -> None:
    async with StandInProcess(tmp_path / "journal") as first:
        client = twilio_client(first.twilio_url, http)
        sid = (await client.messages.create_async(to=ANA, from_=NUMBER, body="uno")).sid
        async with telegram_bot(first.telegram_url) as bot:
            number = (await bot.send_message(CHAT, "uno")).message_id
        await first.kill()
    async with StandInProcess(tmp_path / "journal") as again:
        client = twilio_client(again.twilio_url, http)
        assert (await client.messages(sid).fetch_async()).body == "uno"
        async with telegram_bot(again.telegram_url) as bot:
            assert (await bot.send_message(CHAT, "dos")).message_id == number + 1
            assert await bot.delete_message(CHAT, number)
    assert len(again.telegram_messages()) == 2


async def test_another_process_scripts_faults(tmp_path: Path, http: TwilioHttp) -> None:
    async with StandInProcess(tmp_path / "journal") as standins:
        telegram, twilio = standins.telegram_url, standins.twilio_url
        await standins.script(telegram, Script(telegram_errors.blocked(), None, str(CHAT)))
        await standins.script(twilio, Fault.ok(), twilio_errors.unsubscribed())
        client = twilio_client(twilio, http)
        async with telegram_bot(telegram) as bot:
            with pytest.raises(TelegramForbiddenError):
                await bot.send_message(CHAT, "hola")
            await standins.clear(telegram)
            await bot.send_message(CHAT, "hola")
            await standins.script(telegram, Fault.hang())
            call = asyncio.create_task(bot.send_message(CHAT, "otra"))
            await standins.wait_until_hanging(telegram)
            await standins.release(telegram)
            await call
        await client.messages.create_async(to=ANA, from_=NUMBER, body="pasa")
        with pytest.raises(TwilioRestException) as refused:
            await client.messages.create_async(to=ANA, from_=NUMBER, body="no pasa")
        assert refused.value.code == 21610
        async with ClientSession() as session, session.get(f"{twilio}/control/sent") as answer:
            assert [one["body"] for one in (await answer.json())["sent"]] == ["pasa"]
        assert [one.text for one in standins.telegram_messages()] == ["hola", "otra"]


async def test_a_nonsense_fault_is_refused(tmp_path: Path) -> None:
    async with StandInProcess(tmp_path / "journal") as standins, ClientSession() as session:
        url = f"{standins.twilio_url}/control/faults"
        async with session.post(url, data=b'[{"fault":{"kind":"explode"}}]') as answer:
            assert answer.status == 422


async def test_another_process_pushes_updates(tmp_path: Path) -> None:
    async with StandInProcess(tmp_path / "journal") as standins:
        await standins.push_update(text_update(CHAT, "hola"))
        async with telegram_bot(standins.telegram_url) as bot:
            (update,) = await bot.get_updates()
    assert update.message is not None
    assert update.message.text == "hola"


def test_half_a_line_counts_for_nothing_and_spoils_nothing(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    one, two = Sent("sendMessage", CHAT, "uno"), Sent("sendMessage", CHAT, "dos")
    with Journal(path) as journal:
        journal.write(one)
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:20])
    assert read_journal(path) == [one]
    with Journal(path) as journal:
        journal.write(two)
    assert read_journal(path) == [one, two]
