"""Every address that a browser may ask for: the route table with its blanks filled in.

A route that is new is found by itself. If it has a blank that nothing here fills, the bench fails.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import text
from starlette.routing import BaseRoute

from bench import years
from db.session import Session
from staff.model import RIGHTS, Right, Role

BLANK = re.compile(r"\{(\w+)\}")


def _campaign(title: str) -> str:
    return f"SELECT max(id) FROM campaign WHERE title = '{title}'"


_BIG, _MIDDLE = _campaign(years.BIG), _campaign(years.MIDDLE)
_LONGEST = "(SELECT max(id) FROM case_file)"

BLANKS: Mapping[str, Sequence[str]] = {
    # One with a million rows, one that has left 8,760 times, one that waits.
    "/campanas/{id}": (_BIG, _campaign(years.HOURLY), _campaign(years.WAITING)),
    "/campanas/{id}/archivos/{print}": ("SELECT max(sha256) FROM media",),
    # The longest, and one like the others.
    "/casos/{folio}": (
        f"SELECT folio FROM case_file WHERE id = {_LONGEST}",
        f"SELECT folio FROM case_file WHERE id = {_LONGEST} - 6",
    ),
    "/casos/{folio}/archivos/{id}": (
        f"SELECT max(id) FROM case_entry WHERE kind = 'media' AND case_id = {_LONGEST}",
    ),
    "/carteles/{code}": ("SELECT max(code) FROM poster",),
    "/directorio/{id}": ("SELECT max(id) FROM emergency_contact",),
    "/equipo/{id}": ("SELECT max(id) FROM member WHERE role = 'duty'",),
    "/guardias/rotaciones/{id}": ("SELECT max(id) FROM rota",),
    "/personas/solicitudes/{id}": ("SELECT max(id) FROM rights_request WHERE state = 'open'",),
    # One who has opened requests, and one who just came.
    "/personas/{id}": ("SELECT max(contact_id) FROM rights_request", "SELECT max(id) FROM contact"),
    "/trabajos/{id}": ("SELECT min(id) FROM long_work",),
    "/avisos/{name}": ("SELECT max(campaign_id) || '-90' FROM warning",),
}
"""What fills a blank, by the route up to it: each of them makes an address."""

OWN: Mapping[str, Sequence[str]] = {
    "/casos/{folio}/archivos/{id}": (f"SELECT folio FROM case_file WHERE id = {_LONGEST}",),
    "/campanas/{id}/editar": (_campaign(years.WRITTEN),),
    "/campanas/{id}/informe.xlsx": (_MIDDLE,),
    "/campanas/{id}/archivos/{print}": (_campaign(years.WITH_FILE),),
}
"""The same for the first blank of one route alone: not every campaign can be changed, or has a
file."""

MORE: Mapping[str, Sequence[str]] = {
    "/campanas": ("?estado=done", "?texto=taller 99", "?antes=150"),
    "/campanas/calendario": ("?mes=2026-10",),
    "/campanas/nueva": ("?de=1",),
    "/casos": ("?ver=mios",),
    "/auditoria": ("?acto=case.open", "?quien=7", "?antes=1000", "?cosa=case:77"),
    "/carteles": ("?buscar=biblio", "?antes=200"),
    "/directorio": ("?q=consulado",),
    "/personas/solicitudes": ("?ver=cerradas",),
}
"""What else a route may be asked, behind the question mark."""

BY_PROGRAMS = "/api/v1/"
"""Routes that no browser asks for: they have tokens, and count what is asked when it is asked."""

GIVEN: Mapping[str, str] = {"/static/{name}": "tabler.css"}
"""Blanks of which the database knows nothing; `token` is an invitation of the bench."""


@dataclass(frozen=True, slots=True)
class Address:
    """One address: the route it is of, where it leads, and who may go there; None is anybody."""

    route: str
    path: str
    role: Role | None
    stage: str = "in"


def routes_of(found: Sequence[BaseRoute]) -> Iterator[str]:
    """The paths of all routes that are read, also of those that were included."""
    for route in found:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from routes_of(inner.routes)
        elif "GET" in (getattr(route, "methods", None) or ()):
            yield str(getattr(route, "path", ""))


def who(needs: Right | None) -> Role:
    """The first role that may: the admin nearly everywhere."""
    return next(role for role in Role if needs is None or needs in RIGHTS[role])


async def filled(session: Session, route: str, token: str) -> list[str]:
    """The addresses of a route. Raises LookupError for a blank that nothing fills."""
    paths = [route]
    for place, blank in enumerate(BLANK.finditer(route)):
        values = await _values(session, route, route[: blank.end()], first=place == 0)
        if blank[1] == "token":
            values = [token]
        if not values or "None" in values:
            raise LookupError(f"nothing fills {blank[0]} of {route}: see bench/walk.py")
        paths = [path.replace(blank[0], value, 1) for path in paths for value in values]
    more = MORE.get(route, ())
    return [*paths, *(path + asked.replace(" ", "%20") for path in paths for asked in more)]


async def _values(session: Session, route: str, upto: str, *, first: bool) -> list[str]:
    if upto in GIVEN:
        return [GIVEN[upto]]
    queries = (OWN.get(route) if first else None) or BLANKS.get(upto, ())
    return [str(await session.scalar(text(query))) for query in queries]
