"""What long work is: who asked for it, how far it is, and what may be done with it when."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from contacts.csv_file import RowError

UNDECIDED_FOR = timedelta(days=1)
"""So long a file waits for somebody to say that it is to be brought in; then it is taken away."""

SHOWN_FOR = timedelta(days=90)
"""So long work that is over stays in the list."""

MOST_AT_ONCE = 3
"""Works of one member that are not over."""

MOST_FAULTS = 10_000
"""Faults of rows that are kept one by one; of the rest only the number."""

MOST_BYTES = 128 * 2**20
"""Of a file: a million contacts take some 110 MB as CSV."""

TRIES = 5
"""After so many that brought it no further, work is given up."""


class Kind(StrEnum):
    """What is done."""

    IMPORT = "import"


class State(StrEnum):
    """How work stands."""

    # The file is being stored.
    ARRIVING = "arriving"
    WAITING = "waiting"
    RUNNING = "running"
    # Every row was judged, and somebody must say whether they are brought in.
    CHECKED = "checked"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


class Step(StrEnum):
    """Judging changes nothing; bringing writes."""

    CHECK = "check"
    BRING = "bring"


UNDER_WAY = (State.WAITING, State.RUNNING)
OVER = (State.DONE, State.STOPPED, State.FAILED)


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of a file read so far, and what came of them, or would come while it is judged."""

    read: int = 0
    created: int = 0
    updated: int = 0
    rejected: int = 0
    faults: int = 0
    """Kept one by one; a row may have several."""
    more_faults: int = 0

    def with_faults(self, faults: Sequence[RowError]) -> "tuple[Counts, Sequence[RowError]]":
        """These with some more, and those of them for which there is room."""
        room = max(0, MOST_FAULTS - self.faults)
        kept = faults[:room]
        more = self.more_faults + len(faults) - len(kept)
        return replace(self, faults=self.faults + len(kept), more_faults=more), kept


@dataclass(frozen=True, slots=True)
class Place:
    """How far a file is read: the piece that comes next, and the last line that was worked."""

    piece: int = 0
    line: int = 0


@dataclass(frozen=True, slots=True)
class Work:
    """Long work as it stands. `lines` is how many lines its file has; `newest` the highest id of a
    contact when rows began to be written. `why` is the key of what stopped it."""

    id: int
    kind: Kind
    member_id: int
    state: State
    step: Step
    name: str = field(repr=False)
    size: int
    lines: int
    pieces: int
    header: tuple[str, ...]
    newest: int
    counts: Counts
    place: Place
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    has_file: bool
    why: str | None

    @property
    def is_over(self) -> bool:
        """Whether nothing will change any more."""
        return self.state in OVER

    @property
    def is_under_way(self) -> bool:
        """Whether the machine is at it, or will be in a moment."""
        return self.state in UNDER_WAY

    @property
    def rows(self) -> int:
        """How many lines of its file are no header."""
        return max(0, self.lines - 1)

    @property
    def share(self) -> float:
        """How much of the step is done, from 0 to 1."""
        return min(1.0, self.place.line / self.lines) if self.lines else 0.0

    @property
    def goes_until(self) -> datetime:
        """When a file for which nobody has decided is taken away."""
        return self.created_at + UNDECIDED_FOR
