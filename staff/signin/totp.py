"""A second factor by the clock (RFC 6238), and codes for when the phone is gone. Pure."""

import hmac
from collections.abc import Callable
from datetime import datetime

import pyotp
import segno

from kit.ids import ALPHABET, HEARD_AS

ISSUER = "Tequio"
SECONDS = 30
WIDTH = 1
"""Steps before and after the present one that are accepted too, for phones whose clock is off."""

DIGITS = 6
SECRET_SIGNS = 32
BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

CODES = 10
CODE_SIGNS = 10
HALF = CODE_SIGNS // 2
LONGEST_TYPED = 40


def new_secret(pick: Callable[[int], int]) -> str:
    """A secret of 160 bits; give `secrets.randbelow` for `pick`."""
    return "".join(BASE32[pick(len(BASE32))] for _ in range(SECRET_SIGNS))


def uri(secret: str, label: str) -> str:
    """What a phone reads from the picture. Give a pseudonym for the label: phones are seen."""
    return pyotp.TOTP(secret).provisioning_uri(name=label, issuer_name=ISSUER)


def picture(address: str) -> str:
    """A QR code as SVG, without inline style; it is dark on light in any theme."""
    drawn: str = segno.make(address, error="m", micro=False).svg_inline(
        scale=6, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None
    )
    return drawn


def step_at(now: datetime) -> int:
    """The step of an instant."""
    return int(now.timestamp()) // SECONDS


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """The step whose code was typed, None when it is that of none about now."""
    current, right = step_at(now), None
    for step in range(current - WIDTH, current + WIDTH + 1):
        # All are compared, so that the time it takes tells nothing.
        if step >= 0 and hmac.compare_digest(pyotp.TOTP(secret).generate_otp(step), code):
            right = step
    return right


def read_code(typed: str) -> str | None:
    """Six digits, with blanks or a dash wherever apps put them; None for anything else."""
    if len(typed) > LONGEST_TYPED:
        return None
    code = "".join(sign for sign in typed if not sign.isspace() and sign != "-")
    return code if len(code) == DIGITS and code.isascii() and code.isdigit() else None


def new_codes(pick: Callable[[int], int]) -> tuple[str, ...]:
    """Ten recovery codes of signs that cannot be taken for each other: "24RTX-PQ7KH"."""
    made = ["".join(ALPHABET[pick(len(ALPHABET))] for _ in range(CODE_SIGNS)) for _ in range(CODES)]
    return tuple(f"{one[:HALF]}-{one[HALF:]}" for one in made)


def read_recovery(typed: str) -> str | None:
    """A recovery code as `new_codes` writes it, however it was typed; None for anything else."""
    if len(typed) > LONGEST_TYPED:
        return None
    signs = "".join(sign for sign in typed.upper() if sign.isalnum()).translate(HEARD_AS)
    if len(signs) != CODE_SIGNS or any(sign not in ALPHABET for sign in signs):
        return None
    return f"{signs[:HALF]}-{signs[HALF:]}"
