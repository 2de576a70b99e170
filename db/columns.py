"""Column types: sealed text, blind indexes and instants in UTC.

The sealer stands with the dialect of an engine, so that no key lives in a global and two
databases with different keys can be open at once.
"""

from datetime import UTC, datetime
from weakref import WeakKeyDictionary

from sqlalchemy import DateTime, LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from kit.crypto import Sealer

_sealers: WeakKeyDictionary[Dialect, Sealer] = WeakKeyDictionary()


def use_sealer(dialect: Dialect, sealer: Sealer) -> None:
    """Let the columns of every statement on `dialect` seal and open with `sealer`."""
    _sealers[dialect] = sealer


def sealer_of(dialect: Dialect) -> Sealer:
    """The sealer given to `use_sealer`."""
    return _sealers[dialect]


class Sealed(TypeDecorator[str]):
    """Text that is encrypted at rest. Columns of one purpose may be copied to each other."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else _sealers[dialect].seal(value, self.purpose)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        return None if value is None else _sealers[dialect].open(value, self.purpose)


class Blind(TypeDecorator[str]):
    """A fingerprint to look up a sealed value by: takes the value, gives back only its print."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else _sealers[dialect].blind(value, self.purpose)


class Instant(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC on both databases."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime]:
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a time zone")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)
