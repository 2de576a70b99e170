"""One request to a provider, and what its answer, or that none came, means for the row."""

import asyncio
from collections.abc import Mapping
from random import Random

import structlog

from delivery import judging
from delivery.judging import Roads
from delivery.model import Claimed, Failure, Outcome, SendError, State
from delivery.tempo import Tempo
from delivery.transport import Outgoing, Transport
from kit.clock import Clock

log = structlog.get_logger(__name__)


class Attempts:
    """The requests that are with providers now. `chance` spreads what is tried again."""

    def __init__(
        self,
        clock: Clock,
        transports: Mapping[str, Transport],
        roads: Roads,
        tempo: Tempo,
        chance: Random,
    ) -> None:
        self._clock = clock
        self._transports = transports
        self._roads = roads
        self._tempo = tempo
        self._chance = chance
        self._asking: set[asyncio.Task[None]] = set()

    async def attempt(self, row: Claimed) -> Outcome:
        """Send a row once. The task that calls this may be told to `give_up`."""
        task = asyncio.current_task()
        outgoing = Outgoing(row.id, row.to, row.content, row.lane)
        if task is not None:
            self._asking.add(task)
        try:
            provider_id = await self._transports[row.sender].send(outgoing)
            return Outcome(row, State.SENT, self._clock.now(), provider_id=provider_id)
        except SendError as error:
            failed = error
        except asyncio.CancelledError:
            if not self._tempo.closing or task is None:
                raise
            # The process ends: what this send became is unknown, and that is written down.
            task.uncancel()
            failed = SendError(Failure.UNKNOWN_OUTCOME, "stopped")
        except Exception as error:
            log.error("delivery.transport_broken", error=type(error).__name__)
            failed = SendError(Failure.UNKNOWN_OUTCOME, type(error).__name__)
        finally:
            if task is not None:
                self._asking.discard(task)
        now = self._clock.now()
        outcome = judging.judge(row, failed, now, self._roads, self._chance.random())
        if outcome.throttled_until is not None:
            self._tempo.block(row.sender, outcome.throttled_until)
        return outcome

    def give_up(self) -> None:
        """Wait for no answer any longer: all is to end."""
        for task in tuple(self._asking):
            task.cancel()
