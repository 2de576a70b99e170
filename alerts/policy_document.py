"""A policy as a document: how the database keeps it and how people write it in a file.

name: Secuestro de noche
kinds: [captive, extortion]
urgencies: [life]
lease_minutes: 10
renewal_minutes: 60
steps:
  - {call: [on_duty], one_by_one: true, wait_minutes: 3}
  - {call: ["rota:Psicologia", "role:coordinator"]}
  - {call: [everybody]}
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import TypeVar

from alerts.model import Kind, Urgency
from alerts.policy import Policy, PolicyStep, Target, Who
from kit.errors import Invalid
from locales.text import _
from staff.model import Role

MOST_STEPS = 20
MOST_TARGETS = 20
FEWEST_MINUTES = 1 / 60.001
MOST_MINUTES = 24 * 60
LONGEST_NAME = 60

_NAMED = (Who.ROTA, Who.MEMBER, Who.ROLE)
_FIELDS = {"name", "kinds", "urgencies", "lease_minutes", "renewal_minutes", "steps"}
_STEP_FIELDS = {"call", "one_by_one", "wait_minutes"}
_Named = TypeVar("_Named", bound=StrEnum)


def read_policy(raw: object) -> Policy:
    """The policy in a document; raises Invalid, which names the place and what was expected."""
    table = _table(raw, "policy", _FIELDS)
    name = table.get("name")
    if not isinstance(name, str) or not _is_name(name.strip()):
        raise _wrong("name", f"1-{LONGEST_NAME} abc")
    steps = _list(table.get("steps"), "steps", MOST_STEPS)
    if not steps:
        raise _wrong("steps", f"1-{MOST_STEPS}")
    return Policy(
        name.strip(),
        tuple(_step(step, f"steps[{place}]") for place, step in enumerate(steps, 1)),
        frozenset(_enums(table.get("kinds", []), "kinds", Kind)),
        frozenset(_enums(table.get("urgencies", []), "urgencies", Urgency)),
        _minutes(table.get("lease_minutes", 15), "lease_minutes"),
        _minutes(table.get("renewal_minutes", 120), "renewal_minutes"),
    )


def document_of(policy: Policy) -> dict[str, object]:
    """The document of a policy; `read_policy` gives the same policy back."""
    return {
        "name": policy.name,
        "kinds": sorted(str(one) for one in policy.kinds),
        "urgencies": sorted(str(one) for one in policy.urgencies),
        "lease_minutes": _in_minutes(policy.lease),
        "renewal_minutes": _in_minutes(policy.renewal),
        "steps": [_step_document(step) for step in policy.steps],
    }


def _step_document(step: PolicyStep) -> dict[str, object]:
    called = [f"{one.who}:{one.which}" if one.which else str(one.who) for one in step.targets]
    found: dict[str, object] = {"call": called, "one_by_one": step.one_by_one}
    if step.wait is not None:
        found["wait_minutes"] = _in_minutes(step.wait)
    return found


def _step(raw: object, place: str) -> PolicyStep:
    table = _table(raw, place, _STEP_FIELDS)
    called = _list(table.get("call"), f"{place}.call", MOST_TARGETS)
    if not called:
        raise _wrong(f"{place}.call", ", ".join(Who))
    one_by_one = table.get("one_by_one", False)
    if not isinstance(one_by_one, bool):
        raise _wrong(f"{place}.one_by_one", "true, false")
    wait = table.get("wait_minutes")
    return PolicyStep(
        tuple(_target(target, f"{place}.call") for target in called),
        None if wait is None else _minutes(wait, f"{place}.wait_minutes"),
        one_by_one,
    )


def _target(raw: object, place: str) -> Target:
    name, _colon, which = str(raw).partition(":")
    who = _enum(name.strip(), place, Who)
    which = which.strip()
    if (who in _NAMED) != bool(which) or (which and not _is_name(which)):
        raise _wrong(place, ", ".join(f"{one}:…" if one in _NAMED else str(one) for one in Who))
    if who is Who.ROLE:
        _enum(which, place, Role)
    if who is Who.MEMBER:
        if not (which.isascii() and which.isdigit()):
            raise _wrong(place, "member:7")
        which = str(int(which))
    return Target(who, which)


def _is_name(name: str) -> bool:
    """Whether a database, a screen and a log can hold it."""
    return 0 < len(name) <= LONGEST_NAME and name.isprintable()


def _table(raw: object, place: str, fields: set[str]) -> Mapping[str, object]:
    if not isinstance(raw, Mapping) or not set(raw) <= fields:
        raise _wrong(place, ", ".join(sorted(fields)))
    return raw


def _list(raw: object, place: str, most: int) -> Sequence[object]:
    if not isinstance(raw, list) or len(raw) > most:
        raise _wrong(place, f"1-{most}")
    return raw


def _minutes(raw: object, place: str) -> timedelta:
    if not isinstance(raw, int | float) or isinstance(raw, bool):
        raise _wrong(place, f"1-{MOST_MINUTES}")
    if not FEWEST_MINUTES <= raw <= MOST_MINUTES:
        raise _wrong(place, f"1-{MOST_MINUTES}")
    return timedelta(minutes=raw)


def _in_minutes(wait: timedelta) -> float:
    return wait / timedelta(minutes=1)


def _enums(raw: object, place: str, kind: Callable[[str], _Named]) -> list[_Named]:
    return [_enum(str(one), place, kind) for one in _list(raw, place, 20)]


def _enum(raw: str, place: str, kind: Callable[[str], _Named]) -> _Named:
    try:
        return kind(raw)
    except ValueError:
        choices = ", ".join(kind) if isinstance(kind, type) and issubclass(kind, StrEnum) else ""
        raise _wrong(place, choices) from None


def _wrong(place: str, expected: str) -> Invalid:
    return Invalid(_("policies.wrong"), place=place, expected=expected)
