"""Two requests at the same instant: neither undoes the other, nor slips past a limit."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from alerts.rights import fulfil, looking
from alerts.rights.fulfil import Asked, Correction
from alerts.rights.looking import MOST
from campaigns.works import service as works
from campaigns.works.model import MOST_AT_ONCE
from contacts import importing, service, store
from contacts.csv_import import COLUMNS
from contacts.merging import ImportRow, Profile
from contacts.rights.model import Identity, Look, Way
from contacts.rights.profile import packed
from contacts.service import Words
from db.session import Database, Session
from kit.channels import Channel, Endpoint
from kit.errors import Refused
from staff.model import Member, Role
from tests.stores.case_rig import NOW, a_member

PHONE = Endpoint(Channel.SMS, "+12135550123")
DAY = timedelta(days=1)
HELD = 0.05
"""Seconds that a unit stays open after what it does, so that others meet it."""


async def came_through(
    database: Database, many: int, act: Callable[[Session, int], Awaitable[object]]
) -> int:
    """How many of several at once are not refused."""

    async def one(number: int) -> int:
        try:
            async with database.write() as session:
                await act(session, number)
                await asyncio.sleep(HELD)
        except Refused:
            return 0
        return 1

    return sum(await asyncio.gather(*[one(number) for number in range(many)]))


async def a_writer(database: Database) -> Member:
    async with database.write() as session:
        return await a_member(session, 1, Role.COMMUNICATOR)


async def test_nobody_uncovers_more_numbers_by_asking_for_them_at_once(database: Database) -> None:
    member = await a_writer(database)
    async with database.write() as session:
        for _number in range(MOST[Look.REVEAL] - 2):
            await looking.look(session, member, Look.REVEAL, NOW)
    shown = await came_through(
        database, 6, lambda session, _number: looking.look(session, member, Look.REVEAL, NOW)
    )
    assert shown == 2


async def test_nobody_has_more_works_by_sending_files_at_once(database: Database) -> None:
    member = await a_writer(database)
    begun = await came_through(
        database,
        MOST_AT_ONCE + 3,
        lambda session, number: works.begin(session, member, "a.csv", COLUMNS, f"t{number}", NOW),
    )
    assert begun == MOST_AT_ONCE


async def test_a_file_that_comes_in_meanwhile_does_not_undo_a_correction(
    database: Database,
) -> None:
    member = await a_writer(database)
    async with database.write() as session:
        made = await service.subscribe(session, Words(PHONE, "ALTA", NOW - 9 * DAY), "es")
    corrected = asyncio.Event()

    async def correct() -> None:
        async with database.write() as session:
            wanted = Correction("mixteco", None, made.topics)
            asked = Asked(Identity.DOCUMENT, Way.WINDOW)
            await fulfil.correct(session, member, made.id, wanted, packed(made), asked, NOW)
            corrected.set()
            await asyncio.sleep(10 * HELD)

    async def come() -> None:
        await corrected.wait()
        told = Profile(language="en", country="US")
        row = ImportRow(2, (PHONE,), told, frozenset(), NOW - DAY, "Hoja 12")
        async with database.write() as session:
            await importing.save(session, [row], made.id, NOW)

    await asyncio.gather(correct(), come())
    async with database.read() as session:
        known = await store.get(session, made.id)
    assert known is not None
    assert (known.language, known.country) == ("mixteco", "US")
