"""Campaigns: looked at, written, changed."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import RowMapping

from campaigns import service, standing
from campaigns.model import CampaignState
from campaigns.sheet import previewing, reckoning
from console.api import shapes, store
from console.api.bodies import JSON, YAML
from console.api.desk import Call, Desk
from console.api.documents import (
    acted_document,
    preview_document,
    sheet_document,
    stamp,
    status_document,
)
from console.api.drafts import given, read_draft
from console.api.openapi import CAMPAIGN, SEEN, WITH_BODY, body_of, problems
from console.api.pages import USUAL, CampaignId, Cursor, Limit, mark, numbers_of
from console.api.problems import Changed
from console.api.written import written
from db.session import Session
from kit.errors import NotFound
from locales.text import _
from staff.tokens import Scope

LIST = "campaigns"
DOCUMENT = (*JSON, YAML[0])

AsDraft = Annotated[bool, Query(description="Keep it as a draft; `submit` comes later.")]
State = Annotated[CampaignState | None, Query(description="Only those that stand so.")]


def add_campaigns(api: APIRouter, desk: Desk) -> None:
    """Add the operations that read and write campaigns."""
    _add_list(api, desk)
    _add_looks(api, desk)
    _add_writing(api, desk)


async def refuse_changed(session: Session, campaign_id: int, call: Call) -> None:
    """Changed when it is not what the caller read and named in `If-Match`; held until the end."""
    if call.seen is None:
        return
    campaign = await service.hold(session, campaign_id)
    seen = [tag.strip() for tag in call.seen.split(",")]
    if "*" not in seen and _tag(campaign.draft.content_hash) not in seen:
        raise Changed(_("api.changed"))


def _add_list(api: APIRouter, desk: Desk) -> None:
    @api.get(
        "/campaigns",
        name="campaigns.list",
        dependencies=desk.needs(Scope.CAMPAIGNS_READ),
        response_model=shapes.Campaigns,
        responses=problems(),
    )
    async def list_(state: State = None, limit: Limit = USUAL, cursor: Cursor = None) -> Response:
        """Campaigns, the newest first."""
        place = numbers_of(cursor, LIST, 1)
        before = place[0] if place else None

        async def work(session: Session) -> object:
            rows = await store.campaigns_before(session, before, state, limit + 1)
            following = mark(LIST, rows[limit - 1]["id"]) if len(rows) > limit else None
            return {"items": [_short(row) for row in rows[:limit]], "next": following}

        return await desk.look(work)

    @api.get(
        "/campaigns/{campaign_id}",
        name="campaigns.get",
        dependencies=desk.needs(Scope.CAMPAIGNS_READ),
        response_model=shapes.CampaignWhole,
        responses=problems(404),
    )
    async def get(campaign_id: CampaignId) -> Response:
        """A campaign and its document. The `ETag` is what edit and approve take as `If-Match`."""
        tags = []

        async def work(session: Session) -> object:
            row = await store.campaign_in_short(session, campaign_id)
            if row is None:
                raise NotFound(_("campaigns.unknown"), id=campaign_id)
            draft = (await service.get(session, campaign_id)).draft
            tags.append(_tag(draft.content_hash))
            whole = {"content_hash": draft.content_hash, "document": written(draft)}
            return _short(row) | whole

        found = await desk.look(work)
        found.headers["ETag"] = tags[0]
        return found


def _add_looks(api: APIRouter, desk: Desk) -> None:
    @api.get(
        "/campaigns/{campaign_id}/status",
        name="campaigns.status",
        dependencies=desk.needs(Scope.CAMPAIGNS_READ),
        response_model=shapes.Status,
        responses=problems(404),
    )
    async def status(request: Request, campaign_id: CampaignId) -> Response:
        """Where a campaign stands, and its messages by state."""
        now = desk.call(request).now

        async def work(session: Session) -> object:
            return status_document(await standing.status(session, campaign_id, now))

        return await desk.look(work)

    @api.get(
        "/campaigns/{campaign_id}/sheet",
        name="campaigns.sheet",
        dependencies=desk.needs(Scope.CAMPAIGNS_READ),
        response_model=shapes.Sheet,
        responses=problems(404),
    )
    async def sheet(request: Request, campaign_id: CampaignId) -> Response:
        """The sheet before sending: whom it reaches, what it costs, when it leaves."""
        call, prices = desk.call(request), desk.prices()

        async def work(session: Session) -> object:
            campaign = await service.get(session, campaign_id)
            made = await reckoning.sheet_of(session, campaign_id, desk.conduct, prices, call.now)
            return sheet_document(campaign, made, prices, call.language)

        return await desk.look(work)


def _add_writing(api: APIRouter, desk: Desk) -> None:
    @api.post(
        "/campaigns",
        name="campaigns.create",
        dependencies=desk.needs(Scope.CAMPAIGNS_WRITE),
        status_code=201,
        response_model=shapes.Acted,
        responses=problems(*WITH_BODY),
        openapi_extra=body_of(*DOCUMENT, schema=CAMPAIGN),
    )
    async def create(request: Request, draft: AsDraft = False) -> Response:
        """Keep a campaign and put it before somebody else's eyes, unless it is to stay a draft."""
        call = desk.call(request)
        body, found = await read_draft(request, call, desk)

        async def work(session: Session) -> object:
            made = await service.create(
                session, given(found), call.member, call.now, as_draft=draft
            )
            return acted_document(await service.get(session, made), call.language)

        return await desk.act(call, body, work, 201)

    @api.post(
        "/campaigns/preview",
        name="campaigns.preview",
        dependencies=desk.needs(Scope.CAMPAIGNS_WRITE),
        response_model=shapes.Preview,
        responses=problems(*WITH_BODY),
        openapi_extra=body_of(*DOCUMENT, schema=CAMPAIGN),
    )
    async def preview(request: Request) -> Response:
        """What a document would cost by SMS and whom it would reach now, without keeping it."""
        call = desk.call(request)
        body, found = await read_draft(request, call, desk)

        async def work() -> object:
            async with desk.database.read() as session:
                return preview_document(await previewing.preview(session, given(found)))

        return await desk.act_alone(call, body, work)

    @api.put(
        "/campaigns/{campaign_id}",
        name="campaigns.edit",
        dependencies=desk.needs(Scope.CAMPAIGNS_WRITE),
        response_model=shapes.Acted,
        responses=problems(*WITH_BODY, 404, 412),
        openapi_extra=body_of(*DOCUMENT, schema=CAMPAIGN, key=False) | SEEN,
    )
    async def edit(request: Request, campaign_id: CampaignId) -> Response:
        """Put a document in the place of a campaign's; whoever had approved it reads it again."""
        call = desk.call(request)
        body, found = await read_draft(request, call, desk)

        async def work(session: Session) -> object:
            await refuse_changed(session, campaign_id, call)
            await service.edit(session, campaign_id, given(found), call.member, call.now)
            return acted_document(await service.get(session, campaign_id), call.language)

        return await desk.act(call, body, work)


def _short(row: RowMapping) -> dict[str, object]:
    return dict(row) | {"created_at": stamp(row["created_at"]), "due_at": stamp(row["due_at"])}


def _tag(content_hash: str) -> str:
    return f'"{content_hash}"'
