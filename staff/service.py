"""Taking somebody on, and asking who may do what."""

from collections.abc import Callable, Sequence
from datetime import datetime

from db.session import Session
from kit.channels import Endpoint
from kit.errors import Invalid, NotFound, Refused
from locales.text import _
from staff import store
from staff.model import PSEUDONYMS, Member, Right, Role


async def add(
    session: Session,
    *,
    name: str,
    email: str,
    role: Role,
    endpoints: Sequence[Endpoint],
    now: datetime,
    pick: Callable[[int], int],
) -> int:
    """Take somebody on. Refused when the e-mail or an endpoint is a colleague's already.

    `pick(n)` gives a number below n and chooses the pseudonym.
    """
    email = email.strip().lower()
    if not name.strip():
        raise Invalid(_("staff.name_missing"))
    if email.count("@") != 1 or email.startswith("@") or email.endswith("@") or " " in email:
        raise Invalid(_("staff.email_wrong"))
    if await store.by_email(session, email) is not None:
        raise Refused(_("staff.email_taken"))
    if role is Role.DUTY and not endpoints:
        raise Invalid(_("staff.duty_needs_endpoint"))
    for endpoint in endpoints:
        if await store.by_endpoint(session, endpoint) is not None:
            raise Refused(_("staff.endpoint_taken"))
    member_id = await store.add(
        session, name.strip(), email, role, PSEUDONYMS[pick(len(PSEUDONYMS))], endpoints, now
    )
    await store.log(session, None, "staff.add", f"member:{member_id}", now)
    return member_id


async def acting(session: Session, email: str, right: Right) -> Member:
    """The member behind an e-mail, who must have the right to do this."""
    member = await store.by_email(session, email.strip().lower())
    if member is None:
        raise NotFound(_("staff.unknown"))
    if not member.may(right):
        raise Refused(_("staff.not_allowed"))
    return member
