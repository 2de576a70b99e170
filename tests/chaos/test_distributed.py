"""Chaos among the separate processes on a real PostgreSQL. TEQUIO_TEST_SEED gives another seed."""

import os
from pathlib import Path

import pytest

from tests.chaos.play import Size, play
from tests.cluster.nursery import Nursery
from tests.databases import Postgres

pytestmark = pytest.mark.xdist_group("cluster")

SEED = int(os.environ.get("TEQUIO_TEST_SEED", "30201"))


async def test_after_kills_of_any_process_and_cut_connections_ledger_and_providers_agree(
    tmp_path: Path, born: Nursery, postgres: Postgres
) -> None:
    url = (await postgres.fresh()).render_as_string(hide_password=False)
    report = await play(born, tmp_path, SEED, Size(people=900), url)
    print(report)
    report.check()
