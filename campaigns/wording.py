"""The `content` of a campaign file: what it says in each language."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from campaigns.content import Link, Wording
from campaigns.document import Node, Scalar, Table
from campaigns.fields import known_languages
from campaigns.quoting import shown
from campaigns.reading import Reading
from delivery.segments import measure
from locales.languages import FALLBACK, language_codes
from locales.text import _

KEYS = ("text", "sms", "media", "buttons")
BUTTON_KEYS = ("label", "url")
MOST_CHAT = 4_096
"""Signs of a Telegram message (Bot API, sendMessage)."""
MOST_SMS = 1_600
"""Signs of an SMS that Twilio takes (error 21617 beyond)."""
MOST_SEGMENTS = 10
MOST_BUTTONS = 8
MOST_LABEL = 64
MOST_URL = 2_048
_NOTHING = Table(0, 0, {})


def read_contents(
    key: Scalar, node: Node, reading: Reading, *, by_sms: bool
) -> Mapping[str, Wording] | None:
    """Language to wording, Spanish among them; `by_sms` says whether it goes out by SMS too."""
    table = reading.table(node, "content")
    if table is None:
        return None
    known = language_codes()
    contents: dict[str, Wording] = {}
    for name, (place, value) in table.entries.items():
        if name not in known:
            reading.refuse(
                place,
                _("campaigns.file.unknown_language"),
                found=shown(name),
                expected=known_languages(),
            )
            continue
        wording = _wording(place, value, reading, by_sms=by_sms)
        if wording is not None:
            contents[name] = wording
    if FALLBACK not in table.entries:
        reading.refuse(key, _("campaigns.file.no_spanish"))
        return None
    return contents


def _wording(key: Scalar, node: Node, reading: Reading, *, by_sms: bool) -> Wording | None:
    table = _NOTHING if _is_nothing(node) else reading.table(node, "content")
    if table is None:
        return None
    reading.known_keys(table, KEYS)
    if reading.given(table, "media") is not None:
        reading.refuse(table.entries["media"][0], _("campaigns.file.media_not_yet"))
    if not {"text", "sms"} & table.entries.keys():
        reading.refuse(key, _("campaigns.file.empty_content"), language=key.text)
        return None
    text = _text(table, "text", reading)
    sms = _text(table, "sms", reading)
    said = text or sms
    if said is None:
        return None
    if len(_written(said)) > MOST_CHAT:
        reading.refuse(
            said, _("campaigns.file.text_long"), signs=len(_written(said)), most=MOST_CHAT
        )
    if by_sms or sms is not None:
        _check_sms(sms or said, reading)
    buttons = reading.given(table, "buttons")
    links = () if buttons is None else _links(buttons, reading)
    return Wording(_written(said), None if sms is None else _written(sms), links)


def _text(table: Table, name: str, reading: Reading) -> Scalar | None:
    """A text that says something; one that is there and says nothing is told."""
    found = table.entries.get(name)
    if found is None:
        return None
    scalar = reading.text(found[1], name)
    if scalar is None:
        return None
    if scalar.is_empty or not _written(scalar):
        reading.refuse(found[0], _("campaigns.file.empty_text"), name=name)
        return None
    return scalar


def _check_sms(scalar: Scalar, reading: Reading) -> None:
    text = _written(scalar)
    cost = measure(text)
    if len(text) > MOST_SMS or cost.segments > MOST_SEGMENTS:
        reading.refuse(
            scalar,
            _("campaigns.file.sms_long"),
            signs=len(text),
            most=MOST_SMS,
            segments=cost.segments,
            most_segments=MOST_SEGMENTS,
        )


def _links(node: Node, reading: Reading) -> tuple[Link, ...]:
    listing = reading.listing(node, "buttons")
    if listing is None:
        return ()
    if len(listing.items) > MOST_BUTTONS:
        reading.refuse(listing, _("campaigns.file.many_buttons"), most=MOST_BUTTONS)
        return ()
    links = (_link(item, reading) for item in listing.items)
    return tuple(link for link in links if link is not None)


def _link(node: Node, reading: Reading) -> Link | None:
    table = reading.table(node, "buttons")
    if table is None:
        return None
    reading.known_keys(table, BUTTON_KEYS)
    given = [reading.needed(table, name) for name in BUTTON_KEYS]
    label, url = (
        None if value is None else reading.text(value, name)
        for name, value in zip(BUTTON_KEYS, given, strict=True)
    )
    if label is None or url is None:
        return None
    if not 0 < len(_written(label)) <= MOST_LABEL:
        reading.refuse(label, _("campaigns.file.label_long"), most=MOST_LABEL)
        return None
    if not _is_https(_written(url)):
        reading.refuse(url, _("campaigns.file.url"), found=shown(url.text))
        return None
    return Link(_written(label), _written(url))


def _is_https(url: str) -> bool:
    if len(url) > MOST_URL or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False


def _is_nothing(node: Node) -> bool:
    return isinstance(node, Scalar) and not node.text.strip()


def _written(scalar: Scalar) -> str:
    """A text without the blanks around it, which a block of YAML always ends with."""
    return scalar.text.strip()
