"""`python -m bench`: measure, print a table, write `bench/results.json`."""

import json
import os
import platform
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import jobs
from bench.result import Result

RESULTS = Path(__file__).parent / "results.json"
BENCHMARKS = (jobs.run,)
WIDE = 140


def main() -> None:
    """Run every benchmark; a goal that is missed is shown, and fails nothing."""
    results = [result for benchmark in BENCHMARKS for result in benchmark()]
    documents = [result.document() for result in results]
    RESULTS.write_text(json.dumps(documents, indent=1) + "\n", encoding="utf-8")
    _show(results)


def _show(results: list[Result]) -> None:
    screen = Console()
    if not screen.is_terminal:
        screen = Console(width=WIDE)
    cores = f"{os.cpu_count()} cores, {platform.machine()}"
    table = Table(
        "what",
        "figure",
        "reference",
        "ratio",
        "unit",
        "goal",
        "met",
        title=f"Python {platform.python_version()}, {cores}",
    )
    for result in results:
        ratio = "-" if result.ratio is None else f"{result.ratio:.2f}"
        table.add_row(
            result.name,
            f"{result.figure:,.2f}",
            f"{result.reference:,.2f}",
            ratio,
            result.unit,
            result.goal,
            "yes" if result.met else "no",
        )
    screen.print(table)
    screen.print(f"Written to {RESULTS}", highlight=False)


if __name__ == "__main__":
    main()
