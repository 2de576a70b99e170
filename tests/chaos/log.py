"""The providers' own log: what they were asked, what they took, what they told afterwards.

One line of JSON for each event, in order, on disk before the sender hears of anything.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal, Protocol

from pydantic import Field, TypeAdapter

from kit.channels import Channel


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to send, as it came; `status` is that of a scripted refusal, 0 when there is none.

    `sender` is a bot or a number. `hidden` says that the sender cannot know what became of it.
    `retry_after` is how many seconds everything has to wait, as the refusal said.
    """

    at: datetime
    channel: Channel
    sender: str
    to: str = field(repr=False)
    text: str = field(repr=False)
    status: int = 0
    hidden: bool = False
    retry_after: float | None = None
    kind: Literal["asked"] = "asked"


@dataclass(frozen=True, slots=True)
class Took:
    """A message that a provider took; `ends` is the last status that it comes to, if any.

    `row` is the ledger's row that the request named, which only SMS do.
    """

    at: datetime
    channel: Channel
    to: str = field(repr=False)
    text: str = field(repr=False)
    id: str
    row: int | None = None
    ends: str = ""
    kind: Literal["took"] = "took"

    @property
    def arrived(self) -> bool:
        """Whether a person has it, as far as the provider knows."""
        return self.ends not in {"undelivered", "failed"}


@dataclass(frozen=True, slots=True)
class Told:
    """A receipt; `heard` says that the application confirmed it."""

    at: datetime
    id: str
    status: str
    heard: bool
    kind: Literal["told"] = "told"


Event = Annotated[Asked | Took | Told, Field(discriminator="kind")]
_EVENT: TypeAdapter[Asked | Took | Told] = TypeAdapter(Event)


class Log(Protocol):
    """Where events go."""

    def note(self, event: Asked | Took | Told) -> None:
        """Add one."""


class ListLog:
    """A log in memory."""

    def __init__(self) -> None:
        self.events: list[Asked | Took | Told] = []

    def note(self, event: Asked | Took | Told) -> None:
        self.events.append(event)


class FileLog:
    """A log that another process reads."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab", buffering=0)

    def note(self, event: Asked | Took | Told) -> None:
        self._file.write(_EVENT.dump_json(event) + b"\n")


def read_log(path: Path) -> list[Asked | Took | Told]:
    """Everything in a file."""
    return [_EVENT.validate_json(line) for line in path.read_bytes().split(b"\n")[:-1]]


@dataclass(frozen=True, slots=True)
class Logged:
    """A log, taken apart."""

    asked: tuple[Asked, ...]
    took: tuple[Took, ...]
    told: tuple[Told, ...]

    @classmethod
    def of(cls, events: Iterable[Asked | Took | Told]) -> "Logged":
        """The events of a log by their kind, each in order."""
        every = list(events)
        return cls(
            tuple(one for one in every if isinstance(one, Asked)),
            tuple(one for one in every if isinstance(one, Took)),
            tuple(one for one in every if isinstance(one, Told)),
        )
