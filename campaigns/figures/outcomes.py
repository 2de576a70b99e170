"""What became of a batch of a run's rows, in figures."""

from datetime import datetime

from sqlalchemy import ColumnElement, String, and_, case, func, literal, null, select

from campaigns.figures.model import CAUSED_WITHIN, LEFT, Figures, together
from campaigns.ledger import Batch
from campaigns.replies.answers import campaign_answer, campaign_reply
from campaigns.sheet.counted import Counts
from campaigns.sheet.grouping import phone_country
from contacts.store import address, contact, opt_out
from db.session import Session
from delivery.claims import of_address
from delivery.model import State
from delivery.runs import Run
from delivery.store import attempt, message
from kit.channels import Channel


def _in(batch: Batch, run_id: int) -> ColumnElement[bool]:
    return and_(
        message.c.run_id == run_id,
        message.c.contact_id > batch.after,
        message.c.contact_id <= batch.through,
    )


async def of_batch(session: Session, found: Run, batch: Batch) -> Figures:
    """The figures of the rows of a run whose contacts are in a batch."""
    here = _in(batch, found.id)
    by_sms = Channel.SMS in found.channels
    return together(
        (
            await _rows(session, here),
            Figures(
                await _opt_outs(session, here, found.started_at),
                await _replies(session, batch, found.id),
                billed=await _billed(session, here) if by_sms else {},
                answers=await _answers(session, batch, found.id),
            ),
        )
    )


async def _rows(session: Session, here: ColumnElement[bool]) -> Figures:
    """States and reasons, and the hours in which something left or arrived."""
    left = message.c.state.in_(LEFT)
    since = func.coalesce(message.c.claimed_at, message.c.settled_at)
    each = (
        select(
            message.c.channel,
            message.c.language,
            message.c.state,
            func.coalesce(message.c.reason, literal("", String)).label("reason"),
            case((left, _hour(session, since)), else_=null()).label("sent"),
            case(
                (message.c.state == State.DELIVERED, _hour(session, message.c.settled_at)),
                else_=null(),
            ).label("delivered"),
        )
        .where(here)
        .subquery()
    )
    number = func.count().label("number")
    rows = await session.all(select(*each.c, number).group_by(*each.c))
    return together(
        Figures(
            rows={(row["channel"], row["language"], row["state"], row["reason"]): row["number"]},
            sent={} if row["sent"] is None else {(row["sent"],): row["number"]},
            delivered={} if row["delivered"] is None else {(row["delivered"],): row["number"]},
        )
        for row in rows
    )


def _hour(session: Session, at: ColumnElement[datetime]) -> ColumnElement[str]:
    """The hour of an instant, as `figures.HOUR` writes it."""
    if session.is_sqlite:
        return func.strftime("%Y-%m-%dT%H", at, type_=String)
    return func.to_char(func.timezone("UTC", at), 'YYYY-MM-DD"T"HH24', type_=String)


async def _opt_outs(session: Session, here: ColumnElement[bool], begun: datetime) -> int:
    rows = await session.all(
        select(message.c.claimed_at, message.c.settled_at, opt_out.c.at)
        .join(address, address.c.id == message.c.address_id)
        .join(opt_out, of_address())
        .where(here, message.c.state.in_(LEFT), opt_out.c.at >= begun)
    )
    return sum(
        (row["claimed_at"] or row["settled_at"])
        <= row["at"]
        <= (row["settled_at"] or row["claimed_at"]) + CAUSED_WITHIN
        for row in rows
    )


async def _billed(session: Session, here: ColumnElement[bool]) -> Counts:
    """SMS that the provider took, also those that were followed by another try."""
    country = phone_country().label("country")
    taken = func.count().label("taken")
    rows = await session.all(
        select(message.c.language, country, taken)
        .select_from(message)
        .join(attempt, attempt.c.message_id == message.c.id)
        .outerjoin(address, address.c.id == attempt.c.address_id)
        .outerjoin(contact, contact.c.id == message.c.contact_id)
        .where(here, attempt.c.channel == Channel.SMS, attempt.c.outcome == State.SENT)
        .group_by(message.c.language, country)
    )
    return {(row["language"], row["country"]): row["taken"] for row in rows}


async def _answers(session: Session, batch: Batch, run_id: int) -> Counts:
    groups = (campaign_answer.c.kind, campaign_answer.c.value)
    number = func.count().label("number")
    rows = await session.all(
        select(*groups, number)
        .where(
            campaign_answer.c.run_id == run_id,
            campaign_answer.c.contact_id > batch.after,
            campaign_answer.c.contact_id <= batch.through,
        )
        .group_by(*groups)
    )
    return {(row["kind"], row["value"]): row["number"] for row in rows}


async def _replies(session: Session, batch: Batch, run_id: int) -> int:
    return int(
        await session.scalar(
            select(func.count())
            .select_from(campaign_reply)
            .where(
                campaign_reply.c.run_id == run_id,
                campaign_reply.c.contact_id > batch.after,
                campaign_reply.c.contact_id <= batch.through,
            )
        )
    )
