"""Ten faults that a sender could have, each planted by replacing what guards against it."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Select, select, update

from campaigns import store, tick
from campaigns.conduct import AT_ONCE, Conduct
from campaigns.model import CampaignState
from campaigns.schedule.occurrences import Occurrence
from campaigns.store import campaign
from db.session import Session
from delivery import claims, judging, model, moves, second_look, tally
from delivery import store as ledger
from delivery.judging import Roads
from delivery.model import Claimed, Failure, Lane, Outcome, SendError, State
from delivery.sending import Sending
from delivery.store import message
from engine.jobs import MemoryJobs
from kit.clock import Clock
from kit.jobs import Wake
from tests.chaos.audit import Rule

Patch = pytest.MonkeyPatch


def settle_before_send(patch: Patch) -> None:
    """A row is written down as sent, and then it is sent."""
    begin = Sending.__init__

    def hasty(self: Sending, *given: Any, **more: Any) -> None:
        begin(self, *given, **more)
        attempt = self._attempts.attempt

        async def attempted(row: Claimed) -> Outcome:
            now = Clock().now()
            await self._settler.settle(Outcome(row, State.SENT, now, provider_id=f"hasty-{row.id}"))
            return replace(await attempt(row), attempted=False)

        patch.setattr(self._attempts, "attempt", attempted)

    patch.setattr(Sending, "__init__", hasty)


def opt_out_not_checked(patch: Patch) -> None:
    """Who has opted out since the freezing is not asked, nor before what has waited leaves."""
    for looks in (claims, second_look):
        patch.setattr(looks, "skip_of", lambda row, run, now: None)


def lost_wake_up(patch: Patch) -> None:
    """What comes while a handler runs is dropped, and the reconciler knows nothing of bulk."""
    take, due_lanes = MemoryJobs.take, ledger.due_lanes

    def deaf(self: MemoryJobs, wake: Wake) -> None:
        if (wake.job, wake.key) not in self._running:
            take(self, wake)

    async def forgetful(session: Session, now: datetime) -> tuple[tuple[Lane, str], ...]:
        found = await due_lanes(session, now)
        return tuple((lane, sender) for lane, sender in found if lane is not Lane.BULK)

    patch.setattr(MemoryJobs, "take", deaf)
    patch.setattr(ledger, "due_lanes", forgetful)


def retry_after_ignored(patch: Patch) -> None:
    """A 429 is tried again at once."""
    judge = judging.judge

    def impatient(
        row: Claimed, error: SendError, now: datetime, roads: Roads, chance: float = 1.0
    ) -> Outcome:
        if error.failure is Failure.SENDER_THROTTLED:
            error = SendError(error.failure, error.code, timedelta(milliseconds=1))
        return judge(row, error, now, roads, chance)

    patch.setattr(judging, "judge", impatient)


def counter_drift(patch: Patch) -> None:
    """Now and then a difference is not written down."""
    add, asked = tally.add, [0]

    async def careless(session: Session, run_id: int, changes: Mapping[State, int]) -> None:
        asked[0] += 1
        if asked[0] % 5:
            await add(session, run_id, changes)

    patch.setattr(tally, "add", careless)


def blind_resend(patch: Patch) -> None:
    """What may have arrived goes again without a decision."""
    judge = judging.judge

    def careless(
        row: Claimed, error: SendError, now: datetime, roads: Roads, chance: float = 1.0
    ) -> Outcome:
        found = judge(row, error, now, roads, chance)
        if found.state is State.UNCERTAIN:
            return replace(found, state=State.PENDING, due_at=now)
        return found

    patch.setattr(judging, "judge", careless)


def receipts_going_backwards(patch: Patch) -> None:
    """The receipt that comes last is believed."""
    moves = model.MOVES | {State.DELIVERED: frozenset({State.UNDELIVERED})}
    for state, onwards in moves.items():
        patch.setitem(model.MOVES, state, onwards)


def double_claim(patch: Patch) -> None:
    """Two processes that look at the same time take the same rows."""

    async def open_without_lock(
        session: Session, query: Select[tuple[object, ...]], now: datetime
    ) -> Sequence[Any]:
        del now
        found = await session.all(query)
        await asyncio.sleep(0.02)
        return found

    async def move_anything(
        session: Session, which: Any, old: State, new: State, **values: object
    ) -> Sequence[Any]:
        if new is not State.SENDING:
            return await moves.move(session, which, old, new, **values)
        taken = await session.all(
            update(message)
            .where(which)
            .values(state=new, **values)
            .returning(message.c.id, message.c.run_id)
        )
        for run_id, rows in Counter(row["run_id"] for row in taken).items():
            await tally.add(session, run_id, {old: -rows, new: rows})
        return taken

    patch.setattr(claims, "_open", open_without_lock)
    patch.setattr(claims, "move", move_anything)


def two_clocks(patch: Patch) -> None:
    """A clock reads what is due and fires it at its own time."""

    async def fire_due(session: Session, now: datetime, conduct: Conduct) -> None:
        del conduct
        due = select(campaign.c.id).where(
            campaign.c.state == CampaignState.SCHEDULED, campaign.c.due_at <= now
        )
        found = [row["id"] for row in await session.all(due)]
        await asyncio.sleep(0.1)
        for campaign_id in found:
            await store.change(session, campaign_id, state=CampaignState.SENDING, due_at=None)
            one = await store.get(session, campaign_id)
            assert one is not None
            await tick.open_run(session, one, [Occurrence(now)], AT_ONCE, now)

    patch.setattr(tick, "fire_due", fire_due)


Plant = Callable[[Patch], None]


def nothing(patch: Patch) -> None:
    """The fault is in the database: see `WITHOUT_KEY`."""
    del patch


WITHOUT_KEY = "DROP INDEX uq_message_run_contact"

ALONE: Mapping[str, tuple[Plant, Rule]] = {
    "settle before send": (settle_before_send, Rule.LOST),
    "no unique key on run and contact": (nothing, Rule.KEY),
    "opt-out not checked at sending": (opt_out_not_checked, Rule.NO),
    "a lost wake-up": (lost_wake_up, Rule.SETTLED),
    "retry_after ignored": (retry_after_ignored, Rule.WAITED),
    "counter drift": (counter_drift, Rule.COUNTED),
    "blind resend of uncertain rows": (blind_resend, Rule.BLIND),
    "receipts going backwards": (receipts_going_backwards, Rule.FORWARD),
}
"""What one process can do wrong, and the rule that has to find it."""

TOGETHER: Mapping[str, tuple[Plant, Rule]] = {
    "double claim": (double_claim, Rule.TWICE),
    "two clocks firing": (two_clocks, Rule.FIRED),
}
"""What it takes two processes for."""
