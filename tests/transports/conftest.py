"""A handset for every test that takes one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.transports.handset_stage import Stage, stage


@pytest.fixture
async def playing(tmp_path: Path) -> AsyncIterator[Stage]:
    async with stage(tmp_path) as opened:
        yield opened
