"""How campaigns behave towards people: by which calendar, at which hours, how often."""

from dataclasses import dataclass, field
from datetime import timedelta

from campaigns.model import CampaignClass, CampaignDraft
from campaigns.schedule.calendar import Calendar, NoCalendar
from campaigns.schedule.model import After
from delivery.quiet import Hours

WEEK = timedelta(days=7)
SERIES_GRACE = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Conduct:
    """What holds for every campaign. Without `hours` they leave at any time, without `most_a_week`
    as often as somebody sends one. What could not leave at its time still does within `grace`.
    Files go by the names that the provider has given to `bot`.
    """

    calendar: Calendar = field(default_factory=NoCalendar)
    hours: Hours | None = None
    most_a_week: int | None = None
    grace: timedelta = timedelta(hours=6)
    bot: str = ""

    def hours_of(self, draft: CampaignDraft) -> Hours | None:
        """When messages of a campaign may leave; an emergency may at any time."""
        return None if draft.kind is CampaignClass.EMERGENCY else self.hours

    def grace_of(self, draft: CampaignDraft) -> timedelta:
        """How late a campaign may begin and still be worth it. A message of a series is for those
        who have never had it, so it may be a day late."""
        usual = SERIES_GRACE if isinstance(draft.schedule, After) else self.grace
        return usual if draft.stale_after is None else min(usual, draft.stale_after)


AT_ONCE = Conduct()
"""Nothing is held back: for what no clock or person outside is touched by."""
