"""Which cases may be one, and what becomes of those that a person finds to be."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from alerts import store as cases
from alerts import timeline
from alerts.model import CaseState, EntryKind, MayWrite, Minor
from alerts.ownership import NotYours
from alerts.people import duplicates, links, service
from alerts.people.duplicates import AlreadyLinked, NotLinked
from alerts.people.likeness import Reason
from alerts.people.model import Details, PersonRole
from db.session import Database
from kit.channels import Channel, Endpoint
from kit.errors import Invalid
from staff.model import Role
from staff.store import audit
from tests.stores.case_rig import NOW, a_case, a_member, lines, phone, told
from tests.stores.people_rig import LATER, WHO


async def test_the_same_case_reported_by_five_relatives_is_proposed_to_who_asks(
    database: Database,
) -> None:
    stories = (
        "mi hijo Juan Pérez López no llega a Nogales",
        "busco a juan perez lopez, es mi esposo",
        "mi hermano Juan Peres Lopez se perdió",
        "no aparece mi papá",
        "auxilio",
    )
    async with database.write() as session:
        owner = await a_member(session, 1)
        made = [
            await a_case(
                session, phone(number), story, owner=owner, at=NOW - timedelta(days=3 * number)
            )
            for number, story in enumerate(stories, 1)
        ]
        await service.save(session, made[0], owner, WHO, NOW)
        # The fourth gives the lost man's own phone, the fifth writes from it.
        father = Details(PersonRole.CONCERNED, phones=WHO.phones)
        await service.save(session, made[3], owner, father, NOW)
        own = Endpoint(Channel.SMS, WHO.phones[0])
        self_made = await a_case(session, own, "sos", at=NOW - timedelta(days=18))
        before = await told(session)
    async with database.read() as session:
        found = await duplicates.propose(session, made[0], NOW)
    assert {one.case_id: one.reasons for one in found} == {
        made[1].id: (Reason.NAMED,),
        made[2].id: (Reason.NAMED,),
        made[3].id: (Reason.PHONE,),
        self_made.id: (Reason.PHONE,),
    }
    assert before == []


async def test_cases_closed_long_ago_and_drills_are_not_proposed(database: Database) -> None:
    story = "busco a Juan Pérez López"
    async with database.write() as session:
        owner = await a_member(session, 1)
        case = await a_case(session, phone(1), owner=owner)
        await service.save(session, case, owner, WHO, NOW)
        recent, old, drill = [await a_case(session, phone(n), story) for n in (2, 3, 4)]
        for one, days in ((recent, 29), (old, 31)):
            ended = NOW - timedelta(days=days)
            values = {"state": CaseState.CLOSED, "closed_at": ended}
            await cases.change(session, one.id, values)
        await cases.change(session, drill.id, {"exercise": True})
        found = await duplicates.propose(session, case, NOW)
    assert [one.case_id for one in found] == [recent.id]


async def test_every_one_of_many_cases_is_compared(database: Database) -> None:
    async with database.write() as session:
        owner = await a_member(session, 1)
        case = await a_case(session, phone(1), owner=owner)
        await service.save(session, case, owner, WHO, NOW)
        first = await a_case(session, phone(2), "busco a Juan Pérez López")
        row = await session.first(select(cases.case).where(cases.case.c.id == first.id))
        assert row is not None
        copies = [
            {**row, "id": first.id + more, "folio": f"{more:06}", "endpoint_index": f"x{more}"}
            for more in range(1, 450)
        ]
        await session.execute(insert(cases.case), copies)
        last = first.id + 449
        await session.execute(
            insert(timeline.entry).values(
                case_id=last, at=NOW, kind=EntryKind.SAID, body="es juan perez lopez"
            )
        )
        found = await duplicates.propose(session, case, NOW)
    assert {one.case_id for one in found if Reason.NAMED in one.reasons} == {first.id, last}


async def test_cases_that_a_person_finds_to_be_one_stay_in_the_books_and_no_reporter_is_told(
    database: Database,
) -> None:
    async with database.write() as session:
        owner, theirs = await a_member(session, 1), await a_member(session, 2)
        keep = await a_case(session, phone(1), owner=owner)
        other = await a_case(session, phone(2), owner=theirs)
        unowned = await a_case(session, phone(3))
        await duplicates.merge(session, keep, other, owner, "mismo hijo", NOW)
        await duplicates.merge(session, keep, unowned, owner, "mismo hijo", NOW)
        assert await duplicates.linked(session, keep.id) == (other.id, unowned.id)
        assert await cases.get(session, other.id) == other
        assert await cases.get(session, unowned.id) == unowned
        assert await cases.get(session, keep.id) == keep
        for case, names in ((keep, other), (other, keep)):
            written = await lines(session, case, EntryKind.MERGED)
            assert written[0].body == f"{names.folio}: mismo hijo"
        sent = await told(session)
        acts = [row["act"] for row in await session.all(select(audit))]
    assert [to for to, _words in sent] == ["+12135550102"]
    assert acts == ["people.merge", "people.merge"]


async def test_a_merged_case_is_not_proposed_again_until_it_is_separated(
    database: Database,
) -> None:
    async with database.write() as session:
        owner, theirs = await a_member(session, 1), await a_member(session, 2)
        keep = await a_case(session, phone(1), owner=owner)
        await service.save(session, keep, owner, WHO, NOW)
        other = await a_case(session, phone(2), "busco a Juan Pérez López", owner=theirs)
        await duplicates.merge(session, keep, other, owner, "mismo", NOW)
        assert await duplicates.propose(session, keep, NOW) == ()
        assert await duplicates.propose(session, other, NOW) == ()
        before = len(await told(session))
        await duplicates.separate(session, other, theirs, "es otro Juan", LATER)
        assert await duplicates.linked(session, keep.id) == ()
        assert len(await duplicates.propose(session, keep, NOW)) == 1
        sent = await told(session)
        assert [to for to, _words in sent[before:]] == ["+12135550101"]
        assert len(await lines(session, keep, EntryKind.MERGED)) == 2
        with pytest.raises(NotLinked):
            await duplicates.separate(session, other, theirs, "otra vez", LATER)


async def test_merged_cases_never_make_a_circle(database: Database) -> None:
    async with database.write() as session:
        boss = await a_member(session, 1, Role.COORDINATOR)
        one, two, three = [await a_case(session, phone(number)) for number in (1, 2, 3)]
        await duplicates.merge(session, two, three, boss, "mismo", NOW)
        await duplicates.merge(session, one, two, boss, "mismo", NOW)
        assert await duplicates.linked(session, one.id) == (two.id, three.id)
        assert await links.top(session, three.id) == one.id
        for keep, other in ((three, one), (two, one), (three, two), (one, three)):
            with pytest.raises(AlreadyLinked):
                await duplicates.merge(session, keep, other, boss, "mismo", NOW)
        with pytest.raises(Invalid):
            await duplicates.merge(session, one, one, boss, "mismo", NOW)
        with pytest.raises(Invalid):
            await duplicates.merge(session, one, await a_case(session, phone(4)), boss, " ", NOW)


async def test_two_who_merge_the_same_cases_the_other_way_round_at_once_make_one_link(
    database: Database,
) -> None:
    async with database.write() as session:
        boss = await a_member(session, 1, Role.COORDINATOR)
        one, two = await a_case(session, phone(1)), await a_case(session, phone(2))

    async def merge(keep_first: bool) -> bool:
        keep, other = (one, two) if keep_first else (two, one)
        try:
            async with database.write() as session:
                await duplicates.merge(session, keep, other, boss, "mismo", NOW)
        except AlreadyLinked:
            return False
        return True

    done = await asyncio.gather(*(merge(place % 2 == 0) for place in range(6)))
    assert sum(done) == 1
    async with database.read() as session:
        assert len(await session.all(select(links.link))) == 1


async def test_who_does_not_work_on_the_case_that_is_kept_cannot_merge(
    database: Database,
) -> None:
    async with database.write() as session:
        owner, stranger = await a_member(session, 1), await a_member(session, 2)
        keep = await a_case(session, phone(1), owner=owner)
        other = await a_case(session, phone(2))
        with pytest.raises(NotYours):
            await duplicates.merge(session, keep, other, stranger, "mismo", NOW)
        drill = await a_case(session, phone(3))
        await cases.change(session, drill.id, {"exercise": True})
        drill = await cases.made(session, drill.id)
        with pytest.raises(Invalid):
            await duplicates.merge(session, keep, drill, owner, "mismo", NOW)


async def test_what_the_other_reporter_says_later_is_told_to_who_owns_the_case_that_is_kept(
    database: Database,
) -> None:
    async with database.write() as session:
        owner, theirs = await a_member(session, 1), await a_member(session, 2)
        keep = await a_case(session, phone(1), owner=owner)
        other = await a_case(session, phone(2), owner=theirs)
        assert not await duplicates.tell_keeper(session, other, NOW)
        await duplicates.merge(session, keep, other, owner, "mismo", NOW)
        before = len(await told(session))
        assert await duplicates.tell_keeper(session, other, NOW)
        assert not await duplicates.tell_keeper(session, keep, NOW)
        sent = (await told(session))[before:]
        assert [to for to, _words in sent] == ["+12135550101"]
        assert keep.folio in sent[0][1]
        assert other.folio in sent[0][1]
        await cases.change(session, other.id, {"owner_id": owner.id})
        other = await cases.made(session, other.id)
        assert not await duplicates.tell_keeper(session, other, NOW)


async def test_who_is_silenced_hears_nothing_of_any_of_it(database: Database) -> None:
    async with database.write() as session:
        owner = await a_member(session, 1)
        keep = await a_case(session, phone(1), owner=owner)
        other = await a_case(session, phone(2))
        await session.execute(update(cases.case).values(may_write=MayWrite.NO))
        await service.save(session, keep, owner, WHO, NOW)
        await service.set_minor(session, keep, owner, Minor.YES, NOW)
        await duplicates.merge(session, keep, other, owner, "mismo", NOW)
        await duplicates.tell_keeper(session, other, NOW)
        reporters = {keep.reporter.value, other.reporter.value}
        assert not reporters & {to for to, _words in await told(session)}
