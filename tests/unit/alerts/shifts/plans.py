"""Rotas and instants for tests, as short as they can be said."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from alerts.shifts.rota import Override, Plan, Rota

OAXACA = "America/Mexico_City"
MADRID = "Europe/Madrid"
LOS_ANGELES = "America/Los_Angeles"

ALBA, LUZ, SOL = 1, 2, 3


def rota(*members: int, zone: str = OAXACA, handover: time = time(8), every: int = 1) -> Rota:
    """A rota that begins on Sunday, 1 November 2026."""
    return Rota(7, "Noche", members, date(2026, 11, 1), every, handover, zone)


def plan(*rotas: Rota, overrides: tuple[Override, ...] = ()) -> Plan:
    return Plan(rotas, overrides)


def at(day: int, hour: int, minute: int = 0, *, zone: str = OAXACA, month: int = 11) -> datetime:
    """An instant of 2026, by the clock of a zone."""
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo(zone)).astimezone(UTC)
