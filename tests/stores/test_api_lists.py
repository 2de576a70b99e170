"""Audiences, contacts, imports and reports by the API."""

import csv
import io
import json
from collections.abc import Mapping

import pytest
from sqlalchemy import func, select

from campaigns.conduct import Conduct
from campaigns.figures import report
from campaigns.jobs import handle_reckon
from contacts.store import address, contact
from contacts.tags import tag
from db.session import Database
from engine.cron import CronCalendar
from kit.channels import Channel
from kit.turns import Turns
from tests.stores.api_rig import Program, Stopped, a_program, problem
from tests.stores.campaign_people import (
    NOON,
    Person,
    a_draft,
    a_member,
    endpoint_of,
    frozen,
    people_in,
    started,
)

HEADER = (
    "phone,telegram_id,language,origin,country,state,relation,topics,consented_at,consent_source"
)
AS_CSV = {"Content-Type": "text/csv"}
SMS, TELEGRAM = Channel.SMS, Channel.TELEGRAM


@pytest.fixture
async def program(database: Database) -> Program:
    return await a_program(database, await a_member(database, 9))


async def pages(program: Program, path: str) -> list[dict[str, object]]:
    """Every item of a list, page by page."""
    found: list[dict[str, object]] = []
    link = path
    for _page in range(100):
        answer = await program.get(link)
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        if answer.json()["next"] is None:
            return found
        link = f"{path}{'&' if '?' in path else '?'}cursor={answer.json()['next']}"
    raise AssertionError("a list without an end")


async def test_an_audience_is_kept_looked_up_and_forgotten(program: Program) -> None:
    us = {"expression": "country:US"}
    put = await program.ask("PUT", "/audiences/us", document=us)
    assert (put.status_code, put.json()["name"]) == (200, "us")
    west = {"expression": "saved:us and state:CA"}
    await program.ask("PUT", "/audiences/west", document=west)
    found = (await program.get("/audiences/west")).json()
    assert (found["expression"], found["whole"]) == (
        "saved:us and state:CA",
        "country:US and state:CA",
    )
    problem(await program.ask("DELETE", "/audiences/us"), 409, "refused")
    for name in ("west", "us"):
        gone = await program.ask("DELETE", f"/audiences/{name}")
        assert (gone.status_code, gone.content) == (204, b"")
    problem(await program.get("/audiences/us"), 404, "not_found")
    problem(await program.ask("DELETE", "/audiences/us"), 404, "not_found")


async def test_audiences_are_listed_page_by_page(program: Program) -> None:
    names = [f"a{number}" for number in range(5)]
    for name in names:
        await program.ask("PUT", f"/audiences/{name}", document={"expression": "tag:x"})
    assert [one["name"] for one in await pages(program, "/audiences?limit=2")] == names


async def test_an_expression_that_cannot_be_read_is_told_with_its_place(program: Program) -> None:
    answer = await program.post("/audiences/count", {"audience": "country:US and"})
    assert problem(answer, 422, "audience")["position"] == 15
    wrong = {"expression": "saved:mine"}
    answer = await program.ask("PUT", "/audiences/mine", document=wrong)
    assert problem(answer, 422, "audience")["position"] == 7
    answer = await program.ask("PUT", "/audiences/a%20b", document={"expression": "tag:x"})
    problem(answer, 422, "invalid")


async def test_people_of_an_audience_are_counted(database: Database, program: Program) -> None:
    about = {"country": "US", "origin_region": "mixteca"}
    await people_in(database, Person(about=about), Person(stopped=[SMS], about=about), Person())
    found = (await program.post("/audiences/count", {"audience": "country:US"})).json()
    assert found == {
        "total": 2,
        "by_channel": {"telegram": 0, "sms": 1},
        "by_language": {"es": 2},
        "by_region": {"mixteca": 2},
        "by_country": {"US": 2},
        "excluded": {"opted_out": 1},
    }


async def test_a_contact_shows_what_selects_it_and_nothing_of_who_it_is(
    database: Database, program: Program
) -> None:
    about = {"country": "US", "state": "CA", "origin_region": "mixteca", "origin_clave": 20399}
    about |= {"city": "Fresno"}
    one, other = await people_in(
        database,
        Person(ways=(SMS, TELEGRAM), language="mix", about=about),
        Person(ways=(SMS, TELEGRAM), stopped=[SMS], dead=[TELEGRAM], topics=[]),
    )
    async with database.write() as session:
        await tag(session, one, "feria", NOON)
    answer = await program.get(f"/contacts/{one}")
    assert answer.json() == {
        "id": one,
        "language": "mix",
        "joined_at": "2026-11-23T12:00:00+00:00",
        "origin_clave": 20399,
        "origin_region": "mixteca",
        "country": "US",
        "state": "CA",
        "relation": None,
        "topics": ["fraud"],
        "tags": ["feria"],
        "channels": ["sms", "telegram"],
    }
    listed = await program.get("/contacts")
    assert listed.json()["items"][1]["channels"] == []
    for number, channel in ((0, SMS), (1, SMS), (0, TELEGRAM), (1, TELEGRAM)):
        assert endpoint_of(number, channel).value.lstrip("+") not in answer.text + listed.text
    assert [item["id"] for item in listed.json()["items"]] == [one, other]
    problem(await program.get("/contacts/404"), 404, "not_found")


async def test_contacts_are_listed_page_by_page(database: Database, program: Program) -> None:
    made = await people_in(database, *[Person() for _ in range(7)])
    assert [one["id"] for one in await pages(program, "/contacts?limit=3")] == made
    assert [one["id"] for one in await pages(program, "/contacts?limit=7")] == made


async def test_people_are_brought_in_as_the_command_does(
    database: Database, program: Program
) -> None:
    rows = [
        "+12135550150,,es,,US,,,fraud,2026-01-01,feria",
        "+12135550151,,es,,US,,,fraud,,",
        "12,,es,,US,,,fraud,2026-01-01,feria",
    ]
    file = "\n".join([HEADER, *rows]) + "\n"
    tried = await program.ask("POST", "/imports?dry_run=true", content=file, headers=AS_CSV)
    assert await people_count(database) == 0
    done = await program.ask("POST", "/imports", content=file, headers=AS_CSV)
    assert await people_count(database) == 1
    expected = {"read": 3, "created": 1, "updated": 0, "rejected": 2, "more_errors": 0}
    for answer, dry_run in ((tried, True), (done, False)):
        found = answer.json()
        assert {(one["line"], one["column"]) for one in found.pop("errors")} == {
            (3, "consented_at"),
            (3, "consent_source"),
            (4, "phone"),
        }
        assert found == {**expected, "dry_run": dry_run}
        assert "2135550" not in answer.text.replace("+12135550100", "")


async def people_count(database: Database) -> int:
    async with database.read() as session:
        return int(await session.scalar(select(func.count()).select_from(contact)))


NO_FILES: Mapping[str, bytes] = {
    "nothing": b"",
    "a spreadsheet": b"PK\x03\x04" + b"x" * 500,
    "another encoding": (HEADER + "\nseñor").encode("latin-1"),
    "wide letters": HEADER.encode("utf-16"),
    "NUL": HEADER.encode() + b"\0\n",
    "no header": b"+12135550150,,es\n",
}


async def test_a_file_that_cannot_be_used_is_refused_whole(
    database: Database, program: Program
) -> None:
    for name, content in NO_FILES.items():
        answer = await program.ask("POST", "/imports", content=content, headers=AS_CSV)
        assert answer.status_code == 422, name
        assert "2135550150" not in answer.text
    assert await people_count(database) == 0


async def test_a_report_is_read_page_by_page_and_as_a_file(
    database: Database, program: Program
) -> None:
    people = [Person() for _ in range(5)]
    await people_in(database, *people, Person(stopped=[SMS]))
    made = await started(database, a_draft(channels=(SMS,)))
    await frozen(database, made)
    rows = await pages(program, f"/campaigns/{made}/report?limit=2")
    assert [row["state"] for row in rows] == ["pending"] * 5 + ["skipped"]
    assert rows[-1]["reason"] == "opted_out"
    assert rows[-1]["why"]
    english = await program.ask(
        "GET", f"/campaigns/{made}/report", headers={"Accept-Language": "en"}
    )
    assert english.json()["items"][-1]["why"] != rows[-1]["why"]
    answer = await program.get(f"/campaigns/{made}/report.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert table[0] == list(report.COLUMNS)
    assert [int(line[0]) for line in table[1:]] == [row["contact"] for row in rows]
    async with database.read() as session:
        numbers = [row["endpoint"] for row in await session.all(select(address.c.endpoint))]
    assert len(numbers) == 6
    assert not [one for one in numbers if one.lstrip("+") in answer.text + json.dumps(rows)]


async def test_a_page_of_one_report_does_not_go_on_in_another(
    database: Database, program: Program
) -> None:
    await people_in(database, Person(), Person(), Person())
    made = await started(database, a_draft(channels=(SMS,)))
    await frozen(database, made)
    mark = (await program.get(f"/campaigns/{made}/report?limit=1")).json()["next"]
    other = await a_program(database, await a_member(database, 8))
    document = {"title": "T", "topic": "fraud", "audience": "topic:fraud"}
    content = {"es": {"text": "Hola"}}
    second = (await other.post("/campaigns", {**document, "content": content})).json()["id"]
    answer = await program.get(f"/campaigns/{second}/report?cursor={mark}")
    problem(answer, 422, "invalid")


async def test_figures_and_comparisons_are_there_at_once(
    database: Database, program: Program
) -> None:
    await people_in(database, Person(), Person())
    made = await started(database, a_draft(channels=(SMS,)))
    run_id = await frozen(database, made)
    found = (await program.get(f"/campaigns/{made}/figures")).json()
    assert found["done"] is False
    assert [one["counts"]["pending"] for one in found["runs"]] == [2]
    for path in (
        f"/campaigns/{made}/compare?other={made}",
        f"/runs/{run_id}/compare?other={run_id}",
    ):
        compared = (await program.get(path)).json()
        assert not [one for one in compared["aspects"] if one["differs"]]


async def test_who_missed_it_is_told_as_far_as_they_are_counted(
    database: Database, program: Program
) -> None:
    await people_in(database, Person(), Person())
    made = await started(database, a_draft(channels=(SMS,)))
    audience = f"(topic:fraud) and not received:{made}"
    known: dict[str, object] = {"id": made, "audience": audience}
    missed = await program.get(f"/campaigns/{made}/missed")
    none = {"total": 0, "done": False, "share": 0, "counted_at": None}
    assert missed.json() == known | none
    await handle_reckon(database, Stopped(), str(made), Conduct(CronCalendar()), Turns(rests=False))
    missed = await program.get(f"/campaigns/{made}/missed")
    all_of_them = {"total": 2, "done": True, "share": 1, "counted_at": NOON.isoformat()}
    assert missed.json() == known | all_of_them


async def test_reports_of_what_does_not_exist_are_not_found(program: Program) -> None:
    paths = [f"/campaigns/404/{name}" for name in ("figures", "missed", "report", "report.csv")]
    paths += ["/campaigns/404/compare?other=404", "/runs/404/compare?other=404"]
    for path in (*paths, "/campaigns/404/sheet", "/campaigns/404/status"):
        problem(await program.get(path), 404, "not_found")
