"""Nothing of ours comes to a person at an hour that is not safe for them."""

import pytest

from alerts.model import EntryKind
from tests.stories.test_calling_for_help import kinds_of, only_case
from tests.stories.test_safety_of_the_person import drop
from tests.stories.world import Chat, Phone, World

MOTHER = "+12135550121"
ANA = 900_001


async def owned(world: World) -> tuple[Phone, Chat, str]:
    """It is ten in the morning; Ana has the case of a mother who texted."""
    await world.duty("Ana", chat=ANA)
    mother, ana = world.phone(MOTHER), world.chat(ANA)
    await mother.says("SOS no llega mi hijo")
    await mother.reads("Recibido")
    folio = (await only_case(world)).folio
    await ana.says(f"A {folio}")
    await mother.reads("una persona")
    drop(world)
    return mother, ana, folio


async def test_a_reply_waits_for_the_hour_that_is_safe_and_the_owner_is_told_which(
    world: World,
) -> None:
    mother, ana, folio = await owned(world)
    await ana.says(f"H {folio} 18:00-21:00")
    await ana.reads("solo se escribe de 18:00 a 21:00")
    await ana.says(f"R {folio} ¿A qué hora salió?")
    await ana.reads("sale a las 18:00")
    await world.later(hours=7, minutes=50)
    assert not world.twilio.take_unexpected(), "it is not six yet"
    await world.later(minutes=15)
    await mother.reads("¿A qué hora salió?")
    drop(world)
    assert EntryKind.SAFE_HOURS in await kinds_of(world, await only_case(world))


async def test_what_the_person_asks_for_by_writing_is_answered_at_once(world: World) -> None:
    mother, ana, folio = await owned(world)
    await ana.says(f"H {folio} 18-21")
    await ana.reads("solo se escribe")
    await mother.says("SOS ya vienen")
    await mother.reads("Avisamos de nuevo a la guardia")
    drop(world)


async def test_silence_holds_back_what_waits_for_its_hour(world: World) -> None:
    mother, ana, folio = await owned(world)
    await ana.says(f"H {folio} 18:00-21:00")
    await ana.reads("solo se escribe")
    await ana.says(f"R {folio} ¿Está ahí?")
    await ana.reads("sale a las")
    await mother.says("SALIR")
    await ana.reads("NO ESCRIBIR")
    await world.later(hours=12)
    assert not world.twilio.take_unexpected()
    drop(world)


async def test_hours_that_are_taken_back_let_what_waits_leave(world: World) -> None:
    mother, ana, folio = await owned(world)
    await ana.says(f"H {folio} 18:00-21:00")
    await ana.reads("solo se escribe")
    await ana.says(f"R {folio} ¿Está ahí?")
    await ana.reads("sale a las")
    await ana.says(f"H {folio} SIEMPRE")
    await ana.reads("a cualquier hora")
    await mother.reads("¿Está ahí?")


@pytest.mark.parametrize("typed", ["", "25:00-3", "mañana", "18:00", "no", "18-18", "9" * 500])
async def test_hours_that_are_none_are_asked_for_again_and_change_nothing(
    world: World, typed: str
) -> None:
    _mother, ana, folio = await owned(world)
    await ana.says(f"H {folio} {typed}")
    await ana.reads("las horas seguras para escribirle")
    assert (await only_case(world)).unsafe is None
