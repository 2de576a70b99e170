"""The processes of a measurement: the provider, the real `tequio`, and other senders."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import socket

import psutil

from app.settings import ROOT, Settings
from bench.machine import OTHER_CORE, PLATFORM_CORE, pin

WORK = ROOT / "var" / "bench"
"""What a run of the benchmarks makes; may be deleted at any time."""

LOGS = WORK / "logs"
COMMAND = Path(sys.executable).with_name("tequio")
START_SECONDS = 60
TOKEN = "4200:bench-bench-bench-bench-bench-bench"
SECRET = "a-secret-of-the-bench"
PUBLIC_URL = "https://tequio.example"
SECRET_KEY = "a secret of the bench"
FIELD_KEYS = "b1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
_SETTINGS = frozenset(name.upper() for name in Settings.model_fields)


@dataclass(frozen=True, slots=True)
class Figures:
    """What the provider took; times of CLOCK_MONOTONIC."""

    taken: int
    refused: int
    first: float
    last: float


class Provider:
    """The loopback provider, on a core of its own."""

    def __init__(self, url: str) -> None:
        self.url = url

    def reset(self, rate: int = 0) -> None:
        """Forget all; allow `rate` messages in any second, 0 for any number."""
        self._ask(f"reset?rate={rate}")

    def block(self, seconds: float) -> None:
        """Answer everything with 429 for so long."""
        self._ask(f"block?seconds={seconds}")

    def figures(self) -> Figures:
        """What was taken since the last reset."""
        told = self._told("figures")
        return Figures(
            int(told["taken"]), int(told["refused"]), told["first"] or 0.0, told["last"] or 0.0
        )

    def between(self, low: int, high: int) -> tuple[int, int]:
        """How many chats of a range got something, and how many of them more than once."""
        told = self._told(f"between?low={low}&high={high}")
        return int(told["reached"]), int(told["doubled"])

    def steady(self, skip: float) -> float:
        """Messages a second without the first and last `skip` seconds."""
        return self._told(f"steady?skip={skip}")["rate"]

    def most_in_a_second(self) -> int:
        """The most that it took in any window of a second."""
        return int(self._told("seconds")["most"])

    def watched(self) -> list[tuple[float, int, str]]:
        """Time, chat and text of each message to staff and reporters."""
        found = self._ask("watched")
        assert isinstance(found, list)
        return [(at, chat, text) for at, chat, text in found]

    def _told(self, path: str) -> dict[str, float]:
        found = self._ask(path)
        assert isinstance(found, dict)
        return found

    def _ask(self, path: str) -> object:
        with urllib.request.urlopen(f"{self.url}/control/{path}", timeout=30) as answer:
            found: object = json.loads(answer.read())
            return found


@contextmanager
def provider(*cores: int) -> Iterator[Provider]:
    """A provider for a while, on the other core if no cores are named."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.provider"], cwd=ROOT, stdout=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        url = json.loads(process.stdout.readline())["url"]
        pin(process.pid, *(cores or (OTHER_CORE,)))
        yield Provider(url)
    finally:
        process.terminate()
        process.communicate()


def environment(database_url: str, port: int, providers: Provider, **more: str) -> dict[str, str]:
    """The settings of a platform whose Telegram is the provider; the caller's own are left out."""
    inherited = {name: value for name, value in os.environ.items() if name.upper() not in _SETTINGS}
    return {
        **inherited,
        "DATABASE_URL": database_url,
        "PORT": str(port),
        "PUBLIC_URL": PUBLIC_URL,
        "SECRET_KEY": SECRET_KEY,
        "FIELD_KEYS": FIELD_KEYS,
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": providers.url,
        "TELEGRAM_MODE": "webhook",
        "TELEGRAM_WEBHOOK_SECRET": SECRET,
        # Nothing waits for the morning: a bench may run at night.
        "SENDING_HOURS": "always",
        # Each call for help pages once, so that pages can be counted.
        "PAGE_TIMEOUT": "36000",
        "REPORTER_TIMEOUT": "36000",
        **more,
    }


@contextmanager
def tequio(
    env: Mapping[str, str],
    *arguments: str,
    cores: Sequence[int] = (PLATFORM_CORE,),
    name: str = "run",
) -> Iterator[psutil.Process]:
    """One process of the platform for a while, ended by SIGTERM; `arguments` default to `run`."""
    LOGS.mkdir(parents=True, exist_ok=True)
    with (LOGS / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            [str(COMMAND), *(arguments or ("run",))],
            cwd=WORK,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        pin(process.pid, *cores)
        yield psutil.Process(process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def answers(url: str, within: float = START_SECONDS) -> None:
    """Wait until a platform answers at its health page; TimeoutError if it does not."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise TimeoutError("the platform does not answer; see its log")


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
