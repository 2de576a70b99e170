"""What a campaign is: what it says to whom, when, and where it stands."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from campaigns.brakes.cohort import Cohort
from campaigns.content.model import Wording, packed_contents
from campaigns.schedule.model import Schedule, packed_schedule
from campaigns.schedule.occurrences import Occurrence
from campaigns.warnings.model import Warning
from campaigns.warnings.model import packed as packed_warning
from contacts.model import Topic
from kit.channels import Channel


class CampaignState(StrEnum):
    """Where a campaign stands; `campaigns.lifecycle` says which may follow which."""

    DRAFT = "draft"
    REVIEW = "review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"


class CampaignClass(StrEnum):
    """Whether quiet hours hold for it; the key of the file is `class`."""

    NORMAL = "normal"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True)
class CampaignDraft:
    """What somebody wrote: all of a campaign that another person approves.

    `channels` stand in order of preference. `contents` is language to wording and always holds
    Spanish, for those whose language it lacks. What has not left `stale_after` its due time does
    not leave any more. `reason` says why an emergency leaves in the quiet hours. The `cohort` gets
    it first. `keyword` is the word of a poster that is answered with it. With a
    `warning` it is published too.
    """

    title: str
    topic: Topic
    kind: CampaignClass
    audience: str
    channels: tuple[Channel, ...]
    contents: Mapping[str, Wording]
    schedule: Schedule
    stale_after: timedelta | None = None
    reason: str = ""
    cohort: Cohort | None = None
    keyword: str | None = None
    warning: Warning | None = None

    @property
    def content_hash(self) -> str:
        """A fingerprint (SHA-256, hex) of everything that is approved."""
        whole: dict[str, object] = {
            "title": self.title,
            "topic": self.topic,
            "class": self.kind,
            "audience": self.audience,
            "channels": self.channels,
            "contents": packed_contents(self.contents),
            "schedule": packed_schedule(self.schedule),
            "stale_after": self.stale_after.total_seconds() if self.stale_after else None,
        }
        later = {
            "reason": self.reason,
            "cohort": None if self.cohort is None else self.cohort.packed(),
            "keyword": self.keyword,
            "warning": None if self.warning is None else packed_warning(self.warning),
        }
        # What an earlier version knew nothing of is left out while it says nothing, so that what
        # was approved then still has its fingerprint.
        whole |= {name: value for name, value in later.items() if value}
        return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Campaign:
    """A stored campaign. `due` is when it fires next, while it is scheduled.

    `approved_hash` is the fingerprint of what the approver saw, `approved_audience` that of its
    audience with every saved one put in, `editors` are who has changed it,
    `stopped_for` which limit of its cohort was passed.
    """

    id: int
    draft: CampaignDraft
    state: CampaignState
    author_id: int
    approver_id: int | None = None
    approved_hash: str | None = None
    due: Occurrence | None = None
    approved_audience: str | None = None
    editors: frozenset[int] = frozenset()
    stopped_for: str | None = None

    @property
    def writers(self) -> frozenset[int]:
        """Who wrote what stands there: none of them can approve it."""
        return self.editors | {self.author_id}

    @property
    def is_as_approved(self) -> bool:
        """Whether nothing has changed since the approval."""
        return self.approved_hash == self.draft.content_hash
