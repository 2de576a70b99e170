"""Photos and voice notes of the reporter, fetched from who holds them and kept nowhere."""

from collections.abc import Awaitable, Callable

from fastapi import Response

from alerts import talk
from console.frame.pages import StaffPages
from console.frame.visit import Visit
from kit.errors import NotFound
from locales.text import _
from staff.model import Right

Fetch = Callable[[str, str], Awaitable[bytes | None]]
"""The bytes of a file by its kind ("photo", "voice" …) and its provider's name; None when they
cannot be had: too large, gone, or the provider does not answer."""

HEADERS = {
    "Cache-Control": "no-store",
    # Whatever it is, it is looked at alone and runs nothing.
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}

SIGNATURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
)


def kind_of(content: bytes) -> str | None:
    """What a file is, as its own first bytes say; None for anything that a page cannot show without
    danger. What a sender says of it counts for nothing."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:8] == b"ftyp":
        return "audio/mp4" if content[8:11] == b"M4A" else "video/mp4"
    return next((kind for begin, kind in SIGNATURES if content.startswith(begin)), None)


def add_files(pages: StaffPages, fetch: Fetch) -> None:
    """`/casos/{folio}/archivos/{id}`: for who may read the words of the case."""

    @pages.get("/casos/{folio}/archivos/{id}", needs=Right.SEE_CASES)
    async def file(visit: Visit) -> Response:
        async with visit.database.read() as session:
            found = await talk.file_of(
                session, visit.member, visit.word("folio"), visit.number("id")
            )
        content = None if found is None else await fetch(found[1], found[2])
        if content is None:
            raise NotFound(_("console.case.file_gone"))
        kind = kind_of(content)
        headers = HEADERS if kind else {**HEADERS, "Content-Disposition": "attachment"}
        return Response(content, headers=headers, media_type=kind or "application/octet-stream")
