"""Every operation as its description says it, and as it forbids it, by schemathesis.

The same cases each time: those that a seed of their own gives. They are made first and sent then,
in the loop of the test.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import schemathesis
from httpx import ASGITransport, AsyncClient
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import SearchStrategy
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from db.engine import open_database
from db.session import Database
from tests.databases import Postgres, keyring, knowing, sqlite_database
from tests.stores.api_rig import DOCUMENT, Program, a_program
from tests.stores.campaign_people import Person, a_member, people_in

EXAMPLES = 6
"""Of each operation, as many that fit its description as ones that do not."""

THERE = {"campaign_id": 1, "run_id": 1, "contact_id": 1, "name": "us"}
MEANT: dict[str, Any] = {
    **DOCUMENT,
    "expression": "country:US",
    "channels": ["sms"],
    "schedule": "now",
    "stale_after": "6h",
    "cohort": "1%",
    "keyword": "FERIA",
    "class": "normal",
}
"""What no description can say so that it fits: expressions, and texts of a form."""

AnyCase = Case[Any]

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


async def prepared(database: Database) -> Program:
    """A program, and what it may ask about."""
    await people_in(database, Person(), Person())
    made = await a_program(database, await a_member(database, 1))
    for _campaign in range(2):
        await made.post("/campaigns", DOCUMENT)
    await made.ask("PUT", "/audiences/us", document={"expression": "country:US"})
    return made


def cases(program: Program) -> Iterator[AnyCase]:
    """Some requests of each operation; every other one that fits is about something that is there,
    and says something that is meant."""
    schema = schemathesis.openapi.from_dict(program.app.openapi())
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        for mode in GenerationMode:
            for number, case in enumerate(_made(operation.as_strategy(generation_mode=mode))):
                if mode is GenerationMode.POSITIVE and number % 2:
                    for name in case.path_parameters:
                        case.path_parameters[name] = THERE[name]
                    if isinstance(case.body, dict):
                        case.body = {name: MEANT.get(name, case.body[name]) for name in case.body}
                yield case


def _made(strategy: SearchStrategy[AnyCase]) -> list[AnyCase]:
    found: list[AnyCase] = []

    @seed(2026)
    @settings(
        max_examples=EXAMPLES,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def make(case: AnyCase) -> None:
        found.append(case)

    make()
    return found


async def test_no_operation_answers_what_its_description_does_not_say(
    tmp_path: Path, postgres: Postgres
) -> None:
    lite = await sqlite_database(tmp_path)
    large = knowing(open_database(await postgres.fresh(), keyring()))
    try:
        # One after the other: to make the cases takes longer than to send them.
        programs = [await prepared(database) for database in (lite, large)]
        made = list(cases(programs[0]))
        for program in programs:
            await answers_as_described(program, made)
    finally:
        await lite.close()
        await large.close()


async def answers_as_described(program: Program, made: Sequence[AnyCase]) -> None:
    """Send all cases; fails for an answer that no description allows."""
    statuses: set[int] = set()
    transport = ASGITransport(program.app)
    async with AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        for case in made:
            sent = case.as_transport_kwargs(base_url="http://127.0.0.1")
            headers = [
                (name.encode(), str(value).encode(errors="replace"))
                for name, value in sent["headers"].items()
                if name.lower() not in ("authorization", "content-length", "transfer-encoding")
            ]
            body = sent.get("data")
            if "json" in sent:
                body = json.dumps(sent["json"])
                headers.append((b"Content-Type", b"application/json"))
            headers.append((b"Authorization", f"Bearer {program.token}".encode()))
            answer = await client.request(
                sent["method"],
                sent["url"],
                params=sent.get("params"),
                content=body if isinstance(body, str | bytes) else None,
                headers=headers,
            )
            statuses.add(answer.status_code)
            case.validate_response(answer, checks=CHECKS)
    # It must have got through, and not be refused at the door alone.
    assert {200, 201, 204, 404, 409, 422} <= statuses
    assert not statuses & {401, 403}
