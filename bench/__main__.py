"""`python -m bench [NAME …] [--quick]`: measure, print a table, write the results.

The results of what was not measured this time are kept. A missed goal is shown, and fails nothing.
"""

import argparse
import asyncio
import traceback
from collections.abc import Callable

from bench import (
    broadcast,
    chaos,
    cluster,
    figures,
    freezing,
    inbound,
    jobs,
    load,
    paced,
    pages,
    report,
)
from bench.machine import OTHER_CORE, load_average, pin
from bench.result import Result
from bench.scale import QUICK, Scale

BENCHMARKS: dict[str, Callable[[Scale], list[Result]]] = {
    "jobs": lambda scale: jobs.run(),
    "broadcast": lambda scale: asyncio.run(broadcast.measure(scale)),
    "paced": lambda scale: asyncio.run(paced.measure(scale)),
    "freezing": lambda scale: asyncio.run(freezing.measure(scale)),
    "load": lambda scale: asyncio.run(load.measure(scale)),
    "cluster": lambda scale: asyncio.run(cluster.measure(scale)),
    "inbound": lambda scale: asyncio.run(inbound.measure(scale)),
    "figures": lambda scale: asyncio.run(figures.measure(scale)),
    "pages": lambda scale: asyncio.run(pages.measure(scale)),
    "pages-postgresql": lambda scale: asyncio.run(pages.measure_on_postgresql(scale)),
    "chaos": lambda scale: list(chaos.run()),
}


def main() -> None:
    """Run the benchmarks that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHMARKS, []], metavar="NAME")
    parser.add_argument("--quick", action="store_true", help="small: to see that it works")
    options = parser.parse_args()
    scale = QUICK if options.quick else Scale()
    names = options.names or list(BENCHMARKS)
    for name in names:
        print(f"{name} … (load {load_average():.2f})", flush=True)
        if name not in ("jobs", "chaos"):
            pin(0, OTHER_CORE)
        try:
            results = BENCHMARKS[name](scale)
        except Exception:
            # The others are still worth their time.
            traceback.print_exc()
            continue
        report.keep(name, results, quick=options.quick)
    report.show(quick=options.quick)
    if not options.quick:
        report.write_page(names)


if __name__ == "__main__":
    main()
