"""The one metadata that every `store.py` adds its tables to."""

from sqlalchemy import BigInteger, Integer, MetaData

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite gives rising ids only to INTEGER primary keys; PostgreSQL needs the larger type.
Id = BigInteger().with_variant(Integer(), "sqlite")
