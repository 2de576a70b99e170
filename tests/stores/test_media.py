"""Files of campaigns are kept once, whole, and while somebody names them."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import LargeBinary, func, select, type_coerce

from campaigns.content.model import Wording
from campaigns.files import media
from campaigns.files.formats import MediaKind
from campaigns.files.keeping import keep, pieces
from campaigns.files.media import PART_BYTES, UNUSED_FOR, media_part
from db.session import Database
from kit.errors import Refused
from tests.stores.campaign_people import NOON
from tests.stores.media_rig import PHOTO, Moved, created, kept_in, media_of, somebody
from tests.unit.campaigns.media_samples import pdf


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
