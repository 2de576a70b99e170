"""The table of who was asked whether they take a shift, and what they answered."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, RowMapping, String, Table, select

from alerts.shifts.rota import Shift
from db.base import Id, metadata
from db.columns import Instant
from db.session import Session

# Who was asked whether they come. With `instead_of` it is the shift of somebody else, who has not
# answered: an OK takes it over.
shift_answer = Table(
    "shift_answer",
    metadata,
    Column("rota_id", Id, ForeignKey("rota.id", ondelete="CASCADE"), primary_key=True),
    Column("starts_at", Instant, primary_key=True),
    Column("member_id", Id, primary_key=True, autoincrement=False),
    Column("ends_at", Instant, nullable=False),
    Column("instead_of", Id),
    Column("asked_at", Instant, nullable=False),
    Column("answered_at", Instant),
    Column("answer", String(3)),
    # When the others were told that no answer has come.
    Column("told_at", Instant),
    Index("ix_shift_answer_ends_at", "ends_at"),
)

YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who was asked about a shift. `answer` is `YES`, `NO` or None."""

    rota_id: int
    member_id: int
    starts: datetime
    ends: datetime
    asked_at: datetime
    answer: str | None = None
    answered_at: datetime | None = None
    instead_of: int | None = None
    told_at: datetime | None = None

    def is_about(self, shift: Shift) -> bool:
        """Whether this is the shift in question, their own or the one of who they stand in for."""
        whose = self.member_id if self.instead_of is None else self.instead_of
        return (self.rota_id, self.starts, whose) == (shift.rota_id, shift.starts, shift.member_id)


async def ask(session: Session, shift: Shift, now: datetime, instead: int | None = None) -> bool:
    """Write that somebody is asked: whose shift it is, or `instead` of them a colleague.

    False when they were asked already.
    """
    wanted = session.insert(shift_answer).values(
        rota_id=shift.rota_id,
        starts_at=shift.starts,
        member_id=shift.member_id if instead is None else instead,
        ends_at=shift.ends,
        instead_of=None if instead is None else shift.member_id,
        asked_at=now,
    )
    made = wanted.on_conflict_do_nothing().returning(shift_answer.c.member_id)
    return await session.scalar(made) is not None


async def asked(session: Session, now: datetime, member_id: int | None = None) -> tuple[Asked, ...]:
    """Who was asked about shifts that have not ended, the earliest shift first."""
    which = [shift_answer.c.ends_at > now]
    if member_id is not None:
        which.append(shift_answer.c.member_id == member_id)
    order = (shift_answer.c.starts_at, shift_answer.c.asked_at, shift_answer.c.member_id)
    rows = await session.all(select(shift_answer).where(*which).order_by(*order))
    return tuple(_asked(row) for row in rows)


async def put(session: Session, about: Asked) -> None:
    """Write what somebody was asked or has answered, over whatever was there."""
    key = {"rota_id": about.rota_id, "starts_at": about.starts, "member_id": about.member_id}
    values = {
        "ends_at": about.ends,
        "instead_of": about.instead_of,
        "asked_at": about.asked_at,
        "answer": about.answer,
        "answered_at": about.answered_at,
        "told_at": about.told_at,
    }
    wanted = session.insert(shift_answer).values(**key, **values)
    await session.execute(
        wanted.on_conflict_do_update(
            index_elements=[shift_answer.c[name] for name in key], set_=values
        )
    )


def _asked(row: RowMapping) -> Asked:
    return Asked(
        rota_id=row["rota_id"],
        member_id=row["member_id"],
        starts=row["starts_at"],
        ends=row["ends_at"],
        asked_at=row["asked_at"],
        answer=row["answer"],
        answered_at=row["answered_at"],
        instead_of=row["instead_of"],
        told_at=row["told_at"],
    )
