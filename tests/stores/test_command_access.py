"""Which command asks for which right: every command is in a row, and every role is tried."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.core import TyperCommand, TyperGroup
from typer.testing import CliRunner

from app.cli import cli
from locales.catalog import render
from staff.model import RIGHTS, Right, Role
from tests.own_platform import own_platform

NOBODY = "K4ZZ-ZZZZ"
DAY = "2026-12-01"
SPAN = ("--from", f"{DAY}T08:00", "--until", f"{DAY}T09:00")

FREE = {
    "doctor", "run", "web", "worker", "clock", "bot", "db upgrade", "jobs list", "jobs retry",
    "staff add", "staff list", "staff set", "staff methods", "staff test", "staff deactivate",
    "staff activate", "staff invite", "staff sessions", "contacts import", "contacts count",
    "campaigns sheet", "campaigns figures", "campaigns compare", "campaigns test",
    "campaigns list", "campaigns show", "campaigns preview", "campaigns start",
    "campaigns pause", "campaigns resume", "campaigns cancel", "campaigns retry",
    "campaigns resolve", "campaigns status", "campaigns report", "audiences list",
    "audiences show", "texts list", "texts show", "tokens list", "cases list", "cases show",
    "roster show", "roster list", "roster gaps", "roster load", "roster holiday list",
    "policies show", "drill list", "drill report", "inbox list", "directory import",
    "directory list", "audit verify", "audit list", "coverage",
}  # fmt: skip
"""Commands of whoever holds the machine: nobody's name stands behind them."""

TOKEN_SCOPES = Right.SEE_CAMPAIGNS
CASE = Right.HANDLE_CASES
PLAN = Right.PLAN_DUTY

ASKED: dict[str, tuple[Right, tuple[str, ...]]] = {
    "campaigns create": (Right.WRITE_CAMPAIGNS, ("{campaign}",)),
    "campaigns edit": (Right.WRITE_CAMPAIGNS, ("1", "{campaign}")),
    "campaigns submit": (Right.WRITE_CAMPAIGNS, ("1",)),
    "campaigns missed": (Right.WRITE_CAMPAIGNS, ("1", "--save", "a")),
    "campaigns approve": (Right.APPROVE_CAMPAIGNS, ("1",)),
    "campaigns return": (Right.APPROVE_CAMPAIGNS, ("1", "--words", "a")),
    "campaigns withdraw": (Right.APPROVE_CAMPAIGNS, ("1",)),
    "audiences save": (Right.WRITE_CAMPAIGNS, ("a", "topic:fraud")),
    "audiences remove": (Right.WRITE_CAMPAIGNS, ("a",)),
    "texts propose": (
        Right.WRITE_TEXTS,
        ("sms.stop.done", "--language", "es", "--text", "Listo."),
    ),
    "texts approve": (Right.APPROVE_TEXTS, ("sms.stop.done", "--language", "es")),
    "texts withdraw": (Right.WRITE_TEXTS, ("sms.stop.done", "--language", "es")),
    "tokens create": (TOKEN_SCOPES, ("--name", "a", "--scopes", "campaigns:read")),
    "cases ack": (CASE, (NOBODY,)),
    "cases pass": (CASE, (NOBODY,)),
    "cases close": (CASE, (NOBODY, "--outcome", "attended")),
    "cases take": (CASE, (NOBODY, "--reason", "a")),
    "cases helper": (CASE, (NOBODY, "--who", "duty@example.org")),
    "cases note": (CASE, (NOBODY, "--text", "a")),
    "cases snooze": (CASE, (NOBODY, "--hours", "1", "--reason", "a")),
    "cases wait": (CASE, (NOBODY,)),
    "cases reopen": (CASE, (NOBODY, "--reason", "a")),
    "cases reply": (CASE, (NOBODY, "--text", "a")),
    "cases hours": (CASE, (NOBODY, "--hours", "9-18")),
    "cases reveal": (CASE, (NOBODY, "--reason", "a")),
    "roster add": (PLAN, ("--name", "a", "--member", "duty@example.org", "--every", "7")),
    "roster remove": (PLAN, ("a",)),
    "roster cover": (PLAN, ("a", *SPAN, "--by", "duty@example.org")),
    "roster swap": (
        PLAN,
        ("a", *SPAN, "--one", "duty@example.org", "--other", "admin@example.org"),
    ),
    "roster relieve": (CASE, ()),
    "roster export": (CASE, ()),
    "roster import": (PLAN, ("{calendar}", "--rota", "a")),
    "roster holiday add": (PLAN, (DAY,)),
    "roster holiday remove": (PLAN, (DAY,)),
    "policies set": (PLAN, ("{policy}",)),
    "people list": (CASE, (NOBODY,)),
    "people set": (CASE, (NOBODY, "--person", "1", "--note", "a")),
    "people consent": (CASE, (NOBODY, "--person", "1", "--answer", "yes", "--how", "a")),
    "people check": (CASE, (NOBODY, "--person", "1", "--found", "passed", "--reason", "a")),
    "people minor": (CASE, (NOBODY, "yes")),
    "people duplicates": (CASE, (NOBODY,)),
    "people merge": (CASE, (NOBODY, NOBODY, "--reason", "a")),
    "people separate": (CASE, (NOBODY, "--reason", "a")),
    "referrals add": (CASE, (NOBODY, "--to", "consulate", "--name", "a")),
    "referrals list": (CASE, (NOBODY,)),
    "referrals log": (
        CASE,
        (NOBODY, "1", "--means", "phone", "--whom", "a", "--said", "a"),
    ),
    "referrals paper": (CASE, (NOBODY, "1", "--code", "a", "--state", "asked")),
    "referrals follow-up": (CASE, (NOBODY, "--done", "1", "--result", "a")),
    "drill start": (Right.SUPERVISE_CASES, ("--name", "a", "--phone", "+12135550101")),
    "drill stop": (Right.SUPERVISE_CASES, ("1",)),
    "inbox answer": (Right.ANSWER_INBOX, ("1", "a")),
    "inbox read": (Right.ANSWER_INBOX, ("1",)),
    "contacts show": (Right.SEE_CONTACTS, ("1",)),
    "contacts requests": (Right.SEE_CONTACTS, ()),
    "contacts export": (
        Right.CHANGE_CONTACTS,
        ("1", "--identity", "document", "--out", "never-made.json"),
    ),
    "contacts stop": (Right.CHANGE_CONTACTS, ("1", "--words", "a")),
    "contacts erase": (Right.CHANGE_CONTACTS, ("1", "--identity", "document")),
    "directory verify": (Right.VERIFY_DIRECTORY, ("1",)),
}
"""Every command that is done in somebody's name: the right that it asks for, and words for it."""

BY_OTHER_RULES = {"tokens revoke"}
"""One's own, or anybody's as who oversees: see tests/stores/test_tokens.py."""


def commands() -> Iterator[tuple[str, TyperCommand]]:
    def walk(one: object, path: tuple[str, ...]) -> Iterator[tuple[str, TyperCommand]]:
        if isinstance(one, TyperGroup):
            for name, inner in one.commands.items():
                yield from walk(inner, (*path, name))
        elif isinstance(one, TyperCommand):
            yield " ".join(path), one

    yield from walk(typer.main.get_command(cli), ())


def test_every_command_is_in_a_row_and_those_with_a_name_ask_for_a_right() -> None:
    named = {
        name for name, one in commands() if any("--as" in option.opts for option in one.params)
    }
    assert named == ASKED.keys() | BY_OTHER_RULES
    assert {name for name, _one in commands()} - named == FREE


@pytest.fixture
def staffed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A platform with somebody of each role, and the files that commands read."""
    own_platform(tmp_path, monkeypatch)
    for place, role in enumerate(Role):
        words = ("--name", "Ana Ejemplo", "--email", f"{role}@example.org", "--role", role)
        phone = ("--phone", f"+1213555010{place}")
        assert CliRunner().invoke(cli, ["staff", "add", *words, *phone]).exit_code == 0
    return tmp_path


def files(folder: Path) -> dict[str, str]:
    texts = {
        "campaign": "title: a\ntopic: fraud\naudience: topic:fraud\nchannels: [sms]\n"
        "content:\n  es:\n    text: Aviso\nschedule: now\n",
        "calendar": "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:a\r\nEND:VCALENDAR\r\n",
        "policy": "- name: Corta\n  steps:\n    - call: [on_duty]\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return {name: str(folder / name) for name in texts}


def test_every_role_may_give_the_commands_of_its_rights_and_no_others(staffed: Path) -> None:
    paths, not_allowed = files(staffed), render("staff.not_allowed", "es", {})
    wrong = []
    for name, (right, words) in ASKED.items():
        for role in Role:
            given = [word.format(**paths) for word in words]
            line = [*name.split(), *given, "--as", f"{role}@example.org", "--json"]
            ended = CliRunner().invoke(cli, line)
            if ended.exit_code == 2 or (ended.exit_code and not ended.stdout.startswith("{")):
                wrong.append((name, role, "a wrong call"))
                continue
            told = json.loads(ended.stdout) if ended.exit_code else {}
            is_refused = told.get("error", {}).get("message") == not_allowed
            if is_refused != (right not in RIGHTS[role]):
                wrong.append((name, role, "refused" if is_refused else "let through"))
    assert not wrong, "\n".join(map(str, wrong))
