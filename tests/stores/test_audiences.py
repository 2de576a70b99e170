"""Audiences under a name, and what becomes of them where they are used."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from campaigns import store
from campaigns.audience import audiences
from campaigns.audience.audiences import audience, expanded, known, save
from campaigns.audience.counting import count
from campaigns.audience.language import MOST_DEPTH, AudienceError, parse, written
from campaigns.model import CampaignState
from contacts.model import Topic
from contacts.tags import tag
from db.session import Database, Session
from kit.channels import Channel
from kit.errors import Invalid, NotFound, Refused
from staff.model import Member, Role
from staff.store import audit
from tests.stores.campaign_people import NOON, Person, a_draft, a_member, people_in

SMS, TELEGRAM = Channel.SMS, Channel.TELEGRAM
LATER = NOON + timedelta(days=1)


@pytest.fixture
async def author(database: Database) -> Member:
    return await a_member(database, 1)


async def saved(session: Session, author: Member, **texts: str) -> None:
    for name, text in texts.items():
        await save(session, name, text, author, NOON)


async def whole(session: Session, text: str) -> str:
    return written(await expanded(session, parse(text)))


async def fault(session: Session, text: str) -> tuple[int, str]:
    """Where and why an audience is refused."""
    with pytest.raises(AudienceError) as caught:
        await known(session, await expanded(session, parse(text)))
    return caught.value.position, caught.value.reason.key.rsplit(".", 1)[-1]


async def put(session: Session, name: str, text: str) -> None:
    """What no use case would let in."""
    row = {"name": name, "expression": text, "author_id": 1, "created_at": NOON, "changed_at": NOON}
    await session.execute(audience.insert().values(**row))


async def test_a_saved_audience_stands_for_what_it_says(database: Database, author: Member) -> None:
    async with database.write() as session:
        await saved(session, author, us="country:US", west="state:CA or state:OR")
        await saved(session, author, both="saved:us and saved:west")
        assert await whole(session, "topic:fraud and saved:us") == "topic:fraud and country:US"
        assert await whole(session, "not saved:west") == "not (state:CA or state:OR)"
        assert await whole(session, "saved:both or tag:x") == (
            "country:US and (state:CA or state:OR) or tag:x"
        )
        assert await whole(session, "topic:fraud") == "topic:fraud"


async def test_a_name_saved_again_says_the_new_thing_wherever_it_is_used(
    database: Database, author: Member
) -> None:
    other = await a_member(database, 2)
    async with database.write() as session:
        await saved(session, author, us="country:US", west="saved:us and state:CA")
        first = await audiences.get(session, "us")
        again = await save(session, " US ", "  country:US or country:MX ", other, LATER)
        assert await whole(session, "saved:west") == "(country:US or country:MX) and state:CA"
        assert [one.name for one in await audiences.all_of(session)] == ["us", "west"]
    assert (again.id, again.created_at, again.changed_at) == (first.id, NOON, LATER)
    assert (again.expression, again.author_id) == ("country:US or country:MX", other.id)


async def test_who_saves_and_removes_stands_in_the_audit(
    database: Database, author: Member
) -> None:
    async with database.write() as session:
        made = await save(session, "us", "country:US", author, NOON)
        await audiences.remove(session, "us", author, LATER)
        lines = await session.all(select(audit).order_by(audit.c.id))
    assert [(line["act"], line["about"], line["member_id"]) for line in lines][-2:] == [
        ("audiences.save", f"audience:{made.id}", author.id),
        ("audiences.remove", f"audience:{made.id}", author.id),
    ]


async def test_only_those_who_write_campaigns_save_and_remove(
    database: Database, author: Member
) -> None:
    guard = await a_member(database, 3, Role.DUTY)
    async with database.write() as session:
        await saved(session, author, us="country:US")
        with pytest.raises(Refused):
            await save(session, "us", "country:MX", guard, NOON)
        with pytest.raises(Refused):
            await audiences.remove(session, "us", guard, NOON)
        assert await whole(session, "saved:us") == "country:US"


@pytest.mark.parametrize("name", ["", "a b", "señoras", "x" * 41, "a:b", "-a"])
async def test_what_could_not_be_written_after_saved_is_no_name(
    database: Database, author: Member, name: str
) -> None:
    async with database.write() as session:
        with pytest.raises(Invalid):
            await save(session, name, "country:US", author, NOON)
        assert await audiences.all_of(session) == ()


@pytest.mark.parametrize(
    ("text", "position", "reason"),
    [
        ("country:US and", 15, "ended"),
        ("country:US and saved:nobody", 22, "unknown_saved"),
        ("country:US and not received:404", 29, "unknown_campaign"),
        # It would contain itself.
        ("country:US or saved:mine", 21, "circle"),
        ("tag:a or saved:theirs", 16, "circle"),
    ],
)
async def test_what_could_not_be_used_is_not_saved(
    database: Database, author: Member, text: str, position: int, reason: str
) -> None:
    async with database.write() as session:
        await saved(session, author, mine="tag:mine")
        await saved(session, author, theirs="country:MX and saved:mine")
        with pytest.raises(AudienceError) as caught:
            await save(session, "mine", text, author, LATER)
        assert (caught.value.position, caught.value.reason.key.rsplit(".", 1)[-1]) == (
            position,
            reason,
        )
        assert await whole(session, "saved:mine") == "tag:mine"


async def test_faults_inside_of_a_saved_audience_are_told_where_it_is_named(
    database: Database,
) -> None:
    async with database.write() as session:
        await put(session, "a", "tag:x and (saved:b)")
        await put(session, "b", "tag:y or saved:a")
        await put(session, "old", "origin:nowhere")
        await put(session, "gone", "tag:x and saved:removed")
        await put(session, "campaign", "tag:x and tag:y and received:404")
        await put(session, "outer", "tag:long-before and saved:campaign")
        assert await fault(session, "tag:z or saved:a") == (16, "circle")
        assert await fault(session, "tag:z or saved:b") == (16, "circle")
        assert await fault(session, "tag:z or saved:old") == (16, "saved_unreadable")
        assert await fault(session, "tag:z or saved:gone") == (16, "unknown_saved")
        assert await fault(session, "tag:z or saved:outer") == (16, "unknown_campaign")


async def test_audiences_that_multiply_are_refused_before_they_grow(database: Database) -> None:
    async with database.write() as session:
        await put(session, "a0", "tag:x")
        for number in range(1, 60):
            await put(session, f"a{number}", f"saved:a{number - 1} and saved:a{number - 1}")
        # 128 terms are allowed; every term more than 200 is not, however it came about.
        assert (await whole(session, "saved:a7")).count("tag:x") == 128
        assert await fault(session, "tag:x or saved:a8") == (16, "saved_too_much")
        assert await fault(session, "tag:x or saved:a59") == (16, "circle")


async def test_no_chain_of_names_is_too_long_for_a_clear_answer(database: Database) -> None:
    async with database.write() as session:
        await put(session, "a0", "tag:x")
        for number in range(1, 200):
            await put(session, f"a{number}", f"saved:a{number - 1}")
        assert await whole(session, f"saved:a{MOST_DEPTH - 1}") == "tag:x"
        assert await fault(session, "saved:a199") == (7, "circle")


async def test_the_deepest_audiences_that_are_allowed_in_one_another_are_refused_with_a_reason(
    database: Database,
) -> None:
    deep = "tag:a or tag:b and (" * MOST_DEPTH + "tag:c" + ")" * MOST_DEPTH
    async with database.write() as session:
        await put(session, "deep", deep)
        around = deep.replace("tag:c", "saved:deep")
        position = around.index("saved:deep") + 1 + len("saved:")
        assert await fault(session, around) == (position, "saved_too_much")
        # What was looked up can be read back as it will stand in a run.
        found = await expanded(session, parse("saved:deep"))
        assert parse(written(found)) == found == parse(deep)


async def test_what_is_too_long_with_its_saved_audiences_is_refused(database: Database) -> None:
    long = " or ".join([f"origin:{20001 + place} and language:mixteco" for place in range(90)])
    async with database.write() as session:
        await put(session, "long", long)
        assert await whole(session, "saved:long") == long
        assert await fault(session, "topic:fraud and saved:long and saved:long") == (
            23,
            "saved_too_much",
        )


async def test_an_audience_that_something_names_is_not_removed(
    database: Database, author: Member
) -> None:
    async with database.write() as session:
        await saved(session, author, us="country:US", west="saved:us and state:CA")
        with pytest.raises(Refused) as caught:
            await audiences.remove(session, "us", author, NOON)
        assert caught.value.params["where"] == "west"
        draft = a_draft(audience="topic:fraud and not saved:west")
        made = await store.add(session, draft, CampaignState.REVIEW, author.id, NOON)
        with pytest.raises(Refused) as caught:
            await audiences.remove(session, "west", author, NOON)
        assert caught.value.params["where"] == str(made)
        # What is over will not ask again.
        await store.change(session, made, state=CampaignState.DONE)
        await audiences.remove(session, "west", author, NOON)
        await audiences.remove(session, "us", author, NOON)
        assert await audiences.all_of(session) == ()


async def test_a_name_that_nobody_saved_is_not_found(database: Database, author: Member) -> None:
    async with database.write() as session:
        for name in ("nobody", "not a name", ""):
            with pytest.raises(NotFound):
                await audiences.get(session, name)
            with pytest.raises(NotFound):
                await audiences.remove(session, name, author, NOON)


async def test_a_campaign_that_exists_may_be_asked_for(database: Database, author: Member) -> None:
    async with database.write() as session:
        made = await store.add(session, a_draft(), CampaignState.REVIEW, author.id, NOON)
        await known(session, parse(f"received:{made}"))
        assert await fault(session, f"received:{made} or received:{made + 1}") == (
            24,
            "unknown_campaign",
        )


async def test_a_count_tells_channel_language_region_country_and_who_cannot_be_written_to(
    database: Database, author: Member
) -> None:
    mixteca = {"origin_region": "mixteca", "country": "US"}
    both, *_others = await people_in(
        database,
        Person(ways=(SMS, TELEGRAM), language="mix", topics=[], about=mixteca),
        Person(ways=[SMS], about=mixteca),
        Person(ways=[SMS], about={"country": "MX"}),
        Person(ways=[SMS], stopped=[SMS]),
        Person(ways=(SMS, TELEGRAM), stopped=[SMS]),
        Person(ways=(SMS, TELEGRAM), stopped=[SMS], dead=[TELEGRAM]),
        Person(ways=(SMS, TELEGRAM), dead=[SMS, TELEGRAM], stopped=[TELEGRAM]),
        Person(ways=[]),
    )
    async with database.write() as session:
        await tag(session, both, "feria", NOON)
        await saved(session, author, mixteca="region:mixteca")
    async with database.read() as session:
        assert await count(session, "not state:CA") == {
            "total": 8,
            "by_channel": {"telegram": 2, "sms": 3},
            "by_language": {"es": 7, "mix": 1},
            "by_region": {"unknown": 6, "mixteca": 2},
            "by_country": {"unknown": 5, "US": 2, "MX": 1},
            "excluded": {"no_address": 2, "opted_out": 2},
        }
        # Consent counts only where it is asked for, and excludes nobody from what was not asked.
        asked = await count(session, "topic:fraud")
        assert asked["total"] == 7
        assert asked["excluded"] == {"no_address": 2, "opted_out": 2}
        assert Topic.FRAUD in Person().topics
        assert await count(session, "saved:mixteca and tag:feria") == {
            "total": 1,
            "by_channel": {"telegram": 1, "sms": 1},
            "by_language": {"mix": 1},
            "by_region": {"mixteca": 1},
            "by_country": {"US": 1},
            "excluded": {},
        }


async def test_a_count_of_nobody_is_all_noughts(database: Database) -> None:
    async with database.read() as session:
        assert await count(session, "tag:nobody") == {
            "total": 0,
            "by_channel": {"telegram": 0, "sms": 0},
            "by_language": {},
            "by_region": {},
            "by_country": {},
            "excluded": {},
        }


@pytest.mark.parametrize("text", ["saved:nobody", "received:404", "tag:"])
async def test_what_does_not_exist_is_not_counted_as_nobody(database: Database, text: str) -> None:
    async with database.read() as session:
        with pytest.raises(AudienceError):
            await count(session, text)
