"""From which of several numbers somebody is written to."""

from collections import Counter

from campaigns import service, store, tick
from campaigns.conduct import AT_ONCE
from campaigns.model import CampaignState
from campaigns.schedule.occurrences import Occurrence
from contacts import store as contacts
from db.session import Database
from delivery import senders
from delivery import store as messages
from delivery.content import Content
from delivery.model import Lane, NewMessage
from tests.stores.campaign_ledger import SMS, rows_of
from tests.stores.campaign_people import (
    NOON,
    Person,
    a_draft,
    endpoint_of,
    frozen,
    people_in,
    senders_in,
    started,
)
from tests.stores.sending_rig import Way


async def test_two_numbers_share_the_load_by_their_rates(database: Database) -> None:
    two = Way(SMS, 1), Way(SMS, 3, name="sms-2"), Way(SMS, 50, name="sms-urgent", urgent_only=True)
    await senders_in(database, *two)
    await people_in(database, *[Person()] * 100)
    campaign_id = await started(database, a_draft(channels=(SMS,)))
    await frozen(database, campaign_id)
    rows = (await rows_of(database, campaign_id)).values()
    shares = Counter(row["sender"] for row in rows)
    assert set(shares) == {"sms", "sms-2"}
    assert 65 <= shares["sms-2"] <= 85


async def test_somebody_is_written_to_from_the_number_that_wrote_to_them_before(
    database: Database,
) -> None:
    one, other = Way(SMS, 1), Way(SMS, 1, name="sms-2")
    await senders_in(database, one, other)
    await people_in(database, *[Person()] * 40)
    first = await started(database, a_draft(channels=(SMS,)))
    await frozen(database, first)
    before = {who: row["sender"] for who, row in (await rows_of(database, first)).items()}
    assert set(before.values()) == {"sms", "sms-2"}
    # A third number takes nobody away from the two, and a person may have changed over.
    await senders_in(database, one, other, Way(SMS, 9, name="sms-3"))
    moved = min(who for who, name in before.items() if name == "sms")
    async with database.write() as session:
        (address,) = await contacts.addresses(session, moved)
        await senders.remember(session, address.endpoint, "sms-3")
        again = await store.add(session, a_draft(channels=(SMS,)), CampaignState.SENDING, 1, NOON)
        campaign = await service.get(session, again)
        await tick.open_run(session, campaign, [Occurrence(NOON)], AT_ONCE, NOON)
    await frozen(database, again)
    after = {who: row["sender"] for who, row in (await rows_of(database, again)).items()}
    assert after == before | {moved: "sms-3"}


async def test_a_message_on_its_own_leaves_from_the_number_that_they_wrote_to(
    database: Database,
) -> None:
    end = endpoint_of(7, SMS)
    await senders_in(database, Way(SMS), Way(SMS, name="sms-2"))
    new = NewMessage((end,), Content("Hola", "Hola"), Lane.REPLY)
    async with database.write() as session:
        assert (await messages.add(session, new, NOON))[1] == "sms"
        await senders.remember(session, end, "sms-2")
        assert (await messages.add(session, new, NOON))[1] == "sms-2"
