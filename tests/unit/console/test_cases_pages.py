"""The pages of cases without any script: who may, what is taken once, what is stale or hostile."""

import base64
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from alerts.board import board
from alerts.model import CaseState
from bot.inbox.letters import letter
from staff import store as staff
from staff.model import Role
from tests.unit.console.cases_rig import Play, act, once, play

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
HOSTILE = "<script>alert(1)</script>{{ 7*7 }}\"'><img src=x onerror=alert(1)>"


@pytest.fixture
async def playing(tmp_path: Path) -> AsyncIterator[Play]:
    async with play(tmp_path) as opened:
        yield opened


async def test_an_evening_without_any_script(playing: Play) -> None:
    console = playing.console
    await playing.hand(2, "text", channel="telegram", text="SOS no me dejan salir")
    folio = (await playing.case()).folio
    async with console.browser(Role.DUTY) as luz, console.browser(Role.DUTY, "Mar") as mar:
        assert folio in (await luz.get("/casos")).text
        free = (await luz.get(f"/casos/{folio}")).text
        assert "no me dejan salir" not in free
        accepting = once(free, f"/casos/{folio}/aceptar")
        stale = (await mar.get(f"/casos/{folio}")).text
        answer = await luz.post(f"/casos/{folio}/aceptar", accepting)
        assert answer.status_code == 303
        lines = await playing.count("lines")
        # The same form again changes nothing; a colleague who is late is told who has it.
        assert (await luz.post(f"/casos/{folio}/aceptar", accepting)).status_code == 303
        late = await mar.post(f"/casos/{folio}/aceptar", once(stale, f"/casos/{folio}/aceptar"))
        owner = await console.member(Role.DUTY)
        assert late.status_code == 409
        assert f"ya lo tiene {owner.pseudonym}" in late.text
        assert "aceptó el caso" in late.text
        assert await playing.count("lines") == lines
        # The words are for who has it.
        assert "no me dejan salir" in (await luz.get(f"/casos/{folio}")).text
        assert "no me dejan salir" not in (await mar.get(f"/casos/{folio}")).text
        assert (await mar.get(f"/casos/{folio}/personas")).status_code == 403
        assert (await mar.get(f"/casos/{folio}/parecidos")).status_code == 403
        before = await playing.count("messages")
        answer = await act(luz, folio, "responder", words="Aquí estoy")
        # It leads to the sentence that says so, which stands under the words that were sent.
        assert answer.headers["location"] == f"/casos/{folio}?hecho=responder#hecho"
        after = (await luz.get(answer.headers["location"])).text
        assert after.count('id="hecho"') == 1
        assert after.index("Aquí estoy") < after.index('id="hecho"') < after.index('id="words"')
        assert await playing.count("messages") == before + 1
        await act(luz, folio, "anotar", note="Hablé con su hermana")
        assert await playing.count("messages") == before + 1
        page = (await luz.get(f"/casos/{folio}")).text
        assert "Hablé con su hermana" in page
        talk = page.split('class="talk"')[1].split("</ol>")[0]
        assert "Aquí estoy" in talk
        assert "Hablé con su hermana" not in talk
        # What the person says meanwhile is not overtaken by the close; what was typed stays.
        seen = once(page, f"/casos/{folio}/cerrar")
        await playing.hand(2, "text", channel="telegram", text="espere")
        closing = {"outcome": "attended", "how": "la recogieron"}
        late = await luz.post(f"/casos/{folio}/cerrar", {**seen, **closing})
        assert (late.status_code, "la recogieron" in late.text) == (409, True)
        assert (await playing.case()).state is CaseState.ACKNOWLEDGED
        assert (await act(luz, folio, "cerrar", **closing)).status_code == 303
        assert (await playing.case()).state is CaseState.CLOSED
        refused = await act(luz, folio, "reabrir", reason=" ")
        assert refused.status_code == 409
        assert (await act(luz, folio, "reabrir", reason="Volvió a llamar")).status_code == 303


async def test_the_number_is_in_one_answer_and_both_reveal_and_opening_are_in_the_audit(
    playing: Play,
) -> None:
    console = playing.console
    await playing.hand(1, "text", channel="sms", text="SOS mi hijo no llega")
    folio = (await playing.case()).folio
    async with console.browser(Role.DUTY) as luz:
        await act(luz, folio, "aceptar")
        assert (await act(luz, folio, "numero", reason="")).status_code == 409
        shown = await act(luz, folio, "numero", reason="Para llamarle")
        assert "+12135550101" in shown.text
        assert shown.headers["cache-control"] == "no-store"
        for path in (f"/casos/{folio}", "/casos", f"/casos/{folio}/ahora"):
            assert "+12135550101" not in (await luz.get(path)).text
    async with console.database.read() as session:
        rows = await session.all(select(staff.audit.c.act).where(staff.audit.c.about == folio))
    acts = [row["act"] for row in rows]
    assert (acts.count("case.open"), acts.count("case.reveal")) == (1, 1)


async def test_what_may_not_be_seen_is_not_there(playing: Play) -> None:
    console = playing.console
    await playing.hand(1, "text", channel="sms", text="SOS")
    folio = (await playing.case()).folio
    async with console.browser(Role.COMMUNICATOR) as writer, console.browser(None) as nobody:
        for path in ("/casos", f"/casos/{folio}", "/mensajes", f"/casos/{folio}/archivos/1"):
            answer = await writer.get(path)
            assert answer.status_code in (403, 404)
            assert folio not in answer.text.replace(path, "")
            assert (await nobody.get(path)).status_code == 303
    async with console.browser(Role.DUTY) as luz:
        for wrong in ("222222", "../admin", "x" * 300, "9" * 40, "%00"):
            assert (await luz.get(f"/casos/{wrong}")).status_code in (303, 404)
        assert (await luz.get(f"/casos/{folio}/archivos/999999")).status_code == 404
        assert (await luz.get(f"/casos/{folio}/archivos/x")).status_code == 404
        assert (await luz.get(f"/casos/{folio.lower()}")).headers["location"] == f"/casos/{folio}"


async def test_hostile_words_are_only_words_and_bad_input_is_refused(playing: Play) -> None:
    console = playing.console
    await playing.hand(2, "text", channel="telegram", text=f"SOS {HOSTILE}")
    folio = (await playing.case()).folio
    async with console.browser(Role.DUTY) as luz:
        await act(luz, folio, "aceptar")
        await act(luz, folio, "anotar", note=HOSTILE)
        await act(luz, folio, "canalizar", body="consulate", name=HOSTILE[:120])
        page = (await luz.get(f"/casos/{folio}")).text
        assert "<script>alert(1)" not in page
        assert "<img src=x" not in page
        assert page.count("&lt;script&gt;alert(1)") >= 3
        lines = await playing.count("lines")
        for name, fields in {
            "responder": {"words": "x" * 5000},
            "anotar": {"note": " "},
            "cerrar": {"outcome": "nada"},
            "pausar": {"hours": "nan", "reason": "x"},
            "horas": {"begins": "25:99", "ends": ""},
            "pasar": {"to": "999999"},
            "ayuda": {"to": "-1"},
            "canalizar": {"body": "luna", "name": "x"},
        }.items():
            answer = await act(luz, folio, name, **fields)
            assert (name, answer.status_code) == (name, 409)
        assert await playing.count("lines") == lines
        people = (await luz.get(f"/casos/{folio}/personas")).text
        token = people.split('name="once" value="')[1].split('"')[0]
        wrong = {"once": token, "role": "concerned", "name": HOSTILE, "phones": "abc"}
        refused = await luz.post(f"/casos/{folio}/personas/nueva", wrong)
        assert refused.status_code == 422
        assert "&lt;script&gt;" in refused.text
        assert "<script>alert(1)" not in refused.text
        # An id that no database holds is one that does not exist.
        for path in ("/mensajes/" + "9" * 25, "/mensajes/²", "/mensajes/" + "9" * 18):
            assert (await luz.post(path, {"words": "x"})).status_code == 404
        right = {**wrong, "phones": "+12135550188"}
        assert (await luz.post(f"/casos/{folio}/personas/nueva", right)).status_code == 303
        assert HOSTILE[:8] not in (await luz.get(f"/casos/{folio}/personas")).text


async def test_what_was_typed_for_one_referral_stays_in_its_form_alone(playing: Play) -> None:
    console = playing.console
    await playing.hand(2, "text", channel="telegram", text="SOS")
    folio = (await playing.case()).folio
    async with console.browser(Role.DUTY) as luz:
        await act(luz, folio, "aceptar")
        for name in ("Consulado", "Casa Azul"):
            await act(luz, folio, "canalizar", body="consulate", name=name)
        page = (await luz.get(f"/casos/{folio}")).text
        ids = re.findall(r'name="referral" value="(\d+)"', page)
        assert len(ids) == 2
        typed = {"referral": ids[1], "means": "call", "whom": "Ventanilla 3", "said": " "}
        refused = await act(luz, folio, "contacto", **typed)
        assert refused.status_code == 409
        one, other = (refused.text.split(f'id="talk-{each}"')[1] for each in ids)
        assert "Ventanilla 3" not in one.split("</form>")[0]
        assert not one.startswith(" open")
        assert "Ventanilla 3" in other.split("</form>")[0]
        assert other.startswith(" open")
        # A page that answers a form has no address to be loaded from anew; one that is read has.
        assert "data-address" not in refused.text
        assert f'data-address="/casos/{folio}?x=1"' in (await luz.get(f"/casos/{folio}?x=1")).text


async def test_a_photo_is_shown_to_who_reads_the_words_and_runs_nothing(playing: Play) -> None:
    console = playing.console
    await playing.hand(2, "text", channel="telegram", text="SOS")
    image = base64.b64encode(PNG).decode()
    await playing.hand(2, "photo", channel="telegram", image=image)
    await playing.hand(2, "voice", channel="telegram")
    folio = (await playing.case()).folio
    async with console.browser(Role.DUTY) as luz, console.browser(Role.DUTY, "Mar") as mar:
        await act(luz, folio, "aceptar")
        page = (await luz.get(f"/casos/{folio}")).text
        paths = [part.split('"')[0] for part in page.split('src="')[1:]]
        photo, voice = [one for one in paths if "/archivos/" in one]
        shown = await luz.get(photo)
        assert (shown.status_code, shown.content) == (200, PNG)
        assert shown.headers["content-type"] == "image/png"
        assert shown.headers["cache-control"] == "no-store"
        assert "sandbox" in shown.headers["content-security-policy"]
        assert (await mar.get(photo)).status_code == 404
        # The trial has no sound to play: it says so.
        assert (await luz.get(voice)).status_code == 404


async def test_a_letter_is_answered_once_and_by_who_may(playing: Play) -> None:
    console = playing.console
    await playing.hand(3, "text", channel="sms", text="me ofrecen una visa, es verdad?")
    async with console.database.read() as session:
        number = await session.scalar(select(func.max(letter.c.id)))
    async with console.browser(Role.DUTY) as luz, console.browser(Role.DUTY, "Mar") as mar:
        page = (await luz.get("/mensajes")).text
        assert "me ofrecen una visa" in page
        late = (await mar.get("/mensajes")).text.split('name="once" value="')[1].split('"')[0]
        token = page.split('name="once" value="')[1].split('"')[0]
        empty = await luz.post(f"/mensajes/{number}", {"once": token, "words": " "})
        assert empty.status_code == 409
        sent = await luz.post(f"/mensajes/{number}", {"once": token, "words": "No pague nada"})
        assert sent.status_code == 303
        messages = await playing.count("messages")
        again = await mar.post(f"/mensajes/{number}", {"once": late, "words": "Mi respuesta"})
        assert (again.status_code, "Mi respuesta" in again.text) == (409, True)
        assert await playing.count("messages") == messages
        assert (await luz.post("/mensajes/999999", {"once": "n", "words": "x"})).status_code == 404


async def test_the_board_of_the_evening_is_what_the_page_shows(playing: Play) -> None:
    await playing.hand(1, "text", channel="sms", text="SOS")
    member = await playing.console.member(Role.COORDINATOR)
    async with playing.console.database.read() as session:
        (card,) = (await board(session, member, playing.console.clock.now())).cards
    async with playing.console.browser(Role.COORDINATOR) as boss:
        for view, there in (("", True), ("?ver=nadie", True), ("?ver=mios", False), ("?ver=x", 1)):
            page = await boss.get(f"/casos/tablero{view}")
            assert (f"/casos/{card.folio}" in page.text) == bool(there)
        read = await boss.get(f"/casos/{card.folio}")
    assert "SOS" in read.text
