"""How people reach this platform, as pages tell and draw it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from markupsafe import Markup

from campaigns.posters.links import Reach, Way
from console.posters.drawing import picture
from contacts.phones import as_read
from locales.catalog import render
from locales.text import _

Name = Callable[[], Awaitable[str]]
"""The bot's name at Telegram, "" while it is not known."""


async def unnamed() -> str:
    """Of a platform without a bot."""
    return ""


@dataclass(frozen=True, slots=True)
class Reaching:
    """What is configured. `url` is where this platform is found, without a slash at the end.

    `handset` is the same in a trial, whose handset plays both channels, and "" outside of one.
    """

    name: Name = unnamed
    number: str = ""
    handset: str = ""
    url: str = ""

    @property
    def printed_url(self) -> str:
        """The address as it is typed."""
        return self.url.partition("://")[2]

    async def now(self) -> Reach:
        """The ways that are known now."""
        return Reach("" if self.handset else await self.name(), self.number, self.handset)


@dataclass(frozen=True, slots=True)
class Shown:
    """One way as a page shows it, with its QR code."""

    href: str
    shown: str
    picture: Markup


@dataclass(frozen=True, slots=True)
class Ways:
    """Both ways for one code and language; None where there is none. `words` is what is typed."""

    telegram: Shown | None
    sms: Shown | None
    words: str

    @property
    def any(self) -> bool:
        """Whether people can write at all."""
        return self.telegram is not None or self.sms is not None


def ways(reach: Reach, language: str, code: str = "") -> Ways:
    """What a poster or a page shows for a code, in a language."""
    order = render(_("poster.order"), language)
    words = f"{order} {code}".strip()
    chat, sms = reach.telegram(code), reach.sms(words)
    return Ways(
        _shown(chat, render(_("poster.qr_telegram"), language)),
        _shown(sms, render(_("poster.qr_sms"), language)),
        words,
    )


def _shown(way: Way | None, heard: str) -> Shown | None:
    if way is None:
        return None
    return Shown(way.href, as_read(way.shown), picture(way.address, heard))
