"""`/sistema`: senders, queues, what failed, processes and the database, true within seconds."""

from collections.abc import Mapping

from fastapi import Response

from console.frame.pages import StaffPages
from console.frame.visit import Visit
from console.system.model import MOST, Pace, System
from kit.channels import Channel
from locales.text import _
from staff.model import Right

HERE = "/sistema"

PACES: Mapping[Pace, str] = {
    Pace.WORKS: _("console.system.pace.works"),
    Pace.STUMBLES: _("console.system.pace.stumbles"),
    Pace.BLOCKED: _("console.system.pace.blocked"),
    Pace.BROKEN: _("console.system.pace.broken"),
}
LANES: Mapping[str, str] = {
    "urgent": _("console.system.lane.urgent"),
    "reply": _("console.system.lane.reply"),
    "bulk": _("console.system.lane.bulk"),
}
CHANNELS: Mapping[str, str] = {
    Channel.TELEGRAM: _("console.system.channel.telegram"),
    Channel.SMS: _("console.system.channel.sms"),
    Channel.VOICE: _("console.system.channel.voice"),
}
RUNS: Mapping[str, str] = {
    "freezing": _("console.system.run.freezing"),
    "sending": _("console.system.run.sending"),
    "paused": _("console.system.run.paused"),
}
UNITS = ("B", "kB", "MB", "GB", "TB")


def add_system(pages: StaffPages, system: System) -> None:
    """Add the page, the part of it that changes, and what may be tried again."""

    async def shown(visit: Visit, template: str) -> Response:
        look = await system.look(visit.member, visit.now)
        return visit.page(
            template,
            look=look,
            paces=PACES,
            lanes=LANES,
            channels=CHANNELS,
            runs=RUNS,
            most=MOST,
            size=size,
            may_retry=visit.may(Right.SUPERVISE_CASES),
        )

    @pages.get(HERE, needs=Right.SEE_SYSTEM)
    async def show(visit: Visit) -> Response:
        return await shown(visit, "system/system.html")

    @pages.get(f"{HERE}/ahora", needs=Right.SEE_SYSTEM)
    async def now(visit: Visit) -> Response:
        part = await shown(visit, "system/now.html")
        return part if visit.is_part else visit.go(HERE)

    @pages.post(f"{HERE}/mensajes", needs=Right.SUPERVISE_CASES)
    async def retry_arrivals(visit: Visit) -> Response:
        done = await system.retry_arrivals(visit.member, visit.now)
        return visit.go(HERE, _("console.system.arrivals_again"), count=done)

    @pages.post(f"{HERE}/trabajos", needs=Right.SUPERVISE_CASES)
    async def retry_jobs(visit: Visit) -> Response:
        done = await system.retry_jobs(visit.member, visit.now)
        return visit.go(HERE, _("console.system.jobs_again"), count=done)


def size(number: int) -> str:
    """Bytes in a unit that reads well: "12.4 MB"."""
    value = float(number)
    for unit in UNITS:
        if value < 1000 or unit == UNITS[-1]:
            return f"{value:.0f} {unit}" if unit == "B" or value >= 100 else f"{value:.1f} {unit}"
        value /= 1000
    return str(number)
