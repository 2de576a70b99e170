"""Files of campaigns in the database: kept in parts, named by bots, forgotten when unused."""

import asyncio
import hashlib
from datetime import datetime, timedelta

import pytest
from sqlalchemy import LargeBinary, func, select, type_coerce

from campaigns import service, tick, trying
from campaigns.conduct import Conduct
from campaigns.content.model import Media, Wording
from campaigns.files import media, wishes
from campaigns.files.formats import MediaKind
from campaigns.files.keeping import keep, pieces
from campaigns.files.media import PART_BYTES, UNUSED_FOR, media_part
from campaigns.files.uploading import handle_upload
from campaigns.model import CampaignState
from campaigns.schedule.model import At
from db.session import Database
from delivery import runs
from delivery.content import Attachment, Content
from delivery.model import Failure, SendError
from delivery.reading import Wordings
from delivery.store import message
from delivery.transport import Outgoing
from delivery.uploads import File, Uploaded
from kit.channels import Channel, Endpoint
from kit.clock import Clock
from kit.errors import Refused
from staff import store as staff
from staff.model import Member, Method, Role
from tests.stores.campaign_people import (
    NOON,
    Person,
    a_draft,
    a_member,
    frozen,
    people_in,
    senders_in,
    state_of,
)
from tests.unit.campaigns.media_samples import opus, pdf, png

PHOTO = png()
BOT = Conduct(bot="42")
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
        await trying.try_out(session, campaign_id, members, NOON)


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


async def wishing(database: Database) -> int:
    async with database.read() as session:
        count = select(func.count()).select_from(wishes.media_wish)
        return int(await session.scalar(count))


async def due_wakes(database: Database, now: datetime) -> int:
    async with database.read() as session:
        await wishes.wake_due(session, now)
        return len(session.wakes)


async def test_a_file_of_many_parts_comes_back_byte_by_byte(database: Database) -> None:
    data = pdf(3 * PART_BYTES + 7)
    told = await kept_in(database, data, MediaKind.DOCUMENT)
    async with database.read() as session:
        found = await media.find(session, told.sha256)
        sealed = await session.all(select(type_coerce(media_part.c.data, LargeBinary)))
    assert found is not None
    assert (found.media, found.whole, found.parts) == (told, True, 4)
    assert b"".join([piece async for piece in pieces(database, found)]) == data
    assert all(len(row["data"]) <= 2**20 for row in sealed)
    assert not any(data[40:80] in row["data"] for row in sealed)


async def test_the_same_file_is_kept_once_and_by_its_first_name(database: Database) -> None:
    first = await kept_in(database)
    await keep(database, Moved(), media_of(PHOTO, name="otra.png"), PHOTO)
    async with database.read() as session:
        assert await media.whole_ones(session) == {first.sha256: first}
        assert await session.scalar(select(func.count()).select_from(media_part)) == 1


async def test_two_who_keep_the_same_file_at_once_keep_it_once(database: Database) -> None:
    data = pdf(2 * PART_BYTES)
    told = media_of(data, MediaKind.DOCUMENT)
    await asyncio.gather(*(keep(database, Moved(), told, data) for _ in range(3)))
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(media_part)) == 3
        assert told.sha256 in await media.whole_ones(session)


async def test_half_a_file_is_not_there_until_it_is_completed(database: Database) -> None:
    data = pdf(2 * PART_BYTES)
    told = media_of(data, MediaKind.DOCUMENT)
    async with database.write() as session:
        kept = await media.begin(session, told, NOON)
        await media.add_part(session, kept.id, 0, data[:PART_BYTES])
        assert not await media.finish(session, kept)
    author = await somebody(database, 1)
    said = Wording("Hola.", media=told)
    with pytest.raises(Refused):
        await created(database, author, es=said)
    await keep(database, Moved(), told, data)
    assert await created(database, author, es=said)


async def test_other_bytes_than_those_that_were_read_are_not_kept(database: Database) -> None:
    with pytest.raises(ValueError, match="another file"):
        await keep(database, Moved(), media_of(PHOTO), PHOTO + b"x")
    async with database.read() as session:
        assert await media.whole_ones(session) == {}


async def forgotten(database: Database, now: datetime) -> None:
    more = True
    while more:
        async with database.write() as session:
            more = await media.forget(session, now)


async def test_what_no_campaign_names_is_forgotten_after_a_week(database: Database) -> None:
    told = await kept_in(database)
    loose = await kept_in(database, pdf(20 * PART_BYTES), MediaKind.DOCUMENT)
    await created(database, await somebody(database, 1))
    await forgotten(database, NOON + UNUSED_FOR)
    async with database.read() as session:
        assert set(await media.whole_ones(session)) == {told.sha256, loose.sha256}
    await forgotten(database, NOON + UNUSED_FOR + timedelta(minutes=1))
    async with database.read() as session:
        assert set(await media.whole_ones(session)) == {told.sha256}
        assert await media.find(session, loose.sha256) is None
        assert await session.scalar(select(func.count()).select_from(media_part)) == 1
    # The one in use is looked at again a week later, and stays.
    await forgotten(database, NOON + 3 * UNUSED_FOR)
    async with database.read() as session:
        assert set(await media.whole_ones(session)) == {told.sha256}


async def test_a_file_that_is_wanted_again_is_kept_for_another_week(database: Database) -> None:
    told = await kept_in(database)
    clock = Moved()
    clock.at = NOON + UNUSED_FOR
    await keep(database, clock, told, PHOTO)
    await forgotten(database, NOON + UNUSED_FOR + timedelta(hours=1))
    async with database.read() as session:
        assert set(await media.whole_ones(session)) == {told.sha256}


async def test_a_test_uploads_the_file_with_its_text_and_the_others_follow_by_its_name(
    database: Database,
) -> None:
    await kept_in(database)
    ana, beto = await somebody(database, 1, CHAT, PHONE), await somebody(database, 2, OTHER)
    number = await created(database, ana, es=with_photo(), en=with_photo("Nobody asks for money."))
    await tried(database, number, ana, beto)
    # A line before each of six wordings, and those that leave by SMS.
    assert len(await queued(database)) == 6 + 2
    assert await wishing(database) == 4
    uploader = Uploader()
    await worked(database, uploader)
    assert [(to, data) for to, _, data in uploader.taken] == [(CHAT, PHOTO)]
    assert uploader.taken[0][1].chat == "Nobody asks for money."
    files = [content.attachment for content in (await queued(database))[8:]]
    assert files == [Attachment("photo", "F1")] * 3
    assert await wishing(database) == 0


async def test_what_a_bot_holds_is_not_uploaded_again(database: Database) -> None:
    await kept_in(database)
    ana = await somebody(database, 1, CHAT)
    number = await created(database, ana)
    uploader = Uploader()
    for _ in range(2):
        await tried(database, number, ana)
        await worked(database, uploader)
    assert len(uploader.taken) == 1
    assert (await queued(database))[-1].attachment == Attachment("photo", "F1")
    # Another bot knows nothing of the names of the first.
    other = Uploader("43")
    await tried(database, number, ana)
    await worked(database, other)
    assert len(other.taken) == 1


LATER = SendError(Failure.TRY_LATER, "connection")


async def test_an_upload_that_fails_is_tried_again_and_then_the_tester_is_told(
    database: Database,
) -> None:
    await kept_in(database)
    ana = await somebody(database, 1, CHAT, PHONE)
    await tried(database, await created(database, ana), ana)
    clock, uploader = Moved(), Uploader("42", *[LATER] * 9)
    await worked(database, uploader, clock)
    for attempts, wait in enumerate((15, 60, 300, 900), 1):
        clock.at += timedelta(seconds=wait - 1)
        await worked(database, uploader, clock)
        assert uploader.asked == attempts
        assert await due_wakes(database, clock.at) == 0
        clock.at += timedelta(seconds=1)
        assert await due_wakes(database, clock.at) == 1
        await worked(database, uploader, clock)
    assert uploader.asked == 5
    assert await wishing(database) == 0
    assert "foto.png" in (await queued(database))[-1].chat
    async with database.read() as session:
        kept = await media.find(session, media_of(PHOTO).sha256)
        assert kept is not None
        assert await media.upload_of(session, kept.id, "telegram", "42") is None


@pytest.mark.parametrize(
    "failure", [Failure.CONTENT_REFUSED, Failure.CONTACT_STOPPED, Failure.ADDRESS_DEAD]
)
async def test_what_will_never_do_is_told_at_once(database: Database, failure: Failure) -> None:
    await kept_in(database)
    ana, beto = await somebody(database, 1, CHAT), await somebody(database, 2, OTHER)
    await tried(database, await created(database, ana), ana, beto)
    uploader = Uploader("42", SendError(failure, "x"))
    await worked(database, uploader)
    # It may be the chat's fault: the other tester's is tried by itself.
    assert [to for to, _, _ in uploader.taken] == [OTHER]
    assert "No se pudo subir" in (await queued(database))[-1].chat
    assert await wishing(database) == 0


async def test_how_long_the_provider_lets_nothing_pass_is_waited_for(database: Database) -> None:
    await kept_in(database)
    ana = await somebody(database, 1, CHAT)
    await tried(database, await created(database, ana), ana)
    clock = Moved()
    throttled = SendError(Failure.SENDER_THROTTLED, "429", timedelta(minutes=9))
    await worked(database, Uploader("42", throttled), clock)
    assert await due_wakes(database, NOON + timedelta(minutes=8)) == 0
    assert await due_wakes(database, NOON + timedelta(minutes=9)) == 1


async def test_two_processes_upload_a_file_once(database: Database) -> None:
    await kept_in(database)
    ana, beto = await somebody(database, 1, CHAT), await somebody(database, 2, OTHER)
    await tried(database, await created(database, ana), ana, beto)
    uploader = Uploader()
    uploader.waits = asyncio.Event()
    first = asyncio.create_task(worked(database, uploader))
    await uploader.begun.wait()
    await worked(database, uploader)
    assert await due_wakes(database, NOON) == 0
    uploader.waits.set()
    await first
    assert uploader.asked == 1
    assert await wishing(database) == 0


async def test_an_upload_whose_process_was_killed_begins_again_later_and_not_for_ever(
    database: Database,
) -> None:
    await kept_in(database)
    ana = await somebody(database, 1, CHAT)
    await tried(database, await created(database, ana), ana)
    clock, uploader = Moved(), Uploader()
    uploader.waits = asyncio.Event()
    for attempt in range(1, 6):
        killed = asyncio.create_task(worked(database, uploader, clock))
        await uploader.begun.wait()
        uploader.begun.clear()
        assert uploader.asked == attempt
        killed.cancel()
        await asyncio.wait([killed])
        assert await due_wakes(database, clock.at) == 0
        clock.at += timedelta(minutes=1)
        assert await due_wakes(database, clock.at) == 1
    await worked(database, uploader, clock)
    assert uploader.asked == 5
    assert "No se pudo subir" in (await queued(database))[-1].chat


async def test_without_telegram_the_tester_is_told_in_the_end(database: Database) -> None:
    await kept_in(database)
    ana = await somebody(database, 1, CHAT, PHONE)
    await tried(database, await created(database, ana), ana)
    clock, key = Moved(), await id_of(database, media_of(PHOTO))
    for _ in range(5):
        await handle_upload(database, clock, {}, key)
        clock.at += timedelta(hours=1)
    assert await wishing(database) == 0


async def ready(database: Database, uploader: Uploader) -> tuple[int, Member, Member]:
    """A campaign with a photo that was tested by a bot; its author, and who may approve it."""
    await senders_in(database, uploader)
    await kept_in(database)
    author, reader = await somebody(database, 1, CHAT), await somebody(database, 2, OTHER)
    number = await created(database, author)
    await tried(database, number, author)
    await worked(database, uploader)
    return number, author, reader


async def approve(
    database: Database, number: int, reader: Member, conduct: Conduct = BOT
) -> CampaignState:
    async with database.write() as session:
        return await service.approve(session, number, reader, NOON, conduct)


async def test_nobody_approves_what_was_not_tested(database: Database) -> None:
    await senders_in(database, Uploader())
    await kept_in(database)
    author, reader = await somebody(database, 1, CHAT), await somebody(database, 2)
    number = await created(database, author)
    with pytest.raises(Refused) as caught:
        await approve(database, number, reader)
    assert caught.value.key == "campaigns.media.untested"
    await tried(database, number, author)
    with pytest.raises(Refused):
        await approve(database, number, reader)
    await worked(database, Uploader())
    with pytest.raises(Refused):
        # Tested by another bot than the one that would send it.
        await approve(database, number, reader, Conduct(bot="43"))
    assert await approve(database, number, reader) is CampaignState.APPROVED


async def test_a_run_carries_the_name_of_its_file(database: Database) -> None:
    await people_in(database, Person([Channel.TELEGRAM]))
    number, _author, reader = await ready(database, Uploader())
    await approve(database, number, reader)
    async with database.write() as session:
        await service.start(session, number, NOON, BOT)
    run_id = await frozen(database, number)
    async with database.read() as session:
        said = await Wordings().of(session, run_id, "es")
    assert said.attachment == Attachment("photo", "F1")


async def test_without_telegram_a_campaign_with_a_file_goes_by_sms(database: Database) -> None:
    await kept_in(database)
    author, reader = await somebody(database, 1, PHONE), await somebody(database, 2)
    number = await created(database, author)
    assert await approve(database, number, reader) is CampaignState.APPROVED


async def test_a_start_under_another_bot_leads_back_to_review(database: Database) -> None:
    number, author, reader = await ready(database, Uploader())
    await approve(database, number, reader)
    async with database.write() as session:
        state = await service.start(session, number, NOON, Conduct(bot="43"))
    assert state is await state_of(database, number) is CampaignState.REVIEW
    async with database.read() as session:
        assert not await runs.of_campaign(session, number)
    told = (await queued(database))[-2:]
    assert all(f"campaña {number}" in content.chat for content in told)
    await tried(database, number, author)
    await worked(database, Uploader("43"))
    assert await approve(database, number, reader, Conduct(bot="43")) is CampaignState.APPROVED


async def test_a_schedule_that_fires_under_another_bot_leads_back_to_review(
    database: Database,
) -> None:
    uploader = Uploader()
    await senders_in(database, uploader)
    await kept_in(database)
    author, reader = await somebody(database, 1, CHAT), await somebody(database, 2)
    at = NOON + timedelta(hours=1)
    async with database.write() as session:
        draft = a_draft(contents={"es": with_photo()}, schedule=At(at, "UTC"))
        number = await service.create(session, draft, author, NOON)
    await tried(database, number, author)
    await worked(database, uploader)
    assert await approve(database, number, reader) is CampaignState.SCHEDULED
    async with database.write() as session:
        await tick.fire_due(session, at, Conduct(bot="43"))
    assert await state_of(database, number) is CampaignState.REVIEW
    async with database.write() as session:
        await tick.fire_due(session, at, Conduct(bot="43"))
    assert len([c for c in await queued(database) if "Volvió a revisión" in c.chat]) == 1
    async with database.read() as session:
        assert not await runs.of_campaign(session, number)


async def test_a_campaign_without_files_needs_no_test(database: Database) -> None:
    await senders_in(database, Uploader())
    author, reader = await a_member(database, 1), await a_member(database, 2)
    number = await created(database, author, es=Wording("Hola."))
    assert await approve(database, number, reader) is CampaignState.APPROVED


async def test_an_edit_to_another_file_asks_for_another_test(database: Database) -> None:
    number, author, reader = await ready(database, Uploader())
    voice = opus()
    told = await kept_in(database, voice, MediaKind.VOICE)
    draft = a_draft(contents={"es": Wording("Hola.", media=told)})
    async with database.write() as session:
        await service.edit(session, number, draft, author, NOON)
    with pytest.raises(Refused):
        await approve(database, number, reader)
