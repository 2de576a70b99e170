"""The letters of the inbox as the console shows them."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import func, select

from bot.inbox import answering, letters, store
from bot.inbox.model import DO_NOT_WRITE
from console.cases.letters import Letter, Waiting
from db.session import Session
from locales.text import _
from staff.model import Member, Right
from staff.rules import require

SHOWN = 50

DANGER = "danger"
REASONS: Mapping[str, str] = MappingProxyType(
    {
        DANGER: _("console.letters.danger"),
        DO_NOT_WRITE: _("console.letters.do_not_write"),
        "free": _("console.letters.free"),
        "person": _("console.letters.person"),
        "verify": _("console.letters.verify"),
        "wish_to_leave": _("console.letters.wish_to_leave"),
    }
)


class InboxLetters:
    """What `console.cases.letters.Letters` asks for."""

    async def waiting(self, session: Session, member: Member, after: str = "") -> Waiting:
        """What waits to be read by a person who may answer it: a page of it. A place that nobody
        gave is the beginning."""
        require(member, Right.ANSWER_INBOX)
        place = _place(after)
        found = await letters.to_read(session, limit=SHOWN + 1, after=place)
        shown, more = found[:SHOWN], len(found) > SHOWN
        total = await letters.waiting(session) if more or place else len(shown)
        following = "-".join(map(str, letters.place_of(shown[-1]))) if more else ""
        failed = await store.failures_waiting(session)
        return Waiting([_shown(one) for one in shown], total, failed, following)

    async def answer(
        self, session: Session, member: Member, letter_id: int, words: str, now: datetime
    ) -> None:
        """Send the words of a person to who wrote."""
        require(member, Right.ANSWER_INBOX)
        await answering.answer(session, letter_id, member, words, now)

    async def read(self, session: Session, member: Member, letter_id: int, now: datetime) -> None:
        """Take a letter from the list without an answer."""
        require(member, Right.ANSWER_INBOX)
        await answering.read(session, letter_id, member, now)

    async def fingerprint(self, session: Session) -> str:
        """How many wait, and which is the newest."""
        row = await session.first(
            select(func.count().label("count"), func.max(letters.letter.c.id).label("last")).where(
                letters.letter.c.answered_at.is_(None)
            )
        )
        return "-" if row is None else f"{row['count']}-{row['last'] or 0}"


def _place(after: str) -> letters.Place | None:
    """A place as a link has it; None for anything else."""
    rank, _dash, letter_id = after.partition("-")
    numbers = [one for one in (rank, letter_id) if one.isascii() and one.isdigit()]
    # Longer ones are no ids, and no database takes them.
    if len(numbers) < 2 or len(rank) > 1 or len(letter_id) > 15:
        return None
    return letters.Place(int(rank), int(letter_id))


def _shown(one: letters.Letter) -> Letter:
    return Letter(
        id=one.id,
        channel=one.sender.channel,
        language=one.language,
        reason=REASONS.get(one.reason, _("console.letters.answer")),
        danger=one.reason == DANGER,
        answerable=one.reason != DO_NOT_WRITE,
        received_at=one.received_at,
        words=one.body,
    )
