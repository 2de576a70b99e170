"""Campaigns by the API, from a document to its withdrawal."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from campaigns import store
from db.session import Database
from delivery.store import message
from kit.channels import Channel, Endpoint
from staff import service as staff_service
from staff.methods import methods_of
from tests.stores.api_rig import DOCUMENT, Program, Stopped, a_program, problem
from tests.stores.campaign_people import Person, a_member, people_in

YAML = """\
title: Fraudes
topic: fraud
audience: topic:fraud
content:
  es:
    text: Nadie del programa le pedirá dinero.
"""
WARNING = {
    "event": "Fraude",
    "category": "security",
    "urgency": "immediate",
    "severity": "moderate",
    "certainty": "observed",
    "expires": "48h",
    "area": "Oaxaca",
}


@pytest.fixture
async def author(database: Database) -> Program:
    return await a_program(database, await a_member(database, 1))


@pytest.fixture
async def reader(database: Database) -> Program:
    return await a_program(database, await a_member(database, 2))


async def created(program: Program, **changes: object) -> int:
    answer = await program.post("/campaigns", {**DOCUMENT, **changes})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


async def test_a_campaign_goes_from_a_document_to_its_end(
    database: Database, author: Program, reader: Program
) -> None:
    await people_in(database, Person(), Person())
    made = await created(author)
    states = [("approve", "approved"), ("start", "sending"), ("pause", "paused")]
    states += [("resume", "sending"), ("cancel", "cancelled")]
    for act, state in states:
        answer = await reader.post(f"/campaigns/{made}/{act}")
        assert answer.json() == {"id": made, "state": state, "cautions": []}
    found = (await reader.get(f"/campaigns/{made}/status")).json()
    assert found["state"] == "cancelled"
    assert found["counts"]["pending"] == 0
    problem(await reader.post(f"/campaigns/{made}/start"), 409, "refused")


async def test_a_draft_waits_until_it_is_submitted(author: Program) -> None:
    made = (await author.post("/campaigns?draft=true", DOCUMENT)).json()
    assert made["state"] == "draft"
    answer = await author.post(f"/campaigns/{made['id']}/submit")
    assert answer.json()["state"] == "review"


async def test_the_document_may_be_yaml_or_json_and_is_the_same_campaign(author: Program) -> None:
    as_json = await created(author)
    hashes = {(await author.get(f"/campaigns/{as_json}")).json()["content_hash"]}
    for kind in ("application/yaml", "text/yaml; charset=utf-8", "application/x-yaml"):
        answer = await author.ask(
            "POST", "/campaigns", content=YAML, headers={"Content-Type": kind}
        )
        assert answer.status_code == 201, answer.text
        hashes.add((await author.get(f"/campaigns/{answer.json()['id']}")).json()["content_hash"])
    assert len(hashes) == 1


async def test_what_was_read_can_be_sent_back_and_changes_nothing(author: Program) -> None:
    content = {
        "es": {
            "text": "**Feria** 😀 en {town|su comunidad}",
            "sms": "Feria en {town|su comunidad}",
            "buttons": [
                {"label": "Ver", "url": "https://example.org/feria"},
                {"label": "Más", "reply": "PROGRAMAS"},
                {"label": "Me sirvió", "helped": True},
            ],
            "poll": {"question": "¿Va a ir?", "answers": ["Sí", "No"]},
        }
    }
    made = await created(
        author,
        content=content,
        cohort="2.5%",
        keyword="FERIA",
        stale_after="90m",
        schedule={"cron": "0 10 * * 1", "timezone": "recipient", "skip": ["2026-12-28"]},
        warning=WARNING,
    )
    before = (await author.get(f"/campaigns/{made}")).json()
    answer = await author.ask("PUT", f"/campaigns/{made}", document=before["document"])
    assert answer.status_code == 200, answer.text
    after = (await author.get(f"/campaigns/{made}")).json()
    assert after["content_hash"] == before["content_hash"]
    assert after["document"] == before["document"]


def faults(answer: Mapping[str, object]) -> list[tuple[int, int]]:
    errors = answer["errors"]
    assert isinstance(errors, list)
    return [(one["line"], one["column"]) for one in errors]


async def test_faults_of_a_document_are_told_with_line_and_column(author: Program) -> None:
    yaml = YAML.replace("topic: fraud", "topic: frauds").replace("text:", "txt:")
    headers = {"Content-Type": "application/yaml"}
    answer = await author.ask("POST", "/campaigns", content=yaml, headers=headers)
    assert faults(problem(answer, 422, "invalid"))[0] == (2, 8)
    assert (6, 5) in faults(answer.json())
    assert all(one["message"] for one in answer.json()["errors"])
    document = json.dumps({**DOCUMENT, "topic": "frauds"}, indent="\t")
    headers = {"Content-Type": "application/json"}
    answer = await author.ask("POST", "/campaigns", content=document, headers=headers)
    assert faults(problem(answer, 422, "invalid")) == [(3, 11)]


async def test_the_column_of_a_fault_is_that_of_what_was_sent(author: Program) -> None:
    # Two signs of 12 letters each stand before the fault, in the one line that there is.
    document = json.dumps({**DOCUMENT, "title": "😀😀", "topic": "frauds"})
    assert "\\ud83d" in document
    headers = {"Content-Type": "application/json"}
    answer = await author.ask("POST", "/campaigns", content=document, headers=headers)
    assert faults(problem(answer, 422, "invalid")) == [(1, document.index('"frauds"') + 1)]


async def test_signs_above_sixteen_bits_arrive_whole_however_they_are_written(
    author: Program,
) -> None:
    for text in ('"title": "Feria 😀"', '"title": "Feria \\ud83d\\ude00"'):
        document = json.dumps({**DOCUMENT, "title": "T"}).replace('"title": "T"', text)
        headers = {"Content-Type": "application/json"}
        answer = await author.ask("POST", "/campaigns", content=document, headers=headers)
        found = (await author.get(f"/campaigns/{answer.json()['id']}")).json()
        assert found["title"] == "Feria 😀"


async def test_an_emergency_without_a_reason_is_told_until_it_leaves(
    author: Program, reader: Program
) -> None:
    emergency = {**DOCUMENT, "class": "emergency"}
    told = [await author.post("/campaigns?draft=true", emergency)]
    made = f"/campaigns/{told[0].json()['id']}"
    told.append(await author.post(f"{made}/submit"))
    told.append(await reader.post(f"{made}/return", {"words": "¿Por qué de noche?"}))
    told.append(await author.ask("PUT", made, document=emergency))
    told.append(await author.post(f"{made}/submit"))
    told.append(await reader.post(f"{made}/approve"))
    for answer in told:
        (one,) = answer.json()["cautions"]
        assert (one["kind"], one["people"]) == ("no_reason", None)
        assert "reason:" in one["message"]
    reasoned = {**emergency, "reason": "Huracán"}
    assert (await author.ask("PUT", made, document=reasoned)).json()["cautions"] == []
    await author.ask("PUT", made, document=emergency)
    english = await reader.ask("POST", f"{made}/approve", headers={"Accept-Language": "en"})
    assert english.json()["cautions"][0]["message"] != told[-1].json()["cautions"][0]["message"]
    assert (await reader.post(f"{made}/start")).json()["cautions"] == []


async def test_an_edit_sends_back_to_review(author: Program, reader: Program) -> None:
    made = await created(author)
    await reader.post(f"/campaigns/{made}/approve")
    changed = {**DOCUMENT, "title": "Otro"}
    answer = await author.ask("PUT", f"/campaigns/{made}", document=changed)
    assert answer.json() == {"id": made, "state": "review", "cautions": []}
    assert (await author.get(f"/campaigns/{made}")).json()["approver_id"] is None


async def test_nobody_approves_or_overwrites_what_they_have_not_read(
    author: Program, reader: Program
) -> None:
    made = await created(author)
    path = f"/campaigns/{made}"
    read = (await reader.get(path)).headers["etag"]
    seen = {"If-Match": read}
    answer = await author.ask("PUT", path, document={**DOCUMENT, "title": "Otro"}, headers=seen)
    assert answer.status_code == 200
    problem(await reader.ask("POST", f"{path}/approve", headers=seen), 412, "changed")
    problem(await author.ask("PUT", path, document=DOCUMENT, headers=seen), 412, "changed")
    now = (await reader.get(path)).headers["etag"]
    for tags in ("W/" + now, '"', "", "x" * 5_000):
        answer = await reader.ask("POST", f"{path}/approve", headers={"If-Match": tags})
        problem(answer, 412, "changed")
    several = {"If-Match": f'"other", {now}'}
    answer = await reader.ask("POST", f"{path}/approve", headers=several)
    assert answer.json()["state"] == "approved"


async def test_campaigns_are_listed_page_by_page_and_by_state(
    author: Program, reader: Program
) -> None:
    made = [await created(author, title=f"Número {number}") for number in range(5)]
    await reader.post(f"/campaigns/{made[1]}/approve")
    seen: list[int] = []
    cursor = ""
    for _page in range(3):
        page = (await reader.get(f"/campaigns?limit=2{cursor}")).json()
        seen += [one["id"] for one in page["items"]]
        cursor = f"&cursor={page['next']}"
    assert seen == made[::-1]
    assert page["next"] is None
    page = (await reader.get("/campaigns?state=approved")).json()
    assert [one["id"] for one in page["items"]] == [made[1]]


async def test_a_preview_keeps_nothing(database: Database, author: Program) -> None:
    await people_in(database, Person(), Person(), Person(topics=[]))
    found = (await author.post("/campaigns/preview", DOCUMENT)).json()
    assert found["audience"]["total"] == 2
    assert found["sms"]["es"]["segments"] == 1
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(store.campaign)) == 0


async def test_the_sheet_is_there_at_once_and_says_how_far_it_is(author: Program) -> None:
    made = await created(author)
    found = (await author.get(f"/campaigns/{made}/sheet")).json()
    assert (found["done"], found["share"]) == (False, 0)
    assert found["sms"]["by_language"]["es"]["segments"] == 1


async def test_the_sheet_tells_what_a_campaign_does_besides(author: Program) -> None:
    plain = (await author.get(f"/campaigns/{await created(author)}/sheet")).json()
    besides = ("class", "reason", "keyword", "warning", "week")
    assert [plain[name] for name in besides] == ["normal", None, None, None, None]
    made = await created(
        author,
        **{"class": "emergency"},
        keyword="FERIA",
        schedule={"cron": "0 10 * * 1,4", "timezone": "America/Mexico_City"},
        warning=WARNING | {"status": "exercise"},
    )
    found = (await author.get(f"/campaigns/{made}/sheet")).json()
    assert (found["class"], found["reason"], found["keyword"]) == ("emergency", None, "feria")
    assert found["week"]["times"] == 2
    due = datetime.fromisoformat(found["due_at"])
    assert found["warning"] == {
        "status": "Exercise",
        "seconds": 48 * 3600,
        "expires_at": (due + timedelta(hours=48)).isoformat(),
    }
    assert found["cautions"][0]["kind"] == "no_reason"
    assert "reason:" in found["cautions"][0]["message"]


async def test_an_emergency_that_says_no_reason_is_not_held_up(
    author: Program, reader: Program
) -> None:
    made = await created(author, **{"class": "emergency"})
    assert (await reader.post(f"/campaigns/{made}/approve")).json()["state"] == "approved"
    assert (await reader.post(f"/campaigns/{made}/start")).json()["state"] == "sending"


async def test_a_test_goes_to_the_staff_that_is_named(database: Database, author: Program) -> None:
    made = await created(author)
    colleague = await a_member(database, 3)
    async with database.write() as session:
        ways = methods_of([Endpoint(Channel.SMS, "+12135550199")])
        await staff_service.set_methods(session, colleague, ways, Stopped().now())
    path = f"/campaigns/{made}/test"
    for name in ("p3@example.org", str(colleague.id)):
        assert (await author.post(path, {"to": [name]})).json() == {"id": made, "sent": 1}
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(message)) == 4
    problem(await author.post(path, {"to": ["nobody@example.org"]}), 404, "not_found")
    problem(await author.post(path, {"to": ["p1@example.org"]}), 409, "refused")
    for wrong in ([], [1], [""], ["a"] * 21, "p3@example.org", None, ["x" * 300], [["a"]]):
        problem(await author.post(path, {"to": wrong}), 422, "invalid")


async def test_a_warning_is_taken_back_once(
    database: Database, author: Program, reader: Program
) -> None:
    quiet = await created(author)
    problem(await reader.post(f"/campaigns/{quiet}/withdraw"), 409, "refused")
    made = await created(author, warning=WARNING)
    await reader.post(f"/campaigns/{made}/approve")
    assert (await reader.post(f"/campaigns/{made}/start")).status_code == 200
    answer = await reader.post(f"/campaigns/{made}/withdraw")
    assert answer.json() == {"id": made, "warning": f"{made}-2"}
    problem(await reader.post(f"/campaigns/{made}/withdraw"), 409, "refused")


@pytest.mark.parametrize("act", ["submit", "approve", "start", "pause", "cancel", "withdraw"])
async def test_what_does_not_exist_is_not_found(author: Program, act: str) -> None:
    problem(await author.post(f"/campaigns/404/{act}"), 404, "not_found")


async def test_a_campaign_whose_audience_names_nothing_known_is_not_kept(
    author: Program, database: Database
) -> None:
    answer = await author.post("/campaigns", {**DOCUMENT, "audience": "saved:nobody"})
    assert problem(answer, 422, "audience")["position"] == 7
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(store.campaign)) == 0
