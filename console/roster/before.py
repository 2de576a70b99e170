"""Who had some hours when a form was shown: the form brings it back, so that nobody changes what
somebody else has changed meanwhile."""

from dataclasses import dataclass
from datetime import datetime

from alerts.shifts.rota import Shift
from alerts.shifts.week import EXPORTED
from console.roster.clocks import exact, read_exact


@dataclass(frozen=True, slots=True)
class Stretch:
    """The hours of a rota that a form is about."""

    rota_id: int
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Before:
    """Who had some hours when a form was shown, for the form to bring back."""

    stretch: Stretch
    shifts: tuple[Shift, ...]

    def __str__(self) -> str:
        about = self.stretch
        had = [f"{one.member_id}:{exact(one.starts)}:{exact(one.ends)}" for one in self.shifts]
        return ";".join([f"{about.rota_id}:{exact(about.starts)}:{exact(about.ends)}", *had])


def read_before(typed: str) -> Before | None:
    """What the form brought back; None of none, or of what no page of ours wrote."""
    parts = [part.split(":") for part in typed.split(";")]
    found = []
    for part in parts:
        if len(part) != 3 or not part[0].isascii() or not part[0].isdigit():
            return None
        starts, ends = read_exact(part[1]), read_exact(part[2])
        if starts is None or ends is None or len(part[0]) > 15:
            return None
        found.append((int(part[0]), starts, ends))
    (rota_id, starts, ends), *shifts = found
    if not starts < ends <= starts + EXPORTED:
        return None
    had = tuple(Shift(rota_id, *one) for one in shifts)
    return Before(Stretch(rota_id, starts, ends), had)
