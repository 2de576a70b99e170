"""What went wrong, as `application/problem+json` (RFC 9457), and the route that says it.

A type is a stable URN, `urn:tequio:refused`; title and detail are in the language of the caller.
"""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

import structlog
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from campaigns.audience.language import AudienceError
from console.api.languages import preferred
from kit.errors import Invalid, NotFound, Problem, Refused
from locales.catalog import render
from locales.text import NOTHING, _

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
HEADERS = {"Cache-Control": "no-store"}
NOT_ALLOWED = _("staff.not_allowed")

TITLES: Mapping[int, str] = {
    400: _("api.title.malformed"),
    401: _("api.title.unauthorized"),
    403: _("api.title.forbidden"),
    404: _("api.title.not_found"),
    405: _("api.title.method"),
    409: _("api.title.refused"),
    412: _("api.title.changed"),
    413: _("api.title.too_large"),
    415: _("api.title.media_type"),
    422: _("api.title.invalid"),
    503: _("api.title.unavailable"),
}

Detail = Mapping[str, object]
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Unauthorized(Problem):
    """No token, or one that opens nothing."""

    code = "unauthorized"


class Forbidden(Problem):
    """The token is not for this, or the role of its member does not allow it."""

    code = "forbidden"


class Malformed(Problem):
    """The body is not what its type says; `errors` are the places that are known."""

    code = "malformed"

    def __init__(self, key: str, errors: Sequence[Detail] = ()) -> None:
        super().__init__(key)
        self.errors = errors


class WrongMethod(Problem):
    """There is such a thing, and this cannot be done to it."""

    code = "method"


class Changed(Problem):
    """It is not any more what the caller has read."""

    code = "changed"


class TooLarge(Problem):
    """More than is taken."""

    code = "too_large"


class WrongType(Problem):
    """A body of a type that is not taken."""

    code = "media_type"


class InProgress(Problem):
    """The same request is still being worked on."""

    code = "in_progress"


class KeyReused(Problem):
    """An idempotency key that stood for another request."""

    code = "key_reused"


class Unavailable(Problem):
    """The database does not answer; the same may be tried again."""

    code = "unavailable"


class Faulty(Invalid):
    """A file with faults, each at its line and column."""

    def __init__(self, errors: Sequence[Detail]) -> None:
        super().__init__(_("api.faulty"), count=len(errors))
        self.errors = errors


_STATUSES: Mapping[type[Problem], int] = {
    Unauthorized: 401,
    Forbidden: 403,
    Malformed: 400,
    WrongMethod: 405,
    Changed: 412,
    TooLarge: 413,
    WrongType: 415,
    InProgress: 409,
    KeyReused: 422,
    Unavailable: 503,
    NotFound: 404,
    Refused: 409,
    Invalid: 422,
}


def status_of(problem: Problem) -> int:
    """The HTTP status of a problem."""
    if problem.key == NOT_ALLOWED:
        return 403
    found = (_STATUSES[kind] for kind in type(problem).__mro__ if kind in _STATUSES)
    return next(found, 422)


def answer(problem: Problem, language: str, headers: Mapping[str, str] = HEADERS) -> Response:
    """A problem as an answer."""
    status = status_of(problem)
    code = Forbidden.code if problem.key == NOT_ALLOWED else problem.code
    document: dict[str, object] = {
        "type": f"urn:tequio:{code}",
        "title": render(TITLES[status], language, NOTHING),
        "status": status,
        "detail": render(problem.key, language, problem.params),
    }
    if isinstance(problem, Faulty | Malformed) and problem.errors:
        document["errors"] = list(problem.errors)
    if isinstance(problem, AudienceError):
        document["position"] = problem.position
    more = {"Retry-After": "5"} if status == 503 else {}
    if status == 401:
        more["WWW-Authenticate"] = "Bearer"
    return JSONResponse(document, status, {**HEADERS, **headers, **more}, MEDIA_TYPE)


def language_of(request: Request) -> str:
    """The language in which to answer."""
    return preferred(request.headers.get("accept-language", ""))


class ApiRoute(APIRoute):
    """A route whose every error is an answer of ours: nothing of what was sent is repeated."""

    def get_route_handler(self) -> Handler:
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await inner(request)
            except Problem as problem:
                return answer(problem, language_of(request))
            except RequestValidationError as error:
                return answer(_misfit(error), language_of(request))
            except HTTPException as error:
                return answer(_of_http(error), language_of(request))
            except ClientDisconnect:
                # Nobody is there to read it.
                return answer(Malformed(_("api.broken_off")), language_of(request))
            except UnicodeEncodeError:
                return answer(Invalid(_("api.unwritable")), language_of(request))
            except (SQLAlchemyError, OSError) as error:
                return answer(_of_store(error), language_of(request))

        return handle


def _misfit(error: RequestValidationError) -> Problem:
    """What of the query or path does not fit, by our own names of it; no value is repeated."""
    names = sorted({str(one["loc"][-1]) for one in error.errors() if one.get("loc")})
    return Invalid(_("api.parameters"), names=", ".join(names))


def _of_http(error: HTTPException) -> Problem:
    """What the framework refuses by itself."""
    match error.status_code:
        case 404:
            return NotFound(_("api.nothing_here"))
        case 413:
            return TooLarge(_("api.too_large_here"))
        case _:
            return Malformed(_("api.broken_off"))


def _of_store(error: Exception) -> Problem:
    """A value that a database cannot hold is the caller's; all else is ours, and may pass."""
    state = str(getattr(getattr(error, "orig", None), "sqlstate", "") or "")
    if isinstance(error, DBAPIError) and state.startswith("22"):
        return Invalid(_("api.unwritable"))
    log.warning("api.unavailable", error=type(error).__name__)
    return Unavailable(_("api.unavailable"))
