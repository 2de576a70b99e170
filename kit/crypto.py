"""Encryption of what names a person, and blind indexes to find it again.

AES-256-GCM with the id of its key in front, so that keys can be rotated; the purpose is
authenticated, so that a value moved to a column of another purpose does not open.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12
KEY_BYTES = 32


class Unreadable(Exception):
    """A stored value cannot be opened: its key is missing, or it was altered."""


class Sealer(Protocol):
    """What the column types need: seal, open, and find again."""

    def seal(self, value: str, purpose: str) -> bytes:
        """Encrypt `value` for columns of `purpose`."""

    def open(self, sealed: bytes, purpose: str) -> str:
        """Decrypt what `seal` made for the same purpose."""

    def blind(self, value: str, purpose: str) -> bytes:
        """A 32-byte fingerprint, equal for equal values of the same purpose."""


class Keyring:
    """Field keys by id, the newest first, and the key of the blind index.

    New values are sealed with the newest key; older keys still open what they sealed. The blind
    index hangs on `secret` alone, so that rotating field keys leaves every index as it is.
    """

    def __init__(self, keys: Mapping[str, bytes], secret: str) -> None:
        if not keys:
            raise ValueError("a keyring needs at least one key")
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._newest = next(iter(keys))
        self._blind_key = HKDF(SHA256(), KEY_BYTES, None, b"tequio blind index").derive(
            secret.encode()
        )

    def seal(self, value: str, purpose: str) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        cipher = self._ciphers[self._newest]
        head = self._newest.encode()
        return (
            bytes([len(head)])
            + head
            + nonce
            + cipher.encrypt(nonce, value.encode(), purpose.encode())
        )

    def open(self, sealed: bytes, purpose: str) -> str:
        size = sealed[0] + 1 if sealed else 0
        cipher = self._ciphers.get(sealed[1:size].decode(errors="replace"))
        if cipher is None:
            raise Unreadable("sealed with a key that FIELD_KEYS does not hold")
        nonce, body = sealed[size : size + NONCE_BYTES], sealed[size + NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, body, purpose.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise Unreadable("a sealed value was altered") from error

    def blind(self, value: str, purpose: str) -> bytes:
        return hmac.digest(self._blind_key, f"{purpose}\0{value}".encode(), hashlib.sha256)


def parse_field_keys(text: str) -> dict[str, bytes]:
    """Keys from `id:base64,id:base64`, newest first.

    Raises ValueError with a reason that holds no key material.
    """
    keys: dict[str, bytes] = {}
    for part in text.split(","):
        key_id, _, encoded = part.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error as error:
            raise ValueError("a key is not base64") from error
        if not key_id or len(key_id) > 16 or len(key) != KEY_BYTES:
            raise ValueError("each key is id:base64 of 32 bytes, the id of at most 16 signs")
        keys[key_id] = key
    return keys


def new_field_key(key_id: str) -> str:
    """A fresh key in the form that FIELD_KEYS takes."""
    return f"{key_id}:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"
