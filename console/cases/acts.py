"""What is done on the page of a case: each form is one unit, and refused ones change nothing."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from enum import StrEnum
from typing import TypeVar

from fastapi import Response

from alerts import handling, ownership, passing, presence, relay, wellbeing
from alerts.model import Case, Outcome, Times
from alerts.referral import service as referrals
from alerts.referral.model import Body, Means, ReferralState
from alerts.viewing import held, nothing_said_since
from console.cases.page import MOST_ID, Shown, after, page, path_of, refused
from console.frame.pages import StaffPages
from console.frame.visit import Visit
from db.session import Session
from kit.channels import Channel
from kit.errors import Invalid, Problem
from locales.text import _
from staff import store as staff
from staff.model import Member, Quiet, Right
from staff.reading import read_quiet
from staff.signin.forms import once

HERE = "/casos/{folio}"
PASSED = {
    passing.Passed.PAGED: _("console.case.said_passed"),
    passing.Passed.WAITS: _("console.case.said_passed_waits"),
    passing.Passed.NOBODY: _("console.case.said_passed_nobody"),
}
FOUND = frozenset({Outcome.LOCATED, Outcome.LOCATED_NO_CONTACT, Outcome.REPATRIATED})
"""Outcomes that say of a person who was looked for that they were found: a page asks how that is
known. By SMS the word alone is enough."""

Work = Callable[[Session, Case, Visit], Awaitable[str]]
"""Does something in a unit and gives the key of the sentence that says so."""


def add_acts(pages: StaffPages, times: Times) -> None:
    """Every act of a case as a form that is posted to a path of its own."""

    def add(name: str, work: Work) -> None:
        @pages.post(f"{HERE}/{name}", needs=Right.HANDLE_CASES)
        async def act(visit: Visit) -> Response:
            try:
                async with visit.database.write() as session:
                    case = await held(session, visit.member, visit.word("folio"))
                    if not await once(session, visit.form["once"], visit.now):
                        # The same form a second time: it was done.
                        return visit.go(path_of(case.folio))
                    said = await work(session, case, visit)
            except Problem as problem:
                return await refused(visit, times, problem, name)
            return visit.go(path_of(case.folio) + after(name, visit.form), said)

    async def accept(session: Session, case: Case, visit: Visit) -> str:
        await ownership.accept(session, case, visit.member, visit.now)
        return _("console.case.said_accepted")

    async def take_over(session: Session, case: Case, visit: Visit) -> str:
        reason = visit.form["reason"]
        await ownership.take_over(session, case, visit.member, reason, visit.now)
        return _("console.case.said_accepted")

    async def pass_on(session: Session, case: Case, visit: Visit) -> str:
        to = visit.form["to"]
        if to == "everybody":
            await passing.pass_to_everybody(session, case, visit.member, times, visit.now)
        elif to:
            colleague = await _colleague(session, visit)
            await passing.pass_to(session, case, visit.member, colleague, times, visit.now)
        else:
            await ownership.pass_on(session, case, visit.member, times, visit.now)
        return PASSED[await passing.became(session, case, visit.now)]

    async def reply(session: Session, case: Case, visit: Visit) -> str:
        await relay.reply(session, case, visit.member, visit.form["words"].strip(), visit.now)
        await presence.writes_no_more(session, case.id, visit.member.id)
        later = case.safe_at(visit.now) > visit.now
        return _("console.case.said_reply_later") if later else _("console.case.said_reply")

    async def note(session: Session, case: Case, visit: Visit) -> str:
        await handling.act(session, case, visit.member, visit.form["note"], visit.now)
        return _("console.case.said_note")

    async def close(session: Session, case: Case, visit: Visit) -> str:
        await _up_to_date(session, case, visit)
        outcome, words = one_of(Outcome, visit.form["outcome"]), visit.form["how"]
        if outcome in FOUND and not words.strip():
            raise ownership.CloseWordsMissing(_("console.case.close_how_found"))
        await ownership.close(session, case, visit.member, outcome, visit.now, words)
        return _("console.case.said_closed")

    async def reopen(session: Session, case: Case, visit: Visit) -> str:
        await ownership.reopen(session, case, visit.member, visit.form["reason"], visit.now)
        return _("console.case.said_accepted")

    async def snooze(session: Session, case: Case, visit: Visit) -> str:
        await _up_to_date(session, case, visit)
        wait = _hours(visit.form["hours"])
        await handling.snooze(session, case, visit.member, wait, visit.form["reason"], visit.now)
        return _("console.case.said_snoozed")

    async def hours(session: Session, case: Case, visit: Visit) -> str:
        begins, ends = visit.form["begins"].strip(), visit.form["ends"].strip()
        unsafe = None
        if begins or ends:
            safe = read_quiet(f"{begins}-{ends}")
            unsafe = None if safe is None else Quiet(safe.ends, safe.begins)
        await handling.set_hours(session, case, visit.member, unsafe, visit.now)
        return _("console.case.said_hours")

    async def helper(session: Session, case: Case, visit: Visit) -> str:
        colleague = await _colleague(session, visit)
        await ownership.add_helper(session, case, visit.member, colleague, visit.now)
        return _("console.case.said_helper")

    async def well(session: Session, case: Case, visit: Visit) -> str:
        await wellbeing.mark_well(session, case, visit.member, visit.form["how"], visit.now)
        return _("console.case.said_well")

    async def let_wait(session: Session, case: Case, visit: Visit) -> str:
        await handling.let_wait(session, case, visit.member, times, visit.now)
        return _("console.case.said_waits")

    async def refer(session: Session, case: Case, visit: Visit) -> str:
        body = one_of(Body, visit.form["body"])
        await referrals.add(session, case, visit.member, body, visit.now, name=visit.form["name"])
        return _("console.case.said_referred")

    async def log(session: Session, case: Case, visit: Visit) -> str:
        state = visit.form["state"]
        await referrals.log(
            session,
            case,
            visit.member,
            visit.form.number("referral", 1, MOST_ID) or 0,
            means=one_of(Means, visit.form["means"]),
            whom=visit.form["whom"],
            said=visit.form["said"],
            now=visit.now,
            state=one_of(ReferralState, state) if state else None,
        )
        return _("console.case.said_logged")

    async def follow_up(session: Session, case: Case, visit: Visit) -> str:
        number = visit.form.number("follow_up", 1, MOST_ID) or 0
        result = visit.form["result"]
        await referrals.follow_up_done(session, case, visit.member, number, result, visit.now)
        return _("console.case.said_follow_up")

    for name, work in {
        "aceptar": accept,
        "tomar": take_over,
        "pasar": pass_on,
        "responder": reply,
        "anotar": note,
        "cerrar": close,
        "reabrir": reopen,
        "pausar": snooze,
        "horas": hours,
        "ayuda": helper,
        "bien": well,
        "esperar": let_wait,
        "canalizar": refer,
        "contacto": log,
        "seguimiento": follow_up,
    }.items():
        add(name, work)

    @pages.post(f"{HERE}/numero", needs=Right.HANDLE_CASES)
    async def reveal(visit: Visit) -> Response:
        """The number is in this one answer and nowhere else: no address leads to it."""
        try:
            async with visit.database.write() as session:
                case = await held(session, visit.member, visit.word("folio"))
                if not await once(session, visit.form["once"], visit.now):
                    # Nobody is written down twice for one look.
                    return visit.go(path_of(case.folio), _("console.case.number_was_shown"))
                number = await handling.reveal(
                    session, case, visit.member, visit.form["reason"], visit.now
                )
        except Problem as problem:
            return await refused(visit, times, problem, "numero")
        if case.reporter.channel is not Channel.SMS:
            number = visit.text(_("console.case.only_a_chat"))
        return await page(visit, times, Shown(number=number))


async def _up_to_date(session: Session, case: Case, visit: Visit) -> None:
    """What the reporter has just said is read before the case is put away."""
    await nothing_said_since(session, case, visit.form.number("seen", 0, MOST_ID) or 0)


async def _colleague(session: Session, visit: Visit) -> Member:
    found = await staff.get(session, visit.form.number("to", 1, MOST_ID) or 0)
    if found is None:
        raise Invalid(_("console.case.choose_colleague"))
    return found


_Code = TypeVar("_Code", bound=StrEnum)


def one_of(kind: type[_Code], typed: str) -> _Code:
    """A code from a list of choices; Invalid when nothing, or nothing of it, was chosen."""
    try:
        return kind(typed)
    except ValueError:
        raise Invalid(_("console.case.choose")) from None


def _hours(typed: str) -> timedelta:
    """ "2", "0.5" or "1,5" hours. What is no number is no time at all, which is refused."""
    try:
        hours = float(typed.strip().replace(",", "."))
    except ValueError:
        hours = 0.0
    # A number that is none fails both comparisons.
    return timedelta(hours=hours if 0 < hours < 10_000 else 0)
