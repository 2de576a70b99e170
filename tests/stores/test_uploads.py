"""A bot takes a file once and names it; what goes wrong is tried again or told."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from campaigns.files import media, wishes
from campaigns.files.uploading import handle_upload
from db.session import Database
from delivery.content import Attachment
from delivery.model import Failure, SendError
from tests.stores.campaign_people import NOON
from tests.stores.media_rig import (
    CHAT,
    OTHER,
    PHONE,
    PHOTO,
    Moved,
    Uploader,
    created,
    id_of,
    kept_in,
    media_of,
    queued,
    somebody,
    tried,
    with_photo,
    worked,
)


async def wishing(database: Database) -> int:
    async with database.read() as session:
        count = select(func.count()).select_from(wishes.media_wish)
        return int(await session.scalar(count))


async def due_wakes(database: Database, now: datetime) -> int:
    async with database.read() as session:
        await wishes.wake_due(session, now)
        return len(session.wakes)


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
