"""Tables of referrals, of their contact log and of their papers."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    RowMapping,
    String,
    Table,
    select,
    update,
)

from alerts.referral.model import (
    Body,
    Means,
    Paper,
    PaperState,
    Referral,
    ReferralState,
    Talk,
)
from db.base import Id, metadata
from db.columns import Instant, Sealed
from db.session import Session

_OF_CASE = "case_file.id"
_OF_REFERRAL = "case_referral.id"

referral = Table(
    "case_referral",
    metadata,
    Column("id", Id, primary_key=True),
    Column("case_id", Id, ForeignKey(_OF_CASE, ondelete="CASCADE"), nullable=False),
    Column("body", String(20), nullable=False),
    # Sealed: in a small town the name of an association tells what happened to somebody.
    Column("name", Sealed("referral"), nullable=False),
    Column("directory_id", Id, ForeignKey("emergency_contact.id", ondelete="SET NULL")),
    Column("state", String(10), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("made_by", Id, nullable=False),
    Index("ix_case_referral_case_id", "case_id"),
)

talk = Table(
    "case_referral_talk",
    metadata,
    Column("id", Id, primary_key=True),
    Column("referral_id", Id, ForeignKey(_OF_REFERRAL, ondelete="CASCADE"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("member_id", Id, nullable=False),
    Column("means", String(10), nullable=False),
    Column("whom", Sealed("name"), nullable=False),
    Column("said", Sealed("words"), nullable=False),
    Index("ix_case_referral_talk_referral_id", "referral_id"),
)

# A paper of the file has a row once something was written down of it.
paper = Table(
    "case_referral_paper",
    metadata,
    Column("referral_id", Id, ForeignKey(_OF_REFERRAL, ondelete="CASCADE"), primary_key=True),
    Column("code", String(40), primary_key=True),
    Column("name", Sealed("referral"), nullable=False),
    Column("state", String(12), nullable=False),
    Column("at", Instant, nullable=False),
    Column("member_id", Id, nullable=False),
)


async def add(
    session: Session,
    case_id: int,
    body: Body,
    name: str,
    directory_id: int | None,
    member_id: int,
    now: datetime,
) -> int:
    """Write a new referral, still to be done; gives the id."""
    made = await session.scalar(
        referral.insert()
        .values(
            case_id=case_id,
            body=body,
            name=name,
            directory_id=directory_id,
            state=ReferralState.TO_DO,
            made_at=now,
            made_by=member_id,
        )
        .returning(referral.c.id)
    )
    return int(made)


async def set_state(session: Session, referral_id: int, state: ReferralState) -> None:
    """How far it has come."""
    await session.execute(update(referral).where(referral.c.id == referral_id).values(state=state))


async def add_talk(session: Session, referral_id: int, held: Talk) -> None:
    """One more line of the contact log."""
    await session.execute(
        talk.insert().values(
            referral_id=referral_id,
            at=held.at,
            member_id=held.member_id,
            means=held.means,
            whom=held.whom,
            said=held.said,
        )
    )


async def get(session: Session, referral_id: int) -> Referral | None:
    """A referral by id, with its contact log. Hold its case before it is changed."""
    row = await session.first(select(referral).where(referral.c.id == referral_id))
    if row is None:
        return None
    talks = await _talks(session, [referral_id])
    return _referral(row, talks.get(referral_id, ()))


async def of_case(session: Session, case_id: int) -> tuple[Referral, ...]:
    """The referrals of a case, the oldest first."""
    rows = await session.all(
        select(referral).where(referral.c.case_id == case_id).order_by(referral.c.id)
    )
    talks = await _talks(session, [row["id"] for row in rows])
    return tuple(_referral(row, talks.get(row["id"], ())) for row in rows)


async def papers(session: Session, referral_id: int) -> tuple[Paper, ...]:
    """The papers of a referral of which something was written down, in that order."""
    rows = await session.all(
        select(paper).where(paper.c.referral_id == referral_id).order_by(paper.c.at, paper.c.code)
    )
    return tuple(Paper(row["code"], row["name"], PaperState(row["state"])) for row in rows)


async def set_paper(
    session: Session, referral_id: int, wanted: Paper, member_id: int, now: datetime
) -> None:
    """How it stands with a paper; `at` stays when it was first written down."""
    new = session.insert(paper).values(
        referral_id=referral_id,
        code=wanted.code,
        name=wanted.name,
        state=wanted.state,
        at=now,
        member_id=member_id,
    )
    await session.execute(
        new.on_conflict_do_update(
            index_elements=[paper.c.referral_id, paper.c.code],
            set_={"state": wanted.state, "member_id": member_id},
        )
    )


async def _talks(session: Session, ids: Collection[int]) -> dict[int, tuple[Talk, ...]]:
    rows = await session.all(select(talk).where(talk.c.referral_id.in_(ids)).order_by(talk.c.id))
    found: dict[int, tuple[Talk, ...]] = {}
    for row in rows:
        held = Talk(row["at"], row["member_id"], Means(row["means"]), row["whom"], row["said"])
        found[row["referral_id"]] = (*found.get(row["referral_id"], ()), held)
    return found


def _referral(row: RowMapping, talks: tuple[Talk, ...]) -> Referral:
    return Referral(
        id=row["id"],
        case_id=row["case_id"],
        body=Body(row["body"]),
        state=ReferralState(row["state"]),
        made_at=row["made_at"],
        made_by=row["made_by"],
        name=row["name"],
        directory_id=row["directory_id"],
        talks=talks,
    )
