"""Who gets a campaign, by which address and in which language: the rows of its ledger.

The same selection is counted by a preview and written by the freezing, so that they agree.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    case,
    func,
    literal,
    not_,
    null,
    or_,
    select,
    true,
)

from campaigns.audience.selection import AddressId, Condition, living_address, open_address
from campaigns.schedule.dues import SPREAD, Dues
from contacts.model import DEFAULT_ZONE
from contacts.store import address, contact
from db.columns import Instant
from db.session import Session
from delivery import tally
from delivery.model import Lane, Skip, State
from delivery.senders import endpoint_sender
from delivery.store import message
from kit.channels import Channel
from locales.languages import FALLBACK, fallback_chain, language_codes

SHARES = 1000


@dataclass(frozen=True, slots=True)
class Batch:
    """Contacts with an id after `after` and up to `through`."""

    after: int
    through: int


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the rows of a run have in common. `stale` rows are written, but will not leave; so are
    those of people in `missed_zones`.

    `agreed` says who gave consent to the topic: the others of those `chosen` get nothing, and a row
    that says why; so do those who are `full`. `senders` are name and rate of those of each channel.
    """

    run_id: int
    chosen: Condition
    agreed: Condition
    channels: Sequence[Channel]
    senders: Mapping[Channel, Sequence[tuple[str, float]]]
    languages: Collection[str]
    dues: Dues
    stale: bool = False
    missed_zones: Collection[str] = ()
    full: Condition | None = None


async def next_batch(session: Session, after: int, limit: int) -> Batch | None:
    """The next contacts by id, whether chosen or not; None when there are no more."""
    ids = select(contact.c.id).where(contact.c.id > after).order_by(contact.c.id).limit(limit)
    through = await session.scalar(select(func.max(ids.subquery().c.id)))
    return None if through is None else Batch(after, int(through))


async def write(session: Session, ledger: Ledger, batch: Batch, now: datetime) -> int:
    """One row for each chosen contact of a batch; gives how many rows are new.

    Somebody whom no channel reaches gets a row too, `skipped` with the reason. A row that is
    there already stays as it is.
    """
    here = and_(ledger.chosen, contact.c.id > batch.after, contact.c.id <= batch.through)
    people = recipients(here, ledger.agreed, ledger.channels, ledger.languages, full=ledger.full)
    late = true() if ledger.stale else people.c.zone.in_(ledger.missed_zones)
    reason = (
        func.coalesce(people.c.excluded, case((late, literal(Skip.STALE, String))))
        if ledger.stale or ledger.missed_zones
        else people.c.excluded
    )
    leaves = reason.is_(None)
    values: dict[str, ColumnElement[object]] = {
        "lane": literal(Lane.BULK, String),
        "channel": people.c.channel,
        "sender": _sender(people, ledger),
        "state": case((leaves, literal(State.PENDING, String)), else_=State.SKIPPED),
        "reason": reason,
        "run_id": literal(ledger.run_id, message.c.run_id.type),
        "contact_id": people.c.contact_id,
        "address_id": people.c.address_id,
        "position": literal(0, Integer),
        "language": people.c.language,
        "created_at": literal(now, Instant),
        "due_at": ledger.dues.column(people.c.zone, people.c.contact_id),
        "attempts": literal(0, Integer),
        "killed": literal(0, Integer),
        "settled_at": case((leaves, null()), else_=literal(now, Instant)),
    }
    # SQLite needs a WHERE here: it would read ON CONFLICT as the ON of a join.
    rows = select(*values.values()).where(people.c.contact_id > batch.after)
    inserted = session.insert(message).from_select(list(values), rows).on_conflict_do_nothing()
    # What was inserted, not what stands there now: rows that are there already may be moving.
    written = await session.all(inserted.returning(message.c.state))
    await tally.add(session, ledger.run_id, Counter(State(row["state"]) for row in written))
    await _keep_senders(session, ledger, batch)
    return len(written)


def _sender(people: CTE, ledger: Ledger) -> ColumnElement[object]:
    """From which sender each of the people is written to: the one that wrote to them before, else
    one by the address, so that the senders of a channel share the load by their rates."""
    chosen: dict[str, ColumnElement[str]] = {}
    for channel in ledger.channels:
        found = ledger.senders.get(channel, ())
        if len(found) < 2:
            chosen[channel] = literal(found[0][0] if found else channel.value, String)
            continue
        known = (
            select(endpoint_sender.c.sender)
            .join(address, address.c.endpoint_index == endpoint_sender.c.endpoint_index)
            .where(address.c.id == people.c.address_id, endpoint_sender.c.channel == channel)
            .correlate(people)
            .scalar_subquery()
        )
        chosen[channel] = func.coalesce(known, _shared(people.c.address_id, found))
    return case(chosen, value=people.c.channel, else_=people.c.channel)


def _shared(
    address_id: ColumnElement[int], found: Sequence[tuple[str, float]]
) -> ColumnElement[str]:
    """One of several senders, each as often as its rate is of them all."""
    whole, upto, parts = sum(rate for _, rate in found), 0.0, []
    # Neighbouring ids come from one import; a prime spreads them.
    place = (address_id * SPREAD) % SHARES
    for name, rate in found:
        upto += rate
        parts.append((place < round(SHARES * upto / whole), literal(name, String)))
    return case(*parts, else_=literal(found[-1][0], String))


async def _keep_senders(session: Session, ledger: Ledger, batch: Batch) -> None:
    """Whoever is written to from one of several senders is so from now on."""
    several = [channel for channel, found in ledger.senders.items() if len(found) > 1]
    if not several:
        return
    rows = (
        select(message.c.channel, address.c.endpoint_index, message.c.sender)
        .join(address, address.c.id == message.c.address_id)
        .where(
            message.c.run_id == ledger.run_id,
            message.c.contact_id > batch.after,
            message.c.contact_id <= batch.through,
            message.c.channel.in_(several),
        )
    )
    columns = ["channel", "endpoint_index", "sender"]
    await session.execute(
        session.insert(endpoint_sender).from_select(columns, rows).on_conflict_do_nothing()
    )


def recipients(
    chosen: Condition,
    agreed: Condition,
    channels: Sequence[Channel],
    languages: Collection[str],
    *,
    full: Condition | None = None,
) -> CTE:
    """The chosen contacts: `contact_id`, `channel`, `address_id`, `language`, `zone`, `excluded`.

    The channel is the first, in the campaign's order, on which the contact has an address that
    lives and has not opted out. `excluded` says why somebody gets nothing: no consent to the
    topic, too many campaigns lately (`full`), all addresses opted out, or there is none.
    """
    picked = (
        select(
            contact.c.id.label("contact_id"),
            contact.c.language.label("spoken"),
            func.coalesce(contact.c.zone, literal(DEFAULT_ZONE, String)).label("zone"),
            agreed.label("agreed"),
            *(() if full is None else (full.label("full"),)),
            *(open_address(channel).label(f"on_{channel}") for channel in channels),
        )
        .where(chosen)
        .cte("picked")
        # Else SQLite looks every address up once for each mention of it below.
        .prefix_with("MATERIALIZED")
    )
    on = {channel: picked.c[f"on_{channel}"] for channel in channels}
    living = living_address(channels, picked.c.contact_id)
    reached = or_(*(found.is_not(None) for found in on.values()))
    return (
        select(
            picked.c.contact_id,
            case(
                *((found.is_not(None), literal(channel, String)) for channel, found in on.items()),
                else_=literal(channels[0], String),
            ).label("channel"),
            _first(list(on.values())).label("address_id"),
            _language(picked.c.spoken, languages).label("language"),
            picked.c.zone,
            case(
                (not_(picked.c.agreed), literal(Skip.NO_CONSENT, String)),
                *(
                    ()
                    if full is None
                    else ((and_(reached, picked.c.full), literal(Skip.FULL, String)),)
                ),
                (reached, null()),
                (living.is_not(None), literal(Skip.OPTED_OUT, String)),
                else_=literal(Skip.NO_ADDRESS, String),
            ).label("excluded"),
        )
    ).cte("recipients")


def got_many(recent: Collection[int], most: int, batch: Batch) -> Condition | None:
    """Who of a batch was written to by `most` or more of the `recent` runs; None when nobody can
    have been.

    By the unique index over run and contact, once for each run: what leaves every hour has 168 of
    them in a week, and to look each person up in each takes ten times as long.
    """
    if len(recent) < most:
        return None
    got = (
        select(message.c.contact_id)
        .where(
            message.c.run_id.in_(recent),
            message.c.contact_id > batch.after,
            message.c.contact_id <= batch.through,
            message.c.state.not_in((State.SKIPPED, State.FAILED)),
        )
        .group_by(message.c.contact_id)
        .having(func.count() >= most)
    )
    return contact.c.id.in_(got)


async def reach(session: Session, people: CTE) -> list[tuple[Channel, str, Skip | None, int]]:
    """How many recipients there are for each channel, language and reason of exclusion."""
    groups = (people.c.channel, people.c.language, people.c.excluded)
    counted: Select[tuple[str, str, str | None, int]] = select(
        *groups, func.count().label("rows")
    ).group_by(*groups)
    return [
        (
            Channel(row["channel"]),
            row["language"],
            None if row["excluded"] is None else Skip(row["excluded"]),
            int(row["rows"]),
        )
        for row in await session.all(counted)
    ]


def _first(found: Sequence[AddressId]) -> AddressId:
    return func.coalesce(*found) if len(found) > 1 else found[0]


def _language(spoken: ColumnElement[str], languages: Collection[str]) -> ColumnElement[str]:
    """The language of the content for one who speaks `spoken`: the first of its chain."""
    written = {code: nearest(code, languages) for code in language_codes()}
    others = {code: found for code, found in written.items() if found != FALLBACK}
    if not others:
        return literal(FALLBACK, String)
    return case(others, value=spoken, else_=literal(FALLBACK, String))


def nearest(language: str, languages: Collection[str]) -> str:
    """The language to write in to one who speaks `language`, out of those with a wording."""
    return next((code for code in fallback_chain(language) if code in languages), FALLBACK)
