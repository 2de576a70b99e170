"""Write the next migration from what the tables became: `python -m app.revise "What changed."`."""

import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command
from alembic.operations.ops import MigrationScript
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from app.schema import metadata
from db.scripts import config_for


def revise(message: str) -> Path | None:
    """Compare the tables of `app.schema` with what the migrations make of an empty SQLite file.

    Gives the new migration, to be read before it is kept, or None when they agree.
    """
    with TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/empty.db")
        with engine.begin() as connection:
            config = config_for(connection)
            command.upgrade(config, "head")
            known = sum(1 for _ in ScriptDirectory.from_config(config).walk_revisions())
            made = command.revision(
                config,
                message,
                autogenerate=True,
                rev_id=f"{known + 1:04}",
                process_revision_directives=_none_when_empty,
            )
        engine.dispose()
    scripts = made if isinstance(made, list) else [made]
    return next((Path(script.path) for script in scripts if script is not None), None)


def _none_when_empty(
    context: MigrationContext,
    revision: str | Iterable[str | None] | Iterable[str],
    directives: list[MigrationScript],
) -> None:
    del context, revision
    if all(script.upgrade_ops is None or script.upgrade_ops.is_empty() for script in directives):
        directives.clear()


def main(words: list[str]) -> int:
    """Say where the migration is; 1 when there is none to write."""
    if len(words) != 1 or not words[0].strip():
        sys.stderr.write('usage: python -m app.revise "What changed."\n')
        return 2
    made = revise(words[0])
    agreed = f"The migrations already make these {len(metadata.tables)} tables."
    sys.stderr.write(f"{made or agreed}\n")
    return 0 if made else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
