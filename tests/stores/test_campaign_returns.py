"""A campaign goes back to who wrote it, with what has to change before a yes."""

import pytest
from sqlalchemy import LargeBinary, select, type_coerce

from campaigns import listing, service
from campaigns.model import CampaignState
from campaigns.returns import service as returns
from campaigns.returns.service import LONGEST_WORDS, send_back
from campaigns.returns.store import Returned, campaign_return
from db.session import Database
from kit.errors import Invalid, NotFound, Refused
from staff.model import Member, Role
from staff.store import audit
from tests.stores.campaign_people import NOON, a_draft, a_member, state_of

WORDS = "Falta el teléfono.\nY «gratis» va primero."


async def written(database: Database, author: Member) -> int:
    async with database.write() as session:
        return await service.create(session, a_draft(), author, NOON)


async def came_back(database: Database, member: Member) -> list[tuple[int, Returned]]:
    async with database.read() as session:
        return [(one.id, why) for one, why in await listing.came_back(session, member)]


async def test_what_has_to_change_reaches_who_wrote_it_until_it_is_read_again(
    database: Database,
) -> None:
    ana, beto = await a_member(database, 1), await a_member(database, 2)
    campaign_id = await written(database, ana)
    async with database.write() as session:
        state = await send_back(session, campaign_id, beto, f"  {WORDS}\r\n", NOON)
    assert state is CampaignState.DRAFT
    expected = Returned(campaign_id, beto.id, NOON, WORDS)
    assert await came_back(database, ana) == [(campaign_id, expected)]
    assert await came_back(database, beto) == []
    async with database.write() as session:
        assert await returns.standing(session, campaign_id) == expected
        await service.submit(session, campaign_id, ana, NOON)
        assert await listing.came_back(session, ana) == ()
        assert [one.id for one in await listing.for_approval(session, beto)] == [campaign_id]
        entry = await session.first(select(audit).where(audit.c.act == "campaigns.return"))
    assert entry is not None
    assert (entry["member_id"], entry["about"]) == (beto.id, f"campaign:{campaign_id}")


async def test_the_last_words_stand_and_are_sealed(database: Database) -> None:
    ana, beto = await a_member(database, 1), await a_member(database, 2)
    campaign_id = await written(database, ana)
    for words in ("Primero esto.", "Ahora esto."):
        async with database.write() as session:
            await send_back(session, campaign_id, beto, words, NOON)
            await service.submit(session, campaign_id, ana, NOON)
    async with database.read() as session:
        found = await returns.standing(session, campaign_id)
        bare = type_coerce(campaign_return.c.words, LargeBinary).label("bare")
        kept = [bytes(row["bare"]) for row in await session.all(select(bare))]
    assert found is not None
    assert found.words == "Ahora esto."
    assert len(kept) == 2
    assert not any(b"esto" in one for one in kept)
    assert "Ahora" not in repr(found)


async def test_who_wrote_it_or_may_not_approve_gives_nothing_back(database: Database) -> None:
    ana, beto = await a_member(database, 1), await a_member(database, 2)
    campaign_id = await written(database, ana)
    async with database.write() as session:
        await service.edit(session, campaign_id, a_draft(audience="region:mixteca"), beto, NOON)
    for member in (ana, beto, *[await a_member(database, 10, role) for role in (Role.DUTY,)]):
        async with database.write() as session:
            with pytest.raises(Refused):
                await send_back(session, campaign_id, member, WORDS, NOON)
    assert await state_of(database, campaign_id) is CampaignState.REVIEW


async def test_only_what_is_under_review_and_as_it_was_read_goes_back(database: Database) -> None:
    ana, beto = await a_member(database, 1), await a_member(database, 2)
    campaign_id = await written(database, ana)
    async with database.write() as session:
        with pytest.raises(Refused) as another:
            await send_back(session, campaign_id, beto, WORDS, NOON, "0" * 64)
        await send_back(session, campaign_id, beto, WORDS, NOON)
        with pytest.raises(Refused) as draft:
            await send_back(session, campaign_id, beto, WORDS, NOON)
        with pytest.raises(NotFound):
            await send_back(session, 404, beto, WORDS, NOON)
    assert another.value.key == "campaigns.another_draft"
    assert draft.value.key == "campaigns.return.wrong_state"


@pytest.mark.parametrize("words", ["", " \n\t ", "a" * (LONGEST_WORDS + 1)])
async def test_it_goes_back_with_words_and_not_too_many(database: Database, words: str) -> None:
    ana, beto = await a_member(database, 1), await a_member(database, 2)
    campaign_id = await written(database, ana)
    async with database.write() as session:
        with pytest.raises(Invalid):
            await send_back(session, campaign_id, beto, words, NOON)
    assert await state_of(database, campaign_id) is CampaignState.REVIEW


async def test_signs_that_no_terminal_can_write_do_not_lose_the_words(database: Database) -> None:
    ana, beto = await a_member(database, 1), await a_member(database, 2)
    campaign_id = await written(database, ana)
    async with database.write() as session:
        await send_back(session, campaign_id, beto, "Quite \udce1 esto 🙏", NOON)
        found = await returns.standing(session, campaign_id)
    assert found is not None
    assert found.words == "Quite ? esto 🙏"
