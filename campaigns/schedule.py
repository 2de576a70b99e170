"""When a campaign leaves."""

import json
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Now:
    """It leaves when somebody starts it."""


@dataclass(frozen=True, slots=True)
class At:
    """It leaves by itself at an instant, written by the clock of `zone` (IANA)."""

    due_at: datetime
    zone: str


Schedule = Now | At


def packed_schedule(schedule: Schedule) -> str:
    """The form in which the database keeps a schedule."""
    if isinstance(schedule, Now):
        return json.dumps({"now": True})
    return json.dumps({"at": schedule.due_at.isoformat(), "zone": schedule.zone})


def unpacked_schedule(packed: str) -> Schedule:
    """The reverse of `packed_schedule`."""
    plain = json.loads(packed)
    return At(datetime.fromisoformat(plain["at"]), plain["zone"]) if "at" in plain else Now()
