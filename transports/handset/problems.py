"""What can be wrong with a request to the handset, and how it is answered: JSON with a sentence."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from kit.errors import Invalid, NotFound, Problem, Refused
from locales.catalog import render
from locales.text import _
from transports.handset.page import spoken


class Foreign(Refused):
    """The request comes from another site."""

    code = "foreign_origin"


class TooLarge(Invalid):
    """The body is larger than the route takes."""

    code = "too_large"


class NotJson(Invalid):
    """The body is not said to be JSON."""

    code = "not_json"


class NotStored(Problem):
    """The platform could not store what the person sent."""

    code = "not_stored"


DATA_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
"""Of every answer that is data."""

STATUS: tuple[tuple[type[Problem], int], ...] = (
    (Foreign, 403),
    (NotFound, 404),
    (Refused, 409),
    (TooLarge, 413),
    (NotJson, 415),
    (NotStored, 503),
    (Problem, 422),
)


def problem_route(language: str) -> type[APIRoute]:
    """A class of routes that answer every `Problem` with `{"error": {"code", "message"}}`."""

    class ProblemRoute(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()

            def words(problem: Problem, request: Request) -> Response:
                asked_in = spoken(request.headers.get("accept-language", ""), language)
                return told(problem, asked_in)

            async def answer(request: Request) -> Response:
                try:
                    return await handle(request)
                except RequestValidationError:
                    # Only ids in the path are checked by FastAPI here.
                    return words(NotFound(_("handset.error.unknown")), request)
                except Problem as problem:
                    return words(problem, request)

            return answer

    return ProblemRoute


def told(problem: Problem, language: str) -> JSONResponse:
    """A problem as an answer, in words for the person."""
    status = next(status for kind, status in STATUS if isinstance(problem, kind))
    message = render(problem.key, language, problem.params)
    return JSONResponse(
        {"error": {"code": problem.code, "message": message}},
        status,
        headers=DATA_HEADERS,
    )
