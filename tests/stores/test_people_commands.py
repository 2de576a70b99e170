"""`tequio people …` and `tequio referrals …` as a program sees them."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from alerts import store as cases
from alerts.model import Kind
from app.cli.people import people_cli
from app.cli.referrals import referrals_cli
from app.settings import load_settings
from app.store import open_store
from db.session import Session
from staff.model import Role
from tests.own_platform import own_platform
from tests.stores.case_rig import a_case, a_member, phone

Document = dict[str, object]
OWNER, STRANGER, BOSS, WRITER = (f"m{number}@example.org" for number in (1, 2, 3, 4))


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A platform of its own, untouched by the developer's `.env` and keys."""
    own_platform(tmp_path, monkeypatch)


def in_a_unit(work: Callable[[Session], Awaitable[tuple[str, ...]]]) -> tuple[str, ...]:
    async def whole() -> tuple[str, ...]:
        database = await open_store(load_settings())
        async with database.write() as session:
            done = await work(session)
        await database.close()
        return done

    return asyncio.run(whole())


@pytest.fixture
def folios(settings: None) -> tuple[str, ...]:
    """Two cases: one that somebody owns, one with a story."""

    async def work(session: Session) -> tuple[str, ...]:
        owner = await a_member(session, 1)
        await a_member(session, 2)
        await a_member(session, 3, Role.COORDINATOR)
        await a_member(session, 4, Role.COMMUNICATOR)
        one = await a_case(session, phone(1), owner=owner)
        await cases.change(session, one.id, {"kind": Kind.DEATH})
        two = await a_case(session, phone(2), "busco a Juan Pérez López")
        return one.folio, two.folio

    return in_a_unit(work)


def call(cli: typer.Typer, *words: object, as_: str = OWNER) -> tuple[int, str]:
    ended = CliRunner().invoke(cli, [*map(str, words), "--as", as_, "--json"])
    return ended.exit_code, ended.stdout


def people(*words: object, as_: str = OWNER) -> Document:
    status, printed = call(people_cli, *words, as_=as_)
    assert status == 0, printed
    document: Document = json.loads(printed)
    return document


def referrals(*words: object) -> Document:
    status, printed = call(referrals_cli, *words)
    assert status == 0, printed
    document: Document = json.loads(printed)
    return document


def refused(cli: typer.Typer, *words: object, as_: str = OWNER) -> object:
    status, printed = call(cli, *words, as_=as_)
    assert status == 1, printed
    return json.loads(printed)["error"]["code"]


JUAN = ("--role", "concerned", "--name", "Juan Pérez López", "--phone", "+12135550177")


def test_names_are_printed_only_to_who_asks_for_them_with_the_right(
    folios: tuple[str, ...],
) -> None:
    folio = folios[0]
    made = people("set", folio, *JUAN, "--seen-at", "2026-01-02", "--alias", "Juanito")
    assert made["known"] == ["name", "aliases", "phones", "seen_at"]
    _status, plain = call(people_cli, "list", folio)
    assert "Juan" not in plain
    assert "0177" not in plain
    _status, shown = call(people_cli, "list", folio, "--reveal")
    assert "Juan Pérez López" in shown
    assert "2026-01-02T12:00:00-06:00" in shown
    ended = CliRunner().invoke(people_cli, ["list", folio, "--as", OWNER])
    assert ended.exit_code == 0
    assert "Juan" not in ended.stdout
    for who in (STRANGER, WRITER, "nadie@example.org"):
        assert call(people_cli, "list", folio, "--reveal", as_=who)[0] == 1
    assert refused(people_cli, "list", folio, as_=STRANGER) == "not_yours"
    assert refused(people_cli, "list", "ZZZZZZ") == "unknown_folio"


def test_a_person_is_changed_field_by_field(folios: tuple[str, ...]) -> None:
    number = people("set", folios[0], *JUAN)["id"]
    people("set", folios[0], "--person", number, "--name", "", "--note", "camisa azul")
    changed = people("set", folios[0], "--person", number, "--phone", "+12135550178")
    assert changed["known"] == ["phones", "note"]
    assert refused(people_cli, "set", folios[0], "--name", "Ana") == "invalid"
    assert refused(people_cli, "set", folios[0], *JUAN, "--seen-at", "ayer") == "invalid"
    assert refused(people_cli, "set", folios[0], "--person", 99) == "unknown_person"


def test_a_relative_of_a_minor_is_told_only_after_a_supervisors_check(
    folios: tuple[str, ...],
) -> None:
    folio = folios[0]
    people("set", folio, *JUAN)
    aunt = people("set", folio, "--role", "relative", "--name", "Rosa Cruz")["id"]
    assert people("minor", folio, "yes") == {"minor": "yes", "told": 1}
    check = ("check", folio, "--person", aunt, "--found", "passed", "--reason", "acta vista")
    assert refused(people_cli, *check) == "supervisors_only"

    def verdict() -> object:
        listed = people("list", folio)["people"]
        assert isinstance(listed, list)
        return listed[0]["may_be_told"]

    assert verdict() == [{"id": aunt, "may": False, "why": "not_checked"}]
    people(*check, as_=BOSS)
    assert verdict() == [{"id": aunt, "may": True, "why": "checked"}]
    failed = ("check", folio, "--person", aunt, "--found", "failed", "--reason", "hay denuncia")
    people(*failed, as_=BOSS)
    assert verdict() == [{"id": aunt, "may": False, "why": "check_failed"}]


def test_a_yes_is_written_down_with_how_it_was_given(folios: tuple[str, ...]) -> None:
    folio = folios[0]
    juan = people("set", folio, *JUAN)["id"]
    aunt = people("set", folio, "--role", "relative", "--name", "Rosa Cruz")["id"]
    asked = ("consent", folio, "--person", juan, "--answer", "yes", "--to", aunt)
    assert refused(people_cli, *asked) == "invalid"
    people(*asked, "--how", "por teléfono")


def test_cases_are_proposed_merged_and_separated(folios: tuple[str, ...]) -> None:
    keep, other = folios
    people("set", keep, *JUAN)
    status, printed = call(people_cli, "duplicates", keep)
    assert status == 0
    assert [one["folio"] for one in json.loads(printed)] == [other]
    assert refused(people_cli, "merge", keep, other, "--reason", " ") == "invalid"
    assert people("merge", keep, other, "--reason", "mismo hijo") == {"keep": keep, "other": other}
    assert refused(people_cli, "merge", keep, other, "--reason", "otra vez") == "already_linked"
    assert json.loads(call(people_cli, "duplicates", keep)[1]) == []
    assert refused(people_cli, "separate", other, "--reason", "no", as_=STRANGER) == "not_yours"
    assert people("separate", other, "--reason", "es otro") == {"separated": other}


def test_a_referral_goes_from_its_start_to_its_follow_up(folios: tuple[str, ...]) -> None:
    folio = folios[0]
    made = referrals("add", folio, "--to", "consulate", "--name", "Consulado en Fresno")
    number = made["id"]
    assert made["state"] == "to_do"
    papers = made["papers"]
    assert isinstance(papers, list)
    assert [paper["state"] for paper in papers] == ["missing"] * 3
    said = ("--means", "phone", "--whom", "Lic. Robles", "--said", "lo buscan en Tucson")
    kept = referrals("log", folio, number, *said, "--state", "asked")
    assert (kept["state"], kept["contacts"]) == ("asked", 1)
    paper = ("paper", folio, number, "--code", "id_of_applicant", "--state", "received")
    assert referrals(*paper)["state"] == "received"
    assert referrals("paper", folio, number, "--new", "Carta")["code"] == "carta"
    assert refused(referrals_cli, "paper", folio, number, "--code", "carta") == "invalid"
    plain = call(referrals_cli, "list", folio)[1]
    assert "Tucson" not in plain
    assert "Tucson" in call(referrals_cli, "list", folio, "--reveal")[1]
    assert refused(referrals_cli, "list", folio, as_=STRANGER) == "not_yours"
    rows = json.loads(call(referrals_cli, "follow-up", folio)[1])
    assert [row["day"] for row in rows] == [1, 7, 30]
    done = ("follow-up", folio, "--done", rows[0]["id"])
    assert refused(referrals_cli, *done) == "invalid"
    rows = json.loads(call(referrals_cli, *done, "--result", "está bien")[1])
    assert rows[0]["done_at"] is not None
    assert refused(referrals_cli, *done, "--result", "otra vez") == "already_done"


def test_every_screen_can_be_printed(folios: tuple[str, ...]) -> None:
    keep, other = folios
    people("set", keep, *JUAN)
    people("set", keep, "--role", "relative", "--name", "Rosa Cruz", "--note", "[bold]tía[/x]")
    made = referrals("add", keep, "--to", "hospital", "--name", "[red]Hospital[/x]")
    for cli, words in (
        (people_cli, ("list", keep)),
        (people_cli, ("list", keep, "--reveal")),
        (people_cli, ("set", keep, "--role", "relative", "--note", "otra")),
        (people_cli, ("minor", keep, "yes")),
        (people_cli, ("duplicates", keep)),
        (people_cli, ("merge", keep, other, "--reason", "mismo")),
        (people_cli, ("separate", other, "--reason", "otro")),
        (referrals_cli, ("list", keep, "--reveal")),
        (referrals_cli, ("paper", keep, made["id"], "--new", "[b]Carta[/x]")),
        (referrals_cli, ("follow-up", keep)),
    ):
        ended = CliRunner().invoke(cli, [*map(str, words), "--as", OWNER])
        assert ended.exit_code == 0, (words, ended.output)
        assert ended.stdout.strip()
