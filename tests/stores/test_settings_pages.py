"""`/ajustes` without a browser: what is typed wrong, what comes late, what was never ours."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from console.settings import pages
from db.session import Session
from staff.institute import service, store
from staff.institute.model import Version
from staff.model import Role
from tests.console_stage import Browser, Console, console_stage


@pytest.fixture
async def console(tmp_path: Path) -> AsyncIterator[Console]:
    async with console_stage(tmp_path, institute_name="IAIMO") as opened:
        yield opened


async def standing(console: Console) -> Version:
    async with console.database.read() as session:
        found = await store.newest(session, 1)
    return found[0] if found else Version()


async def test_what_is_typed_stands_in_the_notice_and_stays_in_the_form_when_it_is_wrong(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with console.browser(Role.ADMIN) as browser:
        page = await browser.get("/ajustes")
        assert "IAIMO" in page.text
        typed = {"seen": "0", "name": "Instituto <b>Inventado</b>", "phone": "no es"}
        wrong = await browser.post("/ajustes", typed)
        assert wrong.status_code == 422
        assert "Instituto &lt;b&gt;Inventado" in wrong.text
        assert 'value="no es"' in wrong.text
        assert 'aria-invalid="true"' in wrong.text
        assert (await standing(console)).number == 0
        typed["phone"] = "951 555 0100"
        for _time in range(2):
            assert (await browser.post("/ajustes", typed)).status_code == 303
        assert (await standing(console)).number == 1
        notice = await browser.http.get("/privacidad/completo")
        assert "Instituto &lt;b&gt;Inventado&lt;/b&gt; es responsable" in notice.text
        late = await browser.post("/ajustes", {"seen": "0", "name": "Otro"})
        assert late.status_code == 409
        assert 'name="seen" value="1"' in late.text
        assert "Usted escribió:" in late.text
        assert (await standing(console)).number == 1
        await _a_third_keeps_theirs_while_it_is_told(console, browser, monkeypatch)
        history = await browser.get("/ajustes/cambios")
        assert history.text.count('class="change"') == 2
        platform = await browser.get("/ajustes/plataforma")
        assert "SQLite" in platform.text
        assert console.platform.settings.field_keys not in platform.text
        assert console.platform.settings.secret_key not in platform.text


async def _a_third_keeps_theirs_while_it_is_told(
    console: Console, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form brings back what it showed, and not what came after it."""
    admin, named = await console.member(Role.ADMIN), pages._who

    async def interrupted(session: Session, member_id: int | None) -> str:
        monkeypatch.setattr(pages, "_who", named)
        async with console.database.write() as theirs:
            await service.change(theirs, admin, {"name": "Tercero"}, 1, console.clock.now())
        return await named(session, member_id)

    monkeypatch.setattr(pages, "_who", interrupted)
    late = await browser.post("/ajustes", {"seen": "0", "name": "Otro"})
    assert late.status_code == 409
    assert (await standing(console)).number == 2
    assert 'name="seen" value="1"' in late.text


async def test_what_no_form_of_ours_sends_changes_nothing(console: Console) -> None:
    async with console.browser(Role.ADMIN) as browser:
        await browser.get("/ajustes")
        for fields, status in (
            ({"seen": "9", "name": "A"}, 404),
            ({"seen": "-1", "name": "A"}, 422),
            ({"seen": "1e3", "name": "A"}, 422),
            ({"seen": "9" * 400, "name": "A"}, 422),
            ({"seen": "0", "name": "A" * 5_000}, 422),
            ({"seen": "0", "name": "A\u202eB"}, 422),
            ({"seen": "0", "web": "javascript:alert(1)"}, 422),
            ({"seen": "0", "name": "A" * 300_000}, 413),
        ):
            answer = await browser.post("/ajustes", fields)
            assert answer.status_code == status, fields
        several = await browser.post("/ajustes", {"seen": "0", "name": ["A", "B"], "by": "7"})
        assert several.status_code == 303
        assert (await standing(console)).said.name == "B"
        for asked in ("0", "-1", "x", "9" * 30, "%00", "1%27--", ""):
            assert (await browser.get(f"/ajustes/cambios?antes={asked}")).status_code == 200
