"""What would happen to a call for help, told beforehand by the rules that a real one follows.

Nobody is paged and nothing is written. It is told of one case that nobody accepts, with every way
to reach people in order: the rules for losses and for many cases at once have no part in it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from alerts.escalation import BEHIND_THE_LADDER, next_step, waits
from alerts.methods import waits as methods_of
from alerts.model import Case, Times
from alerts.policy import Policy
from alerts.roster import duty_at, roster_of
from alerts.shifts.rota import Plan
from kit.channels import Channel, Endpoint
from staff.model import Member

MOST_STAGES = 60
ROUNDS = 2
"""So many calls to everybody are told: those after them are the same for ever."""

FARTHEST = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Wake:
    """A page that leaves for somebody, by one way of theirs."""

    at: datetime
    member_id: int
    endpoint: Endpoint


@dataclass(frozen=True, slots=True)
class Stage:
    """Those who are called together at an instant, and what leaves for them because of it.

    Without people it `waits` for the office, or there is nobody at all. With `together` all are
    called by every way at once. `wakes` leaves out what a later call to the same person overtakes.
    """

    at: datetime
    people: tuple[Member, ...]
    wakes: tuple[Wake, ...]
    together: bool
    waits: bool


def simulate(
    case: Case,
    policy: Policy,
    members: Sequence[Member],
    plan: Plan,
    times: Times,
    channels: Collection[Channel],
) -> tuple[Stage, ...]:
    """What happens to a case from `opened_at` on, until everybody was called `ROUNDS` times.

    `members` are those who can be called, `channels` those that the platform has.
    """
    stages: list[Stage] = []
    called: set[int] = set()
    at, rounds = case.opened_at, 0
    while rounds < ROUNDS and len(stages) < MOST_STAGES and at <= case.opened_at + FARTHEST:
        roster = roster_of(members, duty_at(plan, at))
        step = next_step(case, policy, roster, times, at, called=called)
        if step is None:
            break
        idle = waits(case, times, at)
        wakes = [
            Wake(at + after, member.id, endpoint)
            for member in step.people
            for endpoint, after in methods_of(member, channels, channels, insists=step.insists)
        ]
        stages = [_without(stage, at, wakes) for stage in stages]
        stages.append(Stage(at, step.people, tuple(wakes), step.insists, idle))
        if not step.people and not idle:
            break
        called.update(one.id for one in step.people)
        case = replace(case, paged=step.paged)
        rounds += step.insists and step.paged > BEHIND_THE_LADDER + 1
        at = step.next_at
    return tuple(stages)


def _without(stage: Stage, now: datetime, newer: Sequence[Wake]) -> Stage:
    """A stage without what had not left when something newer went to the same endpoint."""
    overtaken = {(one.endpoint.channel, one.endpoint.value) for one in newer}
    kept = tuple(
        one
        for one in stage.wakes
        if one.at <= now or (one.endpoint.channel, one.endpoint.value) not in overtaken
    )
    return replace(stage, wakes=kept)
