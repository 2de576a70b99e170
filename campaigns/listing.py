"""What the list of campaigns shows: where each stands, and what it waits for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, RowMapping, func, select

from campaigns.model import CampaignClass, CampaignState
from campaigns.returns import store as returns
from campaigns.returns.store import Returned
from campaigns.schedule.occurrences import Occurrence
from campaigns.store import campaign
from db.session import Session
from delivery.model import State
from delivery.runs import run
from delivery.tally import run_tally
from kit.fold import fold
from staff import store as staff
from staff.model import Member, Right
from staff.rules import require

PAGE = 20
"""Campaigns of one page."""

CHUNK = 500
"""Titles that are looked through at once: accents fold nowhere in a database alike."""

LONGEST_SEARCH = 120


class Waits(StrEnum):
    """What somebody has to do before a campaign goes on."""

    SUBMIT = "submit"
    YOUR_APPROVAL = "your_approval"
    APPROVAL = "approval"
    START = "start"
    RESUME = "resume"
    DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which campaigns: those with an id below `before`, in a state, with words in their title."""

    before: int | None = None
    state: CampaignState | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A campaign in short. `author` is a name; `counts` are the rows of all its runs by state."""

    id: int
    title: str
    kind: CampaignClass
    state: CampaignState
    author: str = field(repr=False)
    due: Occurrence | None
    created_at: datetime
    counts: Mapping[State, int]
    waits: Waits | None

    @property
    def people(self) -> int:
        """How many rows its ledger has."""
        return sum(self.counts.values())

    @property
    def left(self) -> int:
        """How many messages the provider took."""
        taken = (State.SENT, State.DELIVERED, State.UNDELIVERED)
        return sum(self.counts.get(state, 0) for state in taken)


@dataclass(frozen=True, slots=True)
class Page:
    """Some campaigns, the newest first; `following` is the `before` of the next page."""

    items: tuple[Listed, ...]
    following: int | None


_SHORT = (
    campaign.c.id,
    campaign.c.title,
    campaign.c.kind,
    campaign.c.state,
    campaign.c.author_id,
    campaign.c.editors,
    campaign.c.due_at,
    campaign.c.local_due,
    campaign.c.created_at,
)


async def page(session: Session, member: Member, wanted: Wanted, limit: int = PAGE) -> Page:
    """A page of the list as a member sees it; Refused when their role does not see campaigns."""
    require(member, Right.SEE_CAMPAIGNS)
    rows = await _rows(session, wanted, limit + 1)
    following = rows[limit - 1]["id"] if len(rows) > limit else None
    return Page(await _listed(session, member, rows[:limit]), following)


async def for_approval(session: Session, member: Member, most: int = PAGE) -> tuple[Listed, ...]:
    """What waits for the yes of a member: others wrote it. The oldest first; nothing for those
    whose role does not approve."""
    if not member.may(Right.APPROVE_CAMPAIGNS):
        return ()
    rows = await session.all(
        select(*_SHORT)
        .where(campaign.c.state == CampaignState.REVIEW)
        .order_by(campaign.c.id)
        .limit(CHUNK)
    )
    theirs = [row for row in rows if member.id not in _writers(row)]
    return await _listed(session, member, theirs[:most])


async def to_start(session: Session, member: Member, most: int = PAGE) -> tuple[Listed, ...]:
    """What was approved and leaves when somebody starts it, the oldest first; nothing for those
    whose role starts none."""
    if not member.may(Right.WRITE_CAMPAIGNS):
        return ()
    rows = await session.all(
        select(*_SHORT)
        .where(campaign.c.state == CampaignState.APPROVED)
        .order_by(campaign.c.id)
        .limit(most)
    )
    return await _listed(session, member, rows)


async def came_back(
    session: Session, member: Member, most: int = PAGE
) -> tuple[tuple[Listed, Returned], ...]:
    """What a member wrote that somebody sent back, and why; the oldest first."""
    if not member.may(Right.WRITE_CAMPAIGNS):
        return ()
    sent_back = select(returns.campaign_return.c.campaign_id)
    rows = await session.all(
        select(*_SHORT)
        .where(campaign.c.state == CampaignState.DRAFT, campaign.c.id.in_(sent_back))
        .order_by(campaign.c.id)
        .limit(CHUNK)
    )
    own = await _listed(session, member, [row for row in rows if member.id in _writers(row)][:most])
    if not own:
        return ()
    why = await returns.latest(session, [one.id for one in own])
    return tuple((one, why[one.id]) for one in own)


def waits(
    state: CampaignState,
    writers: frozenset[int],
    member: Member,
    *,
    uncertain: bool,
) -> Waits | None:
    """What a campaign waits for, to the eyes of a member. Pure."""
    match state:
        case CampaignState.DRAFT:
            return Waits.SUBMIT
        case CampaignState.REVIEW:
            own = member.id in writers or not member.may(Right.APPROVE_CAMPAIGNS)
            return Waits.APPROVAL if own else Waits.YOUR_APPROVAL
        case CampaignState.APPROVED:
            return Waits.START
    if uncertain and state is not CampaignState.CANCELLED:
        return Waits.DECISION
    return Waits.RESUME if state is CampaignState.PAUSED else None


async def _rows(session: Session, wanted: Wanted, limit: int) -> Sequence[RowMapping]:
    which: list[ColumnElement[bool]] = []
    if wanted.state is not None:
        which.append(campaign.c.state == wanted.state)
    if wanted.before is not None:
        which.append(campaign.c.id < wanted.before)
    words = fold(wanted.text[:LONGEST_SEARCH]).split()
    if words:
        which.append(campaign.c.id.in_(await _titled(session, words, which, limit)))
    query = select(*_SHORT).where(*which).order_by(campaign.c.id.desc()).limit(limit)
    return await session.all(query)


async def _titled(
    session: Session, words: Sequence[str], which: Sequence[ColumnElement[bool]], limit: int
) -> list[int]:
    """The newest campaigns that have all words in their title, or the number itself."""
    found: list[int] = []
    below: list[ColumnElement[bool]] = []
    while len(found) < limit:
        rows = await session.all(
            select(campaign.c.id, campaign.c.title)
            .where(*which, *below)
            .order_by(campaign.c.id.desc())
            .limit(CHUNK)
        )
        for row in rows:
            title = fold(row["title"])
            if [str(row["id"])] == list(words) or all(word in title for word in words):
                found.append(row["id"])
        if len(rows) < CHUNK:
            break
        below = [campaign.c.id < rows[-1]["id"]]
    return found[:limit]


async def _listed(
    session: Session, member: Member, rows: Sequence[RowMapping]
) -> tuple[Listed, ...]:
    if not rows:
        return ()
    counts = await _counts(session, [row["id"] for row in rows])
    names = await staff.names(session)
    return tuple(_of(row, member, names, counts.get(row["id"], {})) for row in rows)


def _of(
    row: RowMapping, member: Member, names: Mapping[int, str], counts: Mapping[State, int]
) -> Listed:
    state, local = CampaignState(row["state"]), row["local_due"]
    due = row["due_at"]
    return Listed(
        id=row["id"],
        title=row["title"],
        kind=CampaignClass(row["kind"]),
        state=state,
        author=names.get(row["author_id"], ""),
        due=None
        if due is None
        else Occurrence(due, None if local is None else datetime.fromisoformat(local)),
        created_at=row["created_at"],
        counts=counts,
        waits=waits(state, _writers(row), member, uncertain=counts.get(State.UNCERTAIN, 0) > 0),
    )


async def _counts(session: Session, ids: Sequence[int]) -> dict[int, dict[State, int]]:
    rows = await session.all(
        select(run.c.campaign_id, run_tally.c.state, func.sum(run_tally.c.rows).label("rows"))
        .join(run_tally, run_tally.c.run_id == run.c.id)
        .where(run.c.campaign_id.in_(ids))
        .group_by(run.c.campaign_id, run_tally.c.state)
    )
    found: dict[int, dict[State, int]] = {}
    for row in rows:
        found.setdefault(row["campaign_id"], {})[State(row["state"])] = int(row["rows"])
    return found


def _writers(row: RowMapping) -> frozenset[int]:
    edited = {int(editor) for editor in row["editors"].split(",") if editor}
    return frozenset({row["author_id"], *edited})
