"""The life of a process: start, serve until SIGTERM or SIGINT, leave everything settled."""

import asyncio
import contextlib
import gc
import signal
import socket
from collections.abc import AsyncIterator, Iterator

import structlog
import uvicorn
from rich.console import Console

from app.front import Front
from app.opening import held, is_postgresql
from app.plug import pull_at
from app.roles import Opener, Role
from app.settings import Settings
from app.store import open_store
from app.web import web_of
from app.wiring import Platform
from kit.clock import Clock
from kit.errors import Refused
from locales.catalog import render
from locales.text import _
from staff.signin.invitations import first_link

log = structlog.get_logger(__name__)

HTTP_CLOSING_SECONDS = 3

ENDS_WITHIN = 9.5
"""Seconds from the signal on, also while the database is away; ten are promised."""


class Server(uvicorn.Server):
    """uvicorn without its own signal handlers: the platform has to end in an order."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def run(settings: Settings) -> None:
    """`tequio run`: every role in one process, on any database."""

    async def embedded(settings: Settings) -> Role:
        return Platform(settings, await open_store(settings), Clock(), listens=True)

    await _live(settings, "run", embedded, alone=True, serves=True)


async def run_role(settings: Settings, name: str, opener: Opener) -> None:
    """One of the separate processes, any number of which share one PostgreSQL."""
    if not is_postgresql(settings):
        raise Refused(_("cli.needs_postgresql"))
    if settings.is_trial and not settings.trial:
        raise Refused(_("cli.separate_trial"))
    await _live(settings, name, opener, alone=False, serves=name == "web")


async def _live(
    settings: Settings, name: str, opener: Opener, *, alone: bool, serves: bool
) -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    if settings.tequio_kill_at:
        pull_at(settings.tequio_kill_at)
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(held(settings, told.set, alone=alone))
        bound = stack.enter_context(_socket(settings)) if serves else None
        role = await opener(settings)
        await role.start()
        # What has been made by now stays: the collector need not look at it again, neither while
        # somebody waits for help nor at the end, where it took two seconds of the ten.
        gc.freeze()
        log.info("role.started", role=name)
        async with _serving(role.front, bound, told):
            if serves:
                await _welcome(settings, role.front)
            await told.wait()
            deadline = loop.time() + ENDS_WITHIN
        await _stop(role, deadline)


async def _stop(role: Role, deadline: float) -> None:
    try:
        async with asyncio.timeout_at(deadline):
            await role.stop()
    except TimeoutError:
        # What is not settled stands as claimed, and is taken over.
        log.error("role.stopped_late")
    log.info("role.stopped")


@contextlib.asynccontextmanager
async def _serving(
    front: Front | None, bound: socket.socket | None, told: asyncio.Event
) -> AsyncIterator[None]:
    """Serve HTTP meanwhile, if this role does. A server that ends by itself ends the process."""
    if front is None or bound is None:
        yield
        return
    server = Server(
        uvicorn.Config(
            web_of(front),
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=HTTP_CLOSING_SECONDS,
        )
    )
    serving = asyncio.create_task(server.serve([bound]))
    serving.add_done_callback(lambda ended: told.set())
    try:
        yield
    finally:
        front.stopping.set()
        server.should_exit = True
        await asyncio.gather(serving, return_exceptions=True)


@contextlib.contextmanager
def _socket(settings: Settings) -> Iterator[socket.socket]:
    """The port, taken before anything starts. In trial mode nobody else may reach the handset."""
    host = "127.0.0.1" if settings.is_trial else "0.0.0.0"  # noqa: S104
    # Said to be TCP: else asyncio leaves the connections to hold small answers back for 40 ms.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((host, settings.port))
        except OSError:
            raise Refused(_("cli.port_taken"), port=settings.port) from None
        yield bound


async def _welcome(settings: Settings, front: Front | None) -> None:
    """Say where it is found, and while nobody administers it, the link that opens it once."""
    screen = Console(stderr=True)
    url = f"http://127.0.0.1:{settings.port}"

    def say(key: str, **params: object) -> None:
        # Never cut in two: a link must stay one.
        told = render(key, "es", params)
        screen.print(told, markup=False, highlight=False, soft_wrap=True)

    say(_("cli.welcome_trial") if settings.is_trial else _("cli.welcome"), url=url)
    if front is None:
        return
    async with front.database.write() as session:
        path = await first_link(session, front.clock.now())
    if path is not None:
        base = url if settings.is_trial else settings.base_url
        say(_("cli.first_link"), url=f"{base}{path}")
