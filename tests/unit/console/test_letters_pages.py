"""Letters and the forms of a case: what leaves a list, and what is said before it is done."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.letters import SHOWN
from bot.inbox import answering, letters
from bot.inbox.letters import letter
from bot.inbox.model import DO_NOT_WRITE
from kit.channels import Channel, Endpoint
from kit.errors import NotFound, Refused
from staff import store as staff
from staff.model import Role
from tests.databases import sqlite_database
from tests.stores.case_rig import NOW, a_member
from tests.unit.console.cases_rig import act, once, play


def a_phone(number: int) -> Endpoint:
    return Endpoint(Channel.SMS, f"+1213555{number:04}")


async def test_a_letter_that_is_read_or_answered_is_so_once(tmp_path: Path) -> None:
    database = await sqlite_database(tmp_path)
    reasons = (DO_NOT_WRITE, "free", "danger", "free")
    async with database.write() as session:
        luz = await a_member(session, 1)
        for number, reason in enumerate(reasons, 150):
            await letters.write(session, a_phone(number), "es", reason, reason, NOW)
        found = await letters.to_read(session)
        # Dangers in front, what cannot be answered behind.
        assert [one.reason for one in found] == ["danger", "free", "free", DO_NOT_WRITE]
        for count in range(len(found)):
            after = letters.place_of(found[count])
            assert await letters.to_read(session, after=after) == found[count + 1 :]
        await answering.read(session, found[3].id, luz, NOW)
        with pytest.raises(Refused):
            await answering.read(session, found[3].id, luz, NOW)
        with pytest.raises(NotFound):
            await answering.read(session, 10**9, luz, NOW)
        # Of two who answer at once the second is told so by the row itself.
        assert await letters.answered(session, found[1].id, luz.id, NOW)
        assert not await letters.answered(session, found[1].id, luz.id, NOW)
        assert await letters.to_read(session) == (found[0], found[2])
        acts = await session.all(select(staff.audit.c.act, staff.audit.c.about))
        assert ("inbox.read", f"letter:{found[3].id}") in [(r["act"], r["about"]) for r in acts]
    await database.close()


async def test_letters_that_may_not_be_answered_leave_the_list_and_hide_no_new_one(
    tmp_path: Path,
) -> None:
    async with play(tmp_path) as playing:
        console = playing.console
        async with console.database.write() as session:
            for number in range(SHOWN + 1):
                sender = a_phone(100 + number % 50)
                await letters.write(session, sender, "es", DO_NOT_WRITE, "adiós", NOW)
            await letters.write(session, a_phone(199), "es", "free", "una duda", NOW)
            newest = int(await session.scalar(select(func.max(letter.c.id))) or 0)
        async with console.browser(Role.DUTY) as luz:
            first = (await luz.get("/mensajes")).text
            assert "una duda" in first
            follow = first.split('href="/mensajes?desde=')[1].split('"')[0]
            rest = (await luz.get(f"/mensajes?desde={follow}")).text
            assert rest.count("<article") == 2
            for wrong in ("x", "9-9", "2-" + "9" * 40, "-", "1-1-1", "²-1", "%00"):
                assert (await luz.get(f"/mensajes?desde={wrong}")).status_code == 200
            path = f"/mensajes/{newest - 1}/leido"
            token = rest.split(f'action="{path}"')[1].split('name="once" value="')[1].split('"')[0]
            messages = await playing.count("messages")
            assert (await luz.post(path, {"once": token})).status_code == 303
            assert f"letter-{newest - 1}" not in (await luz.get(f"/mensajes?desde={follow}")).text
            assert (await luz.post(path, {"once": token})).status_code == 303
            late = await luz.post(path, {"once": "another"})
            assert late.status_code == 409
            assert (await luz.post("/mensajes/999999/leido", {"once": "n"})).status_code == 404
            assert await playing.count("messages") == messages


async def test_a_case_says_what_its_close_sends_and_asks_how_it_is_known(tmp_path: Path) -> None:
    async with play(tmp_path) as playing:
        console = playing.console
        await playing.hand(1, "text", channel="sms", text="SOS mi hijo no llega")
        folio = (await playing.case()).folio
        async with console.browser(Role.DUTY) as luz:
            await act(luz, folio, "aceptar")
            page = (await luz.get(f"/casos/{folio}")).text
            # What the platform said by itself stands in the conversation; SMS carries no name.
            talk = page.split('class="talk"')[1].split("</ol>")[0]
            assert talk.count("Mensaje automático") == 2
            assert "¿Podemos escribirle a este teléfono?" in talk
            word = (await playing.case()).word
            assert f"«{word}. …»" in page
            sends = page.split('id="close-sends">')[1].split("<")[0]
            assert f"Folio {folio}: cerramos su caso." in sends
            for outcome in ("located", "located_alone", "repatriated"):
                refused = await act(luz, folio, "cerrar", outcome=outcome, how=" ")
                assert (refused.status_code, "cómo se sabe" in refused.text) == (409, True)
            # One look at the number is written down once, however often its form is sent.
            form = once(page, f"/casos/{folio}/numero")
            asked = {**form, "reason": "Para llamarle"}
            assert "+12135550101" in (await luz.post(f"/casos/{folio}/numero", asked)).text
            lines = await playing.count("lines")
            assert (await luz.post(f"/casos/{folio}/numero", asked)).status_code == 303
            assert await playing.count("lines") == lines
            known = await act(luz, folio, "cerrar", outcome="located", how="Habló con su tía")
            assert known.status_code == 303
            closed = (await luz.get(f"/casos/{folio}")).text
            assert "sin clasificar" not in closed
            assert "Día 1 después del cierre: " in closed
            lane = (await luz.get("/casos")).text.split("lane-closed")[-1]
            assert "Localizada" in lane
            assert "sin clasificar" not in lane
            assert "Usted no tiene casos abiertos." in (await luz.get("/casos?ver=mios")).text
