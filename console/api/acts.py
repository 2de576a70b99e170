"""What is done to a campaign: from `submit` to `cancel`, a test, and taking a warning back."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from campaigns import service, trying
from campaigns.model import CampaignState
from campaigns.returns import service as returns
from campaigns.warnings import service as warnings
from console.api import shapes
from console.api.bodies import JSON, fields_of, refuse_type, whole
from console.api.campaigns import refuse_changed
from console.api.desk import Call, Desk
from console.api.documents import acted_document
from console.api.openapi import (
    KEYED,
    KEYED_SEEN,
    TO_ONE,
    WITH_BODY,
    Description,
    an_object,
    body_of,
    problems,
)
from console.api.pages import CampaignId
from db.session import Session
from kit.errors import Invalid
from locales.text import _
from staff import service as staff_service
from staff.tokens import Scope

MOST_TESTERS = 20
LONGEST_WHO = 254
TESTERS: Description = {
    "type": "array",
    "minItems": 1,
    "maxItems": MOST_TESTERS,
    "items": {"type": "string", "minLength": 1, "maxLength": LONGEST_WHO},
    "description": "E-mails or ids of members.",
}
WORDS: Description = {
    "type": "string",
    "minLength": 1,
    "maxLength": returns.LONGEST_WORDS,
    "description": "What has to change first; its writers read it.",
}

Do = Callable[[Desk, Session, Call, int], Awaitable[CampaignState]]


@dataclass(frozen=True, slots=True)
class Act:
    """One step of a campaign's life, and what a token must be for to take it."""

    scope: Scope
    do: Do
    says: str
    extra: Description


async def _submit(desk: Desk, session: Session, call: Call, campaign_id: int) -> CampaignState:
    return await service.submit(session, campaign_id, call.member, call.now)


async def _approve(desk: Desk, session: Session, call: Call, campaign_id: int) -> CampaignState:
    await refuse_changed(session, campaign_id, call)
    return await service.approve(session, campaign_id, call.member, call.now, desk.conduct)


async def _start(desk: Desk, session: Session, call: Call, campaign_id: int) -> CampaignState:
    return await service.start(session, campaign_id, call.member, call.now, desk.conduct)


async def _pause(desk: Desk, session: Session, call: Call, campaign_id: int) -> CampaignState:
    return await service.pause(session, campaign_id, call.member, call.now)


async def _resume(desk: Desk, session: Session, call: Call, campaign_id: int) -> CampaignState:
    return await service.resume(session, campaign_id, call.member, call.now)


async def _cancel(desk: Desk, session: Session, call: Call, campaign_id: int) -> CampaignState:
    return await service.cancel(session, campaign_id, call.member, call.now)


WRITE, APPROVE, SEND = Scope.CAMPAIGNS_WRITE, Scope.CAMPAIGNS_APPROVE, Scope.CAMPAIGNS_SEND
ACTS = {
    "submit": Act(WRITE, _submit, "Put a draft before somebody else's eyes.", KEYED),
    "approve": Act(
        APPROVE, _approve, "Say yes to somebody else's campaign; arms its schedule.", KEYED_SEEN
    ),
    "start": Act(SEND, _start, "Let an approved campaign go.", KEYED),
    "pause": Act(SEND, _pause, "Let nothing more of it leave for now.", KEYED),
    "resume": Act(SEND, _resume, "Let a paused campaign go on where it stood.", KEYED),
    "cancel": Act(SEND, _cancel, "End it: what has not left does not leave.", KEYED),
}


def add_acts(api: APIRouter, desk: Desk) -> None:
    """Add what is done to campaigns."""
    for name, act in ACTS.items():
        api.add_api_route(
            f"/campaigns/{{campaign_id}}/{name}",
            _endpoint(desk, act.do),
            methods=["POST"],
            name=f"campaigns.{name}",
            description=act.says,
            dependencies=desk.needs(act.scope),
            response_model=shapes.Acted,
            responses=problems(*TO_ONE, *((412,) if act.extra is KEYED_SEEN else ())),
            openapi_extra=act.extra,
        )
    _add_return(api, desk)
    _add_test(api, desk)
    _add_withdraw(api, desk)


def _endpoint(desk: Desk, do: Do) -> Callable[[Request, CampaignId], Awaitable[Response]]:
    async def endpoint(request: Request, campaign_id: CampaignId) -> Response:
        call, body = desk.call(request), await whole(request)

        async def work(session: Session) -> object:
            await do(desk, session, call, campaign_id)
            return acted_document(await service.get(session, campaign_id), call.language)

        return await desk.act(call, body, work)

    return endpoint


def _add_return(api: APIRouter, desk: Desk) -> None:
    @api.post(
        "/campaigns/{campaign_id}/return",
        name="campaigns.return",
        dependencies=desk.needs(APPROVE),
        response_model=shapes.Acted,
        responses=problems(*WITH_BODY, 404, 412),
        openapi_extra=body_of(*JSON, schema=an_object(words=WORDS), key=False) | KEYED_SEEN,
    )
    async def send_back(request: Request, campaign_id: CampaignId) -> Response:
        """Give somebody else's campaign back, with what has to change before a yes."""
        call = desk.call(request)
        refuse_type(request, JSON)
        body = await whole(request)

        async def work(session: Session) -> object:
            words = str(fields_of(body, {"words": str}, call.language)["words"])
            await refuse_changed(session, campaign_id, call)
            await returns.send_back(session, campaign_id, call.member, words, call.now)
            return acted_document(await service.get(session, campaign_id), call.language)

        return await desk.act(call, body, work)


def _add_test(api: APIRouter, desk: Desk) -> None:
    @api.post(
        "/campaigns/{campaign_id}/test",
        name="campaigns.test",
        dependencies=desk.needs(WRITE),
        response_model=shapes.Tested,
        responses=problems(*WITH_BODY, 404),
        openapi_extra=body_of(*JSON, schema=an_object(to=TESTERS)),
    )
    async def test(request: Request, campaign_id: CampaignId) -> Response:
        """Send every wording of a campaign to some staff, as people would get it."""
        call = desk.call(request)
        refuse_type(request, JSON)
        body = await whole(request)

        async def work(session: Session) -> object:
            names = _testers(fields_of(body, {"to": list}, call.language)["to"])
            members = [await staff_service.find(session, name) for name in names]
            sent = await trying.try_out(session, campaign_id, members, call.member, call.now)
            return {"id": campaign_id, "sent": sent}

        return await desk.act(call, body, work)


def _add_withdraw(api: APIRouter, desk: Desk) -> None:
    @api.post(
        "/campaigns/{campaign_id}/withdraw",
        name="campaigns.withdraw",
        dependencies=desk.needs(APPROVE),
        response_model=shapes.Withdrawn,
        responses=problems(*TO_ONE),
        openapi_extra=KEYED,
    )
    async def withdraw(request: Request, campaign_id: CampaignId) -> Response:
        """Take the public warning of a campaign back; what was sent stays sent."""
        call, body = desk.call(request), await whole(request)

        async def work(session: Session) -> object:
            await service.get(session, campaign_id)
            made = await warnings.withdraw(session, campaign_id, call.member, call.now)
            return {"id": campaign_id, "warning": made.name}

        return await desk.act(call, body, work)


def _testers(found: object) -> list[str]:
    names = [one for one in found if isinstance(one, str)] if isinstance(found, list) else []
    whole_list = isinstance(found, list) and len(names) == len(found)
    fits = all(0 < len(name) <= LONGEST_WHO for name in names)
    if not whole_list or not fits or not 0 < len(names) <= MOST_TESTERS:
        raise Invalid(_("api.fields"), names="to")
    return names
