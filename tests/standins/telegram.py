"""A stand-in of the Telegram Bot API, which a real client cannot tell from the real one."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from aiohttp import ClientSession, web

from tests.patience import PATIENCE
from tests.standins.book import Book
from tests.standins.records import Record, Sent
from tests.standins.server import StandInServer, Taken, ignore, wall_clock
from tests.standins.telegram_answers import me, message, ok
from tests.standins.telegram_drafts import SENDS, Chats, Draft, draft
from tests.standins.telegram_errors import ApiError
from tests.standins.telegram_files import Files
from tests.standins.telegram_params import Params, read_params
from tests.standins.telegram_polling import Update, UpdateQueue
from tests.standins.telegram_settings import BotSettings
from tests.standins.telegram_updates import (
    BOT_ID,
    blocked_update,
    callback_update,
    location_update,
    message_update,
    photo_update,
    text_update,
    unblocked_update,
    unknown_update,
    voice_update,
)

# A test needs the stand-in and what people do to it: one import for both.
__all__ = [
    "TOKEN",
    "TelegramStandIn",
    "blocked_update",
    "callback_update",
    "location_update",
    "message_update",
    "photo_update",
    "text_update",
    "unblocked_update",
    "unknown_update",
    "voice_update",
]

TOKEN = f"{BOT_ID}:AAstandin-token-of-no-bot-at-all-000000"

_SILENT = (
    "getMe",
    "getUpdates",
    "setWebhook",
    "deleteWebhook",
    "getWebhookInfo",
    "setMyCommands",
    "getFile",
)
_CHANGES = (
    "editMessageReplyMarkup",
    "deleteMessage",
    "answerCallbackQuery",
    "setMessageReaction",
    "sendChatAction",
)
_METHODS = {name.lower(): name for name in (*_SILENT, *_CHANGES, *SENDS)}


class TelegramStandIn(StandInServer):
    """The Bot API for one bot.

    `sent` holds what people read; each is given to `on_taken` before it is answered. `calls`
    holds those and every other accepted call that changes something in a chat. `now` is the
    provider's clock: give the moved clock of a story, or dates will disagree.
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        port: int = 0,
        now: Callable[[], datetime] = wall_clock,
        on_taken: Taken = ignore,
        reach: str | None = None,
    ) -> None:
        super().__init__(port, reach)
        self.token = token
        self.calls: list[Sent] = []
        self.files = Files()
        self._updates = UpdateQueue()
        self.settings = BotSettings(self._updates)
        self._book: Book[Sent] = Book()
        self._chats = Chats()
        self._now = now
        self._on_taken = on_taken

    @property
    def sent(self) -> list[Sent]:
        """Every message and edit, in the order in which they came."""
        return self._book.entries

    @property
    def pending_updates(self) -> list[Update]:
        """What the bot has not confirmed yet."""
        return self._updates.pending

    async def wait_for_message(
        self, chat_id: int, containing: str = "", timeout: float = PATIENCE
    ) -> Sent:
        """The first message to a chat that holds these words; AssertionError after `timeout`."""
        return await self._book.wait_for(_about(chat_id, containing), timeout)

    async def expect(self, chat_id: int, containing: str = "", timeout: float = PATIENCE) -> Sent:
        """The same among those not yet expected, and now expected."""
        return await self._book.expect(_about(chat_id, containing), timeout)

    def unexpected(self) -> list[Sent]:
        """What was sent and no `expect` has asked for."""
        return self._book.unexpected()

    def take_unexpected(self) -> list[Sent]:
        """The same, and count it as expected from now on."""
        return self._book.take_unexpected()

    def push_update(self, update: Mapping[str, object]) -> None:
        """Queue an update for getUpdates."""
        self._updates.push(update)

    async def wait_for_polls(self, times: int = 1, timeout: float = PATIENCE) -> None:
        """Return once getUpdates was called so many times in all; raises TimeoutError."""
        async with asyncio.timeout(timeout):
            await self._updates.wait_for_polls(times)

    async def post_update(self, update: Mapping[str, object]) -> int:
        """Bring an update to the webhook; gives the HTTP status. Do it again for a repetition."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.settings.webhook.secret}
        async with (
            ClientSession() as session,
            session.post(
                self.reachable(self.settings.webhook.url),
                json=dict(update),
                headers=headers if self.settings.webhook.secret else {},
            ) as answer,
        ):
            return answer.status

    def restore(self, record: Sent) -> None:
        """Take back what an earlier process took; it counts as expected."""
        self._book.record(record, seen=True)
        if record.chat_id is not None and record.message_id is not None:
            self._chats.put(record.chat_id, record.message_id, {"text": record.text})

    def routes(self) -> Sequence[web.RouteDef]:
        return [
            web.route("*", "/bot{token}/{method}", self._call),
            web.get("/file/bot{token}/{path:.+}", self._file),
            web.post("/control/updates", self._push),
        ]

    def records(self) -> list[Record]:
        return list(self.sent)

    def close(self) -> None:
        super().close()
        self._updates.close()

    async def _call(self, request: web.Request) -> web.Response:
        try:
            if request.match_info["token"] != self.token:
                raise ApiError(401, "Unauthorized")
            method = _METHODS.get(request.match_info["method"].lower())
            if method is None:
                raise ApiError(404, "Not Found")
            params = await read_params(request)
            return await self._answer(request, method, params)
        except ApiError as refused:
            return web.json_response(refused.body, status=refused.code)

    async def _answer(self, request: web.Request, method: str, params: Params) -> web.Response:
        checked = draft(method, params, self._chats, self.files, self._now())

        async def take() -> web.Response:
            if checked is not None:
                return web.json_response(ok(self._take(checked)))
            return web.json_response(await self._tell(method, params))

        recipient = params.text("chat_id") or None
        return await self.serve(request, method, recipient, take, sends=method in SENDS)

    def _take(self, checked: Draft) -> object:
        """Do what a checked call says, and give its result."""
        message_id = checked.edits
        result: object = True
        if checked.chat_id is not None:
            if checked.method == "deleteMessage" and message_id is not None:
                self._chats.delete(checked.chat_id, message_id)
            elif checked.edits is not None or checked.method in SENDS:
                message_id = message_id or self._chats.next_id()
                result = self._put(checked, checked.chat_id, message_id)
        record = checked.record(message_id)
        self.calls.append(record)
        if checked.method in SENDS:
            self._book.record(record)
            self._on_taken(record)
        return result

    def _put(self, checked: Draft, chat_id: int, message_id: int) -> dict[str, object]:
        at = self._now()
        content = dict(checked.content or {})
        if checked.edits is not None:
            old = dict(self._chats.get(chat_id, message_id) or {})
            old.pop("reply_markup", None)
            content = old | content
            content["edit_date"] = int(at.timestamp())
        body = message(chat_id, message_id, at, content, checked.markup)
        self._chats.put(chat_id, message_id, body)
        return body

    async def _tell(self, method: str, params: Params) -> dict[str, object]:
        """The answer to a call that changes no chat."""
        match method:
            case "getUpdates":
                return ok(await self.settings.poll(params))
            case "setWebhook":
                return ok(True, self.settings.set_webhook(params))
            case "deleteWebhook":
                gone = Params({**params.fields, "url": ""}, {})
                return ok(True, self.settings.set_webhook(gone))
            case "getWebhookInfo":
                return ok(self.settings.webhook_info())
            case "setMyCommands":
                self.settings.set_commands(params)
                return ok(True)
            case "getFile":
                return ok(self.files.get(params.text("file_id")).described())
        return ok(me())

    async def _file(self, request: web.Request) -> web.Response:
        file = self.files.at(request.match_info["path"])
        if request.match_info["token"] != self.token or file is None:
            refused = ApiError(404, "Not Found")
            return web.json_response(refused.body, status=404)
        return web.Response(body=file.content, content_type="application/octet-stream")

    async def _push(self, request: web.Request) -> web.Response:
        update: object = await request.json()
        if not isinstance(update, dict):
            raise web.HTTPUnprocessableEntity(text="not an update")
        self.push_update(update)
        return web.json_response({"pending": len(self.pending_updates)})


def _about(chat_id: int, containing: str) -> Callable[[Sent], bool]:
    return lambda sent: sent.chat_id == chat_id and containing in sent.text
