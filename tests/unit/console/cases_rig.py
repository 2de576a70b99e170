"""A trial with phones that call for help, and the pages of its cases without any script."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from sqlalchemy import func, select

from alerts import store as cases
from alerts.model import Case, CaseState
from alerts.timeline import entry
from delivery.store import message
from staff import store as staff
from tests.console_stage import Browser, Console, console_stage
from tests.plain import PLAIN


@dataclass
class Play:
    """A trial with phones that call for help."""

    console: Console
    phones: httpx.AsyncClient

    async def hand(self, phone: int, what: str, **body: object) -> None:
        answer = await self.phones.post(f"/handset/phones/{phone}/{what}", json=body)
        assert answer.status_code < 300

    async def case(self, place: int = -1) -> Case:
        """One of the cases, the newest by itself."""
        async with self.console.database.read() as session:
            return (await cases.in_states(session, *CaseState))[place]

    async def count(self, what: str) -> int:
        """How many lines of the timelines, messages or audit there are."""
        table = {"lines": entry, "messages": message, "audit": staff.audit}[what]
        async with self.console.database.read() as session:
            return int(await session.scalar(select(func.count()).select_from(table)) or 0)


@asynccontextmanager
async def play(folder: Path) -> AsyncIterator[Play]:
    async with (
        console_stage(folder) as console,
        httpx.AsyncClient(
            base_url=console.url, verify=PLAIN, headers={"origin": console.url}
        ) as phones,
    ):
        await phones.get("/handset/state")
        yield Play(console, phones)


def once(page: str, path: str) -> dict[str, str]:
    """The hidden fields of the form that is posted to a path."""
    form = page.split(f'action="{path}"')[1].split("</form>")[0]
    return {
        name: form.split(f'name="{name}" value="')[1].split('"')[0] for name in ("once", "seen")
    }


async def act(who: Browser, folio: str, form: str, /, **fields: str) -> httpx.Response:
    """Open the page of a case and send one of its forms."""
    page = (await who.get(f"/casos/{folio}")).text
    path = f"/casos/{folio}/{form}"
    return await who.post(path, {**once(page, path), **fields})
