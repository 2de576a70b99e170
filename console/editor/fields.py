"""What stands in a form, as names and what was typed beside them. Pure."""

from collections.abc import Iterable, Iterator, Mapping

Pairs = Iterable[tuple[str, str]]

# Signs that end a line for some reader, and for none of ours.
_LINE_ENDS = str.maketrans({"\x85": "\n", "\u2028": "\n", "\u2029": "\n"})


class Fields:
    """Fields in their order; some stand there several times. Never changed: each change gives
    another."""

    def __init__(self, pairs: Pairs = ()) -> None:
        self._pairs = tuple(
            (name, value.replace("\r\n", "\n").replace("\r", "\n").translate(_LINE_ENDS))
            for name, value in pairs
        )
        self._by_name: dict[str, list[str]] = {}
        for name, value in self._pairs:
            self._by_name.setdefault(name, []).append(value)

    def one(self, name: str, usual: str = "") -> str:
        """What was typed; the last of several, `usual` where the field is not there."""
        found = self._by_name.get(name)
        return found[-1] if found else usual

    def said(self, name: str) -> str:
        """The same in one line."""
        return " ".join(self.one(name).split())

    def each(self, name: str) -> tuple[str, ...]:
        """All that was typed under a name, in order."""
        return tuple(self._by_name.get(name, ()))

    def has(self, name: str) -> bool:
        """Whether the field is there, and says something."""
        return bool(self.one(name).strip())

    def numbers(self, name: str) -> tuple[str, ...]:
        """The marks of a list of groups, each once: `row` 0, 1, 4 for `row.0.field` …"""
        return tuple(dict.fromkeys(one for one in self.each(name) if _is_number(one)))

    def put(self, values: Mapping[str, str]) -> "Fields":
        """With other values in the place of those of these names."""
        kept = [(name, value) for name, value in self._pairs if name not in values]
        return Fields([*kept, *values.items()])

    def added(self, pairs: Pairs) -> "Fields":
        """With more behind."""
        return Fields([*self._pairs, *pairs])

    def without(self, *beginnings: str) -> "Fields":
        """Without the fields that begin so; one with a dot behind it takes its whole group."""
        return Fields(
            (name, value)
            for name, value in self._pairs
            if not any(
                name == one or (one.endswith(".") and name.startswith(one)) for one in beginnings
            )
        )

    def less(self, name: str, value: str) -> "Fields":
        """Without one value of a field that stands there several times."""
        return Fields(pair for pair in self._pairs if pair != (name, value))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._pairs)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Fields) and self._pairs == other._pairs

    def __hash__(self) -> int:
        return hash(self._pairs)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 3


def following(numbers: Iterable[str]) -> str:
    """A mark that none of a list has."""
    return str(max((int(one) for one in numbers), default=-1) + 1)
