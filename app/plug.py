"""Pulling the plug at a named point, for the crash suite alone."""

import os
import signal

from kit.checkpoints import Checkpoints


def pull_at(point: str) -> None:
    """Kill this process, as a power cut would, when `name` (or the n-th `name:n`) is passed."""
    name, _, count = point.partition(":")
    left = int(count or 1)

    def visit(passed: str) -> None:
        nonlocal left
        if passed == name:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    Checkpoints.visit = staticmethod(visit)
