"""Where a campaign stands, and how far its sending has come."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, tuple_

from campaigns import store
from campaigns.figures import gathering
from campaigns.figures.model import LEFT, together
from campaigns.model import Campaign
from campaigns.service import get, seen_by
from contacts.store import contact
from db.session import Session
from delivery import runs, senders, tally
from delivery.model import UNSETTLED, State, reason_words
from delivery.runs import Run, RunState
from delivery.store import message, next_of_run
from locales.text import Phrase, _
from staff.model import Member

ROW_STATES: Mapping[State, str] = {
    State.PENDING: _("campaigns.row.pending"),
    State.SENDING: _("campaigns.row.sending"),
    State.UNCERTAIN: _("campaigns.row.uncertain"),
    State.SENT: _("campaigns.row.sent"),
    State.DELIVERED: _("campaigns.row.delivered"),
    State.UNDELIVERED: _("campaigns.row.undelivered"),
    State.FAILED: _("campaigns.row.failed"),
    State.SKIPPED: _("campaigns.row.skipped"),
}
"""What a state of a row is called."""

AT_ONCE = 5_000
"""So many rows are counted while somebody waits; of more, what was counted last is shown."""

UNCERTAIN_PAGE = 50

Groups = Mapping[tuple[str, State, str], int]
"""Rows by channel, state and reason ("" where none is known)."""


@dataclass(frozen=True, slots=True)
class Status:
    """Where a campaign stands, and how many rows of its ledger stand in each state.

    `held_until`: until then all campaigns stand back for urgent messages. `broken`: senders of its
    channels that are out of order. `leaves_at`: nothing of its open runs leaves before, because of
    the hour or of its cohort. `missed`: times that passed while nothing ran.
    """

    campaign: Campaign
    counts: dict[State, int]
    held_until: datetime | None = None
    broken: tuple[str, ...] = ()
    leaves_at: datetime | None = None
    missed: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a campaign has come: its open runs, else its last one.

    `under_way` says that a run is open. `rows` are theirs by state. `frozen` says which share of
    all contacts has been looked at while the ledger is still written, else None. `failures` and
    `channels` were counted at `counted_at`; None is now.
    """

    status: Status
    under_way: bool
    rows: Mapping[State, int]
    frozen: float | None
    failures: Mapping[str, int]
    skipped: Mapping[str, int]
    channels: Mapping[str, Mapping[State, int]]
    counted_at: datetime | None = None

    @property
    def people(self) -> int:
        """How many rows there are."""
        return sum(self.rows.values())

    @property
    def settled(self) -> int:
        """How many of them wait for nothing any more."""
        return sum(rows for state, rows in self.rows.items() if state not in UNSETTLED)

    @property
    def left(self) -> int:
        """How many messages the provider took."""
        return sum(rows for state, rows in self.rows.items() if state in LEFT)

    @property
    def waiting(self) -> int:
        """How many are still to leave."""
        return self.rows.get(State.PENDING, 0) + self.rows.get(State.SENDING, 0)


@dataclass(frozen=True, slots=True)
class Uncertain:
    """A row of which nobody knows whether it left: whose, by which way, and since when."""

    id: int
    contact_id: int
    channel: str
    language: str
    since: datetime


def why(reason: str) -> Phrase:
    """A reason in the words of the staff, else which code of the provider's it is."""
    words = reason_words(reason)
    if words is not None:
        return words
    if not reason:
        return Phrase(_("cli.figures.no_reason"))
    return Phrase(_("cli.figures.provider_code"), {"code": reason})


async def progress(session: Session, campaign_id: int, member: Member, now: datetime) -> Progress:
    """How far a campaign has come, for somebody to look at; wakes the counting of a large one.

    Raises NotFound, and Refused for whoever does not see campaigns.
    """
    campaign = await seen_by(session, campaign_id, member)
    standing = await runs.open_of(session, campaign_id)
    shown = standing or await runs.newest(session, campaign_id, 1, (RunState.MISSED,))
    ids = [run.id for run in shown]
    rows = await tally.counts(session, ids)
    groups, counted_at = await _groups(session, ids, rows, now)
    channels: dict[str, Counter[State]] = {}
    for (channel, state, _reason), number in groups.items():
        channels.setdefault(channel, Counter())[state] += number
    lost = rows[State.FAILED] + rows[State.UNDELIVERED]
    exact = counted_at is not None and 0 < lost <= AT_ONCE
    failed = await _counted(session, ids, (State.FAILED, State.UNDELIVERED)) if exact else groups
    return Progress(
        await _status(session, campaign, standing, now),
        bool(standing),
        rows,
        await _frozen(session, shown),
        _by_reason(failed, State.FAILED, State.UNDELIVERED),
        _by_reason(groups, State.SKIPPED),
        channels,
        counted_at,
    )


async def uncertain(
    session: Session,
    campaign_id: int,
    member: Member,
    after: int | None = None,
    limit: int = UNCERTAIN_PAGE,
) -> tuple[tuple[Uncertain, ...], int | None]:
    """Rows of which nobody knows whether they left, and the `after` of the next page.

    In the order of the index in which they lie, whatever becomes of them meanwhile.
    """
    await seen_by(session, campaign_id, member)
    place = (message.c.run_id, message.c.sender, message.c.due_at, message.c.id)
    which: list[ColumnElement[bool]] = []
    if after is not None:
        last = select(*place).where(message.c.id == after, message.c.run_id.is_not(None))
        row = await session.first(last)
        if row is not None:
            # The columns' own types: an instant is compared as it is kept.
            which.append(tuple_(*place) > tuple_(*row.values(), types=[c.type for c in place]))
    rows = await session.all(
        select(message)
        .where(
            message.c.run_id.in_(store.runs_of(campaign_id)),
            message.c.state == State.UNCERTAIN,
            *which,
        )
        .order_by(*place)
        .limit(limit + 1)
    )
    found = tuple(
        Uncertain(
            row["id"],
            row["contact_id"],
            row["channel"],
            row["language"],
            row["claimed_at"] or row["created_at"],
        )
        for row in rows[:limit]
    )
    return found, found[-1].id if len(rows) > limit else None


async def status(session: Session, campaign_id: int, now: datetime) -> Status:
    """Where a campaign stands, its rows by state, all eight of them, and what it waits for."""
    campaign = await get(session, campaign_id)
    return await _status(session, campaign, await runs.open_of(session, campaign_id), now)


async def _status(
    session: Session, campaign: Campaign, standing: Sequence[Run], now: datetime
) -> Status:
    known = await runs.how_many(session, campaign.id)
    ways = await senders.all_of(session)
    return Status(
        campaign,
        await tally.counts(session, store.runs_of(campaign.id)),
        await senders.held_until(session, now),
        tuple(
            row["name"]
            for row in ways
            if row["broken_at"] is not None and row["channel"] in campaign.draft.channels
        ),
        await _leaves_at(session, standing, [row["name"] for row in ways], now),
        known.get(RunState.MISSED, 0),
    )


async def _leaves_at(
    session: Session, standing: Sequence[Run], names: Sequence[str], now: datetime
) -> datetime | None:
    """When the next of its rows leaves, if none of them may now."""
    dues = [
        await next_of_run(session, run.id, name)
        for run in standing
        if run.state is RunState.SENDING
        for name in names
    ]
    soonest = min((due for due in dues if due is not None), default=None)
    return None if soonest is None or soonest <= now else soonest


async def _groups(
    session: Session, ids: Sequence[int], rows: Mapping[State, int], now: datetime
) -> tuple[Groups, datetime | None]:
    """The rows of some runs in groups, and when they were counted if that was not now."""
    if sum(rows.values()) <= AT_ONCE:
        return await _counted(session, ids, tuple(State)), None
    parts = [await gathering.of_run(session, run_id, now) for run_id in ids]
    known = [part for part in parts if part is not None]
    groups: Counter[tuple[str, State, str]] = Counter()
    for (channel, _lang, state, why_), number in together(p.figures for p in known).rows.items():
        groups[channel, State(state), why_] += number
    times = [part.counted_at for part in known if part.counted_at is not None]
    return groups, min(times, default=now)


async def _counted(session: Session, ids: Sequence[int], states: Collection[State]) -> Groups:
    reason = func.coalesce(message.c.reason, "").label("reason")
    groups = (message.c.channel, message.c.state, reason)
    rows = await session.all(
        select(*groups, func.count().label("number"))
        .where(message.c.run_id.in_(ids), message.c.state.in_(states))
        .group_by(*groups)
    )
    return {(row["channel"], State(row["state"]), row["reason"]): row["number"] for row in rows}


def _by_reason(groups: Groups, *states: State) -> dict[str, int]:
    """Rows in some states by reason, the most first."""
    found: Counter[str] = Counter()
    for (_channel, state, reason), number in groups.items():
        if state in states:
            found[reason] += number
    return dict(found.most_common())


async def _frozen(session: Session, shown: Sequence[Run]) -> float | None:
    """Which share of all contacts the runs that are still written have looked at."""
    written = [run for run in shown if run.state is RunState.FREEZING]
    if not written:
        return None
    last = await session.scalar(select(func.max(contact.c.id)))
    return min(run.frozen_through for run in written) / last if last else 1.0
