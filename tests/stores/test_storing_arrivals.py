"""An arrival is stored although the database fails once, and stored once although it is told
twice."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from alerts.model import Times
from bot.conversation import Surroundings
from bot.inbox.service import Inbox
from bot.inbox.store import inbound
from contacts.gazetteer import load_gazetteer
from db.session import Database
from kit.channels import Channel
from kit.clock import Clock
from tests.stores.sending_rig import Lossy

WORLD = Surroundings(
    load_gazetteer(), Times(timedelta(minutes=5), timedelta(minutes=5)), "https://tequio.example/p"
)


@pytest.mark.parametrize("lost", ["before", "after"])
async def test_an_arrival_is_kept_once_although_its_first_unit_failed(
    database: Database, lost: str
) -> None:
    inbox, lossy = Inbox(database, Clock(), WORLD), Lossy(database)
    if lost == "before":
        lossy.fails_before = {1}
    else:
        lossy.fails_after = {1}
    lossy.begin()
    await inbox.receive(Channel.SMS, "SM1", "not what a provider sends")
    lossy.end()
    async with database.read() as session:
        assert len(await session.all(select(inbound.c.id))) == 1
