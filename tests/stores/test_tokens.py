"""Tokens of the API: who they stand for, and when they open nothing."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from app.cli import cli as whole_cli
from app.cli.tokens import cli
from db.session import Database
from kit.errors import Invalid, NotFound, Refused
from staff import store, tokens
from staff.model import Member, Role
from staff.tokens import Bearer, Scope, api_token
from tests.own_platform import own_platform
from tests.stores.api_rig import EVERYTHING, a_token
from tests.stores.campaign_people import NOON, a_member

DAY = timedelta(days=1)


@pytest.fixture
async def member(database: Database) -> Member:
    return await a_member(database, 1)


async def opened(database: Database, written: str, after: timedelta = DAY) -> Bearer | None:
    async with database.read() as session:
        return await tokens.bearer(session, written, NOON + after)


def secret_of(written: str) -> str:
    """The secret is everything after the second line: it may hold lines of its own."""
    return written.split("_", 2)[2]


async def test_a_token_stands_for_the_member_who_made_it(
    database: Database, member: Member
) -> None:
    written = await a_token(database, member, [Scope.CAMPAIGNS_READ])
    found = await opened(database, written)
    assert found is not None
    assert found.member.id == member.id
    assert found.may(Scope.CAMPAIGNS_READ)
    assert not found.may(Scope.CAMPAIGNS_WRITE)


async def test_the_database_holds_nothing_that_opens(database: Database, member: Member) -> None:
    written = await a_token(database, member)
    secret = secret_of(written)
    async with database.read() as session:
        (row,) = await session.all(select(api_token))
    kept = " ".join(str(value) for value in row.values())
    assert secret not in kept
    assert secret.encode() not in bytes(row["secret_print"])
    assert len(bytes(row["secret_print"])) == 32


async def test_two_tokens_do_not_open_for_each_other(database: Database, member: Member) -> None:
    one, two = await a_token(database, member), await a_token(database, member)
    head = one.removesuffix(secret_of(one))
    assert one != two
    assert await opened(database, f"{head}{secret_of(two)}") is None


@pytest.mark.parametrize(
    "change",
    [
        lambda written: "",
        lambda written: written[:-1],
        lambda written: written + "a",
        lambda written: written[:-1] + ("a" if written[-1] != "a" else "b"),
        lambda written: written.upper(),
        lambda written: f" {written}",
        lambda written: written.replace("tequio_1_", "tequio_2_"),
        lambda written: written.replace("tequio_1_", "tequio_0_"),
        lambda written: written.replace("tequio_1_", "tequio_01_"),
        lambda written: written.replace("tequio_1_", f"tequio_{'9' * 400}_"),
        lambda written: written.replace("tequio_1_", "tequio_١_"),
        lambda written: written + "\n",
        lambda written: "\0" * 60,
        lambda written: "x" * 1_000_000,
    ],
)
async def test_what_is_no_token_opens_nothing(
    database: Database, member: Member, change: Any
) -> None:
    written = await a_token(database, member)
    assert await opened(database, written) is not None
    assert await opened(database, change(written)) is None


async def test_a_token_ends_with_its_days(database: Database, member: Member) -> None:
    written = await a_token(database, member, days=7)
    assert await opened(database, written, 7 * DAY - timedelta(seconds=1)) is not None
    assert await opened(database, written, 7 * DAY) is None


async def test_the_token_of_somebody_who_left_is_dead_and_lives_again_with_them(
    database: Database, member: Member
) -> None:
    written = await a_token(database, member)
    async with database.write() as session:
        await store.change(session, member.id, {"active": False})
    assert await opened(database, written) is None
    async with database.write() as session:
        await store.change(session, member.id, {"active": True})
    assert await opened(database, written) is not None


async def test_another_role_takes_what_it_does_not_allow_from_the_tokens_that_are_there(
    database: Database, member: Member
) -> None:
    written = await a_token(database, member)
    async with database.write() as session:
        await store.change(session, member.id, {"role": Role.AUDITOR})
    found = await opened(database, written)
    assert found is not None
    allowed = {scope for scope in Scope if found.may(scope)}
    assert allowed == {Scope.CAMPAIGNS_READ, Scope.AUDIENCES_READ, Scope.REPORTS_READ}


async def test_nobody_makes_a_token_for_what_their_role_does_not_allow(database: Database) -> None:
    guard = await a_member(database, 2, Role.AUDITOR)
    for scope in (Scope.CAMPAIGNS_WRITE, Scope.CONTACTS_IMPORT, Scope.CONTACTS_READ):
        with pytest.raises(Refused):
            await a_token(database, guard, [Scope.REPORTS_READ, scope])
    assert await opened(database, await a_token(database, guard, [Scope.REPORTS_READ]))


@pytest.mark.parametrize(
    ("name", "days"), [("", 1), ("x" * 61, 1), ("a\0b", 1), ("a", 0), ("a", 367)]
)
async def test_a_token_without_a_name_or_an_end_is_not_made(
    database: Database, member: Member, name: str, days: int
) -> None:
    async with database.write() as session:
        with pytest.raises(Invalid):
            await tokens.create(session, name, EVERYTHING, member, NOON, days)
        with pytest.raises(Invalid):
            await tokens.create(session, "a", (), member, NOON)
        assert await tokens.all_of(session) == ()


def test_scopes_are_read_from_a_list_with_commas() -> None:
    both = {Scope.CAMPAIGNS_READ, Scope.REPORTS_READ}
    assert tokens.read_scopes(" campaigns:read, Reports:Read,campaigns:read") == both
    for wrong in ("", "campaigns", "campaigns:read,", "campaigns:read reports:read", "*"):
        with pytest.raises(Invalid):
            tokens.read_scopes(wrong)


async def test_a_revoked_token_is_dead_at_once(database: Database, member: Member) -> None:
    written = await a_token(database, member)
    async with database.write() as session:
        ended = await tokens.revoke(session, 1, member, NOON + DAY)
        again = await tokens.revoke(session, 1, member, NOON + 2 * DAY)
    assert ended.revoked_at == again.revoked_at == NOON + DAY
    assert await opened(database, written) is None
    async with database.read() as session:
        acts = [row["act"] for row in await session.all(select(store.audit))]
    assert acts == ["tokens.create", "tokens.revoke"]


async def test_only_its_member_and_who_oversees_revoke_a_token(
    database: Database, member: Member
) -> None:
    written = await a_token(database, member)
    other = await a_member(database, 2)
    boss = await a_member(database, 3, Role.COORDINATOR)
    async with database.write() as session:
        with pytest.raises(Refused):
            await tokens.revoke(session, 1, other, NOON)
        with pytest.raises(NotFound):
            await tokens.revoke(session, 404, boss, NOON)
    assert await opened(database, written) is not None
    async with database.write() as session:
        await tokens.revoke(session, 1, boss, NOON)
    assert await opened(database, written) is None


@pytest.fixture
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A platform of its own, with one member."""
    own_platform(tmp_path, monkeypatch)
    words = ("staff", "add", "--name", "Ana Cruz", "--email", "ana@example.org")
    made = CliRunner().invoke(whole_cli, [*words, "--role", "communicator", "--json"])
    assert made.exit_code == 0


def tequio(*words: str, status: int = 0) -> Any:
    ended = CliRunner().invoke(cli, [*words, "--json"])
    assert ended.exit_code == status, ended.stdout
    return json.loads(ended.stdout)


@pytest.mark.usefixtures("platform")
def test_a_token_is_printed_once_and_listed_without_its_secret() -> None:
    as_ana = ("--as", "ana@example.org")
    made = tequio("create", "--name", "web", "--scopes", "campaigns:read", "--days", "7", *as_ana)
    assert made["token"].startswith(f"tequio_{made['id']}_")
    listed = tequio("list")
    assert [one["id"] for one in listed] == [made["id"]]
    assert "token" not in listed[0]
    assert secret_of(made["token"]) not in json.dumps(listed)
    assert tequio("revoke", str(made["id"]), *as_ana)["live"] is False
    assert tequio("list") == []
    assert [one["live"] for one in tequio("list", "--all")] == [False]


@pytest.mark.usefixtures("platform")
def test_wrong_calls_say_why() -> None:
    as_ana = ("--as", "ana@example.org")
    wrong = tequio("create", "--name", "web", "--scopes", "all", *as_ana, status=1)
    assert wrong["error"]["code"] == "invalid"
    assert "campaigns:read" in wrong["error"]["message"]
    nobody = ("--name", "web", "--scopes", "campaigns:read", "--as", "eva@example.org")
    assert tequio("create", *nobody, status=1)["error"]["code"] == "not_found"
    assert tequio("revoke", "404", *as_ana, status=1)["error"]["code"] == "not_found"
    for words in (["list"], ["list", "--all"]):
        assert CliRunner().invoke(cli, words).exit_code == 0
