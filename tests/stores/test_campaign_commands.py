"""`tequio campaigns …` as a program sees it: one JSON document, an exit status."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import cli
from campaigns.model import CampaignDraft
from campaigns.written import file
from tests.own_platform import own_platform

CAMPAIGN = """\
title: Fraudes
topic: fraud
audience: topic:fraud and not state:CA
channels: [telegram, sms]
content:
  es:
    text: Nadie del programa le pedirá dinero.
  mix:
    text: "…"
    sms: "..."
"""
PEOPLE = """\
phone,telegram_id,language,origin,country,state,relation,topics,consented_at,consent_source
+12135550101,,es,20397,US,OR,migrant,fraud,2026-01-01,taller
+12135550102,,es,20397,US,CA,migrant,fraud,2026-01-01,taller
"""

Document = dict[str, object]


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A platform of its own, untouched by the developer's `.env` and keys."""
    own_platform(tmp_path, monkeypatch)


def tequio(*words: object) -> tuple[int, str]:
    ended = CliRunner().invoke(cli, [*map(str, words), "--json"])
    return ended.exit_code, ended.stdout


def done(*words: object) -> Document:
    status, printed = tequio(*words)
    assert status == 0, printed
    document: Document = json.loads(printed)
    return document


def refused(*words: object) -> Document:
    status, printed = tequio(*words)
    assert status == 1, printed
    document: Document = json.loads(printed)["error"]
    return document


def hire(email: str, phone: str) -> None:
    words = ("--name", "Uno", "--email", email, "--role", "communicator", "--phone", phone)
    done("staff", "add", *words)


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    path = tmp_path / "campaign.yaml"
    path.write_text(CAMPAIGN, encoding="utf-8")
    return path


def test_a_campaign_goes_from_its_file_to_its_report(tmp_path: Path, campaign: Path) -> None:
    hire("a@example.org", "+12135550198")
    hire("b@example.org", "+12135550199")
    people = tmp_path / "people.csv"
    people.write_text(PEOPLE, encoding="utf-8")
    done("contacts", "import", people)

    preview = done("campaigns", "preview", campaign)
    nothing_offered = {"offered": None, "offered_segments": None}
    assert preview["sms"] == {
        "es": {
            "encoding": "UCS-2",
            "units": 36,
            "segments": 1,
            "parts": ["Nadie del programa le pedirá dinero."],
            "blockers": ["á"],
            **nothing_offered,
        },
        "mix": {
            "encoding": "GSM-7",
            "units": 3,
            "segments": 1,
            "parts": ["..."],
            "blockers": [],
            **nothing_offered,
        },
    }
    assert preview["audience"] == {
        "total": 1,
        "by_channel": {"sms": 1},
        "by_language": {"es": 1},
        "excluded": {},
    }

    created = done("campaigns", "create", campaign, "--as", "a@example.org")
    number = created["id"]
    assert set(created) == {"id", "state", "content_hash"}
    assert created["state"] == "review"
    status, listed = tequio("campaigns", "list")
    title = "Fraudes"
    assert (status, json.loads(listed)) == (
        0,
        [{"id": number, "title": title, "state": "review", "due_at": None}],
    )
    shown = done("campaigns", "show", number)["document"]
    again = file.read(json.dumps(shown).encode(), datetime.now(UTC))
    assert isinstance(again, CampaignDraft), "what is shown can be read again"
    assert again.title == title
    assert refused("campaigns", "start", number)["code"] == "refused"
    own = refused("campaigns", "approve", number, "--as", "a@example.org")
    assert own["code"] == "refused"
    assert done("campaigns", "approve", number, "--as", "b@example.org")["state"] == "approved"
    assert done("campaigns", "start", number)["state"] == "sending"
    assert done("campaigns", "pause", number)["state"] == "paused"
    assert done("campaigns", "resume", number)["state"] == "sending"
    assert done("campaigns", "status", number) == {
        "id": number,
        "state": "sending",
        "counts": dict.fromkeys(
            (
                "pending",
                "sending",
                "uncertain",
                "sent",
                "delivered",
                "undelivered",
                "failed",
                "skipped",
            ),
            0,
        ),
        "held_until": None,
        "broken": [],
        "due_at": None,
        "leaves_at": None,
        "missed": 0,
        "stopped_for": None,
    }
    for kind in ("csv", "xlsx"):
        out = tmp_path / f"report.{kind}"
        assert done("campaigns", "report", number, "--out", out) == {"rows": 0, "file": str(out)}
        assert out.stat().st_size > 0
    assert not list(tmp_path.glob("*.part"))
    assert done("campaigns", "cancel", number)["state"] == "cancelled"


def test_an_emergency_without_a_reason_is_told_until_it_leaves(campaign: Path) -> None:
    hire("a@example.org", "+12135550198")
    hire("b@example.org", "+12135550199")
    campaign.write_text(CAMPAIGN + "class: emergency\n", encoding="utf-8")
    created = done("campaigns", "create", campaign, "--as", "a@example.org", "--draft")
    number = created["id"]
    steps = (("submit", "--as", "a@example.org"), ("approve", "--as", "b@example.org"))
    for answer in (created, *(done("campaigns", act, number, *by) for act, *by in steps)):
        told = answer["cautions"]
        assert isinstance(told, list)
        assert [one["kind"] for one in told] == ["no_reason"]
    person = CliRunner().invoke(
        cli, ["campaigns", "edit", str(number), str(campaign), "--as", "a@example.org"]
    )
    assert "reason:" in person.stdout
    campaign.write_text(f"{CAMPAIGN}class: emergency\nreason: Huracán\n", encoding="utf-8")
    assert "cautions" not in done("campaigns", "edit", number, campaign, "--as", "a@example.org")
    campaign.write_text(CAMPAIGN + "class: emergency\n", encoding="utf-8")
    done("campaigns", "edit", number, campaign, "--as", "a@example.org")
    done("campaigns", "approve", number, "--as", "b@example.org")
    started = done("campaigns", "start", number)
    assert (started["state"], "cautions" in started) == ("sending", False)


def test_every_fault_of_a_file_is_told_with_its_line(campaign: Path) -> None:
    text = CAMPAIGN.replace("topic: fraud", "topc: fraud").replace("state:CA", "town:CA")
    campaign.write_text(text, encoding="utf-8")
    error = refused("campaigns", "create", campaign, "--as", "a@example.org")
    assert error["code"] == "invalid"
    details = error["details"]
    assert isinstance(details, list)
    assert [detail["line"] for detail in details] == [1, 2, 3]
    assert "topc" in details[1]["message"]
    assert "town" in details[2]["message"]
    assert "origin" in details[2]["message"]
    assert error["message"] == "\n".join(detail["message"] for detail in details)


def test_without_json_the_faults_stand_on_standard_error(campaign: Path) -> None:
    campaign.write_text(CAMPAIGN.replace("topic: fraud", "topic: news"), encoding="utf-8")
    ended = CliRunner().invoke(cli, ["campaigns", "preview", str(campaign)])
    assert ended.exit_code == 1
    assert ended.stdout == ""
    assert "2" in ended.stderr
    assert "news" in ended.stderr


@pytest.mark.parametrize("act", ["start", "pause", "resume", "cancel", "status"])
def test_a_campaign_that_does_not_exist_is_not_found(act: str) -> None:
    assert refused("campaigns", act, 404)["code"] == "not_found"


def test_a_report_of_nothing_leaves_no_file(tmp_path: Path) -> None:
    out = tmp_path / "report.csv"
    assert refused("campaigns", "report", 404, "--out", out)["code"] == "not_found"
    assert not out.exists()


@pytest.mark.parametrize(
    "words",
    [
        ("status", "x"),
        ("status", "0"),
        ("status", "99999999999999999999"),
        ("create", "missing.yaml", "--as", "a@example.org"),
        ("report", "1", "--out", "report.pdf"),
        ("report", "1", "--out", "no/such/folder/report.csv"),
        ("approve", "1"),
    ],
)
def test_a_wrong_call_ends_with_status_2(words: tuple[str, ...]) -> None:
    assert tequio("campaigns", *words)[0] == 2


def test_a_person_is_shown_tables(campaign: Path) -> None:
    hire("a@example.org", "+12135550198")
    done("campaigns", "create", campaign, "--as", "a@example.org")
    for words in (["preview", str(campaign)], ["status", "1"]):
        ended = CliRunner().invoke(cli, ["campaigns", *words])
        assert ended.exit_code == 0
        assert "0" in ended.stdout
