"""What a validator says of a document by the OASIS schema, and the rules that it cannot say."""

import re
from datetime import datetime
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from xmlschema import XMLSchema

FILE = Path(__file__).parents[2] / "data" / "cap" / "CAP-v1.2.xsd"
CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"


@cache
def schema() -> XMLSchema:
    """The schema, read without a network."""
    return XMLSchema(FILE, allow="local")


def problems(document: bytes) -> list[str]:
    """What is wrong with a document by the schema; nothing when it is valid."""
    try:
        root = ElementTree.fromstring(document)
    except ElementTree.ParseError as error:
        return [f"not XML: {error}"]
    return [str(error.reason) for error in schema().iter_errors(root)]


NAMED = re.compile(r"[^\s,<&]+")
EXTENDED = re.compile(r"([^\s,<&]+),([^\s,<&]+),([^\s,<&]+)")


def broken_rules(document: bytes) -> list[str]:
    """What the standard demands in words (CAP 1.2, sections 3.2 and 3.3) and does not hold."""
    root = ElementTree.fromstring(document)

    def text(name: str) -> str:
        return root.findtext(f"{CAP}{name}", "")

    found = [
        f"{name} holds a blank, a comma, < or &, or nothing"
        for name in ("identifier", "sender")
        if NAMED.fullmatch(text(name)) is None
    ]
    references = text("references").split()
    if (text("msgType") in ("Update", "Cancel", "Ack", "Error")) is not bool(references):
        found.append("references and msgType do not agree")
    found += [f"a bad reference: {one}" for one in references if not EXTENDED.fullmatch(one)]
    if text("msgType") == "Error" and not text("note"):
        found.append("an error without its note")
    if text("status") == "Exercise" and not text("note"):
        found.append("an exercise without its note")
    if text("scope") == "Restricted" and not text("restriction"):
        found.append("restricted without saying to whom")
    if text("scope") == "Private" and not text("addresses"):
        found.append("private without addresses")
    times = [
        element
        for name in ("sent", "effective", "onset", "expires")
        for element in root.iter(f"{CAP}{name}")
    ]
    found += [f"{one.text} writes UTC as +00:00" for one in times if "+00:00" in (one.text or "")]
    sent = datetime.fromisoformat(text("sent"))
    languages = []
    for info in root.iter(f"{CAP}info"):
        languages.append(info.findtext(f"{CAP}language", "en-US"))
        until = info.findtext(f"{CAP}expires")
        if until is not None and datetime.fromisoformat(until) <= sent:
            found.append("over before it was sent")
        web = info.findtext(f"{CAP}web")
        if web is not None and "://" not in web:
            found.append("web is no whole address")
    if len(languages) != len(set(languages)):
        found.append("two blocks for one language")
    return found
