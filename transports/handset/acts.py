"""What a person does with an invented phone: each act is a line, and an arrival from it."""

from collections.abc import Mapping
from dataclasses import replace

import structlog

from db.session import Database, Session
from delivery.content import Button
from kit.channels import Channel
from kit.clock import Clock
from kit.errors import Invalid, NotFound, Refused
from locales.text import _
from transports.handset import inbound, network, store
from transports.handset.keeping import known
from transports.handset.model import Body, Call, Direction, Line, Media, Phone, Spot
from transports.handset.pictures import PICTURE_BYTES, Picture, Pictures, read_picture
from transports.handset.problems import NotStored, TooLarge
from transports.handset.speech import Voice, words_of
from transports.intake import Arrival, Intake

log = structlog.get_logger(__name__)


class Acts:
    """The hands that hold the phones. An edge: it opens its own units.

    The line is committed before the platform hears of it, as a phone shows what was typed before it
    is delivered. `voice` is asked what a key has done in a call; without it none does anything.
    Each act gives the line; each raises NotFound, Refused or NotStored.
    """

    def __init__(
        self,
        database: Database,
        intake: Intake,
        clock: Clock,
        pictures: Pictures,
        voice: Voice | None = None,
    ) -> None:
        self._database = database
        self._intake = intake
        self._clock = clock
        self._pictures = pictures
        self._voice = voice

    async def write(
        self, phone_id: int, channel: Channel, text: str, reply_to: int | None = None
    ) -> Line:
        """Send a text, in a chat perhaps as the answer to a line of the platform."""
        return await self._send(phone_id, channel, Body(text=text, reply_to=reply_to))

    async def share(self, phone_id: int, spot: Spot, reply_to: int | None = None) -> Line:
        """Send a location, which only a chat can."""
        body = Body(media=Media.LOCATION, spot=spot, reply_to=reply_to)
        return await self._send(phone_id, Channel.TELEGRAM, body)

    async def speak(self, phone_id: int, channel: Channel, reply_to: int | None = None) -> Line:
        """Send a voice note."""
        return await self._send(phone_id, channel, Body(media=Media.VOICE, reply_to=reply_to))

    async def photograph(
        self, phone_id: int, channel: Channel, image: bytes | None, reply_to: int | None = None
    ) -> Line:
        """Send a photo; raises Invalid and TooLarge for an image that cannot be shown."""
        picture = None
        if image is not None:
            if len(image) > PICTURE_BYTES:
                raise TooLarge(_("handset.error.large"))
            picture = read_picture(image)
            if picture is None:
                raise Invalid(_("handset.error.image"))
        body = Body(media=Media.PHOTO, reply_to=reply_to)
        return await self._send(phone_id, channel, body, picture)

    async def press(self, phone_id: int, line_id: int, data: str) -> Line:
        """Press a button that stands under a line of the platform."""
        async with self._database.write() as session:
            phone = await _ready(session, phone_id, Channel.TELEGRAM)
            under, button = await _button(session, phone, line_id, data)
            line = await self._add(session, phone, Channel.TELEGRAM, Body(pressed=button.label))
        await self._arrive(line, inbound.pressed(phone, line, under, button))
        return line

    async def answer(self, phone_id: int, line_id: int) -> Line:
        """Take up a call that rings; gives the call."""
        async with self._database.write() as session:
            call = await self._call(session, phone_id, line_id, Call.RINGING)
            return await network.take_up(session, call, self._clock.now())

    async def hang_up(self, phone_id: int, line_id: int) -> Line:
        """Refuse a call that rings, or end one; gives the call."""
        async with self._database.write() as session:
            call = await self._call(session, phone_id, line_id, Call.RINGING, Call.TALKING)
            return await network.hang_up(session, call, self._clock.now())

    async def dial(self, phone_id: int, line_id: int, digit: int) -> Line:
        """Press a key (1 to 9) in a call. The platform is asked what one that means something there
        has done, and the call ends with its answer; any other has it all said again. Gives the
        call."""
        async with self._database.write() as session:
            call = await self._call(session, phone_id, line_id, Call.TALKING)
            button = call.body.key(digit)
            if button is None:
                return call
            phone = await known(session, phone_id)
            pressed = Body(pressed=f"{digit} · {button.label}")
            line = await self._add(session, phone, Channel.VOICE, pressed)
        words = await self._ask(line, inbound.keyed(phone, call, digit))
        async with self._database.write() as session:
            await known(session, phone_id)
            # Who has taken the case needs no call any more: this one may have been ended meanwhile.
            return await network.conclude(session, call, words, self._clock.now())

    async def switch(self, phone_id: int, blocked: bool | None, no_signal: bool | None) -> Phone:
        """Turn the switches that are given. Telegram tells the bot when it is blocked."""
        async with self._database.write() as session:
            old = await known(session, phone_id)
            await store.switch(session, phone_id, blocked=blocked, no_signal=no_signal)
            line = None
            if blocked is not None and blocked != old.blocked:
                line = await self._add(session, old, Channel.TELEGRAM, Body(blocked=blocked))
            if no_signal is not None and no_signal != old.no_signal:
                turned = network.lose_signal if no_signal else network.find_signal
                await turned(session, old, self._clock.now())
            phone = await known(session, phone_id)
        if line is not None:
            await self._arrive(line, inbound.blocked(phone, line))
        return phone

    async def _send(
        self, phone_id: int, channel: Channel, body: Body, picture: Picture | None = None
    ) -> Line:
        async with self._database.write() as session:
            phone = await _ready(session, phone_id, channel)
            answered = await _answered(session, phone, channel, body.reply_to)
            line = await self._add(session, phone, channel, body)
            stopped = network.stops(body.text) if channel is Channel.SMS else None
            if stopped is not None:
                await store.switch(session, phone_id, stopped=stopped)
            if picture is not None:
                # Before the commit, so that no page sees the line without it.
                self._pictures.keep(line.id, picture)
        await self._arrive(line, inbound.typed(phone, line, answered))
        return line

    async def _call(self, session: Session, phone_id: int, line_id: int, *standing: Call) -> Line:
        """A call that stands so now; raises Refused when it is over."""
        phone = await known(session, phone_id)
        call = await store.line(session, line_id)
        if call is None or call.phone_id != phone.id or call.body.call is None:
            raise NotFound(_("handset.error.unknown"))
        late = call.until is not None and call.until <= self._clock.now()
        if late or call.body.call not in standing:
            raise Refused(_("handset.error.call"))
        return call

    async def _add(self, session: Session, phone: Phone, channel: Channel, body: Body) -> Line:
        now = self._clock.now()
        return await store.add_line(session, phone, channel, Direction.IN, body, now)

    async def _arrive(self, line: Line, arrival: Arrival) -> None:
        """Hand the arrival over; when it cannot be stored, the line says so on the screen."""
        try:
            await self._intake(arrival)
        except Exception as error:
            await self._lose(line, error)
            raise NotStored(_("handset.error.lost")) from error

    async def _ask(self, line: Line, form: Mapping[str, str]) -> str:
        """What the platform says to a key; when it cannot be asked, the call goes on."""
        try:
            if self._voice is None:
                raise LookupError
            return words_of(await self._voice(form))
        except Exception as error:
            await self._lose(line, error)
            raise NotStored(_("handset.error.lost")) from error

    async def _lose(self, line: Line, error: Exception) -> None:
        log.warning("handset.arrival_lost", line_id=line.id, error=type(error).__name__)
        async with self._database.write() as session:
            await store.edit_line(session, line, replace(line.body, lost=True), None)


async def _ready(session: Session, phone_id: int, channel: Channel) -> Phone:
    """The phone, when it can send on the channel."""
    phone = await known(session, phone_id)
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
    button = line.body.button(data) if line.channel is Channel.TELEGRAM else None
    if button is None:
        raise Refused(_("handset.error.button"))
    return line, button


async def _answered(
    session: Session, phone: Phone, channel: Channel, line_id: int | None
) -> Line | None:
    """The line of the platform that somebody answers; raises Refused when none can be."""
    if line_id is None:
        return None
    line = await store.line(session, line_id)
    if line is None or line.phone_id != phone.id:
        raise NotFound(_("handset.error.unknown"))
    ours = line.channel is Channel.TELEGRAM and line.direction is Direction.OUT
    if channel is not Channel.TELEGRAM or not ours or line.body.withdrawn:
        raise Refused(_("handset.error.reply"))
    return line
