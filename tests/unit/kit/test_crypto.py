"""What names a person cannot be read, moved or altered without the keys."""

import base64

import pytest

from kit.crypto import Keyring, Unreadable, new_field_key, parse_field_keys

OLD, NEW = bytes(32), bytes(range(32))


def test_a_sealed_value_opens_and_does_not_show_the_text() -> None:
    ring = Keyring({"k1": OLD}, "secret")
    sealed = ring.seal("hola, soy yo", "words")
    assert b"hola" not in sealed
    assert ring.open(sealed, "words") == "hola, soy yo"
    assert ring.seal("hola, soy yo", "words") != sealed


def test_a_value_moved_to_another_purpose_does_not_open() -> None:
    ring = Keyring({"k1": OLD}, "secret")
    with pytest.raises(Unreadable):
        ring.open(ring.seal("x", "words"), "name")


def test_an_altered_value_does_not_open() -> None:
    ring = Keyring({"k1": OLD}, "secret")
    sealed = bytearray(ring.seal("x", "words"))
    sealed[-1] ^= 1
    for broken in (bytes(sealed), b"", b"\x02k1", b"\xff"):
        with pytest.raises(Unreadable):
            ring.open(broken, "words")


def test_old_keys_still_open_and_the_index_outlives_a_rotation() -> None:
    before = Keyring({"k1": OLD}, "secret")
    after = Keyring({"k2": NEW, "k1": OLD}, "secret")
    assert after.open(before.seal("x", "words"), "words") == "x"
    assert after.blind("+12135550100", "endpoint") == before.blind("+12135550100", "endpoint")
    with pytest.raises(Unreadable):
        before.open(after.seal("x", "words"), "words")


def test_a_blind_index_depends_on_its_secret_and_purpose() -> None:
    ring, other = Keyring({"k1": OLD}, "secret"), Keyring({"k1": OLD}, "another")
    assert ring.blind("a", "endpoint") != other.blind("a", "endpoint")
    assert ring.blind("a", "endpoint") != ring.blind("a", "email")


def test_field_keys_are_read_newest_first() -> None:
    text = f"{new_field_key('b')}, {new_field_key('a')}"
    assert list(parse_field_keys(text)) == ["b", "a"]


@pytest.mark.parametrize(
    "text",
    ["", "k1", "k1:", "k1:no base64!", f"k1:{base64.b64encode(b'short').decode()}", ":" + "A" * 44],
)
def test_wrong_field_keys_are_refused_without_showing_them(text: str) -> None:
    with pytest.raises(ValueError, match="key") as refused:
        parse_field_keys(text)
    assert "no base64!" not in str(refused.value)
