"""What travels in a stream, and that it outlives whatever goes wrong once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import pytest

from console.frame import streams
from console.frame.streams import Streams
from console.frame.visit import Visit
from db.session import Database, Session
from kit.errors import NotFound
from tests.patience import PATIENCE


class _Database:
    @asynccontextmanager
    async def read(self) -> AsyncIterator[None]:
        yield None


async def test_a_stream_says_only_that_and_goes_on_after_every_kind_of_trouble(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(streams, "PAUSE", 0.01)
    stop, looks = asyncio.Event(), 0

    async def still_in(_visit: Visit) -> bool:
        return True

    async def look(_session: Session) -> str:
        nonlocal looks
        looks += 1
        if looks == 2:
            raise ConnectionRefusedError("the database starts anew")
        if looks == 3:
            raise NotFound("console.problem.not_found")
        if looks == 5:
            # Whatever ends the look for good, the next beat begins it again.
            raise asyncio.CancelledError
        return f"secret {looks}"

    opened = Streams(cast(Database, _Database()), stop, still_in)
    said: list[str] = []
    answer = opened.answer(cast(Visit, None), "board", look)
    async with asyncio.timeout(PATIENCE):
        async for part in answer.body_iterator:
            said.append(str(part))
            if sum("changed" in one for one in said) == 4:
                stop.set()
    assert looks >= 6
    assert not any("secret" in one for one in said)
    assert said[1] == "event: changed\ndata: \n\n"
