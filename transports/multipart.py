"""A form with one file, as browsers send it (RFC 7578), ready to leave piece by piece."""

import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

from delivery.uploads import File

_NAME = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


@dataclass(frozen=True, slots=True)
class Form:
    """What goes before the bytes of a file and after them; `kind` is its Content-Type."""

    kind: bytes
    before: bytes = field(repr=False)
    after: bytes = field(repr=False)
    file: File

    @property
    def length(self) -> int:
        """Bytes in all."""
        return len(self.before) + self.file.size + len(self.after)

    async def pieces(self) -> AsyncIterator[bytes]:
        """All of it, in order."""
        yield self.before
        async for piece in self.file.pieces():
            yield piece
        yield self.after


def form_of(fields: Mapping[str, str], file: File) -> Form:
    """A form in which the file is called as its kind is. Raises UnicodeEncodeError for half a
    surrogate pair."""
    # Drawn anew for each, so that no file can hold it.
    mark = secrets.token_hex(16)
    texts = "".join(
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    head = (
        f'{texts}--{mark}\r\nContent-Disposition: form-data; name="{file.kind}"; '
        f'filename="{file.name.translate(_NAME)}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    kind = f"multipart/form-data; boundary={mark}"
    return Form(kind.encode(), head.encode(), f"\r\n--{mark}--\r\n".encode(), file)
