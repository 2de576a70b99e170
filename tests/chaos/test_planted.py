"""Each of ten faults, planted one at a time, turns the audit red by the rule that it breaks.

The same evening, and the same two clocks and two workers, without a fault are green.
"""

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL

from db.session import Database
from tests.chaos.audit import Violation
from tests.chaos.evening import evening
from tests.chaos.pair import both
from tests.chaos.plants import ALONE, TOGETHER, WITHOUT_KEY
from tests.databases import Postgres, sqlite_database

pytestmark = pytest.mark.xdist_group("cluster")


async def fresh(folder: Path) -> Database:
    """An empty SQLite file that nobody has open."""
    database = await sqlite_database(folder)
    await database.close()
    return database


def said(violations: list[Violation]) -> str:
    kinds = Counter(one.rule.name for one in violations)
    first = {one.rule: str(one) for one in reversed(violations)}
    return "\n".join([str(dict(kinds)), *first.values()]) if violations else "nothing"


async def test_an_evening_without_a_fault_is_in_order(tmp_path: Path) -> None:
    violations = await evening((await fresh(tmp_path)).writer.url)
    assert not violations, said(violations)


@pytest.mark.parametrize("fault", ALONE)
async def test_a_fault_of_one_process_is_found(
    fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant, rule = ALONE[fault]
    database = await fresh(tmp_path)
    if fault == "no unique key on run and contact":
        async with database.write() as session:
            await session.execute(text(WITHOUT_KEY))
        await database.close()
    plant(monkeypatch)
    violations = await evening(database.writer.url)
    print(said(violations))
    assert rule in {one.rule for one in violations}, said(violations)


async def test_two_clocks_and_two_workers_without_a_fault_are_in_order(postgres: Postgres) -> None:
    violations = await both(await postgres.fresh())
    assert not violations, said(violations)


@pytest.mark.parametrize("fault", TOGETHER)
async def test_a_fault_between_processes_is_found(
    fault: str, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    url: URL = await postgres.fresh()
    plant, rule = TOGETHER[fault]
    plant(monkeypatch)
    violations = await both(url)
    print(said(violations))
    assert rule in {one.rule for one in violations}, said(violations)
