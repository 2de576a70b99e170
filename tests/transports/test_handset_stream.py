"""The handset's event stream."""

import asyncio
import json
from pathlib import Path

import httpx
import pytest

from kit.channels import Channel
from tests.patience import PATIENCE
from tests.transports.handset_stage import NO, YES, Stage, stage


class Listening:
    """Reads the event stream, an event at a time."""

    def __init__(self, answer: httpx.Response) -> None:
        self._lines = answer.aiter_lines()

    async def next(self) -> tuple[str, dict[str, object]]:
        name = ""
        async with asyncio.timeout(PATIENCE):
            async for line in self._lines:
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    return name, json.loads(line.removeprefix("data: "))
        raise EOFError


async def test_the_stream_tells_what_was_sent_typed_and_changed(playing: Stage) -> None:
    await playing.send("¿Podemos escribirle?", buttons=((YES, NO),))
    async with playing.browser.stream("GET", "/handset/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        listening = Listening(answer)
        assert (await listening.next())[0] == "ready"

        await playing.send("Recibido", Channel.SMS)
        assert (await listening.next())[0] == "phone"
        name, line = await listening.next()
        assert (name, line["text"], line["channel"]) == ("line", "Recibido", "sms")

        await playing.send("Gracias.", replaces=1)
        await listening.next()
        name, line = await listening.next()
        assert (name, line["text"], line["id"]) == ("line", "Gracias.", 1)

        await playing.post("clock", {"minutes": 5})
        name, clock = await listening.next()
        assert (name, clock["moved_minutes"]) == ("clock", 5)

        await playing.post("phones", {"name": "Tía Chela"})
        name, phone = await listening.next()
        assert (name, phone["name"]) == ("phone", "Tía Chela")

        await playing.post("phones/3/remove", {})
        assert await listening.next() == ("gone", {"id": 3})


async def test_the_stream_ends_soon_after_the_stop(playing: Stage) -> None:
    async with playing.browser.stream("GET", "/handset/events") as answer:
        listening = Listening(answer)
        await listening.next()
        playing.stop.set()
        async with asyncio.timeout(PATIENCE):
            with pytest.raises(EOFError):
                await listening.next()


async def test_a_server_with_an_open_stream_stops_in_time(tmp_path: Path) -> None:
    async with asyncio.timeout(PATIENCE), httpx.AsyncClient() as browser:
        async with stage(tmp_path) as playing:
            request = browser.build_request("GET", f"{playing.url}/handset/events")
            answer = await browser.send(request, stream=True)
            await Listening(answer).next()
            ending = asyncio.get_running_loop().time()
        assert asyncio.get_running_loop().time() - ending < 5
        await answer.aclose()
