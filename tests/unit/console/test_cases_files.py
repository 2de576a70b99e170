"""What a file is counts by its own bytes, not by what its sender says."""

import pytest

from console.cases.files import kind_of


@pytest.mark.parametrize(
    ("begins", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"OggS\0", "audio/ogg"),
        (b"\0\0\0\x18ftypM4A ", "audio/mp4"),
        (b"\0\0\0\x18ftypisom", "video/mp4"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>", None),
        (b"<!doctype html><script>alert(1)</script>", None),
        (b"%PDF-1.7", None),
        (b"RIFF\0\0\0\0WAVE", None),
        (b"", None),
    ],
)
def test_only_what_a_page_shows_without_danger_has_a_kind(begins: bytes, kind: str | None) -> None:
    assert kind_of(begins) == kind
