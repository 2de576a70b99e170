"""Work that nobody waits for takes turns, and rests between them."""

import asyncio
from itertools import pairwise

import pytest

from kit.turns import LEAST_SECONDS, LONGEST_SECONDS, Turns
from tests.patience import PATIENCE


class Course:
    """A time that goes on only where it is told to."""

    def __init__(self) -> None:
        self.now = 0.0
        self.rests: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.rests.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


@pytest.mark.parametrize("at_once", [1, 3])
async def test_no_more_units_are_under_way_than_have_room(at_once: int) -> None:
    turns, under_way, most = Turns(at_once, rests=False), 0, 0

    async def unit() -> None:
        nonlocal under_way, most
        async with turns.one():
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0.001)
            under_way -= 1

    await asyncio.gather(*(unit() for _ in range(12)))
    assert (most, under_way) == (at_once, 0)


async def test_those_who_wait_come_one_after_the_other_and_not_the_first_again() -> None:
    turns, done = Turns(rests=False), list[str]()

    async def work(name: str) -> None:
        for _ in range(4):
            async with turns.one():
                done.append(name)
                await asyncio.sleep(0)

    await asyncio.gather(work("a"), work("b"))
    assert all(one != two for one, two in pairwise(done))


@pytest.mark.parametrize(
    ("took", "rest"),
    [(0.0, LEAST_SECONDS), (0.3, 0.3), (60.0, LONGEST_SECONDS)],
)
async def test_a_rest_is_as_long_as_the_unit_took(took: float, rest: float) -> None:
    course = Course()
    turns = Turns(timer=lambda: course.now, sleep=course.sleep)
    async with turns.one():
        course.now += took
    # Whoever wants no other turn waits for nothing.
    assert course.rests == []
    async with turns.one():
        assert course.rests == [pytest.approx(rest)]


async def test_who_comes_later_than_the_rest_waits_for_nothing() -> None:
    course = Course()
    turns = Turns(timer=lambda: course.now, sleep=course.sleep)
    for _ in range(3):
        async with turns.one():
            course.now += 0.25
        course.now += 0.25
    assert course.rests == []


async def test_who_gives_up_while_they_wait_or_rest_takes_no_place_with_them() -> None:
    turns = Turns()
    async with turns.one():
        waits = asyncio.create_task(turns.one().__aenter__())
        await asyncio.sleep(0)
        waits.cancel()
        await asyncio.wait([waits])
    rests = asyncio.create_task(turns.one().__aenter__())
    await asyncio.sleep(0)
    rests.cancel()
    await asyncio.wait([rests])
    async with asyncio.timeout(PATIENCE), turns.one():
        pass


async def test_a_unit_that_fails_lets_the_next_have_its_turn() -> None:
    turns = Turns(rests=False)
    with pytest.raises(ValueError, match="broken"):
        async with turns.one():
            raise ValueError("broken")
    async with asyncio.timeout(PATIENCE), turns.one():
        pass
