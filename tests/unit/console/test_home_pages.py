"""Home, attentions and coverage as a browser without scripts gets them."""

import re
from collections.abc import AsyncIterator, Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from alerts.coverage.tick import Counting
from alerts.coverage.tries import day_of
from alerts.model import Report, Times, Urgency
from alerts.service import open_case
from console.frame.forms import Form
from console.home.attentions import read
from console.home.needs import Elsewhere, fingerprint, sees
from console.home.start import thinned
from contacts.coverage import store
from contacts.coverage.model import Attention, Day, Given, Means, Population, Sex
from contacts.gazetteer import load_gazetteer
from kit.channels import Channel, Endpoint
from kit.turns import Turns
from staff.model import Role
from tests.console_stage import Browser, Console, console_stage

TODAY = date(2026, 11, 23)
FORM: Mapping[str, str] = {
    "means": "window",
    "given": "remains",
    "town": "Tlaxiaco",
    "day": "2026-11-23",
}


@pytest_asyncio.fixture
async def console(tmp_path: Path) -> AsyncIterator[Console]:
    async with console_stage(tmp_path) as opened:
        yield opened


def test_a_form_is_an_attention_or_says_what_is_wrong_with_which_field() -> None:
    def of(**fields: str) -> tuple[Attention | None, set[str], int]:
        found = read(Form([*(dict(FORM) | fields).items()]), TODAY, load_gazetteer())
        return found.attention, set(found.faults), len(found.towns)

    plain = Attention(TODAY, Given.REMAINS, 20397, Means.WINDOW)
    assert of() == (plain, set(), 0)
    assert of(sex="woman", population="transit", town="20397")[0] == Attention(
        TODAY, Given.REMAINS, 20397, Means.WINDOW, Sex.WOMAN, Population.TRANSIT
    )
    for field, typed in (
        ("means", "letter"),
        ("given", ""),
        ("given", "money"),
        ("town", ""),
        ("town", "Tijuana"),
        ("town", "x" * 300),
        ("day", "2026-11-24"),
        ("day", "2020-01-01"),
        ("day", "mañana"),
        ("sex", "yes"),
        ("population", "mexico"),
        ("population", "everybody"),
    ):
        found, faults, towns = of(**{field: typed})
        assert (found, faults, towns) == (None, {field}, 0), (field, typed)
    assert of(town="San Juan Mixtepec") == (None, {"town"}, 2)
    # Only one of those that the name may mean can be chosen.
    assert of(town="San Juan Mixtepec", clave="20397")[0] is None
    # As the list of towns says it; and what a part of a name may mean, when those are few.
    listed = of(town="20208 San Juan Mixtepec, Mixteca")[0]
    assert listed is not None
    assert listed.clave == 20208
    assert of(town="20999 San Juan Mixtepec")[0] is None
    assert of(town="San Juan") == (None, {"town"}, 0)
    assert of(town="!!") == (None, {"town"}, 0)
    few, faults, towns = of(town="Heroica")
    assert (few, faults) == (None, {"town"})
    assert 1 <= towns <= 12
    chosen = of(town="San Juan Mixtepec", clave="20209")[0]
    assert chosen is not None
    assert chosen.clave == 20209


@pytest.mark.parametrize("count", [0, 1, 10, 11, 90])
def test_a_trend_keeps_its_ends_and_is_short(count: int) -> None:
    days = [Day(TODAY + timedelta(days=number), number, None) for number in range(count)]
    found = thinned(days, 10)
    assert len(found) == min(count, 10)
    assert [*found[:1], *found[-1:]] == [*days[:1], *days[-1:]]
    assert len(set(found)) == len(found)


def once(page: str) -> str:
    found = re.search(r'name="once" value="([^"]+)"', page)
    assert found is not None
    return found[1]


async def registered(console: Console) -> int:
    async with console.database.read() as session:
        return await store.attended_on(session, day_of(console.clock.now()))


async def test_an_attention_is_registered_once_and_taken_back_by_who_registered_it(
    console: Console,
) -> None:
    today = day_of(console.clock.now()).isoformat()
    async with console.browser(Role.DUTY) as duty, console.browser(Role.COMMUNICATOR) as other:
        page = (await duty.get("/atenciones")).text
        fields = {**FORM, "day": today, "once": once(page)}
        wrong = await duty.post("/atenciones", {**fields, "town": "<b>Nada</b>"})
        assert wrong.status_code == 422
        # What was typed is still there, and is no tag.
        assert "&lt;b&gt;Nada&lt;/b&gt;" in wrong.text
        assert '<option value="20208 San Juan Mixtepec, Mixteca">' in wrong.text
        # The box on top says what is wrong, which is nothing that is missing.
        many = await duty.post("/atenciones", {**fields, "town": "San Juan"})
        assert many.text.count("Muchos municipios se llaman así") == 2
        assert "Falta algo" not in many.text
        for _time in range(2):
            again = await duty.post("/atenciones", fields)
            assert again.status_code == 303
        assert await registered(console) == 1
        shown = (await duty.get(again.headers["location"])).text
        # The same service stands there for the next one.
        assert '<option value="remains" selected>' in shown
        assert "Quedó registrada la atención." in shown
        assert "Heroica Ciudad de Tlaxiaco (Mixteca)" in shown
        path = re.search(r"/atenciones/\d+/retirar", shown)
        assert path is not None
        assert (await other.post(path[0])).status_code == 404
        assert (await duty.post("/atenciones/999/retirar")).status_code == 404
        assert (await duty.post("/atenciones/x/retirar")).status_code == 404
        for _time in range(2):
            assert (await duty.post(path[0])).status_code == 303
        assert await registered(console) == 0
        # A form without what makes it this one.
        assert (await duty.post("/atenciones", {**fields, "once": ""})).status_code == 422
    async with console.browser(Role.AUDITOR) as auditor:
        assert (await auditor.get("/atenciones")).status_code == 403
        assert (await auditor.post("/atenciones", FORM)).status_code == 403


async def set_target(browser: Browser, page: str, **fields: str) -> tuple[int, str]:
    seen = re.search(r'name="seen" value="([^"]*)"', page)
    assert seen is not None
    answer = await browser.post("/cobertura/metas", {"seen": seen[1], **fields})
    return answer.status_code, answer.text


async def test_targets_are_set_by_who_may_and_the_second_writer_is_told(console: Console) -> None:
    async with console.browser(Role.ADMIN) as one, console.browser(Role.COORDINATOR) as other:
        first, second = (await one.get("/cobertura")).text, (await other.get("/cobertura")).text
        mine = {"year": "2026", "population": "900000", "attended": "70000"}
        assert (await set_target(one, first, **mine))[0] == 303
        status, told = await set_target(other, second, **mine | {"attended": "80000"})
        assert status == 409
        assert "población 900,000, por atender 70,000" in told
        assert 'value="80000"' in told
        assert (await set_target(other, told, **mine | {"attended": "80000"}))[0] == 303
        for wrong in ({"year": "1999"}, {"attended": "0"}, {"population": "mil"}, {"year": ""}):
            status, told = await set_target(one, told, **mine | wrong)
            assert status == 422
        for year in ("2031", "x"):
            assert (await one.post("/cobertura/metas/quitar", {"year": year})).status_code >= 404
        assert (await one.post("/cobertura/metas/quitar", {"year": "2026"})).status_code == 303
    async with console.browser(Role.AUDITOR) as auditor:
        page = (await auditor.get("/cobertura?ano=2025")).text
        assert "1,030,645" in page
        assert "Guardar la meta" not in page
        assert (await auditor.post("/cobertura/metas", mine)).status_code == 403


async def test_of_what_a_role_may_not_see_its_home_does_not_even_hear_that_it_changed(
    console: Console,
) -> None:
    roles = (Role.DUTY, Role.COORDINATOR, Role.COMMUNICATOR, Role.AUDITOR)
    members = {role: await console.member(role) for role in roles}

    async def prints() -> dict[Role, str]:
        async with console.database.read() as session:
            return {
                role: await fingerprint(session, one, Elsewhere()) for role, one in members.items()
            }

    before = await prints()
    async with console.database.write() as session:
        reporter = Endpoint(Channel.SMS, "+12135550172")
        report = Report(reporter, "es", console.clock.now(), "Ayuda")
        await open_case(session, report, Urgency.UNSORTED, Times(), lambda most: most // 2)
    after = await prints()
    assert {role for role in roles if before[role] != after[role]} == {Role.DUTY, Role.COORDINATOR}
    assert all(before.values())
    names = [sees(one) for one in members.values()]
    assert len(set(names)) == 3
    assert names[2] == names[3]


async def test_home_shows_each_role_what_waits_for_it_and_nothing_else(console: Console) -> None:
    async with console.database.write() as session:
        reporter = Endpoint(Channel.SMS, "+12135550171")
        report = Report(reporter, "es", console.clock.now(), "Ayuda")
        case = await open_case(session, report, Urgency.UNSORTED, Times(), lambda most: most // 2)
    async with console.browser(Role.DUTY) as duty:
        page = (await duty.get("/inicio")).text
        assert f"Nadie tiene el caso {case.folio}" in page
        assert "La primera cuenta está en camino" in page
        assert "De guardia ahora" in page
        assert f"/casos/{case.folio}" in (await duty.get("/inicio/ahora")).text
        # How long, and no time of day, also where no script says it anew.
        assert re.search(r"desde hace <time [^>]*>\d+ s</time>", page)
        # The menu's name greets; the one that people who ask for help see is said to be that.
        member = await console.member(Role.DUTY)
        assert f"Buen día, {member.name}." in page
        assert f"En los casos firma como {member.pseudonym}" in page
    await Counting(console.database, console.clock, turns=Turns(rests=False)).whole()
    for role in (Role.COMMUNICATOR, Role.AUDITOR):
        async with console.browser(role) as browser:
            page = (await browser.get("/inicio")).text
            assert case.folio not in page
            assert "De guardia ahora" not in page
            assert "Casos abiertos" not in page
            assert "firma como" not in page
            assert "Nada le espera ahora." in page
            assert "de 1,030,645" in page
            assert case.folio not in (await browser.get("/inicio/ahora")).text
