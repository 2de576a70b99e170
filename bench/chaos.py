"""Chaos in large: the same as tests/chaos, with many more rows and kills.

What counts is that nothing is lost and nobody gets a second copy; see tests/chaos/audit.py for
everything that has to agree.
"""

import asyncio
import shutil
from collections.abc import Sequence
from pathlib import Path

from bench.processes import WORK
from bench.result import Result
from tests.chaos.play import Report, Size, play
from tests.cluster.nursery import nursery
from tests.databases import postgres_server

LARGE = Size(people=8_000, noes=40, callers=4, rounds=4, rates=(100, 40))
SEED = 20_270


def run() -> Sequence[Result]:
    """Both modes, once each: it is a proof and no measurement."""
    embedded = _played("embedded", None)
    with postgres_server() as server:
        url = asyncio.run(server.fresh()).render_as_string(hide_password=False)
        distributed = _played("distributed", url)
    return [
        *_results("SQLite, one process", embedded),
        *_results("PostgreSQL, six processes", distributed),
    ]


def _played(mode: str, url: str | None) -> Report:
    folder = _empty(WORK / f"chaos-{mode}")
    with nursery() as born:
        report = asyncio.run(play(born, folder, SEED, LARGE, url))
    (folder / "report.txt").write_text(f"{report}\n", encoding="utf-8")
    return report


def _empty(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _results(where: str, report: Report) -> list[Result]:
    rows, kills = sum(report.states.values()), report.done["kill"]
    held = report.done["claims broken off"] / max(kills, 1)
    second = sum(LARGE.rates)
    return [
        Result(
            f"chaos: what does not agree, {rows:,} rows and {kills} kills on {where}",
            len(report.violations),
            "disagreements",
            0,
            "none",
            not report.violations,
        ),
        Result(
            f"chaos: rows in doubt after a kill, mean, on {where}"
            " (reference: a second of the rate)",
            held,
            "rows",
            second,
            "at most the reference",
            held <= second,
        ),
    ]
