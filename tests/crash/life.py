"""Lives of `tequio` without the cost of its imports: see tests/cluster/nursery.py."""

import asyncio
import itertools
import os
import signal
from collections.abc import Mapping
from pathlib import Path

from tests.cluster.nursery import Nursery, status_of
from tests.crash.process import START_SECONDS, Ended, TequioProcess

LOOK_EVERY = 0.01

_numbers = itertools.count(1)


class Life(TequioProcess):
    """One life of `tequio run` that comes from a nursery."""

    def __init__(self, born: Nursery, env: Mapping[str, str], log: Path) -> None:
        super().__init__(env, log)
        self._born = born
        self._pid = 0

    @property
    def status(self) -> int | None:
        return status_of(self._log, self._pid) if self._pid else None

    async def go(self) -> None:
        self._pid = self._born.bear(["run"], self._env, self._log)

    async def ended(self, within: float = START_SECONDS) -> int:
        return await end_of(self._log, self._pid, within)

    async def kill(self) -> None:
        if self._pid and self.status is None:
            os.kill(self._pid, signal.SIGKILL)
            await self.ended()

    def terminate(self) -> None:
        os.kill(self._pid, signal.SIGTERM)


async def command(born: Nursery, env: Mapping[str, str], *arguments: str, folder: Path) -> Ended:
    """Run `tequio …` in `folder` and wait for its end."""
    number = next(_numbers)
    out, err = folder / f"command-{number}.out", folder / f"command-{number}.err"
    pid = born.bear(arguments, env, out, err)
    try:
        status = await end_of(out, pid, START_SECONDS)
    except TimeoutError:
        os.kill(pid, signal.SIGKILL)
        raise
    return Ended(status, out.read_text(), err.read_text())


async def end_of(out: Path, pid: int, within: float) -> int:
    """Wait for the end of one that comes from a nursery; gives the status."""
    async with asyncio.timeout(within):
        while True:
            status = status_of(out, pid)
            if status is not None:
                return status
            await asyncio.sleep(LOOK_EVERY)
