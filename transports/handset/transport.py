"""Sends to the invented phones, with the refusals of a real provider."""

from dataclasses import replace
from datetime import timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from db.session import Database, Session
from delivery.content import Attachment, Content
from delivery.model import Failure, Lane, SendError
from delivery.segments import measure
from delivery.transport import Outgoing
from delivery.uploads import File, Uploaded
from kit.channels import Channel, Endpoint
from kit.clock import Clock
from transports.handset import network, store
from transports.handset.model import Body, Direction, Line, Phone
from transports.handset.rendering import body_of
from transports.handset.uploads import upload_name
from transports.twilio_errors import STOPPED

log = structlog.get_logger(__name__)

RATES = {Channel.TELEGRAM: 30.0, Channel.SMS: 10.0, Channel.VOICE: 1.0}
DELETABLE = timedelta(hours=48)
"""For so long a bot can delete what it wrote; core.telegram.org/bots/api#deletemessage."""

BOT = "handset"
"""Whose the names of files are that were uploaded here."""


async def _is_whole(file: File) -> bool:
    """Whether a file can be read to its end."""
    size = 0
    try:
        async for piece in file.pieces():
            size += len(piece)
    except (LookupError, SQLAlchemyError) as error:
        log.error("handset.file_unreadable", error=type(error).__name__)
    return size == file.size


class HandsetTransport:
    """Plays Telegram, SMS or calls. A send is written in a unit of its own: as with a real
    provider, it is there even when the process that sent it ends before it hears so.

    What the page shows is what was sent; there is no other copy. `name` is the sender's in the
    ledger; who texted STOP is reached by the `urgent_only` one alone.
    """

    def __init__(
        self,
        channel: Channel,
        database: Database,
        clock: Clock,
        *,
        name: str = "",
        urgent_only: bool = False,
    ) -> None:
        self._channel = channel
        self._database = database
        self._clock = clock
        self._name = name or channel.value
        self._urgent_only = urgent_only

    @property
    def name(self) -> str:
        return self._name

    @property
    def channel(self) -> Channel:
        return self._channel

    @property
    def urgent_only(self) -> bool:
        return self._urgent_only

    @property
    def rate(self) -> float:
        """Messages a second on Telegram, segments a second by SMS, calls a second."""
        return RATES[self._channel]

    def units(self, content: Content) -> int:
        """One of Telegram and of calls, the segments by SMS."""
        return measure(content.sms).segments if self._channel is Channel.SMS else 1

    async def send(self, outgoing: Outgoing) -> str:
        """Put the message on the phone's screen, or have the phone ring.

        The id is Telegram's id of the message, else `handset:` and the line's id.
        """
        body = body_of(self._channel, outgoing.content)
        try:
            async with self._database.write() as session:
                phone = await self._phone(session, outgoing.to)
                line = await self._show(session, phone, outgoing, body)
            return line.provider_id
        except SQLAlchemyError as error:
            log.error("handset.not_written", error=type(error).__name__)
        # Raised apart, so that no cause tells what was being written. The error may have come with
        # the commit, so nobody knows whether it holds.
        raise SendError(Failure.UNKNOWN_OUTCOME, "database")

    @property
    def bot(self) -> str:
        """The handset's own, whatever bot there may be later: it holds no file."""
        return BOT

    async def upload(self, to: Endpoint, content: Content, file: File) -> Uploaded:
        """Put a message with a file on the phone's screen; the file itself is not kept."""
        if self._channel is not Channel.TELEGRAM:
            raise SendError(Failure.CONTENT_REFUSED, "no_files")
        if not await _is_whole(file):
            raise SendError(Failure.TRY_LATER, "file")
        named = Attachment(file.kind, upload_name(file.kind))
        whole = replace(content, attachment=named)
        return Uploaded(named, await self.send(Outgoing(0, to, whole, Lane.REPLY)))

    async def withdraw(self, to: Endpoint, provider_id: str) -> bool:
        """Delete a message from a chat, or end a call; an SMS stays where it is.

        False also when it is gone already. Raises `SendError`.
        """
        if self._channel is Channel.SMS or to.channel is not self._channel:
            return False
        try:
            async with self._database.write() as session:
                return await self._take_back(session, to, provider_id)
        except SQLAlchemyError as error:
            log.error("handset.not_withdrawn", error=type(error).__name__)
        raise SendError(Failure.TRY_LATER, "database")

    async def close(self) -> None:
        """Nothing is held open."""

    async def _phone(self, session: Session, to: Endpoint) -> Phone:
        """The phone that can take the message now; raises SendError when none can."""
        if to.channel is not self._channel:
            raise SendError(Failure.ADDRESS_DEAD, "wrong_channel")
        await store.ensure_phones(session)
        phone = await store.find(session, to)
        chat = self._channel is Channel.TELEGRAM
        if phone is None:
            raise SendError(Failure.ADDRESS_DEAD, "chat_not_found" if chat else "21211")
        if phone.blocked and chat:
            raise SendError(Failure.CONTACT_STOPPED, "blocked")
        if phone.stopped and self._channel is Channel.SMS and not self._urgent_only:
            raise SendError(Failure.CONTACT_STOPPED, STOPPED)
        if phone.no_signal and chat:
            raise SendError(Failure.TRY_LATER, "no_signal")
        return phone

    async def _show(self, session: Session, phone: Phone, outgoing: Outgoing, body: Body) -> Line:
        """Write the line, or put it in the place of the one that it replaces."""
        now = self._clock.now()
        # What the network tells afterwards names the row of the ledger.
        of_row = replace(body, row=outgoing.message_id)
        if self._channel is Channel.VOICE:
            return await network.ring(session, phone, of_row, now)
        if self._channel is Channel.SMS:
            by_urgent = replace(of_row, by_urgent=self._urgent_only)
            return await network.bring(session, phone, by_urgent, now)
        old = await self._replaced(session, phone, outgoing.content, body)
        if old is None:
            return await store.add_line(session, phone, self._channel, Direction.OUT, body, now)
        return old if old.body == body else await store.edit_line(session, old, body, now)

    async def _replaced(
        self, session: Session, phone: Phone, content: Content, body: Body
    ) -> Line | None:
        """The line to edit. No edit in a chat asks for a place, or makes a picture of a text."""
        if content.replaces is None or body.ask_location or body.attachment:
            return None
        old = await store.sent_line(session, phone.id, content.replaces)
        return None if old is None or old.body.withdrawn or old.body.attachment else old

    async def _take_back(self, session: Session, to: Endpoint, provider_id: str) -> bool:
        """Whether it is gone, in the unit of `withdraw`."""
        phone = await store.find(session, to)
        line = None if phone is None else await self._sent(session, phone, provider_id)
        if line is None or line.body.withdrawn:
            return False
        now = self._clock.now()
        if line.body.call is not None:
            if line.body.call.is_over:
                return False
            await network.hang_up(session, line, now, network.CANCELED)
            return True
        if now - line.at >= DELETABLE:
            return False
        await store.edit_line(session, line, Body(withdrawn=True), None)
        return True

    async def _sent(self, session: Session, phone: Phone, provider_id: str) -> Line | None:
        """The line of ours on a phone that the platform knows by this id."""
        chat = self._channel is Channel.TELEGRAM
        number = provider_id if chat else provider_id.partition("handset:")[2]
        # No counter of ours is longer; a longer number would not fit its column.
        if not (number.isascii() and number.isdigit() and len(number) < 10):
            return None
        if chat:
            return await store.sent_line(session, phone.id, int(number))
        line = await store.line(session, int(number))
        mine = line is not None and line.phone_id == phone.id and line.body.call is not None
        return line if mine else None
