"""`tequio staff …` as a program sees it: one JSON document, an exit status, never a number."""

import json
import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli import cli
from tests.own_platform import own_platform

PHONE = "+12135550101"
CHAT = "900001"
EMAIL = "ana@example.org"


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A platform of its own, untouched by the developer's `.env` and keys."""
    own_platform(tmp_path, monkeypatch)


def tequio(*words: object) -> tuple[int, str]:
    ended = CliRunner().invoke(cli, [*map(str, words), "--json"])
    return ended.exit_code, ended.stdout


def done(*words: object) -> Any:
    status, printed = tequio(*words)
    assert status == 0, printed
    return json.loads(printed)


def refused(*words: object) -> dict[str, str]:
    status, printed = tequio(*words)
    assert status == 1, printed
    error: dict[str, str] = json.loads(printed)["error"]
    return error


def hire(*more: object, email: str = EMAIL, role: str = "duty") -> int:
    words = ("--name", "Ana Ejemplo", "--email", email, "--role", role)
    made: int = done("staff", "add", *words, *more)["id"]
    return made


def ways(shown: Any) -> list[tuple[str, int, bool]]:
    return [(one["kind"], one["after"], one["confirmed"]) for one in shown["methods"]]


def findings() -> dict[str, bool]:
    return {one["name"]: one["good"] for one in done("doctor")}


def work() -> Any:
    (found,) = [one for one in done("doctor") if one["name"] == "work"]
    return found


def on_file(statement: str) -> None:
    """As another process would write it."""
    database = sqlite3.connect(os.environ["DATABASE_URL"].removeprefix("sqlite:///"))
    with database:
        database.execute(statement)
    database.close()


def beats(until: str) -> None:
    """The clock of a platform has beaten, and its lease runs until then."""
    on_file(f"REPLACE INTO lease (name, holder, until) VALUES ('reconcile', 'it', '{until}')")


def test_somebody_is_taken_on_as_the_contract_says() -> None:
    assert hire("--phone", PHONE, "--telegram", CHAT) == 1
    (shown,) = done("staff", "list")
    assert ways(shown) == [("telegram", 0, False), ("sms", 60, False)]
    assert (shown["role"], shown["active"], shown["languages"]) == ("duty", True, ["es"])
    assert (shown["zone"], shown["quiet"]) == ("America/Mexico_City", None)


def test_somebody_is_taken_on_with_all_there_is_to_say() -> None:
    more = ("--language", "es", "--language", "mixe", "--zone", "America/Tijuana")
    hire("--phone", PHONE, "--telegram", CHAT, "--call", "--quiet", "22:00-07:00", *more)
    (shown,) = done("staff", "list")
    assert ways(shown) == [("telegram", 0, False), ("sms", 60, False), ("voice", 180, False)]
    assert (shown["languages"], shown["zone"]) == (["es", "mixe"], "America/Tijuana")
    assert shown["quiet"] == "22:00-07:00"


@pytest.mark.parametrize("form", [["--json"], []])
def test_neither_number_nor_name_nor_address_is_shown(form: list[str]) -> None:
    hire("--phone", PHONE, "--telegram", CHAT, "--call")
    listed = CliRunner().invoke(cli, ["staff", "list", *form])
    changed = CliRunner().invoke(cli, ["staff", "set", EMAIL, "--zone", "America/Tijuana", *form])
    for ended in (listed, changed):
        assert ended.exit_code == 0
        for secret in ("5550101", "0101", CHAT, "Ana", "Ejemplo", "example"):
            assert secret not in ended.output


@pytest.mark.parametrize(
    "more",
    [
        ("--phone", "5550"),
        ("--phone", PHONE, "--telegram", "--5"),
        ("--telegram", "9" * 5000),
        ("--telegram", "@ana"),
        ("--telegram", "0"),
        ("--telegram", CHAT, "--call"),
        ("--telegram", CHAT, "--language", "klingon"),
        ("--telegram", CHAT, "--zone", "../../etc/passwd"),
        ("--telegram", CHAT, "--quiet", "22:00"),
        (),
    ],
)
def test_a_wrong_word_is_said_and_nobody_is_taken_on(more: tuple[str, ...]) -> None:
    words = ("--name", "Ana", "--email", EMAIL, "--role", "duty")
    error = refused("staff", "add", *words, *more)
    assert error["code"] == "invalid"
    assert error["message"]
    assert not any(typed in error["message"] for typed in ("5550 ", "@ana", "klingon", "passwd"))
    assert done("staff", "list") == []


def test_what_is_not_given_stays_as_it_is() -> None:
    hire("--phone", PHONE, "--quiet", "22-7", "--language", "mixe")
    shown = done("staff", "set", EMAIL, "--role", "coordinator")
    assert (shown["role"], shown["quiet"], shown["languages"]) == (
        "coordinator",
        "22:00-07:00",
        ["mixe"],
    )
    assert done("staff", "set", "1", "--quiet", "no")["quiet"] is None
    assert refused("staff", "set", EMAIL)["code"] == "invalid"
    assert refused("staff", "set", "b@example.org", "--quiet", "no")["code"] == "not_found"


def test_ways_come_go_and_wait_as_they_are_told() -> None:
    hire("--phone", PHONE)
    shown = done("staff", "methods", EMAIL, "--telegram", CHAT, "--call")
    assert ways(shown) == [("telegram", 0, False), ("sms", 60, False), ("voice", 180, False)]
    shown = done("staff", "methods", EMAIL, "--after", "telegram=30,sms=0,voice=90")
    assert ways(shown) == [("sms", 0, False), ("telegram", 30, False), ("voice", 90, False)]
    shown = done("staff", "methods", EMAIL, "--remove", "sms")
    assert ways(shown) == [("telegram", 0, False), ("voice", 90, False)]
    assert done("staff", "list") == [shown]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), "invalid"),
        (("--after", "sms=1801"), "invalid"),
        (("--after", "telegram=1"), "invalid"),
        (("--after", "voice=60"), "invalid"),
        (("--after", "sms=60,sms=60"), "invalid"),
        (("--remove", "sms", "--remove", "telegram"), "invalid"),
        (("--remove", "sms", "--call"), "invalid"),
        (("--phone", "+12135550102"), "refused"),
    ],
)
def test_ways_that_cannot_be_are_refused_and_nothing_changes(
    words: tuple[str, ...], code: str
) -> None:
    hire("--phone", PHONE, "--telegram", CHAT)
    hire("--phone", "+12135550102", email="b@example.org")
    before = done("staff", "list")
    assert refused("staff", "methods", EMAIL, *words)["code"] == code
    assert done("staff", "list") == before


def test_a_new_phone_is_called_too() -> None:
    hire("--phone", PHONE, "--call")
    done("staff", "methods", EMAIL, "--phone", "+12135550102")
    # The old one is free, for messages and for calls.
    assert hire("--phone", PHONE, "--call", email="b@example.org") == 2


def test_who_leaves_is_listed_only_when_asked_for() -> None:
    hire("--phone", PHONE)
    assert done("staff", "deactivate", EMAIL)["active"] is False
    assert done("staff", "list") == []
    assert [one["active"] for one in done("staff", "list", "--all")] == [False]
    assert refused("staff", "test", EMAIL)["code"] == "refused"
    assert done("staff", "activate", EMAIL)["active"] is True
    assert len(done("staff", "list")) == 1


def test_a_test_is_queued_for_each_way() -> None:
    hire("--phone", PHONE, "--telegram", CHAT)
    assert done("staff", "test", EMAIL) == {"id": 1, "queued": 2}
    assert refused("staff", "test", "nobody@example.org")["code"] == "not_found"


def test_doctor_says_whom_nobody_knows_how_to_wake() -> None:
    found = findings()
    assert not found["roster"]
    assert not found["coordinator"]
    assert "confirmed" not in found
    hire("--phone", PHONE)
    found = findings()
    assert found["roster"]
    assert not found["confirmed"]
    assert not found["methods"]
    done("staff", "methods", EMAIL, "--telegram", CHAT)
    hire(email="b@example.org", role="coordinator")
    found = findings()
    assert found["methods"]
    assert not found["coordinator"], "nothing reaches them"
    done("staff", "methods", "b@example.org", "--phone", "+12135550102")
    assert findings()["coordinator"]


def test_doctor_says_what_stands_still() -> None:
    assert "no está en marcha" in work()["message"]
    beats("2026-01-01 00:00:00.000000")
    assert "no está en marcha" in work()["message"], "it has ended"
    beats("2999-01-01 00:00:00.000000")
    assert work()["good"]
    on_file(
        "INSERT INTO case_file (folio, state, kind, urgency, channel, endpoint, endpoint_index,"
        " language, may_write, word, paged, opened_at) VALUES ('K7M2QX', 'open', 'unknown',"
        " 'unsorted', 'sms', x'00', x'00', 'es', 'unknown', x'00', 0, '2026-01-01 00:00:00.000000')"
    )
    told = work()
    assert not told["good"]
    assert "hay un caso sin persona y sin aviso a la guardia" in told["message"]


def test_a_wrong_call_ends_with_two() -> None:
    assert tequio("staff", "methods", EMAIL, "--remove", "fax")[0] == 2
    assert tequio("staff", "set")[0] == 2
