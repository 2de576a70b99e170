"""A policy as sentences: who is called, after how long, and how long an owner has. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from alerts.escalation import EVERYBODY_WAIT_DIVISOR
from alerts.policy import Policy, PolicyStep, Target, Who
from alerts.roster import CALLED
from alerts.texts import KIND_WORDS, URGENCY_WORDS
from console.roster.words import ROLES, long
from locales.phrases import all_of, listed
from locales.text import Phrase, _


@dataclass(frozen=True, slots=True)
class Told:
    """A policy in words. `doubts` say of which steps nobody will be found."""

    id: int | None
    name: str
    cases: Phrase
    steps: tuple[Phrase, ...]
    end: Phrase
    lease: Phrase
    doubts: tuple[Phrase, ...]


def told(
    policy: Policy, wait: timedelta, people: Mapping[int, str], rotas: Collection[str]
) -> Told:
    """A policy in sentences. `wait` is the usual one, `people` are the pseudonyms of those who can
    be called, `rotas` the names of those that there are."""
    waits = [step.wait or wait for step in policy.steps]
    steps = [
        _step(step, policy.steps[place - 1] if place else None, waits[place - 1], people)
        for place, step in enumerate(policy.steps)
    ]
    return Told(
        policy.id,
        policy.name,
        _cases(policy),
        tuple(steps),
        _end(policy.steps[-1], waits[-1], wait),
        Phrase(
            _("console.policy.lease"),
            {"lease": long(policy.lease), "renewal": long(policy.renewal)},
        ),
        tuple(
            doubt
            for step in policy.steps
            for target in step.targets
            if (doubt := _doubt(target, people, rotas)) is not None
        ),
    )


def _cases(policy: Policy) -> Phrase:
    kinds = [KIND_WORDS[kind] for kind in sorted(policy.kinds) if kind in KIND_WORDS]
    urgencies = [URGENCY_WORDS[one] for one in sorted(policy.urgencies)]
    if kinds and urgencies:
        both = {"kinds": listed(kinds), "urgencies": listed(urgencies)}
        return Phrase(_("console.policy.for_both"), both)
    if kinds:
        return Phrase(_("console.policy.for_kinds"), {"kinds": listed(kinds)})
    if urgencies:
        return Phrase(_("console.policy.for_urgencies"), {"urgencies": listed(urgencies)})
    return Phrase(_("console.policy.for_all"))


def _step(
    step: PolicyStep, last: PolicyStep | None, waited: timedelta, people: Mapping[int, str]
) -> Phrase:
    params = {
        "who": all_of([_target(target, people) for target in step.targets]),
        "how": Phrase(
            _("console.policy.one_by_one") if step.one_by_one else _("console.policy.together")
        ),
        "wait": long(waited),
    }
    if last is None:
        return Phrase(_("console.policy.first"), params)
    if last.one_by_one:
        return Phrase(_("console.policy.after_each"), params)
    return Phrase(_("console.policy.after"), params)


def _end(last: PolicyStep, waited: timedelta, usual: timedelta) -> Phrase:
    params = {"wait": long(waited), "again": long(usual / EVERYBODY_WAIT_DIVISOR)}
    key = _("console.policy.end_each") if last.one_by_one else _("console.policy.end")
    return Phrase(key, params)


def _target(target: Target, people: Mapping[int, str]) -> Phrase:
    match target.who:
        case Who.ON_DUTY:
            return Phrase(_("console.policy.on_duty"))
        case Who.NEXT:
            return Phrase(_("console.policy.next"))
        case Who.ROTA:
            return Phrase(_("console.policy.rota"), {"name": target.which})
        case Who.MEMBER:
            name = people.get(int(target.which))
            if name is None:
                return Phrase(_("console.policy.member_gone"), {"id": target.which})
            return Phrase(_("console.policy.member"), {"name": name})
        case Who.ROLE:
            return Phrase(ROLES[target.which])
        case Who.EVERYBODY:
            return Phrase(_("console.policy.everybody"))


def _doubt(target: Target, people: Mapping[int, str], rotas: Collection[str]) -> Phrase | None:
    """Why a target calls nobody, as things stand."""
    if target.who is Who.ROTA and target.which not in rotas:
        return Phrase(_("console.policy.doubt_rota"), {"name": target.which})
    if target.who is Who.MEMBER and int(target.which) not in people:
        return Phrase(_("console.policy.doubt_member"), {"id": target.which})
    if target.who is Who.ROLE and target.which not in CALLED:
        return Phrase(_("console.policy.doubt_role"), {"role": Phrase(ROLES[target.which])})
    return None
