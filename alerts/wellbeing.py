"""Staff have found out that somebody is well: written down as an act, with how it is known."""

from datetime import datetime

from alerts import handling, timeline
from alerts.model import Case, CaseState, EntryKind
from alerts.ownership import AlreadyClosed, must_take_part
from db.session import Session
from kit.errors import Invalid
from locales.text import _
from staff import store as staff
from staff.model import Member


class HowMissing(Invalid):
    """Nothing was said of how it is known."""

    code = "how_missing"


async def mark_well(session: Session, case: Case, member: Member, how: str, now: datetime) -> None:
    """Somebody of ours knows that the person is well, and how. It closes and lowers nothing, as the
    person's own words do not: who is forced says the same.

    Raises HowMissing, AlreadyClosed and NotYours. It is an act: the lease is renewed.
    """
    await must_take_part(session, case, member)
    if case.state is CaseState.CLOSED:
        raise AlreadyClosed(_("cases.already_closed"))
    if not how.strip():
        raise HowMissing(_("cases.well_how"))
    body = how.strip()[: handling.LONGEST_NOTE]
    await timeline.note(
        session, case.id, EntryKind.FALSE_ALARM, now, member_id=member.id, body=body
    )
    await staff.log(session, member.id, "case.well", case.folio, now)
    await handling.renew(session, case, now)
