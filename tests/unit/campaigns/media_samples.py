"""The smallest files that are what they say: made here, of nobody."""

import struct
import zlib


def png(width: int = 8, height: int = 8, more: int = 0) -> bytes:
    """A picture; `more` bytes are padding that its readers skip."""
    rows = (b"\0" + bytes(width)) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    whole = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows))
    return whole + (_chunk(b"tEXt", bytes(more)) if more else b"") + _chunk(b"IEND", b"")


def jpeg(width: int = 8, height: int = 8, more: int = 0) -> bytes:
    """What begins, is measured and ends as a photo does."""
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + bytes(more) + b"\x2a"
    jfif = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
    return b"\xff\xd8" + jfif + frame + scan + b"\xff\xd9"


def opus(size: int = 400) -> bytes:
    """Ogg pages, the first of them Opus's head."""
    pages = [_page(b"OpusHead\x01\x01" + bytes(9), 0), _page(b"OpusTags" + bytes(8), 1)]
    while sum(map(len, pages)) < size:
        pages.append(_page(bytes(min(60_000, size)), len(pages)))
    return b"".join(pages)


def vorbis() -> bytes:
    """Ogg that is no voice note."""
    return _page(b"\x01vorbis" + bytes(22), 0)


def mp4(size: int = 300, brand: bytes = b"isom", track: bytes = b"soun") -> bytes:
    """The boxes of a video with sound, unless told otherwise."""
    index = _box(b"moov", bytes(4) + track)
    return _box(b"ftyp", brand + bytes(8)) + index + _box(b"mdat", bytes(size))


def pdf(size: int = 300) -> bytes:
    """What begins and ends as a PDF does."""
    return b"%PDF-1.4\n" + b"%" * size + b"\nstartxref\n0\n%%EOF\n"


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _box(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data) + 8) + name + data


def _page(data: bytes, number: int) -> bytes:
    lengths = bytes([255] * (len(data) // 255) + [len(data) % 255])
    head = struct.pack("<4sBBqIIIB", b"OggS", 0, 2 * (number == 0), 0, 1, number, 0, len(lengths))
    return head + lengths + data
