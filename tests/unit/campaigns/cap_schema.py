"""A reader of the OASIS schema, for what that schema uses, and the rules that it cannot say.

No XML schema validator is among the dependencies. This one refuses to start on any construct that
it does not know, and has been compared with Xerces (see test_warnings_schema.py).
"""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

FILE = Path(__file__).parents[2] / "data" / "cap" / "CAP-v1.2.xsd"
XS = "{http://www.w3.org/2001/XMLSchema}"
CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
UNBOUNDED = 1_000_000
KNOWN_ATTRIBUTES = {
    "element": {"name", "ref", "type", "minOccurs", "maxOccurs", "default"},
    "any": {"minOccurs", "maxOccurs", "namespace", "processContents"},
    "restriction": {"base"},
    "pattern": {"value"},
    "enumeration": {"value"},
    "complexType": set(),
    "simpleType": set(),
    "sequence": set(),
}
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:([!#$&-;=?-Z_a-z~\[\]]|%[0-9A-Fa-f]{2})*")


def _date_time(text: str) -> bool:
    try:
        return "T" in text and datetime.fromisoformat(text) is not None
    except ValueError:
        return False


def _decimal(text: str) -> bool:
    try:
        return Decimal(text).is_finite() and re.fullmatch(r"[+-]?[\d.]+", text) is not None
    except InvalidOperation:
        return False


BUILT_IN = {
    "xs:string": lambda _text: True,
    "xs:dateTime": _date_time,
    "xs:language": lambda text: bool(re.fullmatch(r"[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*", text)),
    "xs:anyURI": lambda text: URI.fullmatch(text) is not None,
    "xs:integer": lambda text: bool(re.fullmatch(r"[+-]?\d+", text)),
    "xs:decimal": _decimal,
}


@dataclass(frozen=True)
class Simple:
    base: str
    patterns: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    default: str = ""

    def takes(self, text: str) -> bool:
        text = text or self.default
        if not BUILT_IN[self.base](text):
            return False
        if self.patterns and not any(re.fullmatch(one, text) for one in self.patterns):
            return False
        return not self.values or text in self.values


@dataclass(frozen=True)
class Part:
    """An element, or any of one namespace when it has no kind, in a sequence."""

    tag: str
    kind: "Simple | tuple[Part, ...] | None"
    least: int
    most: int

    def fits(self, element: Element) -> bool:
        if self.kind is None:
            return element.tag.startswith(f"{{{self.tag}}}")
        return element.tag == self.tag


def problems(document: bytes) -> list[str]:
    """What a schema validator would say; nothing when the document is valid."""
    try:
        root = ElementTree.fromstring(document)
    except ElementTree.ParseError as error:
        return [f"not XML: {error}"]
    alert = schema()["alert"]
    return _of(root, alert) if alert.fits(root) else ["the root is no alert"]


def _of(element: Element, part: Part) -> list[str]:
    name = element.tag.rpartition("}")[2]
    if part.kind is None:
        return []
    found = [f"{name} has an attribute"] if element.attrib else []
    if isinstance(part.kind, Simple):
        text = element.text or ""
        if part.kind.base != "xs:string":
            text = " ".join(text.split())
        if len(element) or not part.kind.takes(text):
            found.append(f"{name} holds what its type does not take")
        return found
    if (element.text or "").strip() or any((child.tail or "").strip() for child in element):
        found.append(f"{name} holds text between its elements")
    return found + _sequence(name, list(element), part.kind)


def _sequence(name: str, children: list[Element], parts: tuple[Part, ...]) -> list[str]:
    found, at = [], 0
    for part in parts:
        taken = 0
        while at < len(children) and taken < part.most and part.fits(children[at]):
            found += _of(children[at], part)
            at, taken = at + 1, taken + 1
        if taken < part.least:
            found.append(f"{name} lacks {part.tag.rpartition('}')[2]}")
    if at < len(children):
        found.append(f"{name} holds {children[at].tag} where it may not")
    return found


@cache
def schema() -> dict[str, Part]:
    """The elements that the schema declares at its top, by name."""
    root = ElementTree.fromstring(FILE.read_bytes())
    assert root.tag == f"{XS}schema"
    assert root.attrib["targetNamespace"] == CAP[1:-1]
    assert root.attrib["elementFormDefault"] == "qualified"
    declared = {one.attrib["name"]: one for one in root}
    return {name: _part(one, declared) for name, one in declared.items()}


def _kind(node: Element) -> str:
    kind = node.tag.removeprefix(XS)
    assert node.attrib.keys() <= KNOWN_ATTRIBUTES[kind], f"{kind} with {node.attrib}"
    return kind


def _children(node: Element) -> list[Element]:
    return [child for child in node if child.tag != f"{XS}annotation"]


def _part(node: Element, declared: dict[str, Element]) -> Part:
    kind = _kind(node)
    least = int(node.attrib.get("minOccurs", 1))
    written = node.attrib.get("maxOccurs", "1")
    most = UNBOUNDED if written == "unbounded" else int(written)
    if kind == "any":
        return Part(node.attrib["namespace"], None, least, most)
    assert kind == "element", kind
    if "ref" in node.attrib:
        other = _part(declared[node.attrib["ref"].removeprefix("cap:")], declared)
        return Part(other.tag, other.kind, least, most)
    tag = f"{CAP}{node.attrib['name']}"
    if "type" in node.attrib:
        assert node.attrib["type"] in BUILT_IN
        # What an element stands for when it is there and empty.
        default = node.attrib.get("default", "")
        return Part(tag, Simple(node.attrib["type"], default=default), least, most)
    assert "default" not in node.attrib
    (inner,) = _children(node)
    return Part(tag, _type(inner, declared), least, most)


def _type(node: Element, declared: dict[str, Element]) -> Simple | tuple[Part, ...]:
    kind = _kind(node)
    (inner,) = _children(node)
    if kind == "complexType":
        assert _kind(inner) == "sequence"
        return tuple(_part(child, declared) for child in _children(inner))
    assert kind == "simpleType", kind
    assert _kind(inner) == "restriction"
    facets = [(_kind(facet), facet.attrib["value"]) for facet in inner]
    assert {name for name, _ in facets} <= {"pattern", "enumeration"}
    assert inner.attrib["base"] in BUILT_IN
    return Simple(
        inner.attrib["base"],
        tuple(value for name, value in facets if name == "pattern"),
        tuple(value for name, value in facets if name == "enumeration"),
    )


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
