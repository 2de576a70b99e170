"""Campaigns with a photo, who tests them, and a bot that takes files."""

import asyncio
import hashlib
from datetime import datetime

from sqlalchemy import select

from campaigns import service, trying
from campaigns.content.model import Media, Wording
from campaigns.files import media
from campaigns.files.formats import MediaKind
from campaigns.files.keeping import keep
from campaigns.files.uploading import handle_upload
from db.session import Database
from delivery.content import Attachment, Content
from delivery.model import Failure, SendError
from delivery.store import message
from delivery.transport import Outgoing
from delivery.uploads import File, Uploaded
from kit.channels import Channel, Endpoint
from kit.clock import Clock
from staff import store as staff
from staff.model import Member, Method, Role
from tests.stores.campaign_people import NOON, a_draft
from tests.unit.campaigns.media_samples import png

PHOTO = png()
CHAT = Endpoint(Channel.TELEGRAM, "900101")
OTHER = Endpoint(Channel.TELEGRAM, "900102")
PHONE = Endpoint(Channel.SMS, "+12135550101")


def media_of(data: bytes, kind: MediaKind = MediaKind.PHOTO, name: str = "foto.png") -> Media:
    return Media(kind, hashlib.sha256(data).hexdigest(), name, len(data))


def with_photo(text: str = "Nadie le pedirá dinero.") -> Wording:
    return Wording(text, media=media_of(PHOTO))


class Moved(Clock):
    """A clock that stands still at noon until it is moved."""

    def __init__(self) -> None:
        super().__init__()
        self.at = NOON

    def now(self) -> datetime:
        return self.at


class Uploader:
    """A bot that takes what it is given, or says why not."""

    name, channel, rate, urgent_only = "telegram", Channel.TELEGRAM, 30.0, False

    def __init__(self, bot: str = "42", *errors: SendError) -> None:
        self.bot = bot
        self.errors = list(errors)
        self.taken: list[tuple[Endpoint, Content, bytes]] = []
        self.asked = 0
        self.waits: asyncio.Event | None = None
        self.begun = asyncio.Event()

    def units(self, content: Content) -> int:
        del content
        return 1

    async def send(self, outgoing: Outgoing) -> str:
        raise SendError(Failure.CONTENT_REFUSED, f"row {outgoing.message_id} is no upload")

    async def upload(self, to: Endpoint, content: Content, file: File) -> Uploaded:
        self.asked += 1
        self.begun.set()
        data = b"".join([piece async for piece in file.pieces()])
        assert len(data) == file.size
        if self.waits is not None:
            await self.waits.wait()
        if self.errors:
            raise self.errors.pop(0)
        self.taken.append((to, content, data))
        return Uploaded(Attachment(file.kind, f"F{len(self.taken)}"), "1")

    async def close(self) -> None:
        """Nothing is held open."""


async def kept_in(
    database: Database, data: bytes = PHOTO, kind: MediaKind = MediaKind.PHOTO
) -> Media:
    told = media_of(data, kind)
    await keep(database, Moved(), told, data)
    return told


async def somebody(database: Database, number: int, *ways: Endpoint) -> Member:
    async with database.write() as session:
        made = await staff.add(
            session,
            f"P {number}",
            f"p{number}@example.org",
            Role.COORDINATOR,
            "Alba",
            [Method(way) for way in ways],
            NOON,
        )
        member = await staff.get(session, made)
    assert member is not None
    return member


async def created(database: Database, author: Member, **contents: Wording) -> int:
    async with database.write() as session:
        draft = a_draft(contents=contents or {"es": with_photo()})
        return await service.create(session, draft, author, NOON)


async def tried(database: Database, campaign_id: int, *members: Member) -> None:
    async with database.write() as session:
        await trying.try_out(session, campaign_id, members, None, NOON)


async def id_of(database: Database, told: Media) -> str:
    async with database.read() as session:
        found = await media.find(session, told.sha256)
    assert found is not None
    return str(found.id)


async def worked(database: Database, uploader: Uploader, clock: Clock | None = None) -> None:
    key = await id_of(database, media_of(PHOTO))
    await handle_upload(database, clock or Moved(), {"telegram": uploader}, key)


async def queued(database: Database) -> list[Content]:
    async with database.read() as session:
        rows = await session.all(select(message.c.content).order_by(message.c.id))
    return [Content.unpack(row["content"]) for row in rows]
