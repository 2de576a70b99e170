"""A document of form fields written as a campaign file, so that the file's own rules read it and
each of its faults finds the field that it belongs to. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

STEP = 2


@dataclass(frozen=True, slots=True)
class Leaf:
    """What was typed into a field. One that is `long` may have lines."""

    text: str
    field: str
    long: bool = False


Node = Leaf | Mapping[str, "Node"] | Sequence["Node"]
"""Sequences hold nodes; a `str` is none."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a form: which line and sign of the field, both from 1, where it is
    known."""

    field: str
    line: int | None = None
    sign: int | None = None


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    field: str
    number: int | None = None
    """Which line of the field it is, of one that is long."""
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Lined:
    """A file, and for each of its lines the field that it comes from."""

    lines: Sequence[_Line]

    @property
    def data(self) -> bytes:
        """The file."""
        return "".join(f"{line.text}\n" for line in self.lines).encode()

    def place(self, line: int, column: int) -> Place:
        """Where a line and column of the file, both from 1, stand in the form."""
        if not 1 <= line <= len(self.lines):
            return Place("")
        found = self.lines[line - 1]
        if found.number is None:
            return Place(found.field)
        return Place(found.field, found.number, max(1, column - found.indent))


def lined(document: Mapping[str, Node]) -> Lined:
    """A document as a file of lines."""
    return Lined(tuple(_table(document, 0)))


def _table(table: Mapping[str, Node], indent: int) -> Iterator[_Line]:
    for key, node in table.items():
        # An empty part is told beside what it is called.
        yield from _entry(f"{' ' * indent}{quoted(key)}:", node, indent, _first(node) or key)


def _entry(head: str, node: Node, indent: int, field: str) -> Iterator[_Line]:
    """What follows a key, or the dash of an item."""
    if isinstance(node, Leaf):
        if node.long and node.text.strip():
            yield from _block(head, node, indent)
        else:
            yield _Line(f"{head} {quoted(node.text)}", node.field)
    elif isinstance(node, Mapping):
        yield _Line(head if node else f"{head} {{}}", field)
        yield from _table(node, indent + STEP)
    else:
        yield _Line(head if node else f"{head} []", field)
        for item in node:
            yield from _entry(f"{' ' * (indent + STEP)}-", item, indent + STEP, _first(item))


def _block(head: str, leaf: Leaf, indent: int) -> Iterator[_Line]:
    """Line by line as it was typed, so that places in it are those of the file."""
    yield _Line(f"{head} |{STEP}-", leaf.field)
    inner = indent + STEP
    for number, text in enumerate(leaf.text.split("\n"), 1):
        yield _Line(f"{' ' * inner}{text}" if text else "", leaf.field, number, inner)


def _first(node: Node) -> str:
    """The field that a whole part is told beside: its first."""
    if isinstance(node, Leaf):
        return node.field
    inner = node.values() if isinstance(node, Mapping) else node
    return next((found for one in inner if (found := _first(one))), "")


def quoted(text: str) -> str:
    """A text as YAML reads it back sign by sign, whatever it holds, in one line."""
    return '"' + "".join(map(_sign, text)) + '"'


def _sign(sign: str) -> str:
    if sign in '"\\':
        return f"\\{sign}"
    if sign.isprintable():
        return sign
    return f"\\U{ord(sign):08x}"
