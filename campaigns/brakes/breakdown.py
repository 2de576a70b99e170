"""A sender that is out of order: its campaigns wait, and the administrators are told."""

from datetime import datetime

from campaigns import store
from campaigns.brakes import halting
from campaigns.model import CampaignState
from campaigns.telling import tell_office
from db.session import Session
from delivery import runs, senders
from delivery.model import Lane
from delivery.runs import RunState
from locales.text import Text, _
from staff.store import log

BROKEN = Text(_("sms.sender.broken"), _("chat.sender.broken"))
#: {sender}, {code} of the provider, {campaigns} that wait.

WORKS = Text(_("sms.sender.works"), _("chat.sender.works"))
#: {sender}


async def hear(session: Session, sender: str, now: datetime) -> None:
    """The handler of `delivery.broken`: a sender's breaker has tripped, or closed. Told once."""
    if not await senders.mark_told(session, sender):
        return
    health = await senders.get(session, sender)
    if health is None:
        return
    if health["broken_at"] is None:
        await tell_office(session, WORKS, {"sender": sender}, Lane.URGENT, now)
        return
    waiting = 0
    for run in await runs.in_state(session, RunState.SENDING):
        if not await store.needs_sender(session, run.id, sender):
            continue
        campaign = await store.hold(session, run.campaign_id)
        if campaign is None or campaign.state is not CampaignState.SENDING:
            continue
        await halting.put_on_hold(session, campaign, now)
        await log(session, None, "campaigns.paused_by_breaker", f"campaign:{campaign.id}", now)
        waiting += 1
    params = {"sender": sender, "code": health["broken_code"] or "?", "campaigns": waiting}
    await tell_office(session, BROKEN, params, Lane.URGENT, now)
