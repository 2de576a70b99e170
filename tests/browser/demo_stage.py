"""The platform of `make demo` in this process, and what stands in it, for pages to be looked at."""

import csv
import io
import re
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryFile

from sqlalchemy import func, select

from alerts.rights import register
from alerts.shifts.store import rota
from app import demo
from campaigns.posters import service as posters
from campaigns.posters.model import Draft
from campaigns.works import keeping
from campaigns.works.keeping import Sender
from contacts.atlas import Region
from contacts.csv_import import COLUMNS
from contacts.rights.model import Kind, Way
from contacts.store import contact
from directory.store import emergency_contact
from staff import store as members
from staff.model import Role
from staff.signin import invitations
from staff.store import member
from tests.console_stage import Console, console_stage

NOW_AND_THEN = "2026-03-01"


@asynccontextmanager
async def demo_stage(folder: Path) -> AsyncIterator[tuple[Console, Mapping[str, str]]]:
    """A demo on a SQLite file in `folder`, with a poster, a request and a file that is brought in;
    and, by the path up to a part, what fills that part."""
    async with console_stage(folder) as console:
        await demo.fill(console.platform)
        admin = await console.member(Role.ADMIN)
        now = console.clock.now()
        async with console.database.write() as session:
            somebody = await session.scalar(select(func.min(contact.c.id)))
            asked = await register.receive(
                session, admin, Kind.ACCESS, Way.WINDOW, now.date(), now, contact_id=somebody
            )
            draft = Draft(clave=20397, region=Region.MIXTECA, label="Terminal de Tlaxiaco")
            poster = await posters.make(session, admin, draft, secrets.randbelow, now)
            (guard, *_others) = await members.with_roles(session, [Role.DUTY])
            link = await invitations.invite(session, guard, now, by=None)
            firsts = {
                "/entrar/invitacion/": link.path.rpartition("/")[2],
                "/personas/": somebody,
                "/personas/solicitudes/": asked.id,
                "/carteles/": poster,
                "/equipo/": await session.scalar(select(func.min(member.c.id))),
                "/directorio/": await session.scalar(select(func.min(emergency_contact.c.id))),
                "/guardias/rotaciones/": await session.scalar(select(func.min(rota.c.id))),
            }
        sender = Sender(admin, "feria.csv", secrets.token_urlsafe())
        with TemporaryFile() as file:
            file.write(_rows())
            file.flush()
            brought = await keeping.take_in(console.database, console.clock, sender, file)
        await console.platform.settle()
        async with console.browser(Role.ADMIN) as browser:
            board = (await browser.get("/casos")).text
        found = re.search(r"/casos/([0-9A-Z]{4,8})", board)
        assert found is not None
        firsts |= {"/casos/": found[1], "/campanas/": 1, "/trabajos/": brought}
        # The first has left and cannot be changed; the second waits for a yes.
        firsts["/campanas/{id}/editar"] = "/campanas/2/editar"
        yield console, {path: str(value) for path, value in firsts.items()}


def _rows() -> bytes:
    """Two people who can be brought in, and a line that cannot."""
    text = io.StringIO(newline="")
    good = [["", str(77_001 + one), "es", "20397", "US", "CA", "", "fraud"] for one in range(2)]
    wrong = ["+1 213", "", "klingon", *[""] * 5]
    rows = [[*row, NOW_AND_THEN, "Feria"] for row in (*good, wrong)]
    csv.writer(text).writerows([list(COLUMNS), *rows])
    return text.getvalue().encode()
