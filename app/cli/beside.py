"""The files beside a campaign file: what it may name, and nothing that lies anywhere else."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from campaigns.content.model import Media, Wording
from campaigns.files.formats import LARGEST
from campaigns.files.keeping import keep
from db.session import Database
from kit.clock import Clock
from kit.errors import Refused
from locales.text import _


class Beside:
    """The folder of a campaign file. What was read is known again by its fingerprint, not kept."""

    def __init__(self, campaign_file: Path) -> None:
        self._folder = campaign_file.resolve().parent
        self._paths: dict[str, str] = {}

    def open_file(self, path: str) -> bytes | None:
        """The bytes of a file in the folder or below it, wherever a link leads; None for any other,
        and for what is no file. Of one that is too large a byte more than allowed is read."""
        try:
            found = (self._folder / path).resolve(strict=True)
            if not found.is_relative_to(self._folder) or not found.is_file():
                return None
            with found.open("rb") as opened:
                data = opened.read(LARGEST + 1)
        except (OSError, ValueError, RuntimeError):
            return None
        self._paths[hashlib.sha256(data).hexdigest()] = path
        return data

    async def keep(self, database: Database, clock: Clock, contents: Mapping[str, Wording]) -> None:
        """Store the files of a campaign; those that were named by their fingerprint are there."""
        named: dict[str, Media] = {
            one.media.sha256: one.media for one in contents.values() if one.media is not None
        }
        for sha256, media in named.items():
            if sha256 not in self._paths:
                continue
            data = self.open_file(self._paths[sha256])
            if data is None or hashlib.sha256(data).hexdigest() != sha256:
                raise Refused(_("campaigns.media.gone"), name=media.name)
            await keep(database, clock, media, data)
