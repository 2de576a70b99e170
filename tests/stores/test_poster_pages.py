"""Pages of posters, with what a form, a search or an address should never hold."""

import re
import threading
from pathlib import Path

import pytest

from console.posters import public
from contacts.gazetteer import load_gazetteer
from contacts.places import Gazetteer
from staff.model import Role
from tests.console_stage import Browser, console_stage

GOOD = {"place": "Mixteca", "many": "one", "topic": "", "language": "es", "label": "", "once": "a"}
SCRIPT = "<script>alert(1)</script>"


async def sent(browser: Browser, **fields: str) -> tuple[int, str]:
    answer = await browser.post("/carteles/nuevo", {**GOOD, **fields})
    return answer.status_code, answer.headers.get("location", "")


async def test_what_a_form_or_an_address_should_never_hold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with console_stage(tmp_path) as console, console.browser(Role.COORDINATOR) as browser:
        await browser.get("/carteles/nuevo")
        wrong = [
            {"place": "Narnia"},
            {"place": "x" * 5_000},
            {"place": "san juan mixtepec", "chosen": "20397"},
            {"place": "Tlaxiaco", "many": "each"},
            {"place": "", "many": "each"},
            {"topic": "everything"},
            {"language": "mix"},
            {"language": ""},
            {"label": "y" * 61},
            {"programme": "z" * 61},
        ]
        for number, fields in enumerate(wrong):
            assert (await sent(browser, once=f"w{number}", **fields))[0] == 422, fields
        again = await browser.post(
            "/carteles/nuevo", {**GOOD, "place": "Narnia", "label": SCRIPT, "once": "s"}
        )
        assert SCRIPT not in again.text
        assert "&lt;script&gt;" in again.text, "what was typed stands there again"
        for path in ("K7M2Q", "abc", "%00", "..%2f..", "x" * 2_000, "nuevo2"):
            assert (await browser.get(f"/carteles/{path}")).status_code == 404, path
        for query in (SCRIPT, "%", "_", "x" * 3_000, "' OR 1=1 --", "\0", "😀", "20397"):
            for page in ("/carteles", "/carteles/hojas"):
                answer = await browser.http.get(page, params={"buscar": query, "antes": "-1"})
                assert answer.status_code == 200
                assert SCRIPT not in answer.text
        for before in ("x", "9" * 30, "1.5", "²"):
            answer = await browser.http.get("/carteles", params={"antes": before})
            assert answer.status_code == 200

        # Made once, however often the form is sent.
        status, made = await sent(browser, label=SCRIPT, programme="Gozona Familiar", once="m")
        assert status == 303
        assert re.fullmatch(r"/carteles/[2-9A-Z]{5}", made)
        assert await sent(browser, label=SCRIPT, once="m") == (303, "/carteles")
        shown = (await browser.get("/carteles")).text
        assert shown.count('class="title"') == 1
        assert SCRIPT not in shown
        sheet = (await browser.get(f"{made}?tamano=<b>&papel=a5")).text
        assert "Gozona Familiar" in sheet
        assert "size-hoja" in sheet
        assert "paper-carta" in sheet
        assert SCRIPT not in sheet

        # Whoever reads where it hangs keeps nobody waiting while places are looked up.
        held_up: list[bool] = []

        def places() -> Gazetteer:
            held_up.append(threading.current_thread() is threading.main_thread())
            return load_gazetteer()

        monkeypatch.setattr(public, "load_gazetteer", places)
        assert (await browser.http.get(f"/suscribirse?c={made[-5:]}")).status_code == 200
        assert held_up == [False]

        # What was taken down is listed when asked for, and never printed again.
        assert (await browser.post(f"{made}/retirar")).headers["location"] == made
        code = made.rpartition("/")[2]
        assert code not in (await browser.get("/carteles")).text
        assert code in (await browser.get("/carteles?retirados=1")).text
        assert code not in (await browser.get("/carteles/hojas?retirados=1")).text
        assert "<article" not in (await browser.get(made)).text
        assert "<article" not in (await browser.get(f"/carteles/hojas?buscar={code}")).text

        # Every municipality of a region, each once; twelve at a time are printed.
        assert (await sent(browser, place="Istmo", many="each", once="e"))[0] == 303
        assert (await sent(browser, place="istmo", many="each", once="e2"))[0] == 303
        found = (await browser.get("/carteles?buscar=istmo")).text
        assert found.count('class="title"') == 41
        assert found.index("Asunción Ixtaltepec") < found.index("Unión Hidalgo")
        sheets = (await browser.get("/carteles/hojas?buscar=istmo&tamano=cuarto")).text
        assert (sheets.count("<article"), sheets.count('<section class="sheet')) == (12, 3)
        following = re.search(r'href="(/carteles/hojas\?[^"]+)"', sheets)
        assert following is not None
        more = (await browser.get(following[1].replace("&amp;", "&"))).text
        assert more.count("<article") == 12
