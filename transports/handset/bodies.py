"""What the page may send, checked: where it comes from, how large it is, and its shape."""

from typing import Annotated, TypeVar

from fastapi import Request
from pydantic import AfterValidator, Base64Bytes, BaseModel, ConfigDict, Field, ValidationError

from kit.channels import WRITTEN, Channel
from kit.errors import Invalid
from locales.text import _
from transports.handset.pictures import PICTURE_BYTES
from transports.handset.problems import Foreign, NotJson, TooLarge

TEXT_SIGNS = 100_000
# A sign outside the basic plane may be written as two escapes of six bytes each.
TEXT_BYTES = TEXT_SIGNS * 12 + 1_000
BASE64_BYTES = PICTURE_BYTES * 4 // 3 + 1_000
MOST_MINUTES = 60 * 24 * 366


def _written(text: str) -> str:
    # No keyboard has it, and the webhooks take it out too.
    text = text.replace("\0", "")
    if not text.strip():
        raise ValueError("blank")
    return text


def _readable(name: str) -> str:
    name = name.strip()
    if not name or not name.isprintable():
        raise ValueError("not readable")
    return name


def _of_words(channel: Channel) -> Channel:
    if channel not in WRITTEN:
        raise ValueError("no words go by it")
    return channel


LineId = Annotated[int, Field(ge=1, le=2**53)]
Written = Annotated[Channel, AfterValidator(_of_words)]


class _Asked(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Named(_Asked):
    """A name for a phone."""

    name: Annotated[str, Field(max_length=60), AfterValidator(_readable)]


class Typed(_Asked):
    """A text on a channel; in a chat it may answer a line of the platform."""

    channel: Written
    text: Annotated[str, Field(max_length=TEXT_SIGNS), AfterValidator(_written)]
    reply_to: LineId | None = None


class Pressed(_Asked):
    """A button under a line."""

    line_id: LineId
    data: Annotated[str, Field(min_length=1, max_length=64)]


class Shared(_Asked):
    """A location, in degrees."""

    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
    reply_to: LineId | None = None


class Pictured(_Asked):
    """A photo; without `image` (base64) it is a mere marker."""

    channel: Written = Channel.TELEGRAM
    image: Base64Bytes | None = None
    reply_to: LineId | None = None


class Voiced(_Asked):
    """A voice note, always a mere marker."""

    channel: Written = Channel.TELEGRAM
    reply_to: LineId | None = None


class Called(_Asked):
    """A call that is answered or hung up."""

    line_id: LineId


class Keyed(_Asked):
    """A key of the phone, pressed in a call."""

    line_id: LineId
    digit: Annotated[int, Field(ge=1, le=9)]


class Switched(_Asked):
    """Switches to turn; those that are left out stay."""

    blocked: bool | None = None
    no_signal: bool | None = None


class OnDuty(_Asked):
    """Whether a phone is of somebody on duty."""

    on_duty: bool


class Nothing(_Asked):
    """No more than that it is asked for."""


class Later(_Asked):
    """How far to move the clock forward."""

    minutes: Annotated[int, Field(ge=1, le=MOST_MINUTES)]


Asked = TypeVar("Asked", bound=_Asked)

WRONG = {
    "text": _("handset.error.text"),
    "name": _("handset.error.name"),
    "channel": _("handset.error.channel"),
    "lat": _("handset.error.spot"),
    "lon": _("handset.error.spot"),
    "image": _("handset.error.image"),
    "minutes": _("handset.error.minutes"),
}


def from_here(request: Request) -> None:
    """Raise Foreign for a request that a browser made for another site's page.

    Browsers say so in one of two headers; a program that is no browser sends neither.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    own = request.headers.get("host", "")
    if (site is not None and site != "same-origin") or (
        origin is not None and origin.partition("://")[2] != own
    ):
        raise Foreign(_("handset.error.foreign"))


async def asked(request: Request, shape: type[Asked], most: int = TEXT_BYTES) -> Asked:
    """The body in the given shape; raises Foreign, NotJson, TooLarge or Invalid."""
    from_here(request)
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise NotJson(_("handset.error.body"))
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise TooLarge(_("handset.error.large"))
    try:
        return shape.model_validate_json(bytes(body))
    except ValidationError as error:
        place = error.errors(include_input=False, include_url=False)[0]["loc"]
        name = str(place[0]) if place else ""
        # The cause would show what was written.
        raise Invalid(WRONG.get(name, _("handset.error.body"))) from None
