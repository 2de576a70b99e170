"""Small counts are hidden, and nothing that is shown tells them."""

from collections.abc import Iterator
from itertools import pairwise, product

from hypothesis import given, settings
from hypothesis import strategies as st

from contacts.coverage.cells import FEWEST, Cell, Tree, shown, shown_tree

KEYS = ("a", "b", "c", "d", "")


def test_a_large_count_is_shown_and_the_most_people_stand_first() -> None:
    assert shown({"b": 5, "a": 5, "c": 70, "d": 0}) == (Cell("c", 70), Cell("a", 5), Cell("b", 5))
    assert shown({}) == ()


def test_one_to_four_people_are_hidden_and_so_is_the_next_smallest() -> None:
    assert shown({"a": 90, "b": 3, "c": 12}) == (Cell("a", 90), Cell("b", None), Cell("c", None))
    # Two that differ hide each other.
    assert shown({"a": 90, "b": 3, "c": 1}) == (Cell("a", 90), Cell("b", None), Cell("c", None))
    # Two that are alike do not: each is half of what is left.
    assert shown({"a": 90, "b": 1, "c": 1, "d": 8}) == (
        Cell("a", 90),
        Cell("b", None),
        Cell("c", None),
        Cell("d", None),
    )
    # Of two that are as small as each other, hiding one would tell that it is not the smallest.
    assert [cell.people for cell in shown({"a": 90, "b": 3, "c": 9, "d": 9})] == [90] + [None] * 3


def test_nothing_is_shown_where_the_sum_alone_would_tell() -> None:
    assert shown({"a": 3}) == ()
    assert shown({"a": 1, "b": 1, "c": 1}) == ()


def test_who_is_not_known_hides_nobody_and_is_left_out_when_few() -> None:
    assert shown({"a": 90, "b": 7, "": 3}) == (Cell("a", 90), Cell("b", 7))
    assert shown({"a": 90, "b": 3, "": 30}) == (
        Cell("", 30),
        Cell("a", None),
        Cell("b", None),
    )
    assert shown({"a": 3, "": 30}) == (Cell("", 30),)


def worlds(keys: tuple[str, ...], total: int) -> Iterator[dict[str, int]]:
    """Every way in which so many people can be spread."""
    for numbers in product(range(total + 1), repeat=len(keys) - 1):
        if sum(numbers) <= total:
            yield dict(zip(keys, (*numbers, total - sum(numbers)), strict=True))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=4), st.integers(0, 9))
def test_no_hidden_count_can_be_worked_out_by_who_knows_the_sum_and_the_rule(
    numbers: list[int], unknown: int
) -> None:
    cells = dict(zip(KEYS, numbers, strict=False)) | ({"": unknown} if len(numbers) < 4 else {})
    seen = shown(cells)
    assert not any(cell.people is not None and cell.people < FEWEST for cell in seen)
    alike = [
        world
        for world in worlds(tuple(cells), sum(cells.values()))
        if shown(world) == seen and world.get("") == cells.get("")
    ]
    assert cells in alike
    assert not any(cell.people is None and cell.key == "" for cell in seen)
    for cell in seen:
        if cell.people is None:
            assert len({world[cell.key] for world in alike}) > 1


trees = st.recursive(
    st.integers(0, 12),
    lambda below: st.builds(
        lambda known, unknown: known | unknown,
        st.dictionaries(st.sampled_from(KEYS[:-1]), below, min_size=1, max_size=4),
        st.dictionaries(st.just(""), st.integers(0, 12)),
    ),
    max_leaves=14,
).filter(lambda tree: not isinstance(tree, int))


def total(tree: Tree | int) -> int:
    return tree if isinstance(tree, int) else sum(total(below) for below in tree.values())


def branches(tree: Tree, path: str = "") -> Iterator[tuple[str, Tree]]:
    yield path, tree
    for key, below in tree.items():
        if not isinstance(below, int):
            yield from branches(below, f"{path}/{key}" if path else key)


def swapped(tree: Tree, path: str, one: str, other: str) -> Tree:
    """The same people, with all those of two cells changed round."""
    if path:
        first, _, rest = path.partition("/")
        below = tree[first]
        assert not isinstance(below, int)
        return {**tree, first: swapped(below, rest, one, other)}
    return {**tree, one: tree[other], other: tree[one]}


@settings(max_examples=150, deadline=None)
@given(trees)
def test_no_sum_of_a_branch_tells_what_is_hidden_in_another(tree: Tree) -> None:
    seen = shown_tree(tree)
    below = dict(branches(tree))
    for path, cells in seen.items():
        assert not any(cell.people is not None and cell.people < FEWEST for cell in cells)
        hidden = [cell.key for cell in cells if cell.people is None]
        numbers = {key: total(below[path][key]) for key in hidden}
        assert len(hidden) == 0 or len(set(numbers.values())) > 1
        for one, other in pairwise(sorted(hidden, key=numbers.__getitem__)):
            # Another world in which the same is shown.
            assert shown_tree(swapped(tree, path, one, other)) == seen
