"""The audit as its page asks for it: by day, by whom, as a file, and its chain walked beside."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from db.session import Database
from kit.errors import Refused
from staff import store
from staff.audit import reading
from staff.audit.chain import seal
from staff.model import Role
from tests.console_stage import Browser, Console, console_stage

DAY = timedelta(days=1)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Console]:
    async with console_stage(tmp_path) as opened:
        yield opened


async def written(stage: Console, *lines: tuple[int | None, str, str, int]) -> None:
    """Lines of so many days ago, the oldest first."""
    async with stage.database.write() as session:
        for who, act, about, ago in lines:
            await store.log(session, who, act, about, stage.clock.now() - ago * DAY)


async def test_lines_are_found_by_day_person_thing_and_page_by_page(stage: Console) -> None:
    auditor, duty = await stage.member(Role.AUDITOR), await stage.member(Role.DUTY)
    now = stage.clock.now()
    await written(
        stage,
        *((duty.id, "case.show", f"case-{ago}", ago) for ago in range(9, 0, -1)),
        (None, "warnings.publish", "campaign:3", 0),
    )

    async def found(**wanted: Any) -> list[str]:
        async with stage.database.read() as session:
            lines = await reading.lines(session, auditor, **wanted)
        return [line.about for line in lines]

    within = {"since": now - 5 * DAY - DAY / 2, "until": now - 3 * DAY + DAY / 2}
    assert await found(**within) == ["case-3", "case-4", "case-5"]
    assert await found(**within, act="case.show", limit=2) == ["case-3", "case-4"]
    assert await found(**within, member_id=auditor.id) == []
    assert await found(since=now + DAY) == []
    assert await found(until=now - 30 * DAY) == []
    assert (await found(member_id=reading.MACHINE))[0] == "campaign:3"
    async with stage.database.read() as session:
        with pytest.raises(Refused):
            await reading.chain(session, duty)
        with pytest.raises(Refused):
            await reading.last_check(session, duty)


async def test_the_page_and_its_file_say_the_same_and_no_name(stage: Console) -> None:
    duty = await stage.member(Role.DUTY)
    await written(stage, *((duty.id, "case.show", "=cmd", 0) for _line in range(51)))
    async with stage.browser(Role.AUDITOR) as browser:
        page = (await browser.get(f"/auditoria?acto=case.show&quien={duty.id}")).text
        assert page.count("Leyó el caso</strong>") == 50
        assert duty.pseudonym in page
        assert duty.name not in page
        assert "Más antiguo" in page
        wrong = ("quien=x", f"quien={'9' * 400}", "desde=2026-13-01", "hasta=%FF", "antes=-1")
        for odd in (*wrong, "cosa=%00", "acto=%00", f"cosa={'x' * 400}"):
            assert (await browser.get(f"/auditoria?{odd}")).status_code == 200
        got = await browser.get("/auditoria.csv?acto=case.show")
        rows = list(csv.DictReader(io.StringIO(got.text.removeprefix("\ufeff"))))
    assert len(rows) == 51
    assert {row["what"] for row in rows} == {"Leyó el caso"}
    assert {row["about"] for row in rows} == {"'=cmd"}
    assert duty.name not in got.text
    async with stage.browser(Role.ADMIN) as browser:
        page = (await browser.get("/auditoria")).text
    assert "Descargó renglones de la auditoría" in page
    # Who manages staff knows who it is.
    assert "Auditora Inventada" in page


async def checked(browser: Browser) -> str:
    """What the page says once the walk is over."""
    await browser.post("/auditoria/comprobar")
    for _look in range(100):
        said = (await browser.get("/auditoria/cadena", **{"HX-Request": "true"})).text
        if "Comprobando" not in said:
            return said
        await asyncio.sleep(0.05)
    raise AssertionError("the walk did not end")


async def test_a_walk_through_the_chain_says_what_it_found(stage: Console) -> None:
    await written(stage, *((None, "case.show", f"{place}", 0) for place in range(1_200)))
    await sealed(stage.database, stage)
    async with stage.browser(Role.AUDITOR) as browser:
        assert "Nadie la ha comprobado" in (await browser.get("/auditoria")).text
        assert "La cadena está completa" in await checked(browser)
        async with stage.database.write() as session:
            await session.execute(text("DROP TRIGGER audit_stays"))
            await session.execute(text("UPDATE audit SET about = 'other' WHERE position = 7"))
        said = await checked(browser)
        assert "Algo cambió" in said
        assert "ya no dice lo mismo que cuando se guardó" in said
        assert "Algo cambió" in (await browser.get("/auditoria")).text


async def sealed(database: Database, stage: Console) -> None:
    done = 1
    while done:
        async with database.write() as session:
            done = await seal(session, stage.clock.now())
