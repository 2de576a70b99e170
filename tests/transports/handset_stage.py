"""The handset on its own behind a real web server, with a platform that a test plays."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI
from sqlalchemy import select

from db.engine import async_url, open_database
from db.session import Database
from delivery.content import Attachment, Button, Content
from delivery.model import Lane
from delivery.receipts import early_receipt
from delivery.transport import Outgoing
from kit.channels import Channel, Endpoint
from kit.clock import Clock
from tests.databases import keyring, sqlite_database
from tests.plain import PLAIN
from transports.handset.routes import handset_routes
from transports.handset.tick import ring_out
from transports.handset.transport import HandsetTransport
from transports.intake import Arrival

OFELIA = "900001"
OFELIA_PHONE = "+12135550101"
YES, NO = Button("Sí, escríbanme", "yes"), Button("No me escriban", "no")


@dataclass
class Stage:
    """A running handset. `answer` and `says` play the platform; `arrivals` and `keys` are what
    reached it."""

    database: Database
    clock: Clock
    stop: asyncio.Event
    url: str
    browser: httpx.AsyncClient
    arrivals: list[Arrival] = field(default_factory=list)
    answer: Callable[[Arrival], Awaitable[None]] | None = None
    keys: list[Mapping[str, str]] = field(default_factory=list)
    says: Callable[[Mapping[str, str]], Awaitable[str]] | None = None

    async def voice(self, form: Mapping[str, str]) -> str:
        """What the platform says to a key."""
        self.keys.append(form)
        if self.says is not None:
            return await self.says(form)
        return f"<Response><Say>Tecla {form['Digits']}. Gracias.</Say><Hangup/></Response>"

    async def intake(self, arrival: Arrival) -> None:
        self.arrivals.append(arrival)
        if self.answer is not None:
            await self.answer(arrival)

    def transport(self, channel: Channel, *, urgent_only: bool = False) -> HandsetTransport:
        return HandsetTransport(channel, self.database, self.clock, urgent_only=urgent_only)

    async def later(self, **time: float) -> None:
        """Move the clock, and let happen what is due."""
        self.clock.move(timedelta(**time))
        async with self.database.write() as session:
            await ring_out(session, self.clock.now())

    async def call(
        self,
        spoken: str = "Tequio: caso AB12.",
        to: str = OFELIA_PHONE,
        *,
        buttons: tuple[tuple[Button, ...], ...] = (),
    ) -> str:
        """Call as the platform does; gives the id of the call."""
        content = Content("", "", buttons, spoken=spoken)
        outgoing = Outgoing(1, Endpoint(Channel.VOICE, to), content, Lane.URGENT)
        return await self.transport(Channel.VOICE).send(outgoing)

    async def receipts(self) -> dict[str, tuple[str, str]]:
        """What the platform was told: state and code, by the provider's id. The stage has no
        ledger, so every receipt waits for its message."""
        async with self.database.read() as session:
            rows = await session.all(select(early_receipt))
        return {row["provider_id"]: (row["state"], row["code"]) for row in rows}

    async def send(
        self,
        text: str,
        channel: Channel = Channel.TELEGRAM,
        to: str = "",
        *,
        buttons: tuple[tuple[Button, ...], ...] = (),
        ask_location: str = "",
        replaces: int | None = None,
        attachment: Attachment | None = None,
        protected: bool = False,
        urgent_only: bool = False,
    ) -> str:
        """Send as the platform does; to Doña Ofelia unless told otherwise."""
        usual = OFELIA if channel is Channel.TELEGRAM else OFELIA_PHONE
        content = Content(
            text,
            text,
            buttons,
            ask_location,
            replaces,
            attachment=attachment,
            protected=protected,
        )
        outgoing = Outgoing(1, Endpoint(channel, to or usual), content, Lane.REPLY)
        return await self.transport(channel, urgent_only=urgent_only).send(outgoing)

    async def post(self, path: str, body: object, **headers: str) -> httpx.Response:
        return await self.browser.post(f"/handset/{path}", json=body, headers=headers)

    async def state(self) -> dict[str, list[dict[str, object]]]:
        answer = await self.browser.get("/handset/state")
        assert answer.status_code == 200
        state: dict[str, list[dict[str, object]]] = answer.json()
        return state

    async def lines(self) -> list[dict[str, object]]:
        return (await self.state())["lines"]

    def last_raw(self) -> dict[str, object]:
        raw: dict[str, object] = json.loads(self.arrivals[-1].raw)
        return raw


def refused(answer: httpx.Response, status: int, code: str) -> bool:
    """Whether the answer is a problem with words for a person."""
    assert answer.headers["content-type"] == "application/json"
    error = answer.json()["error"]
    assert error["message"]
    return (answer.status_code, error["code"]) == (status, code)


@asynccontextmanager
async def stage(folder: Path) -> AsyncIterator[Stage]:
    """Serve the handset on a free port of loopback, on a SQLite file in `folder`."""
    # A handset that is started again finds what it had.
    again = (folder / "tequio.db").exists()
    url = async_url("sqlite:///tequio.db", folder)
    database = open_database(url, keyring()) if again else await sqlite_database(folder)
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    async with httpx.AsyncClient(base_url=address, timeout=30, verify=PLAIN) as browser:
        playing = Stage(database, Clock(), asyncio.Event(), address, browser)
        web = FastAPI()
        web.include_router(
            handset_routes(
                database, playing.intake, playing.clock, playing.stop, voice=playing.voice
            )
        )
        config = uvicorn.Config(web, log_level="critical", lifespan="off", ws="none")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve([listening]))
        try:
            yield playing
        finally:
            playing.stop.set()
            server.should_exit = True
            await serving
            await database.close()
