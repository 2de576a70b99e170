"""What the providers really took, on disk before the sender hears of it.

A line per message, written in one piece. The file is not synced: a process that is killed loses
nothing that it has written, only a machine that stops would.
"""

import os
from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import TypeAdapter

from tests.standins.records import Record

_RECORD: TypeAdapter[Record] = TypeAdapter(Record)


class Journal:
    """Appends to `path`, after cutting off what a killed process left of a line."""

    def __init__(self, path: Path) -> None:
        if path.exists():
            os.truncate(path, path.read_bytes().rfind(b"\n") + 1)
        self._file = path.open("ab", buffering=0)

    def write(self, record: Record) -> None:
        """Add a line."""
        self._file.write(_RECORD.dump_json(record) + b"\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()


def read_journal(path: Path) -> list[Record]:
    """Everything that was taken. A line cut short was never answered and does not count."""
    if not path.exists():
        return []
    return [_RECORD.validate_json(line) for line in path.read_bytes().split(b"\n")[:-1]]
