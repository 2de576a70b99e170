"""An arrival that kills its process again and again is left to people, and none beside it; it is
tried again when the machine is well."""

from datetime import timedelta

import pytest

import bot.inbox.service
from bot import sms
from bot.heard import Heard
from bot.inbox import store
from bot.inbox.model import TRIED_AGAIN
from bot.inbox.service import KILLS, Inbox
from bot.inbox.store import InboundState
from db.session import Database
from delivery.model import PROCESS_ENDED
from kit.channels import Channel
from kit.clock import Clock
from tests.stores.arrivals_rig import (
    ANA,
    BETO,
    WORLD,
    Killed,
    arrivals,
    live,
    messages_to,
    on_duty,
    texted,
)
from tests.stores.sending_rig import phone

DEADLY = "what kills its process"


class Deadly:
    """Reads arrivals, and ends the process of one that says `DEADLY`."""

    def __init__(self) -> None:
        self.kills = 0

    def read(self, raw: str) -> Heard | None:
        if DEADLY in raw:
            self.kills += 1
            raise Killed
        return sms.read_form(raw)


@pytest.fixture
def deadly(monkeypatch: pytest.MonkeyPatch) -> Deadly:
    made = Deadly()
    monkeypatch.setitem(bot.inbox.service.READERS, Channel.SMS, made.read)
    return made


async def test_an_arrival_that_kills_its_process_three_times_is_left_to_people(
    database: Database, deadly: Deadly
) -> None:
    await on_duty(database)
    with pytest.raises(Killed):
        await Inbox(database, Clock(), WORLD).receive(Channel.SMS, "SM1", texted(DEADLY))
    lives = [await live(database) for _ in range(4)]
    assert lives == [False, False, True, True]
    assert deadly.kills == KILLS == 3
    (row,) = await arrivals(database)
    assert (row["state"], row["error"]) == (InboundState.FAILED, PROCESS_ENDED)
    assert len(await messages_to(database, ANA)) == 1, "people are told, once"


async def test_one_left_to_people_is_processed_once_the_machine_is_well_again(
    database: Database, deadly: Deadly, monkeypatch: pytest.MonkeyPatch
) -> None:
    await on_duty(database)
    clock = Clock()
    with pytest.raises(Killed):
        await Inbox(database, clock, WORLD).receive(Channel.SMS, "SM1", texted(f"SOS {DEADLY}"))
    for _ in range(4):
        await live(database, clock)
    monkeypatch.setitem(bot.inbox.service.READERS, Channel.SMS, sms.read_form)
    clock.move(timedelta(seconds=59))
    await live(database, clock)
    assert await messages_to(database, BETO) == [], "not at once: it may be what kills"
    clock.move(timedelta(seconds=2))
    await live(database, clock)
    (row,) = await arrivals(database)
    assert (row["state"], row["error"]) == (InboundState.PROCESSED, None)
    assert await messages_to(database, BETO), "who called for help is answered"


@pytest.mark.parametrize("staffed", [True, False])
async def test_one_that_really_kills_is_tried_again_three_times_in_all(
    database: Database, deadly: Deadly, *, staffed: bool
) -> None:
    if staffed:
        await on_duty(database)
    clock = Clock()
    with pytest.raises(Killed):
        await Inbox(database, clock, WORLD).receive(Channel.SMS, "SM1", texted(DEADLY))
    for _ in range(60):
        await live(database, clock)
        clock.move(timedelta(minutes=2))
    clock.move(timedelta(days=3))
    for _ in range(5):
        await live(database, clock)
    assert deadly.kills == KILLS + len(TRIED_AGAIN)
    (row,) = await arrivals(database)
    assert (row["state"], row["error"]) == (InboundState.FAILED, PROCESS_ENDED)
    assert len(await messages_to(database, ANA)) == int(staffed), "people are told, once"


async def test_arrivals_beside_one_that_kills_are_not_taken_for_it(
    database: Database, deadly: Deadly
) -> None:
    async with database.write() as session:
        for number, words in enumerate(("AYUDA", DEADLY, "AYUDA", "AYUDA")):
            raw = texted(words, phone(40 + number))
            await store.keep(session, Channel.SMS, f"SM{number}", raw, Clock().now())
    for _ in range(4):
        await live(database)
    states = [row["state"] for row in await arrivals(database)]
    well = InboundState.PROCESSED
    assert states == [well, InboundState.FAILED, well, well]
    assert deadly.kills == KILLS - 1, "one try ended when it was stored"
