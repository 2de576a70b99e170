"""The port of a way out whose provider holds files, to send each to many by a name."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from delivery.content import Attachment, Content
from kit.channels import Channel, Endpoint

SLOWEST = 128 * 1024
"""Bytes a second that an upload must make: a megabit. Fifty megabytes take seven minutes then."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that nobody at the provider's holds yet: how it is to be shown ("photo", "voice" …),
    what it is called, how many bytes it has, and how they are read, from the first, each time."""

    kind: str
    name: str
    size: int
    pieces: Callable[[], AsyncIterator[bytes]] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What became of an upload: what the provider calls the file, and the message it came with."""

    file: Attachment
    message_id: str


@runtime_checkable
class Uploading(Protocol):
    """A sender that can bring a file to its provider."""

    @property
    def name(self) -> str:
        """The sender's name in the ledger."""

    @property
    def channel(self) -> Channel:
        """The channel that this sender serves."""

    @property
    def bot(self) -> str:
        """Whose the names of files are: they are good for nobody else."""

    async def upload(self, to: Endpoint, content: Content, file: File) -> Uploaded:
        """Send a content with a file; raises `SendError` and nothing else."""
