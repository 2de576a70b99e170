"""Bytes of the files that Telegram holds for a bot."""

from contextlib import suppress

from aiohttp import ClientError, ClientSession, ClientTimeout

LARGEST = 20 * 2**20
"""Bytes; of larger files the Bot API gives no address. core.telegram.org/bots/api#getfile"""

PIECE = 64 * 1024


async def read(url: str, seconds: float, most: int = LARGEST) -> bytes | None:
    """What stands at an address, which holds the bot's token and so never goes into an error or a
    log. None when it cannot be had within `seconds`, or is larger than `most` bytes."""
    with suppress(ClientError, OSError, TimeoutError, ValueError):
        timeout = ClientTimeout(total=seconds)
        async with (
            ClientSession(timeout=timeout, trust_env=False) as http,
            http.get(url, allow_redirects=False) as answer,
        ):
            if answer.status != 200:
                return None
            found = bytearray()
            async for piece in answer.content.iter_chunked(PIECE):
                found += piece
                if len(found) > most:
                    return None
            return bytes(found)
    return None
