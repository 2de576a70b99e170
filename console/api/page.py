"""The description of the API to look through: a page of our own, nothing of it from outside."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from fastapi import APIRouter, FastAPI
from fastapi.responses import HTMLResponse

from console.page import page
from console.routes import PAGE_HEADERS, READ, PublicFacts

PATH = "/api/docs"


@dataclass(frozen=True, slots=True)
class Operation:
    """What can be asked of the API, as its description for machines says it."""

    method: str
    path: str
    summary: str
    description: str


def docs_routes(web: FastAPI, facts: PublicFacts) -> APIRouter:
    """`/api/docs`: every operation of a web application by what it is about."""
    router = APIRouter(include_in_schema=False)

    @router.api_route(PATH, methods=READ)
    async def docs(lang: str = "") -> HTMLResponse:
        found = groupby(_operations(web), key=lambda one: one.path.split("/")[3])
        groups = [(about, list(operations)) for about, operations in found]
        return HTMLResponse(
            page("api.html", PATH, lang, facts=facts, groups=groups), headers=PAGE_HEADERS
        )

    return router


def _operations(web: FastAPI) -> Iterator[Operation]:
    for path, methods in sorted(web.openapi()["paths"].items()):
        if not path.startswith("/api/v1/"):
            continue
        for method, told in methods.items():
            words = told.get("summary", ""), told.get("description", "")
            yield Operation(method.upper(), path, *words)
