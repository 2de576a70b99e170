"""Who gets a campaign, by which address and in which language: the rows of its ledger.

The same selection is counted by a preview and written by the freezing, so that they agree.
"""

from collections.abc import Collection, Sequence
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
    null,
    or_,
    select,
)

from campaigns.selection import AddressId, Condition, living_address, open_address
from contacts.store import contact
from db.columns import Instant
from db.session import Session
from delivery.model import Lane, Skip, State
from delivery.store import message
from kit.channels import Channel
from locales.languages import FALLBACK, fallback_chain, language_codes


@dataclass(frozen=True, slots=True)
class Batch:
    """Contacts with an id after `after` and up to `through`."""

    after: int
    through: int


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the rows of a run have in common. `stale` rows are written, but will not leave."""

    run_id: int
    chosen: Condition
    channels: Sequence[Channel]
    languages: Collection[str]
    due_at: datetime
    stale: bool = False


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
    people = recipients(
        and_(ledger.chosen, contact.c.id > batch.after, contact.c.id <= batch.through),
        ledger.channels,
        ledger.languages,
    )
    reason = (
        func.coalesce(people.c.excluded, literal(Skip.STALE, String))
        if ledger.stale
        else people.c.excluded
    )
    leaves = reason.is_(None)
    values: dict[str, ColumnElement[object]] = {
        "lane": literal(Lane.BULK, String),
        "channel": people.c.channel,
        "state": case((leaves, literal(State.PENDING, String)), else_=State.SKIPPED),
        "reason": reason,
        "run_id": literal(ledger.run_id, message.c.run_id.type),
        "contact_id": people.c.contact_id,
        "address_id": people.c.address_id,
        "position": literal(0, Integer),
        "language": people.c.language,
        "created_at": literal(now, Instant),
        "due_at": literal(ledger.due_at, Instant),
        "attempts": literal(0, Integer),
        "settled_at": case((leaves, null()), else_=literal(now, Instant)),
    }
    # SQLite needs a WHERE here: it would read ON CONFLICT as the ON of a join.
    rows = select(*values.values()).where(people.c.contact_id > batch.after)
    written = await session.execute(
        session.insert(message).from_select(list(values), rows).on_conflict_do_nothing()
    )
    return written.rowcount


def recipients(chosen: Condition, channels: Sequence[Channel], languages: Collection[str]) -> CTE:
    """The chosen contacts: `contact_id`, `channel`, `address_id`, `language`, `excluded`.

    The channel is the first, in the campaign's order, on which the contact has an address that
    lives and has not opted out. When none has, `excluded` says why: all of them opted out, or
    there is none.
    """
    picked = (
        select(
            contact.c.id.label("contact_id"),
            contact.c.language.label("spoken"),
            *(open_address(channel).label(f"on_{channel}") for channel in channels),
        )
        .where(chosen)
        .cte("picked")
        # Else SQLite looks every address up once for each mention of it below.
        .prefix_with("MATERIALIZED")
    )
    on = {channel: picked.c[f"on_{channel}"] for channel in channels}
    living = living_address(channels, picked.c.contact_id)
    return (
        select(
            picked.c.contact_id,
            case(
                *((found.is_not(None), literal(channel, String)) for channel, found in on.items()),
                else_=literal(channels[0], String),
            ).label("channel"),
            _first(list(on.values())).label("address_id"),
            _language(picked.c.spoken, languages).label("language"),
            case(
                (or_(*(found.is_not(None) for found in on.values())), null()),
                (living.is_not(None), literal(Skip.OPTED_OUT, String)),
                else_=literal(Skip.NO_ADDRESS, String),
            ).label("excluded"),
        )
    ).cte("recipients")


async def tally(session: Session, people: CTE) -> list[tuple[Channel, str, Skip | None, int]]:
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
