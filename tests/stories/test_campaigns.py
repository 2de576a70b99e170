"""Staff send a campaign from a file, and can account for every row."""

from campaigns import service, standing
from campaigns.model import CampaignDraft
from campaigns.written import file
from contacts import service as people
from contacts import store as contacts
from contacts.atlas import Origin, Region
from contacts.model import Topic
from contacts.service import Words
from db.session import Database
from delivery.model import State
from kit.channels import Channel, Endpoint
from staff import store as staff
from staff.model import Role
from tests.standins.telegram_errors import blocked
from tests.stories.world import World, world_of

FILE = """\
title: Cuidado con las visas
topic: fraud
audience: region:mixteca
channels: [telegram, sms]
content:
  es:
    text: Cuidado, no pague por adelantado.
    sms: "IAIMO: no pague por adelantado. Salir: BAJA"
  en:
    text: Careful, do not pay in advance.
schedule: {schedule}
"""
MIXTECA = Origin(Region.MIXTECA, None, "Mixteca")


async def subscriber(world: World, endpoint: Endpoint, language: str = "es") -> int:
    async with world.database.write() as session:
        contact = await people.subscribe(
            session, Words(endpoint, "SI", world.platform.clock.now()), language
        )
        await people.set_origin(session, contact.id, MIXTECA)
    return contact.id


def chat(number: int) -> Endpoint:
    return Endpoint(Channel.TELEGRAM, str(number))


async def approved(world: World, schedule: str = "now") -> int:
    """A campaign that one person wrote and another approved."""
    author_id = await world.duty("Redacta", role=Role.COMMUNICATOR)
    approver_id = await world.duty("Coordina", role=Role.COORDINATOR)
    now = world.platform.clock.now()
    draft = file.read(FILE.format(schedule=schedule).encode(), now)
    assert isinstance(draft, CampaignDraft), draft
    async with world.database.write() as session:
        author = await staff.get(session, author_id)
        approver = await staff.get(session, approver_id)
        assert author is not None
        assert approver is not None
        campaign_id = await service.create(session, draft, author, now)
        await service.approve(session, campaign_id, approver, now)
    return campaign_id


async def start(world: World, campaign_id: int) -> None:
    async with world.database.write() as session:
        await service.start(session, campaign_id, None, world.platform.clock.now())
    await world.platform.settle()


async def test_two_languages_one_opted_out_and_one_who_blocked(world: World) -> None:
    await subscriber(world, chat(900_201))
    await subscriber(world, chat(900_202), "en")
    await subscriber(world, chat(900_203))
    await subscriber(world, chat(900_204))
    await subscriber(world, Endpoint(Channel.SMS, "+12135550161"))
    campaign_id = await approved(world)
    async with world.database.write() as session:
        said = Words(chat(900_203), "baja", world.platform.clock.now())
        await people.stop(session, said)
    world.telegram.faults.for_recipient("900204", blocked())
    await start(world, campaign_id)
    await world.chat(900_201).reads("no pague por adelantado")
    await world.chat(900_202).reads("do not pay in advance")
    await world.phone("+12135550161").reads("IAIMO: no pague")
    world.nothing_else()
    async with world.database.read() as session:
        status = await standing.status(session, campaign_id, world.platform.clock.now())
        assert await contacts.opted_out(session, chat(900_204)), "a block is a no"
    counts = {state: count for state, count in status.counts.items() if count}
    assert counts == {State.SENT: 3, State.FAILED: 1, State.SKIPPED: 1}
    assert str(status.campaign.state) == "done"


async def test_who_leaves_while_it_is_sent_is_skipped_at_the_moment_of_sending(
    world: World,
) -> None:
    await subscriber(world, chat(900_201))
    campaign_id = await approved(world)
    async with world.database.write() as session:
        now = world.platform.clock.now()
        await service.start(session, campaign_id, None, now)
        await service.pause(session, campaign_id, None, now)
    await world.platform.settle()
    world.nothing_else()
    await world.chat(900_201).says("/baja")
    await world.chat(900_201).reads("no le mandamos otro aviso")
    async with world.database.write() as session:
        await service.resume(session, campaign_id, None, world.platform.clock.now())
    await world.platform.settle()
    world.nothing_else()
    async with world.database.read() as session:
        status = await standing.status(session, campaign_id, world.platform.clock.now())
    assert status.counts[State.SKIPPED] == 1


async def test_a_scheduled_campaign_leaves_at_its_time_and_once(world: World) -> None:
    await subscriber(world, chat(900_201))
    await approved(world, "{at: 2026-11-26 09:00, timezone: America/Mexico_City}")
    await world.later(hours=22)
    world.nothing_else()
    await world.later(hours=2)
    await world.chat(900_201).reads("no pague por adelantado")
    await world.later(hours=24)
    world.nothing_else()


async def test_who_did_not_agree_to_the_topic_gets_nothing(world: World) -> None:
    contact_id = await subscriber(world, chat(900_201))
    async with world.database.write() as session:
        await people.set_topics(session, contact_id, {Topic.PROGRAMS})
    campaign_id = await approved(world)
    await start(world, campaign_id)
    world.nothing_else()


async def test_who_called_for_help_and_asked_for_silence_gets_no_campaign(world: World) -> None:
    await world.duty("Ana", chat=900_001)
    await subscriber(world, chat(900_201))
    son = world.chat(900_201)
    await son.says("SOS")
    await son.reads("Recibido")
    await world.chat(900_001).reads("GUARDIA")
    await son.says("salir")
    campaign_id = await approved(world)
    await start(world, campaign_id)
    world.nothing_else()
    async with world.database.read() as session:
        status = await standing.status(session, campaign_id, world.platform.clock.now())
    assert status.counts[State.SKIPPED] == 1


async def test_a_page_leaves_while_a_campaign_waits_for_its_pace(database: Database) -> None:
    async with world_of(database, telegram_rate=10) as world:
        await world.duty("Ana", chat=900_001)
        for number in range(900_300, 900_330):
            await subscriber(world, chat(number))
        campaign_id = await approved(world)
        async with world.database.write() as session:
            await service.start(session, campaign_id, None, world.platform.clock.now())
        await world.telegram.wait_for_message(900_300)
        await world.phone("+12135550162").tells("SOS")
        await world.telegram.wait_for_message(900_001, "GUARDIA")
        assert len(world.telegram.sent) < 30, "before the campaign was through"
        await world.platform.settle()
        assert len(world.telegram.take_unexpected()) == 31
        await world.phone("+12135550162").reads("Recibido")
