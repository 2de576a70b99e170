"""Who has a case, takes it over, helps with it, closes it and opens it again."""

import asyncio

import pytest
from sqlalchemy import update

from alerts import ownership
from alerts.model import CaseState, EntryKind, Outcome
from staff import service as staff_service
from staff import store as staff
from staff.model import Role
from tests.stories.duty_rig import (
    ANA,
    ANAS_PHONE,
    EVA,
    EVAS_PHONE,
    MOTHER,
    SON,
    in_hand,
    lines,
    member_of,
    owner_of,
)
from tests.stories.test_calling_for_help import kinds_of, only_case, open_cases
from tests.stories.test_safety_of_the_person import drop
from tests.stories.world import World


async def test_two_accept_at_once_one_has_it_and_the_other_is_told(world: World) -> None:
    await world.duty("Ana", phone=ANAS_PHONE)
    await world.duty("Eva", phone=EVAS_PHONE)
    phones = {"Ana": world.phone(ANAS_PHONE), "Eva": world.phone(EVAS_PHONE)}
    await world.phone(MOTHER).says("SOS")
    folio = (await only_case(world)).folio
    await world.later(minutes=5, seconds=1)
    drop(world)
    await asyncio.gather(*(one.tells(f"A {folio}") for one in phones.values()))
    await world.platform.settle()
    owner = await owner_of(world, folio)
    assert owner is not None
    pseudonym = (await member_of(world, owner)).pseudonym
    await phones.pop(owner).reads("es suyo")
    (other,) = phones.values()
    told = await other.reads("ya lo tiene")
    assert pseudonym in told.body
    await world.phone(MOTHER).reads("una persona ya tiene su caso")
    assert (await kinds_of(world, await only_case(world))).count(EntryKind.ACKNOWLEDGED) == 1
    world.nothing_else()


async def test_an_acceptance_that_races_the_next_page_wins_and_no_page_follows(
    world: World,
) -> None:
    """The page to Eva is due at the very instant at which Ana answers, over and over."""
    await world.duty("Ana", phone=ANAS_PHONE)
    await world.duty("Eva", phone=EVAS_PHONE)
    ana = world.phone(ANAS_PHONE)
    for number in range(6):
        await world.phone(f"+121355501{40 + number}").says("SOS")
        case = (await open_cases(world))[-1]
        drop(world)
        first, second = world.later(minutes=5), ana.tells(f"A {case.folio}")
        await asyncio.gather(*((first, second) if number % 2 else (second, first)))
        await world.platform.settle()
        await ana.reads("es suyo")
        assert await owner_of(world, case.folio) == "Ana"
        drop(world)
        await world.later(minutes=5, seconds=1)
        await ana.says(f"N {case.folio} hablé con su hermana")
        late = world.twilio.take_unexpected()
        assert not [sms for sms in late if sms.to == EVAS_PHONE], "it is Ana's"
        pages = await lines(world, case, EntryKind.PAGED)
        assert len(pages) <= 2


async def test_an_acceptance_that_races_the_end_of_a_lease_leaves_one_owner(world: World) -> None:
    case = await in_hand(world, world.phone(MOTHER))
    await world.duty("Rita", phone=EVAS_PHONE)
    rita = world.phone(EVAS_PHONE)
    await asyncio.gather(world.later(minutes=15), rita.tells(f"A {case.folio}"))
    await world.platform.settle()
    owner = await owner_of(world, case.folio)
    if owner != "Rita":
        await rita.reads("ya lo tiene")
    drop(world)
    await rita.says(f"A {case.folio}")
    await rita.reads("es suyo")
    assert await owner_of(world, case.folio) == "Rita"
    drop(world)


async def test_an_owner_who_leaves_the_staff_loses_the_case_at_once(world: World) -> None:
    case = await in_hand(world, world.phone(MOTHER))
    async with world.database.write() as session:
        ana = await staff.by_email(session, "ana@example.org")
        assert ana is not None
        await staff_service.deactivate(session, ana, world.platform.clock.now())
    await world.later(seconds=2)
    page = await world.chat(EVA).reads("GUARDIA: ")
    assert case.folio in page.text
    await world.chat(ANA).says(f"A {case.folio}")
    await world.chat(ANA).reads("Lo lee una persona")
    assert await owner_of(world, case.folio) is None


async def test_an_owner_who_may_handle_cases_no_more_loses_the_case_at_once(world: World) -> None:
    case = await in_hand(world, world.phone(MOTHER))
    async with world.database.write() as session:
        ana = staff.member.c.email_index == "ana@example.org"
        await session.execute(update(staff.member).where(ana).values(role=Role.AUDITOR))
    await world.later(seconds=2)
    assert case.folio in (await world.chat(EVA).reads("GUARDIA: ")).text
    assert await owner_of(world, case.folio) is None


async def test_somebody_takes_a_case_over_with_a_reason_and_the_old_owner_is_told(
    world: World,
) -> None:
    case = await in_hand(world, world.phone(MOTHER))
    ana, eva = world.chat(ANA), world.chat(EVA)
    await eva.says(f"T {case.folio}")
    await eva.reads("falta decir por qué")
    assert await owner_of(world, case.folio) == "Ana"
    await world.later(minutes=9)
    await eva.says(f"T {case.folio} Ana va manejando")
    await eva.reads("Tiene 15 min")
    told = await ana.reads("Usted ya no lo tiene")
    assert (await member_of(world, "Eva")).pseudonym in told.text
    await world.phone(MOTHER).reads("otra persona del equipo")
    (line,) = await lines(world, case, EntryKind.TAKEN_OVER)
    assert line.body == "Ana va manejando"
    await ana.says(f"C {case.folio} atendida")
    await ana.reads("no es suyo")
    await world.later(minutes=9)
    await eva.says(f"N {case.folio} hablé con ella")
    await eva.reads("queda anotado")


async def test_nobody_takes_over_from_themselves_and_a_free_case_needs_no_reason(
    world: World,
) -> None:
    case = await in_hand(world, world.phone(MOTHER))
    ana = world.chat(ANA)
    await ana.says(f"T {case.folio} sigo yo")
    await ana.reads("es suyo")
    world.nothing_else()
    await world.later(minutes=15, seconds=1)
    drop(world)
    await ana.says(f"T {case.folio}")
    await ana.reads("es suyo")
    await world.phone(MOTHER).reads("una persona ya tiene su caso")
    assert not await lines(world, case, EntryKind.TAKEN_OVER)


async def test_who_helps_reads_and_answers_and_the_case_stays_the_owners(world: World) -> None:
    case = await in_hand(world, world.phone(MOTHER))
    ana, eva, mother = world.chat(ANA), world.chat(EVA), world.phone(MOTHER)
    await world.duty("Rita", phone=EVAS_PHONE)
    async with world.database.write() as session:
        owner, helper = await member_of(world, "Ana"), await member_of(world, "Eva")
        await ownership.add_helper(session, case, owner, helper, world.platform.clock.now())
    await world.platform.settle()
    asked = await eva.reads("le pide apoyo en el caso")
    assert owner.pseudonym in asked.text
    await mother.says("estoy en la central de Nogales")
    for one in (ana, eva):
        assert "central de Nogales" in (await one.reads("La persona mandó")).text
    await eva.says(f"V {case.folio}")
    assert "central de Nogales" in (await eva.reads(case.word)).text
    await eva.says(f"R {case.folio} ¿Qué ropa lleva?")
    await eva.reads("su texto sale ahora")
    assert case.word in (await mother.reads("¿Qué ropa lleva?")).body
    await eva.says(f"C {case.folio} atendida")
    await eva.reads("no es suyo")
    for letter in (f"V {case.folio}", f"R {case.folio} hola", f"N {case.folio} hola"):
        await world.phone(EVAS_PHONE).says(letter)
        await world.phone(EVAS_PHONE).reads("no es suyo")
    await world.later(minutes=115, seconds=1)
    await ana.reads("en 5 min avisamos")
    assert await owner_of(world, case.folio) == "Ana"


async def test_an_outcome_that_says_too_little_alone_wants_words(world: World) -> None:
    case = await in_hand(world, world.phone(MOTHER))
    for outcome in (
        "falsa alarma",
        "otro",
        "repetido",
        "repetido 222222",
        f"repetido {case.folio}",
    ):
        await world.chat(ANA).says(f"C {case.folio} {outcome}")
        await world.chat(ANA).reads("quién lo confirma; REPETIDO, el otro folio")
        await world.later(seconds=5)
    assert (await only_case(world)).state is CaseState.ACKNOWLEDGED


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("falsa alarma su hermano lo vio en su casa", Outcome.FALSE_ALARM),
        ("no quiere contacto", Outcome.LOCATED_NO_CONTACT),
    ],
)
async def test_a_case_is_closed_with_an_outcome_and_its_words(
    world: World, said: str, outcome: Outcome
) -> None:
    case = await in_hand(world, world.phone(MOTHER))
    await world.chat(ANA).says(f"C {case.folio} {said}")
    await world.chat(ANA).reads("queda cerrado")
    await world.phone(MOTHER).reads("cerramos su caso")
    (line,) = await lines(world, case, EntryKind.CLOSED)
    assert line.body is not None
    assert line.body.startswith(outcome)
    assert (await only_case(world)).state is CaseState.CLOSED
    await world.later(days=2)
    world.nothing_else()


async def test_a_duplicate_is_closed_with_the_folio_of_the_other(world: World) -> None:
    case = await in_hand(world, world.phone(MOTHER))
    await world.chat(SON).says("SOS")
    other = (await open_cases(world))[-1]
    ana = world.chat(ANA)
    await ana.says(f"A {other.folio}")
    drop(world)
    await ana.says(f"C {case.folio} repetido {other.folio.lower()} es su hijo")
    await ana.reads("queda cerrado: repetido")
    await world.phone(MOTHER).reads("cerramos su caso")


async def test_staff_open_a_closed_case_again_with_a_reason(world: World) -> None:
    case = await in_hand(world, world.phone(MOTHER))
    ana, eva, mother = world.chat(ANA), world.chat(EVA), world.phone(MOTHER)
    await eva.says(f"B {case.folio} me llamó")
    await eva.reads("no se ha cerrado")
    await ana.says(f"C {case.folio} atendida")
    drop(world)
    await eva.says(f"B {case.folio}")
    await eva.reads("falta decir por qué")
    await eva.says(f"B {case.folio} me llamó su vecina")
    await eva.reads("Tiene 15 min")
    await mother.reads("otra persona del equipo")
    (line,) = await lines(world, case, EntryKind.REOPENED)
    assert line.body == "me llamó su vecina"
    await mother.says("gracias")
    await eva.reads("La persona mandó")
    world.nothing_else()
    await world.later(minutes=15, seconds=1)
    await eva.reads("ya no es suyo")
    await ana.reads("GUARDIA: caso")


async def test_who_only_reads_takes_no_part(world: World) -> None:
    case = await in_hand(world, world.phone(MOTHER))
    await world.duty("Audita", phone=EVAS_PHONE, role=Role.AUDITOR)
    for letter in "ATVRNZCDE":
        await world.phone(EVAS_PHONE).says(f"{letter} {case.folio} 2 porque quiero")
        await world.phone(EVAS_PHONE).reads("GUARDIA: ")
    assert await owner_of(world, case.folio) == "Ana"
    assert not await lines(world, case, EntryKind.SHOWN, EntryKind.REVEALED, EntryKind.TAKEN_OVER)
