"""Photos that somebody put on an invented phone: in memory only, and few of them."""

from collections import OrderedDict
from dataclasses import dataclass

PICTURE_BYTES = 5 * 2**20
KEPT = 12

SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


@dataclass(frozen=True, slots=True)
class Picture:
    """An image and what it is, as its own first bytes say."""

    content: bytes
    kind: str


def read_picture(content: bytes) -> Picture | None:
    """The picture, or None when it is no picture that a page can show without danger."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return Picture(content, "image/webp")
    for signature, kind in SIGNATURES:
        if content.startswith(signature):
            return Picture(content, kind)
    return None


class Pictures:
    """The last few pictures by line. They go with the process: nothing is written to disk."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, Picture] = OrderedDict()

    def keep(self, line_id: int, picture: Picture) -> None:
        """Keep a picture, and let go of the oldest when there are too many."""
        self._kept[line_id] = picture
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def find(self, line_id: int) -> Picture | None:
        """The picture of a line, if it is still kept."""
        return self._kept.get(line_id)
