"""The rule that nobody who calls for help is left without an answer.

A case without an owner always has a next look due. Its policy is a ladder: one rung after the
other is called. Behind the last rung those on duty and those who come next are called together,
then everybody, every half wait, until somebody answers. Only an acknowledgement by a named person,
or the close, ends it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.model import Case, CaseState, Times, Urgency
from alerts.policy import Policy, PolicyStep, Target, Who
from alerts.roster import Roster
from staff.model import Member

CIRCLE_WAIT_DIVISOR = 2
"""From the first call to everybody on, a wait is `times.page` divided by this."""


@dataclass(frozen=True, slots=True)
class Rung:
    """People who are called together, and how long they have."""

    people: tuple[Member, ...]
    wait: timedelta


@dataclass(frozen=True, slots=True)
class Step:
    """What happens now: whom to page (nobody when there is nobody at all), and when to go on.

    `paged` is the place of the case afterwards: how many rungs and rounds are behind it. With
    `insists` every method of theirs is used at once.
    """

    people: tuple[Member, ...]
    paged: int
    next_at: datetime
    insists: bool = False


def ladder(policy: Policy, roster: Roster, case: Case, times: Times) -> tuple[Rung, ...]:
    """The rungs of a policy as they stand now, without empty ones.

    On each, who speaks the language of the case comes first. A role calls those whom no rung before
    has called. The first rung, if there is one, has somebody who speaks the language if anybody
    does.
    """
    rungs: list[Rung] = []
    before: set[int] = set()
    for step in policy.steps:
        people = _people(step, roster, case, before)
        before.update(one.id for one in people)
        groups = [(one,) for one in people] if step.one_by_one else [people]
        rungs += [Rung(group, step.wait or times.page) for group in groups if group]
    if rungs and not any(one.speaks(case.language) for one in rungs[0].people):
        # They are called beside the first, although they may be off duty: nobody else understands.
        speaking = tuple(one for one in roster.everybody if one.speaks(case.language))
        rungs[0] = Rung(tuple(dict.fromkeys(speaking + rungs[0].people)), rungs[0].wait)
    return tuple(rungs)


def next_step(
    case: Case,
    policy: Policy,
    roster: Roster,
    times: Times,
    now: datetime,
    *,
    skip: int | None = None,
    declined: Collection[int] = (),
    called: Collection[int] | None = None,
) -> Step | None:
    """The next step of a case, or None when somebody owns it or it is closed.

    `skip` is a member not to page in this step if there is anybody else: they have just passed the
    case on or let it go. `declined` are those who did so lately: no rung calls them. `called` are
    those who were paged since the case last had an owner.
    """
    if case.state is not CaseState.OPEN:
        return None
    if waits(case, times, now):
        return Step((), case.paged, times.opening.opens_at(now))
    just_now = frozenset() if skip is None else frozenset({skip})
    out = just_now.union(declined)
    rungs = ladder(policy, roster, case, times)
    behind, ahead = rungs[: case.paged], rungs[case.paged :]
    if ahead and called is not None:
        late = _late(behind, out.union(called))
        if late is not None:
            return Step(late.people, case.paged, now + min(late.wait, times.page))
    for turn, rung in enumerate(ahead, case.paged + 1):
        people = _without(rung.people, out)
        if people:
            return Step(people, turn, now + rung.wait)
    if not roster.everybody:
        # `paged` stays, so that nobody's turn is lost while nobody is here.
        return Step((), case.paged, now + times.page)
    turn = max(case.paged, len(rungs))
    first = turn == len(rungs)
    near = roster.on_duty + roster.coming if first else ()
    people = _without(near, just_now) or _without(roster.everybody, just_now) or roster.everybody
    wait = times.page if first else times.page / CIRCLE_WAIT_DIVISOR
    return Step(people, turn + 1, now + wait, insists=True)


def step_after_loss(
    case: Case,
    policy: Policy,
    roster: Roster,
    times: Times,
    now: datetime,
    tried: Collection[int],
) -> Step | None:
    """The step that is taken at once because the last page is known to reach nobody, or None when
    there is nobody else to try.

    `tried` are those who were paged a short time ago or have passed the case on: they are left out.
    So if every page fails, each person is tried once.
    """
    if case.state is not CaseState.OPEN or waits(case, times, now):
        return None
    rungs = ladder(policy, roster, case, times)
    for turn, rung in enumerate(rungs[case.paged :], case.paged + 1):
        people = _without(rung.people, tried)
        if people:
            return Step(people, turn, now + rung.wait)
    people = _without(roster.everybody, tried)
    if not people:
        return None
    return Step(people, max(case.paged, len(rungs)) + 1, now + times.page, insists=True)


def numbers_are_due(case: Case) -> bool:
    """Whether the reporter, whom nobody has answered in time, is sent the emergency numbers.

    Never to somebody who asked not to be written to: the answer to their first word held 911.
    """
    return case.state is CaseState.OPEN and not case.silenced


def waits(case: Case, times: Times, now: datetime) -> bool:
    """Whether nobody is to be woken for it before the office opens."""
    return case.urgency is Urgency.CAN_WAIT and not times.opening.is_open(now)


def _late(behind: Iterable[Rung], out: Collection[int]) -> Rung | None:
    """Whoever stands now on a rung that was called before they did: their shift has begun since, or
    they can be reached only now. They are called together before the ladder goes on."""
    late = [Rung(people, rung.wait) for rung in behind if (people := _without(rung.people, out))]
    if not late:
        return None
    together = dict.fromkeys(one for rung in late for one in rung.people)
    return Rung(tuple(together), min(rung.wait for rung in late))


def _people(
    step: PolicyStep, roster: Roster, case: Case, before: Collection[int]
) -> tuple[Member, ...]:
    found = dict.fromkeys(one for target in step.targets for one in _behind(target, roster, before))
    return tuple(sorted(found, key=lambda one: not one.speaks(case.language)))


def _behind(target: Target, roster: Roster, before: Collection[int]) -> tuple[Member, ...]:
    everybody = roster.everybody
    match target.who:
        case Who.ON_DUTY:
            return roster.on_duty
        case Who.NEXT:
            return roster.coming
        case Who.ROTA:
            ids = roster.rotas.get(target.which, ())
            return tuple(one for one in everybody if one.id in ids)
        case Who.MEMBER:
            return tuple(one for one in everybody if str(one.id) == target.which)
        case Who.ROLE:
            return tuple(
                one for one in everybody if one.role == target.which and one.id not in before
            )
        case Who.EVERYBODY:
            return everybody


def _without(people: tuple[Member, ...], out: Collection[int]) -> tuple[Member, ...]:
    return tuple(one for one in people if one.id not in out)
