"""What comes next in a case while nobody has it: the ladder, and whose turn it is."""

from dataclasses import dataclass
from datetime import datetime

from alerts import paging, timeline
from alerts.escalation import BEHIND_THE_LADDER, Rung, ladder, next_step
from alerts.model import Case, CaseState, Times
from alerts.policy import Policy
from db.session import Session


@dataclass(frozen=True, slots=True)
class Turn:
    """Who is paged next, when, and whether it is everybody at once, and all of them again."""

    at: datetime
    names: tuple[str, ...]
    everybody: bool
    again: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A rung of the policy as it stands now, by pseudonyms."""

    names: tuple[str, ...]
    minutes: int
    done: bool


async def of_case(
    session: Session,
    case: Case,
    policy: Policy,
    times: Times,
    page_at: datetime | None,
    now: datetime,
) -> tuple[tuple[Step, ...], Turn | None]:
    """The ladder as it stands now, and who is paged next while nobody has the case."""
    people = await paging.roster(session, now)
    rungs = ladder(policy, people, case, times)
    steps = tuple(_step(rung, place < case.paged) for place, rung in enumerate(rungs))
    if case.state is not CaseState.OPEN or page_at is None:
        return steps, None
    declined = await timeline.declined_since(session, case.id, now - paging.DECLINED_WITHIN)
    called = await timeline.called(session, case.id)
    step = next_step(
        case, policy, people, times, max(now, page_at), declined=declined, called=called
    )
    if step is None:
        return steps, None
    names = tuple(one.pseudonym for one in step.people)
    everybody = step.paged > BEHIND_THE_LADDER
    again = everybody and all(one.id in called for one in step.people)
    return steps, Turn(page_at, names, everybody, again)


def _step(rung: Rung, done: bool) -> Step:
    minutes = max(1, round(rung.wait.total_seconds() / 60))
    return Step(tuple(one.pseudonym for one in rung.people), minutes, done)
