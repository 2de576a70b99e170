"""The machines' own copy of each warning: a feed of those that stand, and a document for each."""

import re

from fastapi import APIRouter, HTTPException, Request, Response

from campaigns.warnings import atom, cap, store
from campaigns.warnings.model import Issuer
from console.kept import FOR_A_MINUTE, answer
from db.session import Database
from kit.clock import Clock

READ = ["GET", "HEAD"]

DOCUMENT_HEADERS = {"Cache-Control": "public, max-age=3600"}
_NAME = re.compile(r"([1-9][0-9]{0,17})(?:-([1-9][0-9]{0,5}))?")


def warning_routes(database: Database, clock: Clock, issuer: Issuer) -> APIRouter:
    """`/avisos.atom`, and `/avisos/{name}.cap.xml` for each message, also when it is over.

    They name the institute as the environment does: who follows them knows the sender by it.
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
        return answer(request, body, media_type, dated, FOR_A_MINUTE)

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
        return answer(request, body, cap.MEDIA_TYPE, bulletin.sent, DOCUMENT_HEADERS)

    return router
