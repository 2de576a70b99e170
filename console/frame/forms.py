"""What a form sent: never more than is taken, in UTF-8, with nothing in it that cannot be kept."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl

from fastapi import Request

from console.api.bodies import whole
from console.api.problems import WrongType
from kit.errors import Invalid
from locales.text import _

KIND = "application/x-www-form-urlencoded"
MOST_BYTES = 262_144
MOST_FIELDS = 1_000

MOST_DIGITS = 18
"""What an id of a database can have, and more than anything that is counted."""

UNWRITABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Form(Mapping[str, str]):
    """Fields by name; of one that was sent several times the last, and `several` gives all.

    Reading a field that was not sent gives "": browsers leave out what is not ticked.
    """

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._pairs = pairs
        self._last = dict(pairs)

    def __getitem__(self, name: str) -> str:
        return self._last.get(name, "")

    def __iter__(self) -> Iterator[str]:
        return iter(self._last)

    def __len__(self) -> int:
        return len(self._last)

    def __contains__(self, name: object) -> bool:
        return name in self._last

    def several(self, name: str) -> tuple[str, ...]:
        """Every value that was sent under a name, in order."""
        return tuple(value for one, value in self._pairs if one == name)

    def number(self, name: str, least: int, most: int) -> int | None:
        """A whole number between two bounds; None when the field is empty. Invalid otherwise."""
        typed = self[name].strip()
        if not typed:
            return None
        if not is_whole_number(typed) or not least <= int(typed) <= most:
            raise Invalid(_("console.form.number"), least=least, most=most)
        return int(typed)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Everything as it was sent."""
        return list(self._pairs)


NOTHING = Form([])


def is_whole_number(typed: str) -> bool:
    """Whether these are digits that int() reads and a database holds: "²" is a digit, too."""
    return typed.isascii() and typed.isdigit() and len(typed) <= MOST_DIGITS


def kind_of(request: Request) -> str:
    """The type of what was sent."""
    return request.headers.get("content-type", "").split(";")[0].strip().lower()


async def read_form(request: Request, most: int = MOST_BYTES) -> Form:
    """The form of a request. TooLarge, WrongType, or Invalid when it cannot be read."""
    body = await whole(request, most)
    if not body:
        return NOTHING
    if kind_of(request) != KIND:
        raise WrongType(_("api.media_type"), expected=KIND)
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        raise Invalid(_("console.form.unreadable")) from None
    if any(UNWRITABLE.search(part) for pair in pairs for part in pair):
        raise Invalid(_("console.form.unreadable"))
    # Browsers send line breaks as CR LF; what is kept has one sign for them.
    return Form([(name, value.replace("\r\n", "\n")) for name, value in pairs])
