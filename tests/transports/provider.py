"""What the behavioural suite asks of a provider, so that every transport goes through it."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from delivery.transport import Transport
from kit.channels import Endpoint

TIMEOUT = 0.3
"""Seconds that the transports under test wait for an answer."""

WAIT = 7
"""Seconds that a throttling provider tells them to wait."""


class Trouble(StrEnum):
    """What a provider, or the way to it, may do to the next message."""

    THROTTLED = "throttled"  # refused, with a wait of WAIT seconds
    STOPPED = "stopped"  # the person wants nothing from this sender
    DEAD = "dead"  # nobody is reached at this endpoint
    NO_CREDIT = "no_credit"  # our token or account is not accepted
    FAILING = "failing"  # the provider itself fails
    GATEWAY_PAGE = "gateway_page"  # what stands before it fails, in HTML
    GATEWAY_TIMEOUT = "gateway_timeout"  # what stands before it gave up waiting
    HANGS = "hangs"  # it keeps the request and answers nothing
    DROPS = "drops"  # it takes the message and closes the connection
    GARBLED = "garbled"  # it takes the message and answers what nobody can read
    UNREACHABLE = "unreachable"  # nothing listens there
    SILENT = "silent"  # connecting never ends
    NO_SIGNAL = "no_signal"  # the phone is out of reach for now


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message at the person's end, with the labels of its buttons."""

    text: str = field(repr=False)
    buttons: tuple[str, ...] = ()


class Provider(Protocol):
    """A provider, a transport that sends through it with TIMEOUT, and somebody it reaches."""

    @property
    def limit(self) -> int:
        """The length of the longest text that is sent in one message."""

    @property
    def transport(self) -> Transport:
        """What is tested."""

    @property
    def to(self) -> Endpoint:
        """Somebody who is reached."""

    async def play(self, trouble: Trouble) -> None:
        """Let the trouble befall the next message, or all that follow."""

    async def arrived(self) -> list[Arrived]:
        """What came so far, in order."""


@dataclass(frozen=True, slots=True)
class Adapter:
    """`open` gives a provider, with a directory to keep things in, and closes its transport in the
    end."""

    name: str
    open: Callable[[Path], AbstractAsyncContextManager[Provider]]
    troubles: frozenset[Trouble]
