"""`/suscribirse`: how anybody begins to get notices, by chat or by SMS, without a script."""

import asyncio

from fastapi import APIRouter, Request, Response
from sqlalchemy.exc import SQLAlchemyError

from campaigns.posters import service
from campaigns.posters.codes import read_code
from campaigns.posters.model import Invitation
from console import kept
from console.page import page, spoken
from console.posters.reaching import Reaching, ways
from console.posters.sheets import ABOUT
from console.routes import READ, PublicSite
from contacts.gazetteer import load_gazetteer
from db.session import Database

HERE = "/suscribirse"


def subscribe_routes(database: Database, site: PublicSite, reaching: Reaching) -> APIRouter:
    """The page; `?c=CODE` makes it that of a poster, and any other value changes nothing."""
    router = APIRouter(include_in_schema=False)

    @router.api_route(HERE, methods=READ)
    async def subscribe(request: Request, lang: str = "", c: str = "") -> Response:
        invitation = await _invitation(database, c)
        code = "" if invitation is None else invitation.code
        origin = None if invitation is None else invitation.origin
        shown = page(
            "subscribe.html",
            f"{HERE}?c={code}" if code else HERE,
            lang,
            ways=ways(await reaching.now(), spoken(lang), code),
            place="" if origin is None else origin.label,
            about=ABOUT[None if invitation is None else invitation.topic],
            **await site.values(),
        )
        return kept.page(request, shown)

    return router


async def _invitation(database: Database, typed: str) -> Invitation | None:
    code = read_code(typed)
    if code is None:
        return None
    try:
        # Half a second the first time: not in the way of others.
        gazetteer = await asyncio.to_thread(load_gazetteer)
        async with database.read() as session:
            return await service.invitation(session, code, gazetteer)
    except (SQLAlchemyError, OSError):
        # The page is of use without its town.
        return None
