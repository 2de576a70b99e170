"""Failures counted by account and by address of origin, kept through a restart."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from db.session import Session
from staff.signin.delays import Tally
from staff.signin.store import sign_in_failure
from staff.signin.visitors import origin_of

PURPOSE = "sign_in"


@dataclass(frozen=True, slots=True)
class Keys:
    """What failures are counted under. The right password does not clear those of the second."""

    email: bytes
    second: bytes
    origin: bytes

    @property
    def of_password(self) -> tuple[bytes, ...]:
        return (self.email, self.origin)

    @property
    def of_second(self) -> tuple[bytes, ...]:
        return (self.second, self.origin)

    @property
    def all(self) -> tuple[bytes, ...]:
        return (self.email, self.second, self.origin)


def keys_of(session: Session, email: str, member_id: int | None, address: str) -> Keys:
    """The keys of a try: for an e-mail, be it somebody's or not, from an address."""
    return Keys(
        email=session.blind(f"email:{email}", PURPOSE),
        second=session.blind(f"second:{member_id or 0}", PURPOSE),
        origin=session.blind(f"origin:{origin_of(address)}", PURPOSE),
    )


async def waits(session: Session, keys: Iterable[bytes], now: datetime) -> timedelta:
    """The longest delay of these, without writing anything."""
    rows = await session.all(
        select(sign_in_failure).where(sign_in_failure.c.key_print.in_(list(keys)))
    )
    return _longest((Tally(row["failures"], row["last_at"]) for row in rows), now)


async def hold(session: Session, keys: Keys, now: datetime) -> Mapping[bytes, Tally]:
    """All keys of a try, so that nobody else counts on them before this unit ends; first of all
    that a unit writes.

    Tries at the same time are judged one after the other: what passes the delay before another has
    failed is not let in behind it.
    """
    held: dict[bytes, Tally] = {}
    # In order, so that two units never wait for each other.
    for key in sorted(keys.all):
        row = await session.first(
            session.insert(sign_in_failure)
            .values(key_print=key, failures=0, last_at=now)
            .on_conflict_do_update(
                index_elements=["key_print"], set_={"failures": sign_in_failure.c.failures}
            )
            .returning(sign_in_failure)
        )
        if row is None:
            raise LookupError("a key that was just held is not there")
        held[key] = Tally(row["failures"], row["last_at"])
    return held


def longest(held: Mapping[bytes, Tally], keys: Iterable[bytes], now: datetime) -> timedelta:
    """The longest delay of some keys that are held."""
    return _longest((held[key] for key in keys), now)


async def fail(
    session: Session, held: Mapping[bytes, Tally], keys: Iterable[bytes], now: datetime
) -> timedelta:
    """Count a failure on some keys that are held; gives the delay that follows."""
    counted = {key: Tally(held[key].standing(now) + 1, now) for key in keys}
    for key, tally in counted.items():
        await _put(session, key, tally)
    return _longest(counted.values(), now)


async def clear(session: Session, held: Mapping[bytes, Tally], keys: Keys, now: datetime) -> None:
    """Somebody came in: their own failures are forgotten, and taken off those of where they are.

    Colleagues share an address, and should not wait for slips that were put right. Whoever guesses
    at others' accounts cannot take that back by entering their own.
    """
    own = held[keys.email].standing(now) + held[keys.second].standing(now)
    there = held[keys.origin]
    left = there.standing(now) - own
    if left > 0:
        await _put(session, keys.origin, Tally(left, there.last_at))
    over = [keys.email, keys.second, *([keys.origin] if left <= 0 else [])]
    await session.execute(delete(sign_in_failure).where(sign_in_failure.c.key_print.in_(over)))


def _longest(tallies: Iterable[Tally], now: datetime) -> timedelta:
    return max((tally.wait(now) for tally in tallies), default=timedelta())


async def _put(session: Session, key: bytes, tally: Tally) -> None:
    await session.execute(
        update(sign_in_failure)
        .where(sign_in_failure.c.key_print == key)
        .values(failures=tally.failures, last_at=tally.last_at)
    )
