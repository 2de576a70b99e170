"""Long polling that confirms an update only after it is stored."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import TypeVar

import structlog

from delivery.model import SendError
from kit.channels import Channel
from transports.intake import Arrival, Intake
from transports.telegram_session import Update

T = TypeVar("T")

Ask = Callable[[int], Coroutine[None, None, list[Update]]]
"""Waits for updates from an offset on and confirms those below it; raises `SendError`."""

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 15.0  # seconds; a call for help may wait behind it

log = structlog.get_logger(__name__)


async def poll(ask: Ask, intake: Intake, stop: asyncio.Event) -> None:
    """Bring every update to `intake` until `stop` is set."""
    offset = failures = 0
    told = timedelta()
    while not stop.is_set():
        try:
            updates = await _unless(stop, ask(offset))
        except SendError as error:
            failures += 1
            told = error.retry_after or timedelta()
            log.warning("telegram.polling_failed", error=str(error), failures=failures)
        else:
            if updates is None:
                return
            stored = await _store(updates, intake, stop)
            failures = 0 if stored == len(updates) else failures + 1
            told = timedelta()
            if stored:
                offset = _number(updates[stored - 1]) + 1
            elif not updates:
                # All below the offset is confirmed now, and none is needed: after a quiet week
                # Telegram may go on with lower numbers (core.telegram.org/bots/api#update).
                offset = 0
        if failures:
            await _rest(stop, max(pause_after(failures), told.total_seconds()))


def pause_after(failures: int) -> float:
    """Seconds to wait after that many failures in a row."""
    return min(FIRST_PAUSE * 2.0 ** min(failures - 1, 10), LONGEST_PAUSE)


async def _store(updates: Sequence[Update], intake: Intake, stop: asyncio.Event) -> int:
    """How many of the first updates are stored without a gap.

    One that cannot be stored holds up the confirmation of those behind it, not their storing:
    they come again, and are known by their id.
    """
    in_a_row, gap = 0, False
    for update in updates:
        if stop.is_set():
            break
        try:
            await intake(_arrival(update))
        except Exception as error:
            # The error's own words may hold what somebody wrote.
            log.error("telegram.update_not_stored", error=type(error).__name__)
            gap = True
        in_a_row += not gap
    return in_a_row


def _arrival(update: Update) -> Arrival:
    raw = json.dumps(update, separators=(",", ":"))
    return Arrival(Channel.TELEGRAM, str(_number(update)), raw)


def _number(update: Update) -> int:
    number = update["update_id"]
    if not isinstance(number, int):
        raise TypeError("update_id is not a whole number")
    return number


async def _unless(stop: asyncio.Event, work: Coroutine[None, None, T]) -> T | None:
    """The result of `work`, or None, and the work cancelled, once `stop` is set."""
    asking = asyncio.create_task(work)
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({asking, stopping}, return_when=asyncio.FIRST_COMPLETED)
        return asking.result() if asking.done() else None
    finally:
        await _end(asking, stopping)


async def _end(*tasks: asyncio.Task[object]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _rest(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
