"""The public's own copy of each warning: a feed of those that stand, and a page for each."""

import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256

from fastapi import APIRouter, HTTPException, Request, Response

from campaigns.warnings import atom, cap, store
from campaigns.warnings.model import Issuer
from db.session import Database
from kit.clock import Clock

READ = ["GET", "HEAD"]

FEED_HEADERS = {"Cache-Control": "public, max-age=60"}
PAGE_HEADERS = {"Cache-Control": "public, max-age=3600"}
_NAME = re.compile(r"([1-9][0-9]{0,17})(?:-([1-9][0-9]{0,5}))?")


def warning_routes(database: Database, clock: Clock, issuer: Issuer) -> APIRouter:
    """`/avisos.atom`, and `/avisos/{name}.cap.xml` for each message, also when it is over.

    Both answer 304 to whoever has it already, by `If-None-Match`, or without one by
    `If-Modified-Since` (RFC 9110, 13.2.2).
    """
    router = APIRouter(include_in_schema=False)

    @router.api_route(atom.FEED_PATH, methods=READ)
    async def feed(request: Request) -> Response:
        now = clock.now()
        async with database.read() as session:
            bulletins = await store.in_feed(session, now)
            changed_at = await store.changed_at(session, now) or atom.BEGINNING
        body = atom.feed(bulletins, issuer, changed_at)
        # A feed that changes twice in one second has one date for both: none is given in it.
        dated = changed_at if changed_at < now.replace(microsecond=0) else None
        media_type = f"{atom.MEDIA_TYPE}; charset=utf-8"
        return _answer(request, body, media_type, dated, FEED_HEADERS)

    @router.api_route("/avisos/{name}.cap.xml", methods=READ)
    async def page(request: Request, name: str) -> Response:
        match = _NAME.fullmatch(name)
        if match is None or match[2] == "1":
            raise HTTPException(404)
        async with database.read() as session:
            bulletin = await store.named(session, int(match[1]), int(match[2] or 1))
        if bulletin is None:
            raise HTTPException(404)
        body = cap.document(bulletin, issuer)
        return _answer(request, body, cap.MEDIA_TYPE, bulletin.sent, PAGE_HEADERS)

    return router


def _answer(
    request: Request,
    body: bytes,
    media_type: str,
    changed_at: datetime | None,
    headers: dict[str, str],
) -> Response:
    """A body, or 304 for whoever has it."""
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {**headers, "ETag": etag}
    if changed_at is not None:
        headers["Last-Modified"] = format_datetime(changed_at.astimezone(UTC), usegmt=True)
    if _has_it(request, etag, changed_at):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


def _has_it(request: Request, etag: str, changed_at: datetime | None) -> bool:
    known = request.headers.getlist("if-none-match")
    if known:
        tags = [tag.strip().removeprefix("W/") for line in known for tag in line.split(",")]
        return "*" in tags or etag in tags
    since = _date(request.headers.get("if-modified-since", ""))
    return since is not None and changed_at is not None and changed_at <= since


def _date(written: str) -> datetime | None:
    """An HTTP date; what is none counts as not sent."""
    try:
        found = parsedate_to_datetime(written)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
