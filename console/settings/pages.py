"""`/ajustes`: what the institute says of itself, who changed it, and what the environment set."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from fastapi import Response

from console.frame.pages import StaffPages
from console.frame.visit import Visit
from console.settings.environment import Setting, shown_to
from console.settings.words import ASKED_BY_LAW, HINTS, LABELS, SECTIONS
from db.session import Session
from locales.text import _
from staff import store as members
from staff.institute import service
from staff.institute.model import (
    LIMITS,
    NAMES,
    Difference,
    Institute,
    Met,
    Version,
    differences,
)
from staff.institute.rules import Faulty
from staff.model import Right

HERE = "/ajustes"
MOST_RECENT = 3


@dataclass(frozen=True, slots=True)
class Change:
    """One version: who kept it when, and what it changed of the one before."""

    number: int
    at: datetime | None
    who: str
    differences: Sequence[Difference]


@dataclass(frozen=True, slots=True)
class Meeting:
    """What somebody else kept while this form was open."""

    who: str
    at: datetime | None
    met: Met


def add_settings(pages: StaffPages, given: Institute, environment: Sequence[Setting]) -> None:
    """The form, its history, and the settings that the machine was started with.

    `given` is what the environment says of the institute.
    """

    async def shown(
        visit: Visit,
        typed: Mapping[str, str] | None = None,
        faults: Mapping[str, str] | None = None,
        meeting: Meeting | None = None,
        seen: int | None = None,
        status: int = 200,
    ) -> Response:
        async with visit.database.read() as session:
            stands = await service.for_change(session, visit.member)
            kept = (await service.history(session, visit.member))[: MOST_RECENT + 1]
            changes = await _changes(session, kept, MOST_RECENT)
        shown_now = asdict(stands.said.over(given))
        return visit.page(
            "settings/institute.html",
            status=status,
            sections=SECTIONS,
            labels=LABELS,
            hints=HINTS,
            limits=LIMITS,
            typed=asdict(stands.said) if typed is None else typed,
            given=asdict(given),
            missing=[name for name in ASKED_BY_LAW if not shown_now[name]],
            faults=faults or {},
            meeting=meeting,
            seen=stands.number if seen is None else seen,
            changes=changes,
        )

    @pages.get(HERE, needs=Right.CHANGE_SETTINGS)
    async def show(visit: Visit) -> Response:
        return await shown(visit)

    @pages.post(HERE, needs=Right.CHANGE_SETTINGS)
    async def change(visit: Visit) -> Response:
        form = visit.form
        typed = {name: form[name] for name in NAMES}
        seen = form.number("seen", 0, 10**9) or 0
        try:
            async with visit.database.write() as session:
                # Sent twice, the second says what stands already, and makes no version.
                await service.change(session, visit.member, typed, seen, visit.now)
        except Faulty as found:
            faults = {
                name: visit.text(fault.key, **fault.params) for name, fault in found.faults.items()
            }
            return await shown(visit, typed, faults, seen=seen, status=422)
        except service.Overtaken as overtaken:
            stands = overtaken.standing
            async with visit.database.read() as session:
                meeting = Meeting(await _who(session, stands.by), stands.at, overtaken.met)
            both, seen = asdict(overtaken.met.both), stands.number
            return await shown(visit, both, meeting=meeting, seen=seen, status=409)
        return visit.go(HERE, _("console.institute.kept"))

    @pages.get(f"{HERE}/cambios", needs=Right.CHANGE_SETTINGS)
    async def history(visit: Visit) -> Response:
        asked = visit.query("antes")
        before = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None
        async with visit.database.read() as session:
            kept = await service.history(session, visit.member, before)
            changes = await _changes(session, kept, service.MOST_LISTED)
        more = len(kept) > service.MOST_LISTED
        return visit.page("settings/changes.html", changes=changes, labels=LABELS, more=more)

    @pages.get(f"{HERE}/plataforma", needs=Right.CHANGE_SETTINGS)
    async def platform(visit: Visit) -> Response:
        return visit.page("settings/platform.html", groups=shown_to(visit.member, environment))


async def _changes(session: Session, kept: Sequence[Version], most: int) -> list[Change]:
    """What each of the first `most` versions changed of the one behind it in `kept`; the first that
    there ever was of nothing."""
    found: list[Change] = []
    for place, version in enumerate(kept[:most]):
        before = kept[place + 1] if place + 1 < len(kept) else service.NOBODYS
        found.append(
            Change(
                version.number,
                version.at,
                await _who(session, version.by),
                differences(before.said, version.said),
            )
        )
    return found


async def _who(session: Session, member_id: int | None) -> str:
    member = None if member_id is None else await members.get(session, member_id)
    return "" if member is None else member.name
