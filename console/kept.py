"""Public answers that are kept: whoever has one already is told so, and is sent nothing again."""

import gzip
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256

from fastapi import Request, Response

HTML = "text/html; charset=utf-8"

# Asked again each time, and answered in a few bytes when nothing has changed.
ALWAYS_ASK = {"Cache-Control": "no-cache"}
FOR_A_MINUTE = {"Cache-Control": "public, max-age=60"}


def answer(
    request: Request,
    body: bytes,
    media_type: str,
    changed_at: datetime | None,
    headers: Mapping[str, str],
    status: int = 200,
) -> Response:
    """A body, or 304 for whoever has it: by `If-None-Match`, or without one by `If-Modified-Since`
    when it is known when it `changed_at` (RFC 9110, 13.2.2)."""
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {**headers, "ETag": etag}
    if changed_at is not None:
        headers["Last-Modified"] = format_datetime(changed_at.astimezone(UTC), usegmt=True)
    if status == 200 and _has_it(request, etag, changed_at):
        return Response(status_code=304, headers=headers)
    return Response(body, status, headers, media_type)


def page(
    request: Request, shown: str, headers: Mapping[str, str] = ALWAYS_ASK, status: int = 200
) -> Response:
    """A page for everybody, packed for a slow line where the browser can unpack it.

    Nobody's secret is in it, and nothing that a visitor sent.
    """
    body = shown.encode()
    headers = {**headers, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        # Always the same bytes for the same page, so that it keeps its tag.
        body = gzip.compress(body, 6, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return answer(request, body, HTML, None, headers, status)


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
