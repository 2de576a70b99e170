"""Faults that a test scripts and both stand-ins obey."""

import asyncio
import json
import random
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from tests.patience import PATIENCE


class FaultKind(StrEnum):
    """What goes wrong with one call."""

    PASS = "pass"  # nothing: holds a place in the queue
    ANSWER = "answer"  # an error is answered, nothing is taken
    HANG = "hang"  # no answer until released, or for some seconds
    DELAY = "delay"  # a slow but good answer; taken at its end
    DROP = "drop"  # the message is taken, the connection closed without an answer
    DROP_BEFORE = "drop_before"  # the connection is closed and nothing taken


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. Make it with the constructors below; `seconds` None means until released."""

    kind: FaultKind
    status: int = 500
    body: str = ""
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    seconds: float | None = None
    taken: bool = False

    @classmethod
    def ok(cls) -> Self:
        """No fault: the call passes. Put before another fault to let some calls through."""
        return cls(FaultKind.PASS)

    @classmethod
    def answer(
        cls,
        status: int,
        body: Mapping[str, object] | str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """Answer `status` with a JSON body, or with a text as a broken gateway would."""
        pairs = tuple((headers or {}).items())
        if isinstance(body, str):
            return cls(FaultKind.ANSWER, status, body, "text/html", pairs)
        return cls(FaultKind.ANSWER, status, json.dumps(body), headers=pairs)

    @classmethod
    def hang(cls, seconds: float | None = None, *, taken: bool = False) -> Self:
        """Keep the caller waiting, then answer well.

        With `taken` the message counts before the wait. Without, it counts after it, and only
        if the caller is still connected: one who gave up was never served.
        """
        return cls(FaultKind.HANG, seconds=seconds, taken=taken)

    @classmethod
    def delay(cls, seconds: float) -> Self:
        """Answer well, but late."""
        return cls(FaultKind.DELAY, seconds=seconds)

    @classmethod
    def drop(cls) -> Self:
        """Take the message, then close the connection: the caller cannot know."""
        return cls(FaultKind.DROP)

    @classmethod
    def drop_before(cls) -> Self:
        """Close the connection before taking anything."""
        return cls(FaultKind.DROP_BEFORE)


@dataclass(frozen=True, slots=True)
class Script:
    """Which calls a fault befalls.

    `calls` None means all to come. `methods` None means every call that sends something; name
    others ("getUpdates", "fetch" …) to reach them. `probability` draws from `seed`.
    """

    fault: Fault
    calls: int | None = 1
    recipient: str | None = None
    methods: tuple[str, ...] | None = None
    probability: float | None = None
    seed: int = 0


@dataclass(slots=True, eq=False)
class _Running:
    script: Script
    left: int | None
    dice: random.Random = field(repr=False)

    def befalls(self, method: str, recipient: str | None, *, sends: bool) -> bool:
        script = self.script
        if script.recipient is not None and script.recipient != recipient:
            return False
        if script.methods is None:
            return sends
        return method in script.methods


def _unheard(fault: Fault | None) -> None:
    del fault


class Faults:
    """The scripted faults of one stand-in, and the calls that hang in it.

    Looked up in this order: faults for the recipient, the queue, faults by chance. The queue is
    first in, first out, and a call takes one place of it. `on_draw` hears what befalls each call.
    """

    def __init__(self) -> None:
        self.on_draw: Callable[[Fault | None], None] = _unheard
        self._running: list[_Running] = []
        self._released = asyncio.Event()
        self._hung = asyncio.Event()
        self.closed = False
        self.holding = 0

    def next(self, fault: Fault, calls: int = 1, methods: Iterable[str] | None = None) -> None:
        """`fault` befalls the next `calls` calls, after what is queued already."""
        self.add(Script(fault, calls, methods=_tuple(methods)))

    def for_recipient(
        self,
        recipient: int | str,
        fault: Fault,
        calls: int | None = None,
        methods: Iterable[str] | None = None,
    ) -> None:
        """`fault` befalls every call, or the next `calls` calls, to one chat or number."""
        self.add(Script(fault, calls, str(recipient), _tuple(methods)))

    def sometimes(
        self, fault: Fault, probability: float, seed: int, methods: Iterable[str] | None = None
    ) -> None:
        """`fault` befalls each call with this probability, the same way for the same seed."""
        self.add(Script(fault, None, None, _tuple(methods), probability, seed))

    def add(self, script: Script) -> None:
        """Put a script in force."""
        self._running.append(_Running(script, script.calls, random.Random(script.seed)))

    def clear(self) -> None:
        """Forget every script. What hangs goes on hanging."""
        self._running.clear()

    def draw(self, method: str, recipient: str | None, *, sends: bool) -> Fault | None:
        """The fault of this call, used up; None when all is well."""
        fault = self._drawn(method, recipient, sends=sends)
        self.on_draw(fault)
        return fault

    def _drawn(self, method: str, recipient: str | None, *, sends: bool) -> Fault | None:
        fitting = [one for one in self._running if one.befalls(method, recipient, sends=sends)]
        for one in sorted(fitting, key=_order):
            chance = one.script.probability
            if chance is not None and one.dice.random() >= chance:
                continue
            if one.left is not None:
                one.left -= 1
                if one.left <= 0:
                    self._running.remove(one)
            return None if one.script.fault.kind is FaultKind.PASS else one.script.fault
        return None

    async def hold(self, seconds: float | None) -> None:
        """Keep a call waiting for `seconds`, or until `release` when None."""
        if self.closed:
            return
        self.holding += 1
        self._hung.set()
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._released.wait()
        finally:
            self.holding -= 1

    async def wait_until_hanging(self, calls: int = 1, timeout: float = PATIENCE) -> None:
        """Return once so many calls hang here; raises TimeoutError."""
        async with asyncio.timeout(timeout):
            while self.holding < calls:
                self._hung.clear()
                await self._hung.wait()

    def release(self) -> None:
        """Let every call go that hangs now."""
        self._released.set()
        self._released = asyncio.Event()

    def close(self) -> None:
        """Release every call and hold none again."""
        self.closed = True
        self.release()


def _tuple(methods: Iterable[str] | None) -> tuple[str, ...] | None:
    return None if methods is None else tuple(methods)


def _order(running: _Running) -> int:
    script = running.script
    if script.recipient is not None:
        return 0
    return 1 if script.probability is None else 2
