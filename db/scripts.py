"""Running the migrations, with Alembic. Apart, because a command seldom finds any to run and this
takes longer to load than most commands to be done."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from db.migrate import MIGRATIONS


def config_for(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without a file: the migrations stand beside this module."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def run_missing(connection: Connection) -> None:
    """Run what is missing up to the newest; nothing when all is there."""
    command.upgrade(config_for(connection), "head")
