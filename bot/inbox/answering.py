"""A person answers what the machine could not use."""

from datetime import datetime

from alerts import store as cases
from alerts.relay import LONGEST_REPLY, TooLong
from bot import texts
from bot.inbox import letters
from db.session import Session
from delivery import service as delivery
from delivery.content import compose
from delivery.model import Lane, NewMessage
from kit.errors import Invalid, NotFound, Refused
from locales.text import _
from staff import store as staff
from staff.model import Member


async def answer(
    session: Session, letter_id: int, member: Member, words: str, now: datetime
) -> int:
    """Send the words of a person to who wrote; gives the id of the message."""
    letter = await letters.get(session, letter_id)
    if letter is None:
        raise NotFound(_("inbox.unknown"))
    if letter.answered_at is not None:
        raise Refused(_("inbox.answered"))
    case = await cases.live_of(session, letter.sender, now)
    silenced = case is not None and case.silenced
    if silenced or await letters.not_to_be_answered(session, letter):
        raise Refused(_("cases.do_not_write"))
    if not words.strip():
        raise Invalid(_("inbox.empty"))
    limit = LONGEST_REPLY[letter.sender.channel]
    if len(words) > limit:
        # No provider takes it, and the letter would have left the list.
        raise TooLong(_("cases.reply_long"), limit=limit)
    params = {"text": words.strip(), "pseudonym": member.pseudonym}
    content = compose(texts.PERSON_ANSWERS, letter.language, params)
    if not await letters.answered(session, letter_id, member.id, now):
        raise Refused(_("inbox.answered"))
    await staff.log(session, member.id, "inbox.answer", f"letter:{letter_id}", now)
    new = NewMessage((letter.sender,), content, Lane.REPLY, letter.language)
    return await delivery.queue(session, new, now)


async def read(session: Session, letter_id: int, member: Member, now: datetime) -> None:
    """Somebody has read it, and it needs no answer or may have none: nothing is sent.

    Raises NotFound, and Refused when somebody answered or read it before.
    """
    if not await letters.answered(session, letter_id, member.id, now):
        if await letters.get(session, letter_id) is None:
            raise NotFound(_("inbox.unknown"))
        raise Refused(_("inbox.answered"))
    await staff.log(session, member.id, "inbox.read", f"letter:{letter_id}", now)
