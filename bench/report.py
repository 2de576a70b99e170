"""The results on the screen, in `bench/results.json` and in `docs/benchmarks.md`."""

import json
import os
import platform
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from app.settings import ROOT
from bench.machine import described, load_average
from bench.meanings import MEANINGS, NOT_MET
from bench.processes import WORK
from bench.result import Result

RESULTS = Path(__file__).parent / "results.json"
QUICK_RESULTS = WORK / "quick.json"
PAGE = ROOT / "docs" / "benchmarks.md"
WIDE = 160

Entry = dict[str, object]

HEAD = """# Benchmarks

Every figure stands beside a reference that was measured in the same run, on the same machine, in
turns with it; a figure that was taken several times is the median, with all of them in brackets.
This page is written by `make bench` (`python -m bench NAME` measures some, `--quick` a small
version that writes nothing here); the figures as data are in `bench/results.json`. Timings depend
on the machine and are never asserted in a test.
"""


def keep(name: str, results: Sequence[Result], *, quick: bool) -> None:
    """Put the results of one benchmark in the place of its earlier ones."""
    path = QUICK_RESULTS if quick else RESULTS
    others = [entry for entry in kept(path) if entry.get("bench") != name]
    told = {
        "bench": name,
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "machine": described(),
        "load": round(load_average(), 2),
    }
    entries = others + [result.document() | told for result in results]
    order = list(MEANINGS)
    entries.sort(key=lambda entry: order.index(str(entry["bench"])))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(entries, indent=1) + "\n", encoding="utf-8")


def kept(path: Path = RESULTS) -> list[Entry]:
    """What earlier runs have left, but for benchmarks that no longer exist."""
    if not path.exists():
        return []
    found: list[Entry] = json.loads(path.read_text(encoding="utf-8"))
    return [entry for entry in found if entry.get("bench") in MEANINGS]


def show(*, quick: bool) -> None:
    """All results as a table."""
    path = QUICK_RESULTS if quick else RESULTS
    screen = Console()
    if not screen.is_terminal:
        screen = Console(width=WIDE)
    columns = ("what", "figure", "reference", "ratio", "unit", "goal", "met")
    title = f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}"
    table = Table(*columns, title=title)
    for entry in kept(path):
        table.add_row(*_cells(entry))
    screen.print(table)
    screen.print(f"Written to {path}", highlight=False)


def write_page(names: Iterable[str]) -> None:
    """The page for people: the sections of `names` from what is kept, the others as they stand."""
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), kept(), names), encoding="utf-8")


def page(before: str, entries: Sequence[Entry], names: Iterable[str]) -> str:
    """The page with the sections of `names` made anew. Where the results of others are not on this
    machine, what was measured on another stays."""
    head = re.compile(r"^## (.+)$", re.MULTILINE)
    _head, *parts = head.split(before)
    sections = {
        title.lower(): f"## {title}{body}".rstrip() + "\n"
        for title, body in zip(parts[::2], parts[1::2], strict=True)
    }
    for name in names:
        rows = [entry for entry in entries if entry["bench"] == name]
        if rows:
            sections[name] = _section(name, MEANINGS[name], rows)
    return "\n".join([HEAD, *(sections[name] for name in MEANINGS if name in sections)])


def _section(name: str, meaning: str, rows: Sequence[Entry]) -> str:
    lines = [
        f"## {name.capitalize()}",
        "",
        meaning.strip(),
        "",
        "| what | figure | reference | ratio | unit | goal | met |",
        "|---|---:|---:|---:|---|---|---|",
        *(f"| {' | '.join(_cells(row, with_spread=True))} |" for row in rows),
        "",
        f"Measured with `python -m bench {name}` on {rows[0]['date']}: {rows[0]['machine']}; "
        f"load of the machine at the end {rows[0]['load']}.",
        "",
    ]
    if name in NOT_MET and not all(row["met"] for row in rows):
        lines += [f"**Not met:** {NOT_MET[name].strip()}", ""]
    return "\n".join(lines)


def _cells(entry: Entry, *, with_spread: bool = False) -> Iterable[str]:
    figure = _figure(entry["figure"])
    spread = entry.get("spread")
    if with_spread and isinstance(spread, list) and len(spread) > 1:
        figure += f" ({', '.join(map(_figure, spread))})"
    ratio = entry["ratio"]
    return (
        str(entry["name"]).partition(": ")[2],
        figure,
        _figure(entry["reference"]),
        f"{ratio:.2f}" if isinstance(ratio, float) else "-",
        str(entry["unit"]),
        str(entry["goal"]),
        "yes" if entry["met"] else "**no**",
    )


def _figure(value: object) -> str:
    assert isinstance(value, int | float)
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:,.2f}"
