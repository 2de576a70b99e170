"""Somebody calls for help, and is answered."""

from alerts import store as cases
from alerts import timeline
from alerts.model import Case, CaseState, EntryKind, Kind, MayWrite, Urgency
from staff.model import Role
from tests.stories.world import World

MOTHER = "+12135550121"
SON = 900_121
FIRST = 900_001
SECOND = 900_002
SECOND_PHONE = "+12135550132"


async def open_cases(world: World) -> tuple[Case, ...]:
    async with world.database.read() as session:
        return await cases.in_states(session, *CaseState)


async def only_case(world: World) -> Case:
    (found,) = await open_cases(world)
    return found


async def kinds_of(world: World, case: Case) -> list[EntryKind]:
    async with world.database.read() as session:
        return [entry.kind for entry in await timeline.of_case(session, case.id)]


async def test_a_stranger_calls_for_help_and_a_person_accepts(world: World) -> None:
    await world.duty("Ana", chat=FIRST)
    son, ana = world.chat(SON), world.chat(FIRST)
    await son.says("SOS")
    answer = await son.reads("Recibido, folio")
    case = await only_case(world)
    assert case.folio in answer.text
    assert "911" in answer.text
    assert answer.buttons == ("Sí, escríbanme", "No me escriban")
    page = await ana.reads("GUARDIA: caso")
    assert case.folio in page.text
    assert page.buttons == ("Tomarlo", "Pasarlo")
    await ana.presses("Tomarlo")
    await ana.reads("es suyo")
    accepted = await son.reads("ya tiene su caso")
    assert case.word in accepted.text
    assert "Ana" not in accepted.text, "the public knows the pseudonym alone"
    assert (await only_case(world)).state is CaseState.ACKNOWLEDGED


async def test_one_sms_is_the_whole_report(world: World) -> None:
    await world.duty("Ana", phone=SECOND_PHONE)
    mother, ana = world.phone(MOTHER), world.phone(SECOND_PHONE)
    await mother.says("SOS mi hijo no llega a Nogales")
    answer = await mother.reads("Si sabe otra cosa, escriba")
    case = await only_case(world)
    page = await ana.reads("GUARDIA: caso")
    for secret in ("hijo", "Nogales", MOTHER[-7:]):
        assert secret not in page.body, "a page is read on locked screens"
    assert answer.body.startswith("Recibido, folio")
    await ana.says(f"a {case.folio.lower()}")
    await ana.reads("es suyo")
    await mother.reads(case.word)
    await ana.says(f"R {case.folio} ¿A qué hora salió?")
    await ana.reads("su texto sale ahora")
    relayed = await mother.reads("¿A qué hora salió?")
    assert case.word in relayed.body
    await mother.says("a las seis")
    await ana.reads("mensaje nuevo")
    await ana.says(f"C {case.folio} localizado")
    await ana.reads("queda cerrado")
    await mother.reads("cerramos su caso")


async def test_an_unanswered_page_goes_to_the_next_person_and_then_to_everybody_for_ever(
    world: World,
) -> None:
    await world.duty("Ana", chat=FIRST)
    await world.duty("Eva", chat=SECOND)
    mother, ana, eva = world.phone(MOTHER), world.chat(FIRST), world.chat(SECOND)
    await mother.says("auxilio")
    await mother.reads("Recibido, folio")
    await ana.reads("GUARDIA: caso")
    world.nothing_else()
    await world.later(seconds=301)
    await eva.reads("GUARDIA: caso")
    world.nothing_else()
    await world.later(seconds=301)
    for one in (ana, eva):
        await one.reads("GUARDIA: nadie tiene el caso")
    numbers = await mother.reads("ahora nadie tiene su caso")
    assert "911" in numbers.body
    for _ in range(5):
        await world.later(seconds=301)
        assert {page.chat_id for page in world.telegram.take_unexpected()} == {FIRST, SECOND}
    paged = [kind for kind in await kinds_of(world, await only_case(world)) if kind == "paged"]
    assert len(paged) == 14


async def test_passing_on_pages_the_next_person_at_once(world: World) -> None:
    await world.duty("Ana", chat=FIRST)
    await world.duty("Eva", chat=SECOND)
    mother, ana, eva = world.phone(MOTHER), world.chat(FIRST), world.chat(SECOND)
    await mother.says("911")
    await mother.reads("Recibido")
    await ana.reads("GUARDIA: caso")
    await ana.presses("Pasarlo")
    await ana.reads("buscamos a otra persona para el caso")
    await eva.reads("GUARDIA: caso")
    await eva.presses("Tomarlo")
    await eva.reads("es suyo")
    await mother.reads("una persona ya tiene su caso")
    await ana.says(f"A {(await only_case(world)).folio}")
    await ana.reads("ya lo tiene")


async def test_do_not_write_to_me_means_silence_for_days(world: World) -> None:
    await world.duty("Ana", chat=FIRST)
    son, ana = world.chat(SON), world.chat(FIRST)
    await son.says("/sos")
    asked = await son.reads("Recibido, folio")
    await ana.reads("GUARDIA: caso")
    await son.presses("No me escriban")
    last = await son.reads("Gracias.")
    assert last.method == "editMessageText"
    assert last.message_id == asked.message_id
    assert (await only_case(world)).may_write is MayWrite.NO
    before = len(await kinds_of(world, await only_case(world)))
    for _ in range(6):
        await world.later(hours=12)
        pages = world.telegram.take_unexpected()
        assert pages, "pages go on"
        assert all(page.chat_id == FIRST for page in pages), "and nothing reaches the reporter"
    await son.says("sigo aquí")
    await ana.says(f"A {(await only_case(world)).folio}")
    taken = await ana.reads("es suyo")
    assert "NO ESCRIBIR" in taken.text
    await ana.says(f"R {(await only_case(world)).folio} hola")
    await ana.reads("no mandamos su texto")
    await ana.says(f"C {(await only_case(world)).folio} atendida")
    await ana.reads("queda cerrado")
    assert len(await kinds_of(world, await only_case(world))) > before


async def test_a_silent_exit_is_not_answered_and_nothing_follows(world: World) -> None:
    await world.duty("Ana", chat=FIRST)
    son, ana = world.phone(MOTHER), world.chat(FIRST)
    await son.says("SOS")
    await son.reads("Recibido")
    await ana.reads("GUARDIA: caso")
    await son.says("salir")
    world.nothing_else()
    case = await only_case(world)
    assert case.silenced
    assert case.state is CaseState.OPEN
    await world.later(hours=2)
    assert all(sent.chat_id == FIRST for sent in world.telegram.take_unexpected())
    world.nothing_else()


async def test_no_before_a_story_is_a_story_and_silences_nobody(world: World) -> None:
    await world.duty("Ana", chat=FIRST)
    mother, ana = world.phone(MOTHER), world.chat(FIRST)
    await mother.says("sos")
    await mother.reads("Recibido")
    await ana.reads("GUARDIA")
    await mother.says("no llega mi hijo, salió ayer")
    assert (await only_case(world)).may_write is MayWrite.UNKNOWN
    await mother.says("1")
    await mother.reads("llega al folio")
    assert (await only_case(world)).may_write is MayWrite.YES
    world.nothing_else()


async def test_a_call_broken_off_half_way_is_a_case_all_the_same(world: World) -> None:
    await world.duty("Ana", chat=FIRST)
    son, ana = world.chat(SON), world.chat(FIRST)
    await son.says("Auxilio")
    await son.reads("Recibido")
    await ana.reads("GUARDIA: caso")
    await son.presses("Sí, escríbanme")
    offered = await son.reads("toque lo que más se parece")
    assert len(offered.buttons) == 9
    await world.later(minutes=6)
    await ana.reads("GUARDIA: nadie tiene el caso")
    assert (await only_case(world)).state is CaseState.OPEN


async def test_kinds_voice_photo_and_place_join_the_case(world: World) -> None:
    await world.duty("Ana", chat=FIRST)
    son, ana = world.chat(SON), world.chat(FIRST)
    await son.says("emergencia")
    await son.reads("Recibido")
    await ana.reads("GUARDIA: caso")
    await son.says("me agarraron en la central")
    await son.reads("toque lo que más se parece")
    await son.presses("Me piden dinero ya")
    await son.reads("No pague nada antes de hablar")
    await son.sends_voice()
    await son.sends_photo("aquí")
    await son.sends_location(31.33, -110.94)
    case = await only_case(world)
    assert case.kind is Kind.EXTORTION
    kinds = await kinds_of(world, case)
    assert kinds.count(EntryKind.MEDIA) == 2
    assert EntryKind.LOCATION in kinds


async def test_money_in_the_story_is_answered_with_what_to_do_about_it(world: World) -> None:
    await world.duty("Ana", chat=FIRST)
    await world.phone(MOTHER).says("SOS tienen a mi hijo, piden rescate de 5000")
    await world.phone(MOTHER).reads("Antes de pagar, hable con su familiar")
    await world.chat(FIRST).reads("GUARDIA")


async def test_nobody_on_duty_is_said_plainly_and_the_wide_circle_is_paged(world: World) -> None:
    await world.duty("Coordina", chat=FIRST, role=Role.COORDINATOR)
    await world.phone(MOTHER).says("SOS")
    await world.phone(MOTHER).reads("A esta hora no hay guardia")
    await world.chat(FIRST).reads("GUARDIA: caso")


async def test_with_no_staff_at_all_the_case_waits_and_pages_who_comes(world: World) -> None:
    await world.phone(MOTHER).says("SOS")
    await world.phone(MOTHER).reads("no hay guardia")
    await world.later(minutes=5, seconds=1)
    await world.duty("Ana", chat=FIRST)
    await world.later(minutes=5, seconds=1)
    await world.chat(FIRST).reads("GUARDIA: caso")
    await world.phone(MOTHER).reads("nadie tiene su caso")


async def test_what_happened_is_answered_with_911_and_never_like_a_false_alarm(
    world: World,
) -> None:
    await world.duty("Ana", chat=FIRST)
    son = world.chat(SON)
    await son.says("SOS")
    await son.reads("Recibido")
    await son.presses("Sí, escríbanme")
    await son.reads("toque lo que más se parece")
    await son.presses("Me lastiman")
    folio = (await only_case(world)).folio
    answer = await son.reads(f"Anotado, folio {folio}")
    assert "cuente qué pasa y dónde" in answer.text
    assert "911" in answer.text
    assert "Gracias por avisar" not in answer.text
    await world.chat(FIRST).reads("GUARDIA: caso")
    world.nothing_else()


async def test_false_alarm_closes_nothing(world: World) -> None:
    await world.duty("Ana", chat=FIRST)
    mother, ana = world.phone(MOTHER), world.chat(FIRST)
    await mother.says("SOS")
    await mother.reads("Recibido")
    await ana.reads("GUARDIA: caso")
    for words in ("falsa alarma", "CANCELAR", "ya estoy bien"):
        await mother.says(words)
        await mother.reads("Gracias por avisar. Queda anotado.")
    assert (await only_case(world)).state is CaseState.OPEN
    await world.later(minutes=6)
    await ana.reads("GUARDIA: nadie tiene el caso")


async def test_sos_again_raises_the_case_and_pages_again(world: World) -> None:
    await world.duty("Ana", chat=FIRST)
    mother, ana = world.phone(MOTHER), world.chat(FIRST)
    await mother.says("SOS")
    await mother.reads("Recibido")
    await ana.reads("sin clasificar")
    await mother.says("SOS por favor")
    await mother.reads("Avisamos de nuevo a la guardia")
    await ana.reads("vida en riesgo")
    assert (await only_case(world)).urgency is Urgency.LIFE


async def test_baja_inside_a_case_stops_campaigns_and_leaves_the_case_open(world: World) -> None:
    await world.duty("Ana", chat=FIRST)
    mother = world.phone(MOTHER)
    await mother.says("SOS")
    await mother.reads("Recibido")
    await world.chat(FIRST).reads("GUARDIA")
    await mother.says("BAJA")
    await mother.reads("sigue abierto")
    assert (await only_case(world)).state is CaseState.OPEN


async def test_help_inside_a_case_goes_to_the_owner(world: World) -> None:
    await world.duty("Ana", chat=FIRST)
    mother, ana = world.phone(MOTHER), world.chat(FIRST)
    await mother.says("SOS")
    await mother.reads("Recibido")
    await ana.reads("GUARDIA")
    await ana.presses("Tomarlo")
    await ana.reads("es suyo")
    await mother.reads("una persona ya tiene su caso")
    await mother.says("ayuda")
    said = await ana.reads("La persona mandó")
    assert "ayuda" in said.text


async def test_a_message_within_thirty_days_of_the_close_opens_the_case_again(world: World) -> None:
    await world.duty("Ana", chat=FIRST)
    mother, ana = world.phone(MOTHER), world.chat(FIRST)
    await mother.says("SOS")
    await mother.reads("Recibido")
    await ana.reads("GUARDIA")
    await ana.presses("Tomarlo")
    await ana.reads("es suyo")
    await mother.reads("una persona")
    folio = (await only_case(world)).folio
    await ana.says(f"C {folio} atendida")
    await ana.reads("queda cerrado")
    await mother.reads("cerramos su caso")
    await world.later(days=29)
    # Follow-ups that fell due meanwhile.
    world.telegram.take_unexpected()
    await mother.says("volvió a llamar el señor")
    await ana.reads("se abre de nuevo")
    await ana.reads("GUARDIA: caso")
    await mother.reads("se abre de nuevo")
    assert (await only_case(world)).state is CaseState.OPEN
    await ana.presses("Tomarlo")
    await ana.reads("es suyo")
    await mother.reads("una persona ya tiene su caso")
    await ana.says(f"C {folio} atendida")
    await ana.reads("queda cerrado")
    await mother.reads("cerramos su caso")
    await world.later(days=31)
    world.telegram.take_unexpected()
    await mother.says("gracias por todo")
    await mother.reads("Lo lee una persona")


async def test_words_of_danger_are_a_call_for_help_and_page_at_once(world: World) -> None:
    await world.duty("Ana", chat=FIRST)
    for number, words in enumerate(
        (
            "no me dejan salir",
            "alto, me vienen siguiendo",
            "no más golpes",
            "llamé al 911 y nadie contesta",
        )
    ):
        phone = world.phone(f"+1213555014{number}")
        # One after the other: several within a minute come in one message.
        await world.later(minutes=1)
        await phone.says(words)
        await phone.reads("Avisamos a la guardia")
        page = await world.chat(FIRST).reads("GUARDIA: caso")
        assert "posible peligro" in page.text
    assert [case.urgency for case in await open_cases(world)] == [Urgency.POSSIBLE] * 4


async def test_an_unknown_folio_and_a_strangers_command_do_nothing(world: World) -> None:
    await world.duty("Ana", chat=FIRST)
    mother, ana = world.phone(MOTHER), world.chat(FIRST)
    await mother.says("SOS")
    await mother.reads("Recibido")
    await ana.reads("GUARDIA")
    folio = (await only_case(world)).folio
    await ana.says("A 222222" if folio != "222222" else "A 333333")
    await ana.reads("no hay caso con ese folio")
    stranger = world.phone("+12135550149")
    await stranger.says(f"A {folio}")
    await stranger.reads("Lo lee una persona")
    assert (await only_case(world)).state is CaseState.OPEN
