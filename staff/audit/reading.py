"""Reading who saw or did what, for those whose role allows it."""

from sqlalchemy import ColumnElement, true

from db.session import Session
from kit.errors import Invalid
from locales.text import _
from staff import rules
from staff.audit import store
from staff.audit.model import Line
from staff.audit.store import audit
from staff.model import Member, Right

MOST = 500
LONGEST_FILTER = 60


async def lines(
    session: Session,
    by: Member | None,
    *,
    act: str = "",
    about: str = "",
    member_id: int | None = None,
    before: int | None = None,
    limit: int = 50,
) -> tuple[Line, ...]:
    """Lines of the audit, the newest first; the next page is `before` the last id of this one.

    `by` must have SEE_AUDIT, None is who holds the machine. Invalid: a filter
    that is too long, or more than `MOST` lines.
    """
    if by is not None:
        rules.require(by, Right.SEE_AUDIT)
    if not 1 <= limit <= MOST or len(act) > LONGEST_FILTER or len(about) > LONGEST_FILTER:
        raise Invalid(_("audit.filter_wrong"), most=MOST)
    wanted: ColumnElement[bool] = true()
    if act:
        wanted &= audit.c.act == act
    if about:
        wanted &= audit.c.about == about
    if member_id is not None:
        wanted &= audit.c.member_id == member_id
    return await store.newest(session, wanted, before, limit)
