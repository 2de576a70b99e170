"""The stand-ins in a process that a test can script from outside and kill."""

import asyncio
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import ClientSession
from pydantic import TypeAdapter

from tests.patience import PATIENCE
from tests.standins.faults import Fault, Script
from tests.standins.journal import read_journal
from tests.standins.records import PlacedCall, Record, Sent, SentSms
from tests.standins.twilio_fates import Course

ROOT = Path(__file__).parents[2]

_SCRIPTS = TypeAdapter(list[Script])
_COURSE = TypeAdapter(Course)


class StandInProcess:
    """Starts `tests.standins.serve`; an async context manager. `arguments` are its own.

    `module` is another that takes the same arguments.
    """

    def __init__(
        self, journal: Path, *arguments: str, module: str = "tests.standins.serve"
    ) -> None:
        self.journal = journal
        self._module = module
        self.telegram_url = ""
        self.twilio_url = ""
        self._arguments = ("--journal", str(journal), *arguments)
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            self._module,
            *self._arguments,
            cwd=ROOT,
            stdout=asyncio.subprocess.PIPE,
        )
        assert self._process.stdout is not None
        async with asyncio.timeout(20):
            line = await self._process.stdout.readline()
        urls = json.loads(line)
        self.telegram_url, self.twilio_url = urls["telegram"], urls["twilio"]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is None:
            return
        if self._process.returncode is None:
            self._process.terminate()
        # Reads the pipe to its end too: one left open is a warning.
        await self._process.communicate()

    async def kill(self) -> None:
        """`kill -9`."""
        assert self._process is not None
        self._process.kill()
        await self._process.communicate()

    def taken(self) -> list[Record]:
        """What both providers took until now, even if the process is dead."""
        return read_journal(self.journal)

    def telegram_messages(self) -> list[Sent]:
        """What Telegram took."""
        return [record for record in self.taken() if isinstance(record, Sent)]

    def texts(self) -> list[SentSms]:
        """What Twilio took as messages."""
        return [record for record in self.taken() if isinstance(record, SentSms)]

    def calls(self) -> list[PlacedCall]:
        """What Twilio took as calls."""
        return [record for record in self.taken() if isinstance(record, PlacedCall)]

    async def script(self, url: str, *scripts: Script | Fault) -> None:
        """Put faults in force at one of the two; a bare `Fault` befalls the next call."""
        every = [Script(one) if isinstance(one, Fault) else one for one in scripts]
        await self._ask("POST", f"{url}/control/faults", _SCRIPTS.dump_json(every))

    async def set_course(self, course: Course) -> None:
        """Say how things go with Twilio from now on."""
        await self._ask("POST", f"{self.twilio_url}/control/course", _COURSE.dump_json(course))

    async def clear(self, url: str) -> None:
        """Forget the faults of one of the two."""
        await self._ask("DELETE", f"{url}/control/faults")

    async def release(self, url: str) -> None:
        """Let go of what hangs."""
        await self._ask("POST", f"{url}/control/release")

    async def push_update(self, update: Mapping[str, object]) -> None:
        """Queue an update for getUpdates."""
        body = json.dumps(dict(update)).encode()
        await self._ask("POST", f"{self.telegram_url}/control/updates", body)

    async def wait_until_hanging(self, url: str, calls: int = 1, timeout: float = PATIENCE) -> None:
        """Return once so many calls hang at one of the two; raises an HTTP error 408."""
        await self._ask("GET", f"{url}/control/hanging?calls={calls}&timeout={timeout}")

    async def _ask(self, method: str, url: str, body: bytes = b"") -> None:
        async with (
            ClientSession() as session,
            session.request(method, url, data=body, raise_for_status=True) as answer,
        ):
            await answer.read()
