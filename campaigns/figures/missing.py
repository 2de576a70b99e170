"""Who did not get a campaign, as an audience, and how many they are as far as they are counted.

A million people take too long to count while somebody waits, so they are counted in the background
together with those of the sheet: see `campaigns.sheet.reckoning`.
"""

from dataclasses import dataclass
from datetime import datetime

from campaigns import service
from campaigns.audience.audiences import expanded, known
from campaigns.audience.language import parse
from campaigns.figures.model import missed_expression
from campaigns.sheet import reckoning
from db.session import Session


@dataclass(frozen=True, slots=True)
class Missed:
    """Those of a campaign's audience who have not got it. `total` of them are found so far;
    `share` of everybody, from 0 to 1, was looked at by `counted_at`."""

    campaign_id: int
    audience: str
    total: int
    share: float
    counted_at: datetime | None

    @property
    def done(self) -> bool:
        """Whether everybody has been counted."""
        return self.share >= 1


async def of_campaign(session: Session, campaign_id: int, now: datetime) -> Missed:
    """Who did not get a campaign, since its last run began or ended; wakes the counting when that
    is not known, or was counted an hour ago.

    Raises NotFound, and AudienceError for an audience that cannot be looked up any more.
    """
    campaign = await service.get(session, campaign_id)
    audience = missed_expression(campaign)
    await known(session, await expanded(session, parse(audience)))
    since = await reckoning.turned(session, campaign_id)
    found, enough = await reckoning.read(session, campaign, now, since)
    total = found.counted.missed
    if not enough or total is None:
        session.wake(reckoning.RECKON, str(campaign_id))
    if total is None:
        return Missed(campaign_id, audience, 0, 0, None)
    return Missed(campaign_id, audience, total, found.share, found.counted_at)
