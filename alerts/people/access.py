"""Who may see and change what is kept of the people of a case, and of where it was referred."""

from alerts import timeline
from alerts.model import Case
from alerts.ownership import NotYours
from db.session import Session
from locales.text import _
from staff.model import Member, Right


async def require(session: Session, case: Case, member: Member) -> None:
    """Raises NotYours unless they own the case, help its owner, or supervise cases. A closed case
    stays its last owner's: the follow-ups come back to them."""
    if member.may(Right.SUPERVISE_CASES):
        return
    if member.may(Right.HANDLE_CASES) and (
        case.owner_id == member.id or member.id in await timeline.helpers(session, case.id)
    ):
        return
    raise NotYours(_("people.not_yours"))
