"""A case of a son, or one in the hands of Ana, and what the ledger holds of it."""

import json
from collections.abc import Mapping

from alerts import store as cases
from alerts import timeline
from alerts.model import Case, CaseState
from tests.stories.world import SECRET, World

MOTHER = "+12135550121"
SON = 900_121
ANA, EVA = 900_001, 900_002


async def all_cases(world: World) -> tuple[Case, ...]:
    async with world.database.read() as session:
        return await cases.in_states(session, *CaseState)


async def only_case(world: World) -> Case:
    (case,) = await all_cases(world)
    return case


async def said_in(world: World, case: Case) -> list[str | None]:
    async with world.database.read() as session:
        return [entry.body for entry in await timeline.of_case(session, case.id)]


async def post(world: World, update: Mapping[str, object]) -> None:
    answer = await world.http.post(
        "/webhooks/telegram",
        content=json.dumps(update),
        headers={"X-Telegram-Bot-Api-Secret-Token": SECRET},
    )
    assert answer.status_code == 200
    await world.platform.settle()


def drop(world: World) -> None:
    """What was sent until now is not what this story is about."""
    world.telegram.take_unexpected()
    world.twilio.take_unexpected()


async def case_of_the_son(world: World) -> Case:
    await world.duty("Ana", chat=ANA)
    await world.chat(SON).says("SOS")
    drop(world)
    return await only_case(world)


async def case_in_hand(world: World) -> Case:
    await world.duty("Ana", chat=ANA)
    await world.phone(MOTHER).says("SOS")
    drop(world)
    await world.chat(ANA).says(f"A {(await only_case(world)).folio}")
    drop(world)
    return await only_case(world)


async def closed_case(world: World) -> Case:
    case = await case_of_the_son(world)
    await world.chat(ANA).says(f"A {case.folio}")
    await world.chat(ANA).says(f"C {case.folio} localizado")
    drop(world)
    case = await only_case(world)
    assert case.state is CaseState.CLOSED
    return case
