"""What came of an import: how many rows were read, and why some were not taken."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from contacts.csv_file import RowError

MOST_ERRORS = 1_000
"""So many are kept one by one; of the rest only the number."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """Rows read, and of these how many made something, changed something, were not taken."""

    read: int
    created: int
    updated: int
    rejected: int
    errors: tuple[RowError, ...]
    more_errors: int


@dataclass(slots=True)
class Tally:
    """Counts while an import runs."""

    read: int = 0
    created: int = 0
    updated: int = 0
    rejected: int = 0
    more_errors: int = 0
    _errors: list[RowError] = field(default_factory=list)

    def reject(self, errors: Sequence[RowError]) -> None:
        """One row was not taken, for these reasons."""
        self.rejected += 1
        room = max(0, MOST_ERRORS - len(self._errors))
        self._errors += errors[:room]
        self.more_errors += len(errors[room:])

    def report(self) -> ImportReport:
        """The counts as they are now, errors in the order of the file."""
        return ImportReport(
            self.read,
            self.created,
            self.updated,
            self.rejected,
            tuple(sorted(self._errors, key=lambda error: error.line)),
            self.more_errors,
        )
