"""Where the codes of posters lead: a chat with the bot, or an SMS that is written already. Pure."""

from dataclasses import dataclass
from urllib.parse import quote

JOIN = "alta"
"""What a link without a code begins the chat with: the question at once, not the menu."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way to begin. `address` is whole, for a picture; `href` is for a link on a page of ours.
    `shown` is how it is named to who types it."""

    address: str
    href: str
    shown: str


@dataclass(frozen=True, slots=True)
class Reach:
    """By which ways people reach this platform; what is "" is not there.

    `bot` is the name of the bot at Telegram, `number` the phone that SMS go to. `handset` is the
    address of a platform in its trial, whose handset plays both.
    """

    bot: str = ""
    number: str = ""
    handset: str = ""

    def telegram(self, code: str = "") -> Way | None:
        """The chat, which begins by itself with the code (core.telegram.org/bots/features)."""
        payload = code or JOIN
        if self.handset:
            path = f"/handset?start={payload}"
            return Way(self.handset + path, path, "Telegram")
        if not self.bot:
            return None
        address = f"https://t.me/{self.bot}?start={payload}"
        return Way(address, address, f"@{self.bot}")

    def sms(self, words: str) -> Way | None:
        """An SMS with these words, which the person only has to send.

        RFC 5724 has `?body=`, which Android takes; Apple's phones want `&body=`. Written as `?&`
        both find it.
        """
        if self.handset:
            path = f"/handset?sms={quote(words)}"
            return Way(self.handset + path, path, "SMS")
        if not self.number:
            return None
        address = f"sms:{self.number}?&body={quote(words)}"
        return Way(address, address, self.number)
