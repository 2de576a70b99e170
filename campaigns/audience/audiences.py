"""Audiences that staff keep under a name, and their use inside of others: `saved:mixteca-us`.

A reference stays a reference in what staff write, so that it follows the saved audience until a
run freezes it. `expanded` looks it up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Column, Index, RowMapping, String, Table, Text, delete, select

from campaigns import store
from campaigns.audience.fields import Field
from campaigns.audience.language import (
    MOST_DEPTH,
    And,
    AudienceError,
    Expression,
    Not,
    Or,
    Saved,
    Term,
    leaves,
    parse,
    written,
)
from campaigns.model import CampaignState
from campaigns.written.quoting import shown
from contacts.labels import LONGEST, read_label
from db.base import Id, metadata
from db.columns import Instant
from db.session import Session
from kit.errors import Invalid, NotFound, Refused
from locales.text import Phrase, _
from staff.model import Member, Right
from staff.store import log

OVER = (CampaignState.DONE, CampaignState.CANCELLED)

audience = Table(
    "audience",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(LONGEST), nullable=False),
    Column("expression", Text, nullable=False),
    Column("author_id", Id, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Index("uq_audience_name", "name", unique=True),
)


@dataclass(frozen=True, slots=True)
class SavedAudience:
    """An expression under a name. The author is who wrote what it says now."""

    id: int
    name: str
    expression: str
    author_id: int
    created_at: datetime
    changed_at: datetime


async def save(
    session: Session, name: str, text: str, author: Member, now: datetime
) -> SavedAudience:
    """Keep an expression under a name, in the place of what the name stood for until now.

    Raises Invalid for what cannot be a name, and AudienceError for an expression that cannot be
    used: also one that would contain itself.
    """
    _allowed(author)
    label = read_label(name)
    if label is None:
        raise Invalid(_("campaigns.audience.name_wrong"), most=LONGEST)
    await known(session, await expanded(session, parse(text), inside=(label,)))
    said = {"expression": text.strip(), "author_id": author.id, "changed_at": now}
    await session.execute(
        session.insert(audience)
        .values(name=label, created_at=now, **said)
        .on_conflict_do_update(index_elements=[audience.c.name], set_=said)
    )
    kept = await get(session, label)
    await log(session, author.id, "audiences.save", f"audience:{kept.id}", now)
    return kept


async def all_of(session: Session) -> tuple[SavedAudience, ...]:
    """Every saved audience, by name."""
    rows = await session.all(select(audience).order_by(audience.c.name))
    return tuple(_saved(row) for row in rows)


async def get(session: Session, name: str) -> SavedAudience:
    """A saved audience by its name; NotFound when there is none."""
    found = await _find(session, read_label(name) or "")
    if found is None:
        raise NotFound(_("campaigns.audience.no_such"), name=shown(name))
    return found


async def remove(session: Session, name: str, member: Member, now: datetime) -> None:
    """Forget a saved audience. Refused while another, or a campaign that is not over, names it."""
    _allowed(member)
    found = await get(session, name)
    others = (one.name for one in await all_of(session) if _names(one.expression, found.name))
    campaigns = await session.all(
        select(store.campaign.c.id, store.campaign.c.audience)
        .where(store.campaign.c.state.not_in(OVER))
        .order_by(store.campaign.c.id)
    )
    used = [*others, *(str(row["id"]) for row in campaigns if _names(row["audience"], found.name))]
    if used:
        raise Refused(_("campaigns.audience.in_use"), name=found.name, where=", ".join(used))
    await session.execute(delete(audience).where(audience.c.id == found.id))
    await log(session, member.id, "audiences.remove", f"audience:{found.id}", now)


async def expanded(
    session: Session, expression: Expression, *, inside: Sequence[str] = ()
) -> Expression:
    """The same with what each saved audience says in its place; `written` of it can be read again.

    Raises AudienceError at the place of the reference: no such name, a circle, one that cannot be
    read any more, or more in all than an expression may hold. `inside` are names that stand for
    the expression itself.
    """
    return await _Expansion(session).of(expression, tuple(inside))


async def known(session: Session, expression: Expression) -> None:
    """Refuse `received` of a campaign that does not exist: AudienceError at its place."""
    asked = [
        (int(term.value), term.position)
        for term in leaves(expression)
        if isinstance(term, Term) and term.field is Field.RECEIVED
    ]
    if not asked:
        return
    column = store.campaign.c.id
    rows = await session.all(select(column).where(column.in_([number for number, _at in asked])))
    there = {row["id"] for row in rows}
    for number, position in asked:
        if number not in there:
            reason = Phrase(_("campaigns.audience.unknown_campaign"), {"id": number})
            raise AudienceError(position, reason)


class _Expansion:
    """Puts saved audiences in the place of their names, each looked up once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._found: dict[str, Expression] = {}

    async def of(self, expression: Expression, inside: tuple[str, ...]) -> Expression:
        """`inside` are the names that led here."""
        references = [one for one in leaves(expression) if isinstance(one, Saved)]
        if not references:
            return expression
        for one in references:
            if one.name not in self._found:
                self._found[one.name] = await self._looked_up(one, inside)
        whole = _put_in(expression, self._found)
        try:
            # What the parser bounds is bounded here, too: it must be able to read it from a run.
            parse(written(whole))
        except AudienceError as error:
            reason = Phrase(_("campaigns.audience.saved_too_much"), {"reason": error.reason})
            raise AudienceError(references[0].position, reason) from None
        return whole

    async def _looked_up(self, reference: Saved, inside: tuple[str, ...]) -> Expression:
        name, position = reference.name, reference.position
        if name in inside or len(inside) >= MOST_DEPTH:
            circle = Phrase(_("campaigns.audience.circle"), {"name": name})
            raise AudienceError(position, circle)
        saved = await _find(self._session, name)
        if saved is None:
            raise AudienceError(
                position, Phrase(_("campaigns.audience.unknown_saved"), {"name": name})
            )
        try:
            said = parse(saved.expression)
        except AudienceError as error:
            params = {"name": name, "reason": error.reason}
            reason = Phrase(_("campaigns.audience.saved_unreadable"), params)
            raise AudienceError(position, reason) from None
        try:
            return await self.of(said, (*inside, name))
        except AudienceError as error:
            # Where somebody will look: at the reference, and not inside of what it names.
            raise AudienceError(position, error.reason) from None


def _put_in(expression: Expression, found: Mapping[str, Expression]) -> Expression:
    match expression:
        case Term():
            return expression
        case Saved(name, position):
            return _placed(found[name], position)
        case Not(part):
            return Not(_put_in(part, found))
        case And(parts):
            return And(tuple(_put_in(part, found) for part in parts))
        case Or(parts):
            return Or(tuple(_put_in(part, found) for part in parts))


def _placed(expression: Expression, position: int) -> Expression:
    """The same as if all of it had been written at one place."""
    match expression:
        case Term() | Saved():
            return replace(expression, position=position)
        case Not(part):
            return Not(_placed(part, position))
        case And(parts):
            return And(tuple(_placed(part, position) for part in parts))
        case Or(parts):
            return Or(tuple(_placed(part, position) for part in parts))


async def _find(session: Session, name: str) -> SavedAudience | None:
    row = await session.first(select(audience).where(audience.c.name == name))
    return None if row is None else _saved(row)


def _saved(row: RowMapping) -> SavedAudience:
    return SavedAudience(**row)


def _names(text: str, name: str) -> bool:
    """Whether an expression refers to a saved audience."""
    try:
        return any(isinstance(one, Saved) and one.name == name for one in leaves(parse(text)))
    except AudienceError:
        return False


def _allowed(member: Member) -> None:
    if not member.may(Right.WRITE_CAMPAIGNS):
        raise Refused(_("staff.not_allowed"))
