"""Links that invite, and passwords that change; on both databases."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli import cli
from db.session import Database
from kit.errors import Invalid, NotFound, Refused
from staff import service, store
from staff.model import Member, Role
from staff.signin import invitations, sessions
from staff.signin.model import Entered, Stage
from staff.signin.service import SignIn
from staff.signin.store import codes_left
from tests.own_platform import own_platform
from tests.stores.signin_rig import (
    CHEAP,
    EMAIL,
    GOOD,
    HERE,
    NOW,
    OTHER,
    SECOND,
    THERE,
    acts,
    app_of,
    hired,
    invited,
    link,
    refusal,
)


@pytest.fixture
def door(database: Database) -> SignIn:
    return SignIn(database, trial=False, passwords=CHEAP)


@pytest.fixture
def trial(database: Database) -> SignIn:
    return SignIn(database, trial=True, passwords=CHEAP)


async def test_the_first_link_is_for_an_administrator_who_is_there_without_a_password(
    trial: SignIn,
) -> None:
    database = trial.database
    admin = await hired(database, role=Role.ADMIN)
    async with database.write() as session:
        path = await invitations.first_link(session, NOW)
    assert path is not None
    token = path.removeprefix(invitations.PATH)
    found = await trial.invited(token, NOW)
    assert found.member is not None
    assert found.member.id == admin.id
    entered = await trial.accept(token, GOOD, HERE, NOW, name="ignored", email="ignored")
    assert entered.signed_in.stage is Stage.IN
    async with database.write() as session:
        assert await invitations.first_link(session, NOW) is None
        # Once an administrator has been in, an installation without one is opened by nobody.
        await store.change(session, admin.id, {"active": False})
        assert await invitations.first_link(session, NOW) is None


async def test_a_link_opens_once_for_three_days_and_only_the_newest(door: SignIn) -> None:
    database = door.database
    who = await hired(database)
    older, token = await link(database, who), await link(database, who)
    number, _dot, secret = token.partition(".")
    other = await link(database, await hired(database, "eva@example.org"))
    wrong = [
        older,
        "",
        number,
        f"{number}.",
        f"{number}.{secret[:-1]}",
        f"0{token}",
        f"{int(number) + 900}.{secret}",
        f"{other.partition('.')[0]}.{secret}",
        f"{'9' * 400}.{secret}",
        token + "\n",
        "x" * 10**6,
        "\ud800",
    ]
    for one in wrong:
        with pytest.raises(NotFound):
            await door.accept(one, GOOD, HERE, NOW)
    for at in (NOW + timedelta(hours=72), NOW + timedelta(days=900)):
        with pytest.raises(NotFound):
            await door.invited(token, at)
    entered = await door.accept(token, GOOD, HERE, NOW + timedelta(hours=71))
    assert entered.signed_in.member.id == who.id
    with pytest.raises(NotFound):
        await door.accept(token, OTHER, HERE, NOW + timedelta(hours=71))
    async with database.write() as session:
        await service.deactivate(session, who, NOW)
        gone = await store.get(session, who.id)
    assert gone is not None
    with pytest.raises(Refused):
        await link(database, gone)
    assert (await refusal(door.enter(EMAIL, GOOD, HERE, NOW))).code == "refused"


async def test_only_who_manages_staff_invites(database: Database) -> None:
    who = await hired(database)
    admin = await hired(database, "admin@example.org", Role.ADMIN)
    async with database.write() as session:
        for role in set(Role) - {Role.ADMIN}:
            by = await hired_as(session_role=role)
            with pytest.raises(Refused):
                await invitations.invite(session, who, NOW, by=by)
        await invitations.invite(session, who, NOW, by=admin, reset_second=True)
    assert (await acts(database))[-1] == ("staff.invite_reset", admin.id, f"member:{who.id}")


async def hired_as(session_role: Role) -> Member:
    return Member(900, session_role, True, "Sol", "Persona", "sol@example.org")


async def test_a_reset_ends_everything_and_a_lost_phone_is_set_up_anew(door: SignIn) -> None:
    database = door.database
    who = await hired(database)
    _phone, inside = await app_of(door, await invited(door, who))
    # A forgotten password alone: the second factor stays.
    entered = await door.accept(await link(database, who), OTHER, THERE, NOW)
    assert entered.signed_in.stage is Stage.SECOND
    async with database.read() as session:
        assert await sessions.current(session, inside.cookie, NOW) is None
    assert (await refusal(door.enter(EMAIL, GOOD, THERE, NOW))).code == "refused"
    # The phone as well: neither it nor its recovery codes open anything.
    token = await link(database, who, reset_second=True)
    assert (await door.enter(EMAIL, OTHER, HERE, NOW)).signed_in.stage is Stage.SECOND
    entered = await door.accept(token, GOOD, HERE, NOW)
    assert entered.signed_in.stage is Stage.ENROL
    async with database.read() as session:
        assert await codes_left(session, who.id) == 0
    phone, again = await app_of(door, entered)
    assert again.signed_in.is_in
    half = await door.enter(EMAIL, GOOD, HERE, NOW)
    lost = await refusal(door.second(half.signed_in, inside.codes[0], HERE, NOW))
    assert lost.code == "refused"
    assert (await door.second(half.signed_in, phone.at(NOW + 30 * SECOND), HERE, NOW)).cookie


async def test_a_new_password_needs_the_old_one_and_ends_the_other_sessions(trial: SignIn) -> None:
    who = await hired(trial.database)
    await invited(trial, who)
    mine, other = (
        await trial.enter(EMAIL, GOOD, HERE, NOW),
        await trial.enter(EMAIL, GOOD, THERE, NOW),
    )
    wrong = await refusal(trial.change_password(mine.signed_in, "wrong", OTHER, HERE, NOW))
    assert wrong.code == "refused"
    for bad in ("short", "x" * 10**6, EMAIL.upper(), "Ana Ejemplo"):
        with pytest.raises(Invalid):
            await trial.change_password(mine.signed_in, GOOD, bad, HERE, NOW)
    waiting = await link(trial.database, who)
    # From two windows at once: one is done, the other finds another password than it knew.
    done = await asyncio.gather(
        trial.change_password(mine.signed_in, GOOD, OTHER, HERE, NOW),
        trial.change_password(mine.signed_in, GOOD, OTHER + "!", HERE, NOW),
        return_exceptions=True,
    )
    (kept,) = [one for one in done if isinstance(one, Entered)]
    async with trial.database.read() as session:
        assert await sessions.current(session, mine.cookie, NOW) is None
        assert await sessions.current(session, other.cookie, NOW) is None
        assert await sessions.current(session, kept.cookie, NOW) == kept.signed_in
    with pytest.raises(NotFound):
        await trial.invited(waiting, NOW)
    assert (await refusal(trial.enter(EMAIL, GOOD, THERE, NOW))).code == "refused"


def test_the_commands_make_a_link_and_end_sessions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_platform(tmp_path, monkeypatch)

    def run(*words: str) -> Any:
        ended = CliRunner().invoke(cli, ["staff", *words, "--json"])
        return json.loads(ended.output)

    run("add", "--name", "Ana Ejemplo", "--email", EMAIL, "--role", "coordinator")
    made = run("invite", EMAIL)
    assert "/entrar/invitacion/1." in made["link"]
    assert made["link"].startswith("http")
    assert run("invite", "1", "--reset-second")["id"] == 2
    assert run("invite", "nobody@example.org")["error"]["code"] == "not_found"
    assert run("sessions", EMAIL) == run("sessions", EMAIL, "--end") == []
    shown = CliRunner().invoke(cli, ["staff", "invite", EMAIL])
    assert shown.exit_code == 0
    assert "/entrar/invitacion/3." in shown.stdout.splitlines()[0]
    assert "example" not in shown.stdout
    assert CliRunner().invoke(cli, ["staff", "sessions", EMAIL]).exit_code == 0
    run("deactivate", EMAIL)
    assert run("invite", EMAIL)["error"]["code"] == "refused"
