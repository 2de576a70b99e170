"""A wording of staff from its proposal to what people are told, on both databases."""

import json
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner

from app.cli import cli as tequio_cli
from app.cli.texts import cli
from app.texts_watch import TextsWatch, take_texts
from campaigns.texts import service
from campaigns.texts.model import Override, Standing
from campaigns.texts.store import text_override
from db.session import Database, Session
from kit.errors import Invalid, NotFound, Refused
from locales.catalog import overlay, render
from staff import store as staff
from staff.model import Member, Role
from tests.own_platform import own_platform

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
KEY = "sms.case.again"
OTHER = "Recibido, folio {folio}. Ya avisamos de nuevo. No espere: si hay peligro marque 911."
THIRD = "Recibido, folio {folio}. La guardia ya tiene otro aviso. Si hay peligro marque 911."
SILENT = "Recibido, folio {folio}."
FOLIO = {"folio": "K7M2QX"}
FILES = render(KEY, "es", FOLIO)


@pytest.fixture(autouse=True)
def files_again() -> Iterator[None]:
    yield
    overlay({})


@pytest.fixture
async def office(database: Database) -> tuple[Database, Member, Member]:
    """A database with the table, one who may write and one who may approve, too."""
    approver = await hire(database, "b@example.org", Role.COORDINATOR)
    return (database, await hire(database, "a@example.org"), approver)


Office = tuple[Database, Member, Member]


async def hire(database: Database, email: str, role: Role = Role.COMMUNICATOR) -> Member:
    async with database.write() as session:
        made = await staff.add(session, "Uno", email, role, "Alba", (), NOW)
        found = await staff.get(session, made)
    assert found is not None
    return found


async def propose(office: Office, text: str = OTHER, language: str = "es") -> Override:
    database, author, _approver = office
    async with database.write() as session:
        return await service.propose(session, KEY, language, text, author, NOW)


async def approve(office: Office, language: str = "es") -> Override:
    database, _author, approver = office
    async with database.write() as session:
        return await service.approve(session, KEY, language, approver, NOW)


async def look(database: Database) -> None:
    """As a process that has just been started."""
    await TextsWatch(database).look()


def said(language: str = "es") -> str:
    return render(KEY, language, FOLIO)


async def test_a_proposal_is_not_said_before_it_is_approved(office: Office) -> None:
    await propose(office)
    await look(office[0])
    assert said() == FILES


async def test_an_approved_wording_is_said_and_after_a_restart_too(office: Office) -> None:
    await propose(office)
    await approve(office)
    await look(office[0])
    assert said() == OTHER.format(**FOLIO)
    overlay({})
    await look(office[0])
    assert said() == OTHER.format(**FOLIO)


async def test_a_command_says_it_too_and_nothing_besides_its_own(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    await propose(office)
    await approve(office)
    await take_texts(office[0])
    assert said() == OTHER.format(**FOLIO)
    assert capsys.readouterr().out == ""


async def test_a_process_at_work_takes_what_changes(office: Office) -> None:
    database, author, _approver = office
    watch = TextsWatch(database)
    await watch.look()
    await propose(office)
    await approve(office)
    assert said() == FILES
    await watch.look()
    assert said() == OTHER.format(**FOLIO)
    async with database.write() as session:
        await service.withdraw(session, KEY, "es", author, NOW)
    await watch.look()
    assert said() == FILES


async def test_the_author_cannot_approve(office: Office) -> None:
    database, _author, author = office
    await propose((database, author, author))
    with pytest.raises(Refused) as told:
        async with database.write() as session:
            await service.approve(session, KEY, "es", author, NOW)
    assert told.value.key == "texts.own"
    await look(database)
    assert said() == FILES


@pytest.mark.parametrize(
    ("role", "writes", "approves"),
    [
        (Role.ADMIN, True, True),
        (Role.COORDINATOR, True, True),
        (Role.COMMUNICATOR, True, False),
        (Role.DUTY, False, False),
        (Role.AUDITOR, False, False),
    ],
)
async def test_each_role_may_do_what_the_table_says(
    office: Office, role: Role, writes: bool, approves: bool
) -> None:
    database = office[0]
    member = await hire(database, "c@example.org", role)
    await propose(office)

    async def may(act: Callable[[Session], Awaitable[Override]]) -> bool:
        try:
            async with database.write() as session:
                await act(session)
        except Refused as refused:
            if refused.key != "staff.not_allowed":
                raise
            return False
        return True

    english = "Received, folio {folio}. Call 911 if there is danger."
    assert (
        await may(lambda session: service.propose(session, KEY, "en", english, member, NOW))
        is writes
    )
    assert await may(lambda session: service.approve(session, KEY, "es", member, NOW)) is approves
    assert await may(lambda session: service.withdraw(session, KEY, "es", member, NOW)) is writes


async def test_a_later_proposal_takes_the_place_of_an_earlier_one(office: Office) -> None:
    database, _author, approver = office
    first = await propose(office)
    second = await propose(office, THIRD)
    async with database.write() as session:
        with pytest.raises(Refused) as told:
            await service.approve(session, KEY, "es", approver, NOW, first.id)
        assert told.value.key == "texts.another_proposal"
        await service.approve(session, KEY, "es", approver, NOW, second.id)
    await look(database)
    assert said() == THIRD.format(**FOLIO)


async def test_what_is_said_stays_while_another_wording_waits(office: Office) -> None:
    database, author, _approver = office
    await propose(office)
    await approve(office)
    await propose(office, THIRD)
    await look(database)
    assert said() == OTHER.format(**FOLIO)
    async with database.write() as session:
        taken = await service.withdraw(session, KEY, "es", author, NOW)
        assert (taken.text, taken.standing) == (THIRD, Standing.PROPOSED)
        left = await service.wording(session, KEY, "es")
        assert (left.spoken, left.proposed) == (OTHER, None)
        taken = await service.withdraw(session, KEY, "es", author, NOW)
        assert (taken.text, taken.standing) == (OTHER, Standing.APPROVED)
        with pytest.raises(NotFound):
            await service.withdraw(session, KEY, "es", author, NOW)


async def test_a_second_approval_ends_the_first_and_both_can_be_read(office: Office) -> None:
    database = office[0]
    await propose(office)
    await approve(office)
    await propose(office, THIRD)
    await approve(office)
    with pytest.raises(NotFound):
        await approve(office)
    async with database.read() as session:
        rows = await session.all(select(text_override).order_by(text_override.c.id))
    assert [(row["text"], row["standing"]) for row in rows] == [
        (OTHER, "replaced"),
        (THIRD, "approved"),
    ]
    await look(database)
    assert said() == THIRD.format(**FOLIO)


async def test_each_language_has_a_wording_of_its_own(office: Office) -> None:
    await propose(office, "Received, folio {folio}. Call 911 if there is danger.", "en")
    await approve(office, "en")
    await propose(office, "(mixteco) {folio} 911", "mixteco")
    await approve(office, "mixteco")
    await look(office[0])
    assert said() == FILES
    assert said("en") == "Received, folio K7M2QX. Call 911 if there is danger."
    assert said("mix") == "(mixteco) K7M2QX 911"


async def test_a_wording_that_lacks_something_is_refused_and_nothing_is_kept(
    office: Office,
) -> None:
    database, author, _approver = office
    with pytest.raises(Invalid) as told:
        await propose(office, SILENT)
    assert "911" in render(told.value.key, "es", told.value.params)
    async with database.write() as session:
        for key, error in (("sms.duty.page", NotFound), ("cli.welcome", NotFound)):
            with pytest.raises(error):
                await service.propose(session, key, "es", "Hola", author, NOW)
        with pytest.raises(Invalid):
            await service.propose(session, KEY, "klingon", OTHER, author, NOW)
        assert await session.all(select(text_override)) == []


async def test_what_is_said_already_is_no_proposal(office: Office) -> None:
    with pytest.raises(Refused) as told:
        await propose(office, f" {render(KEY, 'es', {'folio': '{folio}'})}\n")
    assert told.value.key == "texts.same"


async def test_an_approved_wording_that_breaks_a_rule_is_not_said(office: Office) -> None:
    database = office[0]
    await propose(office)
    made = await approve(office)
    # As if the platform's own text had got its 911 only after the approval.
    async with database.write() as session:
        await session.execute(
            update(text_override).where(text_override.c.id == made.id).values(text=SILENT)
        )
    await look(database)
    assert said() == FILES
    async with database.read() as session:
        found = await service.wording(session, KEY, "es")
    assert found.spoken == render(KEY, "es", {"folio": "{folio}"})
    assert [fault.key for fault in found.faults] == ["texts.wrong.number_lost"]


async def test_a_text_that_is_no_more_does_no_harm(office: Office) -> None:
    database = office[0]
    await propose(office)
    made = await approve(office)
    async with database.write() as session:
        row = (await session.all(select(text_override)))[0]
        gone = {**row, "id": made.id + 1, "key": "sms.gone", "text": "{"}
        await session.execute(insert(text_override).values(**gone))
    await look(database)
    assert said() == OTHER.format(**FOLIO)


async def test_while_the_database_is_out_of_order_the_last_words_are_said_on(
    office: Office,
) -> None:
    database = office[0]
    watch = TextsWatch(database)
    await propose(office)
    await approve(office)
    await watch.look()
    async with database.write() as session:
        await session.execute(text_override.delete())
    async with database.writer.begin() as connection:
        await connection.run_sync(text_override.drop)
    with pytest.raises(DBAPIError):
        await watch.look()
    assert said() == OTHER.format(**FOLIO)


async def test_two_of_one_standing_cannot_be_kept(office: Office) -> None:
    database = office[0]
    await propose(office)
    async with database.write() as session:
        row = (await session.all(select(text_override)))[0]
    with pytest.raises(DBAPIError):
        async with database.write() as session:
            await session.execute(insert(text_override).values(**{**row, "id": row["id"] + 1}))


async def test_every_act_is_in_the_audit_without_a_word_of_the_text(office: Office) -> None:
    database, author, approver = office
    made = await propose(office)
    await approve(office)
    async with database.write() as session:
        await service.withdraw(session, KEY, "es", author, NOW + timedelta(hours=1))
    async with database.read() as session:
        rows = await session.all(select(staff.audit).order_by(staff.audit.c.id))
    assert [(row["member_id"], row["act"], row["about"]) for row in rows] == [
        (author.id, "texts.propose", f"text:{made.id}"),
        (approver.id, "texts.approve", f"text:{made.id}"),
        (author.id, "texts.withdraw", f"text:{made.id}"),
    ]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A platform of its own for the commands, with a communicator and a coordinator."""
    own_platform(tmp_path, monkeypatch)
    for email, role, phone in (
        ("a@example.org", "communicator", "+12135550198"),
        ("b@example.org", "coordinator", "+12135550199"),
    ):
        words = ("--name", "Uno", "--email", email, "--role", role, "--phone", phone)
        assert CliRunner().invoke(tequio_cli, ["staff", "add", *words]).exit_code == 0


def texts(*words: str, status: int = 0) -> Any:
    ended = CliRunner().invoke(cli, [*words, "--json"])
    assert ended.exit_code == status, ended.output
    return json.loads(ended.stdout)


@pytest.mark.usefixtures("desk")
def test_a_wording_goes_from_a_proposal_to_what_is_said_by_commands() -> None:
    where = (KEY, "--language", "es")
    proposed = texts("propose", *where, "--text", OTHER, "--as", "a@example.org")
    assert (proposed["state"], proposed["proposed"]["text"]) == ("proposed", OTHER)
    assert proposed["proposed"]["sms"] == {"encoding": "GSM-7", "units": 83, "segments": 1}
    assert proposed["most_segments"] == 1
    writer = texts("approve", *where, "--as", "a@example.org", status=1)
    assert writer["error"]["code"] == "refused"
    number = str(proposed["id"])
    approved = texts("approve", *where, "--proposal", number, "--as", "b@example.org")
    assert (approved["state"], approved["spoken"]) == ("approved", OTHER)
    assert [one["key"] for one in texts("list", "--changed")] == [KEY]
    assert len(texts("list")) == 2 * len(service.keys())
    shown = texts("show", KEY)
    assert [one["language"] for one in shown] == ["es", "en"]
    withdrawn = texts("withdraw", *where, "--as", "b@example.org")
    assert (withdrawn["state"], withdrawn["spoken"]) == ("original", withdrawn["original"])
    assert texts("list", "--changed") == []


@pytest.mark.usefixtures("desk")
def test_what_is_wrong_is_told_in_one_document() -> None:
    words = (KEY, "--language", "es", "--text", SILENT, "--as", "a@example.org")
    error = texts("propose", *words, status=1)["error"]
    assert error["code"] == "invalid"
    assert "911" in error["message"]
    assert texts("show", "sms.invented", status=1)["error"]["code"] == "not_found"


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("act", ["propose", "withdraw"])
def test_a_refusal_says_what_to_do(act: str) -> None:
    words = (KEY, "--language", "es", "--as", "a@example.org")
    given = ("--text", render(KEY, "es", {"folio": "{folio}"})) if act == "propose" else ()
    assert "tequio texts" in texts(act, *words, *given, status=1)["error"]["message"]


@pytest.mark.usefixtures("desk")
def test_a_person_is_shown_the_text_and_what_it_takes() -> None:
    words = ["propose", KEY, "--language", "es", "--text", OTHER, "--as", "a@example.org"]
    ended = CliRunner().invoke(cli, words)
    assert ended.exit_code == 0
    assert "GSM-7" in ended.stdout
    for more, expected in ((["show", KEY], "Ya avisamos"), (["list", "--changed"], KEY)):
        ended = CliRunner().invoke(cli, more)
        assert ended.exit_code == 0
        assert expected in ended.stdout
