"""A sender that is out of order: its campaigns wait, and the administrators are told."""

from datetime import datetime

from campaigns import service, store
from campaigns.model import CampaignState
from db.session import Session
from delivery import runs, senders
from delivery import service as delivery
from delivery.content import Params, compose
from delivery.model import Lane, NewMessage
from delivery.runs import RunState
from locales.text import Text, _
from staff import store as staff
from staff.model import Role
from staff.store import log

BROKEN = Text(_("sms.sender.broken"), _("chat.sender.broken"))
#: {sender}, {code} of the provider, {campaigns} that wait.

WORKS = Text(_("sms.sender.works"), _("chat.sender.works"))
#: {sender}

TOLD = ((Role.ADMIN,), (Role.COORDINATOR,))
"""Who is told: the first of these roles that somebody has."""

LANGUAGE = "es"


async def hear(session: Session, sender: str, now: datetime) -> None:
    """The handler of `delivery.broken`: a sender's breaker has tripped, or closed. Told once."""
    if not await senders.mark_told(session, sender):
        return
    health = await senders.get(session, sender)
    if health is None:
        return
    if health["broken_at"] is None:
        await _tell(session, WORKS, {"sender": sender}, now)
        return
    waiting = 0
    for run in await runs.in_state(session, RunState.SENDING):
        if not await store.has_pending_at(session, run.id, sender):
            continue
        campaign = await store.hold(session, run.campaign_id)
        if campaign is None or campaign.state is not CampaignState.SENDING:
            continue
        await service.put_on_hold(session, campaign, now)
        await log(session, None, "campaigns.paused_by_breaker", service.about(campaign.id), now)
        waiting += 1
    params = {"sender": sender, "code": health["broken_code"] or "?", "campaigns": waiting}
    await _tell(session, BROKEN, params, now)


async def _tell(session: Session, text: Text, params: Params, now: datetime) -> None:
    for roles in TOLD:
        members = await staff.with_roles(session, roles)
        for member in members:
            # By each of their ways: one of them may be what is out of order.
            for endpoint in member.endpoints:
                content = compose(text, LANGUAGE, params)
                new = NewMessage((endpoint,), content, Lane.URGENT, LANGUAGE)
                await delivery.queue(session, new, now)
        if members:
            return
