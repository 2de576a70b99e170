"""Marks on contacts, by which they can be chosen later."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from contacts import store as contacts
from contacts.tags import contact_tag, tag, tags_of, untag
from db.session import Database
from kit.errors import Invalid
from tests.stores.campaign_people import NOON, Person, people_in


async def test_a_contact_carries_its_tags_until_they_are_taken_away(database: Database) -> None:
    marked, other = await people_in(database, Person(), Person())
    async with database.write() as session:
        await tag(session, marked, "poll-12-1", NOON)
        await tag(session, marked, "keyword-feria", NOON)
        await tag(session, other, "poll-12-1", NOON)
        assert await tags_of(session, marked) == ("keyword-feria", "poll-12-1")
        await untag(session, marked, "poll-12-1")
        await untag(session, marked, "never-there")
        assert await tags_of(session, marked) == ("keyword-feria",)
        assert await tags_of(session, other) == ("poll-12-1",)


async def test_a_tag_given_twice_is_one_with_the_time_of_the_first(database: Database) -> None:
    (somebody,) = await people_in(database, Person())
    async with database.write() as session:
        await tag(session, somebody, "Feria", NOON)
        await tag(session, somebody, "feria", NOON + timedelta(days=1))
        rows = await session.all(select(contact_tag))
    assert [(row["tag"], row["at"]) for row in rows] == [("feria", NOON)]


@pytest.mark.parametrize("name", ["", " ", "a b", "año", "-a", "a:b", 'a"', "x" * 41, "a_b"])
async def test_what_an_audience_could_not_name_is_no_tag(database: Database, name: str) -> None:
    (somebody,) = await people_in(database, Person())
    async with database.write() as session:
        with pytest.raises(Invalid):
            await tag(session, somebody, name, NOON)
        with pytest.raises(Invalid):
            await untag(session, somebody, name)
        assert await tags_of(session, somebody) == ()


async def test_the_tags_of_somebody_who_is_forgotten_are_forgotten(database: Database) -> None:
    (somebody,) = await people_in(database, Person())
    async with database.write() as session:
        await tag(session, somebody, "feria", NOON)
        await contacts.erase(session, somebody)
        assert await session.scalar(select(func.count()).select_from(contact_tag)) == 0
