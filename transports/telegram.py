"""Telegram: sending by the Bot API, through aiogram, and receiving by long polling."""

import asyncio
import re
from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from aiogram import Bot
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.methods import AnswerCallbackQuery, DeleteWebhook, SetMyCommands, SetWebhook
from aiogram.types import BotCommand
from aiogram.utils.token import TokenValidationError

from delivery.captions import MAX_CAPTION, WITHOUT_CAPTION
from delivery.content import Attachment, Content
from delivery.model import Failure, SendError
from delivery.transport import Outgoing
from delivery.uploads import File, Uploaded
from kit.channels import Channel, Endpoint
from transports import telegram_files
from transports.intake import Intake
from transports.telegram_errors import NOT_DELETABLE, NOT_EDITABLE, NOT_MODIFIED
from transports.telegram_polling import poll
from transports.telegram_session import EVERY_KIND, Session, Update, unreadable
from transports.telegram_way_in import WayIn

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}", re.ASCII)

MAX_TEXT = 4096  # characters; core.telegram.org/bots/api#sendmessage
LONG_POLL = 30  # seconds that a getUpdates waits for news

SENDS: Mapping[str, str] = MappingProxyType(
    {
        "photo": "sendPhoto",
        "voice": "sendVoice",
        "video": "sendVideo",
        "animation": "sendAnimation",
        "video_note": "sendVideoNote",
        "audio": "sendAudio",
        "document": "sendDocument",
        "sticker": "sendSticker",
    }
)
"""By which method each kind of attachment goes; the method's parameter is called as the kind is."""

_BECOMES: Mapping[str, tuple[str, ...]] = MappingProxyType({"video": ("video", "animation")})
"""As what a file may come back that was uploaded as one kind: a video without sound is an
animation. A voice note that came back as a document would not be heard as one."""


class TelegramTransport:
    """Sends through one bot.

    `rate` is messages a second, `timeout` the seconds that a call may take before its outcome is
    unknown. Raises ValueError when the token is not a bot's number, a colon and a secret, or
    `api_url` no address of a server.
    """

    def __init__(
        self, token: str, *, api_url: str | None = None, rate: float = 30, timeout: float = 10
    ) -> None:
        server = PRODUCTION if api_url is None else TelegramAPIServer.from_base(api_url)
        try:
            self._session = Session(token, server, timeout)
            self._bot = Bot(token, self._session)
            self._number = token.partition(":")[0]
            self._server, self._token = server, token
        except TokenValidationError:
            raise ValueError("a bot token is a number, a colon and a secret") from None
        self._rate = rate
        self._timeout = timeout
        self._way_in = WayIn()

    @property
    def name(self) -> str:
        return Channel.TELEGRAM.value

    @property
    def channel(self) -> Channel:
        return Channel.TELEGRAM

    @property
    def urgent_only(self) -> bool:
        return False

    @property
    def rate(self) -> float:
        return self._rate

    @property
    def bot(self) -> str:
        """The bot's number, which is no secret. Names of files are its own."""
        return self._number

    def units(self, content: Content) -> int:
        del content
        return 1

    async def send(self, outgoing: Outgoing) -> str:
        """Send as a new message, or edit the one that the content replaces.

        One that asks for a location or has an attachment cannot be an edit and goes as a new
        message. A message has buttons or the request, not both: with buttons, the request is left
        out. A text too long for a caption is refused, never cut. A round video or a sticker can
        have no text: of one with a text only the text is sent, which must not be lost. Whoever has
        both queues `delivery.captions.parts_of`. An edit stays as protected as the message was.
        """
        chat_id, content = outgoing.to.value, outgoing.content
        file = _file_of(content)
        if len(content.chat) > (MAX_TEXT if file is None else MAX_CAPTION):
            too_long = "too_long" if file is None else "caption_too_long"
            raise SendError(Failure.CONTENT_REFUSED, too_long)
        editable = file is None and (content.buttons or not content.ask_location)
        if content.replaces is not None and editable:
            edited = await self._edit(chat_id, content.replaces, content)
            if edited is not None:
                return edited
        method, params = _call_of(content, file)
        params |= {"chat_id": chat_id, **_manner(content)}
        return _message_id(await self._session.call(method, params))

    async def upload(self, to: Endpoint, content: Content, file: File) -> Uploaded:
        """Send a content with a file that Telegram does not hold yet, to be sent by its name later.

        Raises `SendError` and nothing else; also when Telegram takes the file for something else
        than it is said to be.
        """
        if file.kind not in SENDS:
            raise SendError(Failure.CONTENT_REFUSED, "unknown_kind")
        if len(content.chat) > MAX_CAPTION:
            raise SendError(Failure.CONTENT_REFUSED, "caption_too_long")
        method, params = _call_of(content, Attachment(file.kind, ""))
        del params[file.kind]
        params |= {"chat_id": to.value, **_manner(content)}
        message = await self._session.upload(method, params, file)
        return Uploaded(_uploaded(message, file.kind), _message_id(message))

    async def withdraw(self, to: Endpoint, provider_id: str) -> bool:
        """Delete a message for both sides; False when it is gone already or older than 48 hours.

        Raises `SendError`.
        """
        if not provider_id.isdecimal():
            return False
        params = {"chat_id": to.value, "message_id": int(provider_id)}
        try:
            await self._session.call("deleteMessage", params)
        except SendError as error:
            if error.code in (NOT_DELETABLE, NOT_EDITABLE):
                return False
            raise
        return True

    async def download(self, name: str) -> bytes | None:
        """The bytes of a file by Telegram's name of it; None when they cannot be had: it is larger
        than 20 MB, of another bot, or Telegram does not answer in time."""
        try:
            found = await self._session.call("getFile", {"file_id": name})
        except SendError:
            return None
        path = found.get("file_path") if isinstance(found, dict) else None
        if not isinstance(path, str) or not path:
            return None
        url = self._server.file_url(self._token, path)
        return await telegram_files.read(url, self._timeout * 3)

    async def acknowledge(self, callback_id: str) -> None:
        """Stop the clock on a pressed button, if it can be done; never raises `SendError`."""
        try:
            await self._bot(AnswerCallbackQuery(callback_query_id=callback_id))
        except SendError:
            # The button works all the same, and a query that is old cannot be answered any more.
            return

    async def set_webhook(self, url: str, secret: str) -> None:
        """Have updates brought to `url`; raises `SendError`."""
        await self._bot(SetWebhook(url=url, secret_token=secret, allowed_updates=EVERY_KIND))

    async def delete_webhook(self) -> None:
        """Keep updates for polling, which a webhook prevents; raises `SendError`."""
        await self._bot(DeleteWebhook())

    async def set_commands(self, commands: Mapping[str, str], language: str | None = None) -> None:
        """Show commands and what they do, for a two-letter language or for everybody."""
        await self._bot(
            SetMyCommands(
                commands=[
                    BotCommand(command=name, description=does) for name, does in commands.items()
                ],
                language_code=language,
            )
        )

    async def poll(self, intake: Intake, stop: asyncio.Event) -> None:
        """Bring updates to `intake` until `stop`, each confirmed only after it is stored."""
        await poll(self._updates, intake, stop)

    async def username(self) -> str:
        """The bot's name at Telegram, of which t.me/NAME leads to it. Raises `SendError`."""
        told = await self._session.call("getMe", {})
        name = told.get("username") if isinstance(told, dict) else None
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise unreadable()
        return name

    async def lag(self) -> timedelta:
        """How long updates have been waiting for us at Telegram, as far as repeated asking shows;
        zero when none does. Raises `SendError`."""
        info = await self._session.call("getWebhookInfo", {})
        return self._way_in.seen(info, asyncio.get_running_loop().time())

    async def close(self) -> None:
        await self._session.close()

    async def _edit(self, chat_id: str, message_id: int, content: Content) -> str | None:
        """The id of the edited message; None when it can be edited no longer."""
        params: dict[str, object] = {
            "chat_id": chat_id,
            "message_id": message_id,
            "text": content.chat,
        }
        if content.entities:
            params["entities"] = _entities(content)
        if content.buttons:
            params["reply_markup"] = _buttons(content)
        try:
            return _message_id(await self._session.call("editMessageText", params))
        except SendError as error:
            if error.code == NOT_MODIFIED:
                return str(message_id)
            if error.code == NOT_EDITABLE:
                return None
            raise

    async def _updates(self, offset: int) -> list[Update]:
        params = {"offset": offset, "timeout": LONG_POLL, "allowed_updates": EVERY_KIND}
        updates = await self._session.call("getUpdates", params, self._timeout + LONG_POLL)
        if not isinstance(updates, list) or not all(isinstance(one, dict) for one in updates):
            raise unreadable()
        return updates


def _manner(content: Content) -> dict[str, object]:
    """How a content is shown, whatever it says: what hangs below it, and who may pass it on."""
    params: dict[str, object] = {}
    if content.protected:
        params["protect_content"] = True
    if content.buttons:
        params["reply_markup"] = _buttons(content)
    elif content.ask_location:
        params["reply_markup"] = _location_request(content)
    return params


def _uploaded(message: object, kind: str) -> Attachment:
    """What a file is called that came with a message, and what it has become."""
    for become in _BECOMES.get(kind, (kind,)):
        found = message.get(become) if isinstance(message, dict) else None
        if isinstance(found, list) and found:
            # Of a photo there are several sizes, each with a name; any of them brings all.
            found = found[-1]
        name = found.get("file_id") if isinstance(found, dict) else None
        if isinstance(name, str) and name:
            return Attachment(become, name)
    raise SendError(Failure.CONTENT_REFUSED, "other_kind")


def _file_of(content: Content) -> Attachment | None:
    """The attachment that goes with a content: see `send`. Raises `SendError` for a kind that
    nobody knows."""
    file = content.attachment
    if file is not None and file.kind not in SENDS:
        raise SendError(Failure.CONTENT_REFUSED, "unknown_kind")
    return None if file is None or (file.kind in WITHOUT_CAPTION and content.chat) else file


def _call_of(content: Content, file: Attachment | None) -> tuple[str, dict[str, object]]:
    """The method that sends a content, and what of its parameters says the content."""
    params: dict[str, object]
    if file is None:
        method, text, marks, params = "sendMessage", "text", "entities", {}
    else:
        method, text, marks = SENDS[file.kind], "caption", "caption_entities"
        params = {file.kind: file.file}
    if content.chat or file is None:
        params[text] = content.chat
        if content.entities:
            params[marks] = _entities(content)
    return method, params


def _entities(content: Content) -> list[dict[str, object]]:
    """What of the text stands bold, italic or as a link, in the words of the Bot API."""
    return [
        {"type": "text_link", "offset": one.offset, "length": one.length, "url": one.url}
        if one.kind == "link"
        else {"type": one.kind, "offset": one.offset, "length": one.length}
        for one in content.entities
    ]


def _message_id(message: object) -> str:
    """Of a message that was sent: nothing else of it is read."""
    number = message.get("message_id") if isinstance(message, dict) else None
    if not isinstance(number, int):
        raise unreadable()
    return str(number)


def _buttons(content: Content) -> dict[str, object]:
    return {
        "inline_keyboard": [
            [
                {"text": button.label, "url": button.url}
                if button.url
                else {"text": button.label, "callback_data": button.data}
                for button in row
            ]
            for row in content.buttons
        ]
    }


def _location_request(content: Content) -> dict[str, object]:
    return {
        "keyboard": [[{"text": content.ask_location, "request_location": True}]],
        "one_time_keyboard": True,
        "resize_keyboard": True,
    }
