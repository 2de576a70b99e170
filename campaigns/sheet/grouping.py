"""The people of a campaign as a freezing would write them, a batch at a time, by what is known."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, and_, false, func, literal, or_, select

from campaigns import ledger
from campaigns.audience.audiences import expanded
from campaigns.audience.language import parse
from campaigns.audience.selection import GOT, Condition, condition, subscribed
from campaigns.conduct import WEEK, Conduct
from campaigns.figures.model import missed_expression
from campaigns.ledger import Batch, got_many
from campaigns.model import Campaign, CampaignClass, CampaignDraft
from campaigns.schedule.model import After
from campaigns.sheet.counted import Group
from campaigns.sheet.prices import NOWHERE
from contacts.store import COUNTRY_UNKNOWN, address, contact
from db.session import Session
from delivery import runs
from delivery.runs import run
from delivery.store import message

DAY = timedelta(days=1)


async def chosen(
    session: Session, draft: CampaignDraft, since: datetime, batch: Batch | None = None
) -> Condition:
    """Whom a campaign is for, of a batch or of all; of a series those who joined in the last week,
    for nobody knows who will join."""
    expression = await expanded(session, parse(draft.audience))
    everybody = condition(expression, None if batch is None else (batch.after, batch.through))
    if isinstance(draft.schedule, After):
        return and_(everybody, contact.c.joined_at >= since - WEEK)
    return everybody


async def groups(
    session: Session, campaign: Campaign, batch: Batch, since: datetime, conduct: Conduct
) -> list[Group]:
    """The people of a batch, those of whom the same is known together."""
    draft = campaign.draft
    wanted = await chosen(session, draft, since, batch)
    here = and_(wanted, contact.c.id > batch.after, contact.c.id <= batch.through)
    languages = draft.contents.keys()
    people = ledger.recipients(
        here,
        subscribed(draft.topic),
        draft.channels,
        languages,
        full=await _full(session, draft, since, conduct, batch),
    )
    columns = {
        "channel": people.c.channel,
        "language": people.c.language,
        "excluded": people.c.excluded,
        "spoken": contact.c.language,
        "region": func.coalesce(contact.c.origin_region, literal("", String)),
        "country": phone_country(),
        "zone": people.c.zone,
        "recent": _got_another(
            await _others(session, campaign.id, since - DAY), since - DAY, batch
        ),
    }
    each = (
        select(*(column.label(name) for name, column in columns.items()))
        .select_from(people)
        .join(contact, contact.c.id == people.c.contact_id)
        .outerjoin(address, address.c.id == people.c.address_id)
        .subquery()
    )
    number = func.count().label("people")
    rows = await session.all(select(*each.c, number).group_by(*each.c))
    return [
        Group(
            channel=row["channel"],
            language=row["language"],
            excluded=row["excluded"],
            spoken=row["spoken"],
            region=row["region"],
            country=row["country"],
            zone=row["zone"],
            recent=bool(row["recent"]),
            people=int(row["people"]),
        )
        for row in rows
    ]


async def missed(session: Session, campaign: Campaign, batch: Batch) -> int:
    """How many people of a batch the audience selects who have not got the campaign."""
    expression = await expanded(session, parse(missed_expression(campaign)))
    which = (condition(expression, (batch.after, batch.through)), contact.c.id > batch.after)
    people = select(func.count()).where(*which, contact.c.id <= batch.through)
    return int(await session.scalar(people) or 0)


def phone_country() -> ColumnElement[str]:
    """The country whose price an SMS to an address has, as far as it is known."""
    return func.coalesce(
        func.nullif(address.c.country, literal(COUNTRY_UNKNOWN, String)),
        contact.c.country,
        literal(NOWHERE, String),
    )


async def _full(
    session: Session, draft: CampaignDraft, since: datetime, conduct: Conduct, batch: Batch
) -> Condition | None:
    """Who has had as many campaigns lately as somebody may have."""
    if conduct.most_a_week is None or draft.kind is CampaignClass.EMERGENCY:
        return None
    recent = await runs.since(session, since - WEEK, but=0)
    return got_many(recent, conduct.most_a_week, batch)


async def _others(session: Session, campaign_id: int, since: datetime) -> Sequence[int]:
    """The runs of other campaigns of which a row may have left since then."""
    rows = await session.all(
        select(run.c.id).where(
            run.c.campaign_id != campaign_id,
            or_(run.c.ended_at.is_(None), run.c.ended_at >= since),
        )
    )
    return [row["id"] for row in rows]


def _got_another(others: Sequence[int], since: datetime, batch: Batch) -> ColumnElement[bool]:
    """Whether a contact of a batch got one of some runs since then, by the unique index of each."""
    if not others:
        return false()
    return contact.c.id.in_(
        select(message.c.contact_id).where(
            message.c.run_id.in_(others),
            message.c.contact_id > batch.after,
            message.c.contact_id <= batch.through,
            message.c.state.in_(GOT),
            message.c.settled_at >= since,
        )
    )
