"""Sends to the invented phones, with the refusals of a real provider."""

import structlog
from sqlalchemy.exc import SQLAlchemyError

from db.session import Database, Session
from delivery.content import Content
from delivery.model import Failure, SendError
from delivery.segments import measure
from delivery.transport import Outgoing
from kit.channels import Channel
from kit.clock import Clock
from transports.handset import store
from transports.handset.model import Body, Direction, Line, Phone

log = structlog.get_logger(__name__)

TELEGRAM_RATE = 30.0
SMS_RATE = 10.0
TELEGRAM_SIGNS = 4096
TELEGRAM_DATA_BYTES = 64
TWILIO_SIGNS = 1600


class HandsetTransport:
    """Plays Telegram or SMS. A send is written in a unit of its own: as with a real provider, it
    is there even when the process that sent it ends before it hears so.

    What the page shows is what was sent; there is no other copy.
    """

    def __init__(self, channel: Channel, database: Database, clock: Clock) -> None:
        self._channel = channel
        self._database = database
        self._clock = clock

    @property
    def name(self) -> str:
        return self._channel.value

    @property
    def channel(self) -> Channel:
        return self._channel

    @property
    def urgent_only(self) -> bool:
        return False

    @property
    def rate(self) -> float:
        """Messages a second on Telegram, segments a second by SMS."""
        return SMS_RATE if self._channel is Channel.SMS else TELEGRAM_RATE

    def units(self, content: Content) -> int:
        """One on Telegram, the segments by SMS."""
        return measure(content.sms).segments if self._channel is Channel.SMS else 1

    async def send(self, outgoing: Outgoing) -> str:
        """Put the message on the phone's screen; the id is `handset:` and the line's id."""
        body = _body_or_refused(self._channel, outgoing.content)
        try:
            async with self._database.write() as session:
                phone = await self._phone(session, outgoing)
                line_id = await self._show(session, phone, outgoing.content, body)
            return f"handset:{line_id}"
        except SQLAlchemyError as error:
            log.error("handset.not_written", error=type(error).__name__)
        # Raised apart, so that no cause tells what was being written. The error may have come with
        # the commit, so nobody knows whether it holds.
        raise SendError(Failure.UNKNOWN_OUTCOME, "database")

    async def close(self) -> None:
        """Nothing is held open."""

    async def _phone(self, session: Session, outgoing: Outgoing) -> Phone:
        """The phone that can take the message now; raises SendError when none can."""
        if outgoing.to.channel is not self._channel:
            raise SendError(Failure.ADDRESS_DEAD, "wrong_channel")
        await store.ensure_phones(session)
        phone = await store.find(session, outgoing.to)
        if phone is None:
            code = "21211" if self._channel is Channel.SMS else "chat_not_found"
            raise SendError(Failure.ADDRESS_DEAD, code)
        if phone.blocked and self._channel is Channel.TELEGRAM:
            raise SendError(Failure.CONTACT_STOPPED, "blocked")
        if phone.no_signal:
            raise SendError(Failure.TRY_LATER, "no_signal")
        return phone

    async def _show(self, session: Session, phone: Phone, content: Content, body: Body) -> int:
        """Write the line, or put it in the place of the one that it replaces; gives its id."""
        now = self._clock.now()
        old = await self._replaced(session, phone, content, body)
        if old is not None:
            if old.body != body:
                await store.edit_line(session, old, body, now)
            return old.id
        line = await store.add_line(session, phone, self._channel, Direction.OUT, body, now)
        return line.id

    async def _replaced(
        self, session: Session, phone: Phone, content: Content, body: Body
    ) -> Line | None:
        """The line to edit. An SMS cannot be taken back, and no edit in a chat asks for a place."""
        if content.replaces is None or self._channel is Channel.SMS or body.ask_location:
            return None
        return await store.sent_line(session, phone.id, content.replaces)


def _body_or_refused(channel: Channel, content: Content) -> Body:
    """What the phone will show; raises SendError for what the real provider would refuse."""
    text, most = (
        (content.sms, TWILIO_SIGNS) if channel is Channel.SMS else (content.chat, TELEGRAM_SIGNS)
    )
    if len(text) > most:
        raise SendError(Failure.CONTENT_REFUSED, "too_long")
    if not text.strip() or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise SendError(Failure.CONTENT_REFUSED, "400")
    if channel is Channel.SMS:
        return Body(text=text)
    for button in (button for row in content.buttons for button in row if not button.url):
        if not 0 < len(button.data.encode()) <= TELEGRAM_DATA_BYTES:
            raise SendError(Failure.CONTENT_REFUSED, "400")
    # A message of Telegram has buttons or asks for a place, not both.
    ask = "" if content.buttons else content.ask_location
    return Body(text=text, buttons=content.buttons, ask_location=ask)
