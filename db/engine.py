"""Engines for SQLite and PostgreSQL, made so that no update is lost and no parameter leaks."""

from pathlib import Path

from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from db.columns import use_sealer
from db.session import Database
from db.sqlite import Connections
from kit.crypto import Sealer

QUEUE_SECONDS = 30
"""How long a unit waits for a connection; on SQLite the one that writes is queued for."""

LOCKED_SECONDS = 3
"""How long SQLite waits for another process that holds the file. It cannot be interrupted
meanwhile, and a process has to end within 10 s of SIGTERM; what fails is tried again."""

READERS = 4

POSTGRESQL_LIMITS = {
    "lock_timeout": "10s",
    # Of a process that hangs or vanished: others must not wait for its locks for ever.
    "idle_in_transaction_session_timeout": "60s",
}


def async_url(text: str, root: Path) -> URL:
    """The database's address with our async driver; paths of SQLite count from `root`."""
    url = make_url(text)
    backend = url.get_backend_name()
    if backend in ("postgres", "postgresql"):
        return url.set(drivername="postgresql+asyncpg")
    if backend == "sqlite":
        path = root / (url.database or "var/tequio.db")
        return url.set(drivername="sqlite+aiosqlite", database=str(path))
    raise ValueError("only sqlite and postgresql are known")


def open_database(url: URL, sealer: Sealer) -> Database:
    """A database of two engines on SQLite (one writer, several readers), one on PostgreSQL."""
    connections = None
    if url.get_backend_name() == "sqlite":
        connections = Connections(url.database or ":memory:", LOCKED_SECONDS)
        writer = _sqlite(url, connections, writes=True)
        reader = _sqlite(url, connections, writes=False)
    else:
        writer = create_async_engine(
            url,
            hide_parameters=True,
            pool_size=10,
            max_overflow=10,
            pool_timeout=QUEUE_SECONDS,
            # A connection may have died while nobody used it; a call for help must not find out.
            pool_pre_ping=True,
            connect_args={"server_settings": POSTGRESQL_LIMITS},
        )
        reader = writer
    for engine in {writer, reader}:
        use_sealer(engine.dialect, sealer)
    return Database(writer, reader, sealer, None if connections is None else connections.over)


def _sqlite(url: URL, connections: Connections, *, writes: bool) -> AsyncEngine:
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(
        url,
        hide_parameters=True,
        # One writing connection: units queue for it in order instead of racing for the lock.
        pool_size=1 if writes else READERS,
        max_overflow=0,
        pool_timeout=QUEUE_SECONDS,
        async_creator=connections,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def set_up(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        del entry
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        # What is erased must not stay in free pages of the file.
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.execute("PRAGMA query_only=OFF" if writes else "PRAGMA query_only=ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        # A deferred transaction that reads and then writes loses updates without an error.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
