"""Whoever approves says which draft was read: another is not approved unread."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import cli
from campaigns import service
from campaigns.model import CampaignState
from db.session import Database
from kit.errors import Refused
from tests.own_platform import own_platform
from tests.stores.campaign_people import NOON, a_draft, a_member

FILE = """\
title: Fraudes
topic: fraud
audience: topic:fraud
channels: [sms]
content:
  es: {text: Nadie le pide dinero.}
"""


async def test_another_draft_than_the_one_that_was_read_is_not_approved(
    database: Database,
) -> None:
    writer, reader = await a_member(database, 1), await a_member(database, 2)
    first = a_draft()
    second = replace(first, title="Fraudes, otra vez")
    async with database.write() as session:
        made = await service.create(session, first, writer, NOON)
        await service.edit(session, made, second, writer, NOON)
    with pytest.raises(Refused) as told:
        async with database.write() as session:
            await service.approve(session, made, reader, NOON, fingerprint=first.content_hash[:8])
    assert told.value.key == "campaigns.another_draft"
    async with database.write() as session:
        assert (await service.get(session, made)).state is CampaignState.REVIEW
        read = second.content_hash[:8]
        await service.approve(session, made, reader, NOON, fingerprint=read)
        assert (await service.get(session, made)).state is CampaignState.APPROVED


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A platform of its own with two communicators; gives the path of a campaign file."""
    own_platform(tmp_path, monkeypatch)
    for email, phone in (("a@example.org", "+12135550198"), ("b@example.org", "+12135550199")):
        words = ("--name", "Uno", "--email", email, "--role", "communicator", "--phone", phone)
        tequio("staff", "add", *words)
    path = tmp_path / "campaign.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


def tequio(*words: str, status: int = 0) -> str:
    ended = CliRunner().invoke(cli, list(words))
    assert ended.exit_code == status, ended.output
    return ended.output


def shown(*words: str) -> str:
    """What a person reads as the fingerprint."""
    (line,) = [line for line in tequio(*words).splitlines() if line.startswith("Huella")]
    return line.rpartition(" ")[2]


def test_the_fingerprint_is_printed_and_taken(office: Path) -> None:
    created = shown("campaigns", "create", str(office), "--as", "a@example.org")
    assert shown("campaigns", "show", "1") == created
    assert shown("campaigns", "sheet", "1") == created
    document = json.loads(tequio("campaigns", "show", "1", "--json"))
    assert document["content_hash"].startswith(created)
    office.write_text(FILE.replace("Nadie", "Nunca se"), encoding="utf-8")
    edited = shown("campaigns", "edit", "1", str(office), "--as", "a@example.org")
    assert edited != created
    approve = ("campaigns", "approve", "1", "--as", "b@example.org", "--fingerprint")
    assert "tequio campaigns show 1" in tequio(*approve, created, status=1)
    for wrong in (edited[:7], "no-huella", edited + "0" * 60):
        assert "tequio campaigns show" in tequio(*approve, wrong, status=1)
    assert "aprobada" in tequio(*approve, edited.upper()[:8])
