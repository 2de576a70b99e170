"""Which counts may be shown, so that no small one can be worked out. Pure.

A count of 1 to 4 is hidden. Where all that are hidden are alike, the next larger ones are hidden
too. What is hidden is then every count up to some number, whoever has it: the hidden ones could
change places and the same would be shown, so that each could be at least two numbers, also for
somebody who knows this rule. For that, hidden cells must all look alike and stand in no order that
tells their size, and the sum of the cells may be known.

People of whom nothing is known are no group that somebody could be found in. Their number hides no
other and is hidden by none; one that is small is left out.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

FEWEST = 5
"""Fewer people than these are not shown."""

UNKNOWN = ""
"""The key of those of whom nothing is known."""

Tree = Mapping[str, "Tree | int"]
"""Counts inside of counts: the number of a branch is the sum of what is in it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A key and how many people; None: fewer than `FEWEST`, or hidden to protect those."""

    key: str
    people: int | None


def shown(cells: Mapping[str, int]) -> tuple[Cell, ...]:
    """Cells as they may be shown: those with a number first, the most people in front, then the
    hidden ones by key. Empty cells are left out.

    None of them when even hiding all would tell, for the sum of them is known.
    """
    named = {key: people for key, people in cells.items() if people and key != UNKNOWN}
    hidden = _hidden(named)
    if hidden is None:
        named, hidden = {}, ()
    if cells.get(UNKNOWN, 0) >= FEWEST:
        named[UNKNOWN] = cells[UNKNOWN]
    seen = sorted(
        ((key, people) for key, people in named.items() if key not in hidden),
        key=lambda one: (-one[1], one[0]),
    )
    return (
        *(Cell(key, people) for key, people in seen),
        *(Cell(key, None) for key in sorted(hidden)),
    )


def shown_tree(tree: Tree) -> dict[str, tuple[Cell, ...]]:
    """The same where cells are the sums of others: by the path of each branch ("" is the whole,
    "a/b" the branch b of the branch a) the cells right below it.

    What is in a branch that is hidden is left out, for its sum would tell; so is what is in one of
    which nothing is known.
    """
    found: dict[str, tuple[Cell, ...]] = {}
    _walk(tree, "", found)
    return found


def _walk(tree: Tree, path: str, found: dict[str, tuple[Cell, ...]]) -> None:
    cells = shown({key: _sum(below) for key, below in tree.items()})
    found[path] = cells
    for cell in cells:
        below = tree[cell.key]
        if cell.people is not None and not isinstance(below, int) and cell.key != UNKNOWN:
            _walk(below, f"{path}/{cell.key}" if path else cell.key, found)


def _sum(below: "Tree | int") -> int:
    return below if isinstance(below, int) else sum(_sum(one) for one in below.values())


def _hidden(cells: Mapping[str, int]) -> Collection[str] | None:
    """The keys to hide; None when that does not help."""
    few = {people for people in cells.values() if people < FEWEST}
    if not few:
        return ()
    upto = max(few)
    if len(few) == 1:
        more = [people for people in cells.values() if people >= FEWEST]
        if not more:
            return None
        upto = min(more)
    return [key for key, people in cells.items() if people <= upto]
