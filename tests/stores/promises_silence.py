"""A long silence in a random walk: nobody says or does anything, and the clock goes from timer to
timer."""

from collections.abc import Collection
from random import Random

from alerts.bundling import GATHERS
from alerts.model import CaseState, EntryKind, Timer
from alerts.roster import CALLED
from tests.stores.promises_clock import next_due, work_off
from tests.stores.promises_world import PAGES, Broken, By, Deed, Play, Sight, look

STEPS = (*PAGES, EntryKind.NOBODY_TO_PAGE, EntryKind.WAITS)


async def a_long_silence(play: Play, random: Random) -> Deed | None:
    """Who owns a case loses it when the lease is over. Then everybody who can be reached is paged,
    within the steps that the policy has and two more, and is paged again afterwards."""
    found = [one for one in play.seen.cases.values() if one.state is not CaseState.CLOSED]
    if not found:
        return None
    case_id = random.choice(found).id
    await work_off(play)
    sight = await _until_it_is_open(play, case_id)
    people = {
        one.id
        for one in sight.members.values()
        if one.active and one.methods and one.role in CALLED
    }
    steps = sight.policy_of(sight.cases[case_id]).steps
    rungs = sum(len(people) if one.one_by_one else 1 for one in steps)
    sight, left = await _until_all_are_paged(play, case_id, people, rungs + 2, sight)
    await _until_all_are_paged(play, case_id, people, left + 1, sight)
    return Deed("a long silence", By.CLOCK, case_id, worked=True)


async def _until_it_is_open(play: Play, case_id: int) -> Sight:
    sight = await look(play, play.seen)
    until = sight.timer(case_id, Timer.LEASE)
    if until is None:
        return sight
    lines = list(sight.lines)
    while play.now < until:
        due = next_due(sight)
        play.to(until if due is None else max(play.now, min(due, until)))
        await work_off(play)
        sight = await look(play, sight)
        lines += sight.lines
    if sight.cases[case_id].state is not CaseState.OPEN:
        raise Broken(f"case {case_id} is still owned after its lease, without an act")
    if not any(line.kind is EntryKind.LEASE_LOST and line.case_id == case_id for line in lines):
        raise Broken(f"case {case_id} lost its owner without a word in the timeline")
    return sight


async def _until_all_are_paged(
    play: Play, case_id: int, people: Collection[int], steps: int, sight: Sight
) -> tuple[Sight, int]:
    """Go on for no more steps than these; gives those that are left."""
    missing, nights = set(people), 3 * steps
    while missing:
        due = sight.timer(case_id, Timer.PAGE)
        if due is None:
            raise Broken(f"case {case_id} has no owner and no page due")
        if steps == 0 or nights == 0:
            raise Broken(f"case {case_id}: members {missing} were not paged in time")
        play.to(max(play.now, due))
        await work_off(play)
        # What is bundled leaves a little later.
        play.to(play.now + GATHERS)
        await work_off(play)
        sight = await look(play, sight)
        kinds = {line.kind for line in sight.lines if line.case_id == case_id} & {*STEPS}
        if not kinds:
            raise Broken(f"case {case_id}: its page was due, and nothing was done")
        if kinds == {EntryKind.WAITS}:
            nights -= 1
        else:
            steps -= 1
        missing -= {one for one in missing if _was_paged(sight, case_id, one)}
    return sight, steps


def _was_paged(sight: Sight, case_id: int, member_id: int) -> bool:
    ends = sight.members[member_id].endpoints
    about = (f"page:{case_id}", f"bundle:{member_id}")
    return any(row.about in about and row.to in ends for row in sight.rows)
