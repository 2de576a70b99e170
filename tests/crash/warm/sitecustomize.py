"""Holds a `tequio` that has imported its command at the door, and lets copies of it go in.

Python reads this module by itself, before the command, in a process whose PYTHONPATH leads here.
A start takes some seconds, nearly all of them for imports, and the crash suite starts a hundred
times. A line of JSON on standard input, `{"env": {…}, "log": PATH}`, makes a copy that goes on to
run the command from its beginning, in a process of its own; answered by `{"born": PID}` and, in
the end, `{"pid": PID, "status": STATUS}`. The end of the input ends all.
"""

import json
import os
import select
import signal
import sys


def hold() -> None:
    """Serve until the input ends; returns in each copy alone."""
    import app.cli
    import app.run  # noqa: F401

    lives: set[int] = set()
    while True:
        asked, _, _ = select.select([0], [], [], 0.01 if lives else None)
        if asked:
            line = os.read(0, 65536)
            if not line:
                break
            wanted = json.loads(line)
            pid = os.fork()
            if pid == 0:
                enter(wanted["env"], wanted["log"])
                return
            lives.add(pid)
            tell({"born": pid})
        for pid in list(lives):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                lives.discard(pid)
                tell({"pid": pid, "status": os.waitstatus_to_exitcode(status)})
    for pid in lives:
        os.kill(pid, signal.SIGKILL)
    os._exit(0)


def enter(env: dict[str, str], log: str) -> None:
    """Make a copy look like a process that was started by itself."""
    os.setsid()
    os.environ.update(env)
    nothing = os.open(os.devnull, os.O_RDONLY)
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for opened, standard in ((nothing, 0), (written, 1), (written, 2)):
        os.dup2(opened, standard)
    os.close(nothing)
    os.close(written)


def tell(what: dict[str, int]) -> None:
    """One line to the test."""
    os.write(1, json.dumps(what).encode() + b"\n")


if os.environ.pop("TEQUIO_DOOR", ""):
    del os.environ["PYTHONPATH"]
    sys.path.remove(os.path.dirname(__file__))
    hold()
