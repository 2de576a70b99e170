"""Whatever comes, the API says what is wrong with it; nothing of it is a fault of ours."""

import json
from collections.abc import AsyncIterator, Iterator

import pytest
from httpx import ASGITransport, AsyncClient, Response
from sqlalchemy import func, select

from campaigns import store
from campaigns.written.document import MOST_BYTES
from console.api.bodies import MOST_JSON
from console.api.imports import MOST_CSV
from console.api.pages import mark
from console.api.routes import PREFIX
from db.session import Database
from tests.stores.api_rig import DOCUMENT, Program, a_program, problem
from tests.stores.campaign_people import a_member

AS_JSON = {"Content-Type": "application/json"}
AS_YAML = {"Content-Type": "application/yaml"}
DEEP = 100_000


@pytest.fixture
async def program(database: Database) -> Program:
    return await a_program(database, await a_member(database, 1))


async def send(program: Program, path: str, content: str | bytes, kind: str) -> Response:
    headers = {"Content-Type": kind}
    return await program.ask("POST", path, content=content, headers=headers)


NO_JSON: tuple[tuple[str | bytes, int], ...] = (
    (b"", 400),
    (b" ", 400),
    (b"{", 400),
    (b"nul", 400),
    (b"{'audience': 'tag:x'}", 400),
    (b"\xff\xfe\x00", 400),
    (json.dumps({"audience": "tag:x"}).encode("utf-16"), 400),
    (b'{"audience": "tag:se\xf1al"}', 400),
    (b'\xef\xbb\xbf{"audience": "tag:x"}', 400),
    (b'{"audience": NaN}', 400),
    (b'{"audience": -Infinity}', 400),
    (b'{"audience": "tag:x", "audience": "tag:y"}', 400),
    (b'{"audience": ' + b"1" * 5_000 + b"}", 400),
    (b"[" * 20_000, 400),
    (b"[" * 20_000 + b"]" * 20_000, 400),
    (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, 400),
    (b"null", 422),
    (b"[]", 422),
    (b"{}", 422),
    (b'"tag:x"', 422),
    (b'{"audience": 1}', 422),
    (b'{"audience": 1e400}', 422),
    (b'{"audience": null}', 422),
    (b'{"audience": ["tag:x"]}', 422),
    (b'{"audience": "tag:x", "more": 1}', 422),
    (b'{"audience": "tag:\\u0000"}', 422),
    (b'{"audience": "tag:\\ud800"}', 422),
    (b'{"audience": "topic:\\"fr\\u0000aud\\""}', 422),
    (b'{"audience": ""}', 422),
    (b'{"audience": "' + b"(" * 4_000 + b'"}', 422),
    (b'{"audience": "' + b"not " * 12_000 + b'"}', 422),
    (b'{"audience": "received:99999999999999999999999"}', 422),
    (b'{"audience": "origin:99999999999999999999999"}', 422),
    (b'{"audience": "joined:>9999-12-31"}', 422),
    ('{"audience": "tag:' + "٣" * 9 + '"}', 422),
)


async def test_a_body_that_is_no_json_of_ours_is_refused(program: Program) -> None:
    for content, status in NO_JSON:
        answer = await send(program, "/audiences/count", content, "application/json")
        assert answer.status_code == status, (content[:40], answer.text)
        if status >= 400:
            assert answer.headers["content-type"] == "application/problem+json"


async def test_where_json_ends_is_told(program: Program) -> None:
    answer = await send(program, "/audiences/count", '{\n "audience": }', "application/json")
    errors = problem(answer, 400, "malformed")["errors"]
    assert isinstance(errors, list)
    assert (errors[0]["line"], errors[0]["column"]) == (2, 14)


def no_documents() -> Iterator[tuple[str, bytes]]:
    """Content types, and what is no campaign in them."""
    for kind in ("application/json", "application/yaml"):
        for name in ("title", "audience", "reason"):
            for escape in ("\\u0000", "\\ud800", "\\u0007"):
                whole = json.dumps({**DOCUMENT, name: "topic:fraud HERE"})
                yield kind, whole.replace("HERE", escape).encode()
        texts = {"es": {"text": "Hola HERE"}}
        yield kind, json.dumps({**DOCUMENT, "content": texts}).replace("HERE", "\\u0000").encode()
        yield kind, b""
        yield kind, b"[]"
        yield kind, b"\xff"
        yield kind, b"\0"
        yield kind, b"[" * DEEP
        yield kind, b"{" * DEEP
        yield kind, b'{"a":' * DEEP
        yield kind, json.dumps({**DOCUMENT, "title": ["x"] * 20_000}).encode()
        yield kind, json.dumps({**DOCUMENT, "title": None}).encode()
        yield kind, json.dumps({**DOCUMENT, "stale_after": 10**400}).encode()
        yield kind, json.dumps({**DOCUMENT, "channels": {}, "content": [], "cohort": {}}).encode()
    yield "application/json", json.dumps(DOCUMENT).replace("}", ',"title":"y"}').encode()
    yield "application/json", b"title: Fraudes\n"
    yield "application/yaml", b"a: &a [x]\nb: *a\n"
    yield "application/yaml", b"title: !!python/object/apply:os.system [ls]\n"
    yield "application/yaml", b"a: b: c\n"
    yield "application/yaml", b"- " * DEEP


async def test_a_document_that_is_no_campaign_is_refused_and_nothing_kept(
    database: Database, program: Program
) -> None:
    for kind, content in no_documents():
        answer = await send(program, "/campaigns", content, kind)
        assert answer.status_code in (400, 422), (kind, content[:60], answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(store.campaign)) == 0


async def test_more_than_is_taken_is_refused(program: Program) -> None:
    sizes = (
        ("/campaigns", "application/yaml", MOST_BYTES),
        ("/campaigns/preview", "application/json", MOST_BYTES),
        ("/audiences/count", "application/json", MOST_JSON),
        ("/campaigns/1/approve", "application/json", MOST_JSON),
        ("/imports", "text/csv", MOST_CSV),
    )
    for path, kind, most in sizes:
        answer = await send(program, path, b" " * (most + 1), kind)
        problem(answer, 413, "too_large")
        assert (await send(program, path, b" " * most, kind)).status_code in (400, 404, 422), path


async def test_a_body_that_says_it_is_too_large_is_not_waited_for(program: Program) -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield b" " * 10_000

    headers = {"Authorization": f"Bearer {program.token}", **AS_JSON}
    transport = ASGITransport(program.app)
    async with AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        declared = {**headers, "Content-Length": "9" * 30}
        url = f"{PREFIX}/audiences/count"
        answer = await client.post(url, content=endless(), headers=declared)
        problem(answer, 413, "too_large")
        assert taken == 0
        answer = await client.post(url, content=endless(), headers=headers)
        problem(answer, 413, "too_large")
        assert taken <= MOST_JSON // 10_000 + 2


NO_TYPES = (
    "", "text/plain", "application/xml", "application/json; charset=latin-1", "application/json/x",
    "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", ";", "\x7f", "x" * 500,
)  # fmt: skip


async def test_a_body_of_another_type_is_refused(program: Program) -> None:
    for path in ("/campaigns", "/audiences/count", "/imports", "/campaigns/1/test"):
        for kind in NO_TYPES:
            problem(await send(program, path, json.dumps(DOCUMENT), kind), 415, "media_type")
    packed = {**AS_JSON, "Content-Encoding": "gzip"}
    answer = await program.ask("POST", "/campaigns", content=b"\x1f\x8b", headers=packed)
    problem(answer, 415, "media_type")


NO_IDS = ("0", "-1", "1.5", "1e3", "x", "%00", "%20", "9" * 19, "9" * 400, "9" * 5_000, "١", "null")


async def test_an_id_that_is_none_is_refused(program: Program) -> None:
    for written in NO_IDS:
        for path in ("/campaigns/{}", "/campaigns/{}/report", "/contacts/{}"):
            problem(await program.get(path.format(written)), 422, "invalid")
        problem(await program.post(f"/campaigns/{written}/approve"), 422, "invalid")
        problem(await program.get(f"/campaigns/1/compare?other={written}"), 422, "invalid")
    largest = str(2**63 - 1)
    problem(await program.get(f"/campaigns/{largest}"), 404, "not_found")
    problem(await program.get(f"/contacts/{largest}"), 404, "not_found")


async def test_what_was_sent_is_not_repeated(program: Program) -> None:
    phone = "2135550101"
    answers = [
        await program.get(f"/campaigns/{phone}x"),
        await program.get(f"/campaigns?limit={phone}&cursor={phone}&state={phone}"),
        await program.get(f"/x{phone}"),
        await send(program, "/audiences/count", f'{{"{phone}": {phone}}}', "application/json"),
        await send(program, "/audiences/count", f"{{{phone}", "application/json"),
        await send(program, "/campaigns", "{}", f"text/x-{phone}"),
    ]
    for answer in answers:
        assert answer.status_code >= 400
        assert phone not in answer.text


NO_CURSORS = (
    "", "x", "%00", "é", "=" * 10, "A" * 200, "A" * 201, "WzFd", "e30", "bnVsbA", "W10",
    mark("campaigns"), mark("campaigns", 1, 2), mark("contacts", 1), mark("campaigns", "1"),
    mark("campaigns", -1), mark("campaigns", 2**63), mark("campaigns", 10**90),
    mark("campaigns", True),
)  # fmt: skip


async def test_a_cursor_of_another_list_or_of_none_is_refused(program: Program) -> None:
    for written in NO_CURSORS:
        problem(await program.get(f"/campaigns?cursor={written}"), 422, "invalid")
    for path in ("/audiences", "/contacts", "/campaigns/1/report"):
        problem(await program.get(f"{path}?cursor={mark('campaigns', 1)}"), 422, "invalid")
    problem(await program.get(f"/audiences?cursor={mark('audiences', 5)}"), 422, "invalid")
    for limit in ("0", "201", "-1", "x", "", "9" * 400):
        problem(await program.get(f"/campaigns?limit={limit}"), 422, "invalid")


async def test_headers_of_any_kind_do_no_harm(program: Program) -> None:
    for name in ("Accept-Language", "Accept", "Origin", "X-Forwarded-For", "If-None-Match"):
        for value in ("", "\x7f", "é" * 100, "*", ";q=1,;;,q=NaN", "en;q=nan", "x" * 8_000):
            answer = await program.ask("GET", "/campaigns", headers={name: value})
            assert answer.status_code == 200, (name, value[:20])


async def test_a_database_that_cannot_hold_a_sign_is_not_a_fault_of_ours(program: Program) -> None:
    for name in ("%00", "a%00b", "%ff", "é", "%ED%A0%80", "x" * 41, "x" * 5_000, "..%2f..", "%20"):
        answer = await program.get(f"/audiences/{name}")
        assert answer.status_code in (404, 422), name
        answer = await program.ask("PUT", f"/audiences/{name}", document={"expression": "tag:x"})
        assert answer.status_code in (404, 422), name
