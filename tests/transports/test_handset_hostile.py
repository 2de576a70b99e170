"""Requests to the handset that nobody should make."""

from datetime import timedelta

import pytest

from tests.transports.handset_stage import Stage, refused

TEXT = b'{"channel": "sms", "text": "hola"}'


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
async def test_another_sites_page_can_do_nothing(playing: Stage, headers: dict[str, str]) -> None:
    for path, body in (
        ("phones", {"name": "Intrusa"}),
        ("phones/1/text", {"channel": "sms", "text": "hola"}),
        ("phones/1/voice", {}),
        ("phones/1/switch", {"blocked": True}),
        ("phones/1/name", {"name": "Otra"}),
        ("phones/1/duty", {"on_duty": True}),
        ("phones/1/remove", {}),
        ("clock", {"minutes": 5}),
        ("clock/back", {}),
    ):
        assert refused(await playing.post(path, body, **headers), 403, "foreign_origin")
    assert playing.arrivals == []
    assert playing.clock.offset == timedelta()
    assert [phone["blocked"] for phone in (await playing.state())["phones"]] == [False] * 4


async def test_the_pages_own_requests_pass(playing: Stage) -> None:
    own = {"Origin": playing.url, "Sec-Fetch-Site": "same-origin"}
    body = {"channel": "sms", "text": "hola"}
    assert (await playing.post("phones/1/text", body, **own)).status_code == 201


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
async def test_what_a_form_could_send_is_refused(playing: Stage, kind: str) -> None:
    answer = await playing.browser.post(
        "/handset/phones/1/text", content=TEXT, headers={"Content-Type": kind}
    )
    assert refused(answer, 415, "not_json")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hola",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"[" * 50_000,
        b'{"channel": "sms"}',
        b'{"channel": "whatsapp", "text": "hola"}',
        b'{"channel": "voice", "text": "hola"}',
        b'{"channel": ["sms"], "text": "hola"}',
        b'{"channel": "sms", "text": 5}',
        b'{"channel": "sms", "text": ""}',
        b'{"channel": "sms", "text": " \\n "}',
        b'{"channel": "sms", "text": "\\u0000"}',
        b'{"channel": "sms", "text": "\\ud83c"}',
        b'{"channel": "sms", "text": "hola", "more": 1}',
        b'{"channel": "sms", "text": "' + b"a" * 100_001 + b'"}',
    ],
)
async def test_a_wrong_body_is_refused_with_words(playing: Stage, body: bytes) -> None:
    answer = await playing.browser.post(
        "/handset/phones/1/text", content=body, headers={"Content-Type": "application/json"}
    )
    assert refused(answer, 422, "invalid")
    assert playing.arrivals == []


async def test_a_huge_body_is_refused_before_it_is_read_whole(playing: Stage) -> None:
    answer = await playing.post("phones/1/text", {"channel": "sms", "text": "a" * 10_000_000})
    assert refused(answer, 413, "too_large")


@pytest.mark.parametrize("phone", ["99", "0", "-1", "abc", "1.5", "9" * 40, "%00", "1%20or%201"])
async def test_an_unknown_phone_is_not_found(playing: Stage, phone: str) -> None:
    for act, body in (
        ("text", {"channel": "sms", "text": "hola"}),
        ("location", {"lat": 1, "lon": 1}),
        ("photo", {}),
        ("voice", {}),
        ("switch", {"blocked": True}),
        ("press", {"line_id": 1, "data": "x"}),
        ("answer", {"line_id": 1}),
        ("hang-up", {"line_id": 1}),
        ("key", {"line_id": 1, "digit": 1}),
        ("name", {"name": "Otra"}),
        ("duty", {"on_duty": True}),
        ("remove", {}),
    ):
        assert refused(await playing.post(f"phones/{phone}/{act}", body), 404, "not_found")


@pytest.mark.parametrize(
    "body",
    [
        b'{"lat": 91, "lon": 0}',
        b'{"lat": 0, "lon": -181}',
        b'{"lat": NaN, "lon": 0}',
        b'{"lat": 1e999, "lon": 0}',
        b'{"lat": "36.7", "lon": 0}',
        b'{"lat": 36.7}',
    ],
)
async def test_a_location_off_the_earth_is_refused(playing: Stage, body: bytes) -> None:
    answer = await playing.browser.post(
        "/handset/phones/1/location", content=body, headers={"Content-Type": "application/json"}
    )
    assert refused(answer, 422, "invalid")
