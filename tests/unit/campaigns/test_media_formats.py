"""What a file is, by its bytes: the right kind, or a refusal that says what to do."""

import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.files.formats import LARGEST, MB, MediaKind, Unfit, kind_of
from locales.catalog import render
from tests.unit.campaigns.media_samples import jpeg, mp4, opus, pdf, png, vorbis

WHOLE = {
    "png": (png(), MediaKind.PHOTO),
    "jpeg": (jpeg(), MediaKind.PHOTO),
    "jpeg with bytes behind its end": (jpeg() + bytes(500), MediaKind.PHOTO),
    "jpeg with fill bytes": (jpeg().replace(b"\xff\xe0", b"\xff\xff\xff\xe0", 1), MediaKind.PHOTO),
    "opus": (opus(), MediaKind.VOICE),
    "mp4": (mp4(), MediaKind.VIDEO),
    "mp4 whose last box has no size": (
        mp4(0)[:-8] + b"\0\0\0\0mdat" + bytes(90),
        MediaKind.VIDEO,
    ),
    "mp4 with a long box": (
        mp4(0)[:-8] + b"\0\0\0\1mdat" + struct.pack(">Q", 16 + 90) + bytes(90),
        MediaKind.VIDEO,
    ),
    "pdf": (pdf(), MediaKind.DOCUMENT),
    "pdf behind a line": (b"from a printer\n" + pdf(), MediaKind.DOCUMENT),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_is_what_its_bytes_say(name: str) -> None:
    data, kind = WHOLE[name]
    assert kind_of(data) is kind


REFUSED = {
    "nothing": (b"", "vacío"),
    "a program called foto.jpg": (b"MZ\x90\0" + bytes(500), "Su nombre no cuenta"),
    "a shell script": (b"#!/bin/sh\nrm -rf /\n", "Su nombre no cuenta"),
    "a zip": (b"PK\x03\x04" + bytes(100), "Su nombre no cuenta"),
    "a gif": (b"GIF89a" + bytes(100), "Su nombre no cuenta"),
    "a web page": (b"<html><script>alert(1)</script></html>", "Su nombre no cuenta"),
    "one byte": (b"\xff", "Su nombre no cuenta"),
    "mp3": (b"ID3\x04" + bytes(100), "libopus"),
    "wav": (b"RIFF\0\0\0\0WAVEfmt " + bytes(100), "libopus"),
    "vorbis": (vorbis(), "libopus"),
    "m4a": (mp4(brand=b"M4A "), "libopus"),
    "amr": (b"#!AMR\n" + bytes(100), "libopus"),
    "half a jpeg": (jpeg(more=400)[:200], "incompleto"),
    "a jpeg's head": (jpeg()[:20], "incompleto"),
    "half a png": (png(64, 64)[:-9], "incompleto"),
    "a png's head": (png()[:20], "incompleto"),
    "a png of no size": (png(0, 8), "incompleto"),
    "half a voice note": (opus()[:-1], "incompleto"),
    "a voice note and more": (opus() + b"x", "incompleto"),
    "half a video": (mp4()[:-1], "incompleto"),
    "a video without its index": (mp4().replace(b"moov", b"free"), "incompleto"),
    "a video whose box lies": (mp4()[:12] + b"\0\0\0\2moov", "incompleto"),
    "half a pdf": (pdf(2_000)[:1_000], "incompleto"),
    "a photo too long for a phone": (png(1, 21), "20 veces"),
    "a photo too large": (jpeg(6_000, 5_000), "6000 × 5000"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_telegram_would_not_show_is_refused_with_a_reason(name: str) -> None:
    data, told = REFUSED[name]
    with pytest.raises(Unfit) as caught:
        kind_of(data)
    said = render(caught.value.key, "es", {"found": "foto.jpg", **caught.value.params})
    assert told in said
    assert "foto.jpg" in said


LARGE = {
    "photo": (jpeg(more=10 * MB - len(jpeg())), jpeg(more=10 * MB - len(jpeg()) + 1)),
    "voice": (opus(MB - 61_000), opus(MB + 1)),
}


@pytest.mark.parametrize("name", LARGE)
def test_the_limit_is_that_of_the_bot_api_to_the_byte(name: str) -> None:
    fits, large = LARGE[name]
    kind_of(fits)
    with pytest.raises(Unfit) as caught:
        kind_of(large)
    assert caught.value.key == "campaigns.media.big"


@pytest.mark.parametrize("make", [mp4, pdf])
def test_fifty_megabytes_and_not_one_byte_more(make: object) -> None:
    assert callable(make)
    rest = LARGEST - len(make(0))
    kind_of(make(rest))
    with pytest.raises(Unfit):
        kind_of(make(rest + 1))


@given(st.binary(max_size=300), st.sampled_from([png(), jpeg(), opus(), mp4(), pdf()]))
def test_no_bytes_do_more_than_be_refused(data: bytes, begins: bytes) -> None:
    for tried in (data, begins[:40] + data, begins + data, begins[: len(data)]):
        with suppress(Unfit):
            kind_of(tried)
