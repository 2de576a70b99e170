"""A campaign with a file is tested, approved and sent by the bot that holds it."""

from datetime import timedelta

import pytest

from campaigns import service, tick
from campaigns.conduct import Conduct
from campaigns.content.model import Wording
from campaigns.files.formats import MediaKind
from campaigns.model import CampaignState
from campaigns.schedule.model import At
from db.session import Database
from delivery import runs
from delivery.content import Attachment
from delivery.reading import Wordings
from kit.channels import Channel
from kit.errors import Refused
from staff.model import Member
from tests.stores.campaign_people import (
    NOON,
    Person,
    a_draft,
    a_member,
    frozen,
    people_in,
    senders_in,
    state_of,
)
from tests.stores.media_rig import (
    CHAT,
    OTHER,
    PHONE,
    Uploader,
    created,
    kept_in,
    queued,
    somebody,
    tried,
    with_photo,
    worked,
)
from tests.unit.campaigns.media_samples import opus

BOT = Conduct(bot="42")


async def ready(database: Database, uploader: Uploader) -> tuple[int, Member, Member]:
    """A campaign with a photo that was tested by a bot; its author, and who may approve it."""
    await senders_in(database, uploader)
    await kept_in(database)
    author, reader = await somebody(database, 1, CHAT), await somebody(database, 2, OTHER)
    number = await created(database, author)
    await tried(database, number, author)
    await worked(database, uploader)
    return number, author, reader


async def approve(
    database: Database, number: int, reader: Member, conduct: Conduct = BOT
) -> CampaignState:
    async with database.write() as session:
        return await service.approve(session, number, reader, NOON, conduct)


async def test_nobody_approves_what_was_not_tested(database: Database) -> None:
    await senders_in(database, Uploader())
    await kept_in(database)
    author, reader = await somebody(database, 1, CHAT), await somebody(database, 2)
    number = await created(database, author)
    with pytest.raises(Refused) as caught:
        await approve(database, number, reader)
    assert caught.value.key == "campaigns.media.untested"
    await tried(database, number, author)
    with pytest.raises(Refused):
        await approve(database, number, reader)
    await worked(database, Uploader())
    with pytest.raises(Refused):
        # Tested by another bot than the one that would send it.
        await approve(database, number, reader, Conduct(bot="43"))
    assert await approve(database, number, reader) is CampaignState.APPROVED


async def test_a_run_carries_the_name_of_its_file(database: Database) -> None:
    await people_in(database, Person([Channel.TELEGRAM]))
    number, _author, reader = await ready(database, Uploader())
    await approve(database, number, reader)
    async with database.write() as session:
        await service.start(session, number, None, NOON, BOT)
    run_id = await frozen(database, number)
    async with database.read() as session:
        said = await Wordings().of(session, run_id, "es")
    assert said.attachment == Attachment("photo", "F1")


async def test_without_telegram_a_campaign_with_a_file_goes_by_sms(database: Database) -> None:
    await kept_in(database)
    author, reader = await somebody(database, 1, PHONE), await somebody(database, 2)
    number = await created(database, author)
    assert await approve(database, number, reader) is CampaignState.APPROVED


async def test_a_start_under_another_bot_leads_back_to_review(database: Database) -> None:
    number, author, reader = await ready(database, Uploader())
    await approve(database, number, reader)
    async with database.write() as session:
        state = await service.start(session, number, None, NOON, Conduct(bot="43"))
    assert state is await state_of(database, number) is CampaignState.REVIEW
    async with database.read() as session:
        assert not await runs.of_campaign(session, number)
    told = (await queued(database))[-2:]
    assert all(f"campaña {number}" in content.chat for content in told)
    await tried(database, number, author)
    await worked(database, Uploader("43"))
    assert await approve(database, number, reader, Conduct(bot="43")) is CampaignState.APPROVED


async def test_a_schedule_that_fires_under_another_bot_leads_back_to_review(
    database: Database,
) -> None:
    uploader = Uploader()
    await senders_in(database, uploader)
    await kept_in(database)
    author, reader = await somebody(database, 1, CHAT), await somebody(database, 2)
    at = NOON + timedelta(hours=1)
    async with database.write() as session:
        draft = a_draft(contents={"es": with_photo()}, schedule=At(at, "UTC"))
        number = await service.create(session, draft, author, NOON)
    await tried(database, number, author)
    await worked(database, uploader)
    assert await approve(database, number, reader) is CampaignState.SCHEDULED
    async with database.write() as session:
        await tick.fire_due(session, at, Conduct(bot="43"))
    assert await state_of(database, number) is CampaignState.REVIEW
    async with database.write() as session:
        await tick.fire_due(session, at, Conduct(bot="43"))
    assert len([c for c in await queued(database) if "Volvió a revisión" in c.chat]) == 1
    async with database.read() as session:
        assert not await runs.of_campaign(session, number)


async def test_a_campaign_without_files_needs_no_test(database: Database) -> None:
    await senders_in(database, Uploader())
    author, reader = await a_member(database, 1), await a_member(database, 2)
    number = await created(database, author, es=Wording("Hola."))
    assert await approve(database, number, reader) is CampaignState.APPROVED


async def test_an_edit_to_another_file_asks_for_another_test(database: Database) -> None:
    number, author, reader = await ready(database, Uploader())
    voice = opus()
    told = await kept_in(database, voice, MediaKind.VOICE)
    draft = a_draft(contents={"es": Wording("Hola.", media=told)})
    async with database.write() as session:
        await service.edit(session, number, draft, author, NOON)
    with pytest.raises(Refused):
        await approve(database, number, reader)
