"""Which worker runs which test: one has the tests that go by the real clock, and comes first.

Real processes, real kills and a real browser mostly wait, but when something happens they need a
processor at once. Beside tests that only reckon, they would measure how busy the machine is.
"""

import os
from typing import Final

from xdist.scheduler import LoadGroupScheduling
from xdist.workermanage import WorkerController

REAL = ("tests/browser/", "tests/chaos/", "tests/cluster/", "tests/crash/")
PUNCTUAL: Final = "gw0"
"""The worker of those tests; it takes others when none of them is left."""

NICENESS = 10
"""Of the other workers: some nine of their turns are worth one of the first."""


class Punctual(LoadGroupScheduling):
    """Gives each worker tests of its own kind while there are any."""

    def _assign_work_unit(self, node: WorkerController) -> None:
        real = node.gateway.id == PUNCTUAL
        for scope, unit in self.workqueue.items():
            if next(iter(unit)).startswith(REAL) is real:
                self.workqueue.move_to_end(scope, last=False)
                break
        super()._assign_work_unit(node)


def stand_back() -> None:
    """Let the worker of the punctual tests go first, in a worker that has others."""
    if os.environ.get("PYTEST_XDIST_WORKER", PUNCTUAL) != PUNCTUAL:
        os.nice(NICENESS)
