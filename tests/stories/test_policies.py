"""Who is called for which case, when, and by which language they speak."""

from collections.abc import Mapping

from alerts import policies
from alerts.model import EntryKind, Kind, Urgency
from alerts.policy_document import read_policy
from contacts import store as contacts
from kit.channels import Channel, Endpoint
from staff import service as staff_service
from staff import store as staff
from staff.model import Role
from tests.standins.telegram_errors import blocked
from tests.stories.duty_rig import ANA, ANAS_PHONE, EVA, EVAS_PHONE, MOTHER, SON, lines, member_of
from tests.stories.night_rig import BOSS, calls, night, paged, team
from tests.stories.test_calling_for_help import only_case
from tests.stories.test_safety_of_the_person import drop
from tests.stories.world import Chat, World

Document = Mapping[str, object]


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
