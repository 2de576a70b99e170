"""The files of a campaign, for whoever reads it before it leaves."""

from collections.abc import AsyncIterator, Mapping

from fastapi import Response
from fastapi.responses import StreamingResponse

from campaigns import service
from campaigns.files import media
from campaigns.files.formats import MediaKind
from campaigns.files.media import Kept
from console.campaigns.one import ONE
from console.frame.pages import StaffPages
from console.frame.visit import HEADERS, Visit
from db.session import Database
from kit.errors import NotFound
from locales.text import _
from staff.model import Right

TYPES: Mapping[MediaKind, str] = {
    MediaKind.VOICE: "audio/ogg",
    MediaKind.VIDEO: "video/mp4",
    MediaKind.DOCUMENT: "application/pdf",
}
PNG = b"\x89PNG"


def add_files(pages: StaffPages) -> None:
    """Add the files that campaigns name."""

    @pages.get(f"{ONE}/archivos/{{print}}", needs=Right.SEE_CAMPAIGNS)
    async def file(visit: Visit) -> Response:
        campaign_id, wanted = visit.number("id"), visit.word("print")
        async with visit.database.read() as session:
            campaign = await service.seen_by(session, campaign_id, visit.member)
            named = {
                wording.media.sha256
                for wording in campaign.draft.contents.values()
                if wording.media is not None
            }
            kept = await media.find(session, wanted) if wanted in named else None
            if kept is None or not kept.whole:
                raise NotFound(_("console.problem.not_found"))
            first = await media.part(session, kept.id, 0)
        kind = kept.media.kind
        photo = "image/png" if first.startswith(PNG) else "image/jpeg"
        shown = "attachment" if kind is MediaKind.DOCUMENT else "inline"
        headers = {
            **HEADERS,
            "Content-Disposition": shown,
            "Content-Length": str(kept.media.size),
        }
        return StreamingResponse(
            _parts(visit.database, kept, first),
            headers=headers,
            media_type=TYPES.get(kind, photo),
        )


async def _parts(database: Database, kept: Kept, first: bytes) -> AsyncIterator[bytes]:
    yield first
    for number in range(1, kept.parts):
        async with database.read() as session:
            data = await media.part(session, kept.id, number)
        yield data
