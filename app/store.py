"""The database that the settings name. Apart from the wiring, so that commands start quickly."""

from app.settings import ROOT, Settings
from db.engine import async_url, open_database
from db.migrate import upgrade
from db.session import Database
from kit.crypto import Keyring, Sealer, parse_field_keys


def sealer_of(settings: Settings) -> Sealer:
    """The keys that these settings hold."""
    return Keyring(parse_field_keys(settings.field_keys), settings.secret_key)


async def open_store(settings: Settings) -> Database:
    """The database of these settings, at the newest schema."""
    database = open_database(async_url(settings.database_url, ROOT), sealer_of(settings))
    await upgrade(database)
    return database


async def make_job_tables(settings: Settings) -> None:
    """Make the tables of the separate processes' jobs; nothing on SQLite, which has none."""
    # Here, because PgQueuer takes a while to load and few commands need it.
    from engine.link import Link
    from engine.pg_tables import install

    url = async_url(settings.database_url, ROOT)
    if url.get_backend_name() != "postgresql":
        return
    link = Link(url)
    await link.open()
    try:
        await install(link)
    finally:
        await link.close()
