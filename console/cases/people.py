"""The people of a case, by their names: a page of its own, and looking at it is in the audit."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime

from fastapi import Response

from alerts.model import Case, Minor
from alerts.people import service
from alerts.people import texts as people_texts
from alerts.people.model import Answer, Details, Disclosure, PersonRole
from alerts.viewing import held
from console.cases.acts import one_of
from console.cases.page import MOST_ID, after, path_of
from console.cases.words import WORDS
from console.frame.pages import StaffPages
from console.frame.visit import Visit
from db.session import Session
from kit import wall
from kit.errors import Invalid, NotFound, Problem
from locales.text import _
from staff.model import Right
from staff.signin.forms import once

HERE = "/casos/{folio}/personas"


Work = Callable[[Session, Case, Visit], Awaitable[str]]


def add_people(pages: StaffPages) -> None:
    """`/casos/{folio}/personas` and what is written down there."""

    async def shown(visit: Visit, trouble: str = "", act: str = "", status: int = 200) -> Response:
        async with visit.database.write() as session:
            case = await held(session, visit.member, visit.word("folio"))
            people = await service.shown(session, case, visit.member, visit.now)
            verdicts = await service.verdicts(session, case)
        return visit.page(
            "cases/people.html",
            status=status,
            case=case,
            here=path_of(case.folio),
            people=people,
            verdicts=verdicts,
            names={one.id: one.details.name for one in people},
            people_texts=people_texts,
            roles=list(PersonRole),
            trouble=trouble,
            trouble_act=act,
            typed=visit.form,
            done=visit.query("hecho"),
            placed=_placed(person.id for person in people),
            **WORDS,
        )

    @pages.get(HERE, needs=Right.SEE_CASES)
    async def show(visit: Visit) -> Response:
        return await shown(visit)

    def add(name: str, work: Work) -> None:
        @pages.post(f"{HERE}/{name}", needs=Right.HANDLE_CASES)
        async def act(visit: Visit) -> Response:
            try:
                async with visit.database.write() as session:
                    case = await held(session, visit.member, visit.word("folio"))
                    there = f"{path_of(case.folio)}/personas"
                    if not await once(session, visit.form["once"], visit.now):
                        return visit.go(there)
                    said = await work(session, case, visit)
            except NotFound:
                raise
            except Problem as problem:
                sentence = visit.text(problem.key, **problem.params)
                return await shown(visit, sentence, name, 422)
            return visit.go(there + after(name, visit.form), said)

    async def save(session: Session, case: Case, visit: Visit) -> str:
        form = visit.form
        details = Details(
            role=one_of(PersonRole, form["role"]),
            name=form["name"],
            aliases=_listed(form["aliases"]),
            kinship=form["kinship"],
            phones=_listed(form["phones"]),
            seen_where=form["seen_where"],
            seen_at=_instant(form["seen_at"], visit.member.zone),
            note=form["note"],
        )
        await service.save(session, case, visit.member, details, visit.now)
        return _("console.people.saved")

    async def minor(session: Session, case: Case, visit: Visit) -> str:
        answer = one_of(Minor, visit.form["minor"])
        told = await service.set_minor(session, case, visit.member, answer, visit.now)
        if answer is Minor.YES and not told:
            return _("console.people.minor_nobody")
        return _("console.people.minor_told") if told else _("console.people.saved")

    async def consent(session: Session, case: Case, visit: Visit) -> str:
        form = visit.form
        given = Disclosure(
            one_of(Answer, form["answer"]),
            visit.now,
            form.number("to", 1, MOST_ID),
            form["to_other"],
            form["how"],
        )
        person = form.number("person", 1, MOST_ID) or 0
        await service.disclose(session, case, visit.member, person, given, visit.now)
        return _("console.people.saved")

    async def check(session: Session, case: Case, visit: Visit) -> str:
        form = visit.form
        await service.look_into(
            session,
            case,
            visit.member,
            form.number("person", 1, MOST_ID) or 0,
            allowed=form["allowed"] == "yes",
            reason=form["reason"],
            now=visit.now,
        )
        return _("console.people.saved")

    for name, work in {
        "nueva": save,
        "edad": minor,
        "permiso": consent,
        "revision": check,
    }.items():
        add(name, work)


def _placed(people: Iterable[int]) -> set[str]:
    """Acts of which the page speaks where they are done; of the others it does at its top."""
    return {"edad"} | {f"{act}-{person}" for person in people for act in ("permiso", "revision")}


def _listed(typed: str) -> tuple[str, ...]:
    """What is written with commas between, or a line each."""
    return tuple(one.strip() for one in typed.replace("\n", ",").split(",") if one.strip())


def _instant(typed: str, zone: str) -> datetime | None:
    """Day and hour from a field of the browser's, by the clock of who typed it."""
    if not typed:
        return None
    try:
        return wall.instant_of(datetime.fromisoformat(typed).replace(tzinfo=None), zone)
    except (ValueError, OverflowError):
        raise Invalid(_("console.people.when_wrong")) from None
