"""What a campaign says, in each language."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from delivery.content import Button, Content


@dataclass(frozen=True, slots=True)
class Link:
    """A button that opens a page, in chats only."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Wording:
    """A campaign in one language. Without an `sms` wording an SMS says what the chat says."""

    text: str
    sms: str | None = None
    links: tuple[Link, ...] = ()

    @property
    def in_sms(self) -> str:
        """What an SMS says."""
        return self.text if self.sms is None else self.sms

    def content(self) -> Content:
        """As the ledger keeps it, one button a row."""
        rows = tuple((Button(link.label, url=link.url),) for link in self.links)
        return Content(chat=self.text, sms=self.in_sms, buttons=rows)


def packed_contents(contents: Mapping[str, Wording]) -> str:
    """The form in which the database keeps the wordings."""
    plain = {
        language: {
            "text": wording.text,
            "sms": wording.sms,
            "links": [[link.label, link.url] for link in wording.links],
        }
        for language, wording in contents.items()
    }
    return json.dumps(plain, ensure_ascii=False, sort_keys=True)


def unpacked_contents(packed: str) -> dict[str, Wording]:
    """The reverse of `packed_contents`."""
    return {
        language: Wording(
            plain["text"], plain["sms"], tuple(Link(label, url) for label, url in plain["links"])
        )
        for language, plain in json.loads(packed).items()
    }
