"""The warnings that stand, as an Atom feed (RFC 4287)."""

from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree.ElementTree import Element

from campaigns.warnings import cap
from campaigns.warnings.model import Bulletin, Issuer
from campaigns.warnings.titles import description_of, headline_of
from campaigns.warnings.tree import add, root, stamp, written
from locales.catalog import render
from locales.languages import FALLBACK
from locales.text import _

NAMESPACE = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml"
FEED_PATH = "/avisos.atom"
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
"""When a feed last changed that never had anything in it."""


def page_path(name: str) -> str:
    """Where a message stands, by its name."""
    return f"/avisos/{name}.cap.xml"


def feed(bulletins: Sequence[Bulletin], issuer: Issuer, changed_at: datetime) -> bytes:
    """The feed in Spanish, each message with a link to all that it says in every language.

    `changed_at` is when an entry last came or left.
    """
    tree = root("feed", NAMESPACE, **{"xml:lang": FALLBACK})
    address = f"{issuer.url}{FEED_PATH}"
    add(tree, "id", address)
    add(tree, "title", render(_("warnings.feed"), FALLBACK, {"institute": issuer.name}))
    add(tree, "updated", stamp(changed_at))
    add(add(tree, "author"), "name", issuer.name)
    add(tree, "link", rel="self", type=MEDIA_TYPE, href=address)
    for bulletin in bulletins:
        _add_entry(tree, bulletin, issuer)
    return written(tree)


def _add_entry(tree: Element, bulletin: Bulletin, issuer: Issuer) -> None:
    info = bulletin.in_language(FALLBACK)
    entry = add(tree, "entry")
    add(entry, "id", bulletin.identifier)
    add(entry, "title", headline_of(bulletin, info) or info.event)
    add(entry, "updated", stamp(bulletin.sent))
    add(entry, "published", stamp(bulletin.sent))
    add(entry, "category", term=bulletin.category)
    add(
        entry,
        "link",
        rel="alternate",
        type=cap.MEDIA_TYPE,
        href=f"{issuer.url}{page_path(bulletin.name)}",
    )
    add(entry, "summary", description_of(bulletin, info) or info.event)
