"""The shapes of what the API answers, for its description (OpenAPI)."""

from datetime import datetime

from pydantic import BaseModel, Field

from campaigns.figures.comparing import Aspect
from campaigns.model import CampaignClass, CampaignState
from campaigns.warnings.model import Status as WarningStatus
from contacts.model import Topic

Counts = dict[str, int]


class Caution(BaseModel):
    """Something to look at again. Each may be meant as it stands: nothing is refused for it."""

    kind: str
    people: int | None
    message: str


class Acted(BaseModel):
    """A campaign, where it stands now, and what to look at again before it leaves."""

    id: int
    state: CampaignState
    cautions: list[Caution]


class Tested(BaseModel):
    """How many wordings leave to staff."""

    id: int
    sent: int


class Withdrawn(BaseModel):
    """The message that takes a public warning back."""

    id: int
    warning: str


class CampaignInShort(BaseModel):
    """A campaign without what it says. Members of the staff are ids."""

    id: int
    title: str
    topic: Topic
    kind: CampaignClass = Field(alias="class")
    state: CampaignState
    author_id: int
    approver_id: int | None
    keyword: str | None
    created_at: datetime
    due_at: datetime | None
    stopped_for: str | None


class CampaignWhole(CampaignInShort):
    """A campaign; `document` may be sent back changed, `content_hash` is its fingerprint."""

    content_hash: str
    document: dict[str, object]


class Campaigns(BaseModel):
    """A page of campaigns, the newest first."""

    items: list[CampaignInShort]
    next: str | None


class Cost(BaseModel):
    """Money by currency as exact text; `unknown` are segments of which nobody knows the price."""

    segments: int
    money: dict[str, str]
    unknown: Counts
    unconfirmed: list[str]


class Sms(BaseModel):
    """What one SMS takes."""

    encoding: str
    units: int
    segments: int


class SmsInParts(Sms):
    """The same as it will be cut, and a cheaper wording that a person may choose."""

    parts: list[str]
    blockers: list[str]
    offered: str | None
    offered_segments: int | None


class Reach(BaseModel):
    """Whom it would reach now."""

    total: int
    by_channel: Counts
    by_language: Counts
    excluded: Counts


class Preview(BaseModel):
    """What a draft costs and whom it reaches."""

    sms: dict[str, SmsInParts]
    audience: Reach


class Status(BaseModel):
    """Where a campaign stands, its messages by state, and what it waits for."""

    id: int
    state: CampaignState
    counts: Counts
    held_until: datetime | None
    broken: list[str]
    due_at: datetime | None
    leaves_at: datetime | None
    missed: int
    stopped_for: str | None


class SheetReach(Reach):
    """Whom it reaches, as far as they are counted."""

    people: int
    by_region: Counts


class SmsToMany(Sms):
    """The SMS in one language."""

    people: int
    all_segments: int


class SmsThere(BaseModel):
    """The SMS to one country."""

    segments: int
    price: str | None
    currency: str | None
    confirmed: bool | None


class SheetSms(BaseModel):
    """What the SMS cost."""

    by_language: dict[str, SmsToMany]
    by_country: dict[str, SmsThere]
    cost: Cost


class Leaving(BaseModel):
    """When messages of a zone leave."""

    zone: str
    messages: int
    first: datetime | None
    last: datetime | None
    late: int


class Week(BaseModel):
    """What one that repeats does in the seven days from its next time on."""

    times: int
    cost: Cost


class PublicWarning(BaseModel):
    """The warning that it also publishes, for so many seconds from when it begins to leave."""

    status: WarningStatus
    seconds: int
    expires_at: datetime | None


class Sheet(BaseModel):
    """The sheet before sending. It is counted in the background: ask again until it is `done`."""

    id: int
    state: CampaignState
    kind: CampaignClass = Field(alias="class")
    reason: str | None
    keyword: str | None
    warning: PublicWarning | None
    done: bool
    share: float
    counted_at: datetime | None
    series: bool
    week: Week | None
    audience: SheetReach
    sms: SheetSms
    seconds: dict[str, float | None]
    due_at: datetime | None
    first: datetime | None
    last: datetime | None
    zones: list[Leaving]
    cautions: list[Caution]


class Figures(BaseModel):
    """What became of messages."""

    people: int
    left: int
    by_state: Counts
    by_channel: Counts
    by_language: Counts
    failed: Counts
    skipped: Counts
    opt_outs: int
    answers: dict[str, Counts]
    replies: int
    cost: Cost


class Hour(BaseModel):
    """What left and arrived in an hour."""

    hour: datetime
    sent: int
    delivered: int


class RunFigures(Figures):
    """What became of a run."""

    id: int
    due_at: datetime
    state: str
    counts: Counts
    share: float
    counted_at: datetime | None
    series: list[Hour]


class CampaignFigures(BaseModel):
    """What became of a campaign. Counted in the background: ask again until it is `done`."""

    id: int
    state: CampaignState
    done: bool
    older_runs: int
    total: Figures
    runs: list[RunFigures]


class Share(BaseModel):
    """So many of so many."""

    number: int
    of: int
    share: float | None


class Compared(BaseModel):
    """One aspect of both; `differs` when chance would seldom make them so different."""

    aspect: Aspect
    one: Share
    other: Share
    differs: bool


class Comparison(BaseModel):
    """Two campaigns, or two runs, side by side."""

    one: int
    other: int
    done: bool
    aspects: list[Compared]


class Missed(BaseModel):
    """Who did not get a campaign, as an audience; `total` of them are found so far. Counted in the
    background: ask again until it is `done`."""

    id: int
    audience: str
    total: int
    done: bool
    share: float
    counted_at: datetime | None


class Row(BaseModel):
    """One message of a campaign."""

    contact: int
    channel: str | None
    language: str
    state: str
    reason: str | None
    why: str | None
    attempts: int
    created: datetime
    settled: datetime | None


class Rows(BaseModel):
    """A page of a report, by run and contact."""

    items: list[Row]
    next: str | None


class SavedAudience(BaseModel):
    """An expression under a name."""

    name: str
    expression: str
    author_id: int
    created_at: datetime
    changed_at: datetime


class LookedUp(SavedAudience):
    """The same; `whole` has what it names in the place of the names."""

    whole: str


class Audiences(BaseModel):
    """A page of saved audiences, by name."""

    items: list[SavedAudience]
    next: str | None


class Count(BaseModel):
    """People by what is known of them."""

    total: int
    by_channel: Counts
    by_language: Counts
    by_region: Counts
    by_country: Counts
    excluded: Counts


class Contact(BaseModel):
    """What selects a contact: never a number, a name or words."""

    id: int
    language: str
    joined_at: datetime
    origin_clave: int | None
    origin_region: str | None
    country: str | None
    state: str | None
    relation: str | None
    topics: list[Topic]
    tags: list[str]
    channels: list[str]


class Contacts(BaseModel):
    """A page of contacts, by id."""

    items: list[Contact]
    next: str | None


class RowFault(BaseModel):
    """Why a row was not taken."""

    line: int
    column: str
    message: str


class Import(BaseModel):
    """What came of an import."""

    read: int
    created: int
    updated: int
    rejected: int
    errors: list[RowFault]
    more_errors: int
    dry_run: bool
