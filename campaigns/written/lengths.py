"""How long something lasts, as staff write it: `90m`, `6h`, `2d`."""

import re
from datetime import timedelta

_LENGTH = re.compile(r"(\d{1,5}) ?(m|h|d)", re.ASCII)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}

LONGEST = timedelta(days=9_999)
"""In seconds it still fits a column of whole numbers on PostgreSQL."""


def length_of(written: str) -> timedelta | None:
    """The length; None for anything else, for nothing at all and for more than `LONGEST`."""
    match = _LENGTH.fullmatch(written.strip().lower())
    length = _UNITS[match[2]] * int(match[1]) if match else timedelta()
    return length if timedelta() < length <= LONGEST else None
