"""Settling: write how attempts ended, many in one unit, with what they teach and whom they wake."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from contacts import store as contacts
from db.session import Database, Session
from delivery import judging, receipts, runs, senders, store
from delivery.fallback import another_address
from delivery.holding import skip_held_back
from delivery.model import UNSETTLED, Claimed, Failure, Lane, Outcome, State
from delivery.moves import move
from delivery.pacing import Pace
from delivery.recovery import ASKED_AFTER
from delivery.senders import Health
from delivery.service import BROKEN, UNREACHED, send_job
from delivery.store import CODE_LENGTH, PROVIDER_ID_LENGTH, attempt, message
from delivery.tempo import Tempo
from kit.channels import Channel

log = structlog.get_logger(__name__)

AGAIN_AFTER = (0.2, 1, 5)
"""Seconds after which the unit is tried again: what a provider answered is not known twice."""

LINGER = 0.05
"""Seconds that rows of a run wait for others to be settled with; urgent and reply do not."""

LARGEST = 200
"""Rows that are settled in one unit."""


class Settler:
    """Collects outcomes and writes them together: a unit a message would be most of the work."""

    def __init__(self, database: Database, tempo: Tempo) -> None:
        self._database = database
        self._tempo = tempo
        self._waiting: list[tuple[Outcome, asyncio.Future[None]]] = []
        self._urgent = asyncio.Event()
        self._writer: asyncio.Task[None] | None = None

    async def settle(self, outcome: Outcome) -> None:
        """Return once the outcome is committed; raises what the last try raised."""
        settled: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((outcome, settled))
        if outcome.claimed.lane is not Lane.BULK or len(self._waiting) >= LARGEST:
            self._urgent.set()
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._work(), name="settling")
        await settled

    async def _work(self) -> None:
        while self._waiting:
            if not self._tempo.closing:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._urgent.wait(), LINGER)
            self._urgent.clear()
            batch, self._waiting = self._waiting[:LARGEST], self._waiting[LARGEST:]
            if len(self._waiting) >= LARGEST:
                self._urgent.set()
            await self._settle(batch)

    async def _settle(
        self, batch: Sequence[tuple[Outcome, asyncio.Future[None]]], *, again: bool = False
    ) -> None:
        try:
            await self._write([outcome for outcome, _ in batch], again=again)
        except Exception as error:
            if len(batch) > 1:
                # One that cannot be written must not take the others with it. What was given back
                # unsent may be another process's by now; if not, `take_over` gives it back.
                for one in batch:
                    if one[0].attempted:
                        await self._settle([one], again=True)
                    else:
                        _fail(one[1], error)
                return
            _fail(batch[0][1], error)
            return
        for _, settled in batch:
            if not settled.done():
                settled.set_result(None)

    async def _write(self, outcomes: Sequence[Outcome], *, again: bool) -> None:
        alone = len(outcomes) == 1
        for tries, wait in enumerate((*AGAIN_AFTER, None)):
            try:
                async with self._database.write() as session:
                    health = await write(
                        session, outcomes, self._tempo.look, again=again or tries > 0
                    )
                for sender, found in health.items():
                    self._tempo.judge_sender(sender, found.broken_at, found.failures)
                return
            except Exception as error:
                # A batch is tried twice and then taken apart.
                given_back = not all(one.attempted for one in outcomes)
                if wait is None or self._tempo.closing or (tries > 0 and not alone) or given_back:
                    raise
                log.warning("delivery.settling_again", error=type(error).__name__)
            await self._tempo.rest(wait)


def _fail(settled: asyncio.Future[None], error: Exception) -> None:
    if not settled.done():
        settled.set_exception(error)


@dataclass(frozen=True, slots=True)
class _Change:
    """What rows that end alike are set to."""

    state: State
    reason: str | None
    due_at: datetime | None
    counts: bool
    values: tuple[tuple[str, object], ...] = ()


async def write(
    session: Session,
    outcomes: Sequence[Outcome],
    look: Callable[[str], Pace],
    *,
    again: bool = False,
) -> Mapping[str, Health]:
    """Write how attempts ended, in one unit; gives what it makes of the senders.

    With `again` some of them may be written already: a commit may hold although its answer was
    lost.
    """
    if again:
        outcomes = [
            one
            for one in outcomes
            if not (one.attempted and await store.was_attempted(session, one.claimed.id, one.at))
        ]
    if not outcomes:
        return {}
    changes: dict[_Change, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        changes[await _change(session, outcome)].append(outcome)
    for change, alike in changes.items():
        await _apply(session, change, alike)
    await _note(session, [one for one in outcomes if one.attempted])
    return await _judge_senders(session, outcomes, look)


async def _change(session: Session, outcome: Outcome) -> _Change:
    """What becomes of a row; keeps what a refusal says about its address."""
    row = outcome.claimed
    if outcome.reason == Failure.UNKNOWN_OUTCOME and outcome.state is State.PENDING:
        before = await store.unknown_outcomes(session, row.id)
        outcome = judging.after_unknowns(outcome, before)
    if outcome.reason == Failure.CONTACT_STOPPED:
        await contacts.add_opt_out(session, row.to, "provider", "", outcome.at)
    elif outcome.reason == Failure.ADDRESS_DEAD:
        await contacts.mark_dead(session, row.to)
    values: dict[str, object] = {}
    if outcome.moves is not None:
        values["sender"] = outcome.moves.sender
        if outcome.moves.position is not None:
            values["position"] = outcome.moves.position
            values["channel"] = row.endpoints[outcome.moves.position].channel
    elif outcome.state is State.FAILED and outcome.reason in (
        Failure.CONTACT_STOPPED,
        Failure.ADDRESS_DEAD,
    ):
        values = await elsewhere(session, row)
        if values:
            outcome = replace(outcome, state=State.PENDING, due_at=outcome.at)
    if outcome.channel is Channel.SMS and outcome.attempted:
        values["check_at"] = _checked_at(outcome)
    return _Change(
        outcome.state, outcome.reason, outcome.due_at, outcome.counts, tuple(values.items())
    )


async def elsewhere(session: Session, row: Claimed) -> dict[str, object]:
    """The columns of a run's row that send it to the next address of the same person, if any."""
    if row.run_id is None or row.contact_id is None or row.address_id is None:
        return {}
    run = await runs.get(session, row.run_id)
    if run is None:
        return {}
    other = await another_address(session, row.contact_id, run.channels, row.address_id)
    if other is None:
        return {}
    return {"address_id": other.address_id, "channel": other.channel, "sender": other.sender}


async def _apply(session: Session, change: _Change, alike: Sequence[Outcome]) -> None:
    ids = [one.claimed.id for one in alike]
    at = max(one.at for one in alike)
    values: dict[str, object] = {
        "claimed_by": None,
        "settled_at": None if change.state in UNSETTLED else at,
        **dict(change.values),
    }
    if change.counts:
        values["attempts"] = message.c.attempts + 1
    if change.due_at is not None:
        values["due_at"] = change.due_at
    if change.state is State.PENDING:
        # What was held back meanwhile keeps that as its reason to stay.
        await skip_held_back(session, ids, at)
        if all(one.attempted for one in alike):
            # Its process has survived it.
            values["killed"] = 0
        else:
            values.pop("attempts", None)
    if change.reason is not None or change.state is not State.PENDING:
        values["reason"] = change.reason
    which = message.c.id.in_(ids)
    moved = {row["id"] for row in await move(session, which, State.SENDING, change.state, **values)}
    if change.state is State.SENT and len(moved) < len(ids):
        await _late(session, [one for one in alike if one.claimed.id not in moved], at)
    over = change.state in (State.FAILED, State.UNCERTAIN)
    for one in alike:
        # What is urgent and has to be tried again may have another way meanwhile.
        again = one.attempted and change.reason is not None and one.moves is None
        waits = again and one.claimed.lane is Lane.URGENT
        if one.claimed.about is not None and (over or waits):
            session.wake(UNREACHED, one.claimed.about)
    if change.state is State.PENDING:
        sender = dict(change.values).get("sender")
        for one in alike:
            name = str(sender) if sender is not None else one.claimed.sender
            session.wake(send_job(one.claimed.lane), name, change.due_at)


async def _late(session: Session, outcomes: Sequence[Outcome], at: datetime) -> None:
    """Rows that were thought lost and taken over, and yet arrived: nobody need send them again."""
    ids = message.c.id.in_([one.claimed.id for one in outcomes])
    for old in (State.UNCERTAIN, State.PENDING):
        await move(session, ids, old, State.SENT, settled_at=at, reason=None)


async def _note(session: Session, outcomes: Sequence[Outcome]) -> None:
    """Keep each attempt; a receipt that came before it is applied now."""
    if not outcomes:
        return
    await session.execute(
        attempt.insert(),
        [
            {
                "message_id": one.claimed.id,
                "channel": one.channel,
                "sender": one.claimed.sender,
                "address_id": one.claimed.address_id,
                "position": one.claimed.position,
                "at": one.at,
                "outcome": one.reason or one.state,
                "code": one.code[:CODE_LENGTH],
                "provider_id": one.provider_id and one.provider_id[:PROVIDER_ID_LENGTH],
            }
            for one in outcomes
        ],
    )
    taken = {
        one.provider_id: one
        for one in outcomes
        if one.channel in receipts.RECEIPTED and one.provider_id is not None
    }
    if taken:
        calls = {
            known: one.claimed.id for known, one in taken.items() if one.channel is Channel.VOICE
        }
        await receipts.apply_early(session, taken, outcomes[-1].at, calls)


async def _judge_senders(
    session: Session, outcomes: Sequence[Outcome], look: Callable[[str], Pace]
) -> Mapping[str, Health]:
    """Keep what refusals say about the senders themselves."""
    found: dict[str, Health] = {}
    for one in outcomes:
        name = one.claimed.sender
        if one.throttled_until is not None:
            await senders.pause(session, name, one.throttled_until)
        elif one.reason == Failure.SENDER_BROKEN:
            health = await senders.note_failure(session, name, one.code, one.at)
            if health.just_tripped:
                log.error("delivery.sender_broken", sender=name, code=one.code)
                session.wake(BROKEN, name)
            found[name] = health
    for name in {one.claimed.sender for one in outcomes if one.state is State.SENT} - found.keys():
        if look(name).failures or look(name).broken_at is not None:
            if await senders.note_success(session, name):
                log.warning("delivery.sender_works", sender=name)
                session.wake(BROKEN, name)
            found[name] = Health(0, None)
    return found


def _checked_at(outcome: Outcome) -> datetime | None:
    """When Twilio is asked what became of a message of which it has said nothing more."""
    if outcome.state is State.UNCERTAIN:
        return outcome.at + ASKED_AFTER
    return outcome.at + receipts.MISSED_AFTER[0] if outcome.state is State.SENT else None
