"""The same request made again: answered as before, and done once."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from campaigns import store
from console.api import requests
from console.api.problems import InProgress
from console.api.requests import KEPT, LOST, Stored, api_request
from db.session import Database
from tests.stores.api_rig import DOCUMENT, Program, Stopped, a_program, problem
from tests.stores.campaign_people import NOON, a_member

CSV = (
    "phone,telegram_id,language,origin,country,state,relation,topics,consented_at,consent_source\n"
    "+12135550150,,es,,US,,,fraud,2026-01-01,feria\n"
)
AS_CSV = {"Content-Type": "text/csv", "Idempotency-Key": "import-1"}


@pytest.fixture
def clock() -> Stopped:
    return Stopped()


@pytest.fixture
async def program(database: Database, clock: Stopped) -> Program:
    return await a_program(database, await a_member(database, 1), clock=clock)


async def campaigns_in(database: Database) -> int:
    async with database.read() as session:
        return int(await session.scalar(select(func.count()).select_from(store.campaign)))


async def test_the_same_again_is_answered_as_before_and_done_once(
    database: Database, program: Program
) -> None:
    first = await program.post("/campaigns", DOCUMENT, idempotency_key="one")
    again = await program.post("/campaigns", DOCUMENT, idempotency_key="one")
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert first.status_code == 201
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert await campaigns_in(database) == 1
    other = await program.post("/campaigns", DOCUMENT, idempotency_key="two")
    assert other.json() != first.json()
    without = await program.post("/campaigns", DOCUMENT)
    assert without.json() != other.json()


async def test_a_key_stands_for_one_request_alone(database: Database, program: Program) -> None:
    made = (await program.post("/campaigns", DOCUMENT, idempotency_key="one")).json()["id"]
    others = (
        ("/campaigns", {**DOCUMENT, "title": "Otro"}),
        ("/campaigns?draft=true", DOCUMENT),
        ("/campaigns/preview", DOCUMENT),
        (f"/campaigns/{made}/cancel", None),
    )
    for path, document in others:
        answer = await program.post(path, document, idempotency_key="one")
        problem(answer, 422, "key_reused")
    assert await campaigns_in(database) == 1


async def test_a_key_is_that_of_one_token(database: Database, program: Program) -> None:
    other = await a_program(database, program.member)
    one = await program.post("/campaigns", DOCUMENT, idempotency_key="one")
    two = await other.post("/campaigns", DOCUMENT, idempotency_key="one")
    assert one.json() != two.json()


async def test_many_at_once_are_one(database: Database, program: Program) -> None:
    answers = await asyncio.gather(
        *(program.post("/campaigns", DOCUMENT, idempotency_key="one") for _ in range(6))
    )
    assert {answer.content for answer in answers} == {answers[0].content}
    assert {answer.status_code for answer in answers} == {201}
    assert await campaigns_in(database) == 1


async def test_what_was_refused_may_be_asked_again(database: Database, program: Program) -> None:
    made = (await program.post("/campaigns", DOCUMENT)).json()["id"]
    path = f"/campaigns/{made}/start"
    problem(await program.post(path, idempotency_key="start"), 409, "refused")
    reader = await a_program(database, await a_member(database, 2))
    await reader.post(f"/campaigns/{made}/approve")
    answer = await program.post(path, idempotency_key="start")
    assert answer.json()["state"] == "sending"
    again = await program.post(path, idempotency_key="start")
    assert again.json() == answer.json()


async def test_a_time_that_has_passed_meanwhile_does_not_make_a_second_campaign(
    database: Database, program: Program, clock: Stopped
) -> None:
    at = (NOON + timedelta(hours=1)).isoformat()
    document = {**DOCUMENT, "schedule": {"at": at}}
    first = await program.post("/campaigns", document, idempotency_key="one")
    assert first.status_code == 201
    clock.at += timedelta(hours=2)
    again = await program.post("/campaigns", document, idempotency_key="one")
    assert (again.status_code, again.json()) == (201, first.json())
    problem(await program.post("/campaigns", document, idempotency_key="two"), 422, "invalid")
    assert await campaigns_in(database) == 1


async def test_an_import_is_done_once_and_refused_while_it_is_at_work(
    database: Database, program: Program
) -> None:
    first = await program.ask("POST", "/imports", content=CSV, headers=AS_CSV)
    assert first.json()["created"] == 1
    again = await program.ask("POST", "/imports", content=CSV, headers=AS_CSV)
    assert again.content == first.content
    assert again.headers["idempotency-replayed"] == "true"
    other = await program.ask("POST", "/imports", content=CSV + "\n", headers=AS_CSV)
    problem(other, 422, "key_reused")


async def test_an_import_that_could_not_be_used_leaves_its_key_free(program: Program) -> None:
    wrong = await program.ask("POST", "/imports", content="a,b\n1,2\n", headers=AS_CSV)
    problem(wrong, 422, "invalid")
    answer = await program.ask("POST", "/imports", content=CSV, headers=AS_CSV)
    assert answer.json()["created"] == 1


async def test_what_is_at_work_is_not_begun_again_until_it_must_have_been_killed(
    database: Database, program: Program, clock: Stopped
) -> None:
    print_ = b"p" * 32

    async def begun(after: timedelta) -> Stored | None:
        async with database.write() as session:
            return await requests.begin(session, 1, "k", print_, NOON + after)

    assert await begun(timedelta()) is None
    with pytest.raises(InProgress):
        await begun(LOST - timedelta(seconds=1))
    assert await begun(LOST) is None
    with pytest.raises(InProgress):
        await begun(LOST + timedelta(seconds=1))
    async with database.write() as session:
        await requests.finish(session, 1, "k", Stored(200, "{}"))
    assert await begun(LOST + timedelta(hours=23)) == Stored(200, "{}")
    assert await begun(LOST + KEPT) is None
    async with database.write() as session:
        await requests.give_up(session, 1, "k")
    assert await begun(LOST + KEPT) is None


async def test_one_still_at_work_is_a_conflict(database: Database, program: Program) -> None:
    body = '{"audience": "country:US"}'
    headers = {"Content-Type": "application/json", "Idempotency-Key": "count"}
    path = "/audiences/count"
    assert (await program.ask("POST", path, content=body, headers=headers)).status_code == 200
    async with database.write() as session:
        await session.execute(api_request.update().values(status=None, body=None))
    answer = await program.ask("POST", path, content=body, headers=headers)
    problem(answer, 409, "in_progress")


async def test_requests_are_forgotten_after_a_day_bit_by_bit(
    database: Database, program: Program
) -> None:
    for number in range(5):
        await program.post(
            "/audiences/count", {"audience": "country:US"}, idempotency_key=f"k{number}"
        )
    async with database.write() as session:
        assert await requests.forget(session, NOON + KEPT - timedelta(seconds=1)) == 0
        assert await requests.forget(session, NOON + KEPT, limit=3) == 3
        assert await requests.forget(session, NOON + KEPT, limit=3) == 2
        assert await session.all(select(api_request)) == []


async def test_keys_are_not_kept_as_they_were_sent(database: Database, program: Program) -> None:
    answer = await program.post(
        "/audiences/count", {"audience": "country:US"}, idempotency_key="ana@example.org"
    )
    assert answer.status_code == 200
    async with database.read() as session:
        (row,) = await session.all(select(api_request))
    assert b"ana" not in bytes(row["key_print"]) + bytes(row["request_print"])
    assert "US" not in row["body"]


@pytest.mark.parametrize("key", ["", "x" * 201, "a\tb", "é"])
async def test_a_key_that_is_none_is_refused_and_nothing_done(
    database: Database, program: Program, key: str
) -> None:
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": key,
    }
    answer = await program.ask("POST", "/campaigns", document=DOCUMENT, headers=headers)
    problem(answer, 422, "invalid")
    assert await campaigns_in(database) == 0


async def test_the_same_import_twice_at_once_brings_each_person_in_once(
    database: Database, program: Program
) -> None:
    answers = await asyncio.gather(
        *(program.ask("POST", "/imports", content=CSV, headers=AS_CSV) for _ in range(3))
    )
    done = [answer for answer in answers if answer.status_code == 200]
    assert done
    for answer in answers:
        if answer.status_code != 200:
            problem(answer, 409, "in_progress")
    assert {answer.json()["created"] for answer in done} == {1}
