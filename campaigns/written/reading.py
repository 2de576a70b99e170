"""Reading values out of a campaign file's tree while collecting everything that is wrong."""

from collections.abc import Collection, Iterable, Mapping

from campaigns.written.document import FileError, Listing, Node, Scalar, Source, Table
from campaigns.written.quoting import shown
from locales.text import _


class Reading:
    """The errors found so far. What cannot be read is told and given back as None."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._errors: list[FileError] = []

    @property
    def errors(self) -> list[FileError]:
        """All errors, in the order of the file."""
        return sorted(self._errors, key=lambda error: (error.line, error.column))

    def refuse(self, node: Node, key: str, **params: object) -> None:
        """Something is wrong with a node."""
        self.refuse_at((node.line, node.column), key, params)

    def refuse_at(self, place: tuple[int, int], key: str, params: Mapping[str, object]) -> None:
        """Something is wrong at a line and column."""
        self._errors.append(FileError(*place, key, params))

    def known_keys(self, table: Table, known: Collection[str]) -> None:
        """Refuse every key that is not one of `known`."""
        for name, (key, _node) in table.entries.items():
            if name not in known:
                self.refuse(
                    key,
                    _("campaigns.file.unknown_key"),
                    found=shown(name),
                    expected=", ".join(known),
                )

    def given(self, table: Table, name: str) -> Node | None:
        """The value of a key, or None when it is not there or empty."""
        found = table.entries.get(name)
        if found is None or (isinstance(found[1], Scalar) and found[1].is_empty):
            return None
        return found[1]

    def needed(self, table: Table, name: str) -> Node | None:
        """The value of a key that must be there."""
        node = self.given(table, name)
        if node is None:
            found = table.entries.get(name)
            place = table if found is None else found[0]
            self.refuse(place, _("campaigns.file.missing"), name=name)
        return node

    def text(self, node: Node, name: str) -> Scalar | None:
        """A value that must be a text."""
        if isinstance(node, Scalar):
            return node
        self.refuse(node, _("campaigns.file.not_a_text"), name=name)
        return None

    def table(self, node: Node, name: str) -> Table | None:
        """A value that must hold keys of its own."""
        if isinstance(node, Table):
            return node
        self.refuse(node, _("campaigns.file.not_a_table"), name=name)
        return None

    def listing(self, node: Node, name: str) -> Listing | None:
        """A value that must be a list."""
        if isinstance(node, Listing):
            return node
        self.refuse(node, _("campaigns.file.not_a_list"), name=name)
        return None

    def choice(self, node: Node, name: str, known: Iterable[str]) -> str | None:
        """A value that must be one of `known`; capital letters do not matter."""
        scalar = self.text(node, name)
        if scalar is None:
            return None
        choices = list(known)
        value = scalar.text.strip().lower()
        if value in choices:
            return value
        self.refuse(
            scalar,
            _("campaigns.file.unknown_value"),
            name=name,
            found=shown(scalar.text),
            expected=", ".join(choices),
        )
        return None
