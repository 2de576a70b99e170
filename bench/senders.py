"""What else could send a broadcast, each as a process: `python -m bench.senders NAME --url URL`.

None of them keeps a ledger: what `kill -9` leaves unsent, or sent twice, nobody can tell.
"""

import argparse
import asyncio
import importlib
import logging
from collections.abc import Awaitable, Callable

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from bench.campaign import TEXT
from bench.crowd import FIRST_CHAT
from bench.machine import PLATFORM_CORE, pin
from bench.processes import TOKEN


async def bare(bot: Bot, chats: range, at_once: int) -> None:
    """The reference: as many loops as sends may be under way, drawing from one list of chats."""
    left = iter(chats)

    async def loop() -> None:
        for chat in left:
            await bot.send_message(chat, TEXT)

    await asyncio.gather(*(loop() for _ in range(at_once)))


async def one_by_one(bot: Bot, chats: range, at_once: int) -> None:
    """The naive broadcaster: a loop that awaits each."""
    del at_once
    for chat in chats:
        await bot.send_message(chat, TEXT)


async def gathered(bot: Bot, chats: range, at_once: int) -> None:
    """A task for each message, held back by a semaphore."""
    room = asyncio.Semaphore(at_once)

    async def one(chat: int) -> None:
        async with room:
            await bot.send_message(chat, TEXT)

    await asyncio.gather(*(one(chat) for chat in chats))


async def aiogram_broadcaster(bot: Bot, chats: range, at_once: int) -> None:
    """aiogram_broadcaster from the package index, without a storage, one mailer."""
    del at_once
    package = importlib.import_module("aiogram_broadcaster")
    contents = importlib.import_module("aiogram_broadcaster.contents")
    broadcaster = package.Broadcaster(bot)
    mailer = await broadcaster.create_mailer(chats=chats, content=contents.TextContent(text=TEXT))
    await mailer.start()


SENDERS: dict[str, Callable[[Bot, range, int], Awaitable[None]]] = {
    "bare": bare,
    "one_by_one": one_by_one,
    "gathered": gathered,
    "aiogram_broadcaster": aiogram_broadcaster,
}


async def _send(name: str, url: str, people: int, at_once: int) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(url))
    async with Bot(TOKEN, session=session) as bot:
        chats = range(FIRST_CHAT + 1, FIRST_CHAT + 1 + people)
        await SENDERS[name](bot, chats, at_once)


def main() -> None:
    """Send to so many people and end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=SENDERS)
    parser.add_argument("--url", required=True)
    parser.add_argument("--people", type=int, required=True)
    parser.add_argument("--at-once", type=int, required=True)
    options = parser.parse_args()
    logging.disable()
    pin(0, PLATFORM_CORE)
    asyncio.run(_send(options.name, options.url, options.people, options.at_once))


if __name__ == "__main__":
    main()
