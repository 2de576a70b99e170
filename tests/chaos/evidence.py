"""What the database tells of a run, read as it stands; and a witness of every move of a row."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select, text

from contacts.store import address
from db.session import Session
from delivery.content import Content
from delivery.model import Lane, State
from delivery.runs import RunState, run, run_content
from delivery.store import attempt, message
from delivery.tally import run_tally
from kit.channels import Channel

UNKNOWN = "unknown_outcome"

_SQLITE = (
    """CREATE TABLE chaos_move (id INTEGER PRIMARY KEY,
       message_id INTEGER, old TEXT, new TEXT, who TEXT, at TEXT)""",
    """CREATE TRIGGER chaos_moved AFTER UPDATE OF state ON message WHEN old.state <> new.state
       BEGIN INSERT INTO chaos_move (message_id, old, new, who, at)
       VALUES (new.id, old.state, new.state, coalesce(new.claimed_by, old.claimed_by),
       strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')); END""",
    "CREATE TABLE chaos_pause (id INTEGER PRIMARY KEY, channel TEXT, at TEXT)",
    """CREATE TRIGGER chaos_paused AFTER UPDATE OF blocked_until ON sender
       WHEN old.blocked_until IS NOT new.blocked_until
       BEGIN INSERT INTO chaos_pause (channel, at)
       VALUES (new.channel, strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')); END""",
)
_POSTGRESQL = (
    """CREATE TABLE chaos_move (id bigserial PRIMARY KEY,
       message_id INTEGER, old TEXT, new TEXT, who TEXT, at TEXT)""",
    """CREATE FUNCTION chaos_now() RETURNS text LANGUAGE sql AS $$ SELECT to_char(
       clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"') $$""",
    """CREATE FUNCTION chaos_moved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       INSERT INTO chaos_move (message_id, old, new, who, at) VALUES (new.id, old.state, new.state,
       coalesce(new.claimed_by, old.claimed_by), chaos_now()); RETURN NULL; END $$""",
    """CREATE TRIGGER chaos_moved AFTER UPDATE OF state ON message FOR EACH ROW
       WHEN (old.state <> new.state) EXECUTE FUNCTION chaos_moved()""",
    "CREATE TABLE chaos_pause (id bigserial PRIMARY KEY, channel TEXT, at TEXT)",
    """CREATE FUNCTION chaos_paused() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       INSERT INTO chaos_pause (channel, at) VALUES (new.channel, chaos_now());
       RETURN NULL; END $$""",
    """CREATE TRIGGER chaos_paused AFTER UPDATE OF blocked_until ON sender FOR EACH ROW
       WHEN (old.blocked_until IS DISTINCT FROM new.blocked_until)
       EXECUTE FUNCTION chaos_paused()""",
)
"""A pause and a reservation lock the row of their sender: what is reserved after the instant that
is written here knows of the pause."""


async def call_witness(session: Session) -> None:
    """Have the database itself write down every move of a row and every pause of a sender, whoever
    makes it."""
    for statement in _SQLITE if session.is_sqlite else _POSTGRESQL:
        await session.execute(text(statement))


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt as the ledger keeps it."""

    channel: Channel
    outcome: str
    provider_id: str
    at: datetime


Move = tuple[State, State]


@dataclass(slots=True)
class Row:
    """One row of the ledger. `words` are where it may arrive and with which text; `claims` are when
    it was taken for sending; `story` tells its moves to whoever looks for a fault: when, and by
    which process."""

    id: int
    lane: Lane
    channel: Channel
    state: State
    reason: str
    about: str
    run_id: int | None
    contact_id: int | None
    killed: int
    words: frozenset[tuple[str, str]] = field(repr=False)
    tries: list[Try] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    claims: list[datetime] = field(default_factory=list)
    story: list[str] = field(default_factory=list)

    @property
    def broken_off(self) -> int:
        """How many sends have ended with their process."""
        if self.run_id is not None:
            return max(0, self.moved(State.SENDING, State.UNCERTAIN) - self.tried(UNKNOWN))
        claims = self.moved(State.PENDING, State.SENDING)
        return max(0, claims - len(self.tries)) if self.killed else 0

    def tried(self, outcome: str, *channels: Channel) -> int:
        """How many attempts ended like this, on any of some channels or on all."""
        return sum(
            one.outcome == outcome and one.channel in (channels or Channel) for one in self.tries
        )

    def moved(self, old: State, new: State) -> int:
        """How often it has gone from one state to another."""
        return self.moves.count((old, new))


@dataclass(frozen=True, slots=True)
class Firing:
    """A run, with its wordings."""

    id: int
    campaign_id: int
    state: RunState
    words: frozenset[str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The ledger, opened. `owners` tells whose an endpoint is; `counted` is what counters say and
    `standing` what stands there, by run and state. `pauses` are when the database learned that a
    channel's sender has to wait.
    """

    rows: Mapping[int, Row]
    firings: Mapping[int, Firing]
    owners: Mapping[str, int] = field(repr=False)
    counted: Counter[tuple[int, State]]
    standing: Counter[tuple[int, State]]
    pauses: Mapping[Channel, list[datetime]]


async def read_evidence(session: Session) -> Evidence:
    """Everything, in one unit."""
    firings = await _firings(session)
    endpoints: dict[int, list[str]] = defaultdict(list)
    for found in await session.all(select(address.c.contact_id, address.c.endpoint)):
        endpoints[found["contact_id"]].append(found["endpoint"])
    rows: dict[int, Row] = {}
    standing: Counter[tuple[int, State]] = Counter()
    for found in await session.all(select(message).order_by(message.c.id)):
        run_id = found["run_id"]
        if run_id is None:
            content = Content.unpack(found["content"])
            words = {
                (value, content.chat if kind == Channel.TELEGRAM else content.sms)
                for kind, value in json.loads(found["endpoints"])
            }
        else:
            standing[run_id, State(found["state"])] += 1
            said = firings[run_id].words
            words = {(to, one) for to in endpoints[found["contact_id"]] for one in said}
        rows[found["id"]] = Row(
            id=found["id"],
            lane=Lane(found["lane"]),
            channel=Channel(found["channel"]),
            state=State(found["state"]),
            reason=found["reason"] or "",
            about=found["about"] or "",
            run_id=run_id,
            contact_id=found["contact_id"],
            killed=found["killed"],
            words=frozenset(words),
        )
    for found in await session.all(select(attempt).order_by(attempt.c.id)):
        rows[found["message_id"]].tries.append(
            Try(
                Channel(found["channel"]),
                found["outcome"],
                found["provider_id"] or "",
                found["at"],
            )
        )
    moves = text("SELECT message_id, old, new, who, at FROM chaos_move ORDER BY id")
    for found in await session.all(moves):
        row = rows[found["message_id"]]
        row.moves.append((State(found["old"]), State(found["new"])))
        if row.moves[-1] == (State.PENDING, State.SENDING):
            row.claims.append(datetime.fromisoformat(found["at"]))
        who = (found["who"] or "nobody")[:4]
        row.story.append(f"{found['at']} {found['old']}-{found['new']} {who}")
    pauses: dict[Channel, list[datetime]] = defaultdict(list)
    for found in await session.all(text("SELECT channel, at FROM chaos_pause ORDER BY id")):
        pauses[Channel(found["channel"])].append(datetime.fromisoformat(found["at"]))
    return Evidence(
        rows=rows,
        firings=firings,
        owners={value: owner for owner, values in endpoints.items() for value in values},
        counted=await _counted(session),
        standing=standing,
        pauses=pauses,
    )


async def _firings(session: Session) -> dict[int, Firing]:
    said: dict[int, set[str]] = defaultdict(set)
    for found in await session.all(select(run_content)):
        content = Content.unpack(found["content"])
        said[found["run_id"]] |= {content.chat, content.sms}
    return {
        found["id"]: Firing(
            found["id"],
            found["campaign_id"],
            RunState(found["state"]),
            frozenset(said[found["id"]]),
        )
        for found in await session.all(select(run))
    }


async def _counted(session: Session) -> Counter[tuple[int, State]]:
    rows = await session.all(
        select(run_tally.c.run_id, run_tally.c.state, func.sum(run_tally.c.rows).label("rows"))
        .group_by(run_tally.c.run_id, run_tally.c.state)
        .order_by(run_tally.c.run_id)
    )
    return Counter({(row["run_id"], State(row["state"])): int(row["rows"]) for row in rows})
