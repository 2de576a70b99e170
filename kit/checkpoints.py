"""Named points between the steps of a durable act, where the crash suite pulls the plug.

In service a checkpoint does nothing. The composition root sets `visit` when the setting
`TEQUIO_KILL_AT` names one, and only then.
"""

from collections.abc import Callable


def _nothing(name: str) -> None:
    del name


class Checkpoints:
    """Holds what a visit of a checkpoint does."""

    visit: Callable[[str], None] = staticmethod(_nothing)


def passed(name: str) -> None:
    """Say that the step before `name` is over and the one after has not begun."""
    Checkpoints.visit(name)
