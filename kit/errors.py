"""Errors that a person can be told: a code for programs, a catalogue key for people."""

from collections.abc import Mapping
from types import MappingProxyType


class Problem(Exception):
    """Something a person asked for cannot be done, and this says why and what to do.

    `code` is stable and for programs. `key` names the sentence in the catalogues and `params`
    fill it. `str()` gives the code alone, so that a log never shows what a person wrote.
    """

    code = "problem"

    def __init__(self, key: str, **params: object) -> None:
        super().__init__(self.code)
        self.key = key
        self.params: Mapping[str, object] = MappingProxyType(params)


class NotFound(Problem):
    """What was named does not exist."""

    code = "not_found"


class Refused(Problem):
    """The rules do not allow it: a wrong state, a wrong person, a missing right."""

    code = "refused"


class Invalid(Problem):
    """What was given cannot be understood or is out of bounds."""

    code = "invalid"
