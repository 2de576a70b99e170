"""An audience as a condition over the tables of contacts.

A term holds of the people of whom it is known to hold. So a value that is missing never matches,
and `not state:CA` takes those whose state nobody knows: what was asked for is everybody in the
country who is not known to be in California, and whoever has told us nothing must not fall out of
every list. To leave them out, name what must be known: `state:OR or state:WA`. In SQL every term
is therefore true or false and never NULL, which `NOT` would keep.

What hangs on another table is looked up by scalar subqueries. PostgreSQL is free to turn EXISTS
into a join over the whole table, and did so while a fresh import had no statistics yet: 64 s for a
batch of 5,000 contacts instead of 0.1 s. It never does so with a scalar.

Whoever goes through people batch by batch says so: who received a campaign is then looked up once
for the batch, by a step of the index for each run. For each person it is a step for each run: with
the 8,760 runs of an hourly campaign that took ten seconds for 1,000 people, and takes some 50 ms.

A saved audience is looked up before, by `campaigns.audience.audiences.expanded`.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, func, not_, or_, select

from campaigns.audience.fields import Field, joined_between
from campaigns.audience.language import And, Expression, Not, Or, Saved, Term
from contacts.model import Topic
from contacts.store import address, contact, opt_out, subscription
from contacts.tags import contact_tag
from delivery.model import State
from delivery.runs import run
from delivery.store import message
from kit.channels import Channel
from locales.languages import language_codes, language_of

Condition = ColumnElement[bool]
AddressId = ColumnElement[int | None]
Ids = tuple[int, int]

_COLUMNS: dict[Field, ColumnElement[str | None]] = {
    Field.REGION: contact.c.origin_region,
    Field.COUNTRY: contact.c.country,
    Field.STATE: contact.c.state,
    Field.RELATION: contact.c.relation,
}


GOT = (State.SENT, State.DELIVERED)
"""States of a row of which we know that its person got it, or that the provider took it."""


def condition(expression: Expression, among: Ids | None = None) -> Condition:
    """Which rows of `contact` an expression without saved audiences selects.

    `among`: it is asked of no others than those after the first id and up to the second. That they
    are no others, the statement says itself.
    """
    match expression:
        case And(parts):
            return and_(*(condition(part, among) for part in parts))
        case Or(parts):
            return or_(*(condition(part, among) for part in parts))
        case Not(part):
            return not_(condition(part, among))
        case Term(field, value):
            return _term(field, value, among)
        case Saved():
            raise ValueError("a saved audience that nobody has looked up")


def subscribed(topic: Topic) -> Condition:
    """Whether a contact agreed to receive a topic."""
    return (
        select(subscription.c.topic)
        .where(subscription.c.contact_id == contact.c.id, subscription.c.topic == topic)
        .scalar_subquery()
        .is_not(None)
    )


def living_address(channels: Sequence[Channel], contact_id: ColumnElement[int]) -> AddressId:
    """The oldest address of a contact that is not dead on any of some channels, or NULL."""
    return (
        select(func.min(address.c.id))
        .where(
            address.c.contact_id == contact_id,
            address.c.channel.in_(channels),
            address.c.dead.is_(False),
        )
        .scalar_subquery()
    )


def open_address(channel: Channel) -> AddressId:
    """The oldest address of a contact on a channel that lives and has not opted out, or NULL."""
    stopped = (
        select(opt_out.c.channel)
        .where(
            opt_out.c.channel == address.c.channel,
            opt_out.c.endpoint_index == address.c.endpoint_index,
        )
        .scalar_subquery()
    )
    return (
        select(func.min(address.c.id))
        .where(
            address.c.contact_id == contact.c.id,
            address.c.channel == channel,
            address.c.dead.is_(False),
            stopped.is_(None),
        )
        .scalar_subquery()
    )


def _term(field: Field, value: str, among: Ids | None) -> Condition:
    match field:
        case Field.TOPIC:
            return subscribed(Topic(value))
        case Field.CHANNEL:
            return open_address(Channel(value)).is_not(None)
        case Field.ORIGIN:
            return and_(contact.c.origin_clave.is_not(None), contact.c.origin_clave == int(value))
        case Field.LANGUAGE:
            return contact.c.language.in_(_spoken_as(value))
        case Field.JOINED:
            return _joined(value)
        case Field.TAG:
            return _tagged(value)
        case Field.RECEIVED:
            return _received(int(value), among)
        case _:
            column = _COLUMNS[field]
            return and_(column.is_not(None), column == value)


def _joined(value: str) -> Condition:
    begins, ends = joined_between(value)
    after = () if begins is None else (contact.c.joined_at >= begins,)
    before = () if ends is None else (contact.c.joined_at < ends,)
    return and_(*after, *before)


def _tagged(tag: str) -> Condition:
    return (
        select(contact_tag.c.tag)
        .where(contact_tag.c.contact_id == contact.c.id, contact_tag.c.tag == tag)
        .scalar_subquery()
        .is_not(None)
    )


def _received(campaign_id: int, among: Ids | None) -> Condition:
    """By the unique index over run and contact, once for each run of the campaign: for all those
    `among` whom it is asked, else for each person.

    Counted, for PostgreSQL would look for the least id of several along the whole primary key.
    """
    got = (
        message.c.run_id.in_(select(run.c.id).where(run.c.campaign_id == campaign_id)),
        message.c.state.in_(GOT),
    )
    if among is not None:
        after, through = among
        here = (message.c.contact_id > after, message.c.contact_id <= through)
        return contact.c.id.in_(select(message.c.contact_id).where(*got, *here))
    rows = select(func.count()).select_from(message).where(*got)
    return rows.where(message.c.contact_id == contact.c.id).scalar_subquery() > 0


def _spoken_as(language: str) -> list[str]:
    """A language and, when it is a family, each of its variants."""
    known = (language_of(code) for code in language_codes())
    return [one.code for one in known if one is not None and language in (one.code, one.family)]
