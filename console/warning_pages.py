"""`/avisos`: the warnings that stand, for people; and a page for each that can be passed on."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from campaigns.warnings import store
from campaigns.warnings.cap import tag_of
from campaigns.warnings.model import Bulletin, Info, MessageKind, Severity
from campaigns.warnings.store import Published
from campaigns.warnings.titles import description_of, headline_of
from console import kept
from console.page import page, spoken
from console.routes import READ, PublicSite
from db.session import Database
from directory import store as directory
from directory.model import EmergencyContact
from kit.clock import Clock
from locales.catalog import render
from locales.languages import language_of
from locales.text import _

HERE = "/avisos"
MOST_WHOLE = 12
"""Warnings of which the list shows the beginning; of those behind it shows the headline alone."""

TEASER = 240
DENUNCIATIONS = "089"
"""The line for anonymous reports in Mexico; named only when somebody here has called it."""

MOST_SHARED = 300
_NAME = re.compile(r"([1-9][0-9]{0,17})(?:-([2-9]|[1-9][0-9]{1,5}))?", re.ASCII)
_URGENT = (Severity.EXTREME, Severity.SEVERE)


class State(StrEnum):
    """Whether a warning still warns."""

    IN_FORCE = "in_force"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Said:
    """A warning in one language; `tag` is that language for a browser, `name` for people."""

    tag: str
    name: str
    headline: str
    event: str
    area: str
    description: str
    instruction: str

    @property
    def teaser(self) -> str:
        """The beginning of what it says, cut between words."""
        if len(self.description) <= TEASER:
            return self.description
        return self.description[:TEASER].rsplit(None, 1)[0].rstrip(".,;: ") + "…"


@dataclass(frozen=True, slots=True)
class Shown:
    """A warning as its page shows it: in the reader's language first, then in all others."""

    name: str
    state: State
    severe: bool
    sent: datetime
    until: datetime
    said: Said
    others: tuple[Said, ...]
    web: str | None

    @property
    def path(self) -> str:
        return f"{HERE}/{self.name}"


def shown_of(bulletin: Bulletin, state: State, language: str) -> Shown:
    """A message for a reader of a language."""
    first = bulletin.in_language(language)
    return Shown(
        bulletin.name,
        state,
        bulletin.severity in _URGENT,
        bulletin.sent,
        bulletin.expires,
        _said(bulletin, first),
        tuple(_said(bulletin, info) for info in bulletin.infos if info is not first),
        bulletin.web,
    )


def state_of(found: Published, now: datetime) -> State:
    """Whether a message still warns."""
    if found.bulletin.kind is MessageKind.CANCEL:
        return State.WITHDRAWN
    if found.superseded_by is not None:
        return State.REPLACED
    return State.IN_FORCE if found.is_in_force(now) else State.OVER


def _said(bulletin: Bulletin, info: Info) -> Said:
    known = language_of(info.language)
    tag = tag_of(info.language)
    return Said(
        # To a browser a tag that is private from its beginning is none.
        f"und-{tag}" if tag.startswith("x-") else tag,
        info.language if known is None else known.name,
        headline_of(bulletin, info) or info.event,
        info.event,
        info.area,
        description_of(bulletin, info),
        "" if bulletin.kind is MessageKind.CANCEL else info.instruction,
    )


def warning_pages(database: Database, clock: Clock, site: PublicSite) -> APIRouter:
    """`/avisos` and `/avisos/{name}`, in Spanish, or English by `?lang=en`."""
    router = APIRouter(include_in_schema=False)

    @router.api_route(HERE, methods=READ)
    async def standing(request: Request, lang: str = "") -> Response:
        now = clock.now()
        async with database.read() as session:
            bulletins = await store.in_feed(session, now)
            mexican = await directory.find(session, ["MX"])
        listed = [
            shown_of(
                one,
                State.WITHDRAWN if one.kind is MessageKind.CANCEL else State.IN_FORCE,
                spoken(lang),
            )
            for one in bulletins
        ]
        told = page(
            "warnings/list.html",
            HERE,
            lang,
            **await site.values(),
            standing=[one for one in listed if one.state is State.IN_FORCE],
            withdrawn=[one for one in listed if one.state is State.WITHDRAWN],
            whole=MOST_WHOLE,
            denunciations=next((one for one in mexican if _may_be_named(one)), None),
        )
        return kept.page(request, told, kept.FOR_A_MINUTE)

    @router.api_route(HERE + "/{name}", methods=READ)
    async def one(request: Request, name: str, lang: str = "") -> Response:
        match = _NAME.fullmatch(name)
        found = None
        if match is not None:
            async with database.read() as session:
                found = await store.with_successor(session, int(match[1]), int(match[2] or 1))
        values = await site.values()
        if found is None:
            gone = page("warnings/none.html", HERE, lang, **values)
            return kept.page(request, gone, status=404)
        published, successor = found
        now, language = clock.now(), spoken(lang)
        shown = shown_of(published.bulletin, state_of(published, now), language)
        instead = None
        if successor is not None:
            instead = shown_of(successor.bulletin, state_of(successor, now), language)
        address = f"{site.url}{shown.path}"
        told = page(
            "warnings/one.html",
            shown.path,
            lang,
            **values,
            shown=shown,
            instead=instead,
            address=address,
            shares=_shares(shown, address, language),
        )
        return kept.page(request, told, kept.FOR_A_MINUTE)

    return router


def _may_be_named(contact: EmergencyContact) -> bool:
    return contact.entry.phone == DENUNCIATIONS and contact.verified and not contact.hidden


def _shares(shown: Shown, address: str, language: str) -> list[tuple[str, str]]:
    """Ways to pass a warning on: what each is called, and where it leads. They open the reader's
    own applications, and only when touched."""
    headline = shown.said.headline[:MOST_SHARED]
    whole = quote(render(_("console.warning.shared"), language, {"headline": headline}), safe="")
    link = quote(address, safe="")
    return [
        ("WhatsApp", f"https://wa.me/?text={whole}%0A{link}"),
        ("Telegram", f"https://t.me/share/url?url={link}&text={whole}"),
        ("SMS", f"sms:?&body={whole}%0A{link}"),
    ]
