"""The register of what people asked of us about their own data: taken in, moved on, listed."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from alerts.coverage.tries import day_of
from alerts.rights.looking import about_contact
from alerts.rights.person import held
from alerts.shifts import store as shifts
from contacts.rights import store
from contacts.rights.model import (
    PROOFS,
    Act,
    Entry,
    Identity,
    Kind,
    Request,
    State,
    Step,
    Way,
)
from contacts.rights.steps import ACTS, NEED_WORDS, carried_out, offered, taken
from contacts.rights.terms import answer_by, days_left, defects_by, due_by_now, due_on
from db.session import Session
from kit.errors import Invalid, NotFound, Refused
from locales.text import _
from staff.model import Member, Right
from staff.rules import require
from staff.store import log

LONGEST_WORDS = 1_000
OLDEST_DAYS = 365
PAGE = 50
MOST_HISTORY = 100


class UnknownRequest(NotFound):
    """No request has this number."""

    code = "unknown_request"


class Moved(Refused):
    """Somebody else has moved the request on since it was read."""

    code = "request_moved"


@dataclass(frozen=True, slots=True)
class Standing:
    """A request and how it stands today. `left` are working days, below 0 when it is late."""

    request: Request
    left: int | None


@dataclass(frozen=True, slots=True)
class Whole:
    """A request with all that its page shows."""

    standing: Standing
    steps: tuple[Step, ...]
    history: tuple[Entry, ...]
    answer_by: date
    defects_by: date

    @property
    def request(self) -> Request:
        return self.standing.request


async def receive(
    session: Session,
    member: Member,
    kind: Kind,
    way: Way,
    received_on: date,
    now: datetime,
    *,
    contact_id: int | None = None,
    words: str = "",
) -> Request:
    """Take a request in, also one that came some days ago; without a contact when we hold nothing
    of who asks. Raises Invalid for a day to come or too long ago, Refused and UnknownContact."""
    require(member, Right.CHANGE_CONTACTS)
    if contact_id is not None:
        await held(session, member, contact_id, change=True)
    today = day_of(now)
    if received_on > today or (today - received_on).days > OLDEST_DAYS:
        raise Invalid(_("rights.day_wrong"), most=OLDEST_DAYS)
    new = await _new(session, member, kind, way, received_on, contact_id)
    await _tell(session, member, new, Act.RECEIVED, sentence(words, needed=False), now)
    return new


async def waiting(
    session: Session, member: Member, now: datetime, after: tuple[date, int] | None = None
) -> tuple[Standing, ...]:
    """Requests that are not over, what is due first in front; one more than a page holds when there
    are more."""
    require(member, Right.SEE_CONTACTS)
    return await _standing(session, await store.waiting(session, after, PAGE + 1), now)


async def over(
    session: Session, member: Member, now: datetime, before: int | None = None
) -> tuple[Standing, ...]:
    """Requests that are over, the newest first; likewise one more than a page holds."""
    require(member, Right.SEE_CONTACTS)
    return await _standing(session, await store.over(session, before, PAGE + 1), now)


async def whole(session: Session, member: Member, request_id: int, now: datetime) -> Whole:
    """A request with its history and what can be done to it now. Raises UnknownRequest, Refused."""
    require(member, Right.SEE_CONTACTS)
    found = await _get(session, request_id)
    closed, today = await holidays(session), day_of(now)
    return Whole(
        standing=_stands(replace(found, due_on=due_by_now(found, closed)), today, closed),
        steps=offered(found, today, closed) if member.may(Right.CHANGE_CONTACTS) else (),
        history=await store.history(session, request_id=request_id, limit=MOST_HISTORY),
        answer_by=answer_by(found, closed),
        defects_by=defects_by(found, closed),
    )


async def move(
    session: Session,
    member: Member,
    request_id: int,
    step: Step,
    now: datetime,
    *,
    version: int,
    words: str = "",
    identity: Identity | None = None,
) -> Request:
    """Take a step with a request as it was read. Raises Moved when it is another by now, NotNow,
    Invalid without the words that the step needs, UnknownRequest and Refused."""
    require(member, Right.CHANGE_CONTACTS)
    found = await _get(session, request_id)
    if found.version != version:
        raise Moved(_("rights.moved"))
    said = sentence(words, needed=step in NEED_WORDS)
    changed = taken(found, step, day_of(now), await holidays(session), identity)
    if not await store.save(session, changed):
        raise Moved(_("rights.moved"))
    await _tell(session, member, changed, ACTS[step], said or _proof(step, identity), now)
    return changed


async def fulfil(
    session: Session,
    member: Member,
    kind: Kind,
    contact_id: int,
    identity: Identity,
    way: Way,
    now: datetime,
) -> Request:
    """Note that a right was carried out at once: the request that waits for it is done, or one of
    today is written down as done, so that the register holds everything."""
    if kind is not Kind.OPPOSITION and identity not in PROOFS:
        raise Invalid(_("rights.choose_identity"))
    today = day_of(now)
    of_contact = await store.of_contact(session, contact_id, PAGE)
    waits = [one for one in of_contact if one.kind is kind and not one.is_over]
    # The oldest: it is the one that is due.
    found = waits[-1] if waits else await _new(session, member, kind, way, today, contact_id)
    done = carried_out(found, identity, today)
    if not await store.save(session, done):
        raise Moved(_("rights.moved"))
    return done


async def holidays(session: Session) -> frozenset[date]:
    """The days off that staff have entered for the roster."""
    rows = await session.all(shifts.holiday.select())
    return frozenset(row["day"] for row in rows)


def sentence(typed: str, *, needed: bool) -> str:
    """Words of staff, without the blanks around them. Raises Invalid when they are missing or too
    long."""
    words = typed.strip()
    if (needed and not words) or len(words) > LONGEST_WORDS:
        raise Invalid(_("rights.words_wrong"), most=LONGEST_WORDS)
    return words


async def _new(
    session: Session,
    member: Member,
    kind: Kind,
    way: Way,
    received_on: date,
    contact_id: int | None,
) -> Request:
    identity = Identity.NOT_NEEDED if kind is Kind.OPPOSITION else Identity.NOT_YET
    new = Request(
        id=0,
        kind=kind,
        way=way,
        identity=identity,
        state=State.OPEN,
        received_on=received_on,
        counted_from=received_on,
        due_on=None,
        contact_id=contact_id,
        member_id=member.id,
    )
    dated = replace(new, due_on=due_on(new, await holidays(session)))
    return replace(dated, id=await store.add(session, dated))


async def _get(session: Session, request_id: int) -> Request:
    found = await store.get(session, request_id)
    if found is None:
        raise UnknownRequest(_("rights.unknown_request"))
    return found


async def _tell(
    session: Session, member: Member, request: Request, act: Act, words: str, now: datetime
) -> None:
    entry = Entry(0, act, now, member.id, request.contact_id, request.id, words)
    await store.note(session, entry)
    about = f"request:{request.id}"
    if request.contact_id is not None:
        about += f" {about_contact(request.contact_id)}"
    await log(session, member.id, f"rights.{act}", about, now)


def _proof(step: Step, identity: Identity | None) -> str:
    return str(identity) if step is Step.IDENTITY and identity is not None else ""


async def _standing(
    session: Session, found: Collection[Request], now: datetime
) -> tuple[Standing, ...]:
    closed, today = await holidays(session), day_of(now)
    return tuple(_stands(one, today, closed) for one in found)


def _stands(one: Request, today: date, closed: Collection[date]) -> Standing:
    due = due_by_now(one, closed)
    return Standing(one, None if due is None else days_left(today, due, closed))
