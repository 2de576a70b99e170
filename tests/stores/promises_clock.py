"""What time does in a random walk: timers, and wake-ups that are lost, late or repeated."""

from datetime import datetime, timedelta
from random import Random

from alerts import bundling, lost, paging, tick, timers
from delivery.service import BROKEN, UNREACHED
from kit.jobs import Wake
from tests.stores.promises_world import Broken, By, Deed, Play, Sight

SERVED = (paging.WAKE, bundling.BUNDLE, UNREACHED, BROKEN)
PASSES = 8
"""Work that is still not done after so many passes of the reconciler never ends."""

JUMPS = tuple(
    timedelta(seconds=seconds)
    for seconds in (1, 10, 16, 30, 61, 150, 301, 301, 601, 960, 3600, 7201, 30_000, 86_400, 300_000)
)


async def work_off(play: Play) -> None:
    """Do everything that is due, as a platform that runs does."""
    for _ in range(PASSES):
        due = await _ask(play)
        if not due:
            return
        for wake in due:
            await _deliver(play, wake)
    raise Broken("work that never ends: something is due again as soon as it is done")


async def time_passes(play: Play, random: Random) -> Deed | None:
    """And what is due is done."""
    play.to(play.now + random.choice(JUMPS))
    await work_off(play)
    return Deed("time passes", By.CLOCK, worked=True)


async def the_next_timer_is_due(play: Play, random: Random) -> Deed | None:
    """Time passes until then, and what is due is done."""
    due = next_due(play.seen)
    if due is None:
        return None
    play.to(max(play.now, due))
    await work_off(play)
    return Deed("the next timer is due", By.CLOCK, worked=True)


async def nothing_runs_for_a_while(play: Play, random: Random) -> Deed | None:
    """The process is down: time passes and nothing is done."""
    play.to(play.now + random.choice([*JUMPS, timedelta(days=32)]))
    return Deed("nothing runs for a while", By.CLOCK)


async def the_clock_goes_back(play: Play, random: Random) -> Deed | None:
    """A little."""
    play.to(play.now - timedelta(seconds=random.randint(1, 90)))
    return Deed("the clock goes back", By.CLOCK)


async def only_some_of_it_is_done(play: Play, random: Random) -> Deed | None:
    """The process is killed between one wake-up and the next."""
    play.to(play.now + random.choice(JUMPS))
    due = await _ask(play)
    for wake in random.sample(due, len(due) // 2):
        await _deliver(play, wake)
    return Deed("only some of what is due is done", By.CLOCK)


async def wake_ups_are_lost(play: Play, random: Random) -> Deed | None:
    """All that nobody has worked off yet."""
    play.wakes.clear()
    return Deed("wake-ups are lost", By.CLOCK)


async def wake_ups_come_again(play: Play, random: Random) -> Deed | None:
    """Some that came before come a second time, some come too early."""
    known = [*play.past, *(one for one in play.wakes if one.job in SERVED)]
    for wake in random.sample(known, min(3, len(known))):
        await _deliver(play, wake)
    return Deed("wake-ups come again", By.CLOCK)


async def a_timer_is_lost(play: Play, random: Random) -> Deed | None:
    """As after a hand in the tables; the reconciler must find it."""
    running = [(case_id, kind) for case_id, found in play.seen.timers.items() for kind in found]
    if not running:
        return None
    case_id, kind = random.choice(running)
    async with play.database.write() as session:
        await timers.drop(session, case_id, kind)
    await work_off(play)
    return Deed(f"timer {kind} is lost", By.CLOCK, case_id, worked=True, loses=True)


async def _ask(play: Play) -> list[Wake]:
    """What the reconciler wakes, and what was woken for now; what is for later stays."""
    async with play.database.read() as session:
        await tick.wake_due(session, play.now)
    served = [one for one in play.wakes if one.job in SERVED]
    due = [one for one in served if one.at is None or one.at <= play.now]
    play.wakes[:] = [one for one in served if one.at is not None and one.at > play.now]
    return list({(one.job, one.key): one for one in due}.values())


async def _deliver(play: Play, wake: Wake) -> None:
    """What the handler of a wake-up does: see `app.handlers`."""
    play.past = [*play.past[-30:], wake]
    async with play.database.write() as session:
        if wake.job == paging.WAKE:
            await tick.look(session, int(wake.key), play.times, play.now)
        elif wake.job == bundling.BUNDLE:
            await bundling.send(session, int(wake.key), play.now)
        elif wake.job == UNREACHED:
            await tick.unreached(session, wake.key, play.times, play.now)
        elif wake.job == BROKEN:
            await lost.bring_pages_forward(session, play.now)


def next_due(sight: Sight) -> datetime | None:
    """When the next timer of any case, or the next bundle, is due."""
    found = [at for timers in sight.timers.values() for at in timers.values()]
    return min([*found, *sight.bundles.values()], default=None)
