"""The accounts after kills: what was taken in against what was done, what the ledger says against
what the providers took.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import RowMapping, and_, func, select

from bot.inbox.store import InboundState, inbound
from contacts.store import address
from db.session import Session
from delivery.content import Content
from delivery.model import Lane, State
from delivery.runs import RunState, run, run_content
from delivery.store import message
from kit.channels import Channel
from tests.crash.arrivals import Arrival
from tests.crash.mailbox import whom, words
from tests.standins.records import Record

LEFT = frozenset({State.SENT, State.DELIVERED, State.UNDELIVERED})
Claim = tuple[int, datetime]
"""A row of the ledger, and when it was taken for sending."""

SET_ASIDE = "que el sistema no pudo leer"
"""What staff read of arrivals that were left to them."""

UNDER_WAY = frozenset({State.PENDING, State.SENDING})


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the ledger, opened."""

    id: int
    lane: Lane
    state: State
    about: str
    in_run: bool
    to: str = field(repr=False)
    text: str = field(repr=False)

    @property
    def by_sms(self) -> bool:
        """Whether it goes to a phone."""
        return self.to.startswith("+")


@dataclass(slots=True)
class Books:
    """What a crash test counts. `lost` and `twice` say what, without naming anybody."""

    kills: int = 0
    compared: int = 0
    broken_off: int = 0
    again: int = 0
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)

    def count(self, what: str, expected: int, found: int) -> None:
        """Compare how often something is there with how often it must be."""
        self.compared += 1
        if found < expected:
            self.lost.append(f"{what}: {found} of {expected}")
        elif found > expected:
            self.twice.append(f"{what}: {found} for {expected}")

    def inbox(self, brought: Sequence[Arrival], states: Mapping[tuple[str, str], str]) -> None:
        """Everything that was confirmed is stored once and processed."""
        for arrival in brought:
            state = states.get((arrival.channel, arrival.provider_id))
            done = int(state == InboundState.PROCESSED)
            self.count(f"arrival by {arrival.channel} ({state})", 1, done)
        self.count("arrivals in the inbox", len(brought), len(states))

    def ledger(
        self, rows: Sequence[Row], taken: Iterable[Record], in_air: Mapping[int, int]
    ) -> None:
        """Every row has settled and reached its provider as its state says.

        `in_air` counts for each row the claims that a kill broke off. So often a page or a reply
        may have left again, and a row of a campaign never.
        """
        self.broken_off = sum(in_air.values())
        arrived = Counter((whom(record), words(record)) for record in taken)
        groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in rows:
            self.compared += 1
            groups[row.to, row.text].append(row)
            if row.state in UNDER_WAY or row.state is State.FAILED:
                self.lost.append(f"row {row.id} ({row.lane}) is {row.state}")
            # Only a page that somebody has answered meanwhile need not leave, and a campaign's
            # row of somebody who opted out.
            if row.state is State.SKIPPED and not (row.in_run or row.about.startswith("page:")):
                self.lost.append(f"row {row.id} ({row.lane}) was skipped")
        for key, group in groups.items():
            came = arrived.pop(key, 0)
            must = sum(row.state in LEFT for row in group)
            may = sum(row.state is not State.SKIPPED for row in group)
            once = may + sum(in_air.get(row.id, 0) for row in group if not row.in_run)
            label = f"row {group[0].id} ({group[0].lane}) at the provider"
            if came < must:
                self.lost.append(f"{label}: {came} of {must}")
            if came > once:
                self.twice.append(f"{label}: {came} for {once}")
            self.again += max(0, min(came, once) - may)
        self.twice += [f"a message that no row tells of: {times}" for times in arrived.values()]

    def answers(self, who: str, rows: Iterable[Row], fragments: Iterable[str]) -> None:
        """Somebody was written to exactly so often, each time with these words; `who` is a role.

        Staff may be told beside that kills met an arrival three times, which is answered later.
        """
        left = [row.text for row in rows if not row.in_run and SET_ASIDE not in row.text]
        for fragment in fragments:
            fitting = next((text for text in left if fragment in text), None)
            self.count(f"{who}: {fragment!r}", 1, int(fitting is not None))
            if fitting is not None:
                left.remove(fitting)
        self.count(f"{who}: further messages", 0, len(left))

    def table(self, title: str) -> str:
        """What the test prints."""
        return (
            f"{title}: kills {self.kills}, rows compared {self.compared}, "
            f"lost {len(self.lost)}, twice {len(self.twice)} "
            f"(sends broken off {self.broken_off}, pages and replies sent again {self.again})"
        )

    def check(self) -> None:
        """Fail if anything is lost or was done twice."""
        assert not self.lost, self.lost
        assert not self.twice, self.twice


async def read_ledger(session: Session) -> list[Row]:
    """The whole ledger, opened."""
    rows = await session.all(
        select(
            message,
            address.c.endpoint.label("address_endpoint"),
            run_content.c.content.label("run_content"),
        )
        .outerjoin(address, address.c.id == message.c.address_id)
        .outerjoin(
            run_content,
            and_(
                run_content.c.run_id == message.c.run_id,
                run_content.c.language == message.c.language,
            ),
        )
        .order_by(message.c.id)
    )
    return [_row(row) for row in rows]


async def read_inbox(session: Session) -> dict[tuple[str, str], str]:
    """The state of each arrival by channel and provider's id."""
    rows = await session.all(select(inbound.c.channel, inbound.c.provider_id, inbound.c.state))
    return {(row["channel"], row["provider_id"]): row["state"] for row in rows}


async def in_the_air(session: Session) -> set[Claim]:
    """The claims that a process holds, or held when it ended.

    A life that ends before it has looked leaves those of the life before as they were.
    """
    rows = await session.all(
        select(message.c.id, message.c.claimed_at).where(message.c.state == State.SENDING)
    )
    return {(row["id"], row["claimed_at"]) for row in rows}


async def is_settled(session: Session) -> bool:
    """Whether nothing waits to be processed, frozen or sent."""
    waiting = (
        select(func.count()).where(inbound.c.state == InboundState.STORED),
        select(func.count()).where(message.c.state.in_(UNDER_WAY)),
        select(func.count()).where(run.c.state == RunState.FREEZING),
    )
    for query in waiting:
        if await session.scalar(query):
            return False
    return True


def _row(row: RowMapping) -> Row:
    content = Content.unpack(row["content"] or row["run_content"])
    to = row["address_endpoint"] or ""
    if row["endpoints"] is not None:
        to = json.loads(row["endpoints"])[row["position"]][1]
    return Row(
        id=row["id"],
        lane=Lane(row["lane"]),
        state=State(row["state"]),
        about=row["about"] or "",
        in_run=row["run_id"] is not None,
        to=to,
        text=content.chat if row["channel"] == Channel.TELEGRAM else content.sms,
    )
