"""The Bot API as our calls use it: aiogram's session and methods, narrowed to what is read.

An answer is read for its message id alone and updates are kept as they came, so that neither a
new field nor a new kind of update, which aiogram could not parse, makes a sent message uncertain
or a call for help unreadable.
"""

import json
from datetime import timedelta

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import TelegramAPIError
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import InlineKeyboardMarkup, MessageId, ReplyKeyboardMarkup
from aiohttp import ClientSession

from transports.exchange import watching
from transports.refusal import Refusal

Update = dict[str, object]

EVERY_KIND: list[str] = []
"""All updates but those that are for administrators of groups; it must be said, or the choice of
an earlier call stays."""


class SendText(TelegramMethod[MessageId]):
    """sendMessage, in plain text."""

    __returning__ = MessageId
    __api_method__ = "sendMessage"

    chat_id: str
    text: str
    reply_markup: InlineKeyboardMarkup | ReplyKeyboardMarkup | None = None


class EditText(TelegramMethod[MessageId]):
    """editMessageText, in plain text; without buttons the old ones go."""

    __returning__ = MessageId
    __api_method__ = "editMessageText"

    chat_id: str
    message_id: int
    text: str
    reply_markup: InlineKeyboardMarkup | None = None


class GetRawUpdates(TelegramMethod[list[Update]]):
    """getUpdates, unparsed. `timeout` in seconds; what stands below `offset` is confirmed."""

    __returning__ = list[Update]
    __api_method__ = "getUpdates"

    offset: int
    timeout: int
    allowed_updates: list[str] = EVERY_KIND


# pydantic forgets a generic model that nobody holds, and builds it anew for an answer.
_KEPT = (Response[MessageId], Response[list[Update]], Response[bool])


class Session(AiohttpSession):
    """aiogram's session without its limit of connections and its own time-outs.

    How many sends are under way is the senders' business: with a limit here, a page would queue
    for a connection behind bulk that hangs.
    """

    async def create_session(self) -> ClientSession:
        if self._session is None or self._session.closed:
            self._session = ClientSession(
                connector=self._connector_type(**self._connector_init),
                trace_configs=[watching()],
            )
        return self._session

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        """Raises `Refusal` for whatever Telegram, or a gateway before it, refuses."""
        if 200 <= status_code < 300:
            try:
                return super().check_response(bot, method, status_code, content)
            except TelegramAPIError:
                pass
        raise read_refusal(status_code, content)


def read_refusal(status: int, content: str) -> Refusal:
    """The refusal in an answer, which is JSON of the Bot API or a gateway's page."""
    try:
        body: object = json.loads(content)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        return Refusal(status)
    code = body.get("error_code")
    parameters = body.get("parameters")
    wait = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return Refusal(
        code if isinstance(code, int) else status,
        str(body.get("description", "")),
        timedelta(seconds=wait) if isinstance(wait, int) else None,
    )
