"""The phone network between the platform and a phone: calls, SMS that wait for a signal, and what
the platform is told of both afterwards.

Every function works in the unit of its caller, who holds the phone.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from db.session import Session
from delivery import receipts
from delivery.model import State
from delivery.transport import Receipt
from kit.channels import Channel
from transports.handset import store
from transports.handset.model import Body, Call, Direction, Line, Phone
from transports.twilio_errors import meaning

RINGS_FOR = timedelta(seconds=25)
TALKS_FOR = timedelta(minutes=2)
"""A call in which no key is pressed ends by itself."""
HOLDS_FOR = timedelta(minutes=2)
"""How long an SMS waits for a phone without signal. Carriers wait for hours; nobody plays that."""

NO_ANSWER = "no-answer"
BUSY = "busy"
CANCELED = "canceled"
UNREACHABLE = "30003"
"""Why a call or an SMS did not arrive, in Twilio's words."""

STOPS = frozenset(
    ("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "OPTOUT", "REVOKE", "ALTO", "BAJA")
)
STARTS = frozenset(("START", "UNSTOP", "YES", "ALTA"))
"""Whole messages by which somebody closes or opens a number of ours to themselves, the Spanish
ones as an account adds them. Source: twilio.com/docs/messaging/tutorials/advanced-opt-out."""


def stops(text: str) -> bool | None:
    """Whether a text closes (True) or opens (False) the number to who sent it; None for others."""
    word = text.strip().upper()
    if word in STOPS:
        return True
    return False if word in STARTS else None


async def bring(session: Session, phone: Phone, body: Body, now: datetime) -> Line:
    """An SMS on its way to a phone: there at once, or held until the phone has a signal."""
    to = (session, phone, Channel.SMS, Direction.OUT)
    if phone.no_signal:
        return await store.add_line(*to, replace(body, held=True), now, now + HOLDS_FOR)
    line = await store.add_line(*to, body, now)
    await _tell(session, line, State.DELIVERED, now)
    return line


async def ring(session: Session, phone: Phone, body: Body, now: datetime) -> Line:
    """A call to a phone, which rings unless it is out of reach or in another call."""
    to = (session, phone, Channel.VOICE, Direction.OUT)
    others = await store.waiting(session, phone.id)
    engaged = any(one.body.call and one.until and now < one.until for one in others)
    if not engaged and not phone.no_signal:
        return await store.add_line(*to, replace(body, call=Call.RINGING), now, now + RINGS_FOR)
    line = await store.add_line(*to, _over(body, Call.MISSED), now)
    await _tell(session, line, State.UNDELIVERED, now, BUSY if engaged else NO_ANSWER)
    return line


async def take_up(session: Session, call: Line, now: datetime) -> Line:
    """Answer a call that rings."""
    body = replace(call.body, call=Call.TALKING)
    return await store.edit_line(session, call, body, None, now + TALKS_FOR)


async def conclude(session: Session, call: Line, words: str, now: datetime) -> Line:
    """A key has done its work: these are the last words of the call."""
    body = replace(_over(call.body, Call.ENDED), text=words)
    ended = await store.edit_line(session, call, body, None)
    await _tell(session, ended, State.DELIVERED, now)
    return ended


async def hang_up(session: Session, call: Line, now: datetime, why: str = NO_ANSWER) -> Line:
    """End a call in which no key was pressed, whoever ends it: nobody is known to be there."""
    over = Call.ENDED if call.body.call is Call.TALKING else Call.MISSED
    body = replace(_over(call.body, over), withdrawn=why == CANCELED)
    ended = await store.edit_line(session, call, body, None)
    await _tell(session, ended, State.UNDELIVERED, now, why)
    return ended


async def lose_signal(session: Session, phone: Phone, now: datetime) -> None:
    """Whatever call there is ends."""
    for line in await store.waiting(session, phone.id):
        if line.body.call:
            await hang_up(session, line, now)


async def find_signal(session: Session, phone: Phone, now: datetime) -> None:
    """SMS that were held reach the phone; of those that waited for too long it never hears."""
    for line in await store.waiting(session, phone.id):
        if not line.body.held:
            continue
        if line.until is not None and line.until <= now:
            await _lose(session, line, now)
            continue
        brought = await store.edit_line(session, line, replace(line.body, held=False), None)
        await _tell(session, brought, State.DELIVERED, now)


async def give_up(session: Session, line: Line, now: datetime) -> None:
    """The time of a line is over."""
    if line.body.call:
        await hang_up(session, line, now)
    else:
        await _lose(session, line, now)


async def _lose(session: Session, line: Line, now: datetime) -> None:
    # Nothing of it is kept: it was on no screen and will be on none.
    lost = await store.edit_line(session, line, Body(held=True, row=line.body.row), None)
    await _tell(session, lost, State.UNDELIVERED, now, UNREACHABLE)


async def _tell(session: Session, line: Line, state: State, now: datetime, code: str = "") -> None:
    """Bring the platform a receipt, as the provider's callback would."""
    receipt = Receipt(line.provider_id, state, code, meaning(code) if code else None)
    await receipts.receive(session, receipt, now, line.body.row)


def _over(body: Body, call: Call) -> Body:
    """A call of which the phone keeps that it was, and not what it was about."""
    return Body(call=call, row=body.row)
