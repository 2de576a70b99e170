"""`tequio campaigns create` with a file beside the campaign's: kept, and approved after a test."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import cli
from tests.own_platform import own_platform
from tests.unit.campaigns.media_samples import jpeg

CAMPAIGN = """\
title: Fraudes
topic: fraud
audience: topic:fraud
content:
  es:
    text: Nadie del programa le pedirá dinero.
    media: foto.jpg
"""


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A platform of its own, untouched by the developer's `.env` and keys."""
    own_platform(tmp_path, monkeypatch)


def tequio(*words: object) -> tuple[int, dict[str, object]]:
    ended = CliRunner().invoke(cli, [*map(str, words), "--json"])
    document: dict[str, object] = json.loads(ended.stdout)
    return ended.exit_code, document


def hire(email: str, chat: int) -> None:
    words = ("--name", "Uno", "--email", email, "--role", "communicator", "--telegram", str(chat))
    assert tequio("staff", "add", *words)[0] == 0


def test_a_file_goes_with_its_campaign_from_create_to_edit_and_test(tmp_path: Path) -> None:
    hire("a@example.org", 900_101)
    path = tmp_path / "campaign.yaml"
    path.write_text(CAMPAIGN, encoding="utf-8")
    status, document = tequio("campaigns", "create", path, "--as", "a@example.org")
    assert status == 1
    assert "No se encuentra el archivo" in str(document)

    (tmp_path / "foto.jpg").write_bytes(jpeg())
    status, document = tequio("campaigns", "preview", path)
    assert status == 0, document
    status, document = tequio("campaigns", "create", path, "--as", "a@example.org")
    assert status == 0, document
    number = document["id"]
    status, document = tequio("campaigns", "test", number, "--to", "a@example.org")
    assert (status, document["sent"]) == (0, 1)

    (tmp_path / "foto.jpg").write_bytes(jpeg(9, 9, 2_000_000))
    status, document = tequio("campaigns", "edit", number, path, "--as", "a@example.org")
    assert status == 0, document
    (tmp_path / "foto.jpg").write_bytes(b"MZ\x90")
    assert tequio("campaigns", "edit", number, path, "--as", "a@example.org")[0] == 1
