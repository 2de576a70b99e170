"""Who gets into the API, and for what."""

import logging

import pytest
from sqlalchemy import select

from console.api.routes import PREFIX
from db.session import Database
from staff import store, tokens
from staff.model import RIGHTS, Member, Role
from staff.tokens import Scope
from tests.stores.api_rig import DOCUMENT, Program, a_program, problem
from tests.stores.campaign_people import a_member

OPERATIONS = {
    "GET /campaigns": Scope.CAMPAIGNS_READ,
    "POST /campaigns": Scope.CAMPAIGNS_WRITE,
    "POST /campaigns/preview": Scope.CAMPAIGNS_WRITE,
    "GET /campaigns/1": Scope.CAMPAIGNS_READ,
    "PUT /campaigns/1": Scope.CAMPAIGNS_WRITE,
    "GET /campaigns/1/status": Scope.CAMPAIGNS_READ,
    "GET /campaigns/1/sheet": Scope.CAMPAIGNS_READ,
    "POST /campaigns/1/submit": Scope.CAMPAIGNS_WRITE,
    "POST /campaigns/1/approve": Scope.CAMPAIGNS_APPROVE,
    "POST /campaigns/1/return": Scope.CAMPAIGNS_APPROVE,
    "POST /campaigns/1/start": Scope.CAMPAIGNS_SEND,
    "POST /campaigns/1/pause": Scope.CAMPAIGNS_SEND,
    "POST /campaigns/1/resume": Scope.CAMPAIGNS_SEND,
    "POST /campaigns/1/cancel": Scope.CAMPAIGNS_SEND,
    "POST /campaigns/1/test": Scope.CAMPAIGNS_WRITE,
    "POST /campaigns/1/withdraw": Scope.CAMPAIGNS_APPROVE,
    "GET /campaigns/1/figures": Scope.REPORTS_READ,
    "GET /campaigns/1/missed": Scope.REPORTS_READ,
    "GET /campaigns/1/compare?other=1": Scope.REPORTS_READ,
    "GET /runs/1/compare?other=1": Scope.REPORTS_READ,
    "GET /campaigns/1/report": Scope.REPORTS_READ,
    "GET /campaigns/1/report.csv": Scope.REPORTS_READ,
    "GET /audiences": Scope.AUDIENCES_READ,
    "GET /audiences/a": Scope.AUDIENCES_READ,
    "PUT /audiences/a": Scope.AUDIENCES_WRITE,
    "DELETE /audiences/a": Scope.AUDIENCES_WRITE,
    "POST /audiences/count": Scope.AUDIENCES_READ,
    "GET /contacts": Scope.CONTACTS_READ,
    "GET /contacts/1": Scope.CONTACTS_READ,
    "POST /imports": Scope.CONTACTS_IMPORT,
}


@pytest.fixture
async def member(database: Database) -> Member:
    return await a_member(database, 1)


async def told(program: Program, operation: str) -> str:
    method, path = operation.split()
    answer = await program.ask(method, path)
    return str(answer.json()["type"]) if answer.status_code >= 400 else ""


async def test_every_operation_is_in_the_table_of_this_test(
    database: Database, member: Member
) -> None:
    program = await a_program(database, member)
    described = {
        f"{method.upper()} {path.removeprefix(PREFIX)}": one["security"]
        for path, methods in program.app.openapi()["paths"].items()
        for method, one in methods.items()
    }
    tested = {
        name.partition("?")[0]
        .replace("campaigns/1", "campaigns/{campaign_id}")
        .replace("runs/1", "runs/{run_id}")
        .replace("contacts/1", "contacts/{contact_id}")
        .replace("audiences/a", "audiences/{name}"): [{"token": [scope]}]
        for name, scope in OPERATIONS.items()
    }
    assert described == tested


async def test_nothing_is_there_without_a_token(database: Database, member: Member) -> None:
    program = await a_program(database, member)
    program.token = "tequio_1_" + "a" * 43
    for operation in OPERATIONS:
        assert await told(program, operation) == "urn:tequio:unauthorized", operation
    answer = await program.get("/campaigns")
    problem(answer, 401, "unauthorized")
    assert answer.headers["www-authenticate"] == "Bearer"


NO_BEARERS: tuple[dict[str, str], ...] = (
    {"Authorization": ""},
    {"Authorization": "Bearer"},
    {"Authorization": "Basic {token}"},
    {"Authorization": "{token}"},
    {"Authorization": "Bearer {token} {token}"},
    {"Authorization": "", "Cookie": "token={token}"},
    {"Authorization": "", "X-Api-Key": "{token}"},
)


async def test_a_token_counts_only_as_a_bearer_token(database: Database, member: Member) -> None:
    program = await a_program(database, member)
    for headers in NO_BEARERS:
        sent = {name: value.format(token=program.token) for name, value in headers.items()}
        problem(await program.get("/campaigns", **sent), 401, "unauthorized")
    sent = {"Authorization": f"bearer {program.token}"}
    assert (await program.get("/campaigns", **sent)).status_code == 200


async def test_a_token_in_the_address_opens_nothing(database: Database, member: Member) -> None:
    program = await a_program(database, member)
    token, program.token = program.token, ""
    problem(
        await program.get(f"/campaigns?token={token}&access_token={token}"), 401, "unauthorized"
    )


async def test_each_operation_asks_for_its_own_scope(database: Database, member: Member) -> None:
    for scope in Scope:
        others = [one for one in Scope if one is not scope]
        program = await a_program(database, member, *others)
        for operation, needed in OPERATIONS.items():
            is_forbidden = await told(program, operation) == "urn:tequio:forbidden"
            assert is_forbidden == (needed is scope), operation


async def test_the_role_of_the_member_still_decides(database: Database, member: Member) -> None:
    program = await a_program(database, member)
    for role in Role:
        async with database.write() as session:
            await store.change(session, member.id, {"role": role})
        for operation, scope in OPERATIONS.items():
            is_forbidden = await told(program, operation) == "urn:tequio:forbidden"
            assert is_forbidden == (tokens.NEEDS[scope] not in RIGHTS[role]), (role, operation)
    async with database.write() as session:
        await store.change(session, member.id, {"active": False})
    for operation in OPERATIONS:
        assert await told(program, operation) == "urn:tequio:unauthorized", operation


async def test_a_token_never_approves_what_its_member_wrote(
    database: Database, member: Member
) -> None:
    program = await a_program(database, member)
    made = (await program.post("/campaigns", DOCUMENT)).json()["id"]
    problem(await program.post(f"/campaigns/{made}/approve"), 409, "refused")
    another_token = await a_program(database, member)
    problem(await another_token.post(f"/campaigns/{made}/approve"), 409, "refused")
    colleague = await a_program(database, await a_member(database, 2))
    assert (await colleague.post(f"/campaigns/{made}/approve")).json()["state"] == "approved"


async def test_who_did_it_by_which_token_stands_in_the_audit(
    database: Database, member: Member
) -> None:
    program = await a_program(database, member)
    made = (await program.post("/campaigns", DOCUMENT)).json()["id"]
    await program.post(f"/campaigns/{made}/cancel")
    await program.get(f"/campaigns/{made}")
    async with database.read() as session:
        rows = await session.all(select(store.audit).order_by(store.audit.c.id))
    assert [(row["act"], row["about"], row["member_id"]) for row in rows[1:]] == [
        ("campaigns.create", f"campaign:{made}", member.id),
        ("api.campaigns.create", "token:1", member.id),
        ("campaigns.cancel", f"campaign:{made}", member.id),
        ("api.campaigns.cancel", "token:1", member.id),
    ]


async def test_answers_are_kept_by_nobody_and_offered_to_no_other_site(
    database: Database, member: Member
) -> None:
    program = await a_program(database, member)
    for path in ("/campaigns", "/contacts", "/nowhere", "/campaigns/404"):
        answer = await program.get(path, Origin="https://example.org")
        assert answer.headers["cache-control"] == "no-store"
        assert not [name for name in answer.headers if name.startswith("access-control")]


async def test_problems_are_told_in_the_language_that_is_asked_for(
    database: Database, member: Member
) -> None:
    program = await a_program(database, member)
    spanish = problem(await program.get("/campaigns/404"), 404, "not_found")
    english = await program.get("/campaigns/404", **{"Accept-Language": "en-US,en;q=0.9,es;q=0.8"})
    assert "ninguna" in str(spanish["detail"])
    assert english.json()["title"] == "Not found"


async def test_what_is_not_there_and_what_cannot_be_done_are_told_apart(
    database: Database, member: Member
) -> None:
    program = await a_program(database, member)
    for path in (
        "",
        "/",
        "/campaign",
        "/campaigns/",
        "/campaigns/1/",
        "/x" * 2_000,
        "/%00",
        "/%ff",
    ):
        problem(await program.get(path), 404, "not_found")
    for method in ("PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"):
        answer = await program.ask(method, "/campaigns")
        problem(answer, 405, "method")
        assert answer.headers["allow"] == "GET, POST"
    assert (await program.ask("HEAD", "/campaigns/1")).status_code == 405


async def test_a_log_holds_nothing_of_what_was_sent(
    database: Database,
    member: Member,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    program = await a_program(database, member)
    with caplog.at_level(logging.INFO):
        await program.post("/audiences/count", {"audience": "+12135550101"})
        await program.post("/campaigns/1/test", {"to": ["ana@example.org"]})
        await program.post("/audiences/count", {"audience": "country:US"}, idempotency_key="k-9135")
    # What httpx, the client of this test, says of the address is part of it.
    said = "".join([*capfd.readouterr(), caplog.text])
    assert "/audiences/count" in said
    for secret in ("2135550101", "ana@example.org", program.token, "k-9135"):
        assert secret not in said
