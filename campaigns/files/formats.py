"""Which files Telegram shows as what, told by their bytes and never by their names.

Limits: core.telegram.org/bots/api#sending-files (10 MB for photos, 50 MB for others),
#sendphoto (width and height together at most 10,000, neither more than 20 times the other). A voice
note of more than 1 MB is shown as a file, says the same page of those sent by address.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType

from locales.text import _


class MediaKind(StrEnum):
    """How a file is shown; the names are those of the Bot API."""

    PHOTO = "photo"
    VOICE = "voice"
    VIDEO = "video"
    DOCUMENT = "document"


MB = 2**20
MOST_BYTES: Mapping[MediaKind, int] = MappingProxyType(
    {
        MediaKind.PHOTO: 10 * MB,
        MediaKind.VOICE: 1 * MB,
        MediaKind.VIDEO: 50 * MB,
        MediaKind.DOCUMENT: 50 * MB,
    }
)
LARGEST = max(MOST_BYTES.values())
"""A file with more bytes than this need not even be read to its end."""

MOST_SIDES = 10_000
MOST_RATIO = 20

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_END = b"IEND\xaeB`\x82"
_OGG = b"OggS"
_AUDIO = (
    b"ID3",
    b"fLaC",
    b"#!AMR",
    b"\xff\xfb",
    b"\xff\xf3",
    b"\xff\xf2",
    b"\xff\xf1",
    b"\xff\xf9",
)
_AUDIO_BRANDS = (b"M4A ", b"M4B ", b"F4A ")
_PDF_LOOSE = 1_024
"""Within so many bytes of its ends a PDF says that it is one; ISO 32000-1, annex H."""
_JPEG_BARE = frozenset({0x01, *range(0xD0, 0xD8)})
_JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


class Unfit(Exception):
    """A file that cannot go with a campaign; `key` and `params` say why, for the catalogue."""

    def __init__(self, key: str, **params: object) -> None:
        super().__init__(key)
        self.key = key
        self.params = params


def kind_of(data: bytes) -> MediaKind:
    """What a whole file is shown as; raises Unfit for one that Telegram would refuse, cut short or
    show as something else."""
    if not data:
        raise Unfit(_("campaigns.media.empty"))
    kind = _begun(data)
    most = MOST_BYTES[kind]
    if len(data) > most:
        raise Unfit(_("campaigns.media.big"), size=_in_mb(len(data)), most=most // MB)
    _check_whole(kind, data)
    return kind


def _begun(data: bytes) -> MediaKind:
    """What a file begins as."""
    if data.startswith((b"\xff\xd8\xff", _PNG)):
        return MediaKind.PHOTO
    if data.startswith(_OGG):
        if b"OpusHead" in data[:64]:
            return MediaKind.VOICE
        raise Unfit(_("campaigns.media.not_opus"))
    if data[4:8] == b"ftyp":
        if data[8:12] in _AUDIO_BRANDS:
            raise Unfit(_("campaigns.media.not_opus"))
        return MediaKind.VIDEO
    if b"%PDF-" in data[:_PDF_LOOSE]:
        return MediaKind.DOCUMENT
    if data.startswith(_AUDIO) or (data[:4] == b"RIFF" and data[8:12] == b"WAVE"):
        raise Unfit(_("campaigns.media.not_opus"))
    raise Unfit(_("campaigns.media.unknown_format"))


def _check_whole(kind: MediaKind, data: bytes) -> None:
    match kind:
        case MediaKind.PHOTO:
            sides = _png_sides(data) if data.startswith(_PNG) else _jpeg_sides(data)
            whole = sides is not None and 0 not in sides
            if sides is not None and whole and _is_odd(*sides):
                width, height = sides
                raise Unfit(_("campaigns.media.sides"), width=width, height=height)
        case MediaKind.VOICE:
            whole = _ends_as_ogg(data)
        case MediaKind.VIDEO:
            whole = {b"moov", b"mdat"} <= set(_boxes(data))
        case MediaKind.DOCUMENT:
            whole = b"%%EOF" in data[-_PDF_LOOSE:]
    if not whole:
        raise Unfit(_("campaigns.media.broken"))


def _is_odd(width: int, height: int) -> bool:
    most, least = max(width, height), min(width, height)
    return most + least > MOST_SIDES or most > MOST_RATIO * least


def _png_sides(data: bytes) -> tuple[int, int] | None:
    """Width and height; None when its head or its end is missing."""
    if data[12:16] != b"IHDR" or len(data) < 24 or _PNG_END not in data[-_PDF_LOOSE:]:
        return None
    return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])


def _jpeg_sides(data: bytes) -> tuple[int, int] | None:
    """Width and height, from the first frame; None when there is none, or the end is missing.

    Cameras write more behind the end, so it is looked for and not expected as the last bytes.
    """
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF or marker in _JPEG_BARE:
            at += 1 if marker == 0xFF else 2
            continue
        if marker in _JPEG_SIZES:
            height, width = data[at + 5 : at + 7], data[at + 7 : at + 9]
            whole = data.rfind(b"\xff\xd9") > at
            return (int.from_bytes(width), int.from_bytes(height)) if whole else None
        at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4]))
    return None


def _ends_as_ogg(data: bytes) -> bool:
    """Whether the pages follow each other to the end of the file (RFC 3533)."""
    at = 0
    while at < len(data):
        head = data[at : at + 27]
        if len(head) < 27 or not head.startswith(_OGG):
            return False
        lengths = data[at + 27 : at + 27 + head[26]]
        if len(lengths) < head[26]:
            return False
        at += 27 + head[26] + sum(lengths)
    return at == len(data)


def _boxes(data: bytes) -> Iterator[bytes]:
    """The names of the boxes of an MP4 that are there to their last byte (ISO 14496-12)."""
    at = 0
    while at + 8 <= len(data):
        size, name, least = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8], 8
        if size == 1:
            size, least = int.from_bytes(data[at + 8 : at + 16]), 16
        elif size == 0:
            size = len(data) - at
        if size < least or at + size > len(data):
            return
        yield name
        at += size


def _in_mb(size: int) -> str:
    return f"{size / MB:.1f}"
