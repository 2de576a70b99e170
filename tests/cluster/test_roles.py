"""Every separate process starts, answers, and ends in time; what may not start says why."""

import asyncio
from pathlib import Path

import httpx
import pytest

from app.cli.frame import say
from tests.cluster.machines import Machine, working
from tests.cluster.nursery import Nursery
from tests.crash.process import environment, free_port

pytestmark = pytest.mark.xdist_group("cluster")

ROLES = (("web",), ("worker",), ("worker", "--lane", "urgent"), ("clock",), ("bot",))


async def test_every_role_starts_answers_and_ends_with_0_within_ten_seconds(
    empty_url: str, born: Nursery, tmp_path: Path
) -> None:
    env = environment(empty_url, free_port(), TRIAL="true")
    # All at once, on an empty database: one of them makes the tables.
    machines = [Machine(born, env, tmp_path, *role) for role in ROLES]
    async with (
        working(machines),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{env['PORT']}") as http,
        http.stream("GET", "/handset/events") as stream,
    ):
        await anext(stream.aiter_lines())
        assert (await http.get("/readyz")).status_code == 200
        assert (await http.get("/handset")).status_code == 200
        embedded = Machine(born, env | {"PORT": str(free_port())}, tmp_path, "run")
        await refuses(embedded, "cli.already_running")
        jobs = Machine(born, env, tmp_path, "jobs", "list", "--json")
        jobs.go()
        assert await jobs.ended() == 0
        assert '"failed": []' in jobs.said
        assert await asyncio.gather(*(machine.end() for machine in machines)) == [0] * len(ROLES)
    for machine in machines:
        assert "Traceback" not in machine.said
        assert "level='error'" not in machine.said
    # Now the database is free for one process that does everything, and for nobody else.
    async with working([embedded]):
        await refuses(Machine(born, env, tmp_path, "clock", name="late"), "cli.embedded_running")
        assert await embedded.end() == 0


async def test_separate_processes_refuse_sqlite_and_an_unasked_trial(
    empty_url: str, born: Nursery, tmp_path: Path
) -> None:
    sqlite = environment(f"sqlite:///{tmp_path / 'tequio.db'}", free_port(), TRIAL="true")
    trial = environment(empty_url, free_port())
    refusals = [
        refuses(Machine(born, env, tmp_path, *role, name=f"{key} {' '.join(role)}"), key)
        for env, key in ((sqlite, "cli.needs_postgresql"), (trial, "cli.separate_trial"))
        for role in ROLES
    ]
    await asyncio.gather(*refusals)


async def refuses(machine: Machine, key: str) -> None:
    """It ends at once with one clear sentence."""
    machine.go()
    assert await machine.ended() == 1
    assert machine.said.splitlines() == [say(key)]
