"""A running platform for each story.

The stories of calling for help, subscribing and campaigns play on SQLite and on PostgreSQL; the
others, which differ in words and not in what they store, on SQLite alone.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from db.session import Database
from tests.stories.world import World, world_of

ON_BOTH = {
    "test_calling_for_help",
    "test_campaigns",
    "test_campaigns_that_stop",
    "test_keys_and_acceptances",
    "test_messages_that_do_not_arrive",
    "test_owners_and_pages",
    "test_polls_by_sms",
    "test_providers_fail",
    "test_safety_of_the_person",
    "test_subscribing",
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    dropped = [item for item in items if _is_left_out(item)]
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = [item for item in items if not _is_left_out(item)]


def _is_left_out(item: pytest.Item) -> bool:
    here = item.path.parent == Path(__file__).parent
    return here and item.path.stem not in ON_BOTH and "postgresql" in item.name


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    async with world_of(database) as made:
        yield made
