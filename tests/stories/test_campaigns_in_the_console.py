"""Pages of campaigns without any script: who may, twice, too late, and what is not there."""

import io
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from markupsafe import escape
from openpyxl import load_workbook
from sqlalchemy import select, update

from campaigns import service
from campaigns.content.model import Link, Wording
from campaigns.model import CampaignState
from campaigns.warnings.model import (
    Category,
    Certainty,
    Severity,
    Status,
    Urgency,
    Warning,
)
from delivery import runs, tally
from delivery.model import State
from delivery.store import message
from kit.channels import Channel
from staff.model import Role
from staff.store import audit
from tests.console_stage import Console, console_stage
from tests.stores.campaign_people import Person, a_draft, add_people

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
_TAG = re.compile(r"<[^>]+>")
_ONCE = re.compile(r'name="once" value="([^"]+)"')
_SEEN = re.compile(r'name="seen" value="([^"]+)"')
LOOKS = ("", "/inciertos", "/informe", "/informe.csv", "/informe.xlsx", "/cambio")
ACTS = (
    "presentar",
    "iniciar",
    "pausar",
    "reanudar",
    "cancelar",
    "reintentar",
    "inciertos",
    "prueba",
)


@pytest.fixture
async def console(tmp_path: Path) -> AsyncIterator[Console]:
    async with console_stage(tmp_path) as opened:
        async with opened.database.write() as session:
            await add_people(session, [Person((Channel.SMS,)) for _ in range(6)])
        yield opened


def a_warning() -> Warning:
    """One that is a test."""
    return Warning(
        status=Status.TEST,
        event={"es": "Fraude"},
        category=Category.SECURITY,
        urgency=Urgency.EXPECTED,
        severity=Severity.MODERATE,
        certainty=Certainty.OBSERVED,
        expires=timedelta(hours=48),
        area={"es": "Oregón"},
    )


async def written(console: Console, role: Role = Role.COMMUNICATOR) -> int:
    """A campaign that somebody has put before others' eyes, with words that try to be markup."""
    author = await console.member(role)
    words = Wording(
        f"Nadie **cobra**. {HOSTILE}",
        "Nadie cobra.",
        (Link(HOSTILE[:24], "https://a.example.org"),),
    )
    draft = replace(a_draft(contents={"es": words}), title=HOSTILE, warning=a_warning())
    async with console.database.write() as session:
        return await service.create(session, draft, author, console.clock.now())


async def state_of(console: Console, campaign_id: int) -> CampaignState:
    async with console.database.read() as session:
        return (await service.get(session, campaign_id)).state


async def test_who_may_do_what_and_what_is_not_there(console: Console) -> None:
    made = await written(console)
    here = f"/campanas/{made}"
    sees = {Role.ADMIN, Role.COORDINATOR, Role.COMMUNICATOR, Role.AUDITOR}
    for role in Role:
        async with console.browser(role) as browser:
            for path in ("/campanas", "/campanas/calendario", *(here + one for one in LOOKS)):
                answer = await browser.get(path)
                assert answer.status_code == (200 if role in sees else 403), (role, path)
                assert "<script>alert" not in answer.text or path.endswith("csv")
                assert "onerror=alert(1)>" not in answer.text
            if role not in (Role.DUTY, Role.AUDITOR):
                continue
            for act in (*ACTS, "aprobar", "retirar-aviso", "faltantes"):
                answer = await browser.post(f"{here}/{act}", {"once": "x", "decision": "leave"})
                assert answer.status_code == 403, (role, act)
    assert await state_of(console, made) is CampaignState.REVIEW
    async with console.browser(Role.COORDINATOR) as browser:
        for path in ("/campanas/404", "/campanas/0", f"/campanas/{'9' * 5000}", f"{here}x"):
            for rest in LOOKS:
                assert (await browser.get(path + rest)).status_code == 404, path
        assert (await browser.get(f"{here}/archivos/{'0' * 64}")).status_code == 404
        assert (await browser.get("/campanas/calendario?mes=2026-13")).status_code == 422
        for query in ("antes=x", "estado=none", f"texto={'%' * 400}", f"antes={'9' * 300}"):
            assert (await browser.get(f"/campanas?{query}")).status_code == 200
        assert (await browser.get(f"{here}/inciertos?despues={'9' * 300}")).status_code == 200
        # Parts that are asked for alone lead to the page, and a state that is past to a new look.
        assert (await browser.get(f"{here}/avance")).status_code == 303
        part = {"HX-Request": "true"}
        assert (await browser.get(f"{here}/avance?estado=sending", **part)).headers["hx-refresh"]
        assert 'id="sheet"' in (await browser.get(f"{here}/hoja", **part)).text
        for fields in ({}, {"to": "x"}, {"to": "999999"}):
            assert (await browser.post(f"{here}/prueba", fields)).status_code == 422
        assert (await browser.post(f"{here}/inciertos", {"decision": "x"})).status_code == 422


async def test_what_has_to_change_goes_back_once_and_stands_where_its_writer_looks(
    console: Console,
) -> None:
    made = await written(console)
    here, words = f"/campanas/{made}", f"Falta el precio. {HOSTILE}"
    async with AsyncExitStack() as stack:
        cora = await stack.enter_async_context(console.browser(Role.COORDINATOR))
        ana = await stack.enter_async_context(console.browser(Role.COMMUNICATOR))
        assert "/devolver" not in (await ana.get(here)).text
        page = (await cora.get(here)).text
        once, seen = _ONCE.search(page), _SEEN.search(page)
        assert once is not None
        assert seen is not None
        for typed, about in (("", seen[1]), ("a" * 1001, seen[1])):
            values = {"once": once[1], "seen": about, "words": typed}
            refused = await cora.post(f"{here}/devolver", values)
            assert (refused.status_code, f"\n{typed}</textarea>" in refused.text) == (422, True)
        for unread in ("0" * 64, ""):
            other = {"once": once[1], "seen": unread, "words": words}
            refused = await cora.post(f"{here}/devolver", other)
            assert (refused.status_code, "Así está ahora" in refused.text) == (403, True)
            # Nothing that was typed is lost, and it is not believed either.
            assert f"\n{escape(words)}</textarea>" in refused.text
        assert await state_of(console, made) is CampaignState.REVIEW
        for _again in range(2):
            values = {"once": once[1], "seen": seen[1], "words": words}
            answer = await cora.post(f"{here}/devolver", values)
            assert answer.status_code == 303, answer.text
        assert await state_of(console, made) is CampaignState.DRAFT
        # A colleague was first: there is no form any more, and the words are shown.
        token = _ONCE.findall((await cora.get(here)).text)[0]
        late = {"once": token, "seen": seen[1], "words": "Sin la fecha no."}
        refused = await cora.post(f"{here}/devolver", late)
        assert (refused.status_code, "Sin la fecha no.</p>" in refused.text) == (403, True)
        for place in ("/inicio", here):
            shown = (await ana.get(place)).text
            assert "Falta el precio." in shown
            assert HOSTILE not in shown
        assert "Falta el precio." not in (await cora.get("/inicio")).text
        auditor = await stack.enter_async_context(console.browser(Role.AUDITOR))
        assert "Falta el precio." not in (await auditor.get(here)).text


async def test_what_was_approved_started_and_decided_is_done_once(console: Console) -> None:
    made = await written(console)
    here = f"/campanas/{made}"

    async with AsyncExitStack() as stack:
        cora = await stack.enter_async_context(console.browser(Role.COORDINATOR))
        ana = await stack.enter_async_context(console.browser(Role.COMMUNICATOR))

        async def form(act: str, **fields: str) -> str:
            """Send a form of the page as it stands twice; gives what the next page says."""
            stands = f"{here}/informe" if act == "faltantes" else here
            page = (await cora.get(stands)).text
            once, seen = _ONCE.search(page), _SEEN.search(page)
            assert once is not None
            values = {"once": once[1], "seen": seen[1] if seen else "", **fields}
            for _again in range(2):
                answer = await cora.post(f"{here}/{act}", values)
                assert answer.status_code == 303, answer.text
                said = (await cora.get(answer.headers["location"])).text
            assert "Eso ya estaba hecho" in said
            return said

        own = (await ana.get(here)).text
        assert "la aprueba otra persona" in own
        assert (await ana.post(f"{here}/aprobar", {"once": "a", "seen": "x"})).status_code == 409
        # Without saying what was read nothing is approved either.
        assert (await cora.post(f"{here}/aprobar", {"once": "b"})).status_code == 409
        assert await state_of(console, made) is CampaignState.REVIEW
        await form("aprobar")
        await form("iniciar")
        await form("pausar")
        assert await state_of(console, made) is CampaignState.PAUSED
        late = await cora.post(f"{here}/iniciar", {"once": "c"})
        assert late.status_code == 403
        assert 'class="card"' in late.text
        await console.platform.settle()
        async with console.database.write() as session:
            (run,) = await runs.of_campaign(session, made)
            rows = await session.all(
                select(message.c.id, message.c.state).where(message.c.run_id == run.id).limit(2)
            )
            for row in rows:
                # As if the process had been killed while it sent them.
                lost = {"state": State.UNCERTAIN, "claimed_at": console.clock.now()}
                which = message.c.id == row["id"]
                await session.execute(update(message).where(which).values(**lost))
                changes = {State(row["state"]): -1, State.UNCERTAIN: 1}
                await tally.add(session, run.id, changes)
        listed = (await cora.get(f"{here}/inciertos")).text
        assert listed.count("<td>Contacto ") == 2
        assert "+1213" not in listed
        await form("inciertos", decision="leave")
        assert "2 de 6" in (await cora.get(here)).text
        await form("reanudar")
        for _more in range(20):
            await console.move(seconds=30)
            if await state_of(console, made) is CampaignState.DONE:
                break
        assert await state_of(console, made) is CampaignState.DONE
        assert "Vigente hasta" in (await ana.get(here)).text
        await form("retirar-aviso")
        assert "Ya no está vigente" in (await ana.get(here)).text
        await form("faltantes", name="sin-becas")

        csv = await cora.get(f"{here}/informe.csv")
        assert csv.text.count("\r\n") == 7
        book = load_workbook(io.BytesIO((await cora.get(f"{here}/informe.xlsx")).content))
        assert book.worksheets[0].max_row == 7
        report = (await ana.get(f"{here}/informe")).text
        assert "de 6" in report
        assert "Salieron y no llegaron" not in report
        async with console.database.write() as session:
            sent = (message.c.run_id == run.id) & (message.c.state == State.DELIVERED)
            one = await session.scalar(select(message.c.id).where(sent).limit(1))
            await session.execute(
                update(message).where(message.c.id == one).values(state=State.UNDELIVERED)
            )
            await tally.add(session, run.id, {State.DELIVERED: -1, State.UNDELIVERED: 1})
        report = (await ana.get(f"{here}/informe")).text
        assert "Salieron y no llegaron: 1 de 2." in " ".join(_TAG.sub("", report).split())
    coordinator = await console.member(Role.COORDINATOR)
    async with console.database.read() as session:
        rows = await session.all(
            select(audit.c.act).where(
                audit.c.member_id == coordinator.id, audit.c.about == f"campaign:{made}"
            )
        )
    acts = [row["act"] for row in rows]
    assert acts == [
        "campaigns.approve",
        "campaigns.start",
        "campaigns.pause",
        "campaigns.resolve.leave",
        "campaigns.resume",
        "warnings.withdraw",
        "campaigns.report",
        "campaigns.report",
    ]
