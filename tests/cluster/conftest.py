"""What the tests of the separate processes share."""

import pytest

from tests.databases import Postgres


@pytest.fixture
async def empty_url(postgres: Postgres) -> str:
    """The address of a database without any table."""
    return (await postgres.empty()).render_as_string(hide_password=False)
