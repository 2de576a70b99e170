"""The handset of a whole trial: the clock that goes back, the phones on duty, and the demo."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest_asyncio
from sqlalchemy import select

from app import demo
from app.put_back import AS_THEY_ARE
from app.schema import metadata
from db.columns import Instant
from staff.audit import chain
from staff.model import Role
from tests.console_stage import Console, console_stage
from tests.plain import PLAIN

DAY = 24 * 60


class Desk:
    """Somebody at the page of the phones."""

    def __init__(self, console: Console, http: httpx.AsyncClient) -> None:
        self.console = console
        self.http = http

    async def do(self, path: str, body: object) -> httpx.Response:
        answer = await self.http.post(f"/handset/{path}", json=body)
        await self.console.platform.settle()
        return answer

    async def said(self, phone: int) -> str:
        lines = (await self.http.get("/handset/state")).json()["lines"]
        return "\n".join(line["text"] for line in lines if line["phone_id"] == phone)


@pytest_asyncio.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with (
        console_stage(tmp_path) as console,
        httpx.AsyncClient(base_url=console.url, timeout=30, verify=PLAIN) as http,
    ):
        yield Desk(console, http)


async def test_a_clock_that_was_put_back_leaves_no_case_waiting(desk: Desk) -> None:
    console = desk.console
    sos = {"channel": "telegram", "text": "SOS"}
    await desk.do("phones/1/text", sos)
    await desk.do("clock", {"minutes": 3})
    await desk.do("clock", {"minutes": DAY})
    await desk.do("phones/2/text", sos)
    async with console.database.write() as session:
        assert await chain.seal(session, console.clock.now())
    answer = await desk.do("clock/back", {})
    assert answer.json()["moved_minutes"] == 0
    assert not console.clock.offset

    # What happened in the moved time has happened by now.
    now = console.clock.now()
    async with console.database.read() as session:
        for table in metadata.sorted_tables:
            past = [
                column
                for column in table.columns
                if isinstance(column.type, Instant)
                and table.name not in AS_THEY_ARE
                and column.name in ("at", "created_at", "opened_at", "settled_at", "arrived_at")
            ]
            for column in past:
                assert not await session.all(select(column).where(column > now)), column

    # The second case is five minutes from its next page, and not a day and five minutes.
    before = (await desk.said(4)).count("GUARDIA")
    await desk.do("clock", {"minutes": 6})
    assert (await desk.said(4)).count("GUARDIA") > before
    async with console.database.read() as session:
        assert (await chain.verify(session)).faults == 0

    # Twice is once; and a clock that is right stays as it is.
    for _ in range(2):
        assert (await desk.do("clock/back", {})).is_success
    assert not console.clock.offset


async def test_a_phone_goes_on_duty_is_called_and_leaves_when_it_may(desk: Desk) -> None:
    async def duty(phone: int, *, on: bool) -> httpx.Response:
        return await desk.do(f"phones/{phone}/duty", {"on_duty": on})

    assert (await duty(2, on=True)).json()["on_duty"] is True
    assert (await duty(2, on=True)).json()["on_duty"] is True
    assert (await desk.do("phones/2/remove", {})).status_code == 409
    for guard in (3, 4):
        assert (await duty(guard, on=False)).json()["on_duty"] is False
    # The last one stays, for a call for help must wake somebody.
    assert (await duty(2, on=False)).status_code == 409
    await desk.do("phones/1/text", {"channel": "sms", "text": "SOS"})
    assert "GUARDIA: caso" in await desk.said(2)
    assert await desk.said(3) == ""
    assert (await duty(3, on=True)).json()["on_duty"] is True
    folio = (await desk.said(2)).partition("GUARDIA: caso ")[2][:6]
    await desk.do("phones/2/text", {"channel": "telegram", "text": f"A {folio}"})
    assert (await duty(2, on=False)).status_code == 409


async def test_the_demo_is_filled_once_and_has_something_for_everybody(desk: Desk) -> None:
    console = desk.console
    assert await demo.fill(console.platform)
    state = (await desk.http.get("/handset/state")).json()
    assert not await demo.fill(console.platform)
    again = (await desk.http.get("/handset/state")).json()
    assert [phone["name"] for phone in again["phones"]] == [one["name"] for one in state["phones"]]
    names = {person.phone for person in demo.PEOPLE}
    assert names < {phone["name"] for phone in state["phones"]}
    assert all(phone["number"].startswith("+121355501") for phone in state["phones"])
    assert sum(phone["on_duty"] for phone in state["phones"]) == 2
    async with console.browser(Role.DUTY) as browser:
        board = (await browser.get("/casos")).text
    assert board.count("/casos/") >= 2
    async with console.browser(Role.COORDINATOR) as browser:
        campaigns = (await browser.get("/campanas")).text
    assert "Cuidado con quien cobra por una visa" in campaigns
    assert "Para quien vive en Estados Unidos" in campaigns
    async with console.browser(Role.COORDINATOR) as browser:
        assert "permiso humanitario" in (await browser.get("/mensajes")).text
