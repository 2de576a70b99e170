"""The pages that anybody may read: what this is, and the privacy notice."""

from dataclasses import dataclass

from fastapi import APIRouter, HTTPException, Response
from fastapi.responses import HTMLResponse

from console.page import page, static_files
from contacts.model import NOTICE_VERSION

READ = ["GET", "HEAD"]

# Pages change with the settings and the texts; files only when the platform is updated.
PAGE_HEADERS = {"Cache-Control": "no-cache"}
FILE_HEADERS = {"Cache-Control": "max-age=3600"}


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
    files = static_files()

    @router.api_route("/", methods=READ)
    async def front(lang: str = "") -> HTMLResponse:
        return HTMLResponse(page("front.html", "/", lang, facts=facts), headers=PAGE_HEADERS)

    @router.api_route("/privacidad", methods=READ)
    async def privacy(lang: str = "") -> HTMLResponse:
        shown = page("privacy.html", "/privacidad", lang, facts=facts, version=NOTICE_VERSION)
        return HTMLResponse(shown, headers=PAGE_HEADERS)

    @router.api_route("/static/{name}", methods=READ)
    async def static(name: str) -> Response:
        file = files.get(name)
        if file is None:
            raise HTTPException(404)
        return Response(file.content, media_type=file.kind, headers=FILE_HEADERS)

    return router
