"""`/directorio`: the numbers, what somebody heard who called one, and keeping them true."""

from urllib.parse import urlencode

from fastapi import Response

from console.directory import words
from console.directory.form import Written, cells_of, differences, read
from console.directory.lists import Listed, Show, Wanted, listed, row_of
from console.frame.pages import StaffPages
from console.frame.visit import Visit
from console.home.words import country_name, state_name
from directory import importing, service
from directory.model import EmergencyContact, Heard
from directory.rules import print_of, verified_hotline
from kit.errors import Invalid, Problem
from locales.text import _
from staff import store as staff
from staff.hours import OFFICE, local_day
from staff.model import Right
from staff.signin.forms import once

HERE = "/directorio"
ONE = f"{HERE}/{{id}}"
NEEDS = Right.VERIFY_DIRECTORY
MOST_ERRORS = 50
"""Faulty rows that are shown one by one."""


def add_directory(pages: StaffPages) -> None:
    """Add every page of the directory."""
    _add_list(pages)
    _add_new(pages)
    _add_import(pages)
    # Behind the paths that have a name: /directorio/{id} takes whatever stands there.
    _add_one(pages)
    _add_correct(pages)


def _add_list(pages: StaffPages) -> None:
    @pages.get(HERE, needs=NEEDS)
    async def show(visit: Visit) -> Response:
        wanted = _wanted(visit)
        async with visit.database.read() as session:
            contacts = await service.numbers(session, visit.member)
            missing = await service.missing_states(session)
            names = await staff.names(session)
        found = listed(contacts, wanted, local_day(OFFICE, visit.now), visit.now)
        return visit.page(
            "directory/list.html",
            found=found,
            wanted=wanted,
            tabs=_tabs(found, wanted),
            names=names,
            missing=[state_name(f"MX-{code}", visit.language) for code in missing],
            hotline=verified_hotline(contacts),
            places=[(one, _place_name(one, visit.language)) for one in found.places],
            further=_address(wanted, page=found.page + 1) if found.page < found.pages else "",
            earlier=_address(wanted, page=found.page - 1) if found.page > 1 else "",
            words=words,
        )


def _add_one(pages: StaffPages) -> None:
    async def shown(visit: Visit, sentence: str = "", status: int = 200) -> Response:
        async with visit.database.read() as session:
            known = await service.known(session, visit.member, visit.number("id"))
            names = await staff.names(session)
        return visit.page(
            "directory/one.html",
            status=status,
            row=row_of(known.contact, local_day(OFFICE, visit.now), visit.now),
            done=[line for line in known.done if line.act in words.DONE],
            names=names,
            seen=print_of(known.contact),
            heard=Heard,
            sentence=sentence,
            words=words,
        )

    @pages.get(ONE, needs=NEEDS)
    async def show(visit: Visit) -> Response:
        return await shown(visit)

    @pages.post(f"{ONE}/llamada", needs=NEEDS)
    async def call(visit: Visit) -> Response:
        contact_id, typed = visit.number("id"), visit.form["heard"]
        try:
            if typed not in list(Heard):
                raise Invalid(_("console.directory.choose_heard"))
            heard = Heard(typed)
            async with visit.database.write() as session:
                if not await once(session, visit.form["once"], visit.now):
                    # The same form a second time: the page says how the number stands.
                    return visit.go(_one(contact_id))
                seen = visit.form["seen"]
                await service.note_call(
                    session, contact_id, visit.member, heard, visit.now, seen=seen
                )
        except (service.Outdated, Invalid) as problem:
            status = 409 if isinstance(problem, service.Outdated) else 422
            return await shown(visit, visit.text(problem.key, **problem.params), status)
        return visit.go(_one(contact_id), words.SAID[heard])

    @pages.post(f"{ONE}/recuperar", needs=NEEDS)
    async def bring_back(visit: Visit) -> Response:
        contact_id = visit.number("id")
        async with visit.database.write() as session:
            await service.bring_back(session, visit.member, contact_id, visit.now)
        return visit.go(_one(contact_id), _("console.directory.said.brought_back"))


def _add_new(pages: StaffPages) -> None:
    @pages.get(f"{HERE}/nuevo", needs=NEEDS)
    async def ask(visit: Visit) -> Response:
        return _form(visit, Written(dict.fromkeys(words.FIELDS, "")))

    @pages.post(f"{HERE}/nuevo", needs=NEEDS)
    async def add(visit: Visit) -> Response:
        written = read(visit.form)
        if written.entry is None:
            return _form(visit, written, _look_again(visit), 422)
        try:
            async with visit.database.write() as session:
                if not await once(session, visit.form["once"], visit.now):
                    return visit.go(HERE)
                made = await service.add(session, visit.member, written.entry, visit.now)
        except Problem as problem:
            sentence = visit.text(problem.key, **problem.params)
            return _form(visit, written, sentence, 422)
        return visit.go(_one(made), _("console.directory.said.added"))


def _add_correct(pages: StaffPages) -> None:
    @pages.get(f"{ONE}/corregir", needs=NEEDS)
    async def ask(visit: Visit) -> Response:
        contact = await _contact(visit)
        return _form(visit, Written(cells_of(contact)), contact=contact)

    @pages.post(f"{ONE}/corregir", needs=NEEDS)
    async def correct(visit: Visit) -> Response:
        written, contact_id = read(visit.form), visit.number("id")
        if written.entry is None:
            return _form(
                visit, written, _look_again(visit), 422, await _contact(visit), visit.form["seen"]
            )
        try:
            async with visit.database.write() as session:
                await service.correct(
                    session,
                    visit.member,
                    contact_id,
                    written.entry,
                    visit.form["seen"],
                    visit.now,
                )
        except service.Outdated as problem:
            sentence = visit.text(problem.key, **problem.params)
            return _form(visit, written, sentence, 409, await _contact(visit))
        except Problem as problem:
            sentence = visit.text(problem.key, **problem.params)
            return _form(visit, written, sentence, 422, await _contact(visit), visit.form["seen"])
        return visit.go(_one(contact_id), _("console.directory.said.corrected"))


def _add_import(pages: StaffPages) -> None:
    @pages.get(f"{HERE}/importar", needs=NEEDS)
    async def ask(visit: Visit) -> Response:
        return visit.page("directory/import.html", report=None, sentence="", typed="")

    @pages.post(f"{HERE}/importar", needs=NEEDS)
    async def bring(visit: Visit) -> Response:
        text = visit.form["rows"]
        try:
            report = await importing.import_text(visit.database, visit.member, text, visit.now)
        except Invalid as problem:
            sentence = visit.text(problem.key, **problem.params)
            return visit.page(
                "directory/import.html", status=422, report=None, sentence=sentence, typed=text
            )
        return visit.page(
            "directory/import.html",
            report=report,
            errors=report.errors[:MOST_ERRORS],
            sentence="",
            typed=text if report.errors else "",
        )


def _form(
    visit: Visit,
    written: Written,
    sentence: str = "",
    status: int = 200,
    contact: EmergencyContact | None = None,
    seen: str = "",
) -> Response:
    """The form of a number. Without `seen` it brings back the print of how the number is now."""
    other = (
        () if contact is None or status != 409 else differences(cells_of(contact), written.cells)
    )
    return visit.page(
        "directory/form.html",
        status=status,
        typed=written.cells,
        faults=written.faults,
        sentence=sentence,
        contact=contact,
        differences=other,
        seen="" if contact is None else seen or print_of(contact),
        kinds=_kinds(visit, written.cells["kind"]),
    )


def _kinds(visit: Visit, chosen: str) -> list[tuple[str, str]]:
    """What a form offers: nothing yet, the services that have a name, and what a file brought."""
    offered = [("", visit.text(_("console.directory.choose_kind")))]
    offered += [(kind, visit.text(key)) for kind, key in words.KINDS.items()]
    is_new = chosen not in ("", *words.KINDS)
    return [*offered, (chosen, chosen)] if is_new else offered


async def _contact(visit: Visit) -> EmergencyContact:
    async with visit.database.read() as session:
        return (await service.known(session, visit.member, visit.number("id"))).contact


def _look_again(visit: Visit) -> str:
    return visit.text(_("console.directory.look_again"))


def _one(contact_id: int) -> str:
    return f"{HERE}/{contact_id}"


def _wanted(visit: Visit) -> Wanted:
    show, page = visit.query("ver"), visit.query("p")
    return Wanted(
        Show(show) if show in list(Show) else Show.ALL,
        visit.query("q").strip(),
        visit.query("lugar"),
        visit.query("servicio"),
        int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
    )


def _tabs(found: Listed, wanted: Wanted) -> list[tuple[str, str, int, bool]]:
    """Address, name and number of each tab, and whether it is the open one."""
    return [
        (_address(wanted, show=show), key, found.counts[show], show is wanted.show)
        for show, key in TABS.items()
    ]


TABS = {
    Show.ALL: _("console.directory.tab.all"),
    Show.TO_CALL: _("console.directory.tab.to_call"),
    Show.VERIFIED: _("console.directory.tab.verified"),
    Show.OUT: _("console.directory.tab.out"),
}


def _address(wanted: Wanted, show: Show | None = None, page: int = 1) -> str:
    """Where the same question finds another tab or page."""
    asked = {
        "ver": show or wanted.show,
        "q": wanted.text,
        "lugar": wanted.place,
        "servicio": wanted.kind,
        "p": str(page) if page > 1 else "",
    }
    asked = {name: value for name, value in asked.items() if value and value != Show.ALL}
    return f"{HERE}?{urlencode(asked)}" if asked else HERE


def _place_name(place: str, language: str) -> str:
    country, _dash, state = place.partition("-")
    where = country_name(country, language)
    return f"{where}: {state_name(place, language)}" if state else where
