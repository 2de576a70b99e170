"""Work that goes on beside, and whose failure is said."""

import asyncio
from collections.abc import Coroutine

import structlog

log = structlog.get_logger(__name__)


class Tasks:
    """Tasks of one process, until `cancel`."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def spawn(self, work: Coroutine[None, None, None], name: str) -> None:
        """Begin something that ends by itself or at the `cancel`."""
        task = asyncio.create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._ended)

    async def cancel(self) -> None:
        """End all of it."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            # Only the kind of the error: its text could hold what a person wrote.
            log.error("task.failed", task=task.get_name(), error=type(error).__name__)
