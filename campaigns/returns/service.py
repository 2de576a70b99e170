"""Sending a campaign back to who wrote it, and finding those that came back."""

from datetime import datetime

from campaigns import lifecycle, service
from campaigns import store as campaigns
from campaigns.model import CampaignState
from campaigns.returns import store
from campaigns.returns.store import Returned
from campaigns.texts.rules import tidy
from db.session import Session
from kit.errors import Invalid, Refused
from locales.text import _
from staff.model import Member, Right
from staff.rules import require
from staff.store import log

LONGEST_WORDS = 1_000
"""Signs."""


async def send_back(
    session: Session,
    campaign_id: int,
    reader: Member,
    words: str,
    now: datetime,
    fingerprint: str = "",
) -> CampaignState:
    """Somebody who was to approve a campaign says what has to change first: it is a draft again,
    and its writers find the words at its page and among what waits for them.

    `fingerprint` is what the content hash of the draft that was read begins with. Raises Invalid
    without words or for too many; Refused for who wrote it, when it waits for nobody's yes, and
    when another draft stands in its place by now.
    """
    require(reader, Right.APPROVE_CAMPAIGNS)
    said = tidy(words.encode(errors="replace").decode())
    if not said or len(said) > LONGEST_WORDS:
        raise Invalid(_("campaigns.return.words"), most=LONGEST_WORDS)
    campaign = await service.hold(session, campaign_id)
    if not campaign.draft.content_hash.startswith(fingerprint):
        raise Refused(_("campaigns.another_draft"), id=campaign_id)
    state = lifecycle.returned(campaign, reader.id)
    await campaigns.change(session, campaign_id, state=state)
    await store.add(session, Returned(campaign_id, reader.id, now, said))
    await log(session, reader.id, "campaigns.return", service.about(campaign_id), now)
    return state


async def standing(session: Session, campaign_id: int) -> Returned | None:
    """Why a campaign last went back, for whoever sees it."""
    return (await store.latest(session, [campaign_id])).get(campaign_id)
