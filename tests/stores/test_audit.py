"""The audit: it only grows, and whoever gets past that is found out."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner

from app.cli import cli
from db.engine import async_url, open_database
from db.migrate import upgrade
from db.scripts import config_for
from db.session import Database, Session
from kit.errors import Invalid, Refused
from staff import store
from staff.audit.chain import seal, verify
from staff.audit.model import Fault, Line, Origin, Seal, content, judge, read_seal
from staff.audit.reading import lines
from staff.model import Member, Role
from tests.databases import Postgres, keyring
from tests.own_platform import own_platform

NOW = datetime(2026, 3, 3, 16, tzinfo=UTC)
SECOND = timedelta(seconds=1)
TRIGGERS = {
    "audit": ("audit_enters", "audit_stays", "audit_remains"),
    "audit_head": ("audit_head_advances", "audit_head_remains"),
}
FORGED = (
    "INSERT INTO audit (id, at, member_id, act, about, mac)"
    " SELECT {id}, at, member_id, act, about, {mac} FROM audit"
)


class Undone(Exception):
    """Takes back what a test did to a database."""


@pytest.fixture
async def chained(database: Database) -> Database:
    """Six lines in the chain, and one that waits."""
    async with database.write() as session:
        for number in range(6):
            await store.log(session, number or None, "case.shown", f"case:{number}", NOW)
        assert await seal(session, NOW) == 6
        await store.log(session, None, "staff.add", "member:7", NOW + SECOND)
    return database


async def without_triggers(session: Session) -> None:
    """As somebody does who has the database to themselves."""
    for table, names in TRIGGERS.items():
        for name in (*names, *(("audit_head_is_one",) if table == "audit_head" else ())):
            if session.is_sqlite:
                await session.execute(text(f"DROP TRIGGER {name}"))
            elif name != "audit_head_is_one":
                await session.execute(text(f"DROP TRIGGER {name} ON {table}"))


@asynccontextmanager
async def undone(database: Database) -> AsyncIterator[Session]:
    """A database without its triggers, as it was before when this ends."""
    with suppress(Undone):
        async with database.write() as session:
            await without_triggers(session)
            yield session
            raise Undone


async def faults_after(
    database: Database, *statements: str, expect: Seal | None = None, sealing: bool = False
) -> tuple[Fault | None, int | None]:
    """The first fault and its position after somebody's work, which is then taken back."""
    async with undone(database) as session:
        for statement in statements:
            await session.execute(text(statement))
        if sealing:
            await seal(session, NOW)
        verdict = await verify(session, expect)
    assert verdict.holds == (verdict.first is None) == (verdict.faults == 0)
    first = verdict.first
    return (None, None) if first is None else (first.fault, first.position)


async def test_whatever_is_done_to_the_tables_is_found(chained: Database) -> None:
    async def after(*statements: str, sealing: bool = False) -> tuple[Fault | None, int | None]:
        return await faults_after(chained, *statements, sealing=sealing)

    assert await after() == (None, None)
    for change in ("about = 'case:99'", "act = 'case.closed'", "member_id = 5", "member_id = NULL"):
        assert await after(f"UPDATE audit SET {change} WHERE position = 3") == (Fault.CHANGED, 3)
    for change in ("at = '2026-03-03 16:00:00.000001'", "mac = NULL"):
        assert await after(f"UPDATE audit SET {change} WHERE position = 3") == (Fault.CHANGED, 3)
    assert await after("DELETE FROM audit WHERE position = 3") == (Fault.GAP, 3)
    assert await after("UPDATE audit SET position = NULL WHERE position = 3") == (Fault.GAP, 3)
    assert await after("DELETE FROM audit WHERE position = 6") == (Fault.CUT, 6)
    assert await after("DELETE FROM audit WHERE position IS NOT NULL") == (Fault.CUT, 1)
    assert await after("UPDATE audit SET link = mac WHERE position = 6") == (Fault.UNLINKED, 6)
    # Two lines change places.
    assert await after(
        "UPDATE audit SET position = 30 WHERE position = 3",
        "UPDATE audit SET position = 3 WHERE position = 4",
        "UPDATE audit SET position = 4 WHERE position = 30",
    ) == (Fault.UNLINKED, 3)
    # One is taken away, and the others close up behind it.
    assert await after(
        "DELETE FROM audit WHERE position = 3",
        "UPDATE audit SET position = -position WHERE position > 3",
        "UPDATE audit SET position = -position - 1 WHERE position < 0",
        "UPDATE audit_head SET position = 5",
    ) == (Fault.UNLINKED, 3)
    # Lines that the program did not write: bare, under a mac of their own, as a copy.
    for mac in ("NULL", "link", "mac"):
        line = FORGED.format(id=900, mac=mac) + " WHERE position = 2"
        assert await after(line) == (Fault.FORGED, None)
        assert await after(line, sealing=True) == (Fault.FORGED, 8)
    assert await after("UPDATE audit SET about = 'x' WHERE position IS NULL") == (
        Fault.FORGED,
        None,
    )
    # The head.
    assert await after("DELETE FROM audit_head") == (Fault.NO_HEAD, None)
    assert await after("DELETE FROM audit_head", sealing=True) == (Fault.NO_HEAD, None)
    for column in ("mark", "rows"):
        assert await after(f"UPDATE audit_head SET {column} = 900") == (Fault.UNLINKED, 1)
    assert await after("UPDATE audit_head SET position = 5") == (Fault.HEAD, 6)
    assert await after("UPDATE audit_head SET link = NULL") == (Fault.HEAD, 6)


async def test_an_end_that_was_cut_with_its_head_is_found_by_the_seal_noted_elsewhere(
    chained: Database,
) -> None:
    async with chained.read() as session:
        noted = (await verify(session)).head
    assert noted is not None
    assert read_seal(str(noted)) == noted
    cut = (
        "DELETE FROM audit WHERE position > 4",
        "UPDATE audit_head SET position = 4, link = (SELECT link FROM audit WHERE position = 4)",
    )
    assert await faults_after(chained, *cut) == (None, None)
    assert await faults_after(chained, *cut, expect=noted) == (Fault.CUT, 5)
    assert await faults_after(chained, expect=noted) == (None, None)
    other = Seal(3, noted.link)
    assert await faults_after(chained, expect=other) == (Fault.EXPECTED, 3)


async def test_each_fault_is_counted_and_the_first_is_told(chained: Database) -> None:
    async with undone(chained) as session:
        await session.execute(text("UPDATE audit SET about = '?' WHERE position IN (2, 5)"))
        verdict = await verify(session)
    assert (verdict.faults, verdict.rows, verdict.sealed) == (2, 7, 6)


async def test_the_database_itself_refuses_to_change_a_line(chained: Database) -> None:
    statements = [
        "DELETE FROM audit",
        "DELETE FROM audit WHERE position IS NULL",
        "UPDATE audit SET about = 'x' WHERE position = 1",
        "UPDATE audit SET position = 9 WHERE position = 1",
        "UPDATE audit SET about = 'x', position = 7, link = mac WHERE position IS NULL",
        "UPDATE audit SET position = 7 WHERE position IS NULL",
        "UPDATE audit SET mac = NULL WHERE position IS NULL",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET mark = 100, position = 7",
        "UPDATE audit_head SET position = 3",
        "INSERT INTO audit_head (id, mark, rows, position) VALUES (2, 0, 0, 0)",
        "INSERT INTO audit (id, at, act, about, position) SELECT 50, at, act, about, 50 FROM audit"
        " WHERE id = 1",
    ]
    async with chained.read() as session:
        sqlite = session.is_sqlite
    replace = "REPLACE INTO audit (id, at, act, about) SELECT id, at, act, 'x' FROM audit"
    for statement in [*statements, *([replace] if sqlite else ["TRUNCATE audit, audit_head"])]:
        with pytest.raises(DBAPIError):
            async with chained.write() as session:
                await session.execute(text(statement))
    async with chained.read() as session:
        assert (await verify(session)).holds


async def test_many_write_while_several_seal(database: Database) -> None:
    async def write(number: int) -> None:
        async with database.write() as session:
            await store.log(session, number, "case.shown", f"case:{number}", NOW)
            await asyncio.sleep(0)
            await store.log(session, number, "case.closed", f"case:{number}", NOW)

    async def sealer() -> int:
        async with database.write() as session:
            return await seal(session, NOW, limit=7)

    done = await asyncio.gather(
        *(write(number) for number in range(20)), *(sealer() for _ in range(6))
    )
    sealed = sum(one for one in done if one is not None)
    while more := await sealer():
        sealed += more
    async with database.read() as session:
        verdict = await verify(session)
    assert (verdict.holds, verdict.sealed, verdict.unsealed, sealed) == (True, 40, 0, 40)
    assert verdict.head is not None
    assert verdict.head.position == 40


@pytest.fixture(params=["sqlite", "postgresql"])
async def empty(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    if request.param == "sqlite":
        url = async_url("sqlite:///empty.db", tmp_path)
    else:
        server: Postgres = request.getfixturevalue("postgres")
        url = await server.empty()
    opened = open_database(url, keyring())
    yield opened
    await opened.close()


async def test_lines_from_before_the_chain_are_taken_into_it_and_no_other_has_no_mac(
    empty: Database,
) -> None:
    async with empty.writer.begin() as connection:
        await connection.run_sync(lambda sync: command.upgrade(config_for(sync), "0006"))
        for number in (1, 2, 4):
            values = f"({number}, '2025-01-01 00:00:00', 'staff.add', 'member:{number}')"
            await connection.execute(
                text(f"INSERT INTO audit (id, at, act, about) VALUES {values}")
            )
        if connection.dialect.name == "postgresql":
            await connection.execute(text("ALTER SEQUENCE audit_id_seq RESTART WITH 5"))
    await upgrade(empty)
    async with empty.write() as session:
        await store.log(session, None, "staff.add", "member:5", NOW)
        assert await seal(session, NOW, limit=2) == 2
        assert await seal(session, NOW) == 2
        verdict = await verify(session)
    assert (verdict.holds, verdict.sealed) == (True, 4)
    change = "UPDATE audit SET about = 'member:9' WHERE id = 2"
    assert await faults_after(empty, change) == (Fault.CHANGED, 2)
    late = FORGED.format(id=3, mac="NULL") + " WHERE id = 1"
    assert await faults_after(empty, late) == (Fault.FORGED, None)
    assert await faults_after(empty, late, sealing=True) == (Fault.FORGED, 5)


async def test_what_is_no_instant_stops_neither_sealing_nor_proving(tmp_path: Path) -> None:
    database = open_database(async_url("sqlite:///odd.db", tmp_path), keyring())
    await upgrade(database)
    async with database.write() as session:
        for number in range(3):
            await store.log(session, None, "case.shown", f"case:{number}", NOW)
        await seal(session, NOW)
    odd = "UPDATE audit SET at = 'ayer', mac = 'x', member_id = 'x' WHERE position = 2"
    new = "INSERT INTO audit (at, act, about, mac) VALUES ('ayer', 'x', x'00ff', 7)"
    assert await faults_after(database, odd) == (Fault.CHANGED, 2)
    assert await faults_after(database, new, sealing=True) == (Fault.FORGED, 4)
    for value in ("'x'", "1.5", "x'00'"):
        head = f"UPDATE audit_head SET position = {value}, link = {value}"
        assert (await faults_after(database, head))[0] is Fault.HEAD
    await database.close()


async def test_only_who_may_see_the_audit_reads_it_in_pages(chained: Database) -> None:
    auditor = Member(1, Role.AUDITOR, True, "Alba", "Persona", "p@example.org")
    writer = Member(2, Role.COMMUNICATOR, True, "Alma", "Persona", "q@example.org")

    async def read(by: Member | None, **filters: Any) -> Sequence[Line]:
        async with chained.read() as session:
            return await lines(session, by, **filters)

    with pytest.raises(Refused):
        await read(writer)
    page = await read(auditor, limit=4)
    assert [line.about for line in page] == ["member:7", "case:5", "case:4", "case:3"]
    rest = await read(None, limit=4, before=page[-1].id)
    assert [line.about for line in rest] == ["case:2", "case:1", "case:0"]
    assert [line.about for line in await read(auditor, act="staff.add")] == ["member:7"]
    assert [line.position for line in await read(auditor, about="case:3")] == [4]
    assert [line.about for line in await read(auditor, member_id=4)] == ["case:4"]
    assert await read(auditor, act="%", about="' OR 1=1") == ()
    for wrong in ({"limit": 0}, {"limit": 10**9}, {"act": "x" * 100_000}):
        with pytest.raises(Invalid):
            await read(auditor, **wrong)


def test_the_content_of_a_line_is_written_in_one_way() -> None:
    line = Line(1, NOW, None, "a", 'b", "c')
    # Whatever stands in a field, no other line is written like it.
    assert content(line) != content(Line(1, NOW, None, 'a", "b', "c"))
    assert content(line) != content(Line(1, NOW, 0, "a", 'b", "c'))
    elsewhere = NOW.astimezone(datetime.fromisoformat("2026-01-01T00:00-06:00").tzinfo)
    assert content(line) == content(Line(1, elsewhere, None, "a", 'b", "c'))
    assert Origin(4, 3).covers(Line(4, NOW, None, "a", "b"), 3)
    assert not Origin(4, 3).covers(Line(4, NOW, None, "a", "b"), 4)
    assert not Origin(4, 3).covers(Line(5, NOW, None, "a", "b"), 3)
    assert judge(line, authentic=True, linked=True) is None
    for wrong in ("", "1", ":", "1:", "0:" + "a" * 64, "-1:" + "a" * 64, "١:" + "a" * 64):
        assert read_seal(wrong) is None
    for wrong in ("1:" + "a" * 63, "1:" + "g" * 64, "9" * 400 + ":" + "a" * 64, "1:" + "ab" * 9999):
        assert read_seal(wrong) is None


async def test_the_command_ends_with_one_when_the_audit_does_not_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_platform(tmp_path, monkeypatch)

    async def run(*words: str) -> tuple[int, str]:
        ended = await asyncio.to_thread(CliRunner().invoke, cli, ["audit", *words])
        return ended.exit_code, ended.output

    database = open_database(async_url(f"sqlite:///{tmp_path}/tequio.db", tmp_path), keyring())
    await upgrade(database)
    async with database.write() as session:
        for number in range(3):
            await store.log(session, None, "case.shown", f"case:{number}", NOW)
        await seal(session, NOW)
    status, printed = await run("verify", "--json")
    whole = json.loads(printed)
    assert (status, whole["holds"], whole["rows"], whole["first"]) == (0, True, 3, None)
    assert (await run("verify", "--expect", whole["head"]))[0] == 0
    assert (await run("verify", "--expect", "4:" + "a" * 64))[0] == 1
    status, printed = await run("verify", "--expect", "nonsense", "--json")
    assert (status, json.loads(printed)["error"]["code"]) == (1, "invalid")
    listed = json.loads((await run("list", "--about", "case:1", "--json"))[1])
    assert [(line["act"], line["position"]) for line in listed] == [("case.shown", 2)]
    assert (await run("list", "--member", "nobody@example.org"))[0] == 1
    assert (await run("list"))[0] == 0
    async with database.write() as session:
        await without_triggers(session)
        await session.execute(text("UPDATE audit SET about = 'case:9' WHERE position = 2"))
    await database.close()
    status, printed = await run("verify", "--json")
    broken = json.loads(printed)
    assert (status, broken["holds"], broken["faults"]) == (1, False, 1)
    assert broken["first"] == {"fault": "changed", "position": 2, "id": 2}
    status, printed = await run("verify")
    assert status == 1
    assert "cambiado" in printed
