"""One installation through its many lives: its database, its providers, its people and its log."""

import asyncio
import shutil
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url

from db.engine import async_url, open_database
from db.session import Database, Session
from delivery.model import State
from kit.channels import Channel, Endpoint
from kit.clock import Clock
from staff import service as staff
from staff import store as members
from staff.model import Method, Role
from tests.cluster.nursery import Nursery
from tests.crash.arrivals import Post
from tests.crash.books import (
    LEFT,
    Books,
    Claim,
    Row,
    in_the_air,
    is_settled,
    read_inbox,
    read_ledger,
)
from tests.crash.life import Life, command
from tests.crash.mailbox import Mailbox
from tests.crash.process import Ended, environment, free_port, providers
from tests.databases import keyring, knowing, sqlite_database
from tests.standins.process import StandInProcess

SETTLED_WITHIN = 120
LOOK_EVERY = 0.1


@dataclass
class Stage:
    """Where one installation stands. `env` are its settings, `broken_off` what kills broke off."""

    folder: Path
    env: dict[str, str]
    standins: StandInProcess
    born: Nursery
    post: Post
    mailbox: Mailbox
    books: Books = field(default_factory=Books)
    broken_off: set[Claim] = field(default_factory=set)

    @property
    def in_air(self) -> Counter[int]:
        """How many claims of each row kills have broken off."""
        return Counter(number for number, at in self.broken_off)

    @property
    def log(self) -> Path:
        return self.folder / "tequio.log"

    @property
    def database_url(self) -> str:
        return self.env["DATABASE_URL"]

    def life(self, **more: str) -> Life:
        """A life of the platform with further settings, not yet begun."""
        return Life(self.born, self.env | more, self.log)

    async def command(self, *arguments: str) -> Ended:
        """Run a `tequio` command on this installation."""
        return await command(self.born, self.env, *arguments, folder=self.folder)

    @asynccontextmanager
    async def database(self) -> AsyncIterator[Database]:
        """The database, for a look or for what a command would write."""
        async with opened(self.database_url) as database:
            yield database

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[Session]:
        """One unit that may write, as the platform's own process would."""
        async with self.database() as database, database.write() as session:
            yield session

    async def hire(self, name: str, role: Role, *endpoints: Endpoint) -> int:
        """Take somebody on without the cost of a command. Every method of theirs is used at once:
        no clock is moved here."""
        async with self.unit() as session:
            member_id = await staff.add(
                session,
                name=name,
                email=f"{name.lower()}@example.org",
                role=role,
                endpoints=endpoints,
                now=Clock().now(),
                pick=lambda below: 0,
            )
            await members.set_methods(session, member_id, [Method(one) for one in endpoints])
            return member_id

    async def settle(self) -> None:
        """Wait until a living process has nothing left to do."""
        async with self.database() as database, asyncio.timeout(SETTLED_WITHIN):
            while True:
                async with database.read() as session:
                    if await is_settled(session):
                        return
                await asyncio.sleep(LOOK_EVERY)

    async def autopsy(self) -> set[Claim]:
        """After a kill: count it, and note what was in the air.

        A SQLite file is looked at in a copy, so that the next start finds it as the kill left it.
        """
        self.books.kills += 1
        url = self.database_url
        path = make_url(url).database
        if path and url.startswith("sqlite"):
            copy = self.folder / "autopsy" / "copy.db"
            _copy_sqlite(Path(path), copy)
            url = f"sqlite:///{copy}"
        async with opened(url) as database, database.read() as session:
            if not session.is_sqlite:
                await _alone(session)
            found = await in_the_air(session)
        self.broken_off |= found
        return found

    async def keep_books(self) -> None:
        """Compare the inbox with what was brought, and the ledger with what was taken."""
        async with self.database() as database, database.read() as session:
            self.books.inbox(self.post.brought, await read_inbox(session))
            rows = await read_ledger(session)
        self.books.ledger(rows, self.mailbox.look(), self.in_air)

    def count_uncertain(self, rows: Sequence[Row]) -> None:
        """A campaign's row is uncertain if a kill found it in the air, and only then; and since
        nobody decides on it here, it has been in the air once. Of an SMS the provider is asked a
        minute later: then it may stand as sent, which the ledger is compared with.
        """
        in_air = self.in_air
        for row in rows:
            if not row.in_run:
                continue
            held = in_air[row.id]
            self.books.count(f"claims of row {row.id} broken off", min(held, 1), held)
            asked = held > 0 and row.by_sms and row.state in LEFT
            uncertain = asked or row.state is State.UNCERTAIN
            self.books.count(f"row {row.id} that is {row.state}", int(held > 0), int(uncertain))


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """A database with the keys of tests."""
    database = knowing(open_database(async_url(url, Path("/")), keyring()))
    try:
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def stage_of(
    born: Nursery,
    folder: Path,
    database_url: str | None = None,
    *,
    rate: float = 1000,
    settings: Mapping[str, str] | None = None,
) -> AsyncIterator[Stage]:
    """An installation between its stand-ins, with an empty database of the newest schema: SQLite,
    or the one at `database_url`."""
    port = free_port()
    url = database_url or f"sqlite:///{folder / 'tequio.db'}"
    async with AsyncExitStack() as stack:
        journal = folder / "journal.jsonl"
        standins = await stack.enter_async_context(StandInProcess(journal))
        post = await stack.enter_async_context(Post(f"http://127.0.0.1:{port}"))
        more = providers(standins.telegram_url, standins.twilio_url, rate)
        env = environment(url, port, **(more | dict(settings or {})))
        if database_url is None:
            await (await sqlite_database(folder)).close()
        yield Stage(folder, env, standins, born, post, Mailbox(journal))


def chat(number: int) -> Endpoint:
    """Somebody's chat."""
    return Endpoint(Channel.TELEGRAM, str(number))


def phone(number: str) -> Endpoint:
    """Somebody's phone."""
    return Endpoint(Channel.SMS, number)


async def _alone(session: Session) -> None:
    """Wait until the server has seen that the client is dead: its last commit may be under way."""
    others = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    async with asyncio.timeout(SETTLED_WITHIN):
        while True:
            # Within a transaction the server shows what it showed before.
            await session.execute(text("SELECT pg_stat_clear_snapshot()"))
            if not await session.scalar(others):
                return
            await asyncio.sleep(LOOK_EVERY)


def _copy_sqlite(source: Path, target: Path) -> None:
    """A dead process's file with its log, exactly as they are."""
    shutil.rmtree(target.parent, ignore_errors=True)
    target.parent.mkdir()
    for ending in ("", "-wal"):
        part = source.with_name(source.name + ending)
        if part.exists():
            shutil.copyfile(part, target.with_name(target.name + ending))
    with sqlite3.connect(target) as copied:
        assert copied.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    copied.close()
