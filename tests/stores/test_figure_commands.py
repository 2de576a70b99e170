"""The sheet and the figures at the command line, as a program and as a person see them."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from app.cli import campaign_figures
from app.cli import cli as whole
from tests.own_platform import own_platform

CAMPAIGN = """\
title: Fraudes
topic: fraud
audience: topic:fraud and not state:CA
channels: [telegram, sms]
content:
  es:
    text: "El taller es el 1 de enero de 2020: http://example.org"
    sms: Nadie del programa le pide dinero.
schedule: now
"""
PEOPLE = """\
phone,telegram_id,language,origin,country,state,relation,topics,consented_at,consent_source
+12135550101,,es,20397,US,OR,migrant,fraud,2026-01-01,taller
+529515550102,,mix,20397,MX,,migrant,fraud,2026-01-01,taller
+12135550103,700003,es,20397,US,OR,migrant,fraud,2026-01-01,taller
"""

Document = dict[str, object]

cli = typer.Typer()
for command in (
    campaign_figures.sheet,
    campaign_figures.figures,
    campaign_figures.compare,
    campaign_figures.missed,
):
    cli.command()(command)


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A platform of its own, untouched by the developer's `.env` and keys."""
    own_platform(tmp_path, monkeypatch)


def printed(commands: typer.Typer, *words: object) -> str:
    ended = CliRunner().invoke(commands, [*map(str, words)])
    assert ended.exit_code == 0, ended.output
    return ended.stdout


def done(commands: typer.Typer, *words: object) -> Document:
    document: Document = json.loads(printed(commands, *words, "--json"))
    return document


def refused(*words: object) -> Document:
    ended = CliRunner().invoke(cli, [*map(str, words), "--json"])
    assert ended.exit_code == 1, ended.output
    document: Document = json.loads(ended.stdout)["error"]
    return document


@pytest.fixture
def number(tmp_path: Path) -> int:
    """A campaign that waits for approval, with three people for it."""
    for place, name in enumerate(("a", "b")):
        email, phone = f"{name}@example.org", f"+1213555019{place}"
        words = ("--name", "Uno", "--email", email, "--role", "communicator", "--phone", phone)
        done(whole, "staff", "add", *words)
    people, path = tmp_path / "people.csv", tmp_path / "campaign.yaml"
    people.write_text(PEOPLE, encoding="utf-8")
    path.write_text(CAMPAIGN, encoding="utf-8")
    done(whole, "contacts", "import", people)
    made = done(whole, "campaigns", "create", path, "--as", "a@example.org")
    assert isinstance(made["id"], int)
    return made["id"]


def start(number: int) -> None:
    done(whole, "campaigns", "approve", number, "--as", "b@example.org")
    done(whole, "campaigns", "start", number)


def test_the_sheet_tells_people_money_time_and_what_to_look_at(number: int) -> None:
    sheet = done(cli, "sheet", number)
    assert (sheet["id"], sheet["state"], sheet["done"], sheet["share"]) == (
        number,
        "review",
        True,
        1,
    )
    assert sheet["audience"] == {
        "total": 3,
        "people": 3,
        "by_channel": {"sms": 2, "telegram": 1},
        "by_language": {"es": 3},
        "by_region": {"mixteca": 3},
        "excluded": {},
    }
    assert sheet["sms"] == {
        "by_language": {
            "es": {"encoding": "GSM-7", "units": 34, "segments": 1, "people": 2, "all_segments": 2}
        },
        "by_country": {
            "MX": {"segments": 1, "price": None, "currency": None, "confirmed": None},
            "US": {"segments": 1, "price": "0.0083", "currency": "USD", "confirmed": False},
        },
        "cost": {
            "segments": 2,
            "money": {"USD": "0.0083"},
            "unknown": {"MX": 1},
            "unconfirmed": ["US"],
        },
    }
    cautions = sheet["cautions"]
    assert isinstance(cautions, list)
    assert {one["kind"] for one in cautions} == {
        "untranslated",
        "no_sender",
        "price_unknown",
        "price_unconfirmed",
        "past_date",
        "not_https",
    }


EMERGENCY = CAMPAIGN.replace(
    "schedule: now",
    """\
class: emergency
schedule: {cron: "0 10 * * 1,4", timezone: America/Mexico_City}
keyword: VISAS
warning:
  event: Fraude
  category: security
  urgency: expected
  severity: moderate
  certainty: observed
  expires: 48h
  area: Oaxaca
  status: test""",
)


def test_the_sheet_tells_what_a_campaign_does_besides(number: int, tmp_path: Path) -> None:
    path = tmp_path / "emergency.yaml"
    path.write_text(EMERGENCY, encoding="utf-8")
    done(whole, "campaigns", "edit", number, path, "--as", "a@example.org")
    sheet = done(cli, "sheet", number)
    assert [sheet[name] for name in ("class", "reason", "keyword")] == ["emergency", None, "visas"]
    assert sheet["week"] == {
        "times": 2,
        "cost": {
            "segments": 4,
            "money": {"USD": "0.0166"},
            "unknown": {"MX": 2},
            "unconfirmed": ["US"],
        },
    }
    warning = sheet["warning"]
    assert isinstance(warning, dict)
    assert (warning["status"], warning["seconds"]) == ("Test", 48 * 3600)
    shown = " ".join(printed(cli, "sheet", number).split())
    for said in ("sin motivo", "de noche", "próxima salida: 2", "0.02 USD", "VISAS", "de prueba"):
        assert said in shown


def test_a_series_says_that_it_leaves_again_and_again(number: int, tmp_path: Path) -> None:
    path = tmp_path / "series.yaml"
    text = CAMPAIGN.replace("schedule: now", "schedule: {after: joined, days: 7}")
    path.write_text(text, encoding="utf-8")
    done(whole, "campaigns", "edit", number, path, "--as", "a@example.org")
    sheet = done(cli, "sheet", number)
    assert (sheet["series"], sheet["week"]) == (True, None)
    assert "una y otra vez" in " ".join(printed(cli, "sheet", number).split())


def test_a_person_reads_the_same_and_no_phone(number: int) -> None:
    shown = printed(cli, "sheet", number)
    for said in ("Fraudes", "sms", "precio desconocido", "1 de enero de 2020", "mixteca"):
        assert said in shown
    for secret in ("5550101", "5550102", "700003"):
        assert secret not in shown


def test_at_once_shows_what_is_counted_without_waiting(number: int) -> None:
    sheet = done(cli, "sheet", number, "--at-once")
    assert (sheet["done"], sheet["share"]) == (False, 0)
    assert "Se está contando" in printed(cli, "sheet", number, "--at-once")


def test_figures_tell_each_run_and_the_whole(number: int) -> None:
    assert done(cli, "figures", number)["runs"] == []
    start(number)
    figures = done(cli, "figures", number)
    assert figures["done"] is True
    runs = figures["runs"]
    assert isinstance(runs, list)
    (run,) = runs
    assert {
        "counts",
        "failed",
        "skipped",
        "opt_outs",
        "answers",
        "replies",
        "cost",
        "series",
    } <= set(run)
    assert "Fraudes" in printed(cli, "figures", number)


def test_two_campaigns_and_two_runs_can_be_compared(number: int) -> None:
    start(number)
    compared = done(cli, "compare", number, number)
    aspects = compared["aspects"]
    assert isinstance(aspects, list)
    assert [one["aspect"] for one in aspects][:3] == ["left", "delivered", "failed"]
    assert not any(one["differs"] for one in aspects)
    run = done(cli, "figures", number)["runs"]
    assert isinstance(run, list)
    assert done(cli, "compare", run[0]["id"], run[0]["id"], "--runs")["done"] is True
    printed(cli, "compare", number, number)
    assert refused("compare", number, 404)["code"] == "not_found"
    assert refused("compare", run[0]["id"], 404, "--runs")["code"] == "not_found"


def test_who_missed_a_campaign_becomes_an_audience(number: int) -> None:
    expression = f"(topic:fraud and not state:CA) and not received:{number}"
    at_once = done(cli, "missed", number, "--at-once")
    assert (at_once["audience"], at_once["total"], at_once["done"]) == (expression, 0, False)
    assert "0 %" in printed(cli, "missed", number, "--at-once")
    found = done(cli, "missed", number)
    assert found.pop("counted_at") is not None
    assert found == {
        "id": number,
        "audience": expression,
        "total": 3,
        "done": True,
        "share": 1,
        "saved": None,
    }
    assert refused("missed", number, "--save", "olvidados")["code"] == "invalid"
    saved = done(cli, "missed", number, "--save", "olvidados", "--as", "a@example.org")
    assert saved["saved"] == "olvidados"
    count = done(whole, "contacts", "count", "--audience", "saved:olvidados")
    assert count["total"] == 3
    assert expression in printed(cli, "missed", number)


@pytest.mark.parametrize("words", [("sheet", 404), ("figures", 404), ("missed", 404)])
def test_a_campaign_that_does_not_exist_is_not_found(words: tuple[object, ...]) -> None:
    assert refused(*words)["code"] == "not_found"
