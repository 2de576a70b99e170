"""The pages that anybody may read: what this is, and the privacy notice, short and in full."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from fastapi import APIRouter, HTTPException, Request, Response
from sqlalchemy.exc import SQLAlchemyError

from console import kept
from console.files import files
from console.page import page
from contacts.model import NOTICE_VERSION
from db.session import Database
from staff.institute.model import Institute, Version
from staff.institute.service import standing

READ = ["GET", "HEAD"]

# Pages change with the settings and the texts; files only when the platform is updated.
PAGE_HEADERS = {"Cache-Control": "no-cache"}
FILE_HEADERS = {"Cache-Control": "max-age=3600", "Vary": "Accept-Encoding"}
KEPT_HEADERS = {**FILE_HEADERS, "Cache-Control": "max-age=31536000, immutable"}

Look = Callable[[], Awaitable[Version]]
"""What staff have written of the institute, as it stands now."""


@dataclass(frozen=True, slots=True)
class PublicFacts:
    """What the public pages say of this platform; nothing else about it is made up.

    `telegram` and `sms` say whether people can write by that channel. `institute` and
    `transparency_contact` are those of the environment: what staff wrote stands before them.
    """

    institute: str
    trial: bool
    telegram: bool
    sms: bool
    transparency_contact: str

    @property
    def given(self) -> Institute:
        """What the environment says of the institute."""
        return Institute(name=self.institute, transparency_contact=self.transparency_contact)

    @property
    def reachable(self) -> bool:
        """Whether people can write by any channel."""
        return self.telegram or self.sms


@dataclass(frozen=True, slots=True)
class PublicSite:
    """What every public page is filled in with. `url` is where this platform is found, without a
    slash at the end."""

    facts: PublicFacts
    look: Look
    url: str = ""

    async def values(self) -> dict[str, object]:
        """`facts` under the name that the institute has now, and `office`: all it says of itself.

        `written` is the version that staff wrote, with its number and date.
        """
        written = await self.look()
        office = written.said.over(self.facts.given)
        return {
            "facts": replace(self.facts, institute=office.name),
            "office": office,
            "written": written,
            "url": self.url,
        }


@dataclass(slots=True)
class Stored:
    """A `Look` into the database. While that does not answer it says what it saw last: the page
    with 911 on it must open all the same."""

    database: Database
    last: Version = field(default_factory=Version)

    async def __call__(self) -> Version:
        try:
            async with self.database.read() as session:
                self.last = await standing(session)
        except (SQLAlchemyError, OSError):
            pass
        return self.last


def public_routes(site: PublicSite) -> APIRouter:
    """`/`, `/privacidad`, `/privacidad/completo` and the files under `/static`, in Spanish, or
    English by `?lang=en`."""
    router = APIRouter(include_in_schema=False)

    def add(path: str, template: str) -> None:
        async def show(request: Request, lang: str = "") -> Response:
            values = await site.values()
            return kept.page(request, page(template, path, lang, version=NOTICE_VERSION, **values))

        router.add_api_route(path, show, methods=READ)

    add("/", "front.html")
    add("/privacidad", "privacy.html")
    add("/privacidad/completo", "privacy_full.html")

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
