"""One row of a file of contacts, read strictly, with every fault of it named."""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from contacts.csv_file import Record, RowError, fault_of
from contacts.import_place import PlaceReader, State, read_state
from contacts.merging import ImportRow, Profile
from contacts.model import Relation, Topic
from contacts.phones import country_of_phone, normalise, zone_of_phone
from contacts.places import Origin
from kit.channels import Channel, Endpoint
from locales.languages import find_language
from locales.text import _

COLUMNS = (
    "phone",
    "telegram_id",
    "language",
    "origin",
    "country",
    "state",
    "relation",
    "topics",
    "consented_at",
    "consent_source",
)

_LIMITS = dict.fromkeys(COLUMNS, 100) | {"phone": 40, "telegram_id": 20, "consent_source": 200}
# Bots cannot write to groups, whose ids are negative; Telegram uses at most 52 bits.
_TELEGRAM_ID = re.compile(r"[1-9]\d{0,15}", re.ASCII)
_LARGEST_TELEGRAM_ID = 2**52
# What a spreadsheet makes of a long number; its last digits are lost.
_SCIENTIFIC = re.compile(r"\d([.,]\d+)?e\+?\d+", re.ASCII | re.IGNORECASE)
_FIRST_YEAR = 2000

Value = TypeVar("Value")


class _FaultError(Exception):
    """A cell cannot be used; holds the catalogue key that says why, and nothing of the cell."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def parse_row(record: Record, places: PlaceReader, now: datetime) -> ImportRow | list[RowError]:
    """The contact in a row, or everything that is wrong with it.

    A row needs a phone or a Telegram id, and a consent: when it was given, and where it is kept.
    A date without a time is its first instant, a time without a zone is UTC. All else may be
    empty; without topics the contact agreed to none.
    """
    row = _Row(record)
    country = row.read("country", lambda cell: _country(cell, places))
    state = row.read("state", lambda cell: _state(cell, country))
    phone = row.read("phone", lambda cell: _phone(cell, country))
    telegram_id = row.read("telegram_id", _telegram_id)
    if not record.cells["phone"] and not record.cells["telegram_id"]:
        row.fault("phone", _("import.nobody"))
    origin = row.read("origin", lambda cell: _origin(cell, places))
    language = row.read("language", _language)
    relation = row.read("relation", _relation)
    topics = row.read("topics", _topics)
    consented_at = row.read("consented_at", lambda cell: _consented_at(cell, now))
    consent_source = row.read("consent_source", str)
    for column in ("consented_at", "consent_source"):
        if not record.cells[column]:
            row.fault(column, _("import.consent_needed"))
    if row.errors or consented_at is None or consent_source is None:
        return sorted(row.errors, key=lambda error: COLUMNS.index(error.column))
    found = ((Channel.SMS, phone), (Channel.TELEGRAM, telegram_id))
    region = None if origin is None or origin.region is None else str(origin.region)
    profile = Profile(
        language=language,
        origin_clave=None if origin is None else origin.clave,
        origin_region=region,
        country=country,
        state=None if state is None else state[0],
        zone=_zone(phone, country, state, places),
        relation=relation,
    )
    return ImportRow(
        line=record.line,
        endpoints=tuple(Endpoint(channel, value) for channel, value in found if value),
        profile=profile,
        topics=topics or frozenset(),
        consented_at=consented_at,
        consent_source=consent_source,
    )


class _Row:
    """The cells of a row, and what was found wrong with them."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self.errors: list[RowError] = []

    def fault(self, column: str, key: str) -> None:
        self.errors.append(RowError(self._record.line, column, key))

    def read(self, column: str, reader: Callable[[str], Value]) -> Value | None:
        """What a cell says; None when it is empty or faulty."""
        cell = self._record.cells[column]
        if not cell:
            return None
        if column == "phone":
            # Copied out of a chat, it often has invisible marks around it.
            cell = "".join(sign for sign in cell if unicodedata.category(sign) != "Cf")
        number = column in ("phone", "telegram_id")
        fault = fault_of(cell, _LIMITS[column], may_start_as_formula=number)
        if fault is not None:
            self.fault(column, fault)
            return None
        try:
            return reader(cell)
        except _FaultError as found:
            self.fault(column, found.key)
            return None


def _phone(cell: str, country: str | None) -> str:
    if _SCIENTIFIC.fullmatch(cell):
        raise _FaultError(_("import.phone_scientific"))
    phone = normalise(cell, country or "MX")
    if phone is None:
        raise _FaultError(_("import.phone_wrong"))
    return phone


def _telegram_id(cell: str) -> str:
    if not _TELEGRAM_ID.fullmatch(cell) or int(cell) > _LARGEST_TELEGRAM_ID:
        raise _FaultError(_("import.telegram_id_wrong"))
    return cell


def _language(cell: str) -> str:
    found = find_language(cell)
    if len(found) != 1:
        raise _FaultError(_("import.language_ambiguous") if found else _("import.language_unknown"))
    return found[0].code


def _origin(cell: str, places: PlaceReader) -> Origin:
    found = places.origins(cell)
    if len(found) != 1:
        raise _FaultError(_("import.origin_ambiguous") if found else _("import.origin_unknown"))
    return found[0]


def _country(cell: str, places: PlaceReader) -> str:
    country = places.country(cell)
    if country is None:
        raise _FaultError(_("import.country_wrong"))
    return country


def _state(cell: str, country: str | None) -> State:
    if country is None:
        raise _FaultError(_("import.state_alone"))
    state = read_state(cell, country)
    if state is None:
        raise _FaultError(_("import.state_wrong"))
    return state


def _relation(cell: str) -> Relation:
    try:
        return Relation(cell.lower())
    except ValueError:
        raise _FaultError(_("import.relation_wrong")) from None


def _topics(cell: str) -> frozenset[Topic]:
    try:
        return frozenset(Topic(part.strip().lower()) for part in cell.split(";") if part.strip())
    except ValueError:
        raise _FaultError(_("import.topic_wrong")) from None


def _consented_at(cell: str, now: datetime) -> datetime:
    try:
        at = datetime.fromisoformat(cell)
    except ValueError:
        raise _FaultError(_("import.date_wrong")) from None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    # Years first: near the ends of the calendar an offset cannot be taken off.
    if at.year < _FIRST_YEAR:
        raise _FaultError(_("import.date_too_old"))
    if at.year > now.year + 1 or at > now:
        raise _FaultError(_("import.date_future"))
    return at.astimezone(UTC)


def _zone(
    phone: str | None, country: str | None, state: State | None, places: PlaceReader
) -> str | None:
    """By the state, else by the phone if it is of that country, else by the country."""
    if state is not None and state[1] is not None:
        return state[1]
    by_phone = zone_of_phone(phone) if phone else None
    by_country = None if country is None else places.zone(country)
    if phone and country in (None, country_of_phone(phone)):
        return by_phone or by_country
    return by_country or by_phone
