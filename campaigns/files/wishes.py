"""Files that somebody of the staff is to see as a test, which is what uploads them.

A wish is a message that cannot stand in the ledger yet, because nobody knows what its file is
called. When the first of a file has gone, the others follow by its name, as ordinary messages.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, delete, select, update

from campaigns.content.model import Media
from campaigns.files import media
from campaigns.files.media import Kept
from db.base import Id, metadata
from db.columns import Instant, Sealed
from db.session import Session
from delivery import service as delivery
from delivery.content import Attachment, Content, compose
from delivery.model import Failure, Lane, NewMessage, SendError
from delivery.uploads import SLOWEST
from kit.channels import Channel, Endpoint
from locales.languages import FALLBACK
from locales.text import Text, _
from staff import store as staff
from staff.model import Member

UPLOAD = "campaigns.upload"
"""The job that uploads a file; its key is the file's id."""

HOLD = timedelta(seconds=45)
"""For so long, and as long as the slowest upload takes, nobody else uploads a file that somebody is
at. What a killed process was at waits for that."""

WAITS = (timedelta(seconds=15), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
"""How long after each failure it is tried again; after the last of them no more."""

FAILED = Text(_("sms.campaign.upload_failed"), _("chat.campaign.upload_failed"))
#: {id} of the campaign, {name} of the file (in a chat alone), {why} it could not be uploaded.

media_wish = Table(
    "media_wish",
    metadata,
    Column("id", Id, primary_key=True),
    Column("media_id", Id, ForeignKey("media.id", ondelete="CASCADE"), nullable=False),
    Column("campaign_id", Id, nullable=False),
    Column("member_id", Id, nullable=False),
    Column("endpoint", Sealed("endpoint"), nullable=False),
    Column("language", String(12), nullable=False),
    Column("content", Sealed("content"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Index("ix_media_wish_media_id", "media_id", "due_at"),
)


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody is to see a content with a file; `attempts` counts the one that begins now."""

    id: int
    kept: Kept
    campaign_id: int
    member_id: int
    to: Endpoint
    language: str
    content: Content
    attempts: int


async def add(
    session: Session,
    wanted: Media,
    campaign_id: int,
    member: Member,
    to: Endpoint,
    language: str,
    content: Content,
    now: datetime,
) -> bool:
    """Have a file uploaded for somebody, in a chat; False when it is not stored."""
    kept = await media.find(session, wanted.sha256)
    if kept is None or not kept.whole:
        return False
    values = {
        "media_id": kept.id,
        "campaign_id": campaign_id,
        "member_id": member.id,
        "endpoint": to.value,
        "language": language,
        "content": content.pack(),
        "at": now,
        "attempts": 0,
        "due_at": now,
    }
    await session.execute(media_wish.insert().values(values))
    session.wake(UPLOAD, str(kept.id))
    return True


async def wake_due(session: Session, now: datetime) -> None:
    """What the reconciler asks: files that somebody waits for and nobody is uploading."""
    held = media.media.c.held_until
    rows = await session.all(
        select(media_wish.c.media_id)
        .join(media.media, media.media.c.id == media_wish.c.media_id)
        .where(media_wish.c.due_at <= now, held.is_(None) | (held <= now))
        .distinct()
    )
    for row in rows:
        session.wake(UPLOAD, str(row["media_id"]))


async def take(session: Session, media_id: int, now: datetime) -> Wish | None:
    """The next due wish for a file, of which one more attempt is counted: it may kill its process.

    None when there is none, or somebody is at it. The file is held until `give_back`.
    """
    kept = await media.get(session, media_id)
    if kept is None:
        return None
    free = media.media.c.held_until
    until = now + HOLD + timedelta(seconds=kept.media.size / SLOWEST)
    taken = await session.execute(
        update(media.media)
        .where(media.media.c.id == media_id, free.is_(None) | (free <= now))
        .values(held_until=until)
    )
    if not taken.rowcount:
        return None
    row = await session.first(
        select(media_wish)
        .where(media_wish.c.media_id == media_id, media_wish.c.due_at <= now)
        .order_by(media_wish.c.due_at, media_wish.c.id)
        .limit(1)
    )
    if row is None:
        await give_back(session, media_id)
        return None
    which = media_wish.c.id == row["id"]
    await session.execute(update(media_wish).where(which).values(attempts=row["attempts"] + 1))
    return Wish(
        id=row["id"],
        kept=kept,
        campaign_id=row["campaign_id"],
        member_id=row["member_id"],
        to=Endpoint(Channel.TELEGRAM, row["endpoint"]),
        language=row["language"],
        content=Content.unpack(row["content"]),
        attempts=row["attempts"] + 1,
    )


async def give_back(session: Session, media_id: int) -> None:
    """Let others upload a file."""
    await session.execute(
        update(media.media).where(media.media.c.id == media_id).values(held_until=None)
    )


async def follow(session: Session, media_id: int, file: Attachment, now: datetime) -> int:
    """Send a file that its provider holds to everybody who waits for it; gives to how many."""
    rows = await session.all(
        select(media_wish).where(media_wish.c.media_id == media_id).order_by(media_wish.c.id)
    )
    for row in rows:
        content = replace(Content.unpack(row["content"]), attachment=file)
        to = (Endpoint(Channel.TELEGRAM, row["endpoint"]),)
        await delivery.queue(session, NewMessage(to, content, Lane.REPLY, row["language"]), now)
    await session.execute(delete(media_wish).where(media_wish.c.media_id == media_id))
    return len(rows)


async def settle(session: Session, wish: Wish) -> None:
    """It has been sent with its file."""
    await session.execute(delete(media_wish).where(media_wish.c.id == wish.id))


async def put_off(session: Session, wish: Wish, error: SendError, now: datetime) -> bool:
    """Try a wish again later, if that may help; else say to whom it was for what is wrong. Gives
    whether it is tried again."""
    again = error.retryable or error.failure is Failure.UNKNOWN_OUTCOME
    if again and wish.attempts <= len(WAITS):
        wait = max(WAITS[wish.attempts - 1], error.retry_after or timedelta())
        which = media_wish.c.id == wish.id
        await session.execute(update(media_wish).where(which).values(due_at=now + wait))
        session.wake(UPLOAD, str(wish.kept.id), now + wait)
        return True
    await settle(session, wish)
    told = {"id": wish.campaign_id, "name": wish.kept.media.name, "why": error.reason}
    member = await staff.get(session, wish.member_id)
    if member is not None and member.active:
        ways = _others_first(member.written, wish.to)
        content = compose(FAILED, FALLBACK, told)
        await delivery.queue(session, NewMessage(ways, content, Lane.REPLY, FALLBACK), now)
    return False


def _others_first(ways: Sequence[Endpoint], failed: Endpoint) -> tuple[Endpoint, ...]:
    """The chat itself first all the same: most failures are the file's, and it is read there."""
    return (failed, *(way for way in ways if way != failed))
