"""What may stand in each field of what the institute says of itself. Pure."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from kit.errors import Invalid
from locales.text import _
from staff.institute.model import LIMITS, NAMES, Institute, Kind

_E164 = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_SHORT = re.compile(r"\d{3,6}", re.ASCII)
_MEXICAN = re.compile(r"\d{10}", re.ASCII)
_BETWEEN = re.compile(r"[\s().\-–/]+")
_EMAIL = re.compile(r"[^\s@<>(),;:\"\\]+@[^\s@<>(),;:\"\\]+\.[^\s@<>(),;:\"\\]+")

_NOT_IN_ADDRESSES = re.compile(r"[\s<>\"\\]")


class Faulty(Invalid):
    """Fields that cannot be kept as they are: for each the key of a sentence, and what fills it."""

    def __init__(self, faults: Mapping[str, "Fault"]) -> None:
        super().__init__(_("institute.look_again"))
        self.faults = faults


class Fault(Invalid):
    """Why one field cannot be kept."""


def checked(typed: Mapping[str, str]) -> Institute:
    """What was typed, cleaned: blanks around it gone, a phone in E.164. Faulty tells all at once.

    A field that is not among `typed` counts as empty.
    """
    clean: dict[str, str] = {}
    faults: dict[str, Fault] = {}
    for name in NAMES:
        try:
            clean[name] = _cleaned(name, typed.get(name, ""))
        except Fault as fault:
            faults[name] = fault
    if faults:
        raise Faulty(faults)
    return Institute(**clean)


def _cleaned(name: str, typed: str) -> str:
    limits = LIMITS[name]
    text = "\n".join(line.strip() for line in typed.strip().splitlines())
    if not text:
        return ""
    if len(text) > limits.most:
        raise Fault(_("institute.too_long"), most=limits.most)
    many = limits.kind is Kind.TEXT
    if not (text.replace("\n", "") if many else text).isprintable():
        raise Fault(_("institute.one_line") if "\n" in text else _("institute.unprintable"))
    match limits.kind:
        case Kind.PHONE:
            return _phone(text)
        case Kind.EMAIL if not _EMAIL.fullmatch(text):
            raise Fault(_("institute.email_wrong"))
        case Kind.WEB if not _is_address(text):
            raise Fault(_("institute.web_wrong"))
        case _:
            return text


def _phone(typed: str) -> str:
    """Digits with the country in front, or a short code; ten digits are a number of Mexico."""
    digits = _BETWEEN.sub("", typed)
    if _E164.fullmatch(digits) or _SHORT.fullmatch(digits):
        return digits
    if _MEXICAN.fullmatch(digits):
        return f"+52{digits}"
    raise Fault(_("institute.phone_wrong"))


def _is_address(typed: str) -> bool:
    if _NOT_IN_ADDRESSES.search(typed):
        return False
    try:
        parts = urlsplit(typed)
        named = parts.hostname is not None and "." in parts.hostname
        alone = parts.username is None and parts.password is None
        # Asking for the port is what finds one that is none.
        return parts.scheme in ("http", "https") and named and alone and parts.port != 0
    except ValueError:
        return False
