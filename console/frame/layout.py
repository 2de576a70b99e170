"""Templates of the staff's pages, and what all of them know."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment
from markupsafe import Markup, escape

from console import files
from console.assets.place import VENDOR
from console.frame import words
from console.page import LANGUAGES, environment
from locales.catalog import render
from locales.text import _
from staff.model import Right

if TYPE_CHECKING:
    from console.frame.visit import Visit


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the menu: where it leads, what it is called, and who may see it."""

    path: str
    key: str
    icon: str
    needs: Right | None


MENU: Sequence[Place] = (
    Place("/inicio", _("console.menu.home"), "home", None),
    Place("/casos", _("console.menu.cases"), "lifebuoy", Right.SEE_CASES),
    Place("/mensajes", _("console.menu.letters"), "mail", Right.ANSWER_INBOX),
    Place("/campanas", _("console.menu.campaigns"), "speakerphone", Right.SEE_CAMPAIGNS),
    Place("/personas", _("console.menu.people"), "users", Right.SEE_CONTACTS),
    Place("/atenciones", _("console.menu.attentions"), "user-check", Right.REGISTER_ATTENTIONS),
    Place("/guardias", _("console.menu.roster"), "calendar-event", Right.SEE_ROSTER),
    Place("/directorio", _("console.menu.directory"), "address-book", Right.VERIFY_DIRECTORY),
    Place("/carteles", _("console.menu.posters"), "qrcode", Right.MAKE_POSTERS),
    Place("/cobertura", _("console.menu.targets"), "target", Right.SEE_FIGURES),
    Place("/auditoria", _("console.menu.audit"), "history", Right.SEE_AUDIT),
    Place("/equipo", _("console.menu.team"), "users-group", Right.MANAGE_STAFF),
    Place("/sistema", _("console.menu.system"), "activity", Right.SEE_SYSTEM),
    Place("/ajustes", _("console.menu.settings"), "adjustments", Right.CHANGE_SETTINGS),
)
"""Every place that somebody may go to; a phone shows the first of theirs and leads to the rest."""

AT_HAND = 4
"""Places at the bottom of a phone."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What pages say of this platform."""

    institute: str
    trial: bool

    def render(self, template: str, visit: "Visit", values: Mapping[str, object]) -> str:
        """A template filled in for a visit."""
        language, zone = visit.language, visit.member.zone

        def text(key: str, **params: object) -> str:
            return render(key, language, params)

        return (
            _environment()
            .get_template(template)
            .render(
                {
                    "_": text,
                    "institute": self.institute,
                    "trial": self.trial,
                    "languages": LANGUAGES,
                    "menu": [one for one in MENU if one.needs is None or visit.may(one.needs)],
                    "at_hand": AT_HAND,
                    "csrf": visit.who.csrf,
                    "Right": Right,
                    "number": lambda value: words.number(value, language),
                    "percent": lambda part: words.percent(part, language),
                    "moment": lambda at: words.moment(at, language, zone),
                    "clock": lambda at: words.clock(at, zone),
                    "day": lambda on: words.day(on, language),
                    "month": lambda on: words.month(on, language),
                    "short": words.short,
                    "language_name": lambda code: words.language_name(code, language),
                    "now": visit.now,
                    **visit.values(),
                    **values,
                }
            )
        )


def render_outside(template: str, language: str, values: Mapping[str, object]) -> str:
    """A template for somebody who is not signed in."""

    def text(key: str, **params: object) -> str:
        return render(key, language, params)

    known = {"_": text, "language": language, "languages": LANGUAGES, "visit": None}
    return _environment().get_template(template).render({**known, **values})


@cache
def _environment() -> Environment:
    made = environment().overlay()
    made.globals.update(icon=icon, asset=files.address, installed=files.is_there, new_once=new_once)
    return made


@cache
def _drawings() -> Mapping[str, str]:
    path = VENDOR / "icons.json"
    found: dict[str, str] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return found


def icon(name: str, label: str = "") -> Markup:
    """An icon of Tabler's, or nothing where they are not installed.

    Without a label it is left out for who hears the page, and the words beside it must do.
    """
    drawn = _drawings().get(name)
    if drawn is None:
        return escape(label)
    heard = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return Markup(  # noqa: S704
        '<svg class="icon" viewBox="0 0 24 24" width="24" height="24" fill="none"'
        ' stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
        f" {heard}>{drawn}</svg>"
    )


def new_once() -> str:
    """What makes one form this form: sent twice, it is taken once."""
    return secrets.token_urlsafe(16)
