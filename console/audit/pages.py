"""`/auditoria`: who saw or did what, where the chain stands, and the lines as a file."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from fastapi import Response
from fastapi.responses import StreamingResponse

from console.audit.acts import ACTS, AREAS, key_of
from console.audit.checking import Checking, Progress
from console.audit.file import csv_lines
from console.audit.filters import Asked, asked
from console.frame.pages import StaffPages
from console.frame.visit import HEADERS, Visit
from console.signin.account import ROLES
from db.session import Session
from locales.text import _
from staff import store as staff
from staff.audit import reading
from staff.audit.model import Fault, Line
from staff.audit.reading import MACHINE, Chain
from staff.model import Member, Right

HERE = "/auditoria"
CHAIN = f"{HERE}/cadena"
PAGE = 50
CSV_TYPE = "text/csv; charset=utf-8"

FAULTS: Mapping[str, str] = {
    Fault.NO_HEAD: _("console.audit.fault.no_head"),
    Fault.FORGED: _("console.audit.fault.forged"),
    Fault.CHANGED: _("console.audit.fault.changed"),
    Fault.UNLINKED: _("console.audit.fault.unlinked"),
    Fault.GAP: _("console.audit.fault.gap"),
    Fault.CUT: _("console.audit.fault.cut"),
    Fault.HEAD: _("console.audit.fault.head"),
    Fault.EXPECTED: _("console.audit.fault.expected"),
}


LONGEST_WALK = timedelta(minutes=10)
"""A check that began so long ago in another process is not believed to go on."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the chain stands, what came of the last check, and how far one is that goes on."""

    chain: Chain
    ended: Line | None
    fault: str
    progress: Progress | None
    elsewhere: bool
    failed: bool

    @property
    def held(self) -> bool:
        """Whether the last check found nothing wrong."""
        return self.ended is not None and self.ended.act == reading.HELD


def add_audit(pages: StaffPages, stop: asyncio.Event) -> None:
    """Add the list, its file, and the state of the chain."""
    checking = Checking(pages.database, pages.clock, stop)
    _add_list(pages, checking)
    _add_chain(pages, checking)


def _add_list(pages: StaffPages, checking: Checking) -> None:
    @pages.get(HERE, needs=Right.SEE_AUDIT)
    async def show(visit: Visit) -> Response:
        wanted = asked(visit)
        async with visit.database.read() as session:
            found = await _lines(session, visit, wanted)
            people = await staff.everybody(session)
            chain = await _chain(session, visit, checking)
        shown = found[:PAGE]
        return visit.page(
            "audit/list.html",
            wanted=wanted,
            lines=shown,
            key_of=key_of,
            people=[(one.id, who(visit, one)) for one in people],
            names={one.id: who(visit, one) for one in people},
            grouped=grouped(),
            further=wanted.address(HERE, shown[-1].id) if len(found) > PAGE else "",
            first=wanted.address(HERE) if wanted.before is not None else "",
            file=wanted.address(f"{HERE}.csv"),
            where=lambda about: where(visit, about),
            machine=MACHINE,
            state=chain,
        )

    @pages.get(f"{HERE}.csv", needs=Right.SEE_AUDIT)
    async def as_csv(visit: Visit) -> Response:
        wanted = asked(visit)
        async with visit.database.write() as session:
            await reading.lines(session, visit.member, limit=1)
            await staff.log(session, visit.member.id, "audit.download", "audit", visit.now)
            people = await staff.everybody(session)
        names = {one.id: who(visit, one) for one in people}
        headers = {**HEADERS, "Content-Disposition": 'attachment; filename="auditoria.csv"'}
        return StreamingResponse(
            csv_lines(visit, wanted, names), headers=headers, media_type=CSV_TYPE
        )


def _add_chain(pages: StaffPages, checking: Checking) -> None:
    @pages.get(CHAIN, needs=Right.SEE_AUDIT)
    async def chain(visit: Visit) -> Response:
        async with visit.database.read() as session:
            state = await _chain(session, visit, checking)
        if not visit.is_part:
            return visit.go(HERE)
        return visit.page("audit/chain.html", state=state)

    @pages.post(f"{HERE}/comprobar", needs=Right.SEE_AUDIT)
    async def check(visit: Visit) -> Response:
        await checking.begin(visit.member, visit.now)
        if not visit.is_part:
            return visit.go(HERE, _("console.audit.check_begun"))
        async with visit.database.read() as session:
            state = await _chain(session, visit, checking)
        return visit.page("audit/chain.html", state=state)


async def _lines(session: Session, visit: Visit, wanted: Asked) -> Sequence[Line]:
    """One more than a page, to know whether there is another."""
    return await reading.lines(
        session,
        visit.member,
        act=wanted.act,
        about=wanted.about,
        member_id=wanted.member_id,
        since=wanted.since_at,
        until=wanted.until_at,
        before=wanted.before,
        limit=PAGE + 1,
    )


async def _chain(session: Session, visit: Visit, checking: Checking) -> Standing:
    begun, ended = await reading.last_check(session, visit.member)
    seen, runs = checking.progress, checking.runs
    fault = "" if ended is None else ended.about.partition(":")[0]
    newer = begun is not None and (ended is None or begun.id > ended.id)
    at = begun.at if newer and begun is not None else None
    return Standing(
        await reading.chain(session, visit.member),
        ended,
        FAULTS.get(fault, ""),
        seen if runs else None,
        elsewhere=not runs and at is not None and visit.now - at < LONGEST_WALK,
        failed=not runs and seen is not None and seen.failed,
    )


def who(visit: Visit, member: Member) -> str:
    """A member as the reader may know them: those who manage staff by name, others by the name
    that the public knows."""
    if visit.may(Right.MANAGE_STAFF):
        return member.name
    return visit.text(
        _("console.audit.who"),
        name=member.pseudonym,
        id=member.id,
        role=visit.text(ROLES[member.role]),
    )


def grouped() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every act under the name of its area."""
    return [
        (key, [(act, one) for act, one in ACTS.items() if act.partition(".")[0] == area])
        for area, key in AREAS.items()
    ]


def where(visit: Visit, about: str) -> str:
    """The page of what a line is about, if there is one that the reader may open."""
    kind, _colon, name = about.partition(":")
    if name.isascii() and name.isdigit():
        place = _PLACES.get(kind)
        if place is not None and visit.may(place[1]):
            return f"{place[0]}/{name}"
    return ""


_PLACES: Mapping[str, tuple[str, Right]] = {
    "campaign": ("/campanas", Right.SEE_CAMPAIGNS),
    "member": ("/equipo", Right.MANAGE_STAFF),
    "directory": ("/directorio", Right.VERIFY_DIRECTORY),
}
