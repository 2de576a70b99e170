"""What a message in somebody's chat was about."""

from datetime import timedelta

from sqlalchemy import text

from db.session import Database
from delivery.history import about_of, sent_count
from delivery.model import State
from kit.channels import Channel
from tests.stores.sending_rig import chat
from tests.stores.withdrawing_rig import ABOUT, Deleting, Taking


async def test_what_a_message_was_about_is_found_by_its_id_in_that_chat(
    database: Database,
) -> None:
    way = Deleting(Channel.TELEGRAM)
    async with Taking(database, way) as rig:
        first = await rig.write(chat(1))
        await rig.add(chat(2))
        await rig.becomes(State.SENT, State.SENT)
        known, now = f"p1-{first}", rig.clock.now()
        async with database.read() as session:
            assert await about_of(session, chat(1), known, now) == ABOUT
            assert await about_of(session, chat(2), known, now) is None
            assert await about_of(session, chat(1), "404", now) is None
            assert await about_of(session, chat(1), known, now + timedelta(days=8)) is None
            assert await sent_count(session, chat(1), now - timedelta(hours=48)) == 1
        await rig.take_back()
        await rig.settle()
        async with database.read() as session:
            assert await sent_count(session, chat(1), now - timedelta(hours=48)) == 0


async def test_an_answer_to_an_edited_message_is_about_its_newest_words(
    database: Database,
) -> None:
    async with Taking(database, Deleting(Channel.TELEGRAM)) as rig:
        await rig.write(chat(1))
        await rig.becomes(State.SENT)
        await rig.add(chat(1), about="case:8")
        await rig.becomes(State.SENT, State.SENT)
        async with database.write() as session:
            await session.execute(text("UPDATE attempt SET provider_id = 'same'"))
            assert await about_of(session, chat(1), "same", rig.clock.now()) == "case:8"
