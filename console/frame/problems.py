"""What could not be done, as a page or as the part of one, in the visitor's language."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from fastapi import Response

from campaigns.audience.language import AudienceError
from console.api.problems import Changed, TooLarge, WrongType
from kit.errors import Invalid, NotFound, Problem, Refused

if TYPE_CHECKING:
    from console.frame.visit import Visit

STATUSES: Mapping[type[Problem], int] = {
    NotFound: 404,
    Refused: 403,
    Invalid: 422,
    AudienceError: 422,
    Changed: 409,
    TooLarge: 413,
    WrongType: 415,
}


def status_of(problem: Problem) -> int:
    """The status of HTTP that says the same."""
    return next((code for kind, code in STATUSES.items() if isinstance(problem, kind)), 422)


def page(visit: "Visit", problem: Problem) -> Response:
    """A page that says why, what to do, and leads back; for htmx the sentence alone."""
    status = status_of(problem)
    template = "frame/trouble.html" if visit.is_part else "frame/problem.html"
    sentence = visit.text(problem.key, **problem.params)
    return visit.page(template, status=status, sentence=sentence, status_code=status)
