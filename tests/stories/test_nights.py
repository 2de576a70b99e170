"""What can wait is left until opening, and what cannot wakes somebody at any hour."""

from datetime import date, time

import pytest

from alerts.model import CaseState, Kind, Urgency
from alerts.shifts import store as shifts
from staff import service as staff_service
from staff.model import Quiet
from tests.stories.duty_rig import ANA, EVA, MOTHER, SON, member_of
from tests.stories.night_rig import FRIDAY_NIGHT, MIDNIGHT, night, paged, team
from tests.stories.test_calling_for_help import only_case, open_cases
from tests.stories.test_safety_of_the_person import drop
from tests.stories.world import World


@pytest.mark.parametrize(
    ("hours", "when"),
    [
        (MIDNIGHT, "hoy a las 9:00"),
        (FRIDAY_NIGHT, "el lunes 30 de noviembre a las 9:00"),
    ],
    ids=["midnight", "friday"],
)
async def test_a_guard_leaves_a_case_until_opening_and_the_true_hour_is_told(
    world: World, hours: int, when: str
) -> None:
    await night(world, hours)
    await world.duty("Ana", chat=ANA)
    await world.phone(MOTHER).says("SOS")
    await world.phone(MOTHER).reads("Recibido")
    ana = world.chat(ANA)
    assert (await ana.reads("GUARDIA: caso")).buttons == ("Tomarlo", "Pasarlo", "Puede esperar")
    await ana.presses("Puede esperar")
    await ana.reads("a las 9:00")
    told = await world.phone(MOTHER).reads(when)
    assert "SOS o marque 911" in told.body
    case = await only_case(world)
    assert (case.urgency, case.state) == (Urgency.CAN_WAIT, CaseState.OPEN)
    opens_in = 9 if hours == MIDNIGHT else 59
    await world.later(hours=opens_in, minutes=-5)
    world.nothing_else()
    await world.later(minutes=6)
    page = await ana.reads("GUARDIA: ")
    assert "puede esperar" in page.text
    assert case.folio in page.text


async def test_a_holiday_is_no_opening(world: World) -> None:
    async with world.database.write() as session:
        await shifts.add_holiday(session, date(2026, 11, 26), "Fiesta")
    await night(world)
    await world.duty("Ana", chat=ANA)
    await world.phone(MOTHER).says("emergencia")
    drop(world)
    await world.chat(ANA).says(f"E {(await only_case(world)).folio}")
    await world.chat(ANA).reads("viernes 27 de noviembre")
    await world.phone(MOTHER).reads("el viernes 27 de noviembre a las 9:00")
    await world.later(hours=12)
    world.nothing_else()
    await world.later(hours=23, minutes=5)
    await world.chat(ANA).reads("GUARDIA: ")


async def test_a_death_at_night_waits_by_the_button_of_who_calls(world: World) -> None:
    await night(world)
    await world.duty("Ana", chat=ANA)
    await world.duty("Eva", chat=EVA)
    son = world.chat(SON)
    await son.says("SOS")
    await son.reads("Recibido")
    await world.chat(ANA).reads("GUARDIA: caso")
    await son.presses("Sí, escríbanme")
    await son.reads("toque lo que más se parece")
    await son.presses("Falleció un familiar")
    told = [sent.text for sent in world.telegram.take_unexpected() if sent.chat_id == SON]
    assert any("mañana a las 9:00" in words for words in told)
    assert any("No pague a nadie por el traslado" in words for words in told)
    case = await only_case(world)
    assert (case.kind, case.urgency) == (Kind.DEATH, Urgency.CAN_WAIT)
    await world.later(hours=10)
    world.nothing_else()
    await world.later(hours=1, minutes=1)
    page = await world.chat(ANA).reads("GUARDIA: caso")
    assert "muerte de un familiar" in page.text, "who is on duty in the morning is the first"


async def test_one_condolence_is_said_and_not_two(world: World) -> None:
    await night(world)
    await world.duty("Ana", chat=ANA)
    await world.chat(SON).says("emergencia")
    drop(world)
    son = world.chat(SON)
    await son.says("murió mi papá en Fresno")
    await son.reads("toque lo que más se parece")
    await son.presses("Falleció un familiar")
    said = [sent.text for sent in world.telegram.take_unexpected() if sent.chat_id == SON]
    assert len([words for words in said if "Sentimos mucho su pena" in words]) == 1
    assert any("mañana a las 9:00" in words for words in said)


async def test_a_death_with_words_of_danger_wakes_the_guard_all_night(world: World) -> None:
    await night(world)
    await team(world)
    son = world.chat(SON)
    await son.says("emergencia")
    await son.reads("Recibido")
    await son.says("murió mi papá y nos amenazan")
    await son.reads("toque lo que más se parece")
    await son.presses("Falleció un familiar")
    told = [sent.text for sent in world.telegram.take_unexpected() if sent.chat_id == SON]
    assert not any("mañana" in words for words in told)
    assert (await only_case(world)).urgency is not Urgency.CAN_WAIT
    await world.later(minutes=6)
    assert paged(world) == [EVA]
    drop(world)


async def test_an_unpaid_wage_at_night_waits_and_other_kinds_wake_somebody(world: World) -> None:
    await night(world)
    await world.duty("Ana", chat=ANA)
    for chat, label in ((SON, "No me pagan"), (SON + 1, "No me dejan irme")):
        await world.chat(chat).says("emergencia")
        await world.chat(chat).says("trabajo en un rancho")
        drop(world)
        kinds = [s for s in world.telegram.sent if s.chat_id == chat and label in s.buttons]
        asked = world.chat(chat)
        asked.last = kinds[-1]
        await asked.presses(label)
        await world.later(seconds=30)
    unpaid, captive = await open_cases(world)
    assert unpaid.urgency is Urgency.CAN_WAIT
    assert captive.urgency is Urgency.UNSORTED
    drop(world)
    await world.later(minutes=6)
    folios = {page.callback_data["Tomarlo"] for page in world.telegram.take_unexpected()}
    assert folios == {f"A:{captive.folio}"}


async def test_by_day_a_death_is_paged_like_any_other(world: World) -> None:
    await team(world)
    await world.chat(SON).says("emergencia")
    assert "Puede esperar" not in (await world.chat(ANA).reads("GUARDIA: caso")).buttons
    await world.chat(SON).says("murió mi papá")
    asked = world.chat(SON)
    await asked.reads("toque lo que más se parece")
    await asked.presses("Falleció un familiar")
    drop(world)
    assert (await only_case(world)).urgency is Urgency.UNSORTED
    await world.later(minutes=6)
    assert paged(world) == [EVA]


async def test_words_of_danger_wake_the_guard_for_a_case_that_was_to_wait(world: World) -> None:
    await night(world)
    await world.duty("Ana", chat=ANA)
    await world.phone(MOTHER).says("emergencia")
    await world.chat(ANA).says(f"E {(await only_case(world)).folio}")
    drop(world)
    await world.later(hours=1)
    await world.phone(MOTHER).says("llegaron otra vez, me vienen siguiendo")
    assert "vida en riesgo" in (await world.chat(ANA).reads("GUARDIA: ")).text
    drop(world)
    await world.chat(ANA).says(f"E {(await only_case(world)).folio}")
    await world.chat(ANA).reads("no puede esperar")


async def test_a_call_again_wakes_the_guard_for_a_case_that_was_to_wait(world: World) -> None:
    await night(world)
    await world.duty("Ana", chat=ANA)
    await world.phone(MOTHER).says("emergencia")
    await world.chat(ANA).says(f"E {(await only_case(world)).folio}")
    drop(world)
    await world.phone(MOTHER).says("auxilio")
    await world.chat(ANA).reads("vida en riesgo")
    await world.phone(MOTHER).reads("Avisamos de nuevo")


async def test_a_case_that_is_owned_or_dangerous_is_not_left_until_opening(world: World) -> None:
    await night(world)
    await world.duty("Ana", chat=ANA)
    await world.phone(MOTHER).says("no me dejan salir")
    page = await world.chat(ANA).reads("GUARDIA: caso")
    assert "Puede esperar" not in page.buttons
    case = await only_case(world)
    await world.chat(ANA).says(f"E {case.folio}")
    await world.chat(ANA).reads("no puede esperar")
    await world.chat(ANA).says(f"A {case.folio}")
    drop(world)
    await world.chat(ANA).says(f"E {case.folio}")
    await world.chat(ANA).reads("no puede esperar")
    assert (await only_case(world)).urgency is Urgency.POSSIBLE


async def test_who_waits_until_opening_and_is_not_answered_then_gets_the_numbers(
    world: World,
) -> None:
    await night(world)
    await world.duty("Ana", chat=ANA)
    await world.phone(MOTHER).says("emergencia")
    await world.chat(ANA).says(f"E {(await only_case(world)).folio}")
    drop(world)
    await world.later(hours=11, minutes=1)
    await world.chat(ANA).reads("GUARDIA: ")
    world.nothing_else()
    await world.later(minutes=10)
    await world.phone(MOTHER).reads("nadie tiene su caso")
    drop(world)


async def test_pages_override_quiet_hours(world: World) -> None:
    await world.duty("Ana", chat=ANA)
    async with world.database.write() as session:
        ana = await member_of(world, "Ana")
        quiet = Quiet(time(21), time(8))
        await staff_service.change(session, ana, world.platform.clock.now(), quiet=quiet)
    await night(world)
    await world.phone(MOTHER).says("SOS")
    await world.phone(MOTHER).reads("Recibido")
    await world.chat(ANA).reads("GUARDIA: caso")
