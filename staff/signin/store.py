"""Tables of sign-in: what proves who somebody is, invitations, sessions, failures, and forms."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    RowMapping,
    String,
    Table,
    delete,
    func,
    select,
    update,
)

from db.base import Id, metadata
from db.columns import Instant, Sealed
from db.session import Session
from staff.model import Role
from staff.store import member

credential = Table(
    "credential",
    metadata,
    Column(
        "member_id",
        Id,
        ForeignKey("member.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    # A hash, and sealed as well: who has the database alone cannot even begin to guess.
    Column("password", Sealed("password")),
    Column("password_at", Instant),
    # A second factor that is being set up, and the one that is.
    Column("second_offered", Sealed("second")),
    Column("second", Sealed("second")),
    # The last of TOTP's steps that was accepted.
    Column("second_step", BigInteger),
    # When they first came in as an administrator.
    Column("admin_in_at", Instant),
)

recovery_code = Table(
    "recovery_code",
    metadata,
    Column("id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey("member.id", ondelete="CASCADE"), nullable=False),
    Column("code_print", LargeBinary, nullable=False),
    Column("used_at", Instant),
    Index("ix_recovery_code_member_id", "member_id"),
)

invitation = Table(
    "invitation",
    metadata,
    Column("id", Id, primary_key=True),
    # None makes the first administrator.
    Column("member_id", Id, ForeignKey("member.id", ondelete="CASCADE")),
    Column("secret_print", LargeBinary, nullable=False),
    Column("resets_second", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("revoked_at", Instant),
    Index("ix_invitation_member_id", "member_id"),
    # The id of a link that is gone must not become another's.
    sqlite_autoincrement=True,
)

member_session = Table(
    "member_session",
    metadata,
    Column("id", Id, primary_key=True),
    Column("member_id", Id, ForeignKey("member.id", ondelete="CASCADE"), nullable=False),
    Column("secret_print", LargeBinary, nullable=False),
    Column("stage", String(8), nullable=False),
    Column("language", String(2), nullable=False),
    Column("device", String(60), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Index("ix_member_session_member_id", "member_id"),
    Index("ix_member_session_seen_at", "seen_at"),
    sqlite_autoincrement=True,
)

sign_in_failure = Table(
    "sign_in_failure",
    metadata,
    # Of an e-mail, a second factor, or an address of origin.
    Column("key_print", LargeBinary, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", Instant, nullable=False),
    Index("ix_sign_in_failure_last_at", "last_at"),
)

form_once = Table(
    "form_once",
    metadata,
    Column("print", LargeBinary, primary_key=True),
    Column("at", Instant, nullable=False),
    Index("ix_form_once_at", "at"),
)


@dataclass(frozen=True, slots=True)
class Credential:
    """What is kept to prove who somebody is; `second_offered` is not proven yet."""

    member_id: int
    password: str | None = field(default=None, repr=False)
    second_offered: str | None = field(default=None, repr=False)
    second: str | None = field(default=None, repr=False)

    @property
    def has_second(self) -> bool:
        return self.second is not None


async def credential_of(session: Session, member_id: int) -> Credential:
    """What somebody proves themselves with; maybe nothing yet."""
    row = await session.first(select(credential).where(credential.c.member_id == member_id))
    return Credential(member_id) if row is None else _credential(row)


async def set_password(session: Session, member_id: int, hashed: str, now: datetime) -> None:
    """Put the hash of a new password in the place of any other."""
    await _set(session, member_id, password=hashed, password_at=now)


async def rehash(session: Session, member_id: int, hashed: str) -> None:
    """The same password under a hash of today's cost."""
    await _set(session, member_id, password=hashed)


async def offer_second(session: Session, member_id: int, secret: str) -> None:
    """Keep the secret of a second factor that is being set up."""
    await _set(session, member_id, second_offered=secret)


async def take_second(session: Session, member_id: int, step: int) -> bool:
    """What was offered is the second factor from now on; False when somebody was faster."""
    which = (credential.c.member_id == member_id) & credential.c.second_offered.is_not(None)
    done = await session.execute(
        update(credential)
        .where(which)
        # A sealed value may be copied to another column of its purpose.
        .values(second=credential.c.second_offered, second_offered=None, second_step=step)
    )
    return done.rowcount == 1


async def drop_second(session: Session, member_id: int) -> None:
    """Take the second factor away, with its recovery codes."""
    await _set(session, member_id, second=None, second_offered=None, second_step=None)
    await session.execute(delete(recovery_code).where(recovery_code.c.member_id == member_id))


async def take_step(session: Session, member_id: int, step: int, current: int, width: int) -> bool:
    """Accept a step of TOTP; False when it, or a later one, was accepted before.

    One that lies further ahead than any that is accepted now is from before the clock was put back.
    """
    last = credential.c.second_step
    done = await session.execute(
        update(credential)
        .where(
            credential.c.member_id == member_id,
            last.is_(None) | (last < step) | (last > current + width),
        )
        .values(second_step=step)
    )
    return done.rowcount == 1


async def came_in(session: Session, member_id: int, role: Role, now: datetime) -> None:
    """Note that an administrator has signed in, the first time."""
    if role is Role.ADMIN:
        which = (credential.c.member_id == member_id) & credential.c.admin_in_at.is_(None)
        await session.execute(update(credential).where(which).values(admin_in_at=now))


async def admin_was_in(session: Session) -> bool:
    """Whether any administrator has ever signed in."""
    count = select(func.count()).where(credential.c.admin_in_at.is_not(None))
    return bool(await session.scalar(count.select_from(credential)))


async def admin_without_password(session: Session) -> tuple[bool, int | None]:
    """Whether an active administrator has a password; and, if none has, the first one's id."""
    rows = await session.all(
        select(member.c.id, credential.c.password_at)
        .outerjoin(credential, credential.c.member_id == member.c.id)
        .where(member.c.role == Role.ADMIN, member.c.active.is_(True))
        .order_by(member.c.id)
    )
    ready = any(row["password_at"] is not None for row in rows)
    return ready, None if ready or not rows else int(rows[0]["id"])


async def put_codes(session: Session, member_id: int, codes: tuple[str, ...]) -> None:
    """Put these recovery codes in the place of all others; only their prints are kept."""
    await session.execute(delete(recovery_code).where(recovery_code.c.member_id == member_id))
    for code in codes:
        await session.execute(
            recovery_code.insert().values(
                member_id=member_id, code_print=_code_print(session, member_id, code)
            )
        )


async def take_code(session: Session, member_id: int, code: str, now: datetime) -> bool:
    """Use up a recovery code; False when it is none of theirs, or was used."""
    which = (recovery_code.c.member_id == member_id) & recovery_code.c.used_at.is_(None)
    done = await session.execute(
        update(recovery_code)
        .where(which, recovery_code.c.code_print == _code_print(session, member_id, code))
        .values(used_at=now)
    )
    return done.rowcount == 1


async def codes_left(session: Session, member_id: int) -> int:
    """How many recovery codes are not used yet."""
    which = (recovery_code.c.member_id == member_id) & recovery_code.c.used_at.is_(None)
    return int(await session.scalar(select(func.count()).select_from(recovery_code).where(which)))


async def _set(session: Session, member_id: int, **values: object) -> None:
    await session.execute(
        session.insert(credential)
        .values(member_id=member_id, **values)
        .on_conflict_do_update(index_elements=["member_id"], set_=values)
    )


def _code_print(session: Session, member_id: int, code: str) -> bytes:
    return session.blind(f"{member_id}:{code}", "recovery_code")


def _credential(row: RowMapping) -> Credential:
    return Credential(row["member_id"], row["password"], row["second_offered"], row["second"])
