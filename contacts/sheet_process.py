"""Reading an Excel file in a process of its own: what it may take of memory and time is bounded,
and nothing else of the platform waits for it.

`python -m contacts.sheet_process` reads the file from its standard input, and writes the rows as
CSV to its standard output. What is wrong with the file comes as JSON on standard error.
"""

import asyncio
import csv
import io
import json
import os
import resource
import sys
from contextlib import suppress
from typing import BinaryIO

from contacts.spreadsheet import MOST_ROWS, rows_of
from kit.errors import Invalid
from locales.text import _

SECONDS = 45
"""Of work; 50,000 rows take some five."""

MEMORY = 640 << 20
"""Bytes of addresses; 50,000 rows take less than a quarter of them."""

MOST_WRITTEN = 256 << 20
WRONG = 3
"""Exit status when the file is wrong, and not the program."""


async def to_csv(sheet: BinaryIO, out: BinaryIO) -> None:
    """Write the first sheet of an Excel file as CSV in UTF-8; a row is a line, so that both have
    the same numbers. Raises Invalid when it cannot be read. Both are files of the disk."""
    sheet.seek(0)
    os.lseek(sheet.fileno(), 0, os.SEEK_SET)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "ignore", "-m", "contacts.sheet_process",
        stdin=sheet.fileno(), stdout=out.fileno(), stderr=asyncio.subprocess.PIPE,
        # None of our keys: it reads what a stranger may have made.
        env={"LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    try:
        async with asyncio.timeout(2 * SECONDS):
            _out, said = await process.communicate()
    except TimeoutError:
        raise Invalid(_("import.sheet_too_large"), rows=MOST_ROWS) from None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode == WRONG:
        fault = json.loads(said.splitlines()[-1])
        raise Invalid(str(fault["key"]), **fault["params"])
    if process.returncode != 0:
        # It took more than it may have, and was ended.
        raise Invalid(_("import.sheet_too_large"), rows=MOST_ROWS)
    out.seek(0)


def convert(sheet: BinaryIO, out: BinaryIO) -> None:
    """The work of the process."""
    text = io.TextIOWrapper(out, "utf-8", newline="")
    # Every cell in quotes: a row of one empty cell is no empty line, and none is taken for another.
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    width = 0
    for row in rows_of(sheet):
        width = width or len(row)
        writer.writerow([*row, *[""] * (width - len(row))] if row else [])
    text.flush()
    text.detach()


def _main() -> int:
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_WRITTEN, MOST_WRITTEN))
    try:
        convert(sys.stdin.buffer, sys.stdout.buffer)
    except Invalid as fault:
        print(json.dumps({"key": fault.key, "params": dict(fault.params)}), file=sys.stderr)
        return WRONG
    except MemoryError:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_main())
