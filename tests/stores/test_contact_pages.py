"""The pages of people, asked for without a script: hostile input, forms sent twice, and limits."""

import json
import re
from html import unescape
from pathlib import Path

from alerts.rights.looking import MOST
from console.frame.layout import new_once
from contacts import service as contacts
from contacts.atlas import Place
from contacts.model import Topic
from contacts.rights import store as rights
from contacts.rights.model import Look
from contacts.service import Words
from kit.channels import Channel, Endpoint
from staff.model import Role
from staff.store import audit
from tests.console_stage import Browser, Console, console_stage

NUMBER = "+12135550123"


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*? value="([^"]*)"', page)
    assert found is not None, name
    return unescape(found[1])


async def subscribed(console: Console, number: str = NUMBER) -> int:
    async with console.database.write() as session:
        said = Words(Endpoint(Channel.SMS, number), "ALTA", console.clock.now())
        return (await contacts.subscribe(session, said, "es")).id


async def send(browser: Browser, path: str, **fields: str | list[str]) -> int:
    return (await browser.post(path, {"once": new_once(), **fields})).status_code


async def test_people_pages_withstand_whatever_is_sent_and_take_a_form_once(
    tmp_path: Path,
) -> None:
    async with console_stage(tmp_path) as console, console.browser(Role.COMMUNICATOR) as browser:
        ida = await subscribed(console)
        here, register = f"/personas/{ida}", "/personas/solicitudes"
        for path in (
            "/personas/0",
            "/personas/-1",
            "/personas/abc",
            "/personas/9" + "9" * 40,
            f"{register}/0",
            f"{register}/abc",
            f"{register}/99",
            "/personas/%00",
        ):
            assert (await browser.get(path)).status_code == 404, path
        for path in (
            f"{here}?antes=abc",
            f"{here}?antes=" + "9" * 300,
            f"{here}?antes=-1",
            f"{register}?tras=a.b",
            f"{register}?tras=9999-99-99.1",
            f"{register}?tras=.{'9' * 30}",
            f"{register}?ver=cerradas&tras=.1",
        ):
            answer = await browser.get(path)
            assert answer.status_code == 200, path
            assert NUMBER not in answer.text
        for typed in ("", "   ", "x" * 50_000, "<script>", "%' OR 1=1", "🤷", "\u202e123"):
            answer = await browser.post("/personas", {"who": typed})
            assert answer.status_code == 200, typed
            assert '<script>"' not in answer.text
        wrong: list[tuple[str, dict[str, str | list[str]]]] = [
            ("/numero", {"line": "9" * 20, "reason": "a"}),
            ("/numero", {"line": "1", "reason": "x" * 1_001}),
            ("/corregir", {"language": "klingon"}),
            ("/corregir", {"language": "es", "origin": "x" * 300, "relation": "boss"}),
            ("/corregir", {"language": "es", "identity": "not_yet", "way": "window"}),
            ("/corregir", {"language": "es", "identity": "document", "way": "smoke"}),
            ("/oponer", {"words": "No", "way": "phone"}),
            ("/oponer", {"channel": "voice", "words": "No", "way": "phone"}),
            ("/oponer", {"channel": ["sms", "telegram"], "words": " ", "way": "phone"}),
            ("/datos", {"identity": "", "way": "phone"}),
            ("/borrar", {"word": "BORRA", "identity": "document", "way": "phone"}),
            ("/borrar", {"word": "BORRAR", "identity": "", "way": "phone"}),
            ("/solicitudes", {"kind": "access", "way": "phone", "received_on": "31-31-31"}),
            ("/solicitudes", {"kind": "access", "way": "phone", "received_on": "2999-01-01"}),
            ("/solicitudes", {"kind": "gift", "way": "phone", "received_on": "2026-01-01"}),
        ]
        for path, fields in wrong:
            status = await send(browser, here + path, **fields)
            # A form that was made of other words than the page had is a stale one.
            assert status in (409, 422), (path, fields, status)
        once = {"once": new_once(), "channel": "sms", "words": "Ya no", "way": "phone"}
        for _time in range(2):
            assert (await browser.post(f"{here}/oponer", once)).status_code == 303
        async with console.database.read() as session:
            (asked,) = await rights.of_contact(session, ida, 9)
            assert len(await rights.history(session, contact_id=ida, limit=9)) == 1
        closed = f"{register}/{asked.id}"
        assert await send(browser, closed, step="grant", version="2") == 403
        assert await send(browser, closed, step="grant", version="1") == 409
        assert await send(browser, closed, step="dance", version="2") == 422
        copy = await browser.post(
            f"{here}/datos",
            {"once": new_once(), "identity": "document", "way": "window", "format": "json"},
        )
        assert copy.headers["content-disposition"] == f'attachment; filename="persona-{ida}.json"'
        assert copy.headers["cache-control"] == "no-store"
        assert json.loads(copy.text)["addresses"][0]["endpoint"] == NUMBER

        member = await console.member(Role.COMMUNICATOR)
        async with console.database.write() as session:
            for _time in range(MOST[Look.SEARCH]):
                await rights.add_look(session, member.id, Look.SEARCH, console.clock.now())
        last = await browser.post("/personas", {"who": "persona 77"})
        assert last.status_code == 403
        assert f"{MOST[Look.SEARCH]} búsquedas" in last.text
        async with console.database.read() as session:
            lines = await session.all(audit.select().where(audit.c.act == "contact.limit"))
        assert [line["about"] for line in lines] == ["search"]

        # Every page of a person is a look at them, also those that change something.
        many = [await subscribed(console, f"+12135550{number}") for number in range(130, 134)]
        pages = ("corregir", "oponer", "borrar", "datos")
        for one, page in zip(many, pages, strict=True):
            assert (await browser.get(f"/personas/{one}/{page}")).status_code == 200
        async with console.database.write() as session:
            shown = await session.all(audit.select().where(audit.c.act == "contact.show"))
            assert {line["about"] for line in shown} == {f"contact:{one}" for one in (ida, *many)}
            for _time in range(MOST[Look.SHOW]):
                await rights.add_look(session, member.id, Look.SHOW, console.clock.now())
        other = await subscribed(console, "+12135550135")
        for page in pages:
            answer = await browser.get(f"/personas/{other}/{page}")
            assert answer.status_code == 403, page
            assert await send(browser, f"/personas/{other}/{page}", language="x") == 403, page
        async with console.database.read() as session:
            lines = await session.all(audit.select().where(audit.c.act == "contact.limit"))
        assert [line["about"] for line in lines] == ["search", "show"]


async def test_a_fault_does_not_hide_what_another_has_changed_meanwhile(tmp_path: Path) -> None:
    async with console_stage(tmp_path) as console, console.browser(Role.COMMUNICATOR) as browser:
        ida = await subscribed(console)
        path = f"/personas/{ida}/corregir"
        first = (await browser.get(path)).text
        fields: dict[str, str | list[str]] = {
            name: hidden(first, name) for name in ("seen", "origin_was", "place_was")
        }
        fields |= {"language": "es", "origin": "Narnia", "place": "", "relation": "migrant"}
        fields |= {"topic": ["programs"], "identity": "document", "way": "window"}
        async with console.database.write() as session:
            await contacts.set_language(session, ida, "en")
            await contacts.set_place(
                session, ida, Place("US", "CA", "Fresno", "America/Los_Angeles")
            )
            await contacts.set_topics(session, ida, {*Topic})
        wrong = await browser.post(path, {"once": new_once(), **fields})
        assert wrong.status_code == 422
        assert hidden(wrong.text, "seen") == fields["seen"]
        assert hidden(wrong.text, "place_was") == fields["place_was"] == ""
        late = await browser.post(path, {"once": new_once(), **fields, "origin": "Istmo"})
        assert late.status_code == 409
        # Theirs where nothing was changed here, and what was typed where something was.
        assert hidden(late.text, "seen") != fields["seen"]
        assert 'value="en" selected' in late.text
        assert 'value="migrant" selected' in late.text
        assert hidden(late.text, "place_was").startswith("Fresno")
        assert hidden(late.text, "place").startswith("Fresno")
        assert hidden(late.text, "origin") == "Istmo"
        chosen = re.findall(r'name="topic" value="(\w+)" checked', late.text)
        was = set(re.findall(r'name="topic" value="(\w+)" checked', first))
        assert was > {"programs"}
        assert set(chosen) == {*Topic} - (was - {"programs"})
        # What is kept in the tab is of one state of the contact.
        kept = [re.findall(r'data-keep="([^"]+)"', page) for page in (first, wrong.text, late.text)]
        assert kept[0] == kept[1] != kept[2]
