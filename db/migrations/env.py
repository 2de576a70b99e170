"""Alembic's entry: runs on the connection that `db.migrate` gives it."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from db.base import Id, metadata
from db.columns import Blind, Instant, Sealed


def plain(kind: str, item: object, autogen: AutogenContext) -> str | Literal[False]:
    """Write our column types into migrations as what the database sees.

    A migration must run as it was written, whatever becomes of our types.
    """
    del kind, autogen
    if isinstance(item, Sealed | Blind):
        return "sa.LargeBinary()"
    if isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if item is Id:
        return 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")'
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=plain,
)
context.run_migrations()
