"""The separate processes do together what one does alone, whichever of them is killed."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update

from campaigns import service
from campaigns.model import CampaignState
from campaigns.store import campaign
from delivery.model import State
from delivery.runs import run
from delivery.store import message
from kit.clock import Clock
from staff.model import Role
from tests.cluster.machines import Machine, working
from tests.cluster.nursery import Nursery
from tests.crash.arrivals import from_phone
from tests.crash.conversations import (
    ANA_PHONE,
    approved_campaign,
    hire_ana,
    people_csv,
    somebody,
)
from tests.crash.mailbox import whom, words
from tests.crash.stage import Stage, stage_of
from tests.databases import Postgres
from tests.standins.faults import Fault, Script
from tests.standins.telegram import text_update

pytestmark = pytest.mark.xdist_group("cluster")

CHATS = tuple(7_900_001_000 + n for n in range(300))
CUT = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
AVISO = "Aviso: abre la ventanilla."


@asynccontextmanager
async def staged(
    born: Nursery, postgres: Postgres, folder: Path, rate: float = 1000
) -> AsyncIterator[Stage]:
    """An installation on PostgreSQL with Ana on duty and two who make campaigns."""
    url = (await postgres.fresh()).render_as_string(hide_password=False)
    async with stage_of(born, folder, url, rate=rate) as stage:
        await hire_ana(stage)
        for name in ("Beto", "Carla"):
            await stage.hire(name, Role.COORDINATOR)
        yield stage


def machine(stage: Stage, command: str, name: str = "") -> Machine:
    return Machine(stage.born, stage.env, stage.folder, *command.split(), name=name)


async def fill(stage: Stage, people: int = len(CHATS)) -> None:
    """Bring in those whom the campaign goes to."""
    path = stage.folder / "people.csv"
    path.write_text(people_csv(list(CHATS[:people]), []))
    imported = machine(stage, f"contacts import {path}", "import")
    imported.go()
    assert await imported.ended() == 0


async def until(holds: Callable[[], Awaitable[bool]], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while True:
            if await holds():
                return
            await asyncio.sleep(0.05)


def copies(stage: Stage) -> Counter[str]:
    """How often each chat has got the campaign."""
    return Counter(whom(record) for record in stage.mailbox.look() if words(record) == AVISO)


async def states(stage: Stage) -> Counter[str]:
    """How many rows of runs stand in each state."""
    async with stage.database() as database, database.read() as session:
        rows = await session.all(
            select(message.c.state, func.count().label("n"))
            .where(message.c.run_id.is_not(None))
            .group_by(message.c.state)
        )
    return Counter({row["state"]: row["n"] for row in rows})


async def test_a_call_for_help_is_answered_while_a_campaign_that_two_clocks_fired_once_runs(
    postgres: Postgres, born: Nursery, tmp_path: Path
) -> None:
    async with staged(born, postgres, tmp_path, rate=100) as stage:
        await fill(stage)
        campaign_id = await approved_campaign(stage, AVISO, author=2, reader=3)
        machines = [
            machine(stage, "web"),
            machine(stage, "worker --lane urgent"),
            machine(stage, "worker --lane bulk", "bulk-1"),
            machine(stage, "worker --lane bulk", "bulk-2"),
            machine(stage, "clock", "clock-1"),
            machine(stage, "clock", "clock-2"),
        ]
        async with working(machines):
            due_at = Clock().now() + timedelta(seconds=1)
            async with stage.unit() as session:
                await session.execute(
                    update(campaign)
                    .where(campaign.c.id == campaign_id)
                    .values(state=CampaignState.SCHEDULED, due_at=due_at)
                )

            async def under_way() -> bool:
                return len(copies(stage)) > 20

            await until(under_way)
            begun = asyncio.get_running_loop().time()
            assert await stage.post.once(from_phone(somebody(0).value, "SOS no contesta"))
            await stage.mailbox.reads(somebody(0).value, "Recibido, folio")
            await stage.mailbox.reads(ANA_PHONE.value, "GUARDIA: caso")
            assert asyncio.get_running_loop().time() - begun < 3
            assert len(copies(stage)) < len(CHATS), "the campaign still runs"

            async def done() -> bool:
                async with stage.database() as database, database.read() as session:
                    state = (await service.get(session, campaign_id)).state
                return state is CampaignState.DONE

            await until(done)
            async with stage.database() as database, database.read() as session:
                assert await session.scalar(select(func.count()).select_from(run)) == 1
            assert copies(stage) == dict.fromkeys(map(str, CHATS), 1)
            for one in machines:
                assert "level='error'" not in one.said, one.said
            # As a restart of the server does it: everybody comes back by himself.
            async with stage.unit() as session:
                await session.execute(CUT)
            await stage.post.bring(from_phone(somebody(1).value, "SOS no contesta"))
            await stage.mailbox.reads(somebody(1).value, "Recibido, folio")
            await stage.mailbox.reads(ANA_PHONE.value, "GUARDIA: caso")
            ends = await asyncio.gather(*(one.end() for one in machines))
        assert ends == [0] * len(machines)
        for one in machines:
            assert "Traceback" not in one.said, one.said


async def test_what_a_killed_worker_had_is_done_by_another_and_an_emptied_job_table_is_refilled(
    postgres: Postgres, born: Nursery, tmp_path: Path
) -> None:
    async with staged(born, postgres, tmp_path, rate=100) as stage:
        await fill(stage)
        campaign_id = await approved_campaign(stage, AVISO, author=2, reader=3)
        web, clock = machine(stage, "web"), machine(stage, "clock")
        first = machine(stage, "worker", "first")
        second = machine(stage, "worker", "second")
        async with working([web, clock, first]):
            async with stage.unit() as session:
                await service.start(session, campaign_id, None, Clock().now())

            async def under_way() -> bool:
                return len(copies(stage)) > 20

            await until(under_way)
            await first.kill()
            assert await stage.post.once(from_phone(somebody(0).value, "SOS no contesta"))
            async with stage.unit() as session:
                held = await session.scalar(
                    text("SELECT count(*) FROM jobs.pgqueuer WHERE status = 'picked'")
                )
                assert held > 0, "the killed worker was at work"
                await session.execute(text("TRUNCATE jobs.pgqueuer"))
            async with working([second]):
                await stage.mailbox.reads(somebody(0).value, "Recibido, folio")
                await stage.mailbox.reads(ANA_PHONE.value, "GUARDIA: caso")

                async def settled() -> bool:
                    found = await states(stage)
                    return not found[State.PENDING] + found[State.SENDING]

                await until(settled)
                assert await second.end() == 0
            found = await states(stage)
            assert set(found) <= {State.SENT, State.UNCERTAIN}
            assert found[State.UNCERTAIN] <= 110, "about a second of its rate"
            assert max(copies(stage).values()) == 1
            assert len(copies(stage)) >= found[State.SENT]
            assert found.total() == len(CHATS)
            assert [await web.end(), await clock.end()] == [0, 0]


async def test_a_worker_whose_sends_hang_ends_in_time_and_writes_down_what_nobody_knows(
    postgres: Postgres, born: Nursery, tmp_path: Path
) -> None:
    async with staged(born, postgres, tmp_path) as stage:
        await fill(stage, people=5)
        campaign_id = await approved_campaign(stage, AVISO, author=2, reader=3)
        url = stage.standins.telegram_url
        await stage.standins.script(url, Script(Fault.hang(taken=True), calls=None))
        worker, clock = machine(stage, "worker"), machine(stage, "clock")
        async with working([worker, clock]):
            async with stage.unit() as session:
                await service.start(session, campaign_id, None, Clock().now())
            await stage.standins.wait_until_hanging(url, 5, 30)
            assert await worker.end() == 0
            assert await states(stage) == {State.UNCERTAIN: 5}
            assert await clock.end() == 0
        assert "Traceback" not in worker.said


async def test_of_two_bots_one_polls_and_the_other_takes_its_place(
    postgres: Postgres, born: Nursery, tmp_path: Path
) -> None:
    async with staged(born, postgres, tmp_path) as stage:
        stage.env |= {"TELEGRAM_MODE": "polling", "TELEGRAM_WEBHOOK_SECRET": ""}
        first, second = machine(stage, "bot", "first"), machine(stage, "bot", "second")
        worker = machine(stage, "worker")
        async with working([first, worker]), working([second]):
            await stage.standins.push_update(text_update(CHATS[0], "SOS no contesta"))
            await stage.mailbox.reads(str(CHATS[0]), "Recibido, folio")
            assert await first.end() == 0
            await stage.standins.push_update(text_update(CHATS[1], "SOS no contesta"))
            await stage.mailbox.reads(str(CHATS[1]), "Recibido, folio")
            assert [await second.end(), await worker.end()] == [0, 0]
        for bot in (first, second):
            assert "polling_failed" not in bot.said, "two polled at once"
