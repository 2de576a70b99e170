"""What of a long case no longer stands on its page."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select

from alerts import past, talk
from alerts.model import EntryKind
from alerts.timeline import entry
from staff import store as staff
from staff.model import Role
from tests.console_stage import Browser
from tests.unit.console.cases_rig import Play, act, play

LINES = 2 * talk.MOST_SAID + 30


@pytest.fixture
async def playing(tmp_path: Path) -> AsyncIterator[Play]:
    async with play(tmp_path) as opened:
        yield opened


async def a_long_case(playing: Play, luz: Browser) -> str:
    """A case in which the person has written, and been answered, `LINES` times."""
    await playing.hand(2, "text", channel="telegram", text="SOS palabra-0000.")
    case = await playing.case()
    await act(luz, case.folio, "aceptar")
    owner = await playing.console.member(Role.DUTY)
    now = playing.console.clock.now()
    rows = [
        {
            "case_id": case.id,
            "at": now + timedelta(seconds=number),
            "kind": EntryKind.REPLIED if number % 2 else EntryKind.SAID,
            "member_id": owner.id if number % 2 else None,
            "body": f"palabra-{number:04}.",
        }
        for number in range(1, LINES)
    ]
    async with playing.console.database.write() as session:
        await session.execute(insert(entry), rows)
    return case.folio


def words(page: str) -> list[str]:
    """What was said, in the order in which it stands there."""
    return re.findall(r"palabra-\d{4}", page.split("<main")[1])


async def walked(who: Browser, folio: str, what: str) -> list[str]:
    """Every page, from that of the case to the oldest."""
    pages = [(await who.get(f"/casos/{folio}")).text]
    while found := re.search(rf'href="(/casos/{folio}/{what}\?antes=\d+)"', pages[-1]):
        answer = await who.get(found[1])
        assert answer.status_code == 200
        pages.append(answer.text)
    return pages


async def test_all_that_was_said_is_found_page_by_page_and_once(playing: Play) -> None:
    async with playing.console.browser(Role.DUTY) as luz:
        folio = await a_long_case(playing, luz)
        pages = await walked(luz, folio, "conversacion")
        assert len(pages) == 3
        talks = [page.split('class="talk"')[1].split("</ol>")[0] for page in pages]
        said = [words(f"<main{part}") for part in talks]
        assert len(said[0]) == talk.MOST_SAID
        whole = [one for page in reversed(said) for one in page]
        assert whole == [f"palabra-{number:04}" for number in range(LINES)]
        # What the platform said by itself stands once, too: under what it answered.
        ids = re.findall(r'id="(auto-\d+)"', "".join(talks))
        assert ids
        assert len(ids) == len(set(ids))
        assert "auto-" in talks[-1]


async def test_all_that_happened_is_found_page_by_page_and_once(playing: Play) -> None:
    async with playing.console.browser(Role.DUTY) as luz:
        folio = await a_long_case(playing, luz)
        pages = await walked(luz, folio, "historia")
        lists = ["".join(page.split('class="past"')[1:]) for page in pages]
        assert lists[0].count("<time") == past.MOST_LINES
        opened = (await luz.get(f"/casos/{folio}/historia")).text.count("<time")
        assert opened >= past.MOST_LINES
        shown = sum(one.count("<time") for one in lists)
        async with playing.console.database.read() as session:
            number = len(await session.all(select(entry.c.id)))
        assert shown == number


async def test_who_does_not_have_the_case_sees_what_happened_and_no_word(playing: Play) -> None:
    console = playing.console
    async with console.browser(Role.DUTY) as luz, console.browser(Role.DUTY, "Mar") as mar:
        folio = await a_long_case(playing, luz)
        await act(luz, folio, "anotar", note="Secreto de su hermana")
        for what in ("conversacion", "historia"):
            assert words((await luz.get(f"/casos/{folio}/{what}")).text) or what == "historia"
            page = (await mar.get(f"/casos/{folio}/{what}")).text
            assert words(page) == []
            assert "Secreto de su hermana" not in page
        assert "Secreto de su hermana" in (await luz.get(f"/casos/{folio}/historia")).text
    async with console.browser(Role.COMMUNICATOR) as writer:
        for what in ("conversacion", "historia"):
            answer = await writer.get(f"/casos/{folio}/{what}?antes=5")
            assert answer.status_code in (403, 404)
            assert words(f"<main{answer.text}") == []


async def test_to_open_what_is_older_is_in_the_audit_like_the_case(playing: Play) -> None:
    await playing.hand(2, "text", channel="telegram", text="SOS")
    folio = (await playing.case()).folio
    async with playing.console.browser(Role.COORDINATOR) as boss:
        for what in ("conversacion", "historia", "conversacion"):
            assert (await boss.get(f"/casos/{folio}/{what}")).status_code == 200
    async with playing.console.database.read() as session:
        acts = await session.all(select(staff.audit.c.act).where(staff.audit.c.about == folio))
    assert [row["act"] for row in acts].count("case.open") == 1


@pytest.mark.parametrize("wrong", ["", "x", "-1", "0", "²", "%00", "9" * 40, "9" * 18, "1 OR 1=1"])
async def test_a_line_that_is_none_leads_to_a_page_of_the_case_alone(
    playing: Play, wrong: str
) -> None:
    async with playing.console.browser(Role.DUTY) as luz:
        await playing.hand(1, "text", channel="telegram", text="SOS ajeno-ajeno")
        folio = await a_long_case(playing, luz)
        for what in ("conversacion", "historia"):
            answer = await luz.get(f"/casos/{folio}/{what}?antes={wrong}")
            assert answer.status_code == 200
            assert "ajeno-ajeno" not in answer.text
        for folio in ("222222", "x" * 300):
            assert (await luz.get(f"/casos/{folio}/historia?antes=1")).status_code == 404


async def test_a_line_of_another_case_tells_nothing_of_it(playing: Play) -> None:
    async with playing.console.browser(Role.DUTY) as luz:
        await playing.hand(1, "text", channel="telegram", text="SOS")
        folio = await a_long_case(playing, luz)
        async with playing.console.database.read() as session:
            (first, *_more) = await session.all(select(entry.c.id).order_by(entry.c.id))
        page = (await luz.get(f"/casos/{folio}/conversacion?antes={first['id']}")).text
        assert len(words(page)) == talk.MOST_SAID
