"""What a person sees where no page is, or where one broke: in their language, with a way on."""

from fastapi import FastAPI, Request, Response
from fastapi.exception_handlers import http_exception_handler
from fastapi.responses import PlainTextResponse
from starlette.exceptions import HTTPException

from console.frame.layout import Layout
from console.headers import CONTENT_SECURITY_POLICY, EVERYWHERE
from console.signin import door
from locales.catalog import render
from locales.text import _


def add_pages_of_trouble(web: FastAPI, layout: Layout) -> None:
    """Add both to an application. A program that asks is answered as before."""

    async def lost(request: Request, problem: Exception) -> Response:
        if not isinstance(problem, HTTPException):
            raise problem
        if problem.status_code != 404 or not _reads_pages(request):
            return await http_exception_handler(request, problem)
        return _page(request, layout, 404)

    async def broken(request: Request, problem: Exception) -> Response:
        # Why stands in the log, by the server; nothing of it is shown.
        if "hx-request" in request.headers:
            said = render(_("console.broken.text"), door.language(request), {})
            answer: Response = PlainTextResponse(said, 500)
        elif _reads_pages(request):
            answer = _page(request, layout, 500)
        else:
            answer = PlainTextResponse("Internal Server Error", 500)
        # It is made outside of what adds these to every other answer.
        answer.headers.update(EVERYWHERE)
        answer.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        return answer

    web.add_exception_handler(HTTPException, lost)
    web.add_exception_handler(Exception, broken)


def _reads_pages(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "")


def _page(request: Request, layout: Layout, status: int) -> Response:
    return door.page(layout, request, "frame/broken.html", status, {"is_lost": status == 404})
