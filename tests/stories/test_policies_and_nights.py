"""Who is called for which case, at which hour, and by which of their methods."""

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta

import pytest

from alerts import policies
from alerts.drills import service as drills
from alerts.model import Case, CaseState, EntryKind, Kind, Urgency
from alerts.policy_document import read_policy
from alerts.shifts import store as shifts
from contacts import store as contacts
from kit.channels import Channel, Endpoint
from staff import service as staff_service
from staff import store as staff
from staff.model import Member, Quiet, Role
from tests.standins.records import Sent, SentSms
from tests.standins.telegram import blocked_update, unblocked_update
from tests.standins.telegram_errors import blocked, server_error, too_many_requests
from tests.standins.twilio_errors import server_error as twilio_error
from tests.standins.twilio_webhooks import status_params
from tests.stories.test_calling_for_help import kinds_of, only_case, open_cases
from tests.stories.test_leases import (
    ANA,
    ANAS_PHONE,
    EVA,
    EVAS_PHONE,
    MOTHER,
    SON,
    lines,
    member_of,
    owner_of,
)
from tests.stories.test_safety_of_the_person import drop
from tests.stories.world import Chat, World

BOSS = 900_003
TEN_AT_NIGHT, MIDNIGHT, FRIDAY_NIGHT = 12, 14, 60
"""Hours after the beginning of a story, by the clock of Oaxaca."""

Document = Mapping[str, object]


async def night(world: World, hours: float = TEN_AT_NIGHT) -> None:
    await world.later(hours=hours)


async def team(world: World) -> None:
    """Two on duty, and one who coordinates."""
    await world.duty("Ana", chat=ANA)
    await world.duty("Eva", chat=EVA)
    await world.duty("Jefa", chat=BOSS, role=Role.COORDINATOR)


def paged(world: World) -> list[int | None]:
    """The chats that were paged since it was asked last, in order."""
    sent = world.telegram.take_unexpected()
    return [page.chat_id for page in sent if "Tomarlo" in page.buttons]


# What can wait.


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


# Languages.


async def test_who_speaks_the_language_of_a_case_is_called_first(world: World) -> None:
    await world.duty("Ana", chat=ANA)
    await world.duty("Eva", chat=EVA)
    async with world.database.write() as session:
        eva = await member_of(world, "Eva")
        now = world.platform.clock.now()
        await staff_service.change(session, eva, now, languages=("es", "mixe"))
        await contacts.create(session, [Endpoint(Channel.SMS, MOTHER)], "mixe", now)
    await world.phone(MOTHER).says("SOS")
    await world.phone(MOTHER).reads("Recibido")
    page = await world.chat(EVA).reads("GUARDIA: caso")
    assert "otra lengua" in page.text
    world.nothing_else()
    await world.later(minutes=5, seconds=1)
    await world.chat(ANA).reads("GUARDIA: caso")


async def test_a_speaker_off_duty_is_called_beside_those_on_duty(world: World) -> None:
    await team(world)
    async with world.database.write() as session:
        boss = await member_of(world, "Jefa")
        now = world.platform.clock.now()
        await staff_service.change(session, boss, now, languages=("es", "mixe"))
        await contacts.create(session, [Endpoint(Channel.SMS, MOTHER)], "mixe", now)
    await world.phone(MOTHER).says("SOS")
    await world.phone(MOTHER).reads("Recibido")
    assert set(paged(world)) == {ANA, BOSS}


# Policies.


async def write(world: World, *documents: Document) -> None:
    """Put these policies in force."""
    async with world.database.write() as session:
        boss = await staff.by_email(session, "jefa@example.org")
        assert boss is not None
        read = [read_policy(dict(one)) for one in documents]
        await policies.replace(session, read, boss, world.platform.clock.now())


def policy(name: str, *steps: Document, **more: object) -> Document:
    return {"name": name, "steps": list(steps), **more}


def step(*called: str, wait: float | None = None, one_by_one: bool = False) -> Document:
    found: dict[str, object] = {"call": list(called), "one_by_one": one_by_one}
    return found if wait is None else {**found, "wait_minutes": wait}


async def calls(world: World, number: str = MOTHER, words: str = "SOS") -> Case:
    await world.phone(number).says(words)
    world.twilio.take_unexpected()
    return (await open_cases(world))[-1]


async def test_a_policy_says_who_is_called_when_and_how_long_an_owner_has(world: World) -> None:
    await team(world)
    ladder = [step("role:coordinator", wait=2), step("on_duty", wait=1)]
    await write(world, policy("Corta", *ladder, lease_minutes=6, renewal_minutes=30))
    case = await calls(world)
    assert paged(world) == [BOSS]
    await world.later(minutes=2, seconds=1)
    assert paged(world) == [ANA, EVA]
    await world.later(minutes=1, seconds=1)
    assert set(paged(world)) == {ANA, EVA}, "then everybody near, again and again"
    await world.chat(ANA).says(f"A {case.folio}")
    await world.chat(ANA).reads("Tiene 6 min")
    drop(world)
    await world.later(minutes=4, seconds=1)
    await world.chat(ANA).reads("en 2 min avisamos")
    await world.chat(ANA).says(f"N {case.folio} hablé con ella")
    await world.chat(ANA).reads("queda anotado")
    await world.later(minutes=25, seconds=1)
    await world.chat(ANA).reads("en 5 min avisamos")
    await world.later(minutes=5)
    await world.chat(ANA).reads("ya no es suyo")
    assert paged(world)
    drop(world)


async def test_a_kind_has_a_policy_of_its_own_once_it_is_known(world: World) -> None:
    await team(world)
    own = policy("Encierro", step("role:coordinator"), kinds=["captive"])
    await write(world, policy("Todo", step("on_duty", one_by_one=True)), own)
    await world.chat(SON).says("SOS estoy en un rancho")
    case = await only_case(world)
    assert paged(world) == [ANA]
    await world.chat(SON).says("por Fresno")
    asked = world.chat(SON)
    await asked.says("sí")
    kinds = [one for one in world.telegram.sent if "No me dejan irme" in one.buttons]
    asked.last = kinds[-1]
    drop(world)
    await asked.presses("No me dejan irme")
    assert paged(world) == [BOSS], "at once: the wait was the other policy's"
    chosen = [line.body for line in await lines(world, case, EntryKind.POLICY)]
    assert chosen[-1] == "Encierro"
    drop(world)


async def kind_buttons(world: World) -> Chat:
    """The son has called, on the way to the buttons of what happened."""
    son = world.chat(SON)
    await son.says("SOS")
    await son.reads("Recibido")
    await son.presses("Sí, escríbanme")
    await son.reads("toque lo que más se parece")
    return son


async def test_buttons_pressed_in_turns_do_not_keep_a_case_at_its_first_step(world: World) -> None:
    await team(world)
    ladder = [step("on_duty", wait=2), step("role:coordinator", wait=2)]
    await write(
        world,
        policy("Encierro", *ladder, kinds=["captive"]),
        policy("Los demás", *ladder),
    )
    son = await kind_buttons(world)
    drop(world)
    found = list[int | None]()
    for label in ("No me dejan irme", "Me lastiman") * 4:
        await son.presses(label)
        await world.later(minutes=1, seconds=1)
        found += paged(world)
    assert BOSS in found
    drop(world)


async def test_who_pressed_the_wrong_button_at_night_and_then_the_right_one_is_heard_at_once(
    world: World,
) -> None:
    await night(world)
    await world.duty("Ana", chat=ANA)
    son = await kind_buttons(world)
    await son.presses("No me pagan")
    drop(world)
    assert (await only_case(world)).urgency is Urgency.CAN_WAIT
    await son.presses("Otra cosa")
    assert paged(world) == [], "what says nothing changes nothing"
    await son.presses("No me dejan irme")
    told = [sent.text for sent in world.telegram.sent if sent.chat_id == SON]
    assert paged(world) == [ANA]
    assert (await only_case(world)).urgency is Urgency.UNSORTED
    assert "avisando de nuevo a la guardia" in told[-1]
    await world.later(minutes=10, seconds=1)
    assert any("nadie" in sent.text and sent.chat_id == SON for sent in world.telegram.sent)
    drop(world)


async def test_a_second_button_takes_back_nothing_of_what_does_not_wait(world: World) -> None:
    await night(world)
    await world.duty("Ana", chat=ANA)
    son = await kind_buttons(world)
    await son.presses("No me dejan irme")
    drop(world)
    for label in ("No me pagan", "Otra cosa", "Falleció un familiar"):
        await son.presses(label)
        case = await only_case(world)
        assert (case.kind, case.urgency) == (Kind.CAPTIVE, Urgency.UNSORTED)
    await world.later(minutes=5, seconds=1)
    assert paged(world) == [ANA], "pages go on"
    drop(world)


async def test_a_policy_that_comes_back_waits_no_longer_than_usual(world: World) -> None:
    await team(world)
    await write(
        world,
        policy("Corta", step("on_duty", wait=3), step("role:coordinator"), kinds=["captive"]),
        policy("Larga", step("on_duty", wait=600), kinds=["violence"]),
    )
    son = await kind_buttons(world)
    for label in ("No me dejan irme", "Me lastiman", "No me dejan irme"):
        await son.presses(label)
    drop(world)
    await world.later(minutes=5, seconds=1)
    assert paged(world) == [BOSS]
    drop(world)


async def test_a_case_for_the_morning_has_the_policy_of_what_can_wait(world: World) -> None:
    await night(world)
    await team(world)
    later = policy("Mañana", step("role:coordinator"), urgencies=["can_wait"])
    await write(world, policy("Todo", step("on_duty")), later)
    case = await calls(world)
    drop(world)
    await world.chat(ANA).says(f"E {case.folio}")
    drop(world)
    await world.later(hours=11, minutes=1)
    assert paged(world) == [BOSS]
    drop(world)


async def test_when_no_page_arrives_a_long_wait_of_the_policy_is_not_waited_for(
    world: World,
) -> None:
    await team(world)
    await write(world, policy("Larga", step("everybody", wait=600)))
    for chat in (ANA, EVA, BOSS):
        world.telegram.faults.for_recipient(chat, blocked())
    await calls(world)
    world.telegram.faults.clear()
    drop(world)
    await world.later(minutes=5, seconds=1)
    assert set(paged(world)) >= {ANA, EVA}
    drop(world)


async def test_running_cases_keep_the_policy_that_they_began_with(world: World) -> None:
    await team(world)
    await write(world, policy("Una", step("on_duty", one_by_one=True, wait=2)))
    first = await calls(world)
    assert paged(world) == [ANA]
    await write(world, policy("Otra", step("role:coordinator", wait=10)))
    await world.later(minutes=2, seconds=1)
    assert paged(world) == [EVA], "the case goes on as it began"
    second = await calls(world, EVAS_PHONE)
    assert paged(world) == [BOSS]
    assert second.policy_id != first.policy_id
    drop(world)


async def test_people_called_together_are_held_off_when_one_accepts(world: World) -> None:
    await world.duty("Ana", chat=ANA, phone=ANAS_PHONE)
    await world.duty("Eva", chat=EVA, phone=EVAS_PHONE)
    await world.duty("Jefa", chat=BOSS, role=Role.COORDINATOR)
    await write(world, policy("Todas", step("everybody")))
    case = await calls(world)
    assert set(paged(world)) == {ANA, EVA, BOSS}
    await world.later(seconds=30)
    await world.chat(EVA).says(f"A {case.folio}")
    await world.chat(EVA).reads("es suyo")
    world.twilio.take_unexpected()
    await world.later(minutes=2)
    world.nothing_else()
    await world.chat(ANA).says(f"A {case.folio}")
    await world.chat(ANA).reads("ya lo tiene")


async def test_a_policy_that_names_nobody_who_is_there_calls_everybody_at_once(
    world: World,
) -> None:
    await team(world)
    await write(world, policy("Vacía", step("rota:Psicología"), step("member:4242")))
    await calls(world)
    assert set(paged(world)) == {ANA, EVA}
    await world.later(minutes=5, seconds=1)
    assert set(paged(world)) == {ANA, EVA, BOSS}
    drop(world)


async def test_a_policy_that_cannot_be_read_stops_no_call_for_help(world: World) -> None:
    await team(world)
    async with world.database.write() as session:
        now = world.platform.clock.now()
        broken = {"name": "Rota", "body": '{"name": "Rota"}', "made_at": now}
        await session.execute(policies.policy.insert().values(**broken))
    await world.phone(MOTHER).says("SOS")
    await world.phone(MOTHER).reads("Recibido")
    assert paged(world) == [ANA]


# Methods.


async def test_methods_follow_one_another_and_stop_at_acceptance(world: World) -> None:
    await world.duty("Ana", chat=ANA, phone=ANAS_PHONE)
    case = await calls(world)
    await world.chat(ANA).reads("GUARDIA: caso")
    await world.later(seconds=55)
    world.nothing_else()
    await world.later(seconds=6)
    assert case.folio in (await world.phone(ANAS_PHONE).reads("GUARDIA: caso")).body
    other = await calls(world, EVAS_PHONE)
    ana = world.chat(ANA)
    await ana.reads("GUARDIA: caso")
    await world.later(seconds=30)
    await ana.presses("Tomarlo")
    await ana.reads("es suyo")
    assert await owner_of(world, other.folio) == "Ana"
    world.twilio.take_unexpected()
    await world.later(minutes=3)
    assert not [sms for sms in world.twilio.unexpected() if sms.to == ANAS_PHONE]
    drop(world)


async def test_a_page_that_a_chat_refuses_goes_by_sms_in_seconds(world: World) -> None:
    await world.duty("Ana", chat=ANA, phone=ANAS_PHONE)
    await world.duty("Eva", chat=EVA)
    world.telegram.faults.for_recipient(ANA, blocked())
    await calls(world)
    sms = [one for one in world.twilio.sent if one.to == ANAS_PHONE]
    assert len(sms) == 1, "at once, and only to her"
    world.nothing_else()


async def test_a_page_that_no_method_brings_goes_to_the_next_person_in_seconds(
    world: World,
) -> None:
    await world.duty("Ana", chat=ANA, phone=ANAS_PHONE)
    await world.duty("Eva", chat=EVA)
    world.telegram.faults.for_recipient(ANA, blocked())
    await calls(world)
    (sms,) = [one for one in world.twilio.sent if one.to == ANAS_PHONE]
    assert not paged(world)
    await world.phone(ANAS_PHONE).post(
        status_params(sms, "undelivered", 30003), "/webhooks/twilio/status"
    )
    assert paged(world) == [EVA]
    drop(world)


async def test_a_throttled_bot_keeps_nobody_waiting_for_the_sms(world: World) -> None:
    await world.duty("Ana", chat=ANA, phone=ANAS_PHONE)
    world.telegram.faults.next(too_many_requests(600))
    await world.chat(SON).says("/ayuda")
    await world.phone(MOTHER).says("SOS")
    assert [sms.to for sms in world.twilio.sent if sms.to == ANAS_PHONE]
    await world.later(minutes=11)
    drop(world)


async def test_when_nobody_has_answered_every_method_rings_at_once(world: World) -> None:
    await world.duty("Ana", chat=ANA, phone=ANAS_PHONE)
    await calls(world)
    await world.later(minutes=1, seconds=1)
    drop(world)
    await world.later(minutes=4)
    await world.chat(ANA).reads("nadie tiene el caso")
    await world.phone(ANAS_PHONE).reads("nadie tiene el caso")


# Nobody, and nothing works.


async def test_the_only_person_on_duty_blocks_the_bot_and_the_circle_widens_at_once(
    world: World,
) -> None:
    await world.duty("Ana", chat=ANA)
    await world.duty("Jefa", chat=BOSS, role=Role.COORDINATOR)
    await world.chat(ANA)._post(dict(blocked_update(ANA)))
    world.telegram.faults.for_recipient(ANA, blocked())
    await calls(world)
    assert paged(world) == [BOSS], "in seconds, and not after a wait"
    drop(world)


async def test_who_is_alone_and_blocks_the_bot_is_paged_again_when_they_come_back(
    world: World,
) -> None:
    await world.duty("Ana", chat=ANA)
    await world.chat(ANA)._post(dict(blocked_update(ANA)))
    world.telegram.faults.for_recipient(ANA, blocked())
    case = await calls(world)
    for _ in range(3):
        await world.later(minutes=5, seconds=1)
    await world.phone(MOTHER).reads("nadie tiene su caso")
    world.telegram.faults.clear()
    await world.chat(ANA)._post(dict(unblocked_update(ANA)))
    await world.later(minutes=5, seconds=1)
    assert case.folio in (await world.chat(ANA).reads("GUARDIA: ")).text
    drop(world)


async def test_a_guard_who_wants_no_notices_is_paged_all_the_same(world: World) -> None:
    await world.duty("Ana", chat=ANA)
    await world.chat(ANA).says("BAJA")
    drop(world)
    await calls(world)
    assert paged(world) == [ANA]


async def test_a_roster_that_empties_while_a_case_waits_is_told_and_goes_on(world: World) -> None:
    await world.duty("Ana", chat=ANA)
    await calls(world)
    assert paged(world) == [ANA]
    async with world.database.write() as session:
        ana = await member_of(world, "Ana")
        await staff_service.deactivate(session, ana, world.platform.clock.now())
    for _ in range(3):
        await world.later(minutes=5, seconds=1)
    await world.phone(MOTHER).reads("nadie tiene su caso")
    world.nothing_else()
    assert EntryKind.NOBODY_TO_PAGE in await kinds_of(world, await only_case(world))
    await world.phone(MOTHER).says("SOS por favor")
    await world.phone(MOTHER).reads("no hay guardia")
    await world.duty("Eva", chat=EVA)
    await world.later(minutes=5, seconds=1)
    assert paged(world) == [EVA]


async def test_with_telegram_down_for_an_hour_every_page_goes_by_sms(world: World) -> None:
    await world.duty("Ana", chat=ANA, phone=ANAS_PHONE)
    world.telegram.faults.sometimes(server_error(), 1.0, seed=1)
    await calls(world)
    before = 0
    for _ in range(4):
        await world.later(minutes=15)
        now = len([sms for sms in world.twilio.sent if sms.to == ANAS_PHONE])
        assert now > before, "pages by SMS all the while"
        before = now
    world.telegram.faults.clear()
    drop(world)
    folio = (await only_case(world)).folio
    await world.phone(ANAS_PHONE).says(f"A {folio}")
    await world.phone(ANAS_PHONE).reads("es suyo")
    await world.phone(MOTHER).reads("una persona ya tiene su caso")
    await world.later(minutes=5)
    late = [sent for sent in world.telegram.take_unexpected() if "Tomarlo" in sent.buttons]
    assert not late, "no page of an owned case"
    drop(world)


async def an_hour_without_providers(world: World) -> Case:
    """Ana is on duty, somebody calls, nothing leaves for an hour; then all works again."""
    await world.duty("Ana", chat=ANA, phone=ANAS_PHONE)
    world.telegram.faults.sometimes(server_error(), 1.0, seed=1)
    world.twilio.faults.sometimes(twilio_error(), 1.0, seed=1)
    case = await calls(world)
    for _ in range(4):
        await world.later(minutes=15)
    assert not world.telegram.sent
    assert not world.twilio.sent
    world.telegram.faults.clear()
    world.twilio.faults.clear()
    for _ in range(3):
        await world.later(minutes=2)
    return case


async def test_with_both_providers_down_for_an_hour_nothing_is_lost(world: World) -> None:
    case = await an_hour_without_providers(world)
    pages = [sent for sent in world.telegram.sent if "Tomarlo" in sent.buttons]
    assert pages
    assert case.folio in pages[0].text
    assert [sms for sms in world.twilio.sent if sms.to == ANAS_PHONE]
    assert [sms for sms in world.twilio.sent if sms.to == MOTHER and "Recibido" in sms.body]
    drop(world)
    await world.chat(ANA).says(f"A {case.folio}")
    assert await owner_of(world, case.folio) == "Ana"
    drop(world)


async def test_after_an_outage_old_pages_of_a_case_do_not_come_beside_the_newest(
    world: World,
) -> None:
    await an_hour_without_providers(world)
    drop(world)
    pages = [sent.text for sent in world.telegram.sent if "Tomarlo" in sent.buttons]
    untrue = [words for words in pages if "hace 0 min" in words or "hace 15 min" in words]
    assert not untrue, "it is an hour old"
    assert len(pages) <= 3, "one case, one person, one method"


async def drill(world: World, *players: Endpoint) -> None:
    await world.duty("Jefa", chat=BOSS, role=Role.COORDINATOR)
    async with world.database.write() as session:
        boss: Member | None = await staff.by_email(session, "jefa@example.org")
        assert boss is not None
        now = world.platform.clock.now()
        await drills.start(session, boss, "Simulacro", players, timedelta(hours=2), now)


async def test_in_a_drill_everything_that_is_sent_says_so_first(world: World) -> None:
    await world.duty("Ana", chat=ANA, phone=ANAS_PHONE)
    await drill(world, Endpoint(Channel.TELEGRAM, str(SON)))
    son, ana = world.chat(SON), world.chat(ANA)
    await son.says("SOS es una prueba")
    case = await only_case(world)
    assert case.exercise
    await world.later(minutes=1, seconds=1)
    await ana.says(f"A {case.folio}")
    await son.says("estoy en la central")
    await world.later(seconds=10)
    await ana.says(f"R {case.folio} ¿Qué ropa lleva?")
    await ana.says(f"V {case.folio}")
    await world.later(minutes=111)
    await world.later(minutes=5)
    await ana.says(f"C {case.folio} localizado")
    sent: Sequence[Sent | SentSms] = [*world.telegram.sent, *world.twilio.sent]
    words = [one.text if isinstance(one, Sent) else one.body for one in sent]
    assert len(words) >= 10
    plain = [said for said in words if not said.startswith("EJERCICIO.")]
    assert not plain, f"{len(plain)} of {len(words)} do not say that it is a drill: {plain[:3]}"
    drop(world)


async def test_beside_a_drill_a_real_case_is_real(world: World) -> None:
    await world.duty("Ana", chat=ANA)
    await drill(world, Endpoint(Channel.TELEGRAM, str(SON)))
    await world.phone(MOTHER).says("SOS")
    answer = await world.phone(MOTHER).reads("Recibido")
    assert answer.body.startswith("Recibido")
    assert (await world.chat(ANA).reads("GUARDIA: caso")).text.startswith("GUARDIA")
    assert not (await only_case(world)).exercise
    await world.later(hours=3)
    drop(world)
    await world.chat(SON).says("SOS")
    assert (await world.chat(SON).reads("Recibido")).text.startswith("Recibido")
    drop(world)
