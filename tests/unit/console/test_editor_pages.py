"""Writing a campaign without any script: what is kept, once, and nothing lost of what was typed."""

import asyncio
import html
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from campaigns import service
from campaigns.audience import audiences, counting
from campaigns.audience.language import AudienceError
from campaigns.model import Campaign, CampaignState
from campaigns.store import campaign
from console.editor import counting as counts
from console.editor.counting import Counting
from contacts.model import Topic
from kit.channels import Channel
from kit.errors import Refused
from staff.model import Role
from tests.console_stage import Browser, Console, console_stage
from tests.stores.campaign_people import Person, a_draft, add_people

NEW = "/campanas/nueva"
HOSTILE = "<script>alert(1)</script>{{ 7*7 }}\"'><img src=x onerror=alert(1)>"
PART = {"hx-request": "true"}
LEAST = {
    "title": "Nadie cobra",
    "topic": "fraud",
    "class": "normal",
    "channels": "telegram,sms",
    "audience_as": "rows",
    "language": "es",
    "c.es.text": "Nadie del instituto cobra por una visa.",
    "when": "now",
    "zone": "recipient",
}


@pytest.fixture
async def console(tmp_path: Path) -> AsyncIterator[Console]:
    async with console_stage(tmp_path) as opened:
        yield opened


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return html.unescape(found[1])


async def made(console: Console) -> list[Campaign]:
    async with console.database.read() as session:
        rows = await session.all(select(campaign.c.id).order_by(campaign.c.id))
        return [await service.get(session, row["id"]) for row in rows]


async def send(browser: Browser, path: str, act: str, **other: str | list[str]) -> str:
    """Open the form, fill it in and press one of its buttons; gives where that leads, or the
    page."""
    page = await browser.get(path)
    assert page.status_code == 200
    ours = {name: hidden(page.text, name) for name in ("once", "seen")}
    given = {name.replace("__", "."): value for name, value in other.items()}
    answer = await browser.post(path, {**LEAST, **ours, **given, "do": act})
    return answer.headers.get("location") or answer.text


async def test_what_is_saved_is_what_was_typed_and_sent_twice_it_is_one_campaign(
    console: Console,
) -> None:
    async with console.browser(Role.COMMUNICATOR) as browser:
        page = await browser.get(NEW)
        ours = {name: hidden(page.text, name) for name in ("once", "seen")}
        form: dict[str, str | list[str]] = {
            **LEAST,
            **ours,
            "do": "save",
            "row": ["0", "1"],
            "row.0.field": "state",
            "row.0.value": ["CA"],
            "row.0.more": "Oregón",
            "row.1.field": "region",
            "row.1.is": "not",
            "row.1.value": "istmo",
            "c.es.sms": "IAIMO: nadie cobra.",
        }
        twice = await asyncio.gather(*(browser.post(NEW, form) for _ in range(2)))
        (one,) = await made(console)
        assert {answer.headers["location"] for answer in twice} == {f"/campanas/{one.id}"}
        assert one.state is CampaignState.DRAFT
        assert one.draft.audience == "(state:CA or state:OR) and not region:istmo"
        assert one.draft.contents["es"].sms == "IAIMO: nadie cobra."

        # Opened again it says the same; asked for approval it changes nothing else.
        edit = await browser.get(f"/campanas/{one.id}/editar")
        assert "California" in edit.text
        assert "Nadie del instituto cobra por una visa." in edit.text
        submitted = {**form, **{name: hidden(edit.text, name) for name in ours}, "do": "submit"}
        answer = await browser.post(f"/campanas/{one.id}/editar", submitted)
        assert answer.headers["location"] == f"/campanas/{one.id}"
        (now,) = await made(console)
        assert now.state is CampaignState.REVIEW
        assert now.draft == one.draft

        # And another campaign may begin with what this one says.
        copy = await browser.get(f"{NEW}?de={one.id}")
        assert "IAIMO: nadie cobra." in copy.text


async def test_each_press_of_a_button_keeps_everything_else_as_it_was_typed(
    console: Console,
) -> None:
    async with console.browser(Role.COMMUNICATOR, language="en") as browser:
        page = await send(browser, NEW, "row_add", row_new="origin", c__es__text="a **b")
        assert "a **b" in page
        assert "Municipality of origin" in page
        assert "20208 San Juan Mixtepec, Mixteca" in page
        assert 'name="match" value="all"' in page
        assert 'type="radio" name="match"' not in page
        page = await send(browser, NEW, "language_add", language_new="mixteco", title="Kept")
        assert 'value="Kept"' in page
        assert 'name="c.mixteco.text"' in page
        page = await send(browser, NEW, "as_text", row="0", row__0__field="tag", row__0__value="f")
        assert ">\ntag:f</textarea>" in page
        nested = "topic:fraud and (state:CA or not tag:f and state:OR)"
        page = await send(browser, NEW, "as_rows", audience_as="text", audience=nested)
        assert html.escape(nested) in page
        assert "too complex" in page
    assert await made(console) == []


async def test_a_part_that_is_asked_for_is_that_part_alone(console: Console) -> None:
    async with console.browser(Role.COMMUNICATOR) as browser:
        await browser.get(NEW)
        for act, begins in (
            ("rows", '<section id="audience"'),
            ("language_add", '<section id="words"'),
            ("preview", '<div class="see" id="preview.es" hx-swap-oob="true"'),
            ("again", '<form id="editor"'),
        ):
            answer = await browser.post(NEW, {**LEAST, "do": act, "language_new": "en"}, **PART)
            assert answer.status_code == 200
            assert answer.text.lstrip().startswith(begins)
            assert "<html" not in answer.text


async def test_what_is_wrong_is_told_and_nothing_is_kept_or_lost(console: Console) -> None:
    names = [
        "title", "reason", "c.es.text", "c.es.sms", "c.es.poll.question", "c.es.button.0.label",
        "c.es.button.0.value", "c.es.media", "audience", "zone", "at_day", "at_time", "at_offset",
        "skip", "cron", "keyword", "stale_n", "stale_unit", "cohort_share", "w.event.es", "w.web",
        "row.0.more", "row.0.field", "row.0.value", "match", "topic", "channels", "row_new",
        "language_new", "w.status", "every_unit", "c.es.button.0.kind", "seen", "language",
    ]  # fmt: skip
    hostile: dict[str, str | list[str]] = {**LEAST, **dict.fromkeys(names, HOSTILE)}
    hostile |= {"row": ["0", HOSTILE, "9" * 400], "c.es.button": "0", "when": "at", "warning": "1"}
    async with console.browser(Role.COMMUNICATOR) as browser:
        page = await browser.get(NEW)
        hostile["once"] = hidden(page.text, "once")
        for act in ("save", "submit", "rows", "preview", "words", "again", "as_rows", HOSTILE, ""):
            for headers in ({}, PART):
                answer = await browser.post(NEW, {**hostile, "do": act}, **headers)
                assert answer.status_code in (200, 422)
                assert "<script>alert" not in answer.text
                assert "<img src=x" not in answer.text
                assert "49" not in re.sub(r"\d{3,}", "", answer.text.split("7*7")[0][-40:])
        answer = await browser.post(NEW, {**hostile, "do": "save"})
        assert answer.status_code == 422
        # The words stand in the form again, with their faults beside them.
        assert (
            answer.text.count(
                html.escape(HOSTILE).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")
            )
            > 8
        )
        assert 'aria-invalid="true"' in answer.text
        # Sent with more fields than a form of ours can have, or as something else.
        many = {f"x{number}": "1" for number in range(1_001)}
        assert (await browser.post(NEW, {**LEAST, **many, "do": "save"})).status_code == 422
        long = await browser.post(NEW, {**LEAST, "c.es.text": "ñ" * 60_000, "do": "save"})
        assert long.status_code in (413, 422)
    assert await made(console) == []


async def test_the_second_writer_is_shown_the_difference_and_keeps_their_words(
    console: Console,
) -> None:
    async with (
        console.browser(Role.COMMUNICATOR) as ana,
        console.browser(Role.COORDINATOR) as beto,
    ):
        path = f"{await send(ana, NEW, 'save')}/editar"
        pages = [await browser.get(path) for browser in (ana, beto)]
        seen = [{name: hidden(page.text, name) for name in ("once", "seen")} for page in pages]
        first = await ana.post(path, {**LEAST, **seen[0], "title": "De Ana", "do": "save"})
        assert first.status_code == 303
        words = {**LEAST, "title": "De Beto", "c.es.text": "Lo de Beto"}
        stale = await beto.post(path, {**words, **seen[1], "do": "save"})
        assert stale.status_code == 409
        assert "De Ana" in stale.text
        assert ">\nLo de Beto</textarea>" in stale.text
        assert [one.draft.title for one in await made(console)] == ["De Ana"]
        # Now that they know, what they save stands.
        again = {name: hidden(stale.text, name) for name in ("once", "seen")}
        assert (await beto.post(path, {**words, **again, "do": "save"})).status_code == 303
        (one,) = await made(console)
        assert one.draft.title == "De Beto"
        assert len(one.writers) == 2
        # Nothing changed is nothing to say, whoever saved meanwhile.
        same = await ana.post(path, {**words, **seen[0], "do": "save"})
        assert same.status_code == 303


async def test_what_only_the_tables_know_is_told_beside_its_field(console: Console) -> None:
    async with console.browser(Role.COMMUNICATOR) as browser:
        await send(browser, NEW, "save", keyword="VISAS")
        page = await send(browser, NEW, "save", keyword="visas", title="Otra")
        assert 'href="#keyword"' in page
        page = await send(browser, NEW, "save", audience_as="text", audience="saved:nobody")
        assert 'href="#audience-text"' in page
    assert len(await made(console)) == 1


async def test_who_may_not_write_gets_no_further_and_what_has_left_is_not_changed(
    console: Console,
) -> None:
    writer, other = [await console.member(role) for role in (Role.COMMUNICATOR, Role.COORDINATOR)]
    async with console.database.write() as session:
        now = console.clock.now()
        left = await service.create(session, a_draft(), writer, now)
        await service.approve(session, left, other, now)
        await service.start(session, left, writer, now)
    for role in (Role.DUTY, Role.AUDITOR):
        async with console.browser(role) as browser:
            await browser.get("/cuenta")
            assert (await browser.get(NEW)).status_code == 403
            assert (await browser.post(NEW, {**LEAST, "do": "save"})).status_code == 403
            assert (await browser.post(NEW, {**LEAST, "do": "count"})).status_code == 403
    async with console.browser(Role.COMMUNICATOR) as browser:
        for path in (f"/campanas/{left}/editar",):
            assert (await browser.get(path)).status_code == 403
            answer = await browser.post(path, {**LEAST, "do": "save"})
            assert answer.status_code in (409, 422)
        for path in (
            "/campanas/999/editar",
            "/campanas/x/editar",
            f"{NEW}?de=999",
            f"{NEW}?de={'9' * 18}",
        ):
            assert (await browser.get(path)).status_code == 404
        assert (await browser.post("/campanas/999/editar", {"do": "save"})).status_code == 404
    async with console.browser(None) as stranger:
        assert (await stranger.get(NEW)).headers["location"].startswith("/entrar")


async def test_a_count_is_told_as_far_as_it_is_and_then_whole(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counts, "RANGE", 3)
    people = [Person((Channel.SMS,), language=code) for code in ("es", "mixteco", "en") * 4]
    async with console.database.write() as session:
        await add_people(session, people)
    async with console.browser(Role.COMMUNICATOR) as browser:
        await browser.get(NEW)
        form = {**LEAST, "audience_as": "text", "audience": "channel:sms", "do": "count"}
        for _try in range(100):
            page = (await browser.post(NEW, form, **PART)).text
            if "Contando" not in page:
                break
            assert 'hx-trigger="load delay' in page
            await asyncio.sleep(0.02)
        assert '<span class="big">12</span>' in page
        assert "Todas aceptaron el tema." in page
        other = (await browser.post(NEW, {**form, "topic": "programs"}, **PART)).text
        while "Contando" in other:
            await asyncio.sleep(0.02)
            other = (await browser.post(NEW, {**form, "topic": "programs"}, **PART)).text
        assert "Personas que aceptaron el tema: 0 de 12" in other
        # Where a language is written, nobody is said to get another one.
        written: dict[str, str | list[str]] = {**form, "language": ["es", "mixteco"]}
        both = (await browser.post(NEW, written, **PART)).text
        assert "Quien habla mixteco" not in both
        assert "Quien habla inglés" in both
        # Who gets it in another language is told by how many they are.
        assert "Quien habla mixteco la recibe en español: 4" in page
        # A condition that cannot be read is told while it is written, and nothing else is counted.
        rows = {**LEAST, "row": "0", "row.0.field": "origin", "row.0.more": "San Juan Mixtepec"}
        assert "20208" in (await browser.post(NEW, {**rows, "do": "rows"}, **PART)).text
        assert "big" not in (await browser.post(NEW, {**rows, "do": "count"}, **PART)).text
        wrong = await browser.post(NEW, {**form, "audience": "saved:nobody"}, **PART)
        assert "nobody" in wrong.text
        assert wrong.status_code == 200


async def test_the_parts_of_a_count_add_up_and_another_one_takes_its_place(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counts, "RANGE", 2)
    people = [Person((Channel.SMS,)), Person((), language="en"), Person((Channel.TELEGRAM,))]
    member = await console.member(Role.COMMUNICATOR)
    async with console.database.write() as session:
        await add_people(session, people * 5)
        everybody = "channel:sms or not channel:sms"
        await audiences.save(session, "todos", everybody, member, console.clock.now())
        whole = await counting.count(session, "saved:todos")
    stop = asyncio.Event()
    works = Counting(console.database, console.clock, stop)
    begun = await works.ask(member, "saved:todos", Topic.FRAUD)
    assert not begun.done
    await works.settled()
    found = await works.ask(member, "saved:todos", Topic.FRAUD)
    assert found.done
    assert found.total == whole["total"] == 15
    assert dict(found.by_channel) == whole["by_channel"]
    assert dict(found.by_language) == whole["by_language"]
    assert dict(found.by_region) == whole["by_region"]
    assert dict(found.excluded) == whole["excluded"]
    # Another one of the same person ends the first; nobody counts what nobody asks for.
    await works.ask(member, "channel:sms", Topic.FRAUD)
    await works.ask(member, "channel:telegram", Topic.FRAUD)
    await works.settled()
    assert (await works.ask(member, "channel:telegram", Topic.FRAUD)).total == 5
    # Good for some minutes, then counted anew.
    console.clock.move(counts.FRESH)
    assert not (await works.ask(member, "channel:telegram", Topic.FRAUD)).done
    stop.set()
    await works.settled()
    with pytest.raises(AudienceError):
        await works.ask(member, "saved:nobody", Topic.FRAUD)
    with pytest.raises(Refused):
        await works.ask(await console.member(Role.AUDITOR), "channel:sms", Topic.FRAUD)
