"""The files of campaigns: kept sealed and in parts, and what providers call them.

A file is written part by part, each in a unit of its own, so that fifty megabytes hold up nobody;
see `campaigns.files.keeping`. What no campaign names any more is forgotten after a week.
"""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    delete,
    exists,
    func,
    select,
    update,
)

from campaigns.content.model import Media, Wording
from campaigns.files.formats import MediaKind
from campaigns.store import campaign
from db.base import Id, metadata
from db.columns import Instant, Sealed
from db.session import Session
from delivery import senders
from delivery.content import Attachment
from kit.channels import Channel

PART_BYTES = 256 * 1024
"""What one row holds of a file; sealed, and written as text, it is a third more."""

UNUSED_FOR = timedelta(days=7)

FORGOTTEN_AT_ONCE = 4
"""Parts that one unit takes away: a megabyte."""

media = Table(
    "media",
    metadata,
    Column("id", Id, primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("name", String(100), nullable=False),
    Column("size", Integer, nullable=False),
    # Whether all of its parts are there.
    Column("whole", Boolean, nullable=False),
    # When somebody last wanted it kept, or a campaign was found that names it.
    Column("wanted_at", Instant, nullable=False),
    # Until then somebody is at it to upload it: see `campaigns.files.wishes`.
    Column("held_until", Instant),
    Index("uq_media_sha256", "sha256", unique=True),
    Index("ix_media_wanted_at", "wanted_at"),
)

media_part = Table(
    "media_part",
    metadata,
    Column("media_id", Id, ForeignKey("media.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("data", Sealed("media"), nullable=False),
)

media_upload = Table(
    "media_upload",
    metadata,
    Column("media_id", Id, ForeignKey("media.id", ondelete="CASCADE"), primary_key=True),
    Column("sender", String(40), primary_key=True),
    # A name of a file is good for one bot alone; core.telegram.org/bots/api#sending-files
    Column("bot", String(40), primary_key=True),
    # As the provider shows it: a video without sound has become an animation.
    Column("kind", String(12), nullable=False),
    Column("file_id", Sealed("media"), nullable=False),
    Column("at", Instant, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as it is stored, whole or not yet."""

    id: int
    media: Media
    whole: bool

    @property
    def parts(self) -> int:
        """How many rows it takes."""
        return -(-self.media.size // PART_BYTES)


async def begin(session: Session, new: Media, now: datetime) -> Kept:
    """Make room for a file, or find it; either way it is wanted from now on."""
    values = {
        "sha256": new.sha256,
        "kind": new.kind,
        "name": new.name,
        "size": new.size,
        "whole": False,
        "wanted_at": now,
    }
    await session.execute(session.insert(media).values(values).on_conflict_do_nothing())
    await session.execute(update(media).where(media.c.sha256 == new.sha256).values(wanted_at=now))
    found = await find(session, new.sha256)
    if found is None:
        raise LookupError("a file that was just written")
    return found


async def add_part(session: Session, media_id: int, number: int, data: bytes) -> None:
    """Write the part with a number (from 0) of a file, unless it is there."""
    values = {"media_id": media_id, "number": number, "data": base64.b64encode(data).decode()}
    await session.execute(session.insert(media_part).values(values).on_conflict_do_nothing())


async def finish(session: Session, kept: Kept) -> bool:
    """Say that a file is whole; False when somebody took parts of it away meanwhile."""
    there = await session.scalar(
        select(func.count()).select_from(media_part).where(media_part.c.media_id == kept.id)
    )
    if there != kept.parts:
        return False
    await session.execute(update(media).where(media.c.id == kept.id).values(whole=True))
    return True


async def find(session: Session, sha256: str) -> Kept | None:
    """A file by its fingerprint."""
    row = await session.first(select(media).where(media.c.sha256 == sha256))
    if row is None:
        return None
    found = Media(MediaKind(row["kind"]), row["sha256"], row["name"], row["size"])
    return Kept(row["id"], found, row["whole"])


async def get(session: Session, media_id: int) -> Kept | None:
    """A file by its id."""
    sha256 = await session.scalar(select(media.c.sha256).where(media.c.id == media_id))
    return None if sha256 is None else await find(session, sha256)


async def part(session: Session, media_id: int, number: int) -> bytes:
    """A part of a file; raises LookupError when it was taken away."""
    found = await session.scalar(
        select(media_part.c.data).where(
            media_part.c.media_id == media_id, media_part.c.number == number
        )
    )
    if found is None:
        raise LookupError("a part that is not there")
    return base64.b64decode(found)


async def whole_ones(session: Session) -> dict[str, Media]:
    """Every file that is there, by its fingerprint: what a campaign without a folder may name."""
    rows = await session.all(select(media).where(media.c.whole))
    return {
        row["sha256"]: Media(MediaKind(row["kind"]), row["sha256"], row["name"], row["size"])
        for row in rows
    }


async def absent(session: Session, contents: Mapping[str, Wording]) -> tuple[Media, ...]:
    """The files of some wordings that are not stored."""
    there = await whole_ones(session)
    return tuple(one for sha256, one in _named(contents).items() if sha256 not in there)


async def uploaded(
    session: Session, media_id: int, sender: str, bot: str, file: Attachment, now: datetime
) -> None:
    """Remember what a bot's provider calls a file."""
    named = {"kind": file.kind, "file_id": file.file, "at": now}
    values = {"media_id": media_id, "sender": sender, "bot": bot, **named}
    keys = (media_upload.c.media_id, media_upload.c.sender, media_upload.c.bot)
    statement = session.insert(media_upload).values(values)
    await session.execute(statement.on_conflict_do_update(index_elements=keys, set_=named))


async def upload_of(session: Session, media_id: int, sender: str, bot: str) -> Attachment | None:
    """What a bot's provider calls a file, if it holds it."""
    row = await session.first(
        select(media_upload.c.kind, media_upload.c.file_id).where(
            media_upload.c.media_id == media_id,
            media_upload.c.sender == sender,
            media_upload.c.bot == bot,
        )
    )
    return None if row is None else Attachment(row["kind"], row["file_id"])


async def attachments(
    session: Session, contents: Mapping[str, Wording], sender: str, bot: str
) -> dict[str, Attachment]:
    """What a bot's provider calls the files of some wordings, by fingerprint; those alone that it
    holds."""
    names = list(_named(contents))
    if not names:
        return {}
    rows = await session.all(
        select(media.c.sha256, media_upload.c.kind, media_upload.c.file_id)
        .join(media_upload, media_upload.c.media_id == media.c.id)
        .where(
            media.c.sha256.in_(names),
            media_upload.c.sender == sender,
            media_upload.c.bot == bot,
        )
    )
    return {row["sha256"]: Attachment(row["kind"], row["file_id"]) for row in rows}


async def files_of(
    session: Session, contents: Mapping[str, Wording], channels: Iterable[Channel], bot: str
) -> dict[str, Attachment] | None:
    """The files that go with a campaign, by fingerprint; None when one was not uploaded yet.

    Where nothing leaves by a chat, no file does.
    """
    needed = _named(contents)
    chats = await senders.ordinary(session, Channel.TELEGRAM)
    if not needed or Channel.TELEGRAM not in channels or not chats:
        return {}
    found = await attachments(session, contents, chats[0][0], bot)
    return found if needed.keys() <= found.keys() else None


async def forget(session: Session, now: datetime) -> bool:
    """Take a piece of a file away that no campaign has named for a week; says whether there may be
    more to do. Each file is looked at once a week."""
    row = await session.first(
        select(media.c.id, media.c.sha256)
        .where(media.c.wanted_at < now - UNUSED_FOR)
        .order_by(media.c.wanted_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if row is None:
        return False
    which = media.c.id == row["id"]
    # The fingerprint stands in the wordings as it is, and is nothing that anybody writes.
    named = select(campaign.c.id).where(campaign.c.contents.contains(row["sha256"]))
    if await session.scalar(select(exists(named))):
        await session.execute(update(media).where(which).values(wanted_at=now))
        return True
    await session.execute(update(media).where(which).values(whole=False))
    last = await session.all(
        select(media_part.c.number)
        .where(media_part.c.media_id == row["id"])
        .order_by(media_part.c.number.desc())
        .limit(FORGOTTEN_AT_ONCE)
    )
    if not last:
        await session.execute(delete(media).where(which))
        return True
    numbers = [one["number"] for one in last]
    await session.execute(
        delete(media_part).where(
            media_part.c.media_id == row["id"], media_part.c.number.in_(numbers)
        )
    )
    return True


def _named(contents: Mapping[str, Wording]) -> dict[str, Media]:
    """The files of some wordings, each once."""
    found = (wording.media for wording in contents.values())
    return {one.sha256: one for one in found if one is not None}
