"""What staff do with the people of a case: write them down, keep their yes or no, guard a minor."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from alerts import speaking, store, timeline
from alerts.model import Case, EntryKind, Minor, Outcome
from alerts.people import reading, texts
from alerts.people import store as people
from alerts.people.access import require
from alerts.people.disclosure import Verdict, may_tell_relatives
from alerts.people.model import Answer, Check, Details, Disclosure, Person, PersonRole
from db.session import Session
from kit.errors import Invalid, NotFound, Refused
from locales.text import _
from staff import store as staff
from staff.model import Member, Right, Role

SUPERVISORS = (Role.COORDINATOR, Role.ADMIN)


class UnknownPerson(NotFound):
    """No person of this case has the number."""

    code = "unknown_person"


class NotTheirs(Refused):
    """Only who supervises cases may do this."""

    code = "supervisors_only"


async def save(
    session: Session,
    case: Case,
    member: Member,
    details: Details,
    now: datetime,
    person_id: int | None = None,
) -> Person:
    """Write somebody into the case, or what is known of them anew. The timeline and the audit tell
    which fields changed, never what they hold.

    Raises Invalid for what cannot be kept, UnknownPerson, and NotYours.
    """
    await require(session, case, member)
    details = reading.cleaned(details, now)
    held = await people.of_case(session, case.id)
    if details.role is PersonRole.REPORTER and any(
        one.role is PersonRole.REPORTER and one.id != person_id for one in held
    ):
        raise Refused(_("people.one_reporter"))
    if person_id is None:
        changed: tuple[str, ...] = details.known
        person_id = await people.add(session, case.id, details, now)
    else:
        before = _one_of(held, person_id)
        changed = details.changed_from(before.details)
        if not changed:
            return before
        await people.change(session, person_id, details, now)
    await _tell(session, case, member, "people.set", f"{person_id}: {', '.join(changed)}", now)
    return await find(session, case, person_id)


async def find(session: Session, case: Case, person_id: int) -> Person:
    """Somebody of a case; raises UnknownPerson."""
    return _one_of(await people.of_case(session, case.id), person_id)


async def disclose(
    session: Session,
    case: Case,
    member: Member,
    person_id: int,
    given: Disclosure,
    now: datetime,
) -> Person:
    """Keep what somebody has answered about being told of.

    A yes names whom it is for and how it was given; raises Invalid without, or when it was given
    later than now.
    """
    await require(session, case, member)
    held = await people.of_case(session, case.id)
    _one_of(held, person_id)
    if given.to_id is not None and given.to_other:
        raise Invalid(_("people.one_addressee"))
    if given.to_id is not None and _one_of(held, given.to_id).id == person_id:
        raise Invalid(_("people.not_to_oneself"))
    yes = given.answer is Answer.YES
    if yes and given.to_id is None and not given.to_other.strip():
        raise Invalid(_("people.yes_to_whom"))
    if given.given_at > now:
        raise Invalid(_("people.given_later"))
    to_other = reading.sentence(given.to_other, 200) if given.to_other.strip() else ""
    how = reading.sentence(given.how) if yes or given.how.strip() else ""
    kept = replace(given, to_other=to_other, how=how, member_id=member.id)
    await people.add_disclosure(session, person_id, kept)
    about = f"{person_id}: disclosure {kept.answer}" + (f" to {kept.to_id}" if kept.to_id else "")
    await _tell(session, case, member, "people.disclosure", about, now)
    return await find(session, case, person_id)


async def look_into(
    session: Session,
    case: Case,
    member: Member,
    person_id: int,
    *,
    allowed: bool,
    reason: str,
    now: datetime,
) -> Person:
    """A supervisor's check of whether this relative may be told. Raises NotTheirs for others."""
    if not member.may(Right.SUPERVISE_CASES):
        raise NotTheirs(_("people.supervisors_only"))
    person = await find(session, case, person_id)
    if person.role is PersonRole.CONCERNED:
        raise Invalid(_("people.check_relatives"))
    made = Check(allowed, now, member.id, reading.sentence(reason))
    await people.add_check(session, person_id, made)
    about = f"{person_id}: check {'passed' if allowed else 'failed'}"
    await _tell(session, case, member, "people.check", about, now)
    return await find(session, case, person_id)


async def set_minor(
    session: Session, case: Case, member: Member, minor: Minor, now: datetime
) -> int:
    """Whether the person concerned is under age. A yes tells the supervisors at once.

    Gives how many of them have a way to be told; with none it must be said to who set it.
    """
    await require(session, case, member)
    await store.change(session, case.id, {"minor": minor})
    await _tell(session, case, member, "people.minor", f"minor: {minor}", now)
    if minor is not Minor.YES:
        return 0
    supervisors = await staff.with_roles(session, SUPERVISORS)
    reached = [one for one in supervisors if one.written]
    for supervisor in reached:
        await speaking.tell_member(session, supervisor, texts.MINOR, {"folio": case.folio}, now)
    return len(reached)


async def verdicts(session: Session, case: Case) -> dict[int, Verdict]:
    """Who may be told of each person concerned, by that person's id."""
    held = await people.of_case(session, case.id)
    outcome = await last_outcome(session, case)
    return {
        one.id: may_tell_relatives(case, one, held, outcome)
        for one in held
        if one.role is PersonRole.CONCERNED
    }


async def last_outcome(session: Session, case: Case) -> Outcome | None:
    """How the case ended last, also when it was opened again since."""
    kept = await session.scalar(select(store.case.c.outcome).where(store.case.c.id == case.id))
    if kept is not None:
        return Outcome(kept)
    lines = await timeline.of_case(session, case.id)
    ends = [line.body for line in lines if line.kind is EntryKind.CLOSED and line.body]
    return next((one for one in Outcome if ends and one == ends[-1].split()[0].strip(":,;")), None)


async def shown(session: Session, case: Case, member: Member, now: datetime) -> tuple[Person, ...]:
    """The people of a case with all that names them. That somebody looked is kept in the audit."""
    await require(session, case, member)
    await staff.log(session, member.id, "people.show", case.folio, now)
    return await people.of_case(session, case.id)


async def _tell(
    session: Session, case: Case, member: Member, act: str, body: str, now: datetime
) -> None:
    await timeline.note(session, case.id, EntryKind.PERSON, now, member_id=member.id, body=body)
    await staff.log(session, member.id, act, case.folio, now)


def _one_of(held: tuple[Person, ...], person_id: int) -> Person:
    found = next((one for one in held if one.id == person_id), None)
    if found is None:
        raise UnknownPerson(_("people.unknown"))
    return found
