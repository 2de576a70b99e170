"""Every story plays on SQLite and on PostgreSQL."""

from collections.abc import AsyncIterator

import pytest

from db.session import Database
from tests.stories.world import World, world_of


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    async with world_of(database) as made:
        yield made
