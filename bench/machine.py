"""The machine that the figures are of, and which of its cores a process may use."""

import os
import platform
from collections.abc import Iterable
from pathlib import Path

import psutil

PLATFORM_CORE = 0
"""Where what is measured runs."""

OTHER_CORE = 1
"""Where the provider, the database server and the bench itself run."""


def pin(pid: int, *cores: int) -> None:
    """Let a process (0: this one), all its threads included, run on some cores alone.

    Cores that the machine does not have are left out; with none left nothing is changed.
    """
    there = os.sched_getaffinity(0) | set(range(os.cpu_count() or 1))
    wanted = there & set(cores)
    if not wanted:
        return
    for thread in _threads(pid):
        os.sched_setaffinity(thread, wanted)


def _threads(pid: int) -> Iterable[int]:
    return (int(folder.name) for folder in Path(f"/proc/{pid or os.getpid()}/task").iterdir())


def described() -> str:
    """One line: processor, cores, memory, system and Python."""
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GB, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    )


def load_average() -> float:
    """The load of the last minute, which says whether others worked meanwhile."""
    return os.getloadavg()[0]


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
