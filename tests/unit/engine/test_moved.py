"""The clock that a person moves in a trial moves in every process."""

from datetime import timedelta

from db.engine import open_database
from engine.link import Link
from engine.moved import SharedClock
from engine.pg_tables import install
from kit.clock import Clock
from tests.databases import Postgres, keyring


async def test_a_clock_moved_in_one_process_moves_in_the_others_and_in_those_that_come_later(
    postgres: Postgres,
) -> None:
    url = await postgres.fresh()
    link = Link(url)
    await link.open()
    await install(link)
    await link.close()
    database = open_database(url, keyring())
    clocks = [Clock() for _ in range(3)]
    shared = [SharedClock(database, clock) for clock in clocks]
    moved = 0

    def note() -> None:
        nonlocal moved
        moved += 1

    clocks[1].on_move(note)
    clocks[0].move(timedelta(minutes=11))
    for each in (*shared, *shared):
        await each.look()
    assert [clock.offset for clock in clocks] == [timedelta(minutes=11)] * 3
    assert moved == 1
    clocks[2].move(timedelta(minutes=-1))
    for each in (shared[2], *shared):
        await each.look()
    assert [clock.offset for clock in clocks] == [timedelta(minutes=10)] * 3
    await database.close()
