"""The webhooks. An arrival is stored before it is confirmed; a wrong signature stores nothing."""

import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

import structlog
from fastapi import APIRouter, Request, Response

from kit.channels import Channel

log = structlog.get_logger(__name__)

LARGEST_BODY = 1_000_000
Receive = Callable[[Channel, str, str], Awaitable[None]]
Status = Callable[[Mapping[str, str]], Awaitable[None]]
Signed = Callable[[str, Mapping[str, str], str], bool]
Voice = Callable[[Mapping[str, str]], Awaitable[str]]
FormOf = Callable[[Request], Awaitable[dict[str, str] | Response]]

OK = Response(status_code=200)
EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


@dataclass(frozen=True, slots=True)
class TwilioHooks:
    """What the webhooks of Twilio need: who checks a signature, where a receipt goes, and what a
    call says, in TwiML; None where no calls are placed.

    Both are given everything that Twilio signed: the fields of the form, and those of the address
    that it was told to call.
    """

    public_url: str
    signed: Signed
    status: Status
    voice: Voice | None = None


def telegram_routes(receive: Receive, secret: str) -> APIRouter:
    """The webhook of Telegram."""
    routes = APIRouter()

    @routes.post("/webhooks/telegram", include_in_schema=False)
    async def telegram(request: Request) -> Response:
        given = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if not secret or not hmac.compare_digest(given.encode(), secret.encode()):
            return _refused("telegram", "secret", 403)
        body = await _body(request)
        if body is None:
            return _refused("telegram", "size", 413)
        try:
            raw = body.decode()
            update = json.loads(raw)
        except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
            return _refused("telegram", "json", 400)
        update_id = update.get("update_id") if isinstance(update, dict) else None
        if not isinstance(update_id, int) or isinstance(update_id, bool):
            return _refused("telegram", "update_id", 400)
        await receive(Channel.TELEGRAM, str(update_id), raw)
        return OK

    return routes


def twilio_routes(receive: Receive, hooks: TwilioHooks) -> APIRouter:
    """The webhooks of Twilio: messages, status callbacks and calls, all of them signed."""
    routes = APIRouter()

    async def form_of(request: Request) -> dict[str, str] | Response:
        body = await _body(request)
        if body is None:
            return _refused("twilio", "size", 413)
        try:
            pairs = parse_qsl(
                body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=200
            )
        except ValueError:
            return _refused("twilio", "form", 400)
        form = dict(pairs)
        # The address under which Twilio signed is the public one, not what a proxy passes on.
        url = hooks.public_url.rstrip("/") + request.url.path
        if request.url.query:
            url = f"{url}?{request.url.query}"
        if not hooks.signed(url, form, request.headers.get("X-Twilio-Signature", "")):
            return _refused("twilio", "signature", 403)
        # Signed as it came; PostgreSQL takes no NUL in a text.
        return {name: value.replace("\0", "") for name, value in form.items()}

    @routes.post("/webhooks/twilio/message", include_in_schema=False)
    async def message(request: Request) -> Response:
        form = await form_of(request)
        if isinstance(form, Response):
            return form
        if not form.get("MessageSid") or not form.get("From"):
            return _refused("twilio", "fields", 400)
        raw = json.dumps(form, ensure_ascii=False)
        await receive(Channel.SMS, form["MessageSid"][:64], raw)
        return Response(EMPTY_TWIML, media_type="application/xml")

    @routes.post("/webhooks/twilio/status", include_in_schema=False)
    async def status(request: Request) -> Response:
        form = await form_of(request)
        if isinstance(form, Response):
            return form
        await hooks.status({**request.query_params, **form})
        return Response(status_code=204)

    if hooks.voice is not None:
        _voice_route(routes, form_of, hooks.voice)
    return routes


def _voice_route(routes: APIRouter, form_of: FormOf, voice: Voice) -> None:
    @routes.post("/webhooks/twilio/voice", include_in_schema=False)
    async def call(request: Request) -> Response:
        form = await form_of(request)
        if isinstance(form, Response):
            return form
        if not form.get("CallSid"):
            return _refused("twilio", "fields", 400)
        twiml = await voice({**request.query_params, **form})
        return Response(twiml, media_type="application/xml")


async def _body(request: Request) -> bytes | None:
    """The whole body, or None when it is larger than anything a provider sends."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > LARGEST_BODY:
            return None
        parts.append(part)
    return b"".join(parts)


def _refused(provider: str, why: str, status: int) -> Response:
    log.warning("webhook.refused", provider=provider, why=why)
    return Response(status_code=status)
