"""The page at `/handset` and its files, all of them our own."""

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from locales.catalog import render
from locales.text import _
from transports.handset.lessons import LESSONS
from transports.handset.model import PLATFORM_PHONE, Spot

HERE = Path(__file__).parent

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

LONGEST_FILLED = 1_000
"""So many signs of a link's text are put into the first phone."""

TRY_IN_CHAT = (
    _("handset.try.start"),
    _("handset.try.sos"),
    _("handset.try.check"),
    _("handset.try.contacts"),
)
TRY_BY_SMS = (
    _("handset.try.sms_join"),
    _("handset.try.sos"),
    _("handset.try.sms_check"),
    _("handset.try.sms_contacts"),
)

SPOTS = (
    (_("handset.place.fresno"), Spot(36.7378, -119.7871)),
    (_("handset.place.los_angeles"), Spot(34.0522, -118.2437)),
    (_("handset.place.tijuana"), Spot(32.5149, -117.0382)),
    (_("handset.place.san_quintin"), Spot(30.5607, -115.9374)),
    (_("handset.place.nogales"), Spot(31.3086, -110.9422)),
    (_("handset.place.tlaxiaco"), Spot(17.2688, -97.6789)),
)
"""Middles of towns, to send as a location without knowing one's degrees."""


@dataclass(frozen=True, slots=True)
class File:
    """A static file, as it goes out."""

    content: bytes
    kind: str


def static_files() -> dict[str, File]:
    """Every static file by name."""
    return {
        path.name: File(path.read_bytes(), KINDS[path.suffix])
        for path in sorted((HERE / "static").iterdir())
        if path.suffix in KINDS
    }


LANGUAGES = ("es", "en")


def spoken(accepted: str, otherwise: str) -> str:
    """The language of the page for a browser's Accept-Language, which names the best first."""
    codes = (part.partition(";")[0].strip()[:2].lower() for part in accepted[:500].split(","))
    return next((code for code in codes if code in LANGUAGES), otherwise)


def page(language: str, zone: str) -> str:
    """The page in a language. It holds no data: its script asks for the state."""

    def text(key: str) -> str:
        return render(key, language)

    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("handset.html").render(
        _=text,
        language=language,
        zone=zone,
        try_in_chat=[text(key) for key in TRY_IN_CHAT],
        try_by_sms=[text(key) for key in TRY_BY_SMS],
        spots=[(text(key), spot) for key, spot in SPOTS],
        lessons=LESSONS,
        most_signs=LONGEST_FILLED,
        platform_phone=f"+1 {PLATFORM_PHONE[2:5]} {PLATFORM_PHONE[5:8]} {PLATFORM_PHONE[8:]}",
    )
