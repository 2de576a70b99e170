"""What a person does with an invented phone: each act is a line, and an arrival from it."""

from dataclasses import replace

import structlog

from db.session import Database, Session
from delivery.content import Button
from kit.channels import Channel
from kit.clock import Clock
from kit.errors import Invalid, NotFound, Refused
from locales.text import _
from transports.handset import inbound, store
from transports.handset.model import Body, Direction, Line, Media, Phone, Spot
from transports.handset.pictures import PICTURE_BYTES, Picture, Pictures, read_picture
from transports.handset.problems import NotStored, TooLarge
from transports.intake import Arrival, Intake

log = structlog.get_logger(__name__)


class Acts:
    """The hands that hold the phones. An edge: it opens its own units.

    The line is committed before the platform hears of it, as a phone shows what was typed before it
    is delivered. Each act gives the line; each raises NotFound, Refused or NotStored.
    """

    def __init__(
        self, database: Database, intake: Intake, clock: Clock, pictures: Pictures
    ) -> None:
        self._database = database
        self._intake = intake
        self._clock = clock
        self._pictures = pictures

    async def write(self, phone_id: int, channel: Channel, text: str) -> Line:
        """Send a text."""
        return await self._send(phone_id, channel, Body(text=text))

    async def share(self, phone_id: int, spot: Spot) -> Line:
        """Send a location, which only a chat can."""
        return await self._send(phone_id, Channel.TELEGRAM, Body(media=Media.LOCATION, spot=spot))

    async def speak(self, phone_id: int, channel: Channel) -> Line:
        """Send a voice note."""
        return await self._send(phone_id, channel, Body(media=Media.VOICE))

    async def photograph(self, phone_id: int, channel: Channel, image: bytes | None) -> Line:
        """Send a photo; raises Invalid and TooLarge for an image that cannot be shown."""
        picture = None
        if image is not None:
            if len(image) > PICTURE_BYTES:
                raise TooLarge(_("handset.error.large"))
            picture = read_picture(image)
            if picture is None:
                raise Invalid(_("handset.error.image"))
        return await self._send(phone_id, channel, Body(media=Media.PHOTO), picture)

    async def press(self, phone_id: int, line_id: int, data: str) -> Line:
        """Press a button that stands under a line of the platform."""
        async with self._database.write() as session:
            phone = await _ready(session, phone_id, Channel.TELEGRAM)
            under, button = await _button(session, phone, line_id, data)
            line = await self._add(session, phone, Channel.TELEGRAM, Body(pressed=button.label))
        await self._arrive(line, inbound.pressed(phone, line, under, button))
        return line

    async def switch(self, phone_id: int, blocked: bool | None, no_signal: bool | None) -> Phone:
        """Turn the switches that are given. Telegram tells the bot when it is blocked."""
        async with self._database.write() as session:
            old = await _known(session, phone_id)
            await store.switch(session, phone_id, blocked=blocked, no_signal=no_signal)
            line = None
            if blocked is not None and blocked != old.blocked:
                line = await self._add(session, old, Channel.TELEGRAM, Body(blocked=blocked))
            phone = await _known(session, phone_id)
        if line is not None:
            await self._arrive(line, inbound.blocked(phone, line))
        return phone

    async def _send(
        self, phone_id: int, channel: Channel, body: Body, picture: Picture | None = None
    ) -> Line:
        async with self._database.write() as session:
            phone = await _ready(session, phone_id, channel)
            line = await self._add(session, phone, channel, body)
            if picture is not None:
                # Before the commit, so that no page sees the line without it.
                self._pictures.keep(line.id, picture)
        await self._arrive(line, inbound.typed(phone, line))
        return line

    async def _add(self, session: Session, phone: Phone, channel: Channel, body: Body) -> Line:
        now = self._clock.now()
        return await store.add_line(session, phone, channel, Direction.IN, body, now)

    async def _arrive(self, line: Line, arrival: Arrival) -> None:
        """Hand the arrival over; when it cannot be stored, the line says so on the screen."""
        try:
            await self._intake(arrival)
        except Exception as error:
            log.warning("handset.arrival_lost", line_id=line.id, error=type(error).__name__)
            async with self._database.write() as session:
                await store.edit_line(session, line, replace(line.body, lost=True), None)
            raise NotStored(_("handset.error.lost")) from error


async def _known(session: Session, phone_id: int) -> Phone:
    """The phone, if there is one."""
    await store.ensure_phones(session)
    phone = await store.phone(session, phone_id)
    if phone is None:
        raise NotFound(_("handset.error.unknown"))
    return phone


async def _ready(session: Session, phone_id: int, channel: Channel) -> Phone:
    """The phone, when it can send on the channel."""
    phone = await _known(session, phone_id)
    if phone.no_signal:
        raise Refused(_("handset.error.no_signal"))
    if phone.blocked and channel is Channel.TELEGRAM:
        raise Refused(_("handset.error.blocked"))
    return phone


async def _button(session: Session, phone: Phone, line_id: int, data: str) -> tuple[Line, Button]:
    """The line and its button; raises Refused when the message has changed since."""
    line = await store.line(session, line_id)
    if line is None or line.phone_id != phone.id:
        raise NotFound(_("handset.error.unknown"))
    button = line.body.button(data)
    if button is None:
        raise Refused(_("handset.error.button"))
    return line, button
