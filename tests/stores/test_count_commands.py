"""`tequio contacts count` and `tequio audiences …` as a program sees them."""

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.audiences import cli as audiences_cli
from app.cli.contacts import cli as contacts_cli
from app.settings import load_settings
from app.store import open_store
from staff.model import Role
from tests.own_platform import own_platform
from tests.stores.campaign_people import Person, a_member, people_in

WRITER, GUARD = "p1@example.org", "p2@example.org"


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A platform of its own, untouched by the developer's `.env` and keys."""
    own_platform(tmp_path, monkeypatch)

    async def people() -> None:
        database = await open_store(load_settings())
        await a_member(database, 1)
        await a_member(database, 2, Role.DUTY)
        await people_in(
            database,
            Person(about={"country": "US"}),
            Person(stopped=Person().ways),
            Person(ways=()),
        )
        await database.close()

    asyncio.run(people())


def audiences(*words: str, fails: int = 0) -> object:
    ended = CliRunner().invoke(audiences_cli, [*words, "--json"])
    assert ended.exit_code == fails, ended.stdout
    return json.loads(ended.stdout) if fails < 2 else None


def refused(*words: str) -> tuple[str, str]:
    document = audiences(*words, fails=1)
    assert isinstance(document, dict)
    return document["error"]["code"], document["error"]["message"]


def count(audience: str, *words: str) -> tuple[int, str]:
    ended = CliRunner().invoke(contacts_cli, ["count", "--audience", audience, *words])
    return ended.exit_code, ended.stdout


def test_a_count_is_one_document() -> None:
    status, printed = count("not state:CA", "--json")
    assert status == 0
    assert json.loads(printed) == {
        "total": 3,
        "by_channel": {"telegram": 0, "sms": 1},
        "by_language": {"es": 3},
        "by_region": {"unknown": 3},
        "by_country": {"unknown": 2, "US": 1},
        "excluded": {"no_address": 1, "opted_out": 1},
    }


def test_a_person_is_shown_a_table_with_the_reasons_in_words() -> None:
    status, printed = count("not state:CA")
    assert status == 0
    assert "opted_out" not in printed
    assert "unknown" not in printed
    assert "SMS" in printed


def test_a_wrong_audience_is_answered_with_its_place() -> None:
    status, printed = count("topic:fraud and received:9", "--json")
    error = json.loads(printed)["error"]
    assert (status, error["code"]) == (1, "audience")
    assert "26" in error["message"]


def test_an_audience_is_saved_shown_counted_and_removed() -> None:
    made = audiences("save", "US", "country:US", "--as", WRITER)
    assert isinstance(made, dict)
    assert (made["name"], made["expression"]) == ("us", "country:US")
    audiences("save", "not-us", "not saved:us", "--as", WRITER)
    assert audiences("show", "not-us") == {
        "name": "not-us",
        "expression": "not saved:us",
        "expanded": "not country:US",
        "created_at": dated(audiences("show", "not-us"), "created_at"),
        "changed_at": dated(audiences("show", "not-us"), "changed_at"),
    }
    listed = audiences("list")
    assert isinstance(listed, list)
    assert [one["name"] for one in listed] == ["not-us", "us"]
    assert json.loads(count("saved:not-us", "--json")[1])["total"] == 2
    assert refused("remove", "us", "--as", WRITER)[0] == "refused"
    assert audiences("remove", "not-us", "--as", WRITER) == {"removed": "not-us"}
    assert audiences("remove", "us", "--as", WRITER) == {"removed": "us"}
    assert audiences("list") == []


def dated(document: object, name: str) -> str:
    assert isinstance(document, dict)
    found: str = document[name]
    assert found.endswith("+00:00")
    return found


def test_what_cannot_be_saved_is_answered_and_nothing_is_kept() -> None:
    assert refused("save", "a b", "country:US", "--as", WRITER)[0] == "invalid"
    assert refused("save", "us", "country:", "--as", WRITER)[0] == "audience"
    assert refused("save", "us", "saved:us", "--as", WRITER)[0] == "audience"
    assert refused("save", "us", "country:US", "--as", GUARD)[0] == "refused"
    assert refused("save", "us", "country:US", "--as", "nobody@example.org")[0] == "not_found"
    code, message = refused("show", "us")
    assert code == "not_found"
    assert "us" in message
    assert audiences("list") == []


@pytest.mark.parametrize("words", [("save", "us"), ("save", "us", "country:US"), ("remove", "us")])
def test_a_wrong_call_ends_with_status_2(words: tuple[str, ...]) -> None:
    audiences(*words, fails=2)


def test_a_person_is_shown_sentences_and_tables() -> None:
    for words in (
        ["list"],
        ["save", "us", "country:US", "--as", WRITER],
        ["save", "rest", "not saved:us", "--as", WRITER],
        ["list"],
        ["show", "rest"],
        ["remove", "rest", "--as", WRITER],
    ):
        ended = CliRunner().invoke(audiences_cli, words)
        assert ended.exit_code == 0
        assert ended.stdout.strip()
