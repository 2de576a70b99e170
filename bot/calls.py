"""Calls that wake people on duty: what is said in them, and what a pressed key does.

A key is carried out and committed before its outcome is spoken. Who hangs up, says nothing, or lets
a machine answer has acknowledged nothing.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

import structlog

from alerts import speaking, store, texts
from alerts.commands import Act as Letter
from alerts.commands import CaseCommand, read_command
from alerts.model import Times
from contacts.phones import normalise
from db.session import Database, Session
from delivery import calls, receipts
from delivery.calls import VOICEMAIL
from delivery.content import Content, Params
from delivery.model import State
from delivery.reading import own_message
from delivery.transport import Receipt
from kit.channels import Channel, Endpoint
from kit.clock import Clock
from locales.catalog import render
from locales.text import Text, _
from staff import store as staff
from staff.model import Member

log = structlog.get_logger(__name__)

Act = Callable[[Session, Member, CaseCommand, Times, datetime], Awaitable[tuple[Text, Params]]]
"""Carries out a command of somebody on duty, and says what to answer."""

REPEAT = "9"
"""The key that says it again; the ones before it press the buttons in their order."""

BY_KEY = frozenset({Letter.ACCEPT, Letter.PASS_ON})
"""What a key may do. A slip of the thumb must not put a case off, or close it."""

TIMES_AGAIN = 3
"""How often it is said again by itself, after silence or another key."""

YOURS = _("call.yours")
TAKEN = _("call.taken")
PASSED_ON = _("call.passed_on")
CLOSED = _("call.closed")
WRITTEN = _("call.written")
FAILED = _("call.failed")
UNKNOWN = _("call.unknown")

SPOKEN: Mapping[Text, str] = MappingProxyType(
    {
        texts.ACCEPTED_BY_YOU: YOURS,
        texts.ALREADY_YOURS: YOURS,
        texts.TAKEN_BY_OTHER: TAKEN,
        texts.PASSED_ON: PASSED_ON,
        texts.ALREADY_CLOSED: CLOSED,
    }
)
"""What is said of an answer; of any other, that it comes in writing."""

_OUTCOMES = frozenset((*SPOKEN.values(), WRITTEN))


@dataclass(frozen=True, slots=True)
class Answered:
    """What a provider asks of a call: `key` was pressed, after the words were said `said` times.

    `message_id` is the row by which it was placed, None when it names none; `to` is who was called.
    """

    message_id: int | None
    call_id: str
    to: str = field(repr=False)
    key: str = ""
    said: int = 0
    by_machine: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What the call says now. With `said`, how often that will have been, it waits for a key; else
    it ends."""

    words: str = field(repr=False)
    said: int | None = None


class Calls:
    """The calls of one process. `act` is what a button of a page does."""

    def __init__(self, database: Database, clock: Clock, times: Times, act: Act) -> None:
        self._database = database
        self._clock = clock
        self._times = times
        self._act = act

    async def answer(self, call: Answered) -> Said:
        """What to say now; never raises, for somebody is on the line."""
        try:
            if call.by_machine:
                await self._leave(call)
                return Said("")
            return await self._answer(call)
        except Exception as error:
            log.error("call.failed", message=call.message_id, error=type(error).__name__)
            return Said("") if call.by_machine else _ends(FAILED)

    async def told(self, message_id: int, receipt: Receipt) -> None:
        """Apply how a call ended. One that comes late, twice or backwards changes nothing."""
        async with self._database.write() as session:
            ended_well = receipt.state is State.DELIVERED
            if not (ended_well and await calls.was_missed(session, message_id)):
                await receipts.receive(session, receipt, self._clock.now(), message_id)

    async def _leave(self, call: Answered) -> None:
        if call.message_id is not None:
            receipt = Receipt(call.call_id, State.UNDELIVERED, VOICEMAIL)
            await self.told(call.message_id, receipt)

    async def _answer(self, call: Answered) -> Said:
        async with self._database.read() as session:
            found = await _called(session, call)
        if found is None:
            log.warning("call.unknown", message=call.message_id)
            return _ends(UNKNOWN)
        message_id, endpoint, content = found
        command = _command_of(content, call.key)
        if command is None:
            return _say(content, call)
        async with self._database.write() as session:
            outcome = await self._press(session, call, message_id, endpoint, command)
        return _ends(outcome)

    async def _press(
        self,
        session: Session,
        call: Answered,
        message_id: int,
        endpoint: Endpoint,
        command: CaseCommand,
    ) -> str:
        """Carry out a key, once for each call; gives what to say."""
        # Whoever accepts holds the case first and then the rows of its calls; so do we.
        await store.by_folio(session, command.folio)
        before = await calls.pressed(session, message_id, call.call_id)
        if before is not None:
            kept = before.rpartition(" ")[2]
            return kept if kept in _OUTCOMES else WRITTEN
        member = await staff.by_endpoint(session, endpoint)
        if member is None:
            log.warning("call.of_nobody", message=message_id)
            return FAILED
        now = self._clock.now()
        text, params = await self._act(session, member, command, self._times, now)
        # What a button answers, with all that is not for a phone that others hear.
        params = {"folio": command.folio, **params}
        await speaking.tell_member(session, member, text, params, now)
        await staff.confirm(session, endpoint, now)
        outcome = SPOKEN.get(text, WRITTEN)
        kept = f"{call.key} {outcome}"
        await calls.keep_pressed(session, message_id, call.call_id, kept, now)
        return outcome


async def _called(session: Session, call: Answered) -> tuple[int, Endpoint, Content] | None:
    """The row of a call, whom it is to and what it says; None when it is no call of ours to them.

    Twilio may write a number in another of its forms than we do.
    """
    if call.message_id is None:
        return None
    try:
        endpoint, content = await own_message(session, call.message_id)
    except LookupError:
        return None
    if endpoint.channel is not Channel.VOICE or endpoint.value not in (call.to, normalise(call.to)):
        return None
    return call.message_id, endpoint, content


def _command_of(content: Content, key: str) -> CaseCommand | None:
    """What a key does by its button; None when it has none, or one that is not for keys."""
    if len(key) != 1 or key not in "12345678":
        return None
    buttons = [button for row in content.buttons for button in row]
    place = int(key) - 1
    command = read_command(buttons[place].data) if place < len(buttons) else None
    return command if command is not None and command.act in BY_KEY else None


def _say(content: Content, call: Answered) -> Said:
    """Say it, or say it again, until that is too often."""
    words = content.spoken or content.sms
    if call.key == REPEAT:
        return Said(words, max(call.said, 1))
    return Said(words, call.said + 1) if call.said <= TIMES_AGAIN else Said("")


def _ends(key: str) -> Said:
    return Said(render(key, speaking.STAFF_LANGUAGE))
