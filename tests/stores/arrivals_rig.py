"""What tests about arrivals have in common: a world, texts, and lives of a process."""

import asyncio
import json
from datetime import timedelta

from sqlalchemy import RowMapping, select

from alerts.model import Times
from bot.conversation import Surroundings
from bot.inbox import store
from bot.inbox.service import Inbox
from bot.inbox.store import inbound
from contacts.gazetteer import load_gazetteer
from db.session import Database
from delivery.store import message
from kit.channels import Endpoint
from kit.clock import Clock
from staff import store as staff
from staff.model import Method, Role
from tests.stores.sending_rig import phone

WORLD = Surroundings(
    load_gazetteer(), Times(timedelta(minutes=5), timedelta(minutes=5)), "https://tequio.example/p"
)
FIRST, SECOND = "+12135550100", "+12135550198"
ANA, BETO = phone(31), phone(12)


class Killed(BaseException):
    """The process is gone: nothing of it runs any more."""


def texted(words: str, sender: Endpoint = BETO, to: str = FIRST) -> str:
    return json.dumps({"From": sender.value, "To": to, "Body": words})


async def arrivals(database: Database) -> list[RowMapping]:
    async with database.read() as session:
        return list(await session.all(select(inbound).order_by(inbound.c.id)))


async def on_duty(database: Database) -> None:
    async with database.write() as session:
        now = Clock().now()
        await staff.add(session, "Ana", "ana@example.org", Role.DUTY, "Luz", (Method(ANA),), now)


async def messages_to(database: Database, endpoint: Endpoint) -> list[RowMapping]:
    theirs = message.c.endpoint_index == endpoint.value
    async with database.read() as session:
        return list(await session.all(select(message).where(theirs).order_by(message.c.id)))


async def live(database: Database, clock: Clock | None = None) -> bool:
    """A process that begins and works off what is due; says whether it outlived that."""
    clock = clock or Clock()
    inbox = Inbox(database, clock, WORLD)
    async with database.read() as session:
        due = await store.due(session, clock.now())
    tasks = [asyncio.create_task(inbox.process(str(one))) for one in due]
    if not tasks:
        return True
    done, left = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    return not any(isinstance(task.exception(), Killed) for task in done)
