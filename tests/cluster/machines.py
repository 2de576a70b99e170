"""The separate processes of one installation, on a real PostgreSQL."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from tests.cluster.nursery import Nursery, status_of
from tests.crash.process import ENDS_WITHIN, START_SECONDS
from tests.plain import PLAIN

LOOK_EVERY = 0.02
SERVING = ("web", "run")
"""The commands that answer requests."""


class Machine:
    """One `tequio …` process. `name` tells apart several that run the same command."""

    def __init__(
        self,
        nursery: Nursery,
        env: Mapping[str, str],
        folder: Path,
        *command: str,
        name: str = "",
    ) -> None:
        self._nursery = nursery
        self._env = env
        self._command = command
        self.log = folder / f"{name or '-'.join(command)}.log"
        self._pid = 0

    @property
    def status(self) -> int | None:
        """How it ended: the exit status, or minus the signal. None while it lives."""
        return status_of(self.log, self._pid) if self._pid else None

    @property
    def said(self) -> str:
        """Its log."""
        return self.log.read_text() if self.log.exists() else ""

    def go(self) -> None:
        """Start, without waiting."""
        self._pid = self._nursery.bear(self._command, self._env, self.log)

    async def ready(self) -> None:
        """Wait until it works; AssertionError if it ends before."""
        async with asyncio.timeout(START_SECONDS):
            while "event='role.started'" not in self.said:
                assert self.status is None, self.said
                await asyncio.sleep(LOOK_EVERY)
            if self._command[0] in SERVING:
                await self._answers()

    async def _answers(self) -> None:
        """It says that it has started before it listens."""
        url = f"http://127.0.0.1:{self._env['PORT']}"
        async with httpx.AsyncClient(base_url=url, verify=PLAIN) as http:
            while True:
                try:
                    await http.get("/healthz")
                except httpx.TransportError:
                    assert self.status is None, self.said
                    await asyncio.sleep(LOOK_EVERY)
                else:
                    return

    async def ended(self, within: float = START_SECONDS) -> int:
        """Wait for its end; gives the status."""
        async with asyncio.timeout(within):
            while True:
                status = self.status
                if status is not None:
                    return status
                await asyncio.sleep(LOOK_EVERY)

    async def end(self) -> int:
        """SIGTERM, and the status of the end, which has to come in time."""
        os.kill(self._pid, signal.SIGTERM)
        return await self.ended(ENDS_WITHIN)

    async def kill(self) -> None:
        """`kill -9`; nothing when it has ended."""
        if self._pid and self.status is None:
            os.kill(self._pid, signal.SIGKILL)
            await self.ended()


@asynccontextmanager
async def working(machines: Sequence[Machine]) -> AsyncIterator[None]:
    """All of them at work; nothing is left running."""
    try:
        for machine in machines:
            machine.go()
        await asyncio.gather(*(machine.ready() for machine in machines))
        yield
    finally:
        await asyncio.gather(*(machine.kill() for machine in machines))
