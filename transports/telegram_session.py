"""The Bot API as our calls use it: aiogram's extension point over a lean HTTP client.

An answer is read for what is needed of it alone and updates are kept as they came, so that neither
a new field nor a new kind of update, which aiogram could not parse, makes a sent message uncertain
or a call for help unreadable.
"""

import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from datetime import timedelta

import structlog
from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType
from pydantic import TypeAdapter
from pydantic_core import from_json, to_json

from delivery.model import Failure, SendError
from delivery.uploads import SLOWEST, File
from transports.http_client import HttpClient
from transports.http_connection import Answer, Lost
from transports.multipart import form_of
from transports.refusal import Refusal
from transports.telegram_errors import judge

log = structlog.get_logger(__name__)

Update = dict[str, object]

EVERY_KIND: list[str] = []
"""All updates but those that are for administrators of groups; it must be said, or the choice of
an earlier call stays."""


class Session(BaseSession):
    """Every call of one bot, as JSON over kept connections; `timeout` in seconds.

    What is sent by the thousand goes straight to `call`. aiogram's own methods come through
    `make_request`, which carries no files; those go by `upload`.
    """

    def __init__(self, token: str, api: TelegramAPIServer, timeout: float) -> None:
        super().__init__(api=api, timeout=timeout)
        self._http = HttpClient(api.api_url(token, ""))

    async def call(
        self, method: str, params: Mapping[str, object], timeout: float | None = None
    ) -> object:
        """The result of a call, as it came. Raises `SendError` and nothing else.

        Without an answer it is TRY_LATER while the request had not left, and UNKNOWN_OUTCOME from
        then on.
        """
        body = None
        with suppress(ValueError):
            body = to_json(params)
        if body is None:
            # Not even a request can be made of it, as of half a surrogate pair. Raised out here
            # so that it drags along no error that holds the text.
            raise SendError(Failure.CONTENT_REFUSED, "unsendable")
        answer = await self._http.post(b"/" + method.encode(), body, timeout or self.timeout)
        return _result(answer)

    async def upload(self, method: str, params: Mapping[str, object], file: File) -> object:
        """The same of a call that brings a file with it, which may take long. A file that cannot be
        read to its end is TRY_LATER."""
        form = None
        with suppress(ValueError):
            form = form_of({name: _field(value) for name, value in params.items()}, file)
        if form is None:
            raise SendError(Failure.CONTENT_REFUSED, "unsendable")
        seconds = self.timeout + form.length / SLOWEST
        path = b"/" + method.encode()
        answer: Answer | Lost | None = None
        try:
            answer = await self._http.post_pieces(
                path, form.kind, form.length, form.pieces(), seconds
            )
        except Exception as error:
            # Only the kind of the error: its text could hold what a person wrote.
            log.error("telegram.file_unreadable", error=type(error).__name__)
        if answer is None:
            raise SendError(Failure.TRY_LATER, "file")
        return _result(answer)

    async def make_request(
        self, bot: Bot, method: TelegramMethod[TelegramType], timeout: int | None = None
    ) -> TelegramType:
        """A method of aiogram's; its result is checked as aiogram does."""
        files: dict[str, object] = {}
        prepared = {
            name: value
            for name, given in method.model_dump(warnings=False).items()
            if (value := self.prepare_value(given, bot, files)) is not None
        }
        if files:
            raise _no_files()
        result = await self.call(method.__api_method__, prepared, timeout)
        with suppress(ValueError):
            checked: TelegramType = TypeAdapter(method.__returning__).validate_python(
                result, context={"bot": bot}
            )
            return checked
        raise unreadable()

    def stream_content(
        self,
        url: str,
        headers: dict[str, object] | None = None,
        timeout: int = 30,
        chunk_size: int = 65536,
        raise_for_status: bool = True,
    ) -> AsyncGenerator[bytes, None]:
        """aiogram downloads files through it, and we download none: raises `SendError`."""
        raise _no_files()

    async def close(self) -> None:
        await self._http.close()


def _no_files() -> SendError:
    """This connection carries JSON alone: a file goes by the name that Telegram has for it."""
    return SendError(Failure.CONTENT_REFUSED, "files")


def unreadable() -> SendError:
    """A success that nobody can read: the message may have been taken."""
    return SendError(Failure.UNKNOWN_OUTCOME, "unreadable")


def read_refusal(status: int, content: str | bytes) -> Refusal:
    """The refusal in an answer, which is JSON of the Bot API or a gateway's page."""
    body = _read(content)
    if not isinstance(body, dict):
        return Refusal(status)
    code = body.get("error_code")
    parameters = body.get("parameters")
    wait = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return Refusal(
        code if isinstance(code, int) else status,
        str(body.get("description", "")),
        timedelta(seconds=wait) if isinstance(wait, int) and 0 <= wait < 10**9 else None,
    )


def _field(value: object) -> str:
    """A parameter as a form has it; raises ValueError for what no JSON can hold."""
    return value if isinstance(value, str) else to_json(value).decode()


def _result(answer: Answer | Lost) -> object:
    if isinstance(answer, Lost):
        failure = Failure.UNKNOWN_OUTCOME if answer.left else Failure.TRY_LATER
        raise SendError(failure, answer.code)
    if not 200 <= answer.status < 300:
        raise judge(read_refusal(answer.status, answer.body))
    body = _read(answer.body)
    if not isinstance(body, dict):
        raise unreadable()
    if body.get("ok") is True:
        return body.get("result")
    if "error_code" in body:
        raise judge(read_refusal(answer.status, answer.body))
    raise unreadable()


def _read(content: str | bytes) -> object:
    """A JSON text; None for anything else."""
    try:
        read: object = from_json(content)
    except ValueError:
        # It is strict about half a surrogate pair, which must not hold up all updates.
        try:
            read = json.loads(content)
        except (ValueError, RecursionError):
            read = None
    return read
