"""What people type about themselves: quiet hours, and waits by kind of method."""

import re
from collections.abc import Mapping
from datetime import time, timedelta

from kit.channels import Channel
from kit.errors import Invalid
from kit.fold import fold
from locales.text import _
from staff.model import Quiet

NONE = "no"
"""Typed in the place of quiet hours: there are none."""

_CLOCK = r"([0-9]{1,2})(?::([0-9]{2}))?"
_HOURS = re.compile(rf"\s*{_CLOCK}\s*[-–]\s*{_CLOCK}\s*")
_DELAY = re.compile(r"\s*([A-Za-z]+)\s*=\s*([0-9]{1,6})\s*")


def read_quiet(typed: str) -> Quiet | None:
    """Quiet hours, "22:00-07:00", also "22-7"; None for "no". Invalid for anything else."""
    if fold(typed) == NONE:
        return None
    found = _HOURS.fullmatch(typed)
    if found is None:
        raise Invalid(_("staff.quiet_wrong"))
    from_hour, from_minute, hour, minute = (int(number or 0) for number in found.groups())
    try:
        return Quiet(time(from_hour, from_minute), time(hour, minute))
    except ValueError:
        raise Invalid(_("staff.quiet_wrong")) from None


def read_delays(typed: str) -> Mapping[Channel, timedelta]:
    """Waits in seconds by kind, "telegram=0,sms=60,voice=180"; none for an empty text. Invalid for
    anything else, and for a kind that is there twice."""
    delays: dict[Channel, timedelta] = {}
    for part in typed.split(",") if typed.strip() else ():
        found = _DELAY.fullmatch(part)
        kind = None if found is None else _KINDS.get(found[1].lower())
        if found is None or kind is None or kind in delays:
            raise Invalid(_("staff.delays_wrong"))
        delays[kind] = timedelta(seconds=int(found[2]))
    return delays


_KINDS = {str(channel): channel for channel in Channel}
