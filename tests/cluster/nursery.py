"""Starts `tequio …` processes without the cost of their imports, which take seconds each.

Run as a process, it imports the command once and forks a copy for each line of JSON on standard
input, `{"argv": […], "env": {…}, "out": PATH, "err": PATH}`, answered by the pid; the copy runs the
command from its beginning, in a session of its own and in the folder of `out`. How it ended is
written beside `out`, where `status_of` looks. The end of the input ends all.
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
LOOK_EVERY = 0.01


class Nursery:
    """The other end of the pipe."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def bear(
        self, argv: Sequence[str], env: Mapping[str, str], out: Path, err: Path | None = None
    ) -> int:
        """Start `tequio argv`; gives its pid. What it says on standard error goes to `out` too
        unless `err` is given; both are appended to."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        wanted = {"argv": list(argv), "env": dict(env), "out": str(out), "err": str(err or out)}
        self._process.stdin.write(json.dumps(wanted) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


def status_of(out: Path, pid: int) -> int | None:
    """How one ended: the exit status, or minus the signal. None while it lives."""
    told = _told(out, pid)
    return int(told.read_text()) if told.exists() else None


def _told(out: Path, pid: int) -> Path:
    # One file may take what several say, one after the other.
    return out.with_name(f"{out.name}.{pid}.status")


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
    lives: dict[int, Path] = {}
    while True:
        asked, _, _ = select.select([0], [], [], LOOK_EVERY if lives else None)
        if asked:
            line = os.read(0, 65536)
            if not line:
                break
            wanted = json.loads(line)
            pid = os.fork()
            if pid == 0:
                _enter(wanted["argv"], wanted["env"], wanted["out"], wanted["err"])
                return
            lives[pid] = Path(wanted["out"])
            os.write(1, b"%d\n" % pid)
        for pid in list(lives):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                _tell(lives.pop(pid), pid, os.waitstatus_to_exitcode(status))
    for pid in lives:
        os.kill(pid, signal.SIGKILL)
    os._exit(0)


def _tell(out: Path, pid: int, status: int) -> None:
    told = _told(out, pid)
    draft = told.with_suffix(".draft")
    draft.write_text(str(status))
    draft.rename(told)


def _enter(argv: Sequence[str], env: Mapping[str, str], out: str, err: str) -> None:
    """Make a copy look like a process that was started by itself."""
    os.setsid()
    os.environ.clear()
    os.environ.update(env)
    nothing = os.open(os.devnull, os.O_RDONLY)
    says, complains = (
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600) for path in (out, err)
    )
    for opened, standard in ((nothing, 0), (says, 1), (complains, 2)):
        os.dup2(opened, standard)
        os.close(opened)
    os.chdir(Path(out).parent)
    sys.argv[:] = ["tequio", *argv]


if __name__ == "__main__":
    import app.roles
    import app.run  # noqa: F401
    from app.cli import main
    from contacts.gazetteer import load_gazetteer
    from locales.catalog import catalogues

    # Files of the program that a start reads, and half of what is left of it.
    load_gazetteer()
    catalogues()
    _serve()
    main()
