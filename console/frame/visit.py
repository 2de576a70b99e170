"""One request of somebody who works here, and what its page may ask and answer with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from console.frame import said
from console.frame.forms import NOTHING, Form, is_whole_number
from console.frame.layout import Layout
from console.frame.origin import inside
from db.session import Database
from kit.errors import NotFound
from locales.catalog import render
from locales.text import _
from staff.model import Member, Right
from staff.signin.model import SignedIn

# What a page says of people must not stay in a browser that others use.
HEADERS = {"Cache-Control": "no-store", "Vary": "Cookie, HX-Request"}
LARGEST_ID = 2**53
HOME = "/inicio"


@dataclass(frozen=True, slots=True)
class Visit:
    """A signed-in member's request. `form` is read and checked before the page gets it."""

    request: Request
    who: SignedIn
    now: datetime
    database: Database
    layout: Layout
    form: Form = field(default_factory=lambda: NOTHING, repr=False)

    @property
    def member(self) -> Member:
        """Who it is."""
        return self.who.member

    @property
    def language(self) -> str:
        """The language of the page."""
        return self.who.language

    @property
    def is_part(self) -> bool:
        """Whether a page asks for a part of itself (htmx) and not for a whole page."""
        return "hx-request" in self.request.headers

    @property
    def address(self) -> str:
        """Where this page can be read again; "" for one that answers a form, whose own address
        would send the form a second time."""
        return whole_path(self.request) if self.request.method == "GET" else ""

    def may(self, right: Right) -> bool:
        """Whether the visitor's role allows it: for what a page shows; services decide."""
        return self.member.may(right)

    def text(self, key: str, **params: object) -> str:
        """A sentence in the visitor's language."""
        return render(key, self.language, params)

    def word(self, name: str) -> str:
        """A part of the path."""
        return str(self.request.path_params[name])

    def number(self, name: str) -> int:
        """A part of the path that is an id; NotFound when it is none."""
        found = _id(self.word(name))
        if found is None:
            raise NotFound(_("console.problem.not_found"))
        return found

    def query(self, name: str) -> str:
        """A value behind the question mark, "" when there is none; at most 500 signs."""
        return self.request.query_params.get(name, "")[:500]

    def asked_id(self, name: str) -> int | None:
        """An id behind the question mark; None for anything else."""
        return _id(self.query(name))

    def page(self, template: str, *, status: int = 200, **values: object) -> Response:
        """A template as HTML, with the layout that it extends, or a part that extends none."""
        shown = self.layout.render(template, self, values)
        answer = HTMLResponse(shown, status, HEADERS)
        said.clear(answer, self.request)
        return answer

    def go(self, to: str, key: str | None = None, **params: object) -> Response:
        """Go to another page of ours, which begins with a sentence if one is given.

        `params` of the sentence stay in the browser for a moment: never anything of a person.
        """
        target = inside(to) or HOME
        if self.is_part:
            answer = Response(status_code=204, headers={**HEADERS, "HX-Redirect": target})
        else:
            answer = RedirectResponse(target, 303, HEADERS)
        if key is not None:
            said.say(answer, self.request, self.text(key, **params))
        return answer

    def back(self, otherwise: str) -> str:
        """The page of ours that the form stood on."""
        return page_before(self.request) or otherwise

    def values(self) -> Mapping[str, object]:
        """What every template knows of the visit."""
        return {
            "visit": self,
            "member": self.member,
            "language": self.language,
            "path": self.request.url.path,
            "said": said.heard(self.request),
        }


def whole_path(request: Request) -> str:
    """The path of a request with what stands behind the question mark."""
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


def page_before(request: Request) -> str:
    """The page of ours from which a request was made, "" when it was none."""
    try:
        parts = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return ""
    if parts.netloc != request.headers.get("host", ""):
        return ""
    query = f"?{parts.query}" if parts.query else ""
    return inside(f"{parts.path}{query}") or ""


def _id(typed: str) -> int | None:
    return int(typed) if is_whole_number(typed) and 0 < int(typed) <= LARGEST_ID else None
