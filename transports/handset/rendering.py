"""What a phone shows of a message, and what a real provider would refuse."""

from collections.abc import Mapping
from types import MappingProxyType

from delivery import utf16
from delivery.captions import MAX_CAPTION, WITHOUT_CAPTION
from delivery.content import Attachment, Content, Entity
from delivery.model import Failure, SendError
from kit.channels import Channel
from transports.handset.model import Body, Call
from transports.telegram import SENDS

MOST_SIGNS: Mapping[Channel, int] = MappingProxyType(
    {
        Channel.TELEGRAM: 4096,
        Channel.SMS: 1600,
        # twilio.com/docs/voice/twiml/say
        Channel.VOICE: 4096,
    }
)
TELEGRAM_DATA_BYTES = 64


def body_of(channel: Channel, content: Content) -> Body:
    """What the phone will show; raises SendError for what the real provider would refuse."""
    text = {Channel.SMS: content.sms, Channel.VOICE: content.spoken}.get(channel, content.chat)
    if len(text) > MOST_SIGNS[channel]:
        raise SendError(Failure.CONTENT_REFUSED, "too_long")
    file = _file(content) if channel is Channel.TELEGRAM else None
    if (not text.strip() and file is None) or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise SendError(Failure.CONTENT_REFUSED, "400")
    if channel is Channel.SMS:
        return Body(text=text)
    if channel is Channel.VOICE:
        return Body(text=text, buttons=content.buttons, call=Call.RINGING)
    for button in (button for row in content.buttons for button in row if not button.url):
        if not 0 < len(button.data.encode()) <= TELEGRAM_DATA_BYTES:
            raise SendError(Failure.CONTENT_REFUSED, "400")
    return Body(
        text=text,
        buttons=content.buttons,
        # A message of Telegram has buttons or asks for a place, not both.
        ask_location="" if content.buttons else content.ask_location,
        attachment=file,
        protected=content.protected,
        entities=_entities(content),
    )


def _entities(content: Content) -> tuple[Entity, ...]:
    """What stands bold, italic or as a link; one that does not lie in the text is refused."""
    whole = utf16.length(content.chat)
    if any(one.offset < 0 or one.length <= 0 for one in content.entities) or any(
        one.offset + one.length > whole for one in content.entities
    ):
        raise SendError(Failure.CONTENT_REFUSED, "400")
    return content.entities


def _file(content: Content) -> Attachment | None:
    """The file that goes with a content to a chat: of a kind that can have no caption, a text that
    must not be lost goes alone."""
    file = content.attachment
    if file is None:
        return None
    if file.kind not in SENDS:
        raise SendError(Failure.CONTENT_REFUSED, "unknown_kind")
    if file.kind in WITHOUT_CAPTION and content.chat:
        return None
    if len(content.chat) > MAX_CAPTION:
        raise SendError(Failure.CONTENT_REFUSED, "caption_too_long")
    return file
