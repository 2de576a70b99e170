"""What both stand-ins are: one HTTP application on loopback with scripted faults."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit, urlunsplit

from aiohttp import web
from pydantic import TypeAdapter, ValidationError

from kit.clock import Clock
from tests.standins.faults import Fault, FaultKind, Faults, Script
from tests.standins.records import Record

Take = Callable[[], Awaitable[web.Response]]
Taken = Callable[[Record], None]

_SCRIPTS = TypeAdapter(list[Script])
_RECORDS = TypeAdapter(list[Record])


def wall_clock() -> datetime:
    """The provider's own clock, unless a test gives it the moved one."""
    return Clock().now()


def ignore(record: Record) -> None:
    """The journal of a stand-in that keeps none."""
    del record


class StandInServer(ABC):
    """Starts on a free port of 127.0.0.1, or on `port`; an async context manager.

    Another process scripts it through `/control/`: `POST faults` (a list of `Script`),
    `DELETE faults`, `POST release`, `GET hanging?calls=1&timeout=5` (waits), `GET sent`.
    """

    def __init__(self, port: int = 0, reach: str | None = None) -> None:
        self.faults = Faults()
        # Where the application really listens, when its public address leads nowhere in a test.
        self.reach = reach
        self._port = port
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end."""
        return f"http://127.0.0.1:{self._port}"

    @abstractmethod
    def routes(self) -> Sequence[web.RouteDef]:
        """The provider's addresses."""

    @abstractmethod
    def records(self) -> list[Record]:
        """Every message it took."""

    def close(self) -> None:
        """End whatever keeps a caller waiting."""
        self.faults.close()

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 2**20)
        app.add_routes(self.routes())
        app.add_routes(
            [
                web.post("/control/faults", self._add_faults),
                web.delete("/control/faults", self._clear_faults),
                web.post("/control/release", self._release),
                web.get("/control/hanging", self._hanging),
                web.get("/control/sent", self._sent),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def reachable(self, url: str) -> str:
        """The address to post to for a public one: the same path at `reach`."""
        if self.reach is None:
            return url
        parts = urlsplit(url)
        return self.reach.rstrip("/") + urlunsplit(("", "", parts.path, parts.query, ""))

    async def serve(
        self,
        request: web.Request,
        method: str,
        recipient: str | None,
        take: Take,
        *,
        sends: bool = True,
    ) -> web.Response:
        """Answer a valid call with what `take` gives, or with the fault that is due."""
        fault = self.faults.draw(method, recipient, sends=sends)
        match fault:
            case None:
                return await take()
            case Fault(kind=FaultKind.ANSWER):
                return web.Response(
                    status=fault.status,
                    text=fault.body,
                    content_type=fault.content_type,
                    headers=fault.headers,
                )
            case Fault(kind=FaultKind.DELAY):
                await asyncio.sleep(fault.seconds or 0)
                return await take()
            case Fault(kind=FaultKind.HANG):
                answer = await take() if fault.taken else None
                await self.faults.hold(fault.seconds)
                if answer is not None:
                    return answer
                # A caller who has just given up is seen to be gone only a moment later.
                await asyncio.sleep(0.02)
                if not self.faults.closed and _connected(request):
                    return await take()
            case Fault(kind=FaultKind.DROP):
                await take()
        return _hang_up(request)

    async def _add_faults(self, request: web.Request) -> web.Response:
        try:
            scripts = _SCRIPTS.validate_json(await request.read())
        except ValidationError as wrong:
            raise web.HTTPUnprocessableEntity(text=str(wrong)) from None
        for script in scripts:
            self.faults.add(script)
        return web.json_response({"added": len(scripts)})

    async def _clear_faults(self, request: web.Request) -> web.Response:
        self.faults.clear()
        return web.json_response({})

    async def _release(self, request: web.Request) -> web.Response:
        released = self.faults.holding
        self.faults.release()
        return web.json_response({"released": released})

    async def _hanging(self, request: web.Request) -> web.Response:
        calls, timeout = request.query.get("calls", "1"), request.query.get("timeout", "5")
        try:
            await self.faults.wait_until_hanging(int(calls), float(timeout))
        except TimeoutError:
            raise web.HTTPRequestTimeout from None
        return web.json_response({"hanging": self.faults.holding})

    async def _sent(self, request: web.Request) -> web.Response:
        sent = _RECORDS.dump_python(self.records(), mode="json")
        return web.json_response({"sent": sent})


def _connected(request: web.Request) -> bool:
    return request.transport is not None and not request.transport.is_closing()


def _hang_up(request: web.Request) -> web.Response:
    """Close the connection; aiohttp finds it closed and throws the empty answer away."""
    if request.transport is not None:
        request.transport.close()
    return web.Response()
