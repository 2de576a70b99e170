"""Chaos around one real `tequio run` on SQLite. TEQUIO_TEST_SEED gives another seed."""

import os
from pathlib import Path

import pytest

from tests.chaos.play import Size, play
from tests.cluster.nursery import Nursery

pytestmark = pytest.mark.xdist_group("cluster")

SEED = int(os.environ.get("TEQUIO_TEST_SEED", "30101"))


async def test_after_kills_faults_and_locks_ledger_and_providers_agree(
    tmp_path: Path, born: Nursery
) -> None:
    report = await play(born, tmp_path, SEED, Size(people=1000))
    print(report)
    report.check()
