"""A campaign with buttons and a poll, and what is kept of how people answer it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import RowMapping, select

from alerts.model import Times
from bot.conversation import Surroundings, converse
from bot.flows.model import Input
from bot.heard import Heard
from campaigns import store
from campaigns.content.model import Helped, Link, Poll, Reply, Wording
from campaigns.model import CampaignState
from campaigns.replies.answers import campaign_answer, campaign_reply
from contacts import service as people
from contacts import store as contacts
from contacts import tags
from contacts.gazetteer import load_gazetteer
from contacts.service import Words
from db.session import Database
from delivery import reading, runs
from delivery.content import Content
from delivery.model import Lane, State
from delivery.runs import NewRun, RunState
from delivery.store import message
from kit.channels import Channel, Endpoint
from tests.stores.campaign_people import NOON, a_draft
from tests.stores.sending_rig import chat, phone

WORLD = Surroundings(
    load_gazetteer(), Times(timedelta(minutes=5), timedelta(minutes=5)), "https://tequio.example/p"
)
WORDING = Wording(
    "La **feria** es el 3.",
    "La feria es el 3.",
    (Helped("Me sirvió"), Reply("Quiero avisos", "ALTA"), Link("Ver", "https://tequio.example")),
    Poll("¿Va a venir?", ("Si", "No", "No se")),
)
ENGLISH = Wording("The fair is on the 3rd.", poll=Poll("Will you come?", ("Yes", "No", "Maybe")))
PLAIN = {"es": Wording("Nadie del programa le pide dinero.")}
BETO, ANA = phone(12), chat(11)


async def a_campaign(
    database: Database,
    state: CampaignState = CampaignState.SENDING,
    *,
    keyword: str | None = None,
    approved: bool = True,
    contents: dict[str, Wording] | None = None,
) -> int:
    """A campaign that stands somewhere; gives its id."""
    draft = replace(a_draft(contents=contents or {"es": WORDING, "en": ENGLISH}), keyword=keyword)
    async with database.write() as session:
        made = await store.add(session, draft, state, 1, NOON)
        if approved:
            await store.change(session, made, approved_hash=draft.content_hash)
    return made


async def a_person(database: Database, *ends: Endpoint, language: str = "es") -> int:
    async with database.write() as session:
        first = await people.subscribe(session, Words(ends[0], "SI", NOON), language)
        for more in ends[1:]:
            await contacts.add_address(session, first.id, more)
    return first.id


async def a_run(
    database: Database,
    campaign_id: int,
    rows: Sequence[tuple[int, Endpoint]],
    *,
    at: datetime = NOON,
    state: State = State.SENT,
    over: bool = False,
    language: str = "es",
) -> int:
    """A run whose rows have left, to contacts at their endpoints."""
    async with database.write() as session:
        campaign = await store.get(session, campaign_id)
        assert campaign is not None
        contents = {
            code: wording.content(campaign_id) for code, wording in campaign.draft.contents.items()
        }
        new = NewRun(campaign_id, at, contents, "fraud", (Channel.TELEGRAM, Channel.SMS))
        run_id = await runs.open_run(session, new, at)
        assert run_id is not None
        await runs.move(session, run_id, RunState.DONE if over else RunState.SENDING, at)
        for contact_id, end in rows:
            found = [
                address
                for address in await contacts.addresses(session, contact_id)
                if address.endpoint == end
            ]
            await session.execute(
                message.insert().values(
                    lane=Lane.BULK,
                    channel=end.channel,
                    sender=end.channel,
                    state=state,
                    run_id=run_id,
                    contact_id=contact_id,
                    address_id=found[0].id,
                    language=language,
                    created_at=at,
                    due_at=at,
                    settled_at=None if state in (State.SENDING, State.UNCERTAIN) else at,
                    position=0,
                    attempts=1,
                    killed=0,
                )
            )
    return run_id


async def hears(
    database: Database, sender: Endpoint, given: Input | str, now: datetime = NOON
) -> list[Content]:
    """What is said to somebody who does something, in order."""
    given = Input(given) if isinstance(given, str) else given
    async with database.write() as session:
        last = await session.scalar(select(message.c.id).order_by(message.c.id.desc()).limit(1))
        await converse(session, Heard(sender, given), WORLD, now)
        rows = await session.all(
            select(message.c.id)
            .where(message.c.id > (last or 0), message.c.run_id.is_(None))
            .where(message.c.endpoint_index == sender.value)
            .order_by(message.c.id)
        )
        return [(await reading.own_message(session, row["id"]))[1] for row in rows]


async def presses(
    database: Database, sender: Endpoint, data: str, now: datetime = NOON
) -> list[Content]:
    return await hears(database, sender, Input(choice=data, pressed_on=77), now)


async def kept(database: Database) -> list[tuple[int, int | None, int, str, str]]:
    """Campaign, run, contact, kind and value of each answer."""
    async with database.read() as session:
        rows = await session.all(select(campaign_answer).order_by(campaign_answer.c.id))
    return [
        (row["campaign_id"], row["run_id"], row["contact_id"], row["kind"], row["value"])
        for row in rows
    ]


async def tags_of(database: Database, contact_id: int) -> tuple[str, ...]:
    async with database.read() as session:
        return await tags.tags_of(session, contact_id)


async def replies_to(database: Database) -> list[RowMapping]:
    async with database.read() as session:
        rows = select(campaign_reply).order_by(campaign_reply.c.run_id, campaign_reply.c.contact_id)
        return list(await session.all(rows))


def later(**time: float) -> datetime:
    return NOON + timedelta(**time)


async def contacts_left(database: Database) -> list[int]:
    async with database.read() as session:
        return [row["id"] for row in await session.all(select(contacts.contact.c.id))]
