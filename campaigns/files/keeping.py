"""Storing the file of a campaign: many small units, with room for everybody else between."""

import asyncio
import hashlib
from collections.abc import AsyncIterator

from campaigns.content.model import Media
from campaigns.files import media
from campaigns.files.media import PART_BYTES, Kept
from db.session import Database
from kit.clock import Clock
from kit.errors import Refused
from locales.text import _

PAUSE_SECONDS = 0.02
"""Between two commits, so that an SOS never waits behind a row of them (DESIGN §5)."""

TRIES = 3
"""Somebody may be taking the same file away, at most once a week."""


async def keep(database: Database, clock: Clock, new: Media, data: bytes) -> None:
    """Store a file; one that is there already stays, and half of one is completed.

    Raises ValueError when the bytes are not those that `new` tells of.
    """
    if hashlib.sha256(data).hexdigest() != new.sha256:
        raise ValueError("another file than the one that was read")
    for _again in range(TRIES):
        async with database.write() as session:
            kept = await media.begin(session, new, clock.now())
        if kept.whole:
            return
        for number in range(kept.parts):
            start = number * PART_BYTES
            async with database.write() as session:
                part = data[start : start + PART_BYTES]
                await media.add_part(session, kept.id, number, part)
            await asyncio.sleep(PAUSE_SECONDS)
        async with database.write() as session:
            if await media.finish(session, kept):
                return
    raise Refused(_("campaigns.media.not_kept"), name=new.name)


async def pieces(database: Database, kept: Kept) -> AsyncIterator[bytes]:
    """The bytes of a stored file, a part at a time; raises LookupError when one is gone."""
    for number in range(kept.parts):
        async with database.read() as session:
            found = await media.part(session, kept.id, number)
        yield found
