"""The roster's pages as a browser without scripts gets them."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest_asyncio

from alerts import policies
from alerts.policy_file import read_policies
from alerts.shifts import store
from alerts.shifts.rota import on_duty
from console.roster.clocks import exact, shown
from kit.zones import OAXACA
from staff.model import Member, Role
from tests.console_stage import Browser, Console, console_stage

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest_asyncio.fixture
async def console(tmp_path: Path) -> AsyncIterator[Console]:
    async with console_stage(tmp_path) as opened:
        yield opened


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return unescape(found[1])


def kept_as(page: str) -> str:
    """Under which name what is typed is kept in the tab."""
    found = re.search(r'data-keep="([^"]+)"', page)
    assert found is not None
    return unescape(found[1])


async def here(console: Console, hours: float) -> list[int]:
    async with console.database.read() as session:
        plan = await store.plan(session)
        at = console.clock.now() + timedelta(hours=hours)
        return [one.member_id for one in on_duty(plan, at)]


async def new_rota(console: Console, boss: Browser, *members: Member) -> int:
    page = (await boss.get("/guardias/rotaciones/nueva")).text
    since = (console.clock.now() - 3 * DAY).date().isoformat()
    fields: dict[str, str | list[str]] = {
        "once": hidden(page, "once"),
        "seen": "",
        "nombre": "Guardia <b>",
        "turno": [str(one.id) for one in members] + [""],
        "cada": "7",
        "relevo": "08:00",
        "desde": since,
        "zona": OAXACA,
        "inhabiles": "si",
    }
    for wrong in ({"nombre": ""}, {"turno": ["999"]}, {"cada": "0"}, {"relevo": "25:00"},
                  {"zona": "Mars"}, {"desde": "1999"}, {"cubre_desde": "08:00"}):  # fmt: skip
        answer = await boss.post("/guardias/rotaciones/nueva", {**fields, **wrong})
        assert answer.status_code == 422, wrong
    assert "&lt;b&gt;" in answer.text, "what was typed is there, and is no tag"
    for _time in range(2):
        assert (await boss.post("/guardias/rotaciones/nueva", fields)).status_code == 303
    async with console.database.read() as session:
        (rota,) = (await store.plan(session)).rotas
    assert rota.members == tuple(one.id for one in members)
    return rota.id


async def test_a_shift_is_put_taken_back_and_never_over_what_another_has_changed(
    console: Console,
) -> None:
    ana = await console.member(Role.DUTY)
    bea = await console.member(Role.DUTY, "Beatriz Inventada")
    async with console.browser(Role.COORDINATOR) as boss, console.browser(Role.ADMIN) as other:
        rota_id = await new_rota(console, boss, ana)
        starts = console.clock.now() + 2 * HOUR
        asked = (
            f"/guardias/turno?rotacion={rota_id}&desde={exact(starts)}&hasta={exact(starts + HOUR)}"
        )
        page, theirs = (await boss.get(asked)).text, (await other.get(asked)).text
        assert ana.pseudonym in page
        fields = {
            "once": hidden(page, "once"),
            "seen": hidden(page, "seen"),
            "rotacion": str(rota_id),
            "quien": str(bea.id),
            "desde": shown(starts, OAXACA),
            "hasta": shown(starts + HOUR, OAXACA),
            "desde_exacto": hidden(page, "desde_exacto"),
            "hasta_exacto": hidden(page, "hasta_exacto"),
        }
        past = shown(starts - 2 * DAY, OAXACA)
        for wrong in ({"quien": ""}, {"quien": "999"}, {"desde": "ayer"}, {"rotacion": "9" * 30},
                      {"hasta": fields["desde"]}, {"desde": past, "hasta": past}, {"rotacion": ""},
                      {"desde": past, "hasta": shown(starts - DAY, OAXACA)},
                      {"hasta": "2040-01-01T00:00"}):  # fmt: skip
            answer = await boss.post("/guardias/turno", {**fields, **wrong})
            assert answer.status_code == 422, wrong
            assert hidden(answer.text, "seen") == fields["seen"], "a fault shows nothing new"
        assert await here(console, 2.5) == [ana.id]
        # What is kept in the tab is of these hours alone.
        assert len({kept_as(one) for one in (page, theirs, answer.text)}) == 1
        later = asked.replace(exact(starts), exact(starts + HOUR / 2))
        assert kept_as((await boss.get(later)).text) != kept_as(page)
        swaps = [(await boss.get(one.replace("turno", "cambio"))).text for one in (asked, later)]
        assert kept_as(swaps[0]) != kept_as(swaps[1])
        for _time in range(2):
            answer = await boss.post("/guardias/turno", fields)
            assert answer.status_code == 303
            assert answer.headers["location"].startswith("/guardias?semana=")
        assert await here(console, 2.5) == [bea.id]
        assert "El turno quedó guardado." in (await boss.get("/guardias")).text
        # The other had the page open: they are shown who has it now, and may still decide.
        late = {**fields, "once": hidden(theirs, "once"), "quien": "nadie"}
        unread = await other.post("/guardias/turno", {**late, "once": "u", "desde": "ayer"})
        assert (unread.status_code, hidden(unread.text, "seen")) == (422, fields["seen"])
        refused = await other.post("/guardias/turno", late)
        assert refused.status_code == 409
        assert kept_as(refused.text) != kept_as(theirs)
        assert "Cuando abrió la página" in refused.text
        assert await here(console, 2.5) == [bea.id]
        again = {**late, "once": hidden(refused.text, "once"), "seen": hidden(refused.text, "seen")}
        assert (await other.post("/guardias/turno", again)).status_code == 303
        assert await here(console, 2.5) == []
        assert "Nadie está de guardia" in (await boss.get("/guardias")).text
        # Hostile marks of what was seen are as none.
        for mark in ("x", "1:2", ";;;", "9" * 400, "1:20261123T140000Z:20261123T140000Z"):
            taken = {**again, "once": mark, "seen": mark}
            assert (await other.post("/guardias/turno", taken)).status_code == 303
        page = (await boss.get(asked)).text
        ids = re.findall(r'name="excepcion" value="(\d+)"', page)
        assert len(ids) == 6
        assert page.count('name="rotacion" value="') >= 6, "each leads back to these hours"
        for id_ in ids[:-1]:
            answer = await boss.post("/guardias/turno/quitar", {"excepcion": id_})
            assert answer.status_code == 303
        assert await here(console, 2.5) == [bea.id]
        for wrong_id, status in ((ids[0], 404), ("", 404), ("x", 422)):
            answer = await boss.post("/guardias/turno/quitar", {"excepcion": wrong_id})
            assert answer.status_code == status
        # Whoever was second reads so, and who has these hours now.
        second = await boss.post("/guardias/turno/quitar", {**fields, "excepcion": ids[0]})
        assert (second.status_code, "Esa excepción ya no existe." in second.text) == (404, True)
        assert f"<b>{bea.pseudonym}</b>" in second.text
        # Of a rota that is gone, nobody else's hours are shown.
        gone = {**fields, "excepcion": ids[0], "rotacion": "999"}
        second = await boss.post("/guardias/turno/quitar", gone)
        assert "Esa excepción ya no existe." in second.text
        assert f"<b>{bea.pseudonym}</b>" not in second.text
    async with console.browser(Role.DUTY) as duty, console.browser(Role.COORDINATOR) as boss:
        page = (await duty.get("/guardias")).text
        assert ana.pseudonym in page
        assert ana.name not in page.replace(f"<span>{ana.name}</span>", ""), "pseudonyms alone"
        assert "/guardias/turno" not in page
        assert (await duty.get(asked)).status_code == 403
        strange_hours = (
            "desde=00010101T000000Z&hasta=00020101T000000Z",
            "desde=99991231T235959Z&hasta=99991231T235959Z",
            "desde=x&hasta=%FF",
            "rotacion=x&persona=x",
        )
        for hours in strange_hours:
            assert (await boss.get(f"/guardias/turno?{hours}")).status_code == 200, hours
        for strange in ("2026-W99", "x" * 600, "9999-W01", "%00"):
            assert (await duty.get(f"/guardias?semana={strange}")).status_code == 404
        calendar = await duty.get(f"/guardias/calendario.ics?rotacion={rota_id}&de=mi")
        assert calendar.headers["content-type"].startswith("text/calendar")
        assert calendar.text.startswith("BEGIN:VCALENDAR\r\n")
        assert ana.name not in calendar.text
        assert (await duty.get("/guardias/calendario.ics?rotacion=x")).status_code == 404


async def test_a_rota_is_changed_imported_into_and_taken_away(console: Console) -> None:
    ana = await console.member(Role.DUTY)
    bea = await console.member(Role.DUTY, "Beatriz Inventada")
    async with console.browser(Role.COORDINATOR) as boss:
        rota_id = await new_rota(console, boss, ana)
        path = f"/guardias/rotaciones/{rota_id}"
        page = (await boss.get(path)).text
        fields: dict[str, str | list[str]] = {
            "once": hidden(page, "once"),
            "seen": hidden(page, "seen"),
            "nombre": "Noche",
            "turno": [str(bea.id), "", str(ana.id)],
            "cada": "1",
            "relevo": "20:00",
            "desde": "2026-11-20",
            "zona": OAXACA,
            "cubre_desde": "20:00",
            "cubre_hasta": "08:00",
        }
        assert (await boss.post(path, fields)).status_code == 303
        async with console.database.read() as session:
            (rota,) = (await store.plan(session)).rotas
        assert (rota.name, rota.members, rota.holidays) == ("Noche", (bea.id, ana.id), False)
        # The same form once more was written before that change.
        stale = await boss.post(path, {**fields, "once": "another", "nombre": "Otra"})
        assert stale.status_code == 409
        assert "ahora: Noche" in stale.text
        assert "ahora: 20:00–08:00" in stale.text
        assert kept_as(stale.text) != kept_as(page)
        for bad in ("[]", "{", '"x"', "", "[" * 30_000):
            stale = await boss.post(path, {**fields, "once": f"of {bad[:9]}", "seen": bad})
            assert stale.status_code == 409
        for _time in range(2):
            assert (await boss.post(path, fields)).status_code == 303, "taken already"
        starts = console.clock.now() + 5 * DAY
        event = [
            "BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", "UID:1",
            f"DTSTART:{exact(starts)}", f"DTEND:{exact(starts + HOUR)}",
            f"ATTENDEE:mailto:{ana.email}", "END:VEVENT", "END:VCALENDAR",
        ]  # fmt: skip
        calendar = f"{path}/calendario"
        repeated = "\n".join(event).replace("UID:1", "RRULE:FREQ=DAILY")
        for text, status in (("", 422), ("x", 422), (repeated, 422), ("x" * 400_000, 413)):
            assert (await boss.post(calendar, {"calendario": text})).status_code == status
        sent = {"csrf": boss.token, "calendario": ""}
        for content, status in ((b"\xff" * 9, 422), (b"x" * 1_100_000, 413)):
            file = {"archivo": ("a.ics", content)}
            answer = await boss.http.post(calendar, data=sent, files=file)
            assert answer.status_code == status
        file = {"archivo": ("a.ics", "\n".join(event).encode())}
        answer = await boss.http.post(calendar, data=sent, files=file)
        assert answer.status_code == 303
        assert await here(console, 24 * 5 + 0.5) == [ana.id]
        for _time in range(2):
            day = {"dia": "2026-12-12", "que": "Fiesta"}
            answer = await boss.post("/guardias/inhabiles", day)
            assert answer.status_code == (303 if _time == 0 else 422)
        assert "Fiesta" in (await boss.get("/guardias/rotaciones")).text
        for status in (303, 404):
            gone = await boss.post("/guardias/inhabiles/quitar", day)
            assert gone.status_code == status
        once = {"once": "that is one"}
        for _time in range(2):
            assert (await boss.post(f"{path}/quitar", once)).status_code == 303
        assert (await boss.get(path)).status_code == 404
        assert "De guardia siempre" in (await boss.get("/guardias")).text


FILE = "- name: Una\n  steps:\n  - {call: [on_duty], wait_minutes: 2}\n"


async def test_policies_are_put_in_force_with_faults_by_line_and_never_unseen(
    console: Console,
) -> None:
    path = "/guardias/politicas/editar"
    async with console.browser(Role.COORDINATOR) as boss:
        page = (await boss.get(path)).text
        fields = {"once": hidden(page, "once"), "seen": hidden(page, "seen"), "archivo": FILE}
        for file, said in (
            (FILE.replace("on_duty", "queen"), "Línea 3:"),
            (f"{FILE}- [", "Línea 4:"),
            ("a: 1", "Escriba una lista"),
        ):
            answer = await boss.post(path, {**fields, "archivo": file})
            assert answer.status_code == 422
            assert said in answer.text
        earlier = (await boss.get(f"{path}?de=20261123T140000Z")).text
        assert hidden(earlier, "de") == "20261123T140000Z"
        assert kept_as(earlier) != kept_as(page)
        for _time in range(2):
            answer = await boss.post(path, {**fields, "once": f"nth {_time}"})
            assert answer.status_code == (303 if _time == 0 else 409)
        assert "+ - name: Una" in answer.text, "what changed since the page was read"
        odd = {**fields, "once": "odd", "seen": f"²,{'9' * 5000},x"}
        assert (await boss.post(path, odd)).status_code == 409
        assert kept_as(answer.text) != kept_as(page)
        faulty = await boss.post(path, {**fields, "archivo": FILE.replace("on_duty", "queen")})
        assert (faulty.status_code, hidden(faulty.text, "seen")) == (422, fields["seen"])
        found = (await boss.get("/guardias/politicas")).text
        assert "Después de 2 minutos sin respuesta" in found
        newest = hidden((await boss.get(path)).text, "seen")
        empty = {"once": "x", "seen": newest, "archivo": " "}
        assert (await boss.post(path, empty)).status_code == 303
        found = (await boss.get("/guardias/politicas")).text
        assert "Versiones anteriores" in found
        again = re.search(r'"(/guardias/politicas/editar\?de=\w+)"', found)
        assert again is not None
        assert "name: Una" in (await boss.get(again[1])).text
        member = await console.member(Role.COORDINATOR)
        async with console.database.write() as session:
            await policies.replace(
                session, read_policies(FILE.encode()), member, console.clock.now()
            )
    async with console.browser(Role.DUTY, language="en") as duty:
        assert "After 2 minutes without an answer" in (await duty.get("/guardias/politicas")).text
        assert (await duty.get(path)).status_code == 403
        simulator = "/guardias/simulador"
        assert "Policy: Una." in (await duty.get(simulator)).text
        for query in ("tipo=canary", "urgencia=x", "lengua=klingon", "cuando=ayer",
                      "cuando=2099-01-01T00:00", "tipo=" + "x" * 900):  # fmt: skip
            assert (await duty.get(f"{simulator}?{query}")).status_code == 422, query


async def test_somebody_answers_for_their_own_shift_alone(console: Console) -> None:
    ana = await console.member(Role.DUTY)
    bea = await console.member(Role.DUTY, "Beatriz Inventada")
    async with console.browser(Role.COORDINATOR) as boss:
        await new_rota(console, boss, ana, bea)
    async with console.browser(Role.DUTY) as mine, console.browser(Role.DUTY, bea.name) as hers:
        page = (await mine.get("/guardias/mias")).text
        turns = re.findall(r'name="turno" value="([\d:]+)"', page)
        assert turns
        for typed in ("", "x", "1:x", "9" * 40, "1:" + "9" * 11, f"{turns[0]}9"):
            answer = await mine.post(
                "/guardias/mias/no-puedo", {"once": typed or "-", "turno": typed}
            )
            assert answer.status_code == 422, typed
        for _time in range(2):
            fields = {"once": "the same", "turno": turns[0]}
            assert (await mine.post("/guardias/mias/no-puedo", fields)).status_code == 303
        assert "Pasamos su turno" in (await mine.get("/guardias/mias")).text
        not_hers = await hers.post("/guardias/mias/voy", {"once": "hers", "turno": turns[-1]})
        assert not_hers.status_code == 422
        relief = await mine.post("/guardias/mias/relevo", {"once": "relief"})
        assert relief.status_code == 303
        assert await here(console, 0) == [bea.id]
        assert (await mine.post("/guardias/mias/relevo", {"once": "more"})).status_code == 422
