"""The rule that nobody who calls for help is left without an answer.

A case without an owner always has a next page due. Its policy is a ladder: one rung after the
other is called. Behind the last rung the whole circle is called, wider and more often, for ever.
Only an acknowledgement by a named person, or the close, ends it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.model import Case, CaseState, Times, Urgency
from alerts.policy import Policy, PolicyStep, Target, Who
from alerts.roster import Roster
from staff.model import Member

INSISTS_EVERY = 2
"""Once everybody has been called, the wait is divided by this."""


@dataclass(frozen=True, slots=True)
class Rung:
    """People who are called together, and how long they have."""

    people: tuple[Member, ...]
    wait: timedelta


@dataclass(frozen=True, slots=True)
class Step:
    """What happens now: whom to page (nobody when there is nobody at all), and when to go on.

    `paged` is the case's count of steps afterwards, which says whose turn comes next. With
    `insists` every method of theirs is used at once.
    """

    people: tuple[Member, ...]
    paged: int
    next_at: datetime
    insists: bool = False


def ladder(policy: Policy, roster: Roster, case: Case, times: Times) -> tuple[Rung, ...]:
    """The rungs of a policy as they stand now. Who speaks the language of the case comes first."""
    rungs: list[Rung] = []
    for step in policy.steps:
        wait = step.wait or times.page
        people = _people(step, roster, case)
        groups = [(one,) for one in people] if step.one_by_one else [people]
        rungs += [Rung(group, wait) for group in groups if group]
    if rungs and not any(one.speaks(case.language) for one in rungs[0].people):
        # They are called beside the first, although they may be off duty: nobody else understands.
        speaking = tuple(one for one in roster.order if one.speaks(case.language))
        rungs[0] = Rung(tuple(dict.fromkeys(speaking + rungs[0].people)), rungs[0].wait)
    return tuple(rungs)


def next_step(
    case: Case,
    policy: Policy,
    roster: Roster,
    times: Times,
    now: datetime,
    skip: int | None = None,
    tried: Collection[int] | None = None,
) -> Step | None:
    """The next step of a case, or None when somebody owns it or it is closed.

    `skip` is a member who has just passed the case on: not paged now if there is anybody else.
    `tried` are those who were ever paged for it: who stands on a rung that is behind us and has not
    been called, because their shift began since, is called first.
    """
    if case.state is not CaseState.OPEN:
        return None
    if _waits(case, times, now):
        return Step((), case.paged, times.opening.opens_at(now))
    rungs = ladder(policy, roster, case, times)
    if tried is not None:
        for rung in rungs[: case.paged]:
            late = tuple(one for one in _without(rung.people, skip) if one.id not in tried)
            if late:
                return Step(late, case.paged, now + rung.wait)
    for turn in range(case.paged, len(rungs)):
        people = _without(rungs[turn].people, skip)
        if people:
            return Step(people, turn + 1, now + rungs[turn].wait)
    turn = max(case.paged, len(rungs))
    rounds = turn - len(rungs)
    circle = _circle(roster, rounds)
    if not circle:
        # Whoever comes first is called as the first.
        return Step((), case.paged, now + times.page)
    wait = times.page if rounds == 0 else times.page / INSISTS_EVERY
    return Step(_without(circle, skip) or circle, turn + 1, now + wait, insists=True)


def step_after_loss(
    case: Case,
    policy: Policy,
    roster: Roster,
    times: Times,
    now: datetime,
    tried: Collection[int],
) -> Step | None:
    """The step that is taken at once because the last page reaches nobody, or None: the timer, as
    it was set, comes next.

    `tried` are those who were paged a short time ago. They are passed over, so that the ladder and
    the circle are gone through once and nobody is paged twice in it, though every page should fail.
    """
    if case.state is not CaseState.OPEN or _waits(case, times, now):
        return None
    rungs = ladder(policy, roster, case, times)
    for turn in range(case.paged, len(rungs)):
        fresh = tuple(one for one in rungs[turn].people if one.id not in tried)
        if fresh:
            return Step(fresh, turn + 1, now + rungs[turn].wait)
    fresh = tuple(one for one in roster.order if one.id not in tried)
    if not fresh:
        return None
    return Step(fresh, max(case.paged, len(rungs)) + 1, now + times.page, insists=True)


def numbers_are_due(case: Case) -> bool:
    """Whether the reporter, whom nobody has answered in time, is sent the emergency numbers.

    Never to somebody who asked not to be written to: the first answer already held 911.
    """
    return case.state is CaseState.OPEN and not case.silenced


def _waits(case: Case, times: Times, now: datetime) -> bool:
    """Whether nobody is to be woken for it before the office opens."""
    return case.urgency is Urgency.CAN_WAIT and not times.opening.is_open(now)


def _people(step: PolicyStep, roster: Roster, case: Case) -> tuple[Member, ...]:
    found = dict.fromkeys(one for target in step.targets for one in _behind(target, roster))
    return tuple(sorted(found, key=lambda one: not one.speaks(case.language)))


def _behind(target: Target, roster: Roster) -> tuple[Member, ...]:
    match target.who:
        case Who.ON_DUTY:
            return roster.on_duty
        case Who.NEXT:
            return roster.coming
        case Who.ROTA:
            ids = roster.rotas.get(target.which, ())
            return tuple(one for one in roster.order if one.id in ids)
        case Who.MEMBER:
            return tuple(one for one in roster.order if str(one.id) == target.which)
        case Who.ROLE:
            return tuple(one for one in roster.wide if one.role == target.which)
        case Who.EVERYBODY:
            return roster.order


def _circle(roster: Roster, rounds: int) -> tuple[Member, ...]:
    """Whom the repetition calls: first those who are near, then everybody there is."""
    near = roster.on_duty + roster.coming
    return near if rounds == 0 and near else roster.order


def _without(people: tuple[Member, ...], skip: int | None) -> tuple[Member, ...]:
    return tuple(one for one in people if one.id != skip)
