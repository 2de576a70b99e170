"""Telegram: sending by the Bot API, through aiogram, and receiving by long polling."""

import asyncio
from collections.abc import Callable, Mapping
from typing import TypeVar

from aiogram import Bot
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteWebhook,
    SetMyCommands,
    SetWebhook,
    TelegramMethod,
)
from aiogram.types import (
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
)
from aiogram.utils.token import TokenValidationError

from delivery.content import Content
from delivery.model import Failure, SendError
from delivery.transport import Outgoing
from kit.channels import Channel
from transports.exchange import exchange
from transports.intake import Intake
from transports.telegram_errors import NOT_EDITABLE, NOT_MODIFIED, judge
from transports.telegram_polling import poll
from transports.telegram_session import (
    EVERY_KIND,
    EditText,
    GetRawUpdates,
    SendText,
    Session,
    Update,
)

MAX_TEXT = 4096  # characters; core.telegram.org/bots/api#sendmessage
LONG_POLL = 30  # seconds that a getUpdates waits for news

T = TypeVar("T")


class TelegramTransport:
    """Sends through one bot.

    `rate` is messages a second, `timeout` the seconds that a call may take before its outcome is
    unknown. Raises ValueError when the token is not a bot's number, a colon and a secret.
    """

    def __init__(
        self, token: str, *, api_url: str | None = None, rate: float = 30, timeout: float = 10
    ) -> None:
        server = PRODUCTION if api_url is None else TelegramAPIServer.from_base(api_url)
        try:
            self._bot = Bot(token, Session(api=server, limit=0, timeout=0))
        except TokenValidationError:
            raise ValueError("a bot token is a number, a colon and a secret") from None
        self._rate = rate
        self._timeout = timeout

    @property
    def channel(self) -> Channel:
        return Channel.TELEGRAM

    @property
    def rate(self) -> float:
        return self._rate

    def units(self, content: Content) -> int:
        del content
        return 1

    async def send(self, outgoing: Outgoing) -> str:
        """Send as a new message, or edit the one that the content replaces.

        One that asks for a location cannot be an edit and goes as a new message. A message has
        buttons or the request, not both: with buttons, the request is left out.
        """
        chat_id, content = outgoing.to.value, outgoing.content
        if len(content.chat) > MAX_TEXT:
            raise SendError(Failure.CONTENT_REFUSED, "too_long")
        if content.replaces is not None and (content.buttons or not content.ask_location):
            edited = await self._edit(chat_id, content.replaces, content)
            if edited is not None:
                return edited
        sent = await self._call(
            lambda: SendText(
                chat_id=chat_id,
                text=content.chat,
                reply_markup=_buttons(content) or _location_request(content),
            )
        )
        return str(sent.message_id)

    async def acknowledge(self, callback_id: str) -> None:
        """Stop the clock on a pressed button, if it can be done; never raises `SendError`."""
        try:
            await self._call(lambda: AnswerCallbackQuery(callback_query_id=callback_id))
        except SendError:
            # The button works all the same, and a query that is old cannot be answered any more.
            return

    async def set_webhook(self, url: str, secret: str) -> None:
        """Have updates brought to `url`; raises `SendError`."""
        await self._call(
            lambda: SetWebhook(url=url, secret_token=secret, allowed_updates=EVERY_KIND)
        )

    async def delete_webhook(self) -> None:
        """Keep updates for polling, which a webhook prevents; raises `SendError`."""
        await self._call(DeleteWebhook)

    async def set_commands(self, commands: Mapping[str, str], language: str | None = None) -> None:
        """Show commands and what they do, for a two-letter language or for everybody."""
        await self._call(
            lambda: SetMyCommands(
                commands=[
                    BotCommand(command=name, description=does) for name, does in commands.items()
                ],
                language_code=language,
            )
        )

    async def poll(self, intake: Intake, stop: asyncio.Event) -> None:
        """Bring updates to `intake` until `stop`, each confirmed only after it is stored."""
        await poll(self._updates, intake, stop)

    async def close(self) -> None:
        await self._bot.session.close()

    async def _edit(self, chat_id: str, message_id: int, content: Content) -> str | None:
        """The id of the edited message; None when it can be edited no longer."""
        try:
            edited = await self._call(
                lambda: EditText(
                    chat_id=chat_id,
                    message_id=message_id,
                    text=content.chat,
                    reply_markup=_buttons(content),
                )
            )
        except SendError as error:
            if error.code == NOT_MODIFIED:
                return str(message_id)
            if error.code == NOT_EDITABLE:
                return None
            raise
        return str(edited.message_id)

    async def _updates(self, offset: int) -> list[Update]:
        return await self._call(
            lambda: GetRawUpdates(offset=offset, timeout=LONG_POLL), self._timeout + LONG_POLL
        )

    async def _call(
        self, build: Callable[[], TelegramMethod[T]], timeout: float | None = None
    ) -> T:
        async def ask() -> T:
            return await self._bot(build())

        return await exchange(ask, timeout or self._timeout, judge)


def _buttons(content: Content) -> InlineKeyboardMarkup | None:
    if not content.buttons:
        return None
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [
                InlineKeyboardButton(text=button.label, url=button.url)
                if button.url
                else InlineKeyboardButton(text=button.label, callback_data=button.data)
                for button in row
            ]
            for row in content.buttons
        ]
    )


def _location_request(content: Content) -> ReplyKeyboardMarkup | None:
    if not content.ask_location:
        return None
    return ReplyKeyboardMarkup(
        keyboard=[[KeyboardButton(text=content.ask_location, request_location=True)]],
        one_time_keyboard=True,
        resize_keyboard=True,
    )
