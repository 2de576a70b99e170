"""The audit after chaos: the providers' own log against our ledger, row by row.

Gives what does not agree, each with the rule that it breaks; nothing when all is well. The rules
are stated here anew and not taken from the code that they judge. Nobody is named: rows have
numbers.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from delivery.model import Lane, State
from delivery.runs import RunState
from kit.channels import Channel
from tests.chaos.diary import Diary
from tests.chaos.evidence import UNKNOWN, Evidence, Row
from tests.chaos.log import Logged, Took

OVER = frozenset({RunState.DONE, RunState.CANCELLED})
REFUSED_FOR_GOOD = frozenset({"contact_stopped", "address_dead", "content_refused"})
MOST_UNKNOWN = 3
"""After so many sends or processes that ended without an answer, a person decides about a page."""

UNHEARD = timedelta(seconds=2)
"""A process that is killed, or without its database, this near to an answer may not have told."""


class Rule(StrEnum):
    """What must be true."""

    LOST = "a row that says it left is at the provider"
    UNTOLD = "the ledger tells of every message that a provider took"
    TWICE = "nobody gets a second copy that nobody decided"
    BLIND = "what may have arrived waits for a decision"
    SETTLED = "every row settles"
    WINDOW = "a kill leaves at most a second of the rate uncertain"
    MISSING = "everybody of the audience has a row"
    KEY = "one row for each contact of a run"
    FIRED = "a campaign fires once"
    NO = "no is no"
    STOPPED = "nothing leaves of what is stopped"
    WAITED = "a sender waits as long as it was told to"
    COUNTED = "the counters are the count"
    FORWARD = "a row only moves forward"
    RECEIPT = "the ledger says what the provider told"
    CAUSE = "what failed was refused"
    ANSWERED = "everybody who writes is answered, once"


@dataclass(frozen=True, slots=True)
class Violation:
    """What does not agree."""

    rule: Rule
    what: str

    def __str__(self) -> str:
        return f"{self.rule.name}: {self.what}"


Found = Iterator[Violation]


def audit(ledger: Evidence, log: Logged, diary: Diary) -> list[Violation]:
    """Everything that does not agree, once all is quiet."""
    takes = assign(ledger, log.took)
    return [
        *_untold(takes),
        *_each_row(ledger, takes),
        *_each_person(ledger, takes, diary),
        *_decided(ledger, diary),
        *_settled(ledger),
        *_window(ledger, diary),
        *_runs(ledger, diary),
        *_noes(ledger, log, diary),
        *_stops(log, diary),
        *_waits(ledger, log, diary),
        *_counters(ledger),
        *_moves(ledger),
        *_receipts(ledger, log, takes, diary),
        *_causes(ledger, log),
    ]


Group = tuple[int, ...]
"""Rows that a provider cannot tell apart: the same words to the same chat."""


@dataclass(frozen=True, slots=True)
class Takes:
    """What was taken, by the rows that it belongs to and the channel; and by each row."""

    of: Mapping[tuple[Group, Channel], list[Took]]
    by_row: Mapping[int, list[Took]]
    untold: int


def assign(ledger: Evidence, took: Iterable[Took]) -> Takes:
    """Find the row of each message; an SMS names it, a chat's is known by its words."""
    saying = _by_words(ledger.rows.values())
    taken: dict[tuple[Group, Channel], list[Took]] = defaultdict(list)
    by_row: dict[int, list[Took]] = defaultdict(list)
    untold = 0
    for one in took:
        rows = [row.id for row in saying[one.to, one.text]]
        if one.row is not None:
            rows = [number for number in rows if number == one.row]
        if rows:
            taken[tuple(rows), one.channel].append(one)
            for number in rows:
                by_row[number].append(one)
        else:
            untold += 1
    return Takes(taken, by_row, untold)


def _by_words(rows: Iterable[Row]) -> Mapping[tuple[str, str], list[Row]]:
    """The rows that may arrive somewhere with a text."""
    saying: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        for words in row.words:
            saying[words].append(row)
    return saying


def _untold(takes: Takes) -> Found:
    if takes.untold:
        yield Violation(Rule.UNTOLD, f"{takes.untold} messages")


def _each_row(ledger: Evidence, takes: Takes) -> Found:
    """At the provider as often as was written down, or may not have been."""
    groups = dict(takes.of)
    for row in ledger.rows.values():
        came = {one.channel for one in takes.by_row.get(row.id, ())}
        # Rows of which nothing came are in no group yet.
        for channel in {one.channel for one in row.tries if one.outcome == "sent"} - came:
            groups[(row.id,), channel] = []
    for (group, channel), taken in groups.items():
        rows = [ledger.rows[number] for number in group]
        sure = sum(row.tried("sent", channel) for row in rows)
        perhaps = sum(row.tried(UNKNOWN, channel) + row.broken_off for row in rows)
        label = f"row {group[0]} ({rows[0].lane})"
        if len(taken) < sure:
            yield Violation(Rule.LOST, f"{label}: {len(taken)} at the provider, {sure} written")
        if len(taken) > sure + perhaps:
            said = f"{len(taken)} at the provider, {sure} written and {perhaps} unknown"
            yield Violation(Rule.TWICE, f"{label}: {said}")
    for row in ledger.rows.values():
        if (
            row.state in (State.SENT, State.DELIVERED, State.UNDELIVERED)
            and row.id not in takes.by_row
        ):
            yield Violation(Rule.LOST, f"row {row.id} ({row.lane}) is {row.state} and never came")


def _each_person(ledger: Evidence, takes: Takes, diary: Diary) -> Found:
    """One copy of a run to each person, by whichever of their addresses."""
    copies: Counter[tuple[int, int]] = Counter()
    allowed: Counter[tuple[int, int]] = Counter()
    for (group, _), taken in takes.of.items():
        row = ledger.rows[group[0]]
        if row.run_id is not None and row.contact_id is not None:
            copies[row.run_id, row.contact_id] += sum(one.arrived for one in taken)
            allowed[row.run_id, row.contact_id] = 1 + diary.resent[row.id]
    for (run_id, contact_id), came in copies.items():
        may = allowed[run_id, contact_id]
        if came > may:
            what = f"contact {contact_id} got run {run_id} {came} times, not {may}"
            yield Violation(Rule.TWICE, what)


def _decided(ledger: Evidence, diary: Diary) -> Found:
    """Rows of runs of which nobody knows whether they left stand as uncertain, and go again only
    when somebody says so; of an SMS the provider may say so."""
    for row in _of_runs(ledger):
        unknown = max(row.tried(UNKNOWN), row.killed)
        doubted = row.moved(State.SENDING, State.UNCERTAIN)
        if doubted < unknown:
            what = f"row {row.id}: {unknown} unknown outcomes, {doubted} times uncertain"
            yield Violation(Rule.BLIND, what)
        again = row.moved(State.UNCERTAIN, State.PENDING)
        if row.channel is Channel.TELEGRAM and again > diary.resent[row.id]:
            what = f"row {row.id} goes again {again} times by {diary.resent[row.id]} decisions"
            yield Violation(Rule.BLIND, what)


def _settled(ledger: Evidence) -> Found:
    for row in ledger.rows.values():
        given_up = max(row.tried(UNKNOWN), row.killed) >= MOST_UNKNOWN
        if row.state in (State.PENDING, State.SENDING):
            yield Violation(Rule.SETTLED, f"row {row.id} ({row.lane}) is {row.state}")
        elif row.lane is not Lane.BULK:
            # Only a page that somebody has answered meanwhile need not leave.
            idle = row.state is State.SKIPPED and not row.about.startswith("page:")
            if idle or row.state is State.FAILED or (row.state is State.UNCERTAIN and not given_up):
                yield Violation(Rule.SETTLED, f"row {row.id} ({row.lane}) is {row.state}")
    for firing in ledger.firings.values():
        unsure = ledger.standing[firing.id, State.UNCERTAIN]
        if firing.state not in OVER and not unsure:
            yield Violation(Rule.SETTLED, f"run {firing.id} is {firing.state}")


def _window(ledger: Evidence, diary: Diary) -> Found:
    broken_off = sum(row.broken_off for row in _of_runs(ledger))
    most = len(diary.kills) * diary.rate
    if broken_off > most:
        yield Violation(Rule.WINDOW, f"{broken_off} rows after {len(diary.kills)} kills")


def _runs(ledger: Evidence, diary: Diary) -> Found:
    firings = Counter(firing.campaign_id for firing in ledger.firings.values())
    for campaign_id, rows in diary.rows.items():
        if firings[campaign_id] != 1:
            times = firings[campaign_id]
            yield Violation(Rule.FIRED, f"campaign {campaign_id} fired {times} times")
        for firing in ledger.firings.values():
            if firing.campaign_id != campaign_id:
                continue
            people = Counter(row.contact_id for row in _of_run(ledger, firing.id))
            twice = sum(count > 1 for count in people.values())
            if twice:
                yield Violation(Rule.KEY, f"{twice} contacts have several rows in run {firing.id}")
            # One that was cancelled may not have been frozen to its end.
            whole = firing.state != RunState.CANCELLED
            if len(people) > rows or (whole and len(people) != rows):
                what = f"{len(people)} contacts of {rows} have a row in run {firing.id}"
                yield Violation(Rule.MISSING, what)


def _noes(ledger: Evidence, log: Logged, diary: Diary) -> Found:
    words = {said for firing in ledger.firings.values() for said in firing.words}
    since = {(no.channel, no.value): at for no, at in diary.noes.items()}
    late = 0
    for asked in log.asked:
        at = since.get((asked.channel, asked.to))
        late += at is not None and asked.text in words and asked.at > at + diary.obeys
    if late:
        yield Violation(Rule.NO, f"{late} messages to people who had said no")


def _stops(log: Logged, diary: Diary) -> Found:
    for stop in diary.stops:
        since = stop.since + diary.obeys
        left = sum(
            asked.text == stop.words and since < asked.at < stop.until for asked in log.asked
        )
        if left:
            yield Violation(Rule.STOPPED, f"{left} messages of what was stopped")


def _waits(ledger: Evidence, log: Logged, diary: Diary) -> Found:
    """After a 429 nothing is taken for its sender for as long as it said.

    How long a process takes to hear of it is the machine's business. But from the instant at which
    the database knows, nobody takes a row and sends it; and of what had been taken before, no more
    leaves than half a second of the rate.
    """
    held = _by_words(ledger.rows.values())
    for refusal in log.asked:
        if refusal.retry_after is None:
            continue
        # The provider's second begins when it answers, ours when the answer comes.
        end = refusal.at + timedelta(seconds=0.98 * refusal.retry_after)
        known = next((at for at in ledger.pauses[refusal.channel] if at >= refusal.at), None)
        if known is None and not diary.disturbed(refusal.at - UNHEARD, end + UNHEARD):
            yield Violation(Rule.WAITED, "nobody wrote down that a sender has to wait")
        if known is None or known >= end:
            continue
        afterwards, before = 0, 0
        for asked in log.asked:
            if asked.sender != refusal.sender or not known < asked.at < end:
                continue
            taken = [
                at for row in held[asked.to, asked.text] for at in row.claims if at <= asked.at
            ]
            if taken and max(taken) > known:
                afterwards += 1
            else:
                before += 1
        if afterwards:
            what = f"{afterwards} requests of what was taken while the sender was told to wait"
            yield Violation(Rule.WAITED, what)
        if before > diary.rate / 2:
            yield Violation(Rule.WAITED, f"{before} requests while the sender was told to wait")


def _counters(ledger: Evidence) -> Found:
    for run_id, state in sorted(ledger.counted.keys() | ledger.standing.keys()):
        says, stands = ledger.counted[run_id, state], ledger.standing[run_id, state]
        if says != stands:
            yield Violation(Rule.COUNTED, f"run {run_id}: {says} {state}, really {stands}")


FORWARD: Mapping[State, frozenset[State]] = {
    State.DELIVERED: frozenset(),
    State.SKIPPED: frozenset(),
    State.SENT: frozenset({State.DELIVERED, State.UNDELIVERED}),
    State.UNDELIVERED: frozenset({State.DELIVERED, State.PENDING}),
    State.FAILED: frozenset({State.DELIVERED, State.PENDING}),
}
"""From what has settled only on: what arrived stays so, what did not may be tried again."""


def _moves(ledger: Evidence) -> Found:
    for row in ledger.rows.values():
        for old, new in row.moves:
            if old in FORWARD and new not in FORWARD[old]:
                yield Violation(Rule.FORWARD, f"row {row.id} went from {old} to {new}")


def _receipts(ledger: Evidence, log: Logged, takes: Takes, diary: Diary) -> Found:
    heard: dict[str, set[str]] = defaultdict(set)
    for told in log.told:
        if told.heard:
            heard[told.id].add(told.status)
    for row in ledger.rows.values():
        known = {one.provider_id for one in row.tries if one.channel is Channel.SMS} - {""}
        delivered = any("delivered" in heard[sid] for sid in known)
        if delivered and row.state is not State.DELIVERED and not diary.resent[row.id]:
            yield Violation(Rule.RECEIPT, f"row {row.id} was delivered and is {row.state}")
        came = {one.ends for one in takes.by_row.get(row.id, ())}
        if row.state in _WORDS and not came & _WORDS[row.state]:
            yield Violation(Rule.RECEIPT, f"row {row.id} is {row.state}, and nobody said so")


_WORDS = {
    State.DELIVERED: {"delivered"},
    State.UNDELIVERED: {"undelivered", "failed"},
}


def _causes(ledger: Evidence, log: Logged) -> Found:
    """What failed for good was refused by its provider, or given up after many tries."""
    refused = {(asked.to, asked.text) for asked in log.asked if 400 <= asked.status < 500}
    failed = {(asked.to, asked.text) for asked in log.asked if asked.status >= 400 or asked.hidden}
    for row in _of_runs(ledger):
        if row.state is not State.FAILED:
            continue
        words = refused if row.reason in REFUSED_FOR_GOOD else failed
        if row.reason != UNKNOWN and not row.words & words:
            yield Violation(Rule.CAUSE, f"row {row.id} failed ({row.reason}) without a cause")


def _of_run(ledger: Evidence, run_id: int) -> Iterator[Row]:
    return (row for row in ledger.rows.values() if row.run_id == run_id)


def _of_runs(ledger: Evidence) -> Iterator[Row]:
    return (row for row in ledger.rows.values() if row.run_id is not None)
