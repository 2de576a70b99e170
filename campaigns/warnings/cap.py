"""A message as CAP 1.2: valid by the OASIS schema, and by the rules that no schema can say."""

import re
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from campaigns.warnings.model import Bulletin, Info, Issuer, MessageKind, Status
from campaigns.warnings.titles import description_of, headline_of
from campaigns.warnings.tree import add, root, stamp, written
from kit.fold import fold
from locales.languages import language_of

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
MEDIA_TYPE = "application/cap+xml"
LONGEST_NAME = 40
_FORBIDDEN = re.compile(r"[\s,<&]")
"""Signs that no identifier and no sender may hold (CAP 1.2, 3.2.1)."""

_TAGS = {"zapoteco": "zap", "nahuatl": "nah"}
"""Families that ISO 639 has a code for."""

_OTO_MANGUEAN = frozenset(
    (
        "amuzgo",
        "chatino",
        "chinanteco",
        "chocholteco",
        "cuicateco",
        "ixcateco",
        "mazateco",
        "mixteco",
        "triqui",
    )
)


def document(bulletin: Bulletin, issuer: Issuer) -> bytes:
    """The message as a whole XML document in UTF-8."""
    alert = root("alert", NAMESPACE)
    add(alert, "identifier", bulletin.identifier)
    add(alert, "sender", sender_of(issuer))
    add(alert, "sent", stamp(bulletin.sent))
    add(alert, "status", bulletin.status)
    add(alert, "msgType", bulletin.kind)
    add(alert, "scope", "Public")
    if bulletin.status is Status.EXERCISE:
        # Which exercise it is of (3.2.1, status).
        add(alert, "note", bulletin.note)
    if bulletin.references:
        named = (
            f"{sender_of(issuer)},{earlier.identifier},{stamp(earlier.sent)}"
            for earlier in bulletin.references
        )
        add(alert, "references", " ".join(named))
    blocks: dict[str, Info] = {}
    for info in bulletin.infos:
        # Zapotec at large has two codes here (`zap`, `zapoteco`): one block for a tag.
        blocks.setdefault(tag_of(info.language), info)
    for tag, info in blocks.items():
        _add_info(alert, bulletin, tag, info, issuer)
    return written(alert)


def _add_info(alert: Element, bulletin: Bulletin, tag: str, info: Info, issuer: Issuer) -> None:
    """What it says in one language, in the order of the schema."""
    block = add(alert, "info")
    add(block, "language", tag)
    add(block, "category", bulletin.category)
    add(block, "event", info.event)
    add(block, "urgency", bulletin.urgency)
    add(block, "severity", bulletin.severity)
    add(block, "certainty", bulletin.certainty)
    add(block, "expires", stamp(bulletin.expires))
    add(block, "senderName", issuer.name)
    instruction = "" if bulletin.kind is MessageKind.CANCEL else info.instruction
    for name, text in (
        ("headline", headline_of(bulletin, info)),
        ("description", description_of(bulletin, info)),
        ("instruction", instruction),
    ):
        # All three are optional (3.2.2): better none than one in another language.
        if text:
            add(block, name, text)
    if bulletin.web:
        add(block, "web", bulletin.web)
    add(add(block, "area"), "areaDesc", info.area)


def sender_of(issuer: Issuer) -> str:
    """What identifies this platform among all senders: `iaimo@avisos.example.org`."""
    name = fold(issuer.name).replace(" ", "-")[:LONGEST_NAME].strip("-") or "tequio"
    host = urlsplit(issuer.url).hostname or "localhost"
    return _FORBIDDEN.sub("", f"{name}@{host}")


def tag_of(language: str) -> str:
    """The tag of a language (RFC 5646) that the schema's `xs:language` takes.

    Variants have their ISO 639-3 code. Most of Oaxaca's families have none, so they stand behind
    `x-`, shortened to the eight letters that a part of a tag may have, and after the code of the
    Oto-Manguean languages (ISO 639-5) where they belong to those.
    """
    if language in _TAGS:
        return _TAGS[language]
    known = language_of(language)
    if known is None or len(language) <= 3:
        return language
    private = f"x-{language[:8]}"
    return f"omq-{private}" if language in _OTO_MANGUEAN else private
