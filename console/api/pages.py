"""Pages of long lists: how many, and an opaque mark of where the next one begins."""

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated

from fastapi import Path, Query

from kit.errors import Invalid
from locales.text import _

MOST = 200
USUAL = 50
LARGEST_ID = 2**63 - 1
LONGEST_CURSOR = 200

CampaignId = Annotated[int, Path(ge=1, le=LARGEST_ID, description="The campaign's number.")]
RunId = Annotated[int, Path(ge=1, le=LARGEST_ID, description="The run's number.")]
Other = Annotated[int, Query(ge=1, le=LARGEST_ID, description="The number of the other one.")]
Limit = Annotated[int, Query(ge=1, le=MOST, description="At most so many.")]
Cursor = Annotated[
    str | None, Query(max_length=LONGEST_CURSOR, description="`next` of the page before.")
]


def mark(kind: str, *place: int | str) -> str:
    """Where the next page of a kind of list begins. It holds ids and names, nothing of people."""
    packed = json.dumps([kind, *place], separators=(",", ":")).encode()
    return urlsafe_b64encode(packed).decode().rstrip("=")


def numbers_of(written: str | None, kind: str, size: int) -> tuple[int, ...] | None:
    """The ids in a mark, None without one; Invalid for what is no mark of this list."""
    place = _place(written, kind, size)
    if place is None:
        return None
    numbers = tuple(one for one in place if type(one) is int and 0 <= one <= LARGEST_ID)
    if len(numbers) < size:
        raise Invalid(_("api.cursor"))
    return numbers


def name_of(written: str | None, kind: str) -> str | None:
    """The name in a mark, None without one; Invalid for what is no mark of this list."""
    place = _place(written, kind, 1)
    if place is None:
        return None
    if not isinstance(place[0], str):
        raise Invalid(_("api.cursor"))
    return place[0]


def _place(written: str | None, kind: str, size: int) -> list[object] | None:
    if written is None:
        return None
    try:
        packed = urlsafe_b64decode(written.encode("ascii") + b"=" * (-len(written) % 4))
        found = json.loads(packed)
    except (ValueError, binascii.Error, RecursionError):
        raise Invalid(_("api.cursor")) from None
    if not isinstance(found, list) or len(found) != size + 1 or found[0] != kind:
        raise Invalid(_("api.cursor"))
    return found[1:]
