"""What a bot has told Telegram about itself: its webhook, its commands, the updates it wants."""

import json
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.standins.telegram_errors import ApiError, bad_request
from tests.standins.telegram_params import Params
from tests.standins.telegram_polling import UpdateQueue
from tests.standins.telegram_rules import check_commands

_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram brings updates, and the secret that it names there."""

    url: str = ""
    secret: str = field(default="", repr=False)


class BotSettings:
    """Changed by setWebhook, deleteWebhook, setMyCommands and getUpdates."""

    def __init__(self, updates: UpdateQueue) -> None:
        self.webhook = Webhook()
        self.commands: list[dict[str, str]] = []
        self._updates = updates

    def set_webhook(self, params: Params) -> str:
        """Set, change or (with no url) remove the webhook; gives the description to answer."""
        url, secret = params.text("url"), params.text("secret_token")
        parts = urlsplit(url)
        # Telegram wants HTTPS everywhere; in a test the application may listen on loopback.
        if url and parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "localhost"}:
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        if not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        self._allow(params)
        if params.text("drop_pending_updates").lower() == "true":
            self._updates.pending.clear()
        was, self.webhook = self.webhook, Webhook(url, secret)
        if url:
            return "Webhook was set"
        return "Webhook was deleted" if was.url else "Webhook is already deleted"

    def webhook_info(self) -> dict[str, object]:
        """What getWebhookInfo tells."""
        return {
            "url": self.webhook.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates.pending),
            "allowed_updates": sorted(self._updates.allowed),
        }

    def set_commands(self, params: Params) -> None:
        """Replace the list of commands."""
        self.commands = check_commands(params.text("commands"))

    async def poll(self, params: Params) -> list[dict[str, object]]:
        """What getUpdates brings; the error 409 while there is a webhook."""
        if self.webhook.url:
            raise ApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        self._allow(params)
        limit = min(max(params.integer("limit", 100), 1), 100)
        timeout = max(params.integer("timeout"), 0)
        return await self._updates.poll(params.integer("offset"), limit, timeout)

    def _allow(self, params: Params) -> None:
        """Which kinds of updates the bot wants; those of the call before if it does not say."""
        if text := params.text("allowed_updates"):
            try:
                self._updates.allowed = frozenset(json.loads(text))
            except (ValueError, TypeError):
                raise bad_request("can't parse allowed updates JSON") from None
