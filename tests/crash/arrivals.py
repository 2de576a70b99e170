"""What providers bring to the real process, again and again until it is confirmed."""

import asyncio
import json
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import httpx

from kit.channels import Channel
from tests.plain import PLAIN
from tests.standins.telegram_polling import Update
from tests.standins.twilio_webhooks import inbound_sms, signed_form
from tests.stories.world import PUBLIC_URL, SECRET

CONFIRMED_WITHIN = 120
AGAIN_AFTER = 0.1


@dataclass(frozen=True, slots=True)
class Arrival:
    """One webhook. Posted again it is the same one: same id, same body, same signature."""

    channel: Channel
    provider_id: str
    path: str
    body: bytes = field(repr=False)
    headers: dict[str, str] = field(repr=False)


def from_chat(update: Update) -> Arrival:
    """An update as Telegram brings it."""
    headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": SECRET}
    body = json.dumps(update).encode()
    return Arrival(Channel.TELEGRAM, str(update["update_id"]), "/webhooks/telegram", body, headers)


def from_phone(number: str, text: str, media: int = 0) -> Arrival:
    """A text as Twilio brings it."""
    path = "/webhooks/twilio/message"
    params = inbound_sms(number, text, media)
    body, headers = signed_form(PUBLIC_URL + path, params)
    return Arrival(Channel.SMS, params["MessageSid"], path, body, headers)


class Post:
    """The providers' side of the webhooks. `brought` is everything ever posted."""

    def __init__(self, url: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        # A connection for each post: one kept from before a kill would break the next.
        self._http = httpx.AsyncClient(
            base_url=url,
            timeout=30,
            limits=httpx.Limits(max_keepalive_connections=0),
            transport=transport,
            verify=PLAIN,
        )
        self.brought: list[Arrival] = []
        self.posts = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._http.aclose()

    async def once(self, arrival: Arrival) -> bool:
        """Post it; whether it was confirmed."""
        if arrival not in self.brought:
            self.brought.append(arrival)
        self.posts += 1
        try:
            answer = await self._http.post(
                arrival.path, content=arrival.body, headers=arrival.headers
            )
        except httpx.TransportError:
            return False
        return answer.status_code == 200

    async def bring(self, arrival: Arrival) -> None:
        """Post it until it is confirmed."""
        async with asyncio.timeout(CONFIRMED_WITHIN):
            while True:
                if await self.once(arrival):
                    return
                await asyncio.sleep(AGAIN_AFTER)
