"""What a line of the audit binds: its content under a key, and its place behind the line before.

Pure: what is written here is fingerprinted by the store, with the key that the database does not
hold. Whoever can write to the tables but has no key can neither change, add, move nor take away a
line that was sealed without a fault being found; the last lines may only be cut together with the
head, which `--expect` finds.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `about` names a thing by id or folio, never a person.

    `at` is None when what stands there cannot be read as an instant. `mac` is None for lines from
    before the chain; `position` counts from 1 and comes with `link` once the line is sealed.
    """

    id: int
    at: datetime | None
    member_id: int | None
    act: str
    about: str
    mac: bytes | None = None
    position: int | None = None
    link: bytes | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the chain begins: the last id, and how many lines there were, before there was one."""

    mark: int
    rows: int

    def covers(self, line: Line, position: int) -> bool:
        """Whether a line at a position may be one without a mac."""
        return line.id <= self.mark and position <= self.rows


@dataclass(frozen=True, slots=True)
class Seal:
    """The end of a chain: noted elsewhere, it proves later that nothing before it was changed."""

    position: int
    link: bytes

    def __str__(self) -> str:
        return f"{self.position}:{self.link.hex()}"


class Fault(StrEnum):
    """What can be wrong with the audit."""

    NO_HEAD = "no_head"
    # No mac, or none of ours: somebody wrote it past the program.
    FORGED = "forged"
    # What it tells was changed after it was sealed.
    CHANGED = "changed"
    # It is not what followed the line before it.
    UNLINKED = "unlinked"
    GAP = "gap"
    # Lines at the end are gone: the head, or the seal noted elsewhere, knows more.
    CUT = "cut"
    # Lines stand behind the end that the head knows, or it ends in another link.
    HEAD = "head"
    # At the position noted elsewhere stands another link.
    EXPECTED = "expected"


@dataclass(frozen=True, slots=True)
class Found:
    """A fault, at a position of the chain or, where it has none, at the line of an id."""

    fault: Fault
    position: int | None = None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a walk through the whole audit found; `head` is the last seal that it met."""

    sealed: int
    unsealed: int
    head: Seal | None
    faults: int
    first: Found | None

    @property
    def rows(self) -> int:
        return self.sealed + self.unsealed

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return self.first is None


def content(line: Line) -> str:
    """What the mac of a line is over, in one way of writing."""
    at = None if line.at is None else line.at.astimezone(UTC).isoformat(timespec="microseconds")
    return _written([line.id, at, line.member_id, line.act, line.about])


def linking(previous: bytes, line: Line, position: int) -> str:
    """What the link of a line at a position is over."""
    mac = None if line.mac is None else line.mac.hex()
    return _written([previous.hex(), content(line), mac, position])


def beginning(origin: Origin) -> str:
    """What the link before the first is over."""
    return _written([origin.mark, origin.rows])


def judge(line: Line, *, authentic: bool, linked: bool) -> Fault | None:
    """What is wrong with a line: whether its mac is ours, and whether its link is the right one.

    A line that was forged before it was sealed is linked all the same; one that was changed later
    is neither.
    """
    if authentic and linked:
        return None
    if linked:
        return Fault.FORGED
    # Without a mac only the link speaks for what a line tells.
    return Fault.UNLINKED if authentic and line.mac is not None else Fault.CHANGED


def read_seal(written: str) -> Seal | None:
    """A seal as `str` writes it, None for anything else."""
    position, _colon, link = written.strip().partition(":")
    if not (position.isascii() and position.isdigit() and 0 < len(position) <= LONGEST_POSITION):
        return None
    try:
        found = Seal(int(position), bytes.fromhex(link))
    except ValueError:
        return None
    return found if found.position > 0 and len(found.link) == LINK_BYTES else None


LONGEST_POSITION = 15
LINK_BYTES = 32


def _written(parts: list[object]) -> str:
    return json.dumps(parts, ensure_ascii=True, separators=(",", ":"))
