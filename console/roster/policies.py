"""`/guardias/politicas`: who is called for which case, as sentences, and as the file they are."""

import asyncio
import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from fastapi import Response

from alerts import policies
from alerts.model import Times
from alerts.policies import Version
from alerts.policy import BUILT_IN, Policy
from alerts.policy_file import MOST_POLICIES, Faulty, read_policies, written
from alerts.shifts import week
from console.frame.forms import is_whole_number
from console.frame.pages import StaffPages
from console.frame.visit import LARGEST_ID, Visit
from console.roster.bits import HERE, Bits
from console.roster.clocks import exact, read_exact
from console.roster.sentences import Told, told
from db.session import Session
from kit.errors import Invalid, Problem
from locales.text import _
from staff.model import Right
from staff.rules import require
from staff.signin.forms import once

POLICIES = f"{HERE}/politicas"
LARGEST_FORM = 700_000


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the difference between what was read and what holds now: "-", "+" or " "."""

    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why it was not put in force: a sentence, the faults by line, what changed meanwhile."""

    sentence: str
    faults: tuple[tuple[int, str], ...] = ()
    changed: tuple[Line, ...] = ()
    status: int = 422


def add_policies(pages: StaffPages, times: Times) -> None:
    """The policies in words, those before, and the file."""

    @pages.get(POLICIES, needs=Right.SEE_ROSTER)
    async def show(visit: Visit) -> Response:
        async with visit.database.read() as session:
            current = await policies.seen(session, visit.member)
            versions = await policies.versions(session, visit.member)
            names = await week.names(session, visit.member)
            people = await week.callable_names(session, visit.member)
            rotas, _absent = await week.rotas(session, visit.member)
        known = {one.name for one in rotas}
        return visit.page(
            "roster/policies.html",
            policies=[told(one, times.page, people, known) for one in current],
            built_in=told(BUILT_IN, times.page, people, known),
            has_some=any(one.kinds or one.urgencies for one in current),
            has_rest=all(one.kinds or one.urgencies for one in current),
            before=[_past(one, times, people, known) for one in versions if one.retired_at],
            names=names,
            bits=Bits(visit),
        )

    async def shown_file(visit: Visit, file: str, trouble: Trouble | None = None) -> Response:
        async with visit.database.read() as session:
            current = await policies.seen(session, visit.member)
        # A fault in the file shows nothing of what somebody else put in force meanwhile.
        unseen = trouble is not None and trouble.status != 409
        return visit.page(
            "roster/policies_file.html",
            status=200 if trouble is None else trouble.status,
            file=file,
            seen=visit.form["seen"] if unseen else _ids(current),
            made_at=visit.query("de") or visit.form["de"],
            trouble=trouble,
            example=_EXAMPLE,
            most=MOST_POLICIES,
            bits=Bits(visit),
        )

    @pages.get(f"{POLICIES}/editar", needs=Right.PLAN_DUTY)
    async def show_file(visit: Visit) -> Response:
        require(visit.member, Right.PLAN_DUTY)
        async with visit.database.read() as session:
            found = await policies.seen(session, visit.member)
            made_at = read_exact(visit.query("de"))
            if made_at is not None:
                found = await _of(session, visit, made_at) or found
        return await shown_file(visit, written(found))

    @pages.post(f"{POLICIES}/editar", needs=Right.PLAN_DUTY, most=LARGEST_FORM)
    async def put(visit: Visit) -> Response:
        require(visit.member, Right.PLAN_DUTY)
        file = visit.form["archivo"]
        try:
            # An empty file is a wish for none; a list of none says the same.
            data = file.encode() if file.strip() else b"[]"
            wanted = await asyncio.to_thread(read_policies, data)
        except Faulty as problem:
            said = visit.text(_("console.policy.faulty"), count=len(problem.faults))
            return await shown_file(visit, file, Trouble(said, _faults(visit, problem)))
        except Invalid as problem:
            return await shown_file(visit, file, Trouble(_sentence(visit, problem)))
        async with visit.database.write() as session:
            if not await once(session, visit.form["once"], visit.now):
                return visit.go(POLICIES)
            current = await policies.seen(session, visit.member)
            stale = _ids(current) != visit.form["seen"]
            if not stale:
                await policies.replace(session, wanted, visit.member, visit.now)
            else:
                before = await policies.kept(session, visit.member, _read_ids(visit.form["seen"]))
        if stale:
            said = visit.text(_("console.policy.changed"))
            lines = difference(written(before), written(current))
            return await shown_file(visit, file, Trouble(said, (), lines, 409))
        return visit.go(POLICIES, _("console.policy.put"))


_EXAMPLE = """- name: Secuestro
  kinds: [captive, extortion]
  lease_minutes: 10
  steps:
  - {call: [on_duty], one_by_one: true, wait_minutes: 3}
  - {call: [everybody]}
"""


@dataclass(frozen=True, slots=True)
class Past:
    """A version that holds no more, in words."""

    made_at: datetime
    retired_at: datetime
    by: int | None
    address: str
    policies: tuple[Told, ...]


def _past(one: Version, times: Times, people: Mapping[int, str], rotas: Collection[str]) -> Past:
    return Past(
        one.made_at,
        one.retired_at or one.made_at,
        one.by,
        exact(one.made_at),
        tuple(told(policy, times.page, people, rotas) for policy in one.policies),
    )


async def _of(session: Session, visit: Visit, made_at: datetime) -> tuple[Policy, ...]:
    """The policies that were put in force at an instant, to the second."""
    for one in await policies.versions(session, visit.member):
        if one.made_at.replace(microsecond=0) == made_at:
            return one.policies
    return ()


def difference(before: str, now: str) -> tuple[Line, ...]:
    """The lines that came and went, with one around them."""
    found = difflib.unified_diff(before.splitlines(), now.splitlines(), lineterm="", n=1)
    return tuple(
        Line(line[:1], line[1:]) for line in found if not line.startswith(("---", "+++", "@@"))
    )


def _faults(visit: Visit, problem: Faulty) -> tuple[tuple[int, str], ...]:
    told_of = []
    for one in problem.faults:
        params = {"place": one.place, "expected": one.expected, "line": one.line}
        told_of.append((one.line, visit.text(one.key, **params)))
    return tuple(told_of)


_SENTENCES = {"policies.file_list": _("console.policy.not_a_list")}
"""Sentences that speak of the command line, and what a page says in their place."""


def _sentence(visit: Visit, problem: Problem) -> str:
    return visit.text(_SENTENCES.get(problem.key, problem.key), **problem.params)


def _ids(found: Collection[Policy]) -> str:
    return ",".join(str(one.id) for one in found)


def _read_ids(typed: str) -> list[int]:
    """The ids that a form brought back, without what is none."""
    found = [int(one) for one in typed.split(",")[:MOST_POLICIES] if is_whole_number(one)]
    return [one for one in found if one <= LARGEST_ID]
