"""The real `tequio` commands as processes that a test can kill."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from app.settings import Settings
from tests.plain import PLAIN
from tests.standins.telegram import TOKEN
from tests.standins.twilio import ACCOUNT_SID, AUTH_TOKEN, NUMBER
from tests.stories.world import PUBLIC_URL, SECRET, URGENT_NUMBER

COMMAND = Path(sys.executable).with_name("tequio")
START_SECONDS = 60
"""Far more than it needs: the machine that runs the tests may be busy."""

ENDS_WITHIN = 10
"""Seconds from SIGTERM to the end; DESIGN §6."""

_SETTINGS = frozenset(name.upper() for name in Settings.model_fields)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(database_url: str, port: int, **more: str) -> dict[str, str]:
    """The environment of a `tequio` without any provider; settings of the caller's are left out."""
    inherited = {name: value for name, value in os.environ.items() if name.upper() not in _SETTINGS}
    return {
        **inherited,
        "DATABASE_URL": database_url,
        "PORT": str(port),
        "SECRET_KEY": "a secret of tests",
        # The keys of tests.databases.keyring, so that a test can read what was written.
        "FIELD_KEYS": "t1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        # Nobody is paged again and no waiting words leave while a test takes its time.
        "PAGE_TIMEOUT": "36000",
        "REPORTER_TIMEOUT": "36000",
        **more,
    }


def providers(telegram_url: str, twilio_url: str, rate: float = 1000) -> dict[str, str]:
    """The settings that point Telegram and Twilio at stand-ins."""
    return {
        "PUBLIC_URL": PUBLIC_URL,
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": telegram_url,
        "TELEGRAM_MODE": "webhook",
        # Nothing waits for the morning: these processes go by the machine's own clock.
        "SENDING_HOURS": "always",
        "TELEGRAM_WEBHOOK_SECRET": SECRET,
        "TELEGRAM_RATE": str(rate),
        "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
        "TWILIO_API_URL": twilio_url,
        "TWILIO_FROM": NUMBER,
        "TWILIO_FROM_URGENT": URGENT_NUMBER,
        "CANARY_MINUTES": "0",
        "PAGES_ALONE": "1000",
        "TWILIO_RATE": str(rate),
    }


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that has run to its end."""

    status: int
    out: str
    err: str

    def document(self) -> dict[str, object]:
        """What `--json` printed."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


async def console_script(env: Mapping[str, str], *arguments: str, folder: Path) -> Ended:
    """Run `tequio …` as it is installed, in `folder`, and wait for its end."""
    process = await asyncio.create_subprocess_exec(
        str(COMMAND),
        *arguments,
        cwd=folder,
        env=dict(env),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(START_SECONDS):
            out, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
    return Ended(process.returncode or 0, out.decode(), err.decode())


class TequioProcess:
    """One life of `tequio run`; an async context manager that leaves nothing running.

    Its log, standard output included, is appended to `log`.
    """

    def __init__(self, env: Mapping[str, str], log: Path) -> None:
        self._env = dict(env)
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self.url = f"http://127.0.0.1:{env['PORT']}"

    async def __aenter__(self) -> Self:
        await self.go()
        await self.ready()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.kill()

    @property
    def status(self) -> int | None:
        """How it ended: the exit status, or minus the signal. None while it lives."""
        return None if self._process is None else self._process.returncode

    async def go(self) -> None:
        """Start, without waiting."""
        log = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            self._process = await asyncio.create_subprocess_exec(
                str(COMMAND),
                "run",
                cwd=self._log.parent,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        finally:
            os.close(log)

    async def ready(self) -> None:
        """Wait until it answers; AssertionError if it ends before."""
        async with asyncio.timeout(START_SECONDS), httpx.AsyncClient(verify=PLAIN) as http:
            while True:
                assert self.status is None, f"ended with {self.status}; see its log"
                try:
                    if (await http.get(f"{self.url}/healthz")).is_success:
                        return
                except httpx.TransportError:
                    await asyncio.sleep(0.03)

    async def ended(self, within: float = START_SECONDS) -> int:
        """Wait for its end; gives the status. TimeoutError when it goes on."""
        assert self._process is not None
        async with asyncio.timeout(within):
            return await self._process.wait()

    async def kill(self) -> None:
        """`kill -9`, as a power cut; nothing when it has ended."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    def terminate(self) -> None:
        """SIGTERM, as an operator or the system says it."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
