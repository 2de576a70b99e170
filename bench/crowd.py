"""Databases full of invented people, made in bulk and copied for each measurement.

The rows are those that the application would write, sealed by its own keyring. On SQLite the
filled file of a size is kept under var/bench until the schema changes.
"""

import asyncio
import hashlib
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from app.settings import ROOT
from bench.processes import FIELD_KEYS, SECRET_KEY, WORK
from db.engine import async_url, open_database
from db.migrate import MIGRATIONS, upgrade
from db.session import Database
from kit.crypto import Keyring, parse_field_keys

EVERYBODY = 1_030_645
"""The target population of the programme's own diagnosis."""

FIRST_CHAT = 1_000_000_000
CHUNK = 20_000
JOINED = datetime(2026, 1, 5, 12, tzinfo=UTC)
STATES = ("CA", "OR", "WA", "TX", "NY")
COLUMNS = {
    "contact": ("id", "language", "joined_at", "origin_clave", "origin_region", "country", "state"),
    "address": ("id", "contact_id", "channel", "endpoint", "endpoint_index", "dead"),
    "subscription": ("contact_id", "topic"),
}

Row = tuple[object, ...]


def keyring() -> Keyring:
    """The keys that the measured platform gets too."""
    return Keyring(parse_field_keys(FIELD_KEYS), SECRET_KEY)


def opened(url: str) -> Database:
    """The application's own database of a measurement."""
    return open_database(async_url(url, ROOT), keyring())


def chunks(people: int, joined: object) -> Iterator[dict[str, list[Row]]]:
    """The rows of so many people, table by table; `joined` as the driver wants an instant."""
    keys = keyring()
    for begin in range(1, people + 1, CHUNK):
        ids = range(begin, min(begin + CHUNK, people + 1))
        chats = [(one, str(FIRST_CHAT + one)) for one in ids]
        yield {
            "contact": [
                (
                    one,
                    "en" if one % 5 == 0 else "es",
                    joined,
                    20_001 + one % 570,
                    "mixteca",
                    "US",
                    STATES[one % len(STATES)],
                )
                for one in ids
            ],
            "address": [
                (
                    one,
                    one,
                    "telegram",
                    keys.seal(chat, "endpoint"),
                    keys.blind(chat, "endpoint"),
                    False,
                )
                for one, chat in chats
            ],
            "subscription": [(one, "programs") for one in ids],
        }


async def sqlite_crowd(people: int, name: str) -> str:
    """A fresh SQLite database of so many people; gives its DATABASE_URL."""
    WORK.mkdir(parents=True, exist_ok=True)
    kept = WORK / f"crowd-{people}-{schema()}.db"
    if not kept.exists():
        for old in WORK.glob(f"crowd-{people}-*"):
            old.unlink()
        await _fill_sqlite(people, kept)
    target = WORK / f"{name}.db"
    for old in WORK.glob(f"{name}.db*"):
        old.unlink()
    await asyncio.to_thread(shutil.copyfile, kept, target)
    return f"sqlite:///{target}"


async def _fill_sqlite(people: int, kept: Path) -> None:
    draft = kept.with_suffix(".part")
    draft.unlink(missing_ok=True)
    database = opened(f"sqlite:///{draft}")
    await upgrade(database)
    await database.close()
    with sqlite3.connect(draft) as plain:
        plain.execute("PRAGMA synchronous=OFF")
        for rows in chunks(people, JOINED.strftime("%Y-%m-%d %H:%M:%S.%f")):
            for table, values in rows.items():
                columns = COLUMNS[table]
                marks = ",".join("?" * len(columns))
                plain.executemany(
                    f"INSERT INTO {table} ({','.join(columns)}) VALUES ({marks})", values
                )
            plain.commit()
        plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    plain.close()
    draft.rename(kept)


def schema() -> str:
    """What the tables look like, as a fingerprint."""
    scripts = sorted((MIGRATIONS / "versions").glob("*.py"))
    return hashlib.sha256(b"".join(script.read_bytes() for script in scripts)).hexdigest()[:10]
