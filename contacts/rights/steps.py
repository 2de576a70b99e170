"""What may be done to a request on a day, and how it stands afterwards."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from contacts.rights.model import PROOFS, Act, Identity, Request, State, Step
from contacts.rights.terms import answer_by, defects_by, due_by_now, due_on
from kit.errors import Invalid, Refused
from locales.text import _

ACTS: dict[Step, Act] = {
    Step.IDENTITY: Act.IDENTITY,
    Step.DEFECTS: Act.DEFECTS,
    Step.MENDED: Act.MENDED,
    Step.LAPSE: Act.LAPSED,
    Step.EXTEND: Act.EXTENDED,
    Step.GRANT: Act.GRANTED,
    Step.REFUSE: Act.REFUSED,
    Step.DONE: Act.DONE,
}
NEED_WORDS = frozenset({Step.DEFECTS, Step.EXTEND, Step.REFUSE, Step.DONE})
"""Steps of which it must be said what, or why."""


class NotNow(Refused):
    """The step is not open to the request as it stands."""

    code = "step_not_open"


def offered(request: Request, today: date, holidays: Collection[date]) -> tuple[Step, ...]:
    """The steps that may be taken on a day, the usual one first."""
    if request.state is State.DEFECTIVE:
        until = due_by_now(request, holidays)
        over = until is not None and today > until
        return (Step.MENDED, Step.LAPSE) if over else (Step.MENDED,)
    if request.state is State.GRANTED:
        return (Step.DONE,)
    if request.state is not State.OPEN:
        return ()
    found = [Step.GRANT] if request.is_proven else [Step.IDENTITY]
    if request.defects_on is None and today <= defects_by(request, holidays):
        found.append(Step.DEFECTS)
    if not request.extended and today <= answer_by(request, holidays):
        found.append(Step.EXTEND)
    return (*found, Step.REFUSE)


def taken(
    request: Request,
    step: Step,
    today: date,
    holidays: Collection[date],
    identity: Identity | None = None,
) -> Request:
    """A request after a step. Raises NotNow when the step is not offered, and Invalid for an
    identity that is no proof."""
    if step not in offered(request, today, holidays):
        raise NotNow(_("rights.not_now"))
    return _dated(_moved(request, step, today, identity), holidays)


def carried_out(request: Request, identity: Identity, today: date) -> Request:
    """A request that was done at once, from wherever it stood. Raises NotNow when it is over."""
    if request.is_over:
        raise NotNow(_("rights.not_now"))
    proof = identity if identity in PROOFS else request.identity
    decided = request.decided_on or today
    over = replace(request, state=State.DONE, identity=proof, decided_on=decided)
    return replace(over, closed_on=today, due_on=None, version=request.version + 1)


def _moved(request: Request, step: Step, today: date, identity: Identity | None) -> Request:
    if step is Step.IDENTITY:
        if identity not in PROOFS or identity is None:
            raise Invalid(_("rights.choose_identity"))
        return replace(request, identity=identity)
    if step is Step.DEFECTS:
        return replace(request, state=State.DEFECTIVE, defects_on=today)
    if step is Step.MENDED:
        return replace(request, state=State.OPEN, counted_from=today)
    if step is Step.EXTEND:
        return replace(request, extended=True)
    if step is Step.GRANT:
        return replace(request, state=State.GRANTED, decided_on=today)
    ends = {Step.LAPSE: State.LAPSED, Step.REFUSE: State.REFUSED, Step.DONE: State.DONE}
    decided = today if step is Step.REFUSE else request.decided_on
    return replace(request, state=ends[step], decided_on=decided, closed_on=today)


def _dated(request: Request, holidays: Collection[date]) -> Request:
    due = due_on(request, holidays)
    return replace(request, due_on=due, version=request.version + 1)
