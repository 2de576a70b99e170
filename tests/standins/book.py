"""What a stand-in took, and which of it a test has expected."""

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Book(Generic[T]):
    """Entries in the order of arrival. Expectations may come in any order."""

    def __init__(self) -> None:
        self.entries: list[T] = []
        self._seen: set[int] = set()
        self._arrival = asyncio.Event()

    def record(self, entry: T, *, seen: bool = False) -> None:
        """Add what was just taken; `seen` for what an earlier process took."""
        if seen:
            self._seen.add(len(self.entries))
        self.entries.append(entry)
        self._arrival.set()
        self._arrival = asyncio.Event()

    async def wait_for(self, matches: Callable[[T], bool], timeout: float) -> T:
        """The first entry that matches, now or within `timeout` seconds; marks nothing."""
        return self.entries[await self._first(matches, timeout, unseen=False)]

    async def expect(self, matches: Callable[[T], bool], timeout: float) -> T:
        """The first unseen entry that matches, now or in time, which is then seen."""
        index = await self._first(matches, timeout, unseen=True)
        self._seen.add(index)
        return self.entries[index]

    def unexpected(self) -> list[T]:
        """What came and no test has expected."""
        return [entry for i, entry in enumerate(self.entries) if i not in self._seen]

    def take_unexpected(self) -> list[T]:
        """The same, and mark it seen."""
        left = self.unexpected()
        self._seen.update(range(len(self.entries)))
        return left

    async def _first(self, matches: Callable[[T], bool], timeout: float, *, unseen: bool) -> int:
        position = 0
        try:
            async with asyncio.timeout(timeout):
                while True:
                    for index in range(position, len(self.entries)):
                        if unseen and index in self._seen:
                            continue
                        if matches(self.entries[index]):
                            return index
                    position = len(self.entries)
                    await self._arrival.wait()
        except TimeoutError:
            came = "\n".join(f"  {entry}" for entry in self.unexpected()) or "  nothing"
            raise AssertionError(f"not within {timeout} s; unexpected so far:\n{came}") from None
