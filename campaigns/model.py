"""What a campaign is: what it says to whom, when, and where it stands."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from contacts.model import Topic
from delivery.content import Button, Content
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
class Now:
    """It leaves when somebody starts it."""


@dataclass(frozen=True, slots=True)
class At:
    """It leaves by itself at an instant, written by the clock of `zone` (IANA)."""

    due_at: datetime
    zone: str


Schedule = Now | At


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens a page, in chats only."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Wording:
    """A campaign in one language. Without an `sms` wording an SMS says what the chat says."""

    text: str
    sms: str | None = None
    links: tuple[Link, ...] = ()

    @property
    def in_sms(self) -> str:
        """What an SMS says."""
        return self.text if self.sms is None else self.sms

    def content(self) -> Content:
        """As the ledger keeps it, one button a row."""
        rows = tuple((Button(link.label, url=link.url),) for link in self.links)
        return Content(chat=self.text, sms=self.in_sms, buttons=rows)


@dataclass(frozen=True, slots=True)
class CampaignDraft:
    """What somebody wrote: all of a campaign that another person approves.

    `channels` stand in order of preference. `contents` is language to wording and always holds
    Spanish, for those whose language it lacks. What has not left `stale_after` its due time does
    not leave any more.
    """

    title: str
    topic: Topic
    kind: CampaignClass
    audience: str
    channels: tuple[Channel, ...]
    contents: Mapping[str, Wording]
    schedule: Schedule
    stale_after: timedelta | None = None

    @property
    def content_hash(self) -> str:
        """A fingerprint (SHA-256, hex) of everything that is approved."""
        whole = {
            "title": self.title,
            "topic": self.topic,
            "class": self.kind,
            "audience": self.audience,
            "channels": self.channels,
            "contents": packed_contents(self.contents),
            "schedule": packed_schedule(self.schedule),
            "stale_after": self.stale_after.total_seconds() if self.stale_after else None,
        }
        return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Campaign:
    """A stored campaign. `due_at` is when it fires next, while it is scheduled.

    `approved_hash` is the fingerprint of what the approver saw.
    """

    id: int
    draft: CampaignDraft
    state: CampaignState
    author_id: int
    approver_id: int | None = None
    approved_hash: str | None = None
    due_at: datetime | None = None

    @property
    def is_as_approved(self) -> bool:
        """Whether nothing has changed since the approval."""
        return self.approved_hash == self.draft.content_hash


def packed_contents(contents: Mapping[str, Wording]) -> str:
    """The form in which the database keeps the wordings."""
    plain = {
        language: {
            "text": wording.text,
            "sms": wording.sms,
            "links": [[link.label, link.url] for link in wording.links],
        }
        for language, wording in contents.items()
    }
    return json.dumps(plain, ensure_ascii=False, sort_keys=True)


def unpacked_contents(packed: str) -> dict[str, Wording]:
    """The reverse of `packed_contents`."""
    return {
        language: Wording(
            plain["text"], plain["sms"], tuple(Link(label, url) for label, url in plain["links"])
        )
        for language, plain in json.loads(packed).items()
    }


def packed_schedule(schedule: Schedule) -> str:
    """The form in which the database keeps a schedule."""
    if isinstance(schedule, Now):
        return json.dumps({"now": True})
    return json.dumps({"at": schedule.due_at.isoformat(), "zone": schedule.zone})


def unpacked_schedule(packed: str) -> Schedule:
    """The reverse of `packed_schedule`."""
    plain = json.loads(packed)
    return At(datetime.fromisoformat(plain["at"]), plain["zone"]) if "at" in plain else Now()
