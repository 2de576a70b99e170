"""The rule that nobody who calls for help is left without an answer.

A case without an owner always has a next look due. Its policy is a ladder: one rung after the
other is called. Behind the last rung those on duty and those who come next are called together, for
one `Times.page`; then everybody, every half of it, until somebody answers. Only an acknowledgement
by a named person, or the close, ends it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.model import Case, CaseState, Times, Urgency
from alerts.policy import Policy, PolicyStep, Target, Who
from alerts.roster import Roster
from staff.model import Member

EVERYBODY_WAIT_DIVISOR = 2
"""Once everybody is called, each wait is `Times.page` divided by this."""

BEHIND_THE_LADDER = 1_000_000
"""The place of a case whose ladder is over: this, and one more for each call to a group. No ladder
is as long, so one that grows never takes a case back to a single person."""


@dataclass(frozen=True, slots=True)
class Rung:
    """People who are called together, and how long they have. With `alone` it is one person of a
    step that calls one by one."""

    people: tuple[Member, ...]
    wait: timedelta
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What happens now: whom to page (nobody when there is nobody at all), and when to go on.

    `paged` is the place of the case afterwards: how many rungs are behind it, or
    `BEHIND_THE_LADDER`. With `insists` every method of theirs is used at once.
    """

    people: tuple[Member, ...]
    paged: int
    next_at: datetime
    insists: bool = False


def ladder(policy: Policy, roster: Roster, case: Case, times: Times) -> tuple[Rung, ...]:
    """The rungs of a policy as they stand now, without empty ones.

    On each, who speaks the language of the case comes first. A role calls those whom no step before
    names. If nobody on the first rung speaks the language, all who do are called with it.
    """
    rungs: list[Rung] = []
    named: set[int] = set()
    for step in policy.steps:
        people = _people(step, roster, case, named)
        named.update(one.id for one in people)
        wait = step.wait or times.page
        if step.one_by_one:
            rungs += [Rung((one,), wait, alone=True) for one in people]
        elif people:
            rungs.append(Rung(people, wait))
    if rungs and not any(one.speaks(case.language) for one in rungs[0].people):
        # They may be off duty: nobody else understands.
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
    called: Collection[int] = (),
) -> Step | None:
    """The next step of a case, or None when somebody owns it or it is closed.

    `skip` is a member not to page in this step if there is anybody else: they have just passed the
    case on or let it go. `declined` are those who did so lately: no rung calls them, but the calls
    to a group do. `called` are those who were paged since the case last had an owner or was left
    for the morning.
    """
    if case.state is not CaseState.OPEN:
        return None
    if waits(case, times, now):
        return Step((), case.paged, times.opening.opens_at(now))
    just_passed_on = frozenset() if skip is None else frozenset({skip})
    step = _on_ladder(
        case,
        ladder(policy, roster, case, times),
        times,
        now,
        just_passed_on.union(declined),
        called,
    )
    if step is not None:
        return step
    if not roster.everybody:
        # The place stays, so that nobody's turn is lost while nobody is here.
        return Step((), case.paged, now + times.page)
    place = max(case.paged, BEHIND_THE_LADDER)
    first = place == BEHIND_THE_LADDER
    near = roster.on_duty + roster.coming if first else ()
    # Those near, else everybody, else even who has just passed it on.
    people = (
        _without(near, just_passed_on)
        or _without(roster.everybody, just_passed_on)
        or roster.everybody
    )
    wait = times.page if first else times.page / EVERYBODY_WAIT_DIVISOR
    return Step(people, place + 1, now + wait, insists=True)


def step_after_loss(
    case: Case,
    policy: Policy,
    roster: Roster,
    times: Times,
    now: datetime,
    tried: Collection[int],
    called: Collection[int] = (),
) -> Step | None:
    """The step that is taken at once because no page of the last one reaches anybody, or None when
    there is nobody else to try.

    `tried` are those who were paged a short time ago or have passed the case on: they are left out,
    so each person is tried once while they are in it. `called` is as in `next_step`.
    """
    if case.state is not CaseState.OPEN or waits(case, times, now):
        return None
    step = _on_ladder(case, ladder(policy, roster, case, times), times, now, tried, called)
    if step is not None:
        return step
    people = _without(roster.everybody, tried)
    if not people:
        return None
    return Step(people, max(case.paged, BEHIND_THE_LADDER) + 1, now + times.page, insists=True)


def numbers_are_due(case: Case) -> bool:
    """Whether the reporter, whom nobody has answered in time, is sent the emergency numbers.

    Never to somebody who asked not to be written to: the answer to their first word held 911.
    """
    return case.state is CaseState.OPEN and not case.silenced


def waits(case: Case, times: Times, now: datetime) -> bool:
    """Whether nobody is to be woken for it before the office opens."""
    return case.urgency is Urgency.CAN_WAIT and not times.opening.is_open(now)


def _on_ladder(
    case: Case,
    rungs: tuple[Rung, ...],
    times: Times,
    now: datetime,
    left_out: Collection[int],
    called: Collection[int],
) -> Step | None:
    """The next rung that has somebody to call; None when the ladder is over."""
    past, ahead = rungs[: case.paged], rungs[case.paged :]
    if not ahead:
        # Latecomers are among those who are called together.
        return None
    late = _late(past, {*left_out, *called})
    if late is not None:
        # They do not hold the ladder up for as long as a policy may say.
        return Step(late.people, case.paged, now + min(late.wait, times.page))
    for place, rung in enumerate(ahead, case.paged + 1):
        # One by one, nobody has a second turn, though the ladder has grown by somebody meanwhile.
        again = rung.alone and case.paged > 0
        people = _without(rung.people, {*left_out, *called} if again else left_out)
        if people:
            return Step(people, place, now + rung.wait)
    return None


def _late(past: Iterable[Rung], left_out: Collection[int]) -> Rung | None:
    """Whoever stands now on a rung that was called before they did: their shift has begun since, or
    they can be reached only now. They are called together before the ladder goes on."""
    late = [Rung(people, one.wait) for one in past if (people := _without(one.people, left_out))]
    if not late:
        return None
    together = dict.fromkeys(one for rung in late for one in rung.people)
    return Rung(tuple(together), min(rung.wait for rung in late))


def _people(
    step: PolicyStep, roster: Roster, case: Case, named: Collection[int]
) -> tuple[Member, ...]:
    found = dict.fromkeys(
        one for target in step.targets for one in _people_of(target, roster, named)
    )
    return tuple(sorted(found, key=lambda one: not one.speaks(case.language)))


def _people_of(target: Target, roster: Roster, named: Collection[int]) -> tuple[Member, ...]:
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
                one for one in everybody if one.role == target.which and one.id not in named
            )
        case Who.EVERYBODY:
            return everybody


def _without(people: tuple[Member, ...], left_out: Collection[int]) -> tuple[Member, ...]:
    return tuple(one for one in people if one.id not in left_out)
