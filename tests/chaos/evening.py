"""One evening of an installation, in seconds: everything that the audit looks at happens once."""

import asyncio

from sqlalchemy import func, select, update
from sqlalchemy.engine import URL

from campaigns import deciding, service
from delivery.deciding import Decision
from delivery.model import State
from delivery.runs import RunState, run
from delivery.store import message
from kit.channels import Channel, Endpoint
from kit.clock import Clock
from tests.chaos.audit import Violation, audit
from tests.chaos.evidence import read_evidence
from tests.chaos.house import House, house_of
from tests.chaos.log import Logged
from tests.chaos.people import CORRECTED, Person
from tests.chaos.planning import prepare
from tests.crash.crowd import said
from tests.standins import telegram_errors, twilio_errors
from tests.standins.faults import Fault
from tests.standins.twilio_fates import DELIVERED, Fate, Telling

RATES = {"telegram_rate": 25.0, "twilio_rate": 60.0}
"""Slow enough for a sender that does not wait to be seen."""


def chat(number: int) -> Endpoint:
    """Somebody's chat."""
    return Endpoint(Channel.TELEGRAM, str(7_902_000_000 + number))


def phone(number: int) -> Endpoint:
    """Somebody's phone."""
    return Endpoint(Channel.SMS, f"+131055501{number:02}")


PEOPLE = (
    *(Person(chat(number), None) for number in range(24)),
    *(Person(None, phone(number)) for number in range(12)),
    Person(chat(24), phone(12)),
    Person(chat(25), phone(13)),
)
CALLER = Endpoint(Channel.SMS, "+12135550140")
SAY_NO = (chat(2), chat(3), phone(2))
DROPPED = (chat(4), chat(5), phone(3))
"""Taken, and the answer lost."""

HANGING = (chat(6), chat(7))
"""Not taken yet when the process is killed."""

FAILING = (chat(8), chat(9), phone(4))
BLOCKED = (chat(10), chat(24))
"""The second has a phone too."""

CONTRARY = (phone(5), phone(6))
"""Their carrier says undelivered and then delivered; it is heard the other way round."""

TWICE, NEVER = phone(7), phone(8)
"""How their receipts come."""


async def evening(url: URL) -> list[Violation]:
    """All of it on a fresh database, and what the audit finds."""
    async with house_of(url, **RATES) as house:
        _script(house)
        campaign_id = await prepare(house.beside, PEOPLE, house.clock.now())
        house.diary.rows[campaign_id] = len(PEOPLE)
        await house.begin()
        await _before_it_leaves(house, campaign_id)
        await _it_leaves(house, campaign_id)
        await house.kill()
        house.telegram.faults.release()
        await house.begin()
        await house.settle()
        await house.arrives(said(CALLER, "SOS mi hermana no contesta"))
        await house.later(seconds=10)
        await house.later(minutes=2)
        await _decide(house, campaign_id)
        await house.later(minutes=20)
        await house.twilio.fulfilled()
        await house.settle()
        await house.stop()
        async with house.beside.read() as session:
            ledger = await read_evidence(session)
        return audit(ledger, Logged.of(house.log.events), house.diary)


def _script(house: House) -> None:
    """What the providers will do."""
    chats, phones = house.telegram.faults, house.twilio.faults
    chats.next(Fault.ok(), 4)
    chats.next(telegram_errors.too_many_requests(1))
    for who in DROPPED:
        (chats if who.channel is Channel.TELEGRAM else phones).for_recipient(
            who.value, Fault.drop(), 1
        )
    for who in HANGING:
        chats.for_recipient(who.value, Fault.hang(), 1)
    for who in FAILING:
        if who.channel is Channel.TELEGRAM:
            chats.for_recipient(who.value, telegram_errors.server_error(), 1)
        else:
            phones.for_recipient(who.value, twilio_errors.server_error(), 1)
    for who in BLOCKED:
        chats.for_recipient(who.value, telegram_errors.blocked())
    house.twilio.lives.fate = DELIVERED
    house.twilio.lives.fates = {
        **{
            who.value: Fate(CORRECTED.statuses, 30008, told=Telling.REVERSED, after=0.1)
            for who in CONTRARY
        },
        TWICE.value: Fate(told=Telling.TWICE),
        NEVER.value: Fate(told=Telling.NEVER),
    }


async def _before_it_leaves(house: House, campaign_id: int) -> None:
    """Frozen while it is paused; some say no; and it is frozen once more, as after a backup."""
    async with house.beside.write() as session:
        await service.start(session, campaign_id, None, house.clock.now())
        await service.pause(session, campaign_id, None, house.clock.now())
    await house.settle()
    for who in SAY_NO:
        await house.arrives(said(who, "BAJA"))
        house.diary.noes[who] = Clock().now()
    async with house.beside.write() as session:
        await session.execute(
            update(run).values(state=RunState.FREEZING, frozen_through=len(PEOPLE) // 2)
        )
    await house.settle()


async def _it_leaves(house: House, campaign_id: int) -> None:
    """Until nothing more of it can, and two sends hang."""

    async def resume() -> None:
        async with house.platform.database.write() as session:
            await service.resume(session, campaign_id, None, house.clock.now())

    await house.does(resume())
    still = select(func.count()).where(
        message.c.run_id.is_not(None),
        message.c.state == State.PENDING,
        message.c.due_at <= house.clock.now(),
    )
    for _ in range(80):
        await asyncio.sleep(0.05)
        async with house.beside.read() as session:
            left = await session.scalar(still)
        if not left and house.telegram.faults.holding >= len(HANGING):
            return


async def _decide(house: House, campaign_id: int) -> None:
    """Somebody looks at what is uncertain, and lets it go again by a command."""
    uncertain = select(message.c.id).where(message.c.state == State.UNCERTAIN)
    async with house.beside.write() as session:
        house.diary.resent.update(row["id"] for row in await session.all(uncertain))
        await deciding.resolve(session, campaign_id, Decision.RESEND, None, house.clock.now())
    await house.settle()
