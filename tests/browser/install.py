"""Find a Chromium for the browser tests, or have apt install one; without it they are skipped."""

import os
import shutil
import subprocess
import sys

APT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def browser() -> str | None:
    """The browser that tests use: CHROMIUM, or one of the usual places."""
    named = os.environ.get("CHROMIUM")
    return named or shutil.which("chromium", path=APT_PATH)


def main() -> None:
    """Install Debian's Chromium when that is possible; never fail the set-up."""
    if browser() or not shutil.which("apt-get", path=APT_PATH) or os.geteuid() != 0:
        return
    environment = {**os.environ, "PATH": APT_PATH, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "chromium"]):
        done = subprocess.run(
            ["apt-get", *command], env=environment, stdout=subprocess.DEVNULL, check=False
        )
        if done.returncode:
            sys.stderr.write("no browser could be installed: its tests will be skipped\n")
            return


if __name__ == "__main__":
    main()
