"""Reading what a program sent: never more than allowed, of the type it says, and in UTF-8."""

import json
import re
from bisect import bisect_left
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import NoReturn

from fastapi import Request

from console.api.problems import Malformed, TooLarge, WrongType
from kit.errors import Invalid
from locales.catalog import render
from locales.text import _

JSON = ("application/json",)
YAML = ("application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml")
CSV = ("text/csv",)
MOST_JSON = 65_536
"""Bytes of a body that is no file."""

_CHARSETS = ("utf-8", "utf8", "us-ascii")
_UNWRITABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# A pair of escapes for one sign above 16 bits; other escapes are passed over one by one.
_PAIR = re.compile(r"\\u([dD][89aAbB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|\\.")


def refuse_type(request: Request, types: Collection[str]) -> str:
    """The type of the body; WrongType when it is none of `types`, packed, or not in UTF-8."""
    parts = request.headers.get("content-type", "").split(";")
    kind = parts[0].strip().lower()
    charsets = [one.strip().lower() for one in parts[1:] if "charset" in one.lower()]
    named = all(one.partition("=")[2].strip('" ') in _CHARSETS for one in charsets)
    packed = request.headers.get("content-encoding", "identity").strip().lower() != "identity"
    if kind not in types or not named or packed:
        raise WrongType(_("api.media_type"), expected=", ".join(types))
    return kind


async def pieces(request: Request, most: int) -> AsyncIterator[bytes]:
    """The body piece by piece; TooLarge as soon as it is, or says that it will be."""
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared[:15]) > most:
        raise TooLarge(_("api.too_large"), most=most)
    read = 0
    async for piece in request.stream():
        read += len(piece)
        if read > most:
            raise TooLarge(_("api.too_large"), most=most)
        yield piece


async def whole(request: Request, most: int = MOST_JSON) -> bytes:
    """The whole body."""
    return b"".join([piece async for piece in pieces(request, most)])


def read_json(data: bytes, language: str) -> object:
    """A JSON document (RFC 8259) without keys that stand there twice, NaN, and signs that cannot be
    kept. Malformed when it cannot be read at all, with line and column where they are known.
    """
    text = _decoded(data)
    try:
        found: object = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        message = render(_("api.not_json"), language)
        fault = {"line": error.lineno, "column": error.colno, "message": message}
        raise Malformed(_("api.json_unusual"), [fault]) from None
    except (ValueError, RecursionError):
        # Far too deep, a number of thousands of digits, a key twice.
        raise Malformed(_("api.json_unusual")) from None
    refuse_unwritable(found)
    return found


def fields_of(data: bytes, names: Mapping[str, type], language: str) -> dict[str, object]:
    """An object of exactly these fields; Invalid names the one that is missing, wrong or too many.

    What was sent is not repeated.
    """
    found = read_json(data, language)
    if not isinstance(found, dict) or found.keys() != names.keys():
        raise Invalid(_("api.fields"), names=", ".join(names))
    for name, kind in names.items():
        if not isinstance(found[name], kind):
            raise Invalid(_("api.fields"), names=name)
    return found


def refuse_unwritable(found: object) -> None:
    """Invalid when a text holds a sign that cannot be kept: NUL, a control sign, half a sign."""
    waiting = [found]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str) and _UNWRITABLE.search(one):
            raise Invalid(_("api.unwritable"))
        if isinstance(one, Mapping):
            waiting += chain(one.keys(), one.values())
        elif isinstance(one, list | tuple):
            waiting += one


@dataclass(frozen=True, slots=True)
class AsYaml:
    """JSON in the form in which it is YAML, too, and how to find a place of it in what was sent.

    `signs` are, line by line, the columns at which a pair of escapes became one sign.
    """

    data: bytes
    signs: Mapping[int, list[int]]

    def column(self, line: int, column: int) -> int:
        """The column in what was sent."""
        return column + 11 * bisect_left(self.signs.get(line, ()), column)


def as_yaml(data: bytes) -> AsYaml:
    """JSON that `read_json` has read, for a reader of YAML: that has no tabs between values and
    no pairs of escapes. Every other sign stays where it is."""
    signs: dict[int, list[int]] = {}
    lines = []
    for number, line in enumerate(_decoded(data).replace("\t", " ").split("\n"), 1):
        columns: list[int] = []
        parts, end, place = [], 0, 0
        for match in _PAIR.finditer(line):
            if match[1] is None:
                continue
            before = line[end : match.start()]
            place += len(before) + 1
            columns.append(place)
            parts += [before, _sign(match[1], match[2])]
            end = match.end()
        lines.append("".join([*parts, line[end:]]))
        if columns:
            signs[number] = columns
    return AsYaml("\n".join(lines).encode(), signs)


def _sign(high: str, low: str) -> str:
    return chr(0x10000 + ((int(high, 16) - 0xD800) << 10) + (int(low, 16) - 0xDC00))


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Malformed(_("api.not_utf_8")) from None


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key twice")
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError("NaN and infinity are not JSON")
