"""What people write, brought to a platform as Telegram brings it."""

import asyncio
import json
from collections.abc import Mapping
from time import perf_counter
from types import TracebackType
from typing import Self

from aiohttp import ClientSession

from bench.processes import SECRET
from bench.provider import STAFF_FROM
from tests.standins.telegram_updates import text_update

KNOCKER = STAFF_FROM + 500_000_000


class Door:
    """The webhook of a platform. `waits` are milliseconds from a knock's planned time."""

    def __init__(self, url: str) -> None:
        self._url = f"{url}/webhooks/telegram"
        self._http: ClientSession | None = None
        self.waits: list[float] = []

    async def __aenter__(self) -> Self:
        self._http = ClientSession(headers={"X-Telegram-Bot-Api-Secret-Token": SECRET})
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._http is not None:
            await self._http.close()

    async def bring(self, update: Mapping[str, object]) -> None:
        """Bring an update and wait until it is taken in."""
        assert self._http is not None
        body = json.dumps(update)
        async with self._http.post(self._url, data=body, raise_for_status=True) as answer:
            await answer.read()

    async def says(self, chat: int, text: str) -> None:
        """Somebody writes."""
        await self.bring(text_update(chat, text))

    async def knock(self, every: float) -> None:
        """Bring one update again and again, each time a small write that changes nothing."""
        update = text_update(KNOCKER, "hola")
        await self.bring(update)
        async with asyncio.TaskGroup() as knocks:
            planned = perf_counter()
            while True:
                knocks.create_task(self._knock(update, planned))
                planned += every
                await asyncio.sleep(max(0.0, planned - perf_counter()))

    async def _knock(self, update: Mapping[str, object], planned: float) -> None:
        await self.bring(update)
        self.waits.append((perf_counter() - planned) * 1_000)
