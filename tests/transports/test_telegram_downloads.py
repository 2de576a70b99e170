"""Files that Telegram holds, fetched from a server that speaks real HTTP."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from tests.standins.telegram import TOKEN
from transports import telegram_files
from transports.telegram import TelegramTransport

PHOTO = b"\xff\xd8\xff" + b"x" * 1000


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramTransport]:
    """A bot whose files are at a server of ours."""

    async def get_file(request: web.Request) -> web.Response:
        name = (await request.json())["file_id"]
        if name == "gone":
            body = {"ok": False, "error_code": 400, "description": "Bad Request: wrong file_id"}
            return web.json_response(body, status=400)
        path = "" if name == "large" else f"photos/{name}.jpg"
        found = {"file_id": name, "file_unique_id": "u", **({"file_path": path} if path else {})}
        return web.json_response({"ok": True, "result": found})

    async def content(request: web.Request) -> web.StreamResponse:
        if request.match_info["name"] == "moved.jpg":
            raise web.HTTPFound("http://127.0.0.1:9/elsewhere")
        if request.match_info["name"] == "lost.jpg":
            raise web.HTTPNotFound
        return web.Response(body=PHOTO)

    app = web.Application()
    app.router.add_post(f"/bot{TOKEN}/getFile", get_file)
    app.router.add_get(f"/file/bot{TOKEN}/photos/{{name}}", content)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    opened = TelegramTransport(TOKEN, api_url=f"http://{host}:{port}")
    yield opened
    await opened.close()
    await runner.cleanup()


async def test_a_file_comes_whole_or_not_at_all(telegram: TelegramTransport) -> None:
    assert await telegram.download("photo") == PHOTO
    # Unknown to Telegram, too large for an address, not there, and never from anywhere else.
    for name in ("gone", "large", "lost", "moved"):
        assert await telegram.download(name) is None


async def test_a_file_that_is_too_large_or_too_slow_is_not_taken(
    telegram: TelegramTransport,
) -> None:
    address = telegram._server.file_url(TOKEN, "photos/photo.jpg")
    assert await telegram_files.read(address, 5, len(PHOTO)) == PHOTO
    assert await telegram_files.read(address, 5, len(PHOTO) - 1) is None
    assert await telegram_files.read("http://127.0.0.1:9/none", 5) is None
    assert await telegram_files.read("not an address", 5) is None
