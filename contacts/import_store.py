"""Bulk queries of an import: a few statements for a batch, whatever its size."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    Table,
    and_,
    bindparam,
    func,
    or_,
    select,
    text,
    type_coerce,
    update,
)

from contacts.merging import ImportRow, Known, Profile
from contacts.model import Relation, Topic
from contacts.phones import zone_of_phone
from contacts.rights.store import corrected_at
from contacts.store import address, consent, contact, opt_out, phone_country, subscription
from db.session import Session
from kit.channels import WRITTEN, Channel, Endpoint

IMPORTED = "import"
"""Source of a consent that came in a file."""

_EVER_GIVEN = text("SELECT seq FROM sqlite_sequence WHERE name = :name")

NOTICE_ELSEWHERE = "elsewhere"
"""Version of the notice behind it: not ours, but the form that the words name."""

DEFAULT_LANGUAGE = "es"
_FIELDS = tuple(Profile.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody after the rows of a batch: what to write of them."""

    before: Known
    after: Known
    endpoints: tuple[Endpoint, ...]
    """New ones only."""
    rows: Sequence[ImportRow] = field(repr=False)

    @property
    def profile(self) -> Profile:
        """What is known of them now. Where no place is, a new phone tells the zone."""
        found = self.after.profile
        if found.zone is not None or found.country is not None:
            return found
        phones = (one.value for one in self.endpoints if one.channel is Channel.SMS)
        return replace(found, zone=next(filter(None, map(zone_of_phone, phones)), None))


async def newest_id(session: Session) -> int:
    """The highest id of a contact; whoever comes later has a higher one."""
    return int(await session.scalar(select(func.max(contact.c.id))) or 0)


def fingerprints(session: Session, endpoints: Iterable[Endpoint]) -> dict[Endpoint, bytes]:
    """What the database knows endpoints by. Made once for a batch."""
    return {one: session.blind(one.value, "endpoint") for one in endpoints}


async def owners(session: Session, prints: Mapping[Endpoint, bytes]) -> dict[Endpoint, int]:
    """Contacts whom these endpoints reach."""
    query = select(address.c.channel, address.c.endpoint_index, address.c.contact_id)
    rows = await session.all(query.where(_among(address, prints)))
    found = {(row["channel"], row["endpoint_index"]): row["contact_id"] for row in rows}
    return {
        one: found[one.channel, print_]
        for one, print_ in prints.items()
        if (one.channel, print_) in found
    }


@dataclass(frozen=True, slots=True)
class No:
    """When an endpoint said no to campaigns, and whether its person asked to be forgotten."""

    at: datetime
    erased: bool


async def nos(session: Session, prints: Mapping[Endpoint, bytes]) -> dict[Endpoint, No]:
    """Endpoints that have said no, also those of nobody whom we know."""
    columns = (opt_out.c.channel, opt_out.c.endpoint_index, opt_out.c.at, opt_out.c.source)
    rows = await session.all(select(*columns).where(_among(opt_out, prints)))
    found = {
        (row["channel"], row["endpoint_index"]): No(row["at"], row["source"] == "erased")
        for row in rows
    }
    return {
        one: found[one.channel, print_]
        for one, print_ in prints.items()
        if (one.channel, print_) in found
    }


def _among(table: Table, prints: Mapping[Endpoint, bytes]) -> ColumnElement[bool]:
    """Each channel with its own list: the indexes begin with the channel, and without it every
    batch would read the whole table."""
    stored = type_coerce(table.c.endpoint_index, LargeBinary)
    return or_(
        *(
            and_(
                table.c.channel == channel,
                stored.in_([print_ for one, print_ in prints.items() if one.channel is channel]),
            )
            for channel in WRITTEN
        )
    )


async def known(session: Session, ids: Collection[int], newest: int) -> dict[int, Known]:
    """What is held of some contacts; those with an id above `newest` came during this import.

    Nobody else changes them before the unit is over: what is written over them was read here.
    """
    if not ids:
        return {}
    if not session.is_sqlite:
        some = select(contact.c.id).where(contact.c.id.in_(ids)).order_by(contact.c.id)
        await session.execute(some.with_for_update(key_share=True))
    topics: dict[int, set[Topic]] = {contact_id: set() for contact_id in ids}
    for row in await session.all(select(subscription).where(subscription.c.contact_id.in_(ids))):
        topics[row["contact_id"]].add(Topic(row["topic"]))
    words: dict[int, list[tuple[datetime, bool, str]]] = {contact_id: [] for contact_id in ids}
    for row in await session.all(
        select(consent.c.contact_id, consent.c.at, consent.c.given, consent.c.source).where(
            consent.c.contact_id.in_(ids)
        )
    ):
        words[row["contact_id"]].append((row["at"], row["given"], row["source"]))
    # A no need not be a consent that was taken back: a case brings one, and a provider.
    refused = await session.all(
        select(address.c.contact_id, func.max(opt_out.c.at).label("at"))
        .join(
            opt_out,
            and_(
                opt_out.c.channel == address.c.channel,
                opt_out.c.endpoint_index == address.c.endpoint_index,
            ),
        )
        .where(address.c.contact_id.in_(ids))
        .group_by(address.c.contact_id)
    )
    for row in refused:
        words[row["contact_id"]].append((row["at"], False, ""))
    # What was corrected at a person's wish is a word of theirs, too.
    corrected = await corrected_at(session, ids)
    people = await session.all(select(contact).where(contact.c.id.in_(ids)))
    return {
        row["id"]: _known(
            Profile(
                **{name: row[name] for name in _FIELDS if name != "relation"},
                relation=Relation(row["relation"]) if row["relation"] else None,
            ),
            topics[row["id"]],
            words[row["id"]],
            corrected.get(row["id"]),
            is_new=row["id"] > newest,
        )
        for row in people
    }


def _known(
    profile: Profile,
    topics: set[Topic],
    words: Iterable[tuple[datetime, bool, str]],
    corrected: datetime | None,
    *,
    is_new: bool,
) -> Known:
    own = max(((at, given) for at, given, source in words if source != IMPORTED), default=None)
    return Known(
        profile=profile,
        topics=frozenset(topics),
        imported=frozenset(at for at, _, source in words if source == IMPORTED),
        agreed_at=max((at for at, given, _ in words if given), default=None),
        spoke_at=max((at for at in (own and own[0], corrected) if at is not None), default=None),
        said_no=own is not None and not own[1],
        is_new=is_new,
    )


async def write(session: Session, people: Mapping[int, Person], now: datetime) -> None:
    """Write what changed; people with a negative number are made."""
    made = [number for number in people if number < 0]
    ids = {number: number for number in people if number > 0}
    ids |= zip(made, await _new_ids(session, len(made)), strict=True)
    created = [
        {
            **_columns(people[number].profile),
            "id": ids[number],
            "joined_at": now,
            "language": people[number].profile.language or DEFAULT_LANGUAGE,
        }
        for number in made
    ]
    await _change(session, {number: people[number] for number in people if number > 0})
    addresses: list[dict[str, object]] = []
    topics: list[dict[str, object]] = []
    consents: list[dict[str, object]] = []
    for number, person in people.items():
        contact_id = ids[number]
        for endpoint in person.endpoints:
            addresses.append(
                {
                    "contact_id": contact_id,
                    "channel": endpoint.channel,
                    "endpoint": endpoint.value,
                    "endpoint_index": endpoint.value,
                    "dead": False,
                    "country": phone_country(endpoint),
                }
            )
        for topic in sorted(person.after.topics - person.before.topics):
            topics.append({"contact_id": contact_id, "topic": topic})
        consents += _consents(contact_id, person)
    for table, rows in (
        (contact, created),
        (address, addresses),
        (subscription, topics),
        (consent, consents),
    ):
        if rows:
            await session.execute(table.insert(), rows)


async def _new_ids(session: Session, count: int) -> list[int]:
    """Ids for new contacts. INSERT … RETURNING would go to SQLite row by row."""
    if session.is_sqlite:
        # A unit that writes is alone: nobody else can take them. The number of somebody who was
        # erased is never given again: what hangs on it would be a stranger's.
        ever = await session.scalar(_EVER_GIVEN.bindparams(name=contact.name))
        first = max(await newest_id(session), ever or 0) + 1
        return list(range(first, first + count))
    sequence = func.pg_get_serial_sequence(contact.name, contact.c.id.name)
    taken = func.generate_series(1, count).table_valued("number")
    rows = await session.all(select(func.nextval(sequence).label("id")).select_from(taken))
    return [row["id"] for row in rows]


async def _change(session: Session, people: Mapping[int, Person]) -> None:
    rows = [
        {"changed": contact_id, **_columns(profile)}
        for contact_id, person in sorted(people.items())
        if (profile := person.profile) != person.before.profile
    ]
    if rows:
        await session.execute(update(contact).where(contact.c.id == bindparam("changed")), rows)


def _columns(profile: Profile) -> dict[str, object]:
    return {name: getattr(profile, name) for name in _FIELDS}


def _consents(contact_id: int, person: Person) -> list[dict[str, object]]:
    """Each consent once: a file that is imported again brings none."""
    first = {
        row.consented_at: row
        for row in reversed(person.rows)
        if row.consented_at not in person.before.imported
    }
    return [
        {
            "contact_id": contact_id,
            "version": NOTICE_ELSEWHERE,
            "given": True,
            "at": row.consented_at,
            "channel": row.endpoints[0].channel,
            # Sealed: people write the names of those who collected it.
            "words": row.consent_source,
            "source": IMPORTED,
        }
        for _, row in sorted(first.items())
    ]
