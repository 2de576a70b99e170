"""Random walks through the alert path: any sequence of events leaves every promise kept.

The service, the stores, the timers and the ledger are the real ones, on a real database. A walk is
a list of pairs, an event and a seed, so that a part of it can be played again: one that breaks a
promise is made as short as it can be.

    python -m tests.stores.promises --sequences 5000
"""

import argparse
import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import monotonic
from typing import TypeVar

import aiosqlite
import pytest

from db.session import Database
from kit.jobs import Wake
from tests.databases import sqlite_database
from tests.stores import (
    promises_clock,
    promises_office,
    promises_provider,
    promises_reporters,
    promises_silence,
    promises_staff,
)
from tests.stores import promises_kept as kept
from tests.stores import promises_told as told
from tests.stores.promises_world import Broken, Deed, Play, Sight, begin, look

Event = Callable[[Play, Random], Awaitable[Deed | None]]
Walk = Sequence[tuple[str, int]]
T = TypeVar("T")

WEIGHTS: dict[Event, int] = {
    promises_reporters.calls_for_help: 8,
    promises_reporters.several_call_at_once: 1,
    promises_reporters.says_something: 3,
    promises_reporters.says_words_of_danger: 3,
    promises_reporters.says_that_all_is_well: 2,
    promises_reporters.asks_not_to_be_written_to: 2,
    promises_reporters.allows_writing: 2,
    promises_reporters.names_the_kind: 4,
    promises_staff.accepts: 8,
    promises_staff.two_accept_at_once: 2,
    promises_staff.passes_on: 3,
    promises_staff.replies: 3,
    promises_staff.writes_a_note: 2,
    promises_staff.snoozes: 2,
    promises_staff.lets_it_wait: 4,
    promises_staff.takes_over: 2,
    promises_staff.adds_a_helper: 2,
    promises_staff.closes: 4,
    promises_staff.opens_again: 2,
    promises_staff.looks_at_the_words: 1,
    promises_office.somebody_comes: 3,
    promises_office.somebody_leaves: 3,
    promises_office.a_role_changes: 3,
    promises_office.methods_change: 2,
    promises_office.a_rota_changes: 2,
    promises_office.a_shift_is_overridden: 1,
    promises_office.a_holiday_changes: 1,
    promises_office.policies_are_replaced: 4,
    promises_provider.messages_leave: 4,
    promises_provider.providers_answer: 8,
    promises_provider.messages_do_not_arrive: 3,
    promises_provider.receipts_come: 6,
    promises_clock.time_passes: 8,
    promises_clock.the_next_timer_is_due: 8,
    promises_clock.nothing_runs_for_a_while: 2,
    promises_clock.the_clock_goes_back: 1,
    promises_clock.only_some_of_it_is_done: 3,
    promises_clock.wake_ups_are_lost: 2,
    promises_clock.wake_ups_come_again: 3,
    promises_clock.a_timer_is_lost: 1,
    promises_silence.a_long_silence: 1,
}
EVENTS = {event.__name__: event for event in WEIGHTS}
PROMISES: tuple[Callable[[Play, Sight, Sight, Deed], None], ...] = (
    kept.the_next_page_is_due,
    kept.an_owner_must_act,
    kept.a_case_has_one_owner,
    kept.only_a_person_lowers_or_closes,
    kept.what_can_wait_wakes_nobody_at_night,
    told.silence_is_kept,
    told.a_person_has_it_is_said_when_one_has,
    told.who_waits_hears_the_truth,
    told.everything_is_in_the_timeline,
    told.pages_tell_nothing_of_the_reporter,
)
FIRST = ("somebody_comes", "somebody_comes", "calls_for_help")


@dataclass(slots=True)
class Figures:
    """What was played."""

    sequences: int = 0
    events: int = 0
    by_name: Counter[str] = field(default_factory=Counter)


def drawn(seed: int, length: int) -> Walk:
    """A walk. Each leaves some kinds of events out, so that the others come close together."""
    random = Random(seed)
    left_out = {name for name in EVENTS if random.random() < 0.25}
    weights = [0 if event.__name__ in left_out else much for event, much in WEIGHTS.items()]
    chosen = [*FIRST, *random.choices(list(EVENTS), weights, k=length - len(FIRST))]
    return [(name, random.randrange(2**32)) for name in chosen]


async def play(database: Database, wakes: list[Wake], seed: int, walk: Walk, sum_: Figures) -> Play:
    """Play a walk; raises Broken, with what led there, when a promise is."""
    played = await begin(database, wakes, Random(seed))
    played.keep(await look(played, played.seen))
    sum_.sequences += 1
    for name, event_seed in walk:
        try:
            deed = await EVENTS[name](played, Random(event_seed))
            if deed is None:
                continue
            sum_.events += 1
            sum_.by_name[name + (", refused" if ", refused" in deed.name else "")] += 1
            case = "" if deed.case_id is None else f" (case {deed.case_id})"
            played.trace.append(f"{played.now:%a %H:%M:%S} {deed.name}{case}")
            before, after = played.seen, await look(played, played.seen)
            played.keep(after)
            for promise in PROMISES:
                promise(played, before, after, deed)
        except Broken as error:
            raise Broken("\n".join([str(error), *played.trace, f"(in {name})"])) from None
    return played


async def shortest(database: Database, wakes: list[Wake], seed: int, walk: Walk) -> str:
    """What is left of a walk that breaks a promise when all that is not needed is taken out."""
    words = await _breaks(database, wakes, seed, walk) or "it is kept the second time"
    size = len(walk) // 2
    while size > 0:
        at = 0
        while at < len(walk):
            shorter = [*walk[:at], *walk[at + size :]]
            broken = await _breaks(database, wakes, seed, shorter)
            if broken is None:
                at += size
            else:
                walk, words = shorter, broken
        size //= 2
    return words


async def _breaks(database: Database, wakes: list[Wake], seed: int, walk: Walk) -> str | None:
    try:
        await play(database, wakes, seed, walk, Figures())
    except Broken as error:
        return str(error)
    return None


async def at_once(
    connection: aiosqlite.Connection, work: Callable[..., T], *given: object, **named: object
) -> T:
    """Let SQLite answer in this thread: on a busy machine handing each statement to another one
    would take longer than all of the work."""
    return work(*given, **named)


async def walk_about(
    folder: Path, sequences: int, length: int, first: int = 0, *, shorten: bool = True
) -> Figures:
    """Play so many walks; raises Broken with the shortest that breaks the promise found first."""
    database = await sqlite_database(folder)
    wakes: list[Wake] = []
    database.after_commit(wakes.append)
    sum_ = Figures()
    patch = pytest.MonkeyPatch()
    patch.setattr(aiosqlite.Connection, "_execute", at_once)
    try:
        for seed in range(first, first + sequences):
            walk = drawn(seed, length)
            try:
                await play(database, wakes, seed, walk, sum_)
            except Broken:
                if not shorten:
                    raise
                words = await shortest(database, wakes, seed, walk)
                raise Broken(f"sequence {seed}: {words}") from None
    finally:
        patch.undo()
        await database.close()
    return sum_


def main() -> None:
    """Play as many walks as are wanted, and say how many there were."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sequences", type=int, default=1000)
    parser.add_argument("--events", type=int, default=30)
    parser.add_argument("--first", type=int, default=0, help="the seed of the first sequence")
    given = parser.parse_args()
    began = monotonic()
    with tempfile.TemporaryDirectory() as folder:
        try:
            sum_ = asyncio.run(walk_about(Path(folder), given.sequences, given.events, given.first))
        except Broken as error:
            sys.exit(str(error))
    print(f"{sum_.sequences} sequences, {sum_.events} events, {monotonic() - began:.0f} s")
    for name, count in sum_.by_name.most_common():
        print(f"{count:8} {name}")


if __name__ == "__main__":
    main()
