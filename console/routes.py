"""The pages that anybody may read: what this is, and the privacy notice."""

from dataclasses import dataclass

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse

from console.files import files
from console.page import page
from contacts.model import NOTICE_VERSION

READ = ["GET", "HEAD"]

# Pages change with the settings and the texts; files only when the platform is updated.
PAGE_HEADERS = {"Cache-Control": "no-cache"}
FILE_HEADERS = {"Cache-Control": "max-age=3600", "Vary": "Accept-Encoding"}
KEPT_HEADERS = {**FILE_HEADERS, "Cache-Control": "max-age=31536000, immutable"}


@dataclass(frozen=True, slots=True)
class PublicFacts:
    """What the public pages say of this platform; nothing else about it is made up.

    `telegram` and `sms` say whether people can write by that channel. `transparency_contact` is
    where the Transparency Unit is reached; empty, the notice says that it is still to be filled in.
    """

    institute: str
    trial: bool
    telegram: bool
    sms: bool
    transparency_contact: str


def public_routes(facts: PublicFacts) -> APIRouter:
    """`/`, `/privacidad` and the files under `/static`, in Spanish, or English by `?lang=en`."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/", methods=READ)
    async def front(lang: str = "") -> HTMLResponse:
        return HTMLResponse(page("front.html", "/", lang, facts=facts), headers=PAGE_HEADERS)

    @router.api_route("/privacidad", methods=READ)
    async def privacy(lang: str = "") -> HTMLResponse:
        shown = page("privacy.html", "/privacidad", lang, facts=facts, version=NOTICE_VERSION)
        return HTMLResponse(shown, headers=PAGE_HEADERS)

    @router.api_route("/static/{name}", methods=READ)
    async def static(request: Request, name: str, v: str = "") -> Response:
        file = files().get(name)
        if file is None:
            raise HTTPException(404)
        headers = KEPT_HEADERS if v == file.print else FILE_HEADERS
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers = {**headers, "Content-Encoding": "gzip"}
            return Response(file.packed, media_type=file.kind, headers=headers)
        return Response(file.content, media_type=file.kind, headers=headers)

    return router
