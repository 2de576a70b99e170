"""Any sequence of claims, answers, receipts, kills and decisions leaves a ledger that is right.

Hypothesis draws the sequences; the database is a real one. What a provider has taken is counted
here, apart from the ledger, so that a second copy cannot hide.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import ColumnElement, select

from contacts import store as contacts
from db.engine import open_database
from db.session import Database, Session
from delivery import claims, deciding, holding, receipts, recovery, runs, settling, store, tally
from delivery.claims import Claimant
from delivery.deciding import Decision
from delivery.judging import Roads, judge
from delivery.model import (
    MOVES,
    UNSETTLED,
    Claimed,
    Failure,
    Lane,
    NewMessage,
    Outcome,
    SendError,
    State,
)
from delivery.pacing import Pace
from delivery.receipts import early_receipt
from delivery.runs import RunState
from delivery.store import attempt, message
from delivery.transport import Receipt
from kit.channels import Channel
from tests.databases import Postgres, keyring, sqlite_database
from tests.stores.sending_rig import HELLO, bulk, chat, is_sound, phone

NOW = datetime(2026, 11, 25, 16, tzinfo=UTC)
PEOPLE = ((phone(1), chat(1)), phone(2), (chat(3), phone(3)), (phone(4), phone(5)))
ENDS = [phone(1), phone(2), phone(3), phone(4), phone(5), chat(1), chat(3)]
ROADS = Roads({"sms": Channel.SMS, "telegram": Channel.TELEGRAM}, {"sms-urgent": Channel.SMS})
SENDERS = st.sampled_from(["sms", "sms", "telegram", "sms-urgent"])
PROCESSES = st.sampled_from(["one", "two"])
ANSWERS = st.sampled_from([None, None, None, *Failure])
NAMED = st.booleans()
UNDECIDED = {State.UNCERTAIN, State.FAILED, State.UNDELIVERED}
RECEIPTS = st.sampled_from([State.SENT, State.DELIVERED, State.UNDELIVERED])
SAID = st.sampled_from([None, Failure.ADDRESS_DEAD, Failure.CONTACT_STOPPED])
PICK = st.integers(0, 1000)


def reachable() -> dict[State, frozenset[State]]:
    """Where a row may stand after some legal moves."""
    found = {state: {state} for state in State}
    for _ in State:
        for after in found.values():
            after |= {new for state in tuple(after) for new in MOVES[state]}
    return {state: frozenset(after) for state, after in found.items()}


REACHABLE = reachable()


class Ledger(RuleBasedStateMachine):
    """Two processes at one ledger of two runs and some messages on their own."""

    database: ClassVar[Database]
    runner: ClassVar[asyncio.Runner]
    states: dict[int, State]
    before: dict[int, State]

    def do(self, work: Callable[[Session], Awaitable[None]]) -> None:
        """One unit, after which the ledger must be sound."""

        async def unit() -> None:
            async with self.database.write() as session:
                await work(session)
                await is_sound(session)
                await self.look(session)

        self.now += timedelta(milliseconds=10)
        self.runner.run(unit())

    async def look(self, session: Session) -> None:
        """Every row has gone where it may go."""
        rows = await session.all(select(message.c.id, message.c.state))
        for row in rows:
            before = self.states.get(row["id"], State.PENDING)
            assert row["state"] in REACHABLE[before], (before, row["state"])
            if before in (State.DELIVERED, State.SKIPPED):
                assert row["state"] == before
        self.before = self.states
        self.states = {row["id"]: State(row["state"]) for row in rows}

    @initialize()
    def begin(self) -> None:
        self.now = NOW
        self.states = {}
        self.before = {}
        self.held: dict[int, tuple[str, Claimed]] = {}
        self.lost: list[Claimed] = []
        # What the provider knows: its id, and the row that it was told.
        self.taken: list[tuple[str, int]] = []
        self.copies: Counter[int] = Counter()
        self.allowed: dict[int, int] = defaultdict(lambda: 1)
        self.hushed: set[int] = set()
        self.silent: set[object] = set()

        async def clear(session: Session) -> None:
            for table in (
                attempt,
                early_receipt,
                message,
                tally.run_tally,
                runs.run_content,
                runs.run,
                contacts.opt_out,
                contacts.address,
                contacts.contact,
            ):
                await session.execute(table.delete())
            self.runs = [await bulk(session, PEOPLE, self.now) for _ in range(2)]

        self.do(clear)

    @rule(process=PROCESSES, lane=st.sampled_from([*Lane, Lane.BULK]), sender=SENDERS, more=NAMED)
    def a_process_claims(self, process: str, lane: Lane, sender: str, more: bool) -> None:
        async def work(session: Session) -> None:
            if more and lane is not Lane.BULK:
                about = "case:1" if sender == "sms" else None
                new = NewMessage((phone(1), chat(1)), HELLO, lane, about=about)
                await store.add(session, new, self.now)
            who = Claimant(process)
            # Whatever was put off is due by now, and a run does not wait for backoff here.
            later = self.now + timedelta(minutes=10)
            found = await claims.claim(session, lane, sender, 3, who, later)
            for row in found.rows:
                assert row.id not in self.held
                assert row.id not in self.hushed
                if row.run_id is not None:
                    run = await runs.get(session, row.run_id)
                    assert run is not None
                    assert run.state is RunState.SENDING
                    assert row.to not in self.silent
                    assert self.copies[row.id] < self.allowed[row.id]
                self.held[row.id] = process, row

        self.do(work)

    def takes(self, row: Claimed) -> str:
        """The provider has it now; gives its id."""
        self.copies[row.id] += 1
        self.taken.append((f"SM{len(self.taken)}", row.id))
        return self.taken[-1][0]

    def settle(self, *outcomes: Outcome) -> None:
        async def work(session: Session) -> None:
            await settling.write(session, outcomes, lambda sender: Pace(1, NOW, NOW))

        self.do(work)

    def drawn(self, pick: int) -> Claimed:
        row_id = sorted(self.held)[pick % len(self.held)]
        return self.held.pop(row_id)[1]

    @precondition(lambda self: self.held)
    @rule(pick=PICK, answer=ANSWERS, took=st.booleans())
    def a_provider_answers(self, pick: int, answer: Failure | None, took: bool) -> None:
        row = self.drawn(pick)
        if answer is None:
            self.settle(Outcome(row, State.SENT, self.now, provider_id=self.takes(row)))
            return
        if answer is Failure.UNKNOWN_OUTCOME and took:
            self.takes(row)
        if answer is Failure.CONTACT_STOPPED:
            self.silent.add(row.to)
        self.settle(judge(row, SendError(answer, "1"), self.now, ROADS, 0.5))

    @precondition(lambda self: len(self.held) > 1)
    @rule()
    def all_are_answered_at_once(self) -> None:
        rows = [self.drawn(0) for _ in range(len(self.held))]
        self.settle(
            *(Outcome(row, State.SENT, self.now, provider_id=self.takes(row)) for row in rows)
        )

    @precondition(lambda self: self.held)
    @rule(pick=PICK)
    def a_row_is_given_back(self, pick: int) -> None:
        row = self.drawn(pick)
        self.settle(Outcome(row, State.PENDING, self.now, counts=False, attempted=False))

    @precondition(lambda self: len(self.held) > 1)
    @rule(process=PROCESSES, took=st.booleans())
    def a_process_is_killed(self, process: str, took: bool) -> None:
        gone = [row for by, row in self.held.values() if by == process]
        self.held = {row.id: (by, row) for by, row in self.held.values() if by != process}
        for row in gone:
            if took:
                self.takes(row)
                self.lost.append(row)
        other = "two" if process == "one" else "one"

        async def work(session: Session) -> None:
            await recovery.recover(session, other, set(self.held), self.now)

        self.do(work)
        for row in gone:
            back = {State.PENDING, State.UNCERTAIN, State.SKIPPED}
            mine = {State.UNCERTAIN} if row.run_id is not None else back
            assert self.states[row.id] in mine

    @precondition(lambda self: self.lost)
    @rule(pick=PICK)
    def what_was_thought_lost_is_answered(self, pick: int) -> None:
        row = self.lost.pop(pick % len(self.lost))
        known = next(word for word, row_id in reversed(self.taken) if row_id == row.id)
        self.settle(Outcome(row, State.SENT, self.now, provider_id=known))
        # Somebody may hold it meanwhile: nothing is left for them to settle.
        if self.states[row.id] is not State.SENDING:
            self.held.pop(row.id, None)

    @precondition(lambda self: self.taken)
    @rule(pick=PICK, states=st.lists(RECEIPTS, min_size=1, max_size=3), said=SAID, named=NAMED)
    def receipts_come(
        self, pick: int, states: list[State], said: Failure | None, named: bool
    ) -> None:
        for state in states:
            self.receipt(pick, state, said, named=named)

    def receipt(self, pick: int, state: State, said: Failure | None, *, named: bool) -> None:
        known, row_id = self.taken[pick % len(self.taken)]
        failure = said if state is State.UNDELIVERED else None

        async def work(session: Session) -> None:
            receipt = Receipt(known, state, "30003", failure)
            await receipts.receive(session, receipt, self.now, row_id if named else None)
            for end in ENDS:
                if await contacts.opted_out(session, end):
                    self.silent.add(end)

        before = self.states[row_id]
        self.do(work)
        after = self.states[row_id]
        if after is State.PENDING and before is not State.PENDING:
            # It did not arrive, and the person has another address.
            self.allowed[row_id] += 1
        if state is State.DELIVERED and before in (State.SENT, State.UNDELIVERED):
            assert after in (State.DELIVERED, before)

    @rule(what=st.sampled_from(["owned", "silence", "opt-out", "run", "fold"]), pick=PICK)
    def something_is_said(self, what: str, pick: int) -> None:
        async def work(session: Session) -> None:
            if what == "owned":
                await self.keep_hushed(session, message.c.about == "case:1")
                await holding.skip_pending_about(session, "case:1", self.now)
            elif what == "silence":
                await self.keep_hushed(session, message.c.endpoint_index == phone(1).value)
                await holding.hush(session, phone(1), self.now)
            elif what == "opt-out":
                end = ENDS[pick % len(ENDS)]
                await contacts.add_opt_out(session, end, "self", "baja", self.now)
                self.silent.add(end)
            elif what == "run":
                state = (RunState.PAUSED, RunState.SENDING, RunState.SENDING)[pick % 3]
                await runs.move(session, self.runs[pick % 2], state, self.now)
            else:
                await tally.fold(session)

        self.do(work)

    async def keep_hushed(self, session: Session, which: ColumnElement[bool]) -> None:
        """These must never be claimed again."""
        mine = message.c.run_id.is_(None) & which & message.c.state.in_(UNSETTLED)
        self.hushed |= {row["id"] for row in await session.all(select(message.c.id).where(mine))}

    @precondition(lambda self: not UNDECIDED.isdisjoint(self.states.values()))
    @rule(decision=st.sampled_from([*Decision, None]), pick=PICK, limit=st.integers(1, 4))
    def somebody_decides(self, decision: Decision | None, pick: int, limit: int) -> None:
        async def work(session: Session) -> None:
            run_id = self.runs[pick % 2]
            if decision is None:
                await deciding.retry(session, run_id, limit, self.now)
            else:
                await deciding.resolve(session, run_id, decision, limit, self.now)

        self.do(work)
        self.allow_again()

    def allow_again(self) -> None:
        """Somebody has decided that these may be sent once more."""
        for row_id, state in self.states.items():
            if state is State.PENDING and self.before.get(row_id) is not State.PENDING:
                self.allowed[row_id] += 1


@contextmanager
def played_on(database: Callable[[], Awaitable[Database]]) -> Iterator[type[Ledger]]:
    """The machine at a database that lives as long as its event loop."""
    with asyncio.Runner() as runner:

        class Played(Ledger):
            pass

        async def opened() -> Database:
            return await database()

        Played.runner, Played.database = runner, runner.run(opened())
        tally_folds, tally.FOLDED_AT = tally.FOLDED_AT, 5
        try:
            yield Played
        finally:
            tally.FOLDED_AT = tally_folds
            runner.run(Played.database.close())


def bounds(examples: int, steps: int) -> settings:
    """The same sequences each time. One that fails is not made shorter: that takes minutes."""
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        phases=[Phase.generate],
        derandomize=True,
        deadline=None,
        database=None,
    )


def test_the_ledger_is_right_after_anything_on_sqlite(tmp_path: Path) -> None:
    with played_on(lambda: sqlite_database(tmp_path)) as machine:
        run_state_machine_as_test(machine, settings=bounds(40, 40))


def test_the_ledger_is_right_after_anything_on_postgresql(postgres: Postgres) -> None:
    async def opened() -> Database:
        return open_database(await postgres.fresh(), keyring())

    with played_on(opened) as machine:
        run_state_machine_as_test(machine, settings=bounds(10, 30))
