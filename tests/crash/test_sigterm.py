"""SIGTERM with a page's stream open and a send under way: an end within ten seconds, and an orderly
one. The console script itself is started in the first.
"""

from pathlib import Path

import httpx
import pytest

from campaigns import service
from delivery.model import Lane, State
from kit.clock import Clock
from staff.model import Role
from tests.cluster.nursery import Nursery
from tests.crash.arrivals import from_phone
from tests.crash.books import read_ledger
from tests.crash.conversations import (
    OAXACAN_PHONES,
    approved_campaign,
    hire_ana,
    people_csv,
    somebody,
)
from tests.crash.process import ENDS_WITHIN, TequioProcess, environment, free_port
from tests.crash.stage import stage_of
from tests.standins.faults import Fault, Script

pytestmark = pytest.mark.xdist_group("refusals")

RECIPIENTS = 5


async def test_an_open_stream_of_the_handset_ends_and_so_does_the_process(tmp_path: Path) -> None:
    env = environment(f"sqlite:///{tmp_path / 'tequio.db'}", free_port())
    async with (
        TequioProcess(env, tmp_path / "tequio.log") as process,
        httpx.AsyncClient(base_url=process.url, timeout=30) as http,
        http.stream("GET", "/handset/events") as stream,
    ):
        assert stream.status_code == 200
        lines = stream.aiter_lines()
        await anext(lines)
        process.terminate()
        assert await process.ended(ENDS_WITHIN) == 0


async def test_sends_that_hang_are_written_down_by_the_rule_of_their_lane(
    tmp_path: Path, born: Nursery
) -> None:
    async with stage_of(born, tmp_path) as stage, stage.life() as process:
        await hire_ana(stage)
        for name in ("Beto", "Carla"):
            await stage.hire(name, Role.COORDINATOR)
        path = tmp_path / "people.csv"
        path.write_text(people_csv([], OAXACAN_PHONES[:RECIPIENTS]))
        await stage.command("contacts", "import", str(path))
        for url in (stage.standins.telegram_url, stage.standins.twilio_url):
            await stage.standins.script(url, Script(Fault.hang(taken=True), calls=None))
        assert await stage.post.once(from_phone(somebody(0).value, "SOS mi hermana no contesta"))
        campaign_id = await approved_campaign(stage, "Aviso: abre la ventanilla.", 2, 3)
        async with stage.unit() as session:
            await service.start(session, campaign_id, None, Clock().now())
        # The reporter's answer, the page by SMS, and the campaign.
        await stage.standins.wait_until_hanging(stage.standins.twilio_url, 2 + RECIPIENTS, 30)
        process.terminate()
        assert await process.ended(ENDS_WITHIN) == 0
        assert "Traceback" not in stage.log.read_text()
        async with stage.database() as database, database.read() as session:
            rows = await read_ledger(session)
    by_phone = [row for row in rows if row.to.startswith("+")]
    states = {lane: [row.state for row in by_phone if row.lane is lane] for lane in Lane}
    assert states[Lane.URGENT] == [State.PENDING] * 2, "they go again"
    assert states[Lane.BULK] == [State.UNCERTAIN] * RECIPIENTS, "nobody knows whether they left"
