"""The port that every way out implements."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from delivery.content import Content
from delivery.model import Failure, Lane, State
from kit.channels import Channel, Endpoint


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message on its way to a provider; `message_id` is the row of the ledger."""

    message_id: int
    to: Endpoint
    content: Content
    lane: Lane


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a provider tells afterwards: SENT while there is no final word, DELIVERED, UNDELIVERED.

    `failure` is what the code of an undelivered message means, if anybody knows.
    """

    provider_id: str
    state: State
    code: str = ""
    failure: Failure | None = None


class Transport(Protocol):
    """A sender: a bot, or a phone number. One call is one request to its provider."""

    @property
    def name(self) -> str:
        """The sender's name in the ledger. The first of a channel is called as the channel is."""

    @property
    def channel(self) -> Channel:
        """The channel that this sender serves."""

    @property
    def rate(self) -> float:
        """Units a second that the provider allows: messages, or segments of SMS."""

    @property
    def urgent_only(self) -> bool:
        """Whether it is kept for those who stopped the others and yet need an answer."""

    def units(self, content: Content) -> int:
        """What a message costs of the rate."""

    async def send(self, outgoing: Outgoing) -> str:
        """Send and give the provider's id; raises `SendError` and nothing else."""

    async def close(self) -> None:
        """Let go of connections."""


@runtime_checkable
class Traceable(Protocol):
    """A sender whose provider can be asked afterwards what became of a message."""

    async def find(self, outgoing: Outgoing, since: datetime) -> tuple[Receipt, ...]:
        """The messages at the provider that could be this one; raises `SendError`."""

    async def fetch(self, provider_id: str) -> Receipt | None:
        """What became of a message, or None when the provider does not know it."""


@runtime_checkable
class Withdrawing(Protocol):
    """A sender that can take back what it sent: delete it from a chat, end a call."""

    async def withdraw(self, to: Endpoint, provider_id: str) -> bool:
        """Take it back; False when the provider does not do so any more. Raises `SendError` when
        it could not be asked, and may be asked again."""
