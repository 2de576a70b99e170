"""XML as a tree that a library writes out, so that no text can be taken for markup."""

from datetime import datetime
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from zoneinfo import ZoneInfo

from campaigns.warnings.model import writable
from kit.zones import OAXACA


def root(name: str, namespace: str, **attributes: str) -> Element:
    """The first element of a document whose elements all stand in one namespace."""
    return Element(name, {"xmlns": namespace, **attributes})


def add(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    """One more element, with whatever text, less the signs that no XML can hold."""
    child = ElementTree.SubElement(
        parent, name, {key: writable(value) for key, value in attributes.items()}
    )
    child.text = writable(text) or None
    return child


def written(tree: Element) -> bytes:
    """The document, in UTF-8."""
    body: bytes = ElementTree.tostring(tree, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body + b"\n"


def stamp(at: datetime) -> str:
    """An instant with its offset by Oaxaca's clock, to the second.

    CAP forbids `Z`, and wants UTC as `-00:00` (3.3.2); Atom takes both.
    """
    written_out = at.astimezone(ZoneInfo(OAXACA)).isoformat(timespec="seconds")
    return written_out.replace("+00:00", "-00:00")
