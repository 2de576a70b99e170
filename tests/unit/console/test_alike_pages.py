"""Cases that look alike, part by part."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from alerts.people import duplicates, facts
from staff.model import Role
from tests.console_stage import Browser
from tests.unit.console.cases_rig import Play, act, play

OTHERS = 5
PART = {"HX-Request": "true"}


@pytest.fixture
async def playing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Play]:
    """Two cases are looked at in one request."""
    monkeypatch.setattr(facts, "SLICE", 1)
    monkeypatch.setattr(duplicates, "AT_A_TIME", 2)
    async with play(tmp_path) as opened:
        yield opened


async def sought(playing: Play, luz: Browser) -> tuple[str, list[str]]:
    """The case of somebody who is looked for, and those in which others tell of them."""
    await playing.hand(1, "text", channel="telegram", text="SOS mi hijo no llega")
    mine = (await playing.case()).folio
    folios = []
    for number in range(OTHERS):
        phone = str(2 + number % 3)
        told = "busco a Juan Pérez López" if number != 2 else "se me perdió el camino"
        channel = "sms" if number < 3 else "telegram"
        await playing.hand(int(phone), "text", channel=channel, text=f"SOS {told}")
        folios.append((await playing.case()).folio)
    await act(luz, mine, "aceptar")
    page = (await luz.get(f"/casos/{mine}/personas")).text
    token = page.split('name="once" value="')[1].split('"')[0]
    fields = {"once": token, "role": "concerned", "name": "Juan Pérez López"}
    assert (await luz.post(f"/casos/{mine}/personas/nueva", fields)).status_code == 303
    return mine, folios


def following(page: str) -> str | None:
    found = re.search(r'<a class="btn" href="([^"]+\?antes=\d+)"', page)
    return None if found is None else found[1]


def proposed(page: str) -> list[str]:
    return re.findall(r'<h2><a href="/casos/(\w+)">', page)


@pytest.mark.parametrize("headers", [PART, {}], ids=["script", "none"])
async def test_part_by_part_every_case_is_compared(playing: Play, headers: dict[str, str]) -> None:
    async with playing.console.browser(Role.DUTY) as luz:
        mine, others = await sought(playing, luz)
        pages = [(await luz.get(f"/casos/{mine}/parecidos")).text]
        while (path := following(pages[-1])) is not None:
            answer = await luz.get(path, **headers)
            assert answer.status_code == 200
            pages.append(answer.text)
        found = [one for page in pages for one in proposed(page)]
        assert len(pages) == 3
        assert sorted(found) == sorted({*others} - {others[2]})
        # A part is no page.
        assert all(("<html" in page) == (not headers) for page in pages[1:])
        async with playing.console.database.read() as session:
            case = next(one for one in [await playing.case(0)] if one.folio == mine)
            at_once = await duplicates.propose(session, case, playing.console.clock.now())
        assert {one.folio for one in at_once} == {*found}


async def test_where_nothing_is_alike_the_last_part_says_so_and_none_before(playing: Play) -> None:
    for phone in (1, 2, 3, 4):
        await playing.hand(phone, "text", channel="telegram", text="SOS")
    mine = (await playing.case()).folio
    async with playing.console.browser(Role.DUTY) as luz:
        await act(luz, mine, "aceptar")
        first = (await luz.get(f"/casos/{mine}/parecidos")).text
        path = following(first)
        assert path is not None
        last = (await luz.get(path, **PART)).text
    nothing = "No hay otro caso que se parezca"
    assert (nothing in first, nothing in last) == (False, True)


async def test_what_was_typed_for_a_case_that_is_further_down_is_not_lost(playing: Play) -> None:
    async with playing.console.browser(Role.DUTY) as luz:
        mine, (oldest, *_others) = await sought(playing, luz)
        page = (await luz.get(f"/casos/{mine}/parecidos")).text
        token = page.split('name="once" value="')[1].split('"')[0]
        typed = "la misma señora, dice ella " + "x" * 5_000
        answer = await luz.post(
            f"/casos/{mine}/parecidos", {"once": token, "other": oldest, "reason": typed}
        )
        assert answer.status_code == 422
        assert oldest not in proposed(answer.text)
        assert typed in answer.text


@pytest.mark.parametrize("wrong", ["x", "-1", "²", "%00", "9" * 40, "1 OR 1=1"])
async def test_a_place_that_is_none_is_the_beginning(playing: Play, wrong: str) -> None:
    await playing.hand(1, "text", channel="telegram", text="SOS")
    mine = (await playing.case()).folio
    async with playing.console.browser(Role.DUTY) as luz:
        await act(luz, mine, "aceptar")
        answer = await luz.get(f"/casos/{mine}/parecidos?antes={wrong}")
    assert answer.status_code == 200
