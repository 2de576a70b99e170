"""Warnings from the first run of a campaign to their end."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from campaigns.content.model import Wording
from campaigns.model import Campaign, CampaignClass, CampaignDraft, CampaignState
from campaigns.schedule.model import Now
from campaigns.warnings import cap, service, store
from campaigns.warnings.model import Bulletin, MessageKind, Reference, Status, Urgency, Warning
from contacts.model import Topic
from db.session import Database
from delivery.content import Content
from kit.errors import Refused
from staff.model import Member, Role
from staff.store import audit
from tests.stores.campaign_people import NOON, TELEGRAM_FIRST, a_member
from tests.unit.campaigns.bulletins import ISSUER, WARNING
from tests.unit.campaigns.cap_schema import broken_rules, problems

HOUR = timedelta(hours=1)
SAID = {"es": "Nadie le pedirá dinero.", "en": "Nobody asks for money.", "mix": "…"}


@pytest.fixture
async def member(database: Database) -> Member:
    return await a_member(database, 1)


def campaign(campaign_id: int, warning: Warning | None = WARNING) -> Campaign:
    draft = CampaignDraft(
        title=f"Fraudes {campaign_id}",
        topic=Topic.FRAUD,
        kind=CampaignClass.NORMAL,
        audience="topic:fraud",
        channels=TELEGRAM_FIRST,
        contents={"es": Wording("Nadie le pedirá dinero.")},
        schedule=Now(),
        warning=warning,
    )
    return Campaign(campaign_id, draft, CampaignState.SENDING, author_id=1)


async def published(
    database: Database,
    campaign_id: int,
    now: datetime = NOON,
    *,
    warning: Warning | None = WARNING,
    said: dict[str, str] = SAID,
) -> Bulletin | None:
    """What the opening of a run publishes; it is valid CAP."""
    contents = {language: Content(chat=text, sms="") for language, text in said.items()}
    async with database.write() as session:
        made = await service.publish(session, campaign(campaign_id, warning), contents, now)
    if made is not None:
        document = cap.document(made, ISSUER)
        assert problems(document) == []
        assert broken_rules(document) == []
    return made


async def alert(database: Database, campaign_id: int, now: datetime = NOON) -> Bulletin:
    made = await published(database, campaign_id, now)
    assert made is not None
    assert made.kind is MessageKind.ALERT
    return made


async def withdrawn(
    database: Database, campaign_id: int, member: Member, now: datetime
) -> Bulletin:
    async with database.write() as session:
        made = await service.withdraw(session, campaign_id, member, now)
    document = cap.document(made, ISSUER)
    assert problems(document) == []
    assert broken_rules(document) == []
    return made


async def feed(database: Database, now: datetime) -> list[str]:
    """The names of what the public is to know now, the newest first."""
    async with database.read() as session:
        return [bulletin.name for bulletin in await store.in_feed(session, now)]


async def changed(database: Database, now: datetime) -> datetime | None:
    async with database.read() as session:
        return await store.changed_at(session, now)


async def test_the_first_run_publishes_an_alert_in_every_language_of_the_campaign(
    database: Database,
) -> None:
    made = await alert(database, 12, NOON + timedelta(microseconds=900_000))
    assert (made.name, made.sent, made.expires) == ("12", NOON, NOON + 48 * HOUR)
    assert [info.language for info in made.infos] == ["es", "en", "mix"]
    assert [info.event for info in made.infos] == [
        "Fraude con visas",
        "Visa fraud",
        "Fraude con visas",
    ]
    # The title is Spanish.
    assert [info.headline for info in made.infos] == ["Fraudes 12", "", ""]
    assert made.infos[1].description == "Nobody asks for money."
    async with database.read() as session:
        assert await store.named(session, 12, 1) == made
        assert await session.scalar(select(audit.c.about)) == "campaign:12"
    assert await feed(database, NOON) == ["12"]


async def test_each_block_holds_what_is_written_in_its_language(database: Database) -> None:
    warning = replace(
        WARNING,
        headline={"es": "Cuidado", "en": "Beware", "zapoteco": "Z"},
        instruction={"es": "No pague.", "mixteco": "M"},
    )
    said = {**SAID, "mixteco": SAID["es"], "zap": SAID["es"], "zapoteco": SAID["es"]}
    made = await published(database, 12, warning=warning, said={**said, "chatino": SAID["es"]})
    assert made is not None
    assert [
        (info.language, info.headline, info.description, info.instruction) for info in made.infos
    ] == [
        ("es", "Cuidado", SAID["es"], "No pague."),
        ("en", "Beware", SAID["en"], ""),
        ("mix", "", SAID["mix"], "M"),
        ("zap", "Z", "", ""),
        ("zapoteco", "Z", "", ""),
    ]
    # Mixtec at large and Chatino have a recording in chats, and no word that is theirs.


async def test_a_campaign_without_a_warning_publishes_nothing(database: Database) -> None:
    assert await published(database, 12, warning=None) is None
    assert await feed(database, NOON) == []
    assert await changed(database, NOON) is None


async def test_no_two_messages_have_the_same_identifier(database: Database) -> None:
    assert (await alert(database, 12)).identifier != (await alert(database, 13)).identifier


async def test_a_later_run_that_says_the_same_publishes_nothing(database: Database) -> None:
    await alert(database, 12)
    assert await published(database, 12, NOON + HOUR) is None
    assert await feed(database, NOON + HOUR) == ["12"]


async def test_a_later_run_that_says_something_else_updates_its_own_warning(
    database: Database,
) -> None:
    first = await alert(database, 12)
    second = await published(database, 12, NOON + HOUR, said={"es": "No pague nada."})
    assert second is not None
    assert (second.kind, second.name) == (MessageKind.UPDATE, "12-2")
    assert second.references == (Reference(first.identifier, first.sent),)
    assert await feed(database, NOON + HOUR) == ["12-2"]


async def test_a_later_run_warns_anew_when_the_warning_is_over(database: Database) -> None:
    await alert(database, 12)
    again = await alert(database, 12, NOON + 48 * HOUR)
    assert (again.name, again.references) == ("12-2", ())
    assert await feed(database, NOON + 48 * HOUR) == ["12-2"]


async def test_another_campaign_takes_the_place_of_a_warning(database: Database) -> None:
    first = await alert(database, 12)
    update = replace(WARNING, updates=12)
    second = await published(database, 15, NOON + HOUR, warning=update)
    assert second is not None
    assert (second.kind, second.name) == (MessageKind.UPDATE, "15")
    assert second.references == (Reference(first.identifier, first.sent),)
    assert await feed(database, NOON + HOUR) == ["15"]
    # A run of the one that was replaced does not bring it back.
    assert await published(database, 12, NOON + 2 * HOUR, said={"es": "Otra cosa."}) is None
    assert await published(database, 12, NOON + 60 * HOUR) is None


async def test_an_update_takes_the_place_of_what_stands_now_for_the_campaign_it_names(
    database: Database,
) -> None:
    update = replace(WARNING, updates=12)
    first = await alert(database, 12)
    second = await published(database, 15, NOON + HOUR, warning=update)
    third = await published(database, 16, NOON + 2 * HOUR, warning=update)
    assert second is not None
    assert third is not None
    assert [one.identifier for one in third.references] == [first.identifier, second.identifier]
    assert await feed(database, NOON + 2 * HOUR) == ["16"]


async def test_what_is_over_is_not_updated_but_warned_of_anew(database: Database) -> None:
    await alert(database, 12)
    made = await published(database, 15, NOON + 48 * HOUR, warning=replace(WARNING, updates=12))
    assert made is not None
    assert (made.kind, made.references) == (MessageKind.ALERT, ())


async def test_a_warning_that_updates_what_nobody_published_is_refused(
    database: Database,
) -> None:
    async with database.read() as session:
        await service.check(session, WARNING)
        with pytest.raises(Refused) as refused:
            await service.check(session, replace(WARNING, updates=99))
    assert refused.value.key == "warnings.nothing_to_update"
    await alert(database, 12)
    async with database.read() as session:
        await service.check(session, replace(WARNING, updates=12))


async def test_a_withdrawn_warning_is_cancelled_and_never_comes_back(
    database: Database, member: Member
) -> None:
    first = await alert(database, 12)
    cancel = await withdrawn(database, 12, member, NOON + HOUR)
    assert (cancel.kind, cancel.name, cancel.urgency) == (
        MessageKind.CANCEL,
        "12-2",
        Urgency.PAST,
    )
    assert cancel.references == (Reference(first.identifier, first.sent),)
    assert cancel.expires == first.expires
    assert [info.language for info in cancel.infos] == ["es", "en"]
    assert await feed(database, NOON + HOUR) == ["12-2"]
    assert await feed(database, first.expires) == []
    assert await published(database, 12, NOON + 2 * HOUR, said={"es": "Otra cosa."}) is None
    assert await published(database, 12, NOON + 60 * HOUR) is None
    async with database.read() as session:
        assert await store.named(session, 12, 1) == first
        rows = await session.all(select(audit.c.act, audit.c.member_id).order_by(audit.c.id))
    assert [(row["act"], row["member_id"]) for row in rows] == [
        ("warnings.publish", None),
        ("warnings.withdraw", member.id),
    ]


async def test_after_a_withdrawal_another_campaign_warns_anew(
    database: Database, member: Member
) -> None:
    await alert(database, 12)
    await withdrawn(database, 12, member, NOON + HOUR)
    made = await published(database, 15, NOON + 2 * HOUR, warning=replace(WARNING, updates=12))
    assert made is not None
    assert made.kind is MessageKind.ALERT
    assert await feed(database, NOON + 2 * HOUR) == ["15", "12-2"]


async def refusal(database: Database, campaign_id: int, member: Member, now: datetime) -> str:
    with pytest.raises(Refused) as refused:
        await withdrawn(database, campaign_id, member, now)
    return refused.value.key


async def test_what_does_not_stand_cannot_be_withdrawn(database: Database, member: Member) -> None:
    assert await refusal(database, 12, member, NOON) == "warnings.none"
    made = await alert(database, 12)
    assert await refusal(database, 12, member, made.expires) == "warnings.over"
    await withdrawn(database, 12, member, NOON + HOUR)
    assert await refusal(database, 12, member, NOON + HOUR) == "warnings.over"


async def test_a_warning_that_another_replaced_is_withdrawn_there(
    database: Database, member: Member
) -> None:
    await alert(database, 12)
    await published(database, 15, NOON + HOUR, warning=replace(WARNING, updates=12))
    assert await refusal(database, 12, member, NOON + HOUR) == "warnings.replaced"
    await withdrawn(database, 15, member, NOON + 2 * HOUR)
    assert await refusal(database, 12, member, NOON + 2 * HOUR) == "warnings.replaced"
    assert await feed(database, NOON + 2 * HOUR) == ["15-2"]


async def test_who_may_not_approve_campaigns_may_not_withdraw_their_warnings(
    database: Database,
) -> None:
    await alert(database, 12)
    outsider = await a_member(database, 2, Role.DUTY)
    assert await refusal(database, 12, outsider, NOON) == "staff.not_allowed"
    assert await feed(database, NOON) == ["12"]


async def test_an_expired_warning_leaves_the_feed_and_the_feed_has_changed(
    database: Database,
) -> None:
    made = await alert(database, 12)
    await published(database, 13, NOON + HOUR, warning=replace(WARNING, expires=100 * HOUR))
    assert await changed(database, NOON) == NOON
    assert await changed(database, NOON + HOUR) == NOON + HOUR
    just_before = made.expires - timedelta(seconds=1)
    assert await feed(database, just_before) == ["13", "12"]
    assert await changed(database, just_before) == NOON + HOUR
    assert await feed(database, made.expires) == ["13"]
    assert await changed(database, made.expires + HOUR) == made.expires


async def test_a_warning_that_is_over_can_still_be_read(database: Database) -> None:
    made = await alert(database, 12)
    async with database.read() as session:
        assert await store.named(session, 12, 1) == made
        assert await store.named(session, 12, 2) is None
        assert await store.named(session, 13, 1) is None


async def test_the_feed_is_never_longer_than_its_limit(database: Database) -> None:
    for number in range(store.MOST_IN_FEED + 5):
        await published(database, number + 1, NOON + timedelta(minutes=number))
    names = await feed(database, NOON + 2 * HOUR)
    assert len(names) == store.MOST_IN_FEED
    assert names[0] == str(store.MOST_IN_FEED + 5)


async def test_a_unit_that_fails_publishes_nothing(database: Database) -> None:
    contents = {"es": Content(chat="Hola", sms="")}

    async def fails() -> None:
        async with database.write() as session:
            await service.publish(session, campaign(12), contents, NOON)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fails()
    assert await feed(database, NOON) == []


async def test_a_test_says_that_it_is_one(database: Database) -> None:
    made = await published(database, 12, warning=replace(WARNING, status=Status.TEST))
    assert made is not None
    assert b"<status>Test</status>" in cap.document(made, ISSUER)


async def test_nothing_about_contacts_stands_in_the_table(database: Database) -> None:
    await alert(database, 12)
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(store.warning)) == 1
    columns = {column.name for column in store.warning.columns}
    assert not {name for name in columns if "contact" in name or "endpoint" in name}
