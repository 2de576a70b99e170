"""A form is taken once, however often it is sent."""

from datetime import datetime

from db.session import Session
from staff.signin.store import form_once

PURPOSE = "form"
LONGEST_TOKEN = 200


async def once(session: Session, token: str, now: datetime) -> bool:
    """Whether this is the first time that the form with a token is sent; False also for a token
    that no page of ours wrote.

    Of two at the same time the second waits for the first, and goes ahead if that one failed.
    """
    if not (0 < len(token) <= LONGEST_TOKEN and token.isascii()):
        return False
    done = await session.execute(
        session.insert(form_once)
        .values(print=session.blind(token, PURPOSE), at=now)
        .on_conflict_do_nothing(index_elements=["print"])
    )
    return done.rowcount == 1
