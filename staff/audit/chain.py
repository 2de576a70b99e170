"""Sealing the audit, line behind line, and proving that nothing was changed since."""

import hmac
from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy import bindparam, func, select, update

from db.session import Session
from staff.audit import store
from staff.audit.model import (
    Fault,
    Found,
    Line,
    Origin,
    Seal,
    Verdict,
    beginning,
    content,
    judge,
    linking,
)
from staff.audit.store import PURPOSE, audit, audit_head

Progress = Callable[[int, int], Awaitable[None]]

LINKS = "audit_link"
BEGINNING = "audit_beginning"


async def seal(session: Session, now: datetime, limit: int = 500) -> int:
    """Put up to `limit` lines that wait into the chain; gives how many.

    One seals at a time: whoever finds the head held, or gone, does nothing. Units that write lines
    never wait for this one. A line that somebody forged is linked too, and stays as evidence.
    """
    waiting = audit.c.position.is_(None)
    if not await store.some(session, waiting, 1):
        return 0
    head = await session.first(select(audit_head).with_for_update(skip_locked=True))
    if head is None:
        return 0
    link = head["link"] or _first(session, Origin(head["mark"], head["rows"]))
    position = head["position"]
    done = []
    for line in await store.some(session, waiting, limit):
        position += 1
        link = _link(session, link, line, position)
        done.append({"line": line.id, "place": position, "bound": link})
    if done:
        which = (audit.c.id == bindparam("line")) & waiting
        values: dict[str, object] = {"position": bindparam("place"), "link": bindparam("bound")}
        await session.execute(update(audit).where(which).values(**values), done)
        await session.execute(
            update(audit_head).values(position=position, link=link, sealed_at=now)
        )
    return len(done)


async def verify(
    session: Session,
    expect: Seal | None = None,
    progress: Progress | None = None,
    batch: int = store.BATCH,
) -> Verdict:
    """Walk through the whole audit, in batches, while others write and seal.

    `expect` is a seal noted elsewhere: it finds also what somebody did who holds the key.
    `progress` is told how many lines of how many were looked at, after each `batch`: the next one
    waits for it.
    """
    longest = select(func.max(audit.c.position)).scalar_subquery()
    # In one statement, for the head moves meanwhile.
    head = await session.first(select(audit_head, longest.label("longest")))
    if head is None:
        last = _number(await session.scalar(select(longest)))
        walk = _Walk(session, Origin(0, 0), expect)
        walk.tell(Fault.NO_HEAD)
    else:
        last = max(_number(head["longest"]), _number(head["position"]))
        walk = _Walk(session, Origin(head["mark"], head["rows"]), expect)
    async for lines in store.sealed_until(session, last, batch):
        for line in lines:
            walk.step(line)
        if progress is not None:
            await progress(lines[-1].position or 0, last)
    if head is not None:
        walk.end(_number(head["position"]), head["link"])
    async for lines in store.unsealed(session):
        for line in lines:
            walk.wait(line)
    return walk.verdict()


class _Walk:
    """How far a walk has come, and what it has found."""

    def __init__(self, session: Session, origin: Origin, expect: Seal | None) -> None:
        self._session = session
        self._origin = origin
        self._expect = expect
        self._link = _first(session, origin)
        self._position = 0
        self._sealed = self._unsealed = self._faults = 0
        self._found: Found | None = None

    def step(self, line: Line) -> None:
        """The next line of the chain."""
        position, link = line.position or 0, line.link or b""
        follows = position == self._position + 1
        right = _link(self._session, self._link, line, position)
        # Behind a gap nothing can be said of the link but that it is not this one.
        linked = not follows or hmac.compare_digest(right, link)
        fault = judge(line, authentic=self._authentic(line, position), linked=linked)
        if not follows:
            self.tell(Fault.GAP, self._position + 1)
        if fault is not None:
            self.tell(fault, position, line.id)
        expected = self._expect
        if expected is not None and position == expected.position and link != expected.link:
            self.tell(Fault.EXPECTED, position, line.id)
        self._position, self._link = position, link
        self._sealed += 1

    def end(self, position: int, link: object) -> None:
        """The chain is at its end; the head says where that should be."""
        if self._position < position:
            self.tell(Fault.CUT, self._position + 1)
        elif self._position > position:
            self.tell(Fault.HEAD, position + 1)
        elif self._sealed and link != self._link:
            self.tell(Fault.HEAD, position)
        if self._expect is not None and self._position < self._expect.position:
            self.tell(Fault.CUT, self._position + 1)

    def wait(self, line: Line) -> None:
        """A line that is not yet in the chain."""
        self._unsealed += 1
        if not self._authentic(line, self._sealed + self._unsealed):
            self.tell(Fault.FORGED, None, line.id)

    def tell(self, fault: Fault, position: int | None = None, line_id: int | None = None) -> None:
        self._faults += 1
        self._found = self._found or Found(fault, position, line_id)

    def verdict(self) -> Verdict:
        head = Seal(self._position, self._link) if self._sealed else None
        return Verdict(self._sealed, self._unsealed, head, self._faults, self._found)

    def _authentic(self, line: Line, position: int) -> bool:
        if line.mac is None:
            return self._origin.covers(line, position)
        return hmac.compare_digest(self._session.blind(content(line), PURPOSE), line.mac)


def _first(session: Session, origin: Origin) -> bytes:
    return session.blind(beginning(origin), BEGINNING)


def _link(session: Session, previous: bytes, line: Line, position: int) -> bytes:
    return session.blind(linking(previous, line, position), LINKS)


def _number(value: object) -> int:
    """SQLite takes anything for a number, from who writes past the program."""
    return value if isinstance(value, int) else 0
