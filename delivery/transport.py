"""The port that every way out implements."""

from dataclasses import dataclass
from typing import Protocol

from delivery.content import Content
from delivery.model import Lane
from kit.channels import Channel, Endpoint


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message on its way to a provider; `message_id` is the row of the ledger."""

    message_id: int
    to: Endpoint
    content: Content
    lane: Lane


class Transport(Protocol):
    """Sends on one channel. One call is one request to the provider."""

    @property
    def channel(self) -> Channel:
        """The channel that this transport serves."""

    @property
    def rate(self) -> float:
        """Units a second that the provider allows: messages, or segments of SMS."""

    def units(self, content: Content) -> int:
        """What a message costs of the rate."""

    async def send(self, outgoing: Outgoing) -> str:
        """Send and give the provider's id; raises `SendError` and nothing else."""

    async def close(self) -> None:
        """Let go of connections."""
