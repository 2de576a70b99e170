"""What came back from people: what they pressed and answered, and whether they wrote at all.

Of what they wrote nothing is kept here, only that it came. Everything hangs on the contact and
goes with it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    RowMapping,
    String,
    Table,
    literal,
    or_,
    select,
)

from campaigns.replies import posters
from campaigns.replies.presses import (
    MOST_DATA,
    AnswerKind,
    Press,
    Pressed,
    holds,
    poll_tag,
    pressed_tag,
)
from campaigns.store import campaign
from contacts import tags
from contacts.store import contact
from db.base import Id, metadata
from db.columns import Instant
from db.session import Session
from delivery.content import Content
from delivery.model import State
from delivery.runs import run, run_content
from delivery.store import message

REPLIES_FOR = timedelta(hours=72)
"""How long after a campaign what somebody writes counts as an answer to it."""

_SENT = (State.SENT, State.DELIVERED)
# A button can be pressed before its row is settled, and although nobody knew that it arrived.
GOT = (State.SENDING, *_SENT, State.UNDELIVERED, State.UNCERTAIN)

campaign_answer = Table(
    "campaign_answer",
    metadata,
    Column("id", Id, primary_key=True),
    Column("contact_id", Id, ForeignKey(contact.c.id, ondelete="CASCADE"), nullable=False),
    Column("campaign_id", Id, ForeignKey(campaign.c.id, ondelete="CASCADE"), nullable=False),
    # The run that brought it; none for who wrote the word of a poster.
    Column("run_id", Id, ForeignKey("run.id", ondelete="CASCADE")),
    Column("kind", String(8), nullable=False),
    Column("value", String(MOST_DATA), nullable=False),
    Column("at", Instant, nullable=False),
    # What a further answer takes the place of: see `_slot`.
    Column("slot", String(MOST_DATA + 8), nullable=False),
    Index("uq_campaign_answer", "contact_id", "campaign_id", "slot", unique=True),
    # As the figures of a run read them: its people in batches.
    Index("ix_campaign_answer_run", "run_id", "contact_id"),
)

campaign_reply = Table(
    "campaign_reply",
    metadata,
    Column("run_id", Id, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True),
    Column("contact_id", Id, ForeignKey(contact.c.id, ondelete="CASCADE"), primary_key=True),
    Column("at", Instant, nullable=False),
    Index("ix_campaign_reply_contact_id", "contact_id"),
)


async def pressed(session: Session, press: Press, contact_id: int) -> Pressed | None:
    """What a press of a contact means; None when nothing that they got holds this button."""
    run_id: int | None = None
    got = await _newest_of(session, press.campaign_id, contact_id)
    if got is not None:
        run_id = got["run_id"]
        if not holds(await content_of(session, got["run_id"], got["language"]), press):
            return None
    elif not await posters.gave(session, press, contact_id):
        return None
    return await judged(session, press, contact_id, run_id)


async def keep(session: Session, said: Pressed, contact_id: int, now: datetime) -> None:
    """Keep an answer: a word and "it helped me" once, of a poll the last one."""
    press = said.press
    values = {"run_id": said.run_id, "value": press.value, "at": now}
    wanted = session.insert(campaign_answer).values(
        contact_id=contact_id,
        campaign_id=press.campaign_id,
        kind=press.kind,
        slot=_slot(press),
        **values,
    )
    keys = [
        campaign_answer.c.contact_id,
        campaign_answer.c.campaign_id,
        campaign_answer.c.slot,
    ]
    if press.kind is AnswerKind.POLL:
        before = await _kept(session, press, contact_id)
        if before == press.value:
            return
        await session.execute(wanted.on_conflict_do_update(index_elements=keys, set_=values))
        if before is not None:
            await tags.untag(session, contact_id, poll_tag(press.campaign_id, before))
        await tags.tag(session, contact_id, poll_tag(press.campaign_id, press.value), now)
    else:
        await session.execute(wanted.on_conflict_do_nothing(index_elements=keys))
    await tags.tag(session, contact_id, pressed_tag(press.campaign_id), now)


async def count_reply(session: Session, contact_id: int, now: datetime) -> None:
    """Somebody wrote: count it for each run that reached them within `REPLIES_FOR`, once a run.

    One statement. The row is looked up as a scalar, which no database turns into a join over a
    million rows (see `campaigns.audience.selection`).
    """
    since = now - REPLIES_FOR
    reached = (
        select(message.c.id)
        .where(
            message.c.run_id == run.c.id,
            message.c.contact_id == contact_id,
            message.c.state.in_(_SENT),
            message.c.settled_at >= since,
        )
        .scalar_subquery()
    )
    rows = select(
        run.c.id, literal(contact_id, campaign_reply.c.contact_id.type), literal(now, Instant)
    ).where(_open_since(since), reached.is_not(None))
    await session.execute(
        session.insert(campaign_reply)
        .from_select(["run_id", "contact_id", "at"], rows)
        .on_conflict_do_nothing()
    )


async def runs_open_since(session: Session, since: datetime) -> Sequence[int]:
    """The runs of which a row may have left since then."""
    rows = await session.all(select(run.c.id).where(_open_since(since)))
    return [row["id"] for row in rows]


async def content_of(session: Session, run_id: int, language: str) -> Content:
    """What a run said in a language; nothing at all when it said nothing there."""
    packed = await session.scalar(
        select(run_content.c.content).where(
            run_content.c.run_id == run_id, run_content.c.language == language
        )
    )
    return Content("", "") if packed is None else Content.unpack(packed)


async def judged(session: Session, press: Press, contact_id: int, run_id: int | None) -> Pressed:
    """A press of somebody who got it, and whether it tells something new."""
    return Pressed(press, run_id, await _kept(session, press, contact_id) != press.value)


def _slot(press: Press) -> str:
    """Of each word one is kept, of everything else one in all."""
    return f"{press.kind}:{press.value}" if press.kind is AnswerKind.WORD else str(press.kind)


def _open_since(since: datetime) -> ColumnElement[bool]:
    """Runs of which a row may have left since then: each row settles before its run ends."""
    return or_(run.c.ended_at.is_(None), run.c.ended_at >= since)


async def _newest_of(session: Session, campaign_id: int, contact_id: int) -> RowMapping | None:
    """The newest run of a campaign that reached a contact, and in which language."""
    language = (
        select(message.c.language)
        .where(
            message.c.run_id == run.c.id,
            message.c.contact_id == contact_id,
            message.c.state.in_(GOT),
        )
        .scalar_subquery()
    )
    return await session.first(
        select(run.c.id.label("run_id"), language.label("language"))
        .where(run.c.campaign_id == campaign_id, language.is_not(None))
        .order_by(run.c.id.desc())
        .limit(1)
    )


async def _kept(session: Session, press: Press, contact_id: int) -> str | None:
    """What is kept in the place of an answer, held against other writers until the unit ends."""
    query = select(campaign_answer.c.value).where(
        campaign_answer.c.contact_id == contact_id,
        campaign_answer.c.campaign_id == press.campaign_id,
        campaign_answer.c.slot == _slot(press),
    )
    found = await session.scalar(query.with_for_update())
    return None if found is None else str(found)
