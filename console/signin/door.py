"""What the pages before the sign-in share: no session yet, a language, a cookie that they set."""

from collections.abc import Mapping

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup

from console.api.languages import preferred
from console.frame.layout import Layout, render_outside
from console.frame.pages import STEPS, cookie_name
from console.frame.visit import HEADERS
from console.frame.visit import Visit as StaffVisit
from console.page import LANGUAGES
from staff.signin.model import LONGEST, Entered, Visit


def language(request: Request, sent: str = "") -> str:
    """The language of a page before the sign-in: what was chosen, else what the browser prefers."""
    chosen = sent or request.query_params.get("lang", "")
    if chosen in LANGUAGES:
        return chosen
    return preferred(request.headers.get("accept-language", ""))


def comes_from(request: Request, chosen: str = "es") -> Visit:
    """Where somebody comes from; the address is counted, never kept."""
    address = request.client.host if request.client else ""
    return Visit(address, request.headers.get("user-agent", ""), chosen)


def page(
    layout: Layout, request: Request, template: str, status: int, values: Mapping[str, object]
) -> Response:
    """A page of the door."""
    known = {"trial": layout.trial, "path": request.url.path, "fault": "", "told": ""}
    chosen = str(values.get("language") or language(request))
    shown = render_outside(template, chosen, {**known, **values})
    return HTMLResponse(shown, status, HEADERS)


def step(visit: StaffVisit, template: str, status: int = 200, **values: object) -> Response:
    """A page of the door for somebody who is half in."""
    known = {"csrf": visit.who.csrf, "language": visit.language}
    return page(visit.layout, visit.request, template, status, {**known, **values})


def go(target: str) -> Response:
    """On to a page of ours."""
    return RedirectResponse(target, 303, HEADERS)


def drop_cookie(answer: Response, request: Request) -> None:
    """The browser forgets the session, which has ended on the server already."""
    secure = request.url.scheme == "https"
    answer.delete_cookie(
        cookie_name(request), path="/", httponly=True, samesite="lax", secure=secure
    )


def let_in(request: Request, entered: Entered, after: str = "") -> Response:
    """Go on to the next step, or in, with the new cookie."""
    step = STEPS[entered.signed_in.stage]
    target = after if after and entered.signed_in.is_in else step
    answer = RedirectResponse(target, 303, HEADERS)
    put_cookie(answer, request, entered)
    if after and not entered.signed_in.is_in:
        answer.set_cookie("after", after, max_age=1800, httponly=True, samesite="lax")
    return answer


def put_cookie(answer: Response, request: Request, entered: Entered) -> None:
    """The cookie of a session: no script reads it, and no form elsewhere sends it."""
    answer.set_cookie(
        cookie_name(request),
        entered.cookie,
        max_age=int(LONGEST.total_seconds()),
        path="/",
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def drawn(picture: str) -> Markup:
    """The SVG of a code to scan, which the library made from our own words."""
    return Markup(picture)  # noqa: S704
