"""What is under way in this process: a task for each claimed row, from its launch to its end."""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Iterable

from delivery.model import Claimed, Lane
from kit.channels import Endpoint

IN_AIR = 100
"""Sends under way at once, for each lane of a sender."""

UNSETTLED = 3 * IN_AIR
"""Rows that are held at once, for each lane of a sender: also those that wait to be settled."""

Flight = asyncio.Task[None]


class Flights:
    """The rows of this process that are claimed, and the tasks that see to them.

    `held` are those that a task sees to; `unsent` those that may stand as claimed although nobody
    does, but certainly never left: they go again in any lane.
    """

    def __init__(self, senders: Iterable[str]) -> None:
        self.held: set[int] = set()
        self.unsent: set[int] = set()
        self._flights: dict[tuple[Lane, str], set[Flight]] = {
            (lane, name): set() for lane in Lane for name in senders
        }
        self._air: dict[tuple[Lane, str], set[int]] = {key: set() for key in self._flights}
        self._latest: dict[tuple[Endpoint, bool], Flight] = {}
        self._suspects: set[int] = set()
        self._landed = asyncio.Event()

    def launch(
        self, row: Claimed, fly: Callable[[Flight | None], Coroutine[None, None, None]]
    ) -> None:
        """Send a row: `fly` gets the flight of an earlier message to the same recipient, if one is
        under way. Urgent and reply do not wait for bulk."""
        key, who = (row.lane, row.sender), (row.to, row.lane is Lane.BULK)
        task = asyncio.create_task(fly(self._latest.get(who)), name="delivery")
        self._air[key].add(row.id)
        self._latest[who] = task

        def over(ended: Flight) -> None:
            if self._latest.get(who) is ended:
                del self._latest[who]

        self._keep(row, task)
        task.add_done_callback(over)

    def see_to(self, row: Claimed, work: Coroutine[None, None, None]) -> None:
        """Do something else with a claimed row, such as giving it back."""
        self._keep(row, asyncio.create_task(work, name="delivery"))

    def land(self, row: Claimed) -> None:
        """The provider has answered: the air is free for another, while this one is settled."""
        self._air[row.lane, row.sender].discard(row.id)
        self._landed.set()

    def room(self, lane: Lane, sender: str) -> int:
        """How many more rows of a lane may be launched; 0 while less than half of the air is free,
        for a claim for each row that lands would cost a unit each."""
        air, under_way = self._air[lane, sender], self._flights[lane, sender]
        if len(air) > IN_AIR // 2 or len(under_way) > UNSETTLED - IN_AIR:
            return 0
        return IN_AIR - len(air)

    async def landing(self) -> None:
        """Wait until a row lands."""
        self._landed.clear()
        await self._landed.wait()

    def wake(self) -> None:
        """Let nobody wait for a landing: all is to end."""
        self._landed.set()

    @property
    def has_suspect(self) -> bool:
        """Whether a row is under way that was held when a process was killed."""
        return bool(self._suspects)

    def drop(self, ids: Collection[int]) -> None:
        """These were claimed, perhaps, and are not on their way."""
        self.held.difference_update(ids)
        self.unsent.update(ids)

    def under_way(self) -> tuple[Flight, ...]:
        """Every task that sees to a row."""
        return tuple(task for lane in self._flights.values() for task in lane)

    async def over(self, seconds: float | None = None) -> None:
        """Wait until nothing is under way, or for so long."""
        while flying := self.under_way():
            _, left = await asyncio.wait(flying, timeout=seconds)
            if left and seconds is not None:
                return

    def _keep(self, row: Claimed, task: Flight) -> None:
        flights = self._flights[row.lane, row.sender]
        flights.add(task)
        if row.killed:
            self._suspects.add(row.id)

        def over(ended: Flight) -> None:
            flights.discard(ended)
            self.held.discard(row.id)
            self._suspects.discard(row.id)
            self.land(row)

        task.add_done_callback(over)
