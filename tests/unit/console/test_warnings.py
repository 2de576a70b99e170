"""`/avisos.atom` and the page of each warning, as a machine that follows them sees them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from xml.etree import ElementTree

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response

from campaigns.warnings import store
from campaigns.warnings.model import Bulletin
from console.headers import SecurityHeaders
from console.warnings import warning_routes
from db.session import Database
from kit.clock import Clock
from tests.unit.campaigns.bulletins import ALERT, CANCEL, ISSUER, UPDATE
from tests.unit.campaigns.cap_schema import broken_rules, problems

ATOM = "{http://www.w3.org/2005/Atom}"
FEED = "/avisos.atom"
PAGE = "/avisos/12.cap.xml"
NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)


class Stopped(Clock):
    """A clock that stands still."""

    def __init__(self, at: datetime) -> None:
        super().__init__()
        self._at = at

    def now(self) -> datetime:
        return self._at


CLOCK = Stopped(NOW)
ISSUED = replace(ALERT, sent=NOW - timedelta(hours=2), expires=NOW + timedelta(hours=40))
NEWER = replace(UPDATE, sent=NOW - timedelta(hours=1), expires=NOW + timedelta(hours=40))
LAST = replace(CANCEL, sent=NOW - timedelta(minutes=5), expires=NOW + timedelta(hours=40))


async def publish(database: Database, *bulletins: Bulletin) -> None:
    """Each takes the place of the one before it."""
    async with database.write() as session:
        for bulletin in bulletins:
            earlier = await store.latest(session, bulletin.campaign_id)
            await store.add(session, bulletin, earlier)


def as_bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode()


async def ask(
    database: Database,
    path: str,
    method: str = "GET",
    *,
    clock: Clock = CLOCK,
    headers: Mapping[str, str | bytes] | None = None,
) -> Response:
    app = FastAPI()
    app.add_middleware(SecurityHeaders)
    app.include_router(warning_routes(database, clock, ISSUER))
    async with AsyncClient(transport=ASGITransport(app), base_url="http://127.0.0.1") as client:
        sent = [(name.encode(), as_bytes(value)) for name, value in (headers or {}).items()]
        return await client.request(method, path, headers=sent)


def names(feed: Response) -> list[str]:
    entries = ElementTree.fromstring(feed.content).findall(f"{ATOM}entry")
    links = [link for entry in entries for link in entry.findall(f"{ATOM}link")]
    return [link.attrib["href"].rpartition("/")[2] for link in links]


async def test_whoever_follows_the_feed_finds_each_warning_as_cap(database: Database) -> None:
    await publish(database, ISSUED)
    feed = await ask(database, FEED)
    assert feed.status_code == 200
    assert feed.headers["content-type"] == "application/atom+xml; charset=utf-8"
    (entry,) = ElementTree.fromstring(feed.content).findall(f"{ATOM}entry")
    link = entry.find(f"{ATOM}link")
    assert link is not None
    address = link.attrib["href"]
    assert address.startswith(ISSUER.url)
    page = await ask(database, address.removeprefix(ISSUER.url))
    assert page.status_code == 200
    assert page.headers["content-type"] == "application/cap+xml"
    assert problems(page.content) == []
    assert broken_rules(page.content) == []
    assert page.headers["x-content-type-options"] == "nosniff"


async def test_a_feed_without_warnings_is_there_too(database: Database) -> None:
    feed = await ask(database, FEED)
    assert feed.status_code == 200
    assert names(feed) == []
    assert "last-modified" in feed.headers


async def test_the_newest_message_stands_in_the_feed_and_the_older_ones_at_their_pages(
    database: Database,
) -> None:
    await publish(database, ISSUED, NEWER)
    assert names(await ask(database, FEED)) == ["12-2.cap.xml"]
    await publish(database, LAST)
    assert names(await ask(database, FEED)) == ["12-3.cap.xml"]
    for name in ("12", "12-2", "12-3"):
        assert (await ask(database, f"/avisos/{name}.cap.xml")).status_code == 200


NO_NAMES = (
    "13", "0", "012", "12-1", "12-02", "12-9", "-1", "12-", "1e3", "a", "%20", "12%0A", "١٢",
    "9" * 18, "9" * 400, "..%2f..%2fetc%2fpasswd", "12.cap.xml", "12;", "12'--",
)  # fmt: skip


async def test_a_name_that_is_none_is_not_found(database: Database) -> None:
    await publish(database, ISSUED)
    for name in NO_NAMES:
        answer = await ask(database, f"/avisos/{name}.cap.xml")
        assert answer.status_code == 404, name


@pytest.mark.parametrize("path", [FEED, PAGE])
async def test_whoever_has_it_already_is_told_so(database: Database, path: str) -> None:
    await publish(database, ISSUED)
    first = await ask(database, path)
    etag, dated = first.headers["etag"], first.headers["last-modified"]
    assert parsedate_to_datetime(dated) == ISSUED.sent
    for headers in (
        {"If-None-Match": etag},
        {"If-None-Match": f'"x", W/{etag}'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": dated},
        {"If-None-Match": etag, "If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
    ):
        again = await ask(database, path, headers=headers)
        assert (again.status_code, again.content) == (304, b""), headers
        assert again.headers["etag"] == etag
        assert again.headers["cache-control"] == first.headers["cache-control"]


@pytest.mark.parametrize("path", [FEED, PAGE])
async def test_whoever_has_something_else_gets_it_whole(database: Database, path: str) -> None:
    await publish(database, ISSUED)
    dated = format_datetime(ISSUED.sent - timedelta(seconds=1), usegmt=True)
    sent: tuple[dict[str, str | bytes], ...] = (
        {},
        {"If-None-Match": '"x"'},
        {"If-None-Match": ""},
        {"If-Modified-Since": dated},
        {"If-Modified-Since": "mañana".encode()},
        {"If-Modified-Since": ""},
        {"If-Modified-Since": "Mon, 99 Nov 9999 99:99:99 GMT"},
        {"If-Modified-Since": "Sun, 01 Jan 0000 00:00:00 -9999"},
        # An entity tag goes before a date.
        {"If-None-Match": '"x"', "If-Modified-Since": format_datetime(NOW, usegmt=True)},
    )
    for headers in sent:
        answer = await ask(database, path, headers=headers)
        assert answer.status_code == 200, headers
        assert answer.content


async def test_a_new_message_ends_what_was_known_of_the_feed(database: Database) -> None:
    await publish(database, ISSUED)
    first = await ask(database, FEED)
    await publish(database, NEWER)
    for headers in (
        {"If-None-Match": first.headers["etag"]},
        {"If-Modified-Since": first.headers["last-modified"]},
    ):
        assert (await ask(database, FEED, headers=headers)).status_code == 200


async def test_an_expired_warning_leaves_the_feed_for_those_who_ask_by_date_too(
    database: Database,
) -> None:
    await publish(database, ISSUED)
    first = await ask(database, FEED)
    later = Stopped(NOW + timedelta(hours=41))
    for headers in (
        {"If-None-Match": first.headers["etag"]},
        {"If-Modified-Since": first.headers["last-modified"]},
    ):
        answer = await ask(database, FEED, clock=later, headers=headers)
        assert (answer.status_code, names(answer)) == (200, [])
    assert (await ask(database, PAGE, clock=later)).status_code == 200


async def test_a_feed_that_changed_within_this_second_has_no_date_yet(
    database: Database,
) -> None:
    await publish(database, ISSUED)
    half = timedelta(milliseconds=500)
    first = await ask(database, FEED, clock=Stopped(ISSUED.sent + half))
    assert "last-modified" not in first.headers
    await publish(database, replace(NEWER, campaign_id=13, sent=ISSUED.sent))
    dated = {"If-Modified-Since": format_datetime(ISSUED.sent, usegmt=True)}
    soon = Stopped(ISSUED.sent + half)
    assert (await ask(database, FEED, clock=soon, headers=dated)).status_code == 200


@pytest.mark.parametrize("path", [FEED, PAGE])
async def test_head_is_answered_as_get_is(database: Database, path: str) -> None:
    await publish(database, ISSUED)
    got, head = await ask(database, path), await ask(database, path, "HEAD")
    assert head.status_code == 200
    assert head.headers["etag"] == got.headers["etag"]
    assert (await ask(database, path, "POST")).status_code == 405
