"""`tequio run`: every role in one process, until SIGTERM or SIGINT."""

import asyncio
import contextlib
import fcntl
import hashlib
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import structlog
import uvicorn
from rich.console import Console

from app.plug import pull_at
from app.settings import ROOT, Settings
from app.store import open_store
from app.web import web_of
from app.wiring import Platform
from db.engine import async_url
from delivery.model import SendError
from kit.clock import Clock
from kit.errors import Refused
from locales.catalog import render
from locales.text import _

log = structlog.get_logger(__name__)

HTTP_CLOSING_SECONDS = 3


class Server(uvicorn.Server):
    """uvicorn without its own signal handlers: the platform has to end in an order."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def run(settings: Settings) -> None:
    """Start, serve until told to end, and leave everything settled."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    if settings.tequio_kill_at:
        pull_at(settings.tequio_kill_at)
    with only_one(settings), _socket(settings) as bound:
        database = await open_store(settings)
        platform = Platform(settings, database, Clock())
        server = Server(
            uvicorn.Config(
                web_of(platform),
                log_config=None,
                access_log=False,
                lifespan="off",
                timeout_graceful_shutdown=HTTP_CLOSING_SECONDS,
            )
        )
        await platform.start()
        serving = asyncio.create_task(server.serve([bound]))
        listening = asyncio.create_task(_listen(platform, told))
        _welcome(settings)
        ended = asyncio.create_task(told.wait())
        await asyncio.wait({serving, ended}, return_when=asyncio.FIRST_COMPLETED)
        platform.stopping.set()
        server.should_exit = True
        listening.cancel()
        await asyncio.gather(serving, listening, return_exceptions=True)
        await platform.stop()
        ended.cancel()


@contextlib.contextmanager
def _socket(settings: Settings) -> Iterator[socket.socket]:
    """The port, taken before anything starts. In trial mode nobody else may reach the handset."""
    host = "127.0.0.1" if settings.is_trial else "0.0.0.0"  # noqa: S104
    with socket.socket() as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((host, settings.port))
        except OSError:
            raise Refused(_("cli.port_taken"), port=settings.port) from None
        yield bound


async def _listen(platform: Platform, told: asyncio.Event) -> None:
    """Reach Telegram, however long it takes; the rest of the platform works meanwhile."""
    while not told.is_set():
        try:
            await platform.listen()
            return
        except SendError as error:
            log.warning("telegram.unreachable", failure=error.failure)
            await asyncio.sleep(5)


@contextlib.contextmanager
def only_one(settings: Settings) -> Iterator[None]:
    """Hold the database for one process of this machine: two in embedded mode would send twice."""
    url = async_url(settings.database_url, ROOT)
    if url.get_backend_name() == "sqlite" and url.database:
        path = Path(f"{url.database}.lock")
    else:
        # One file for each database; its name shows neither host nor password.
        name = hashlib.sha256(url.render_as_string(hide_password=True).encode()).hexdigest()[:16]
        path = ROOT / "var" / f"run-{name}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refused(_("cli.already_running")) from None
        yield


def _welcome(settings: Settings) -> None:
    screen = Console(stderr=True)
    url = f"http://127.0.0.1:{settings.port}"
    key = _("cli.welcome_trial") if settings.is_trial else _("cli.welcome")
    screen.print(render(key, "es", {"url": url}), markup=False, highlight=False)
