"""The rule that nobody who calls for help is left without an answer.

A case without an owner always has a next page due: one person after the other, those on duty
first, then the wide circle, then again from the start, for ever. Only an acknowledgement by a
named person, or the close, ends it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from alerts.model import Case, CaseState, Times
from alerts.roster import Roster
from staff.model import Member


@dataclass(frozen=True, slots=True)
class Step:
    """What happens now: whom to page (nobody when there is no staff at all), and when to go on.

    `paged` is the case's count of pages afterwards, which says whose turn comes next.
    """

    page: Member | None
    paged: int
    next_at: datetime


def next_step(
    case: Case, roster: Roster, times: Times, now: datetime, skip: int | None = None
) -> Step | None:
    """The next step of a case, or None when somebody owns it or it is closed.

    `skip` is a member who has just passed the case on: not paged now if there is anybody else.
    """
    if case.state is not CaseState.OPEN:
        return None
    order, turn = roster.order, case.paged
    if not order:
        return Step(None, turn, now + times.page)
    if order[turn % len(order)].id == skip:
        turn += 1
    return Step(order[turn % len(order)], turn + 1, now + times.page)


def step_after_loss(
    case: Case, roster: Roster, times: Times, now: datetime, tried: Collection[int]
) -> Step | None:
    """The step that is taken at once because the last page reaches nobody, or None: the timer, as
    it was set, comes next.

    `tried` are those who were paged within the last `times.page`. They are passed over, so that
    one round of the roster is made at once and nobody is paged twice in it, although every page
    should fail.
    """
    if case.state is not CaseState.OPEN:
        return None
    order = roster.order
    for turn in range(case.paged, case.paged + len(order)):
        following = order[turn % len(order)]
        if following.id not in tried:
            return Step(following, turn + 1, now + times.page)
    return None


def numbers_are_due(case: Case) -> bool:
    """Whether the reporter, whom nobody has answered in time, is sent the emergency numbers.

    Never to somebody who asked not to be written to: the first answer already held 911.
    """
    return case.state is CaseState.OPEN and not case.silenced
