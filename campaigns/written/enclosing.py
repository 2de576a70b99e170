"""The `media` of a language in a campaign file."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath, PureWindowsPath

from campaigns.content.model import Media
from campaigns.files.formats import MediaKind, Unfit, kind_of
from campaigns.written.document import Node, Scalar
from campaigns.written.quoting import shown
from campaigns.written.reading import Reading
from locales.text import _

KEYS = ("file", "kind", "sha256")
LONGEST_NAME = 100
"""Signs of a file's name, the end of which says to phones how to open it."""

_FINGERPRINT = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Files:
    """Where the files of a campaign are: beside its own, and those that are stored already.

    `open_file` gives the bytes of a file by its path, which is relative and leads nowhere up, or
    None; without it no file can be named. `stored` finds one by its fingerprint.
    """

    open_file: Callable[[str], bytes | None] | None = None
    stored: Callable[[str], Media | None] = lambda sha256: None
    # What was read already: two languages may show the same picture.
    _read: dict[str, Media] = field(default_factory=dict, repr=False)

    def media(self, path: str) -> Media | None:
        """The file at a path, or None when there is none; raises Unfit."""
        if self.open_file is None:
            raise Unfit(_("campaigns.media.no_files"))
        if path not in self._read:
            data = self.open_file(path)
            if data is None:
                return None
            digest = hashlib.sha256(data).hexdigest()
            self._read[path] = Media(kind_of(data), digest, _name_of(path), len(data))
        return self._read[path]


def read_media(node: Node, reading: Reading, files: Files) -> Media | None:
    """`foto.jpg`, `{file: aviso.ogg, kind: voice}` or `{sha256: …}`; None when it is wrong."""
    if isinstance(node, Scalar):
        return _beside(node, reading, files)
    table = reading.table(node, "media")
    if table is None:
        return None
    reading.known_keys(table, KEYS)
    given = reading.given(table, "sha256")
    if given is not None:
        scalar = reading.text(given, "sha256")
        media = None if scalar is None else _stored(scalar, reading, files)
    else:
        given = reading.needed(table, "file")
        scalar = None if given is None else reading.text(given, "file")
        media = None if scalar is None else _beside(scalar, reading, files)
    given = reading.given(table, "kind")
    if given is not None and media is not None:
        kind = reading.choice(given, "kind", tuple(MediaKind))
        if kind is not None and kind != media.kind:
            reading.refuse(given, _("campaigns.file.media_kind"), kind=kind, found=media.kind.value)
    return media


def _beside(scalar: Scalar, reading: Reading, files: Files) -> Media | None:
    path = scalar.text.strip()
    found = shown(path)
    if not path:
        reading.refuse(scalar, _("campaigns.file.empty_text"), name="media")
        return None
    if _leads_away(path):
        reading.refuse(scalar, _("campaigns.file.media_path"), found=found)
        return None
    try:
        media = files.media(path)
    except Unfit as unfit:
        reading.refuse(scalar, unfit.key, found=found, **unfit.params)
        return None
    if media is None:
        reading.refuse(scalar, _("campaigns.file.media_missing"), found=found)
    return media


def _stored(scalar: Scalar, reading: Reading, files: Files) -> Media | None:
    sha256 = scalar.text.strip().lower()
    media = files.stored(sha256) if _FINGERPRINT.fullmatch(sha256) else None
    if media is None:
        reading.refuse(scalar, _("campaigns.file.media_not_stored"), found=shown(scalar.text))
    return media


def _leads_away(path: str) -> bool:
    """Whether a path is not plainly of something below the folder it is seen from, on any system
    that the file may be written on."""
    windows = PureWindowsPath(path)
    return (
        PurePosixPath(path).is_absolute()
        or bool(windows.anchor)
        or ".." in windows.parts
        or any(not sign.isprintable() for sign in path)
    )


def _name_of(path: str) -> str:
    name = PurePosixPath(path).name
    return name if len(name) <= LONGEST_NAME else name[-LONGEST_NAME:]
