"""Invented people, and campaigns to send them, for the tests of campaigns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from campaigns import running, service
from campaigns.content.model import Wording
from campaigns.model import CampaignClass, CampaignDraft, CampaignState
from campaigns.schedule.model import Now, Schedule
from contacts import store as contacts
from contacts.model import Topic
from db.session import Database, Session
from delivery import runs, senders
from delivery.runs import Run
from delivery.transport import Transport
from kit.channels import Channel, Endpoint
from staff import store as staff
from staff.model import Member, Role

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SPANISH = {"es": Wording("Nadie del programa le pedirá dinero.")}
TELEGRAM_FIRST = (Channel.TELEGRAM, Channel.SMS)


@dataclass(frozen=True)
class Person:
    """Somebody to be made; `ways` are their channels, in the order in which they were given."""

    ways: Sequence[Channel] = (Channel.SMS,)
    topics: Iterable[Topic] = (Topic.FRAUD,)
    language: str = "es"
    about: Mapping[str, object] = field(default_factory=dict)
    stopped: Iterable[Channel] = ()
    dead: Iterable[Channel] = ()


def endpoint_of(number: int, channel: Channel) -> Endpoint:
    """The endpoint of the person with a number, below 100 for a phone."""
    if channel is Channel.SMS:
        return Endpoint(channel, f"+121355501{number:02}")
    return Endpoint(channel, str(700_000 + number))


async def add_people(session: Session, people: Sequence[Person]) -> list[int]:
    """Make contacts; gives their ids in order. Phones are +1 213 555 0100 and on."""
    ids = []
    for number, person in enumerate(people):
        ends = [endpoint_of(number, channel) for channel in person.ways]
        made = await contacts.create(session, ends, person.language, NOON)
        await contacts.set_topics(session, made, person.topics)
        if person.about:
            await contacts.change(session, made, person.about)
        for channel in person.stopped:
            end = endpoint_of(number, channel)
            await contacts.add_opt_out(session, end, "self", "BAJA", NOON)
        for channel in person.dead:
            await contacts.mark_dead(session, endpoint_of(number, channel))
        ids.append(made)
    return ids


async def people_in(database: Database, *people: Person) -> list[int]:
    """The same in a unit of its own."""
    async with database.write() as session:
        return await add_people(session, people)


async def senders_in(database: Database, *ways: Transport) -> None:
    """Write down the senders of a platform."""
    async with database.write() as session:
        await senders.register(session, ways, NOON)


async def a_member(database: Database, number: int, role: Role = Role.COMMUNICATOR) -> Member:
    """Somebody who works here, told apart by a number."""
    async with database.write() as session:
        made = await staff.add(
            session, f"Persona {number}", f"p{number}@example.org", role, "Alba", [], NOON
        )
        member = await staff.get(session, made)
    assert member is not None
    return member


def a_draft(
    *,
    audience: str = "topic:fraud",
    topic: Topic = Topic.FRAUD,
    channels: tuple[Channel, ...] = TELEGRAM_FIRST,
    contents: Mapping[str, Wording] | None = None,
    schedule: Schedule | None = None,
    stale_after: timedelta | None = None,
) -> CampaignDraft:
    """A campaign about fraud to all who want to hear of it, unless told otherwise."""
    return CampaignDraft(
        title="Fraudes",
        topic=topic,
        kind=CampaignClass.NORMAL,
        audience=audience,
        channels=channels,
        contents=contents or SPANISH,
        schedule=schedule or Now(),
        stale_after=stale_after,
    )


async def approved(database: Database, draft: CampaignDraft, now: datetime = NOON) -> int:
    """A campaign that one person wrote and another approved; gives its id."""
    author, reader = await a_member(database, 1), await a_member(database, 2)
    async with database.write() as session:
        campaign_id = await service.create(session, draft, author, now)
    async with database.write() as session:
        await service.approve(session, campaign_id, reader, now)
    return campaign_id


async def started(database: Database, draft: CampaignDraft, now: datetime = NOON) -> int:
    """The same, started."""
    campaign_id = await approved(database, draft, now)
    async with database.write() as session:
        await service.start(session, campaign_id, None, now)
    return campaign_id


async def only_run(database: Database, campaign_id: int) -> Run:
    """The one run of a campaign."""
    async with database.read() as session:
        (run,) = await runs.of_campaign(session, campaign_id)
    return run


async def frozen(
    database: Database, campaign_id: int, now: datetime = NOON, limit: int = running.BATCH
) -> int:
    """Freeze the one run of a campaign to its end; gives the run's id."""
    run = await only_run(database, campaign_id)
    more = True
    while more:
        async with database.write() as session:
            more = await running.freeze_step(session, run.id, now, limit)
    return run.id


async def state_of(database: Database, campaign_id: int) -> CampaignState:
    """Where a campaign stands."""
    async with database.read() as session:
        return (await service.get(session, campaign_id)).state
