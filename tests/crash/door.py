"""Many lives of one `tequio run` without the cost of its imports: see warm/sitecustomize.py."""

import asyncio
import json
import os
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.crash.process import COMMAND, START_SECONDS, TequioProcess

WARM = Path(__file__).with_name("warm")


class Door:
    """The process that holds the command at its door; an async context manager.

    It is started when the first life asks to be let in.
    """

    def __init__(self, env: Mapping[str, str], log: Path) -> None:
        self._env = {**env, "PYTHONPATH": str(WARM), "TEQUIO_DOOR": "1"}
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._born: asyncio.Queue[int] = asyncio.Queue()
        self._ended: dict[int, asyncio.Future[int]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is None or self._reading is None:
            return
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._reading
        await self._process.wait()

    async def let_in(self, more: Mapping[str, str]) -> tuple[int, asyncio.Future[int]]:
        """Start a life with further settings; gives its pid, and its status to come."""
        if self._process is None:
            await self._stand()
        assert self._process is not None
        assert self._process.stdin is not None
        wanted = {"env": dict(more), "log": str(self._log)}
        self._process.stdin.write(json.dumps(wanted).encode() + b"\n")
        async with asyncio.timeout(START_SECONDS):
            pid = await self._born.get()
        return pid, self._ended[pid]

    async def _stand(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            str(COMMAND),
            "run",
            cwd=self._log.parent,
            env=self._env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            told = json.loads(line)
            if "born" in told:
                self._ended[told["born"]] = asyncio.get_running_loop().create_future()
                self._born.put_nowait(told["born"])
            else:
                self._ended[told["pid"]].set_result(told["status"])


class Life(TequioProcess):
    """One life that comes in by the door."""

    def __init__(self, door: Door, env: Mapping[str, str], log: Path, **more: str) -> None:
        super().__init__(env, log)
        self._door = door
        self._more = more
        self._pid = 0
        self._end: asyncio.Future[int] | None = None

    @property
    def status(self) -> int | None:
        return self._end.result() if self._end is not None and self._end.done() else None

    async def go(self) -> None:
        self._pid, self._end = await self._door.let_in(self._more)

    async def ended(self, within: float = START_SECONDS) -> int:
        assert self._end is not None
        async with asyncio.timeout(within):
            return await asyncio.shield(self._end)

    async def kill(self) -> None:
        if self._end is not None and not self._end.done():
            os.kill(self._pid, signal.SIGKILL)
            await self._end

    def terminate(self) -> None:
        os.kill(self._pid, signal.SIGTERM)
