"""Answering what waits for a person, on both databases."""

from datetime import timedelta

import pytest

from alerts.relay import TooLong
from bot.inbox import answering, letters
from bot.inbox.model import DO_NOT_WRITE
from db.session import Database
from kit.errors import Refused
from tests.stores.case_rig import NOW, a_member, phone, told

HOUR = timedelta(hours=1)


async def test_who_asked_not_to_be_written_to_is_answered_on_no_earlier_letter(
    database: Database,
) -> None:
    async with database.write() as session:
        luz = await a_member(session, 1)
        mine, other = phone(150), phone(151)
        for sender, reason in ((mine, "free"), (other, "free"), (mine, DO_NOT_WRITE)):
            await letters.write(session, sender, "es", reason, reason, NOW)
        asked, others, wish = sorted(await letters.to_read(session), key=lambda one: one.id)
        for letter in (asked, wish):
            with pytest.raises(Refused) as refused:
                await answering.answer(session, letter.id, luz, "Abrimos a las nueve.", NOW)
            assert refused.value.key == "cases.do_not_write"
        # Reading the wish does not end it.
        await answering.read(session, wish.id, luz, NOW)
        with pytest.raises(Refused):
            await answering.answer(session, asked.id, luz, "Abrimos a las nueve.", NOW)
        with pytest.raises(TooLong):
            await answering.answer(session, others.id, luz, "A" * 1501, NOW)
        await answering.answer(session, others.id, luz, "Abrimos a las nueve.", NOW)
        # Who writes again, of their own accord, may be answered.
        await letters.write(session, mine, "es", "free", "¿Me pueden contestar?", NOW + HOUR)
        (again, _first) = sorted(await letters.to_read(session), key=lambda one: -one.id)
        await answering.answer(session, again.id, luz, "Sí.", NOW + HOUR)
        assert [who for who, _words in await told(session)] == [other.value, mine.value]
