"""Years of work of the offices: requests by the law, lists that were brought in, posters."""

import random
from datetime import datetime, timedelta

from bench import figures
from bench.year_rows import CHUNK, Sql
from campaigns.posters.codes import new_code
from campaigns.posters.store import poster
from campaigns.works.store import work
from db.session import Database
from kit.fold import fold
from staff.model import Member

REQUESTS = 2_000
WORKS = 300
FAULTS = 1_000
POSTERS = 1_500
TOWNS = 570


async def fill(database: Database, sql: Sql, owner: Member, now: datetime) -> None:
    """Add them; the lists were brought in by `owner`."""
    await figures.run_all(database, *_requests(sql, owner.id))
    async with database.write() as session:
        rows = [_work(number, owner.id, now) for number in range(1, WORKS + 1)]
        await session.execute(work.insert(), rows)
        await session.execute(poster.insert(), _posters(owner.id, now))
    found = '[[7, "phone", "import.phone_wrong"]]'
    fault = "INSERT INTO long_work_fault (work_id, line, found)"
    await figures.run_all(database, f"{fault} SELECT 1, id, '{found}' FROM {sql.numbers(FAULTS)}")


def _requests(sql: Sql, member: int) -> list[str]:
    """One in three is done."""
    words = sql.sealed("Pidió ver sus datos", "words")
    on = sql.day_ago("id % 40")
    return [
        "INSERT INTO rights_request (id, contact_id, kind, way, identity, state, received_on,"
        " counted_from, due_on, extended, member_id, version)"
        " SELECT id, id, CASE id % 2 WHEN 0 THEN 'access' ELSE 'opposition' END, 'window',"
        " 'document', CASE id % 3 WHEN 0 THEN 'done' ELSE 'open' END,"
        f" {on}, {on}, CASE WHEN id % 3 > 0 THEN {on} END, false, {member}, 1"
        f" FROM {sql.numbers(REQUESTS)}",
        "INSERT INTO rights_entry (contact_id, request_id, act, at, member_id, words)"
        f" SELECT id, id, 'received', {sql.ago('id * 600')}, {member}, {words}"
        f" FROM {sql.numbers(REQUESTS)}",
    ]


def _work(number: int, member: int, now: datetime) -> dict[str, object]:
    at = now - timedelta(hours=number)
    rows = {"read": 20_000, "created": 19_000, "updated": 0, "rejected": FAULTS, "faults": FAULTS}
    return rows | {
        "id": number,
        "kind": "import",
        "member_id": member,
        "state": "done",
        "step": "bring",
        "name": "lista.csv",
        "size": 1_000_000,
        "lines": 20_000,
        "pieces": 4,
        "header": "phone,language",
        "newest": 0,
        "more_faults": 0,
        "piece": 4,
        "line": 20_000,
        "created_at": at,
        "started_at": at,
        "ended_at": at,
        "has_file": False,
        "tries": 0,
    }


def _posters(member: int, now: datetime) -> list[dict[str, object]]:
    chance = random.Random(22)
    codes: set[str] = set()
    while len(codes) < min(POSTERS, CHUNK):
        codes.add(new_code(chance.randrange))
    return [
        {
            "code": code,
            "language": "es",
            "clave": 20_001 + number % TOWNS,
            "region": "mixteca",
            "programme": "",
            "label": f"Biblioteca {number}",
            "words": fold(f"Biblioteca {number}"),
            "made_at": now - timedelta(hours=number),
            "made_by": member,
        }
        for number, code in enumerate(sorted(codes))
    ]
