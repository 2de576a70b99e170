"""The two gates through which a case speaks: to its reporter, and to people on duty."""

from collections.abc import Sequence
from datetime import datetime

from alerts import texts
from alerts.model import Case, Kind
from db.session import Session
from delivery import holding
from delivery import service as delivery
from delivery.content import Option, Params, compose
from delivery.model import Lane, NewMessage, State
from kit.channels import Endpoint
from locales.text import Text
from staff import store as staff
from staff.model import Member

STAFF_LANGUAGE = "es"


def about_case(case: Case) -> str:
    """What marks messages to the reporter of a case."""
    return f"case:{case.id}"


def about_page(case: Case) -> str:
    """What marks the pages of a case."""
    return f"page:{case.id}"


async def tell_reporter(
    session: Session,
    case: Case,
    text: Text,
    params: Params,
    now: datetime,
    options: Sequence[Option] = (),
) -> bool:
    """Write to the reporter, on the channel they used and no other; never once silenced."""
    if case.silenced:
        return False
    content = compose(text, case.language, {"folio": case.folio, **params}, options)
    new = NewMessage((case.reporter,), content, Lane.URGENT, case.language, about=about_case(case))
    await delivery.queue(session, new, now)
    return True


async def hush(session: Session, case: Case, now: datetime) -> None:
    """Hold back what is still on its way to the reporter, whatever it is about."""
    await holding.hush(session, case.reporter, now)


async def page(session: Session, case: Case, member: Member, now: datetime) -> None:
    """Wake somebody, on every way there is to reach them at once.

    A locked screen is read by others: folio, urgency, kind, language and age, and no more.
    """
    text = texts.PAGE if case.kind is Kind.UNKNOWN else texts.PAGE_WITH_KIND
    params = {
        "folio": case.folio,
        "urgency": texts.URGENCY_WORDS[case.urgency],
        "kind": texts.KIND_WORDS[case.kind],
        "language": texts.LANGUAGE_WORDS.get(case.language, texts.LANGUAGE_WORDS["other"]),
        "minutes": int((now - case.opened_at).total_seconds() // 60),
    }
    options = (
        Option(f"A:{case.folio}", texts.BUTTON_TAKE),
        Option(f"P:{case.folio}", texts.BUTTON_PASS),
    )
    content = compose(text, STAFF_LANGUAGE, params, options, columns=2)
    for endpoint in member.endpoints:
        new = NewMessage((endpoint,), content, Lane.URGENT, STAFF_LANGUAGE, about=about_page(case))
        await delivery.queue(session, new, now)


async def stop_pages(session: Session, case: Case, now: datetime) -> None:
    """Hold back pages that have not left: somebody has answered."""
    await holding.skip_pending_about(session, about_page(case), now)


async def tell_member(
    session: Session, member: Member, text: Text, params: Params, now: datetime
) -> None:
    """A notice about a case of theirs, on every way to reach them: a guard may be without data,
    and must learn of "do not write" before the next reply."""
    for endpoint in member.endpoints:
        await tell_endpoints(session, (endpoint,), text, params, now)


async def warn_owner(session: Session, case: Case, lost: State, now: datetime) -> None:
    """Tell the owner that messages do not reach the reporter, or that nobody knows: to call.

    Not of somebody who asked for silence: a call may expose them, and nothing is written to them.
    """
    owner = None if case.owner_id is None else await staff.get(session, case.owner_id)
    if case.silenced or owner is None or not owner.active:
        return
    unknown = lost is State.UNCERTAIN
    text = texts.CASE_MAYBE_NOT_REACHED if unknown else texts.CASE_NOT_REACHED
    await tell_member(session, owner, text, {"folio": case.folio}, now)


async def tell_endpoints(
    session: Session, to: tuple[Endpoint, ...], text: Text, params: Params, now: datetime
) -> None:
    """A notice to the endpoints of one person, in order."""
    content = compose(text, STAFF_LANGUAGE, params)
    await delivery.queue(session, NewMessage(to, content, Lane.URGENT, STAFF_LANGUAGE), now)
