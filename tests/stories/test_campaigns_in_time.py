"""Campaigns that leave at a decent hour, by whose clock, how often, and who is told when not."""

from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.conduct import conduct_of, outside
from app.wiring import Platform
from campaigns import service, standing
from campaigns.model import CampaignDraft, CampaignState
from campaigns.written import file
from contacts import service as people
from contacts.atlas import Place
from contacts.service import Words
from db.session import Database
from delivery.model import State
from kit.channels import Channel, Endpoint
from kit.clock import Clock
from kit.errors import Refused
from staff import store as staff
from staff.model import Member, Role
from tests.standins.telegram_errors import blocked
from tests.stories.world import World, world_of

OAXACA = ZoneInfo("America/Mexico_City")
FILE = """\
title: {title}
topic: programs
audience: "{audience}"
channels: [telegram, sms]
content:
  es:
    text: Ventanilla abierta.
schedule: {schedule}
"""


def chat(number: int) -> Endpoint:
    return Endpoint(Channel.TELEGRAM, str(number))


async def subscriber(world: World, number: int, zone: str | None = None) -> int:
    """Somebody on Telegram who lives by a clock."""
    async with world.database.write() as session:
        said = Words(chat(number), "SI", world.platform.clock.now())
        contact = await people.subscribe(session, said, "es")
        if zone is not None:
            await people.set_place(session, contact.id, Place("US", None, None, zone))
    return contact.id


async def member(world: World, name: str, role: Role, chat: int | None = None) -> Member:
    async with world.database.write() as session:
        known = await staff.by_email(session, f"{name.lower()}@example.org")
    member_id = known.id if known else await world.duty(name, chat=chat, role=role)
    async with world.database.read() as session:
        found = await staff.get(session, member_id)
    assert found is not None
    return found


def draft_of(
    world: World,
    schedule: str,
    audience: str = "topic:programs",
    title: str = "Aviso",
    more: str = "",
) -> CampaignDraft:
    written = FILE.format(schedule=schedule, audience=audience, title=title) + more
    draft = file.read(written.encode(), world.platform.clock.now(), outside())
    assert isinstance(draft, CampaignDraft), draft
    return draft


async def approved(world: World, draft: CampaignDraft) -> int:
    author = await member(world, "Redacta", Role.COMMUNICATOR, 900_101)
    reader = await member(world, "Coordina", Role.COORDINATOR)
    now = world.platform.clock.now()
    conduct = conduct_of(world.platform.settings)
    async with world.database.write() as session:
        campaign_id = await service.create(session, draft, author, now)
        await service.approve(session, campaign_id, reader, now, conduct)
    return campaign_id


async def started(world: World, draft: CampaignDraft) -> int:
    campaign_id = await approved(world, draft)
    conduct = conduct_of(world.platform.settings)
    async with world.database.write() as session:
        await service.start(session, campaign_id, None, world.platform.clock.now(), conduct)
    await world.platform.settle()
    return campaign_id


def received(world: World) -> list[int]:
    """Who has got something on Telegram since they were looked at last."""
    return [sent.chat_id for sent in world.telegram.take_unexpected() if sent.chat_id is not None]


async def state_of(world: World, campaign_id: int) -> CampaignState:
    async with world.database.read() as session:
        return (await service.get(session, campaign_id)).state


async def counts_of(world: World, campaign_id: int) -> dict[State, int]:
    async with world.database.read() as session:
        found = await standing.status(session, campaign_id, world.platform.clock.now())
    return {state: rows for state, rows in found.counts.items() if rows}


async def until(world: World, wall: str) -> None:
    """Let time pass until the clock of Oaxaca shows this."""
    at = datetime.fromisoformat(wall).replace(tzinfo=OAXACA)
    await world.later(seconds=(at - world.platform.clock.now()).total_seconds())


async def restart(world: World, *, down: timedelta = timedelta()) -> None:
    """The process ends, and another one begins after a while."""
    clock = Clock(world.platform.clock.offset)
    await world.platform.stop()
    clock.move(down)
    world.platform = Platform(world.platform.settings, world.database, clock)
    await world.platform.start()
    await world.platform.settle()


async def test_a_month_of_a_daily_campaign_with_two_restarts_and_a_night_of_down_time(
    world: World,
) -> None:
    await subscriber(world, 900_201)
    schedule = '{cron: "0 18 * * *", timezone: America/Mexico_City, skip: [2026-12-01, 2026-12-12]}'
    campaign_id = await approved(world, draft_of(world, schedule))
    got, skipped, lost = [], {"2026-12-01", "2026-12-12"}, "2026-12-15"
    for day in range(30):
        date = (datetime(2026, 11, 25, tzinfo=OAXACA) + timedelta(days=day)).date().isoformat()
        await until(world, f"{date} 17:00")
        world.nothing_else()
        if day == 4:
            await restart(world)
        if date == lost:
            # From five in the afternoon until eight in the morning nothing runs.
            await restart(world, down=timedelta(hours=15))
            await world.chat(900_101).reads("no salió a su hora")
            continue
        await until(world, f"{date} 18:00")
        if date in skipped:
            world.nothing_else()
            continue
        await world.chat(900_201).reads("Ventanilla abierta.")
        got.append(date)
        if day == 11:
            await restart(world)
            world.nothing_else()
    assert len(got) == 30 - len(skipped) - 1
    assert await state_of(world, campaign_id) is CampaignState.SCHEDULED
    async with world.database.read() as session:
        found = await standing.status(session, campaign_id, world.platform.clock.now())
    assert found.missed == 1
    assert found.counts[State.SENT] == len(got)


async def test_a_short_down_time_is_caught_up_once(world: World) -> None:
    await subscriber(world, 900_201)
    await approved(world, draft_of(world, '{cron: "30 * * * *", timezone: America/Mexico_City}'))
    await until(world, "2026-11-25 10:30")
    await world.chat(900_201).reads("Ventanilla abierta.")
    await restart(world, down=timedelta(hours=5, minutes=10))
    await world.chat(900_201).reads("Ventanilla abierta.")
    await world.chat(900_101).reads("Veces perdidas: 4")
    world.nothing_else()


async def test_each_gets_it_at_ten_by_their_own_clock(world: World) -> None:
    zones = {
        900_201: "America/Tijuana",
        900_202: "America/Mexico_City",
        900_203: "America/Los_Angeles",
        900_204: "America/Chicago",
        900_205: "America/New_York",
    }
    for number, zone in zones.items():
        await subscriber(world, number, zone)
    await approved(world, draft_of(world, "{at: 2026-11-30 10:00, timezone: recipient}"))
    got: dict[int, str] = {}
    await until(world, "2026-11-30 08:30")
    for _ in range(10):
        world.nothing_else()
        await world.later(minutes=30)
        for number in received(world):
            shown = world.platform.clock.now().astimezone(ZoneInfo(zones[number]))
            got[number] = shown.strftime("%d %H:%M")
    assert got == dict.fromkeys(zones, "30 10:00")


async def test_what_is_started_late_in_the_evening_waits_for_the_morning(world: World) -> None:
    await subscriber(world, 900_201)
    await subscriber(world, 900_202, "America/Tijuana")
    await until(world, "2026-11-25 20:30")
    campaign_id = await started(world, draft_of(world, "now"))
    await world.chat(900_202).reads("Ventanilla abierta.")
    world.nothing_else()
    async with world.database.read() as session:
        found = await standing.status(session, campaign_id, world.platform.clock.now())
    assert found.leaves_at == datetime(2026, 11, 26, 9, tzinfo=OAXACA)
    await until(world, "2026-11-26 08:59")
    world.nothing_else()
    await until(world, "2026-11-26 09:00")
    await world.chat(900_201).reads("Ventanilla abierta.")


async def test_an_emergency_leaves_at_night_and_the_audit_says_who_let_it(world: World) -> None:
    await subscriber(world, 900_201)
    await until(world, "2026-11-25 23:30")
    more = "class: emergency\nreason: Protección civil pide avisar esta noche.\n"
    campaign_id = await started(world, draft_of(world, "now", more=more))
    await world.chat(900_201).reads("Ventanilla abierta.")
    async with world.database.read() as session:
        acts = await session.all(
            staff.audit.select().where(staff.audit.c.about == f"campaign:{campaign_id}")
        )
        found = await service.get(session, campaign_id)
    assert "campaigns.emergency" in [row["act"] for row in acts]
    assert found.draft.reason == "Protección civil pide avisar esta noche."


async def test_an_edit_undoes_the_approval_and_only_what_is_approved_leaves(world: World) -> None:
    await subscriber(world, 900_201)
    campaign_id = await approved(
        world, draft_of(world, "{at: 2026-11-26 10:00, timezone: America/Mexico_City}")
    )
    author = await member(world, "Redacta", Role.COMMUNICATOR)
    reader = await member(world, "Coordina", Role.COORDINATOR)
    later = draft_of(world, "{at: 2026-11-26 12:00, timezone: America/Mexico_City}", title="Otro")
    async with world.database.write() as session:
        now = world.platform.clock.now()
        assert await service.edit(session, campaign_id, later, reader, now) is CampaignState.REVIEW
    await until(world, "2026-11-26 11:00")
    world.nothing_else()
    conduct = conduct_of(world.platform.settings)
    async with world.database.write() as session:
        now = world.platform.clock.now()
        for writer in (author, reader):
            with pytest.raises(Refused):
                await service.approve(session, campaign_id, writer, now, conduct)
    third = await member(world, "Tercera", Role.COORDINATOR)
    async with world.database.write() as session:
        await service.approve(session, campaign_id, third, now, conduct)
    await until(world, "2026-11-26 12:00")
    await world.chat(900_201).reads("Ventanilla abierta.")


COHORT = "cohort: {share: 30%, wait: 30m, failures: 10%}\n"


async def test_a_first_group_with_many_failures_stops_the_campaign(world: World) -> None:
    numbers = range(900_301, 900_421)
    for number in numbers:
        await subscriber(world, number)
        if number % 3 == 0:
            world.telegram.faults.for_recipient(str(number), blocked())
    campaign_id = await started(world, draft_of(world, "now", more=COHORT))
    first = await counts_of(world, campaign_id)
    assert first[State.SENT] + first[State.FAILED] in range(25, 48), "some thirty percent"
    await world.platform.settle()
    await world.chat(900_101).reads("se detuvo sola")
    assert await state_of(world, campaign_id) is CampaignState.PAUSED
    await world.later(hours=1)
    assert await counts_of(world, campaign_id) == first, "the others do not get it"
    async with world.database.write() as session:
        await service.resume(session, campaign_id, None, world.platform.clock.now())
    await world.platform.settle()
    after = await counts_of(world, campaign_id)
    assert after[State.SENT] + after[State.FAILED] == len(numbers), "a person has decided"
    world.telegram.take_unexpected()


async def test_a_first_group_that_goes_well_lets_the_others_have_it(world: World) -> None:
    for number in range(900_301, 900_361):
        await subscriber(world, number)
    campaign_id = await started(world, draft_of(world, "now", more=COHORT))
    first = (await counts_of(world, campaign_id))[State.SENT]
    assert 8 < first < 30
    await world.later(minutes=29)
    assert (await counts_of(world, campaign_id))[State.SENT] == first
    await world.later(minutes=2)
    assert await counts_of(world, campaign_id) == {State.SENT: 60}
    assert await state_of(world, campaign_id) is CampaignState.DONE
    world.telegram.take_unexpected()


async def test_a_series_welcomes_and_comes_back_after_a_day_and_a_week(world: World) -> None:
    for day in (0, 1, 7):
        draft = draft_of(world, f"{{after: joined, days: {day}}}", title=f"Día {day}")
        await approved(world, draft)
    await subscriber(world, 900_200)  # A day before the other one.
    got: Counter[int] = Counter()
    await until(world, "2026-11-26 10:30")
    got.update(received(world))
    assert got == {900_200: 2}, "the welcome, and the next day's at ten"
    await subscriber(world, 900_201)
    hours: dict[int, list[str]] = {900_200: [], 900_201: []}
    for _ in range(10 * 12):
        await world.later(hours=2)
        for number in received(world):
            now = world.platform.clock.now().astimezone(OAXACA)
            hours[number].append(now.strftime("%d %H"))
    assert hours[900_200] == ["02 10"]
    assert hours[900_201] == ["26 12", "27 10", "03 10"]


async def test_nobody_gets_more_than_so_many_campaigns_a_week(database: Database) -> None:
    async with world_of(database, campaigns_a_week=2) as world:
        await subscriber(world, 900_201)
        for _ in range(2):
            await started(world, draft_of(world, "now"))
            await world.chat(900_201).reads("Ventanilla abierta.")
        third = await started(world, draft_of(world, "now"))
        assert await counts_of(world, third) == {State.SKIPPED: 1}
        urgent = await started(world, draft_of(world, "now", more="class: emergency\n"))
        await world.chat(900_201).reads("Ventanilla abierta.")
        assert await counts_of(world, urgent) == {State.SENT: 1}
        await world.later(days=8)
        await started(world, draft_of(world, "now"))
        await world.chat(900_201).reads("Ventanilla abierta.")
