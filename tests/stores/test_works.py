"""Long work: whoever takes it up goes on where another was ended, and one is at it at a time."""

import asyncio
import secrets
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryFile

import pytest
from sqlalchemy import LargeBinary, func, select, type_coerce

from campaigns.works import doing, keeping, service, store, tick
from campaigns.works.doing import handle_work
from campaigns.works.keeping import Sender, take_in
from campaigns.works.model import (
    MOST_AT_ONCE,
    SHOWN_FOR,
    TRIES,
    UNDECIDED_FOR,
    Counts,
    State,
    Step,
    Work,
)
from contacts import importing
from contacts import store as contacts
from contacts.csv_import import COLUMNS
from contacts.merging import Sorted
from db.session import Database
from kit.channels import Channel, Endpoint
from kit.checkpoints import Checkpoints
from kit.clock import Clock
from kit.errors import Invalid, NotFound, Refused
from staff import service as staff
from staff import store as members
from staff.audit.store import audit
from staff.model import Member, Role
from tests.databases import sqlite_database

HEADER = ",".join(COLUMNS)
CONSENT = "2026-03-01,Hoja 12"


class Pulled(Exception):
    """The plug was."""


@dataclass
class Desk:
    """Somebody who imports, and the process that does it."""

    database: Database
    clock: Clock
    member: Member

    async def send(self, *rows: str, token: str = "", header: str = HEADER) -> int | None:
        data = "\n".join([header, *rows]) + "\n"
        with TemporaryFile() as file:
            file.write(data.encode())
            file.flush()
            sender = Sender(self.member, "gente.csv", token or secrets.token_urlsafe(8))
            return await take_in(self.database, self.clock, sender, file)

    async def sent(self, *rows: str) -> int:
        made = await self.send(*rows)
        assert made is not None
        return made

    async def work(self, work_id: int) -> None:
        await handle_work(self.database, self.clock, str(work_id))

    async def until_over(self, work_id: int) -> Work:
        for _turn in range(100):
            await self.work(work_id)
            found = await self.look(work_id)
            if not found.is_under_way:
                return found
        raise AssertionError("it never ends")

    async def look(self, work_id: int) -> Work:
        async with self.database.read() as session:
            return await service.seen_by(session, self.member, work_id)

    async def bring(self, work_id: int) -> None:
        async with self.database.write() as session:
            await service.bring(session, self.member, work_id, self.clock.now())

    async def stop(self, work_id: int) -> bool:
        async with self.database.write() as session:
            return await service.stop(session, self.member, work_id, self.clock.now())

    async def faults(self, work_id: int) -> list[tuple[int, str]]:
        async with self.database.read() as session:
            found, _more = await service.faults(session, self.member, work_id, 0, 1_000)
        return [(one.line, one.column) for one in found]

    async def count(self) -> int:
        async with self.database.read() as session:
            return int(await session.scalar(select(func.count()).select_from(contacts.contact)))

    async def pieces(self) -> int:
        async with self.database.read() as session:
            return int(await session.scalar(select(func.count()).select_from(store.piece)))


async def member_of(database: Database, clock: Clock, role: Role, chat: int) -> Member:
    async with database.write() as session:
        await staff.add(
            session,
            name="Persona Inventada",
            email=f"{chat}@example.org",
            role=role,
            endpoints=[Endpoint(Channel.TELEGRAM, str(chat))],
            now=clock.now(),
            pick=secrets.randbelow,
        )
        found = await members.by_email(session, f"{chat}@example.org")
    assert found is not None
    return found


@pytest.fixture
async def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    monkeypatch.setattr(importing, "BATCH", 10)
    monkeypatch.setattr(keeping, "PIECE_BYTES", 1_000)
    monkeypatch.setattr(keeping, "PAUSE_SECONDS", 0)
    monkeypatch.setattr(doing, "PAUSE", 0)
    database, clock = await sqlite_database(tmp_path), Clock()
    yield Desk(database, clock, await member_of(database, clock, Role.COMMUNICATOR, 900_001))
    await database.close()


@pytest.fixture
def pulled() -> Iterator[Callable[[int], None]]:
    """Pull the plug after so many batches; once."""
    before, left = Checkpoints.visit, [0]

    def visit(name: str) -> None:
        if name == "works.batch" and left[0]:
            left[0] -= 1
            if not left[0]:
                raise Pulled

    Checkpoints.visit = staticmethod(visit)
    yield lambda after: left.__setitem__(0, after)
    Checkpoints.visit = staticmethod(before)


def people(count: int, first: int = 1) -> list[str]:
    return [f",{number},es,,,,,fraud,{CONSENT}" for number in range(first, first + count)]


WRONG = "+12135550101,,klingon,,,,,,,"


async def test_a_file_is_judged_then_brought_in_and_then_gone(desk: Desk) -> None:
    rows = [*people(60), WRONG, "+12135550101,1,,,,,,," + CONSENT, *people(3, first=58)]
    work_id = await desk.sent(*rows)
    async with desk.database.read() as session:
        raw = await session.all(select(type_coerce(store.piece.c.data, LargeBinary).label("data")))
        name = await session.scalar(select(type_coerce(store.work.c.name, LargeBinary)))
    kept = b"".join(bytes(row["data"]) for row in raw)
    assert len(raw) > 2
    assert b"5550101" not in kept
    assert b"gente" not in name

    await desk.work(work_id)
    checked = await desk.look(work_id)
    assert (checked.state, checked.step, checked.name) == (State.CHECKED, Step.CHECK, "gente.csv")
    assert checked.counts == Counts(65, 60, 4, 1, 3, 0)
    assert checked.share == 1
    found = [(62, "language"), (62, "consented_at"), (62, "consent_source")]
    assert await desk.faults(work_id) == found
    assert await desk.count() == 0

    await desk.bring(work_id)
    await desk.bring(work_id)
    done = await desk.until_over(work_id)
    assert (done.state, done.counts) == (State.DONE, checked.counts)
    assert await desk.faults(work_id) == found
    assert await desk.count() == 60
    assert await desk.pieces() == 0
    assert not (await desk.look(work_id)).has_file
    async with desk.database.read() as session:
        acts = [row["act"] for row in await session.all(select(audit).order_by(audit.c.id))]
    assert [act for act in acts if "import" in act] == ["contacts.import.check", "contacts.import"]


async def test_each_row_counts_once_however_often_the_plug_is_pulled(
    desk: Desk, pulled: Callable[[int], None]
) -> None:
    work_id = await desk.sent(*people(95))
    await desk.work(work_id)
    await desk.bring(work_id)
    for after in (3, 1, 2):
        pulled(after)
        with pytest.raises(Pulled):
            await desk.work(work_id)
        before = await desk.look(work_id)
        assert before.state is State.RUNNING
        # Whoever was ended may still be at it, as far as others know.
        await desk.work(work_id)
        assert await desk.look(work_id) == before
        async with desk.database.read() as session:
            assert await store.due(session, desk.clock.now()) == []
        desk.clock.move(store.LASTS)
        async with desk.database.read() as session:
            assert await store.due(session, desk.clock.now()) == [work_id]
    done = await desk.until_over(work_id)
    assert done.state is State.DONE
    assert done.counts == Counts(95, 95, 0, 0, 0, 0)
    assert await desk.count() == 95


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from campaigns.works import doing
from contacts import importing
from db.engine import async_url, open_database
from kit.checkpoints import Checkpoints
from kit.clock import Clock
from tests.databases import keyring

left = 4

def visit(name):
    global left
    left -= name == "works.batch"
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)

importing.BATCH, Checkpoints.visit = 10, staticmethod(visit)
database = open_database(async_url("sqlite:///tequio.db", Path(sys.argv[1])), keyring())
asyncio.run(doing.handle_work(database, Clock(), sys.argv[2]))
"""


async def test_after_kill_nine_another_process_goes_on(desk: Desk, tmp_path: Path) -> None:
    work_id = await desk.sent(*people(95))
    await desk.work(work_id)
    await desk.bring(work_id)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, str(tmp_path), str(work_id), cwd=Path(__file__).parents[2]
    )
    assert await process.wait() == -signal.SIGKILL
    left = (await desk.look(work_id)).counts
    assert left.read == left.created == await desk.count()
    assert 0 < left.read < 95
    desk.clock.move(store.LASTS)
    assert (await desk.until_over(work_id)).counts == Counts(95, 95, 0, 0, 0, 0)
    assert await desk.count() == 95


async def test_a_process_that_lost_its_lease_undoes_what_it_was_at(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    work_id = await desk.sent(*people(60))
    await desk.work(work_id)
    await desk.bring(work_id)
    monkeypatch.setattr(doing, "PAUSE", 0.4)
    slow = asyncio.create_task(desk.work(work_id))
    await asyncio.sleep(0.2)
    assert (await desk.look(work_id)).counts.read == 10
    monkeypatch.setattr(doing, "PAUSE", 0)
    desk.clock.move(store.LASTS)
    assert (await desk.until_over(work_id)).counts == Counts(60, 60, 0, 0, 0, 0)
    await slow
    assert (await desk.look(work_id)).counts == Counts(60, 60, 0, 0, 0, 0)
    assert await desk.count() == 60


async def test_what_was_written_before_a_stop_stays_and_the_file_goes(
    desk: Desk, pulled: Callable[[int], None]
) -> None:
    rows = people(60)
    work_id = await desk.sent(*rows)
    await desk.work(work_id)
    await desk.bring(work_id)
    pulled(2)
    with pytest.raises(Pulled):
        await desk.work(work_id)
    assert await desk.stop(work_id)
    assert not await desk.stop(work_id)
    desk.clock.move(store.LASTS)
    stopped = await desk.until_over(work_id)
    assert (stopped.state, stopped.counts.created) == (State.STOPPED, 20)
    assert (await desk.count(), await desk.pieces()) == (20, 0)
    again = await desk.sent(*rows)
    await desk.work(again)
    assert (await desk.look(again)).counts == Counts(60, 40, 20, 0, 0, 0)


async def test_what_nobody_decides_is_taken_away_and_later_forgotten(desk: Desk) -> None:
    work_id = await desk.sent(*people(5))
    async with desk.database.write() as session:
        half = await service.begin(
            session, desk.member, "", COLUMNS, "another form", desk.clock.now()
        )
    assert half is not None
    await desk.work(work_id)
    for _once in range(2):
        async with desk.database.write() as session:
            await tick.give_up(session, desk.clock.now())
        assert (await desk.look(work_id)).state is State.CHECKED
    desk.clock.move(UNDECIDED_FOR + timedelta(minutes=1))
    async with desk.database.write() as session:
        await tick.give_up(session, desk.clock.now())
    await doing.clear(desk.database)
    for one in (work_id, half):
        assert (await desk.look(one)).state is State.STOPPED
    assert await desk.pieces() == 0
    # Whoever was still storing it is told.
    with pytest.raises(Refused):
        async with desk.database.write() as session:
            await service.arrived(session, half, 1, 1, 1)
    desk.clock.move(SHOWN_FOR + timedelta(minutes=1))
    async with desk.database.write() as session:
        await tick.give_up(session, desk.clock.now())
    with pytest.raises(NotFound):
        await desk.look(work_id)


async def test_work_that_gets_nowhere_or_is_allowed_no_more_ends(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaking_after(judged: list[Sorted]) -> Callable[..., Awaitable[Sorted]]:
        left = iter(judged)

        async def look(*given: object) -> Sorted:
            for found in left:
                return found
            raise OSError

        return look

    broken_one = await desk.sent(*people(3 * importing.BATCH))
    with monkeypatch.context() as patch:
        # Also when it noted how far it was before it broke: it begins anew each time.
        patch.setattr(doing, "NOTED_EVERY", 0.0)
        for turn in range(TRIES):
            judged = [Sorted({}, {}, (), 0)] * min(turn, 2)
            patch.setattr(doing, "look", breaking_after(judged))
            with pytest.raises(OSError):
                await desk.work(broken_one)
            desk.clock.move(store.LASTS)
    failed = await desk.until_over(broken_one)
    assert (failed.state, failed.why) == (State.FAILED, "works.why.broken")

    other = await desk.sent(*people(5))
    async with desk.database.write() as session:
        await members.change(session, desk.member.id, {"active": False})
    gone = await desk.until_over(other)
    assert (gone.state, gone.why) == (State.FAILED, "works.why.not_allowed")
    assert await desk.count() == 0


async def test_everybody_sees_their_own_and_nobody_has_too_many(desk: Desk) -> None:
    work_id = await desk.sent(*people(3))
    with pytest.raises(Refused):
        await desk.bring(work_id)
    duty = await member_of(desk.database, desk.clock, Role.DUTY, 900_002)
    other = await member_of(desk.database, desk.clock, Role.ADMIN, 900_003)
    for member in (duty, other):
        theirs = replace(desk, member=member)
        with pytest.raises(NotFound):
            await theirs.look(work_id)
        with pytest.raises(NotFound):
            await theirs.stop(work_id)
        with pytest.raises(NotFound):
            await theirs.faults(work_id)
    with pytest.raises(Refused):
        await replace(desk, member=duty).send(*people(1))
    with pytest.raises(NotFound):
        await replace(desk, member=other).bring(work_id)
    # A file of which no row can be read leaves nothing behind.
    with pytest.raises(Invalid):
        await desk.send(*people(1), header="nombre,apellido")
    assert await desk.send(*people(1), token="one form") is not None
    assert await desk.send(*people(1), token="one form") is None
    await desk.sent(*people(1))
    with pytest.raises(Refused):
        await desk.send(*people(1))
    async with desk.database.read() as session:
        assert len(await service.mine(session, desk.member)) == MOST_AT_ONCE
        assert await service.mine(session, duty) == ()
