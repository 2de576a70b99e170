"""How many people one unit of the live count looks at."""

from console.editor.counting import LEAST, MOST, RANGE, UNIT_SECONDS, next_range


def test_units_grow_while_they_are_quick_and_shrink_when_somebody_would_wait() -> None:
    assert next_range(RANGE, UNIT_SECONDS) == RANGE
    assert next_range(RANGE, 0.001) == 2 * RANGE
    assert next_range(RANGE, 10 * UNIT_SECONDS) == RANGE // 2
    assert next_range(MOST, 0) == MOST
    assert next_range(LEAST, 60) == LEAST
