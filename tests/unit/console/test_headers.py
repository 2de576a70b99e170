"""Every answer carries the headers; none is held back, and no route is overruled."""

import asyncio
from collections.abc import AsyncIterator, MutableMapping

import pytest
from fastapi import FastAPI, Response
from fastapi.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from console.headers import SecurityHeaders
from console.routes import PublicFacts, public_routes
from tests.patience import PATIENCE
from tests.unit.console.answers import answer, site


def app() -> FastAPI:
    web = FastAPI(docs_url=None, openapi_url=None)
    web.add_middleware(SecurityHeaders)
    web.include_router(public_routes(site(PublicFacts("IAIMO", False, True, True, ""))))

    @web.get("/own")
    async def own() -> Response:
        own = {"Content-Security-Policy": "default-src 'none'", "Referrer-Policy": "no-referrer"}
        return Response("x", headers=own)

    return web


@pytest.mark.parametrize(
    "path", ["/", "/privacidad", "/static/console.css", "/nowhere", "/api/openapi.json"]
)
async def test_every_answer_carries_the_headers(path: str) -> None:
    headers = (await answer(app(), path)).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"


async def test_the_policy_allows_nothing_inline_and_nothing_foreign() -> None:
    policy = (await answer(app(), "/")).headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "*" not in policy


async def test_what_a_route_set_itself_stays_and_stands_once() -> None:
    headers = (await answer(app(), "/own")).headers
    assert headers.get_list("content-security-policy") == ["default-src 'none'"]
    assert headers.get_list("referrer-policy") == ["no-referrer"]
    assert headers["x-frame-options"] == "DENY"


async def test_a_stream_is_not_held_back() -> None:
    """The second event is only made once the first one has left."""
    web = FastAPI()
    web.add_middleware(SecurityHeaders)
    left = asyncio.Event()

    @web.get("/events")
    async def events() -> StreamingResponse:
        async def made() -> AsyncIterator[bytes]:
            yield b"data: 1\n\n"
            await left.wait()
            yield b"data: 2\n\n"

        return StreamingResponse(made(), media_type="text/event-stream")

    sent: list[bytes] = []

    async def send(message: Message) -> None:
        body: bytes = message.get("body", b"")
        sent.append(body)
        if body == b"data: 1\n\n":
            left.set()

    async def receive() -> Message:
        await asyncio.Event().wait()
        return {}

    scope: MutableMapping[str, object] = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "GET",
        "path": "/events",
        "query_string": b"",
        "headers": [],
    }
    async with asyncio.timeout(PATIENCE):
        await web(scope, receive, send)
    assert b"".join(sent) == b"data: 1\n\ndata: 2\n\n"


async def test_what_is_not_http_passes_through_untouched() -> None:
    passed: list[str] = []

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        passed.append(scope["type"])
        await send({"type": "websocket.close"})

    async def send(message: Message) -> None:
        passed.append(str(message))

    async def receive() -> Message:
        return {}

    await SecurityHeaders(inner)({"type": "websocket", "path": "/"}, receive, send)
    assert passed == ["websocket", "{'type': 'websocket.close'}"]
