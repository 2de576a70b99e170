"""What the tests of the separate processes share."""

from collections.abc import Iterator

import pytest

from tests.cluster.nursery import Nursery, nursery
from tests.databases import Postgres


@pytest.fixture(scope="session")
def born() -> Iterator[Nursery]:
    """Where processes come from."""
    with nursery() as opened:
        yield opened


@pytest.fixture
async def empty_url(postgres: Postgres) -> str:
    """The address of a database without any table."""
    # The template is made by the first `fresh` alone.
    await postgres.fresh()
    return (await postgres.empty()).render_as_string(hide_password=False)
