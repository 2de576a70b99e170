"""Who would be paged when: the rules played on the roster, the people and the policies that are
stored. It only reads."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from alerts import policies
from alerts.escalation import waits
from alerts.model import Case, CaseState, Kind, MayWrite, Times, Urgency
from alerts.policy import Policy, choose
from alerts.roster import CALLED, duty_at, roster_of
from alerts.shifts import store
from alerts.simulation import Stage, simulate
from db.session import Session
from delivery import senders
from kit.channels import Channel, Endpoint
from staff import store as staff
from staff.model import Member, Right
from staff.rules import require

KINDS = tuple(kind for kind in Kind if kind is not Kind.CANARY)


@dataclass(frozen=True, slots=True)
class Question:
    """A call for help that could come."""

    at: datetime
    kind: Kind = Kind.UNKNOWN
    urgency: Urgency = Urgency.UNSORTED
    language: str = "es"


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would happen to it. With `gap` nobody is on duty when it comes; `numbers_at` is when a
    person whom nobody has answered is sent the emergency numbers."""

    question: Question
    policy: Policy
    stages: tuple[Stage, ...]
    on_duty: tuple[str, ...]
    gap: bool
    numbers_at: datetime
    names: Mapping[int, str]
    rotas: tuple[str, ...]


async def foresee(session: Session, viewer: Member, question: Question, times: Times) -> Foreseen:
    """Play a call for help. Refused without the right to see the roster."""
    require(viewer, Right.SEE_ROSTER)
    members = await staff.with_roles(session, CALLED)
    plan = await store.plan(session, question.at)
    policy = choose(await policies.current(session), question.kind, question.urgency)
    times = replace(
        times, opening=replace(times.opening, closed=times.opening.closed | plan.holidays)
    )
    channels = frozenset(Channel(row["channel"]) for row in await senders.all_of(session))
    case = _case(question, policy)
    idle = waits(case, times, question.at)
    begins = times.opening.opens_at(question.at) if idle else question.at
    names = {one.id: one.pseudonym for one in members}
    duty = duty_at(plan, begins)
    # Nobody who cannot be paged is on duty, whatever their role.
    here = tuple(one.id for one in roster_of(members, duty).on_duty)
    return Foreseen(
        question,
        policy,
        simulate(case, policy, members, plan, times, channels),
        tuple(names[id_] for id_ in here if id_ in names),
        not here,
        begins + times.reporter,
        names,
        tuple(one.name for one in plan.rotas),
    )


def _case(question: Question, policy: Policy) -> Case:
    """A case that was never stored: of nobody."""
    return Case(
        id=0,
        folio="",
        state=CaseState.OPEN,
        kind=question.kind,
        urgency=question.urgency,
        reporter=Endpoint(Channel.SMS, ""),
        language=question.language,
        may_write=MayWrite.UNKNOWN,
        word="",
        opened_at=question.at,
        policy_id=policy.id,
    )
