"""Starts `tequio …` processes without the cost of their imports, which take seconds each.

Run as a process, it imports the command once and forks a copy for each line of JSON on standard
input, `{"argv": […], "env": {…}, "log": PATH}`, answered by the pid; the copy runs the command from
its beginning, in a session of its own. How it ended is written to the log's path with `.status`.
The end of the input ends all.
"""

import gc
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Nursery:
    """The other end of the pipe."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def bear(self, argv: Sequence[str], env: Mapping[str, str], log: Path) -> int:
        """Start `tequio argv`; gives its pid."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        wanted = {"argv": list(argv), "env": dict(env), "log": str(log)}
        self._process.stdin.write(json.dumps(wanted) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def nursery() -> Iterator[Nursery]:
    """A nursery for the time of a test session."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.cluster.nursery"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # Ctrl+C is for the tests: this process ends, and ends all, when their pipe does.
        start_new_session=True,
    ) as process:
        assert process.stdin is not None
        try:
            yield Nursery(process)
        finally:
            process.stdin.close()


def _serve() -> None:
    """Serve until the input ends; returns in each copy alone."""
    # Copies share what is not looked at, and do not take two seconds to end.
    gc.freeze()
    logs: dict[int, str] = {}
    while True:
        asked, _, _ = select.select([0], [], [], 0.02)
        if asked:
            line = os.read(0, 65536)
            if not line:
                break
            wanted = json.loads(line)
            pid = os.fork()
            if pid == 0:
                _enter(wanted["argv"], wanted["env"], wanted["log"])
                return
            logs[pid] = wanted["log"]
            os.write(1, b"%d\n" % pid)
        for pid in list(logs):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                _tell(logs.pop(pid), os.waitstatus_to_exitcode(status))
    for pid in logs:
        os.kill(pid, signal.SIGKILL)
    os._exit(0)


def _tell(log: str, status: int) -> None:
    draft = Path(f"{log}.draft")
    draft.write_text(str(status))
    draft.rename(f"{log}.status")


def _enter(argv: Sequence[str], env: Mapping[str, str], log: str) -> None:
    """Make a copy look like a process that was started by itself."""
    os.setsid()
    os.environ.clear()
    os.environ.update(env)
    nothing = os.open(os.devnull, os.O_RDONLY)
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for opened, standard in ((nothing, 0), (written, 1), (written, 2)):
        os.dup2(opened, standard)
    os.chdir(Path(log).parent)
    sys.argv[:] = ["tequio", *argv]


if __name__ == "__main__":
    import app.roles
    import app.run  # noqa: F401
    from app.cli import main

    _serve()
    main()
