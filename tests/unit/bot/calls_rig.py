"""Calls to people on duty, and the commands that their keys give."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update

from alerts import texts
from alerts.commands import Act, CaseCommand
from alerts.model import Times
from bot.calls import Answered, Calls
from db.session import Database, Session
from delivery import service as delivery
from delivery.content import Button, Content, Params
from delivery.model import Lane, NewMessage, State
from delivery.store import attempt, message
from kit.channels import Channel, Endpoint
from kit.clock import Clock
from kit.jobs import Wake
from locales.catalog import render
from locales.text import Text
from staff import store as staff
from staff.model import Member, Method, Role

NOW = datetime.fromisoformat("2026-11-25T16:00:00+00:00")
NUMBER = "+12135550142"
TIMES = Times(timedelta(minutes=5), timedelta(minutes=10))
PAGE = Content(
    chat="chat",
    sms="sms K7M2QT",
    spoken="Caso K 7 M 2 Q T. Oprima 1 para tomarlo, 2 para pasarlo, 9 para repetir.",
    buttons=((Button("Tomar", "A:K7M2QT"), Button("Pasar", "P:K7M2QT")),),
)
FIRST = "CA" + "0" * 31 + "1"
SECOND = "CA" + "0" * 31 + "2"


class Duty:
    """What the commands of staff do, noted; `answers` come one after the other."""

    def __init__(self, *answers: Text | Exception) -> None:
        self.answers = list(answers) or [texts.ACCEPTED_BY_YOU]
        self.done: list[tuple[int, Act, str]] = []

    async def act(
        self, session: Session, member: Member, command: CaseCommand, times: Times, now: datetime
    ) -> tuple[Text, Params]:
        del session, times, now
        self.done.append((member.id, command.act, command.folio))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        params = {"safety": texts.SAFETY_WORDS["yes"], "colleague": "Alba", "minutes": 30}
        return answer, params


def calls_of(database: Database, duty: Duty) -> Calls:
    clock = Clock()
    clock.move(NOW - clock.now())
    return Calls(database, clock, TIMES, duty.act)


async def hire(database: Database, *endpoints: Endpoint) -> int:
    async with database.write() as session:
        methods = [Method(one) for one in endpoints]
        return await staff.add(session, "Ana", "ana@example.org", Role.DUTY, "Alba", methods, NOW)


async def call(
    database: Database,
    content: Content = PAGE,
    to: Endpoint | None = None,
    *,
    state: State = State.SENT,
    call_id: str = FIRST,
) -> int:
    """A call that was placed; gives its row."""
    to = to or Endpoint(Channel.VOICE, NUMBER)
    async with database.write() as session:
        new = NewMessage((to,), content, Lane.URGENT, about="page:1")
        row = await delivery.queue(session, new, NOW)
        await session.execute(update(message).where(message.c.id == row).values(state=state))
        if state in (State.SENT, State.UNDELIVERED):
            values = {"message_id": row, "channel": to.channel, "sender": "voice", "position": 0}
            await session.execute(
                attempt.insert().values(
                    **values, at=NOW, outcome=State.SENT, code="", provider_id=call_id
                )
            )
    return row


async def standing(database: Database, row: int) -> tuple[str, str | None]:
    async with database.read() as session:
        found = await session.first(
            select(message.c.state, message.c.reason).where(message.c.id == row)
        )
    assert found is not None
    return found["state"], found["reason"]


async def written(database: Database) -> Sequence[str]:
    """To which channels something was written that has not left."""
    async with database.read() as session:
        rows = await session.all(
            select(message.c.channel).where(message.c.state == State.PENDING).order_by(message.c.id)
        )
    return [row["channel"] for row in rows]


def woken(database: Database) -> list[Wake]:
    found: list[Wake] = []
    database.after_commit(found.append)
    return found


def ring(row: int | None, key: str = "", said: int = 0, call_id: str = FIRST) -> Answered:
    return Answered(row, call_id, NUMBER, key=key, said=said)


def words(key: str) -> str:
    return render(key, "es")
