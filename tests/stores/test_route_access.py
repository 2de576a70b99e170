"""Which page asks for which right: every route is in a row, and every role tries each of them."""

import re
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.routing import BaseRoute

import console.frame.pages
from app.web import web_of
from console.frame.layout import new_once
from locales.catalog import render
from staff.model import RIGHTS, Member, Right, Role
from tests.console_stage import Console, console_stage

OPEN = {
    "GET /", "GET /privacidad", "GET /static/{name}", "GET /avisos.atom",
    "GET /privacidad/completo", "GET /avisos", "GET /avisos/{name}",
    "GET /avisos/{name}.cap.xml", "GET /healthz", "GET /readyz", "GET /api/docs",
    "GET /api/openapi.json", "GET /entrar", "POST /entrar", "GET /entrar/invitacion/{token}",
    "POST /entrar/invitacion/{token}", "GET /suscribirse",
}  # fmt: skip
"""What stands open to all. The API has tokens and a table of its own (test_api_access), the
handset is there in a trial alone, and webhooks prove who sends them."""

BY_OTHER_MEANS = ("/api/v1/", "/handset", "/webhooks/")

OWN = {
    "GET /entrar/codigo", "POST /entrar/codigo", "GET /entrar/segundo-paso",
    "POST /entrar/segundo-paso", "POST /salir", "GET /cuenta", "POST /cuenta/idioma",
    "POST /cuenta/contrasena", "POST /cuenta/codigos", "POST /cuenta/dispositivos/cerrar",
    "POST /cuenta/dispositivos/{session_id}/cerrar", "GET /mas", "GET /inicio",
    "GET /inicio/ahora", "GET /inicio/eventos",
    "GET /trabajos", "GET /trabajos/{id}", "GET /trabajos/{id}/ahora",
    "GET /trabajos/{id}/eventos", "GET /trabajos/{id}/errores.csv", "POST /trabajos/{id}/detener",
}  # fmt: skip
"""What is everybody's own. Of the rest each shows what its reader may see."""

ASKED: dict[Right, set[str]] = {
    Right.REGISTER_ATTENTIONS: {
        "GET /atenciones", "POST /atenciones", "POST /atenciones/{id}/retirar",
    },
    Right.SEE_FIGURES: {"GET /cobertura"},
    Right.SET_TARGETS: {"POST /cobertura/metas", "POST /cobertura/metas/quitar"},
    Right.SEE_AUDIT: {
        "GET /auditoria", "GET /auditoria.csv", "GET /auditoria/cadena",
        "POST /auditoria/comprobar",
    },
    Right.MANAGE_STAFF: {
        "GET /equipo", "GET /equipo/nueva", "POST /equipo/nueva", "GET /equipo/{id}",
        *(
            f"POST /equipo/{{id}}{act}"
            for act in (
                "", "/invitacion", "/segundo-paso", "/baja", "/alta", "/sesiones", "/probar",
            )
        ),
    },
    Right.SEE_SYSTEM: {"GET /sistema", "GET /sistema/ahora"},
    Right.SUPERVISE_CASES: {"POST /sistema/mensajes", "POST /sistema/trabajos"},
    Right.VERIFY_DIRECTORY: {
        "GET /directorio", "GET /directorio/nuevo", "POST /directorio/nuevo",
        "GET /directorio/importar", "POST /directorio/importar", "GET /directorio/{id}",
        "GET /directorio/{id}/corregir", "POST /directorio/{id}/corregir",
        "POST /directorio/{id}/llamada", "POST /directorio/{id}/recuperar",
    },
    Right.IMPORT_CONTACTS: {
        "GET /personas/importar", "POST /personas/importar",
        "GET /personas/importar/plantilla.csv", "GET /personas/importar/plantilla.xlsx",
        "POST /trabajos/{id}/importar",
    },
    Right.MAKE_POSTERS: {
        "GET /carteles", "GET /carteles/nuevo", "POST /carteles/nuevo", "GET /carteles/hojas",
        "GET /carteles/{code}", "POST /carteles/{code}/retirar", "POST /carteles/{code}/reponer",
    },
    Right.SEE_CONTACTS: {
        "GET /personas", "POST /personas", "GET /personas/{id}", "GET /personas/solicitudes",
        "GET /personas/solicitudes/{id}",
    },
    Right.CHANGE_CONTACTS: {
        "POST /personas/solicitudes", "POST /personas/solicitudes/{id}",
        "POST /personas/{id}/solicitudes", "POST /personas/{id}/numero",
        *(
            f"{method} /personas/{{id}}/{act}"
            for method in ("GET", "POST")
            for act in ("corregir", "oponer", "datos", "borrar")
        ),
    },
    Right.SEE_CASES: {
        "GET /casos", "GET /casos/tablero", "GET /casos/eventos", "GET /casos/{folio}",
        "GET /casos/{folio}/ahora", "GET /casos/{folio}/eventos",
        "GET /casos/{folio}/conversacion", "GET /casos/{folio}/historia",
        "POST /casos/{folio}/escribiendo", "GET /casos/{folio}/personas",
        "GET /casos/{folio}/parecidos", "GET /casos/{folio}/archivos/{id}",
    },
    Right.HANDLE_CASES: {
        f"POST /casos/{{folio}}/{act}"
        for act in (
            "aceptar", "tomar", "pasar", "responder", "anotar", "cerrar", "reabrir", "pausar",
            "horas", "ayuda", "bien", "esperar", "canalizar", "contacto", "seguimiento",
            "numero", "personas/nueva", "personas/edad", "personas/permiso",
            "personas/revision", "parecidos",
        )
    } | {f"POST /guardias/mias/{act}" for act in ("voy", "no-puedo", "relevo")},
    Right.SEE_ROSTER: {
        "GET /guardias", "GET /guardias/calendario.ics", "GET /guardias/rotaciones",
        "GET /guardias/politicas", "GET /guardias/simulador", "GET /guardias/mias",
    },
    Right.PLAN_DUTY: {
        "GET /guardias/turno", "POST /guardias/turno", "POST /guardias/turno/quitar",
        "GET /guardias/cambio", "POST /guardias/cambio", "GET /guardias/rotaciones/nueva",
        "POST /guardias/rotaciones/nueva", "GET /guardias/rotaciones/{id}",
        "POST /guardias/rotaciones/{id}", "POST /guardias/rotaciones/{id}/quitar",
        "POST /guardias/rotaciones/{id}/calendario", "POST /guardias/inhabiles",
        "POST /guardias/inhabiles/quitar", "GET /guardias/politicas/editar",
        "POST /guardias/politicas/editar",
    },
    Right.ANSWER_INBOX: {
        "GET /mensajes", "GET /mensajes/lista", "GET /mensajes/eventos", "POST /mensajes/{id}",
        "POST /mensajes/{id}/leido",
    },
    Right.SEE_CAMPAIGNS: {
        "GET /campanas", "GET /campanas/calendario", "GET /campanas/{id}",
        "GET /campanas/{id}/avance", "GET /campanas/{id}/hoja", "GET /campanas/{id}/eventos",
        "GET /campanas/{id}/cambio", "GET /campanas/{id}/inciertos",
        "GET /campanas/{id}/informe", "GET /campanas/{id}/informe.csv",
        "GET /campanas/{id}/informe.xlsx", "GET /campanas/{id}/archivos/{print}",
    },
    Right.WRITE_CAMPAIGNS: {
        "GET /campanas/mias",
        "GET /campanas/nueva", "POST /campanas/nueva", "GET /campanas/{id}/editar",
        "POST /campanas/{id}/editar", "POST /campanas/{id}/presentar",
        "POST /campanas/{id}/iniciar", "POST /campanas/{id}/pausar",
        "POST /campanas/{id}/reanudar", "POST /campanas/{id}/cancelar",
        "POST /campanas/{id}/reintentar", "POST /campanas/{id}/inciertos",
        "POST /campanas/{id}/prueba", "POST /campanas/{id}/faltantes",
    },
    Right.APPROVE_CAMPAIGNS: {
        "POST /campanas/{id}/aprobar", "POST /campanas/{id}/devolver",
        "POST /campanas/{id}/retirar-aviso",
    },
    Right.CHANGE_SETTINGS: {
        "GET /ajustes", "POST /ajustes", "GET /ajustes/cambios", "GET /ajustes/plataforma",
    },
}  # fmt: skip

FILLED = {"folio": "ZZZZZZ", "id": "999", "session_id": "999", "print": "0" * 64, "code": "FT4CW"}
_PART = re.compile(r"\{(\w+)\}")


@pytest.fixture
async def console_(tmp_path: Path) -> AsyncIterator[Console]:
    async with console_stage(tmp_path) as opened:
        yield opened


def routes_of(found: list[BaseRoute]) -> set[str]:
    """Every route of an application, also those that were included."""
    named: set[str] = set()
    for route in found:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            named |= routes_of(inner.routes)
            continue
        path = str(getattr(route, "path", ""))
        methods = set(getattr(route, "methods", None) or ()) - {"HEAD", "OPTIONS"}
        named |= {f"{method} {path}" for method in methods}
    return named


def path_of(operation: str) -> tuple[str, str]:
    method, _space, path = operation.partition(" ")
    return method, _PART.sub(lambda part: FILLED[part[1]], path)


async def ask(http: httpx.AsyncClient, operation: str, token: str) -> httpx.Response:
    """What a request is answered; of a stream the beginning is enough."""
    method, path = path_of(operation)
    data = {"csrf": token, "once": new_once()} if method == "POST" else None
    async with http.stream(method, path, data=data) as answer:
        return answer


def is_refused(answer: httpx.Response) -> bool:
    """Whether nothing was shown or done: said by the status, or by the sentence of the next page.

    What is not somebody's to know of is not there (404); a form may be found wrong first (422).
    """
    packed = (answer.cookies.get("said") or "").strip('"')
    if answer.status_code == 303 and packed:
        return urlsafe_b64decode(packed).decode() == render("staff.not_allowed", "es", {})
    return answer.status_code in (403, 404, 422)


async def test_every_route_is_in_a_row(console_: Console) -> None:
    web = web_of(console_.platform)
    rows = {(f"{row.method} {row.path}", row.needs) for row in web.state.rows}
    asked = {(name, right) for right, names in ASKED.items() for name in names}
    assert rows == asked | {(name, None) for name in OWN}
    others = {
        name
        for name in routes_of(web.routes) - {name for name, _right in rows}
        if not name.partition(" ")[2].startswith(BY_OTHER_MEANS)
    }
    assert others == OPEN


async def test_every_role_opens_what_its_rights_say_and_nothing_else(console_: Console) -> None:
    wrong: list[str] = []
    for role in Role:
        async with console_.browser(role) as browser:
            await browser.get("/cuenta")
            for right, names in ASKED.items():
                for name in sorted(names):
                    got = (await ask(browser.http, name, browser.token)).status_code
                    if got >= 500 or (got == 403) is not (right not in RIGHTS[role]):
                        wrong.append(f"{role} {name}: {got}")
    assert not wrong, "\n".join(wrong)


def let_everybody_pass(member: Member, right: Right) -> None:
    """In the place of the check that the frame makes."""


TELL_NOTHING = {
    # That something changed, not what.
    "GET /casos/eventos", "GET /mensajes/eventos",
    # An empty form, and one that is sent back with its faults.
    "GET /carteles/nuevo",
    "GET /campanas/nueva", "POST /campanas/nueva", "GET /equipo/nueva",
    "GET /directorio/nuevo", "GET /directorio/importar",
}  # fmt: skip


async def test_services_refuse_also_when_the_frame_does_not(
    console_: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console.frame.pages, "require", let_everybody_pass)
    wrong: list[str] = []
    for role in Role:
        async with console_.browser(role) as browser:
            await browser.get("/cuenta")
            for right, names in ASKED.items():
                for name in sorted(names - TELL_NOTHING) if right not in RIGHTS[role] else ():
                    answer = await ask(browser.http, name, browser.token)
                    if not is_refused(answer):
                        wrong.append(f"{role} {name}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


async def test_without_a_session_every_page_leads_to_the_door(console_: Console) -> None:
    async with console_.browser(None) as browser:
        for name in sorted({*OWN, *(one for names in ASKED.values() for one in names)}):
            method, path = path_of(name)
            answer = await browser.http.request(method, path)
            assert answer.status_code == 303, name
            assert answer.headers["location"].startswith("/entrar"), name
            asked = await browser.http.request(method, path, headers={"HX-Request": "true"})
            assert asked.status_code == 401, name
            assert asked.headers["hx-redirect"].startswith("/entrar"), name
