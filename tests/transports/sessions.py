"""The sessions of aiohttp that a test has made, and which of them are open."""

from collections.abc import Callable, Sequence

import pytest
from aiohttp import ClientSession


def sessions_made(monkeypatch: pytest.MonkeyPatch) -> list[ClientSession]:
    """Every session from now on, in order."""
    make: Callable[..., None] = ClientSession.__init__
    made: list[ClientSession] = []

    def making(self: ClientSession, *given: object, **named: object) -> None:
        make(self, *given, **named)
        made.append(self)

    monkeypatch.setattr(ClientSession, "__init__", making)
    return made


def still_open(made: Sequence[ClientSession]) -> int:
    """How many of them nobody has closed."""
    return sum(not one.closed for one in made)
