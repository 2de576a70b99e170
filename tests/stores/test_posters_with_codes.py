"""Posters are made once, found again, and taken down; their codes are nobody else's."""

import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from campaigns.posters import service, store
from campaigns.posters.codes import new_code
from campaigns.posters.model import Draft
from campaigns.posters.store import Wanted
from contacts.atlas import Region
from contacts.gazetteer import load_gazetteer
from contacts.model import Topic
from db.session import Database
from kit.channels import Channel, Endpoint
from kit.errors import Invalid, NotFound, Refused
from staff import service as staff
from staff import store as members
from staff.audit import reading
from staff.model import RIGHTS, Member, Right, Role
from tests.databases import sqlite_database
from tests.stores.campaign_answers import a_campaign

NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
MIXTECA = Draft(region=Region.MIXTECA, label="Presidencia municipal")
TLAXIACO = Draft(clave=20397, region=Region.MIXTECA, label="Terminal de Tlaxiaco")


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Database]:
    database = await sqlite_database(tmp_path)
    yield database
    await database.close()


async def somebody(database: Database, role: Role = Role.COMMUNICATOR) -> Member:
    email = f"{role}@example.org"
    async with database.write() as session:
        await staff.add(
            session,
            name="Rosa Inventada",
            email=email,
            role=role,
            endpoints=[Endpoint(Channel.TELEGRAM, str(900_000 + list(Role).index(role)))],
            now=NOW,
            pick=lambda below: 0,
        )
        found = await members.by_email(session, email)
    assert found is not None
    return found


async def test_one_for_each_town_of_a_region_and_none_twice(opened: Database) -> None:
    rosa, pick, places = await somebody(opened), random.Random(1).randrange, load_gazetteer()
    async with opened.write() as session:
        assert await service.make_for_region(session, rosa, MIXTECA, places, pick, NOW) == (155, 0)
    async with opened.write() as session:
        assert await service.make_for_region(session, rosa, MIXTECA, places, pick, NOW) == (0, 155)
        one = await service.make(session, rosa, TLAXIACO, pick, NOW)
        await service.make(session, rosa, Draft(topic=Topic.FRAUD, programme="Gozona"), pick, NOW)
    async with opened.read() as session:
        seen: list[str] = []
        wanted = Wanted(region=Region.MIXTECA)
        while True:
            page = await service.listed(session, rosa, wanted)
            seen += [poster.code for poster in page.items]
            if page.following is None:
                break
            wanted = Wanted(page.following, region=Region.MIXTECA)
        assert len(seen) == len(set(seen)) == 156
        of_town = await service.listed(session, rosa, Wanted(clave=20397))
        assert [poster.draft.label for poster in of_town.items] == [
            "Terminal de Tlaxiaco",
            "Presidencia municipal",
        ]
        found = await service.listed(session, rosa, Wanted(words="terminal tlax"))
        assert [poster.code for poster in found.items] == [one]
        found = await service.listed(session, rosa, Wanted(words="gozona"))
        assert [poster.draft.topic for poster in found.items] == [Topic.FRAUD]
        assert not (await service.listed(session, rosa, Wanted(words="%_"))).items
        invited = await service.invitation(session, one, places)
        assert invited is not None
        assert invited.origin is not None
        assert invited.origin.clave == 20397
    for wrong in (Draft(), Draft(clave=None, region=None, label="x" * 61)):
        with pytest.raises(Invalid):
            async with opened.write() as session:
                await service.make_for_region(session, rosa, wrong, places, pick, NOW)


async def test_a_code_that_is_taken_down_says_nothing_until_it_is_used_again(
    opened: Database,
) -> None:
    rosa, places = await somebody(opened), load_gazetteer()
    auditor = await somebody(opened, Role.AUDITOR)
    async with opened.write() as session:
        code = await service.make(session, rosa, TLAXIACO, random.Random(2).randrange, NOW)
        for _twice in range(2):
            await service.retire(session, rosa, code, NOW)
        assert await service.invitation(session, code, places) is None
        assert not (await service.listed(session, rosa, Wanted())).items
        assert len((await service.listed(session, rosa, Wanted(retired=True))).items) == 1
        await service.restore(session, rosa, code, NOW)
        assert await service.invitation(session, code, places) is not None
        with pytest.raises(NotFound):
            await service.retire(session, rosa, "K7M2Q", NOW)
    async with opened.read() as session:
        said = await reading.lines(session, auditor, about=f"poster:{code}")
    assert [line.act for line in said] == ["poster.restore", "poster.retire", "poster.make"]


async def test_a_code_is_never_the_word_of_a_campaign_nor_used_twice(opened: Database) -> None:
    rosa = await somebody(opened)
    first, second, third = (new_code(random.Random(seed).randrange) for seed in (5, 6, 7))
    await a_campaign(opened, keyword=first.lower())
    async with opened.write() as session:
        await store.add(session, [(second, TLAXIACO)], rosa.id, NOW)
    picks = iter([random.Random(5), random.Random(6), random.Random(7)])
    drawn: list[int] = []
    current = random.Random()

    def pick(below: int) -> int:
        # Each code takes four.
        nonlocal current
        if len(drawn) % 4 == 0:
            current = next(picks)
        drawn.append(below)
        return current.randrange(below)

    async with opened.write() as session:
        assert await service.make(session, rosa, TLAXIACO, pick, NOW) == third


async def test_only_who_may_make_posters_does_or_sees_them(opened: Database) -> None:
    pick, places = random.Random(3).randrange, load_gazetteer()
    for role in Role:
        member = await somebody(opened, role)
        async with opened.write() as session:
            acts = (
                service.make(session, member, TLAXIACO, pick, NOW),
                service.make_for_region(session, member, MIXTECA, places, pick, NOW),
                service.listed(session, member, Wanted()),
                service.found(session, member, "K7M2Q"),
                service.retire(session, member, "K7M2Q", NOW),
                service.restore(session, member, "K7M2Q", NOW),
            )
            for act in acts:
                if Right.MAKE_POSTERS in RIGHTS[role]:
                    try:
                        await act
                    except NotFound:
                        continue
                else:
                    with pytest.raises(Refused):
                        await act
