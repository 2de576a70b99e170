"""A form with a file: read as it comes, onto the disk and never whole into memory.

The fields stand before the file, as browsers send them in the order of the page; the token is the
first of them, so that a file of whoever has none is not even written. It has no name on the disk:
whatever happens to this process, nothing of it stays. What the sender calls it is text for people,
and never a path.
"""

import asyncio
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, BinaryIO

from fastapi import Request
from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header

from console.api.bodies import pieces
from console.api.problems import TooLarge, WrongType
from console.frame.forms import UNWRITABLE, Form
from kit.errors import Invalid
from locales.text import _

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

KIND = "multipart/form-data"
MOST_FIELDS = 50
MOST_FIELD_BYTES = 65_536
MOST_HEADERS = 8
MOST_HEADER_BYTES = 2_048
ENVELOPE = 131_072
"""Bytes of fields and boundaries around a file."""

WRITTEN_AT_ONCE = 2**20
LONGEST_NAME = 120

# It would tell signs of what people send.
logging.getLogger("python_multipart").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Upload:
    """The file of a form, that is gone after the request."""

    name: str = field(repr=False)
    size: int
    file: BinaryIO = field(repr=False)


Check = Callable[[Form], None]
"""Raises unless the fields that came so far are those of a page of ours."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What came: the fields, and the file if there was one."""

    form: Form
    upload: Upload | None


@contextmanager
def place_for_a_file() -> Iterator[BinaryIO]:
    """A file without a name, which is there as long as the request."""
    with TemporaryFile(prefix="tequio-") as file:
        yield file


async def read_upload(request: Request, file: BinaryIO, most: int, check: Check) -> Sent:
    """Read a form, with its file of at most `most` bytes into `file`. TooLarge as soon as it is or
    says that it will be, WrongType, or Invalid when it cannot be read."""
    kind, options = parse_options_header(request.headers.get("content-type"))
    packed = request.headers.get("content-encoding", "identity").strip().lower() != "identity"
    if kind != KIND.encode() or packed:
        raise WrongType(_("api.media_type"), expected=KIND)
    if not options.get(b"boundary"):
        raise Invalid(_("console.form.unreadable"))
    reading = _Reading(most, check)
    try:
        parser = MultipartParser(
            options[b"boundary"],
            reading.callbacks(),
            max_header_count=MOST_HEADERS,
            max_header_size=MOST_HEADER_BYTES,
        )
        async for piece in pieces(request, most + ENVELOPE):
            parser.write(piece)
            if len(reading.waiting) >= WRITTEN_AT_ONCE:
                await asyncio.to_thread(file.write, reading.taken())
        await asyncio.to_thread(file.write, reading.taken())
        file.flush()
        return reading.sent(file)
    except (FormParserError, UnicodeError):
        raise Invalid(_("console.form.unreadable")) from None
    except TooLarge:
        raise TooLarge(_("console.form.file_too_large"), most=most // 2**20) from None


class _Reading:
    """One form on its way. `waiting` is what of the file is not on the disk yet."""

    def __init__(self, most: int, check: Check) -> None:
        self.waiting = bytearray()
        self._most = most
        self._check = check
        self._pairs: list[tuple[str, str]] = []
        self._name = ""
        self._size = 0
        self._is_whole = False
        self._files = 0
        self._parts = 0
        self._header = bytearray()
        self._value = bytearray()
        self._disposition = ""
        self._field = ""
        self._is_file = False

    def callbacks(self) -> "MultipartCallbacks":
        """What the parser calls."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._header.extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
            "on_header_end": self._header_ends,
            "on_headers_finished": self._headers_end,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_end": self._whole,
        }

    def taken(self) -> bytes:
        """What waits, which is then the caller's."""
        found = bytes(self.waiting)
        self.waiting.clear()
        return found

    def sent(self, file: BinaryIO) -> Sent:
        """All of it, once the last boundary has come."""
        if not self._is_whole:
            raise Invalid(_("console.form.unreadable"))
        form = Form(self._pairs)
        self._check(form)
        if not self._name:
            return Sent(form, None)
        file.seek(0)
        return Sent(form, Upload(self._name, self._size, file))

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > MOST_FIELDS:
            raise Invalid(_("console.form.unreadable"))
        self._disposition, self._is_file = "", False
        self._value.clear()
        self._header.clear()

    def _header_ends(self) -> None:
        if bytes(self._header).lower() == b"content-disposition":
            self._disposition = self._value.decode()
        self._header.clear()
        self._value.clear()

    def _headers_end(self) -> None:
        # The parser of headers knows Latin-1 alone: what it gives back is UTF-8 as before.
        kind, options = parse_options_header(self._disposition.encode().decode("latin-1"))
        if kind != b"form-data" or b"name" not in options:
            raise Invalid(_("console.form.unreadable"))
        self._field = options[b"name"].decode()
        self._is_file = b"filename" in options
        if not self._is_file:
            return
        # Whoever has no token sends no file.
        self._check(Form(self._pairs))
        name = name_of(options[b"filename"].decode())
        if self._files and name:
            raise Invalid(_("console.form.one_file"))
        # A browser sends a field without a file as one without a name.
        self._files += bool(name)
        self._name = name or self._name

    def _data(self, data: bytes, start: int, end: int) -> None:
        if not self._is_file:
            self._value.extend(data[start:end])
            if len(self._value) > MOST_FIELD_BYTES:
                raise Invalid(_("console.form.unreadable"))
            return
        self._size += end - start
        if not self._name:
            raise Invalid(_("console.form.unreadable"))
        if self._size > self._most:
            raise TooLarge(_("console.form.file_too_large"), most=self._most // 2**20)
        self.waiting += data[start:end]

    def _end(self) -> None:
        if self._is_file:
            return
        text = self._value.decode()
        if UNWRITABLE.search(text) or UNWRITABLE.search(self._field):
            raise Invalid(_("console.form.unreadable"))
        self._pairs.append((self._field, text.replace("\r\n", "\n")))
        self._value.clear()

    def _whole(self) -> None:
        self._is_whole = True


def name_of(sent: str) -> str:
    """What its sender calls a file, for people to read: the end of a path, without signs that
    cannot be seen."""
    last = re.split(r"[/\\]", sent)[-1]
    return "".join(sign for sign in last if sign.isprintable()).strip()[-LONGEST_NAME:]
