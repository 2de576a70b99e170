"""The acknowledgement is a lease: who has a case acts and writes it down, or it goes on to others.

The platform is started anew in every state of a case, and its clock is put forward and back.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Self

import httpx
import pytest
from sqlalchemy import select, update

from alerts import ownership, store, timeline
from alerts.model import Case, CaseState, Entry, EntryKind, Outcome, Urgency
from app.web import web_of
from app.wiring import Platform
from db.engine import open_database
from db.session import Database
from kit.clock import Clock
from staff import service as staff_service
from staff import store as staff
from staff.model import Member, Role
from tests.databases import keyring
from tests.standins.telegram import TelegramStandIn
from tests.standins.twilio import TwilioStandIn
from tests.stories.test_calling_for_help import kinds_of, only_case, open_cases
from tests.stories.test_safety_of_the_person import drop
from tests.stories.world import PUBLIC_URL, START, Chat, Phone, World, story_settings

MOTHER, SON = "+12135550121", 900_121
ANA, EVA = 900_001, 900_002
BOSS, OTHER = 900_003, 900_004
ANAS_PHONE, EVAS_PHONE = "+12135550131", "+12135550132"
TO_NIGHT = 14
"""So many hours after the beginning of a story it is midnight in Oaxaca."""


async def in_hand(world: World, person: Phone | Chat, *, words: str = "SOS") -> Case:
    """Ana has taken a case, and Eva is on duty too; what was said until then is another story."""
    await world.duty("Ana", chat=ANA)
    await world.duty("Eva", chat=EVA)
    await person.says(words)
    case = await only_case(world)
    await world.chat(ANA).says(f"A {case.folio}")
    drop(world)
    return await only_case(world)


async def member_of(world: World, name: str) -> Member:
    async with world.database.read() as session:
        found = await staff.by_email(session, f"{name.lower()}@example.org")
    assert found is not None
    return found


async def owner_of(world: World, folio: str) -> str | None:
    """The invented name of who has a case."""
    async with world.database.read() as session:
        case = await store.by_folio(session, folio)
        assert case is not None
        owner = None if case.owner_id is None else await staff.get(session, case.owner_id)
    return None if owner is None else owner.name


async def lines(world: World, case: Case, *kinds: EntryKind) -> list[Entry]:
    """The lines of some kinds in a timeline."""
    async with world.database.read() as session:
        return [one for one in await timeline.of_case(session, case.id) if one.kind in kinds]


async def audited(world: World, act: str) -> list[tuple[int | None, str]]:
    """Who did something, and about what, as the audit has it."""
    async with world.database.read() as session:
        rows = await session.all(select(staff.audit).where(staff.audit.c.act == act))
    return [(row["member_id"], row["about"]) for row in rows]


# The lease.


async def test_who_accepts_and_does_nothing_is_reminded_and_then_the_case_goes_on(
    world: World,
) -> None:
    case = await in_hand(world, world.phone(MOTHER))
    ana, eva = world.chat(ANA), world.chat(EVA)
    await world.later(minutes=9)
    world.nothing_else()
    await world.later(minutes=1, seconds=1)
    await ana.reads("en 5 min avisamos a otra persona")
    world.nothing_else()
    await world.later(minutes=4, seconds=50)
    world.nothing_else()
    await world.later(seconds=10)
    lost = await ana.reads("ya no es suyo porque no hay nada nuevo anotado")
    assert case.folio in lost.text
    page = await eva.reads("GUARDIA: caso")
    assert case.folio in page.text
    world.nothing_else()
    assert (await only_case(world)).state is CaseState.OPEN
    (line,) = await lines(world, case, EntryKind.LEASE_LOST)
    assert line.member_id == (await member_of(world, "Ana")).id


async def test_a_reminder_that_comes_late_says_what_is_truly_left(world: World) -> None:
    await in_hand(world, world.phone(MOTHER))
    await world.later(minutes=13)
    await world.chat(ANA).reads("en 2 min avisamos")


async def test_after_a_lost_lease_everybody_is_paged_in_turn_and_who_waits_gets_the_numbers(
    world: World,
) -> None:
    case = await in_hand(world, world.phone(MOTHER))
    await world.later(minutes=15, seconds=1)
    await world.chat(ANA).reads("ya no es suyo")
    await world.chat(EVA).reads("GUARDIA: caso")
    await world.later(minutes=5, seconds=1)
    for chat in (ANA, EVA):
        await world.chat(chat).reads("nadie tiene el caso")
    world.nothing_else()
    await world.later(minutes=5)
    await world.phone(MOTHER).reads("nadie tiene su caso")
    drop(world)
    await world.chat(ANA).says(f"A {case.folio}")
    await world.chat(ANA).reads("es suyo")
    await world.phone(MOTHER).reads("una persona ya tiene su caso")


async def test_a_lost_lease_begins_again_with_those_on_duty_and_wakes_nobody_else(
    world: World,
) -> None:
    await world.duty("Ana", chat=ANA)
    await world.duty("Jefa", chat=BOSS, role=Role.COORDINATOR)
    await world.duty("Otra", chat=OTHER, role=Role.ADMIN)
    await world.phone(MOTHER).says("SOS")
    case = await only_case(world)
    await world.later(minutes=5, seconds=1)
    await world.chat(BOSS).says(f"A {case.folio}")
    await world.chat(BOSS).says(f"N {case.folio} espero al consulado")
    drop(world)
    await world.later(hours=2, minutes=1)
    await world.chat(BOSS).reads("ya no es suyo")
    await world.chat(ANA).reads("GUARDIA: caso")
    drop(world)
    await world.later(minutes=5)
    await world.chat(OTHER).reads("GUARDIA: caso")
    world.nothing_else()


async def test_the_lease_of_who_lost_the_case_goes_on_to_who_takes_it_next(world: World) -> None:
    case = await in_hand(world, world.phone(MOTHER))
    ana, eva = world.chat(ANA), world.chat(EVA)
    await world.later(minutes=15, seconds=1)
    drop(world)
    await eva.says(f"A {case.folio}")
    await eva.reads("Tiene 15 min para hacer algo")
    await world.phone(MOTHER).reads("otra persona del equipo")
    await ana.says(f"R {case.folio} ¿Sigue ahí?")
    await ana.reads("no es suyo")
    await ana.says(f"N {case.folio} le llamé")
    await ana.reads("no es suyo")
    assert not await lines(world, case, EntryKind.ACTED, EntryKind.REPLIED)
    await world.later(minutes=10, seconds=1)
    await eva.reads("en 5 min avisamos")
    await world.later(minutes=5)
    await eva.reads("ya no es suyo")
    losers = [line.member_id for line in await lines(world, case, EntryKind.LEASE_LOST)]
    assert losers == [(await member_of(world, name)).id for name in ("Ana", "Eva")]
    await ana.reads("nadie tiene el caso")


@pytest.mark.parametrize(
    ("act", "answer"),
    [
        ("R {folio} ¿Me puede decir en qué lugar está?", "su texto sale ahora"),
        ("N {folio} hablé con su hermana, va en camino", "queda anotado en el caso"),
    ],
    ids=["reply", "note"],
)
async def test_each_act_that_is_written_down_gives_two_hours(
    world: World, act: str, answer: str
) -> None:
    case = await in_hand(world, world.phone(MOTHER))
    ana = world.chat(ANA)
    await world.later(minutes=9)
    for _ in range(2):
        await ana.says(act.format(folio=case.folio))
        await ana.reads(answer)
        world.twilio.take_unexpected()
        await world.later(minutes=114, seconds=50)
        world.nothing_else()
        await world.later(seconds=11)
        await ana.reads("en 5 min avisamos")
    await world.later(minutes=5)
    await ana.reads("ya no es suyo")
    await world.chat(EVA).reads("GUARDIA: caso")


async def test_reading_and_asking_for_the_number_are_no_acts(world: World) -> None:
    case = await in_hand(world, world.phone(MOTHER))
    ana = world.chat(ANA)
    await world.later(minutes=9)
    for letter in (f"V {case.folio}", f"D {case.folio} para llamarle", "CASOS", f"A {case.folio}"):
        await ana.says(letter)
    drop(world)
    await world.later(minutes=6, seconds=1)
    await ana.reads("ya no es suyo")
    await world.chat(EVA).reads("GUARDIA: caso")


async def test_an_empty_note_and_an_empty_reply_are_no_acts(world: World) -> None:
    case = await in_hand(world, world.phone(MOTHER))
    ana = world.chat(ANA)
    for letter, asked in (("N", "falta decir qué hizo"), ("R", "falta el texto")):
        await ana.says(f"{letter} {case.folio}")
        await ana.reads(asked)
    await world.later(minutes=15, seconds=1)
    await ana.reads("ya no es suyo")
    await world.chat(EVA).reads("GUARDIA: caso")


async def test_a_case_that_was_put_off_stays_so_until_its_hour(world: World) -> None:
    case = await in_hand(world, world.phone(MOTHER))
    ana = world.chat(ANA)
    await ana.says(f"Z {case.folio} 3 espero al consulado")
    await ana.reads("queda en pausa hasta")
    (line,) = await lines(world, case, EntryKind.SNOOZED)
    assert line.body == "espero al consulado"
    assert await audited(world, "case.snooze") == [((await member_of(world, "Ana")).id, case.folio)]
    await world.later(minutes=30)
    await ana.says(f"N {case.folio} contestaron, me llaman")
    await ana.reads("queda anotado")
    await world.later(minutes=144)
    world.nothing_else()
    await world.later(minutes=1, seconds=1)
    await ana.reads("en 5 min avisamos")
    await world.later(minutes=5)
    await ana.reads("ya no es suyo")
    await world.chat(EVA).reads("GUARDIA: caso")


async def test_the_more_urgent_a_case_the_shorter_it_may_be_put_off(world: World) -> None:
    await world.duty("Ana", phone=ANAS_PHONE)
    ana = world.phone(ANAS_PHONE)
    for number, (words, longest) in enumerate(
        [(["SOS"], 12), (["no me dejan salir"], 8), (["SOS", "SOS me encontraron"], 4)]
    ):
        for said in words:
            await world.phone(f"+121355501{40 + number}").says(said)
        folio = (await open_cases(world))[-1].folio
        await ana.says(f"A {folio}")
        drop(world)
        await ana.says(f"Z {folio} {longest + 1} espero al consulado")
        await ana.reads(f"en pausa {longest} horas cuando mucho")
        await ana.says(f"Z {folio} {longest} horas espero al consulado")
        await ana.reads("queda en pausa hasta")


async def test_a_case_is_not_put_off_without_hours_and_a_reason(world: World) -> None:
    case = await in_hand(world, world.phone(MOTHER))
    await world.chat(EVA).says(f"Z {case.folio} 2 espero al consulado")
    await world.chat(EVA).reads("no es suyo")
    for said in ("", "2", "2 h.", "espero al consulado"):
        await world.chat(ANA).says(f"Z {case.folio} {said}")
        assert "hasta 12" in (await world.chat(ANA).reads("y por qué")).text
        await world.later(seconds=5)
    assert not await lines(world, case, EntryKind.SNOOZED)
    await world.later(minutes=15, seconds=1)
    await world.chat(ANA).reads("ya no es suyo")
    await world.chat(EVA).reads("GUARDIA: caso")


# Whose it is.


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


# Starting anew.


@dataclass
class Lives:
    """One installation, whose platform is stopped and started anew on the same database."""

    database: Database
    telegram: TelegramStandIn
    twilio: TwilioStandIn
    clock: Clock
    world: World | None = None
    _open: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def begin(self) -> Self:
        """Start the platform."""
        settings = story_settings(self.telegram.url, self.twilio.url)
        database = open_database(self.database.writer.url, keyring())
        platform = Platform(settings, database, Clock(self.clock.offset))
        await platform.start()
        self._open.push_async_callback(platform.stop)
        transport = httpx.ASGITransport(app=web_of(platform))
        http = httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL)
        await self._open.enter_async_context(http)
        self.world = World(platform, self.telegram, self.twilio, http)
        return self

    async def end(self) -> None:
        """Stop it as an operator does."""
        if self.world is not None:
            self.clock.move(self.world.platform.clock.offset - self.clock.offset)
        await self._open.aclose()
        self._open = AsyncExitStack()

    async def anew(self, **down: float) -> World:
        """Stop it, let time pass without it, start it."""
        await self.end()
        self.clock.move(timedelta(**down))
        await self.begin()
        await self.here.platform.settle()
        return self.here

    @property
    def here(self) -> World:
        """What runs now."""
        assert self.world is not None
        return self.world


@pytest.fixture
async def lives(database: Database) -> AsyncIterator[Lives]:
    clock = Clock()
    clock.move(START - clock.now())
    async with TelegramStandIn(now=clock.now) as telegram, TwilioStandIn(now=clock.now) as twilio:
        made = await Lives(database, telegram, twilio, clock).begin()
        try:
            yield made
            made.here.nothing_else()
        finally:
            await made.end()


async def test_a_case_that_waits_for_its_next_page_gets_it_after_a_new_start(lives: Lives) -> None:
    world = lives.here
    await world.duty("Ana", chat=ANA)
    await world.duty("Eva", chat=EVA)
    await world.phone(MOTHER).says("SOS")
    drop(world)
    world = await lives.anew(minutes=2)
    world.nothing_else()
    await world.later(minutes=3, seconds=1)
    await world.chat(EVA).reads("GUARDIA: caso")
    world.nothing_else()
    world = await lives.anew(minutes=30)
    for chat in (ANA, EVA):
        await world.chat(chat).reads("nadie tiene el caso")
    await world.phone(MOTHER).reads("nadie tiene su caso")
    world.nothing_else()


async def test_a_case_that_found_nobody_pages_who_is_there_after_a_new_start(lives: Lives) -> None:
    await lives.here.phone(MOTHER).says("SOS")
    drop(lives.here)
    world = await lives.anew(minutes=3)
    await world.duty("Ana", chat=ANA)
    await world.later(minutes=2, seconds=1)
    await world.chat(ANA).reads("GUARDIA: caso")


@pytest.mark.parametrize("down", [9, 16])
async def test_a_lease_runs_on_while_the_platform_is_down(lives: Lives, down: int) -> None:
    await in_hand(lives.here, lives.here.phone(MOTHER))
    world = await lives.anew(minutes=down)
    if down < 10:
        world.nothing_else()
        await world.later(minutes=10 - down, seconds=1)
        await world.chat(ANA).reads("en 5 min avisamos")
        world = await lives.anew(minutes=1)
        world.nothing_else()
        await world.later(minutes=4)
    await world.chat(ANA).reads("ya no es suyo")
    await world.chat(EVA).reads("GUARDIA: caso")
    world.nothing_else()
    world = await lives.anew(minutes=1)
    world.nothing_else()
    assert (await only_case(world)).state is CaseState.OPEN


async def test_a_pause_outlasts_a_new_start(lives: Lives) -> None:
    case = await in_hand(lives.here, lives.here.phone(MOTHER))
    await lives.here.chat(ANA).says(f"Z {case.folio} 3 espero al consulado")
    drop(lives.here)
    world = await lives.anew(hours=2)
    await world.later(minutes=50)
    world.nothing_else()
    await world.later(minutes=10)
    await world.chat(ANA).reads("ya no es suyo")
    await world.chat(EVA).reads("GUARDIA: caso")


async def test_a_case_that_can_wait_is_paged_at_opening_after_a_new_start(lives: Lives) -> None:
    world = lives.here
    await world.later(hours=TO_NIGHT)
    await world.duty("Ana", chat=ANA)
    await world.phone(MOTHER).says("emergencia")
    await world.chat(ANA).says(f"E {(await only_case(world)).folio}")
    drop(world)
    world = await lives.anew(hours=4)
    world.nothing_else()
    world = await lives.anew(hours=5)
    await world.chat(ANA).reads("GUARDIA: ")


async def test_a_closed_case_and_a_silenced_one_stay_so_after_a_new_start(lives: Lives) -> None:
    case = await in_hand(lives.here, lives.here.phone(MOTHER))
    await lives.here.phone(MOTHER).says("SALIR")
    await lives.here.chat(ANA).says(f"C {case.folio} atendida")
    drop(lives.here)
    world = await lives.anew(hours=20)
    world.nothing_else()
    await world.phone(MOTHER).says("otra vez")
    await world.chat(ANA).reads("se abre de nuevo")
    await world.chat(ANA).reads("GUARDIA: caso")
    world = await lives.anew(minutes=20)
    await world.chat(EVA).reads("GUARDIA: caso")
    world.nothing_else()
    assert (await only_case(world)).silenced


async def test_a_bundle_and_a_second_method_that_wait_leave_after_a_new_start(
    lives: Lives,
) -> None:
    world = lives.here
    await world.duty("Ana", chat=ANA, phone=ANAS_PHONE)
    for number in range(5):
        await world.phone(f"+121355501{40 + number}").says("SOS")
    drop(world)
    world = await lives.anew(seconds=20)
    await world.chat(ANA).reads("casos sin nadie: 5.")
    world.nothing_else()
    world = await lives.anew(minutes=1)
    for _ in range(3):
        await world.phone(ANAS_PHONE).reads("GUARDIA: caso")
    world = await lives.anew(seconds=30)
    await world.phone(ANAS_PHONE).reads("casos sin nadie: 5")


# The clock is put forward and back.


async def test_a_clock_put_far_forward_pages_once_and_not_for_every_turn_it_passed(
    world: World,
) -> None:
    await world.duty("Ana", chat=ANA)
    await world.duty("Eva", chat=EVA)
    await world.phone(MOTHER).says("SOS")
    drop(world)
    await world.later(days=3)
    await world.phone(MOTHER).reads("nadie tiene su caso")
    pages = world.telegram.take_unexpected()
    assert 1 <= len(pages) <= 2
    assert len(await lines(world, await only_case(world), EntryKind.PAGED)) <= 3


async def test_a_clock_put_forward_past_a_lease_ends_it_without_a_late_reminder(
    world: World,
) -> None:
    await in_hand(world, world.phone(MOTHER))
    await world.later(days=3)
    await world.chat(ANA).reads("ya no es suyo")
    await world.chat(EVA).reads("GUARDIA: caso")
    world.nothing_else()


async def test_a_chat_is_answered_at_once_when_the_clock_was_put_back(world: World) -> None:
    await world.chat(SON).says("/ayuda")
    await world.chat(SON).reads("¿Corre peligro?")
    await world.later(hours=-3)
    async with asyncio.timeout(5):
        await world.chat(SON).says("SOS")
    await world.chat(SON).reads("Recibido")


async def test_a_clock_put_back_does_not_end_the_pages(world: World) -> None:
    await world.duty("Ana", chat=ANA)
    await world.duty("Eva", chat=EVA)
    await world.phone(MOTHER).says("SOS")
    await world.chat(ANA).reads("GUARDIA: caso")
    drop(world)
    await world.later(hours=-3)
    world.nothing_else()
    await world.later(minutes=5, seconds=1)
    await world.chat(EVA).reads("GUARDIA: caso")
    world.nothing_else()
    await world.later(minutes=5)
    await world.phone(MOTHER).reads("911")
    drop(world)


async def test_a_clock_put_back_gives_an_owner_no_more_than_their_time(world: World) -> None:
    case = await in_hand(world, world.phone(MOTHER))
    await world.later(hours=-30)
    world.nothing_else()
    await world.later(minutes=15, seconds=1)
    await world.chat(ANA).reads("ya no es suyo")
    await world.chat(EVA).reads("GUARDIA: caso")
    assert await owner_of(world, case.folio) is None
    drop(world)


async def test_clocks_that_differ_a_little_change_nothing(world: World) -> None:
    await world.duty("Ana", chat=ANA)
    await world.duty("Eva", chat=EVA)
    await world.phone(MOTHER).says("SOS")
    drop(world)
    await world.later(seconds=-50)
    await world.later(minutes=5, seconds=40)
    world.nothing_else()
    await world.later(seconds=11)
    await world.chat(EVA).reads("GUARDIA: caso")
    drop(world)


async def test_a_case_that_can_wait_is_paged_at_an_opening_that_comes_twice(world: World) -> None:
    await world.later(hours=TO_NIGHT)
    await world.duty("Ana", phone=ANAS_PHONE)
    await world.phone(MOTHER).says("emergencia")
    await world.phone(ANAS_PHONE).says(f"E {(await only_case(world)).folio}")
    drop(world)
    await world.later(hours=9)
    await world.phone(ANAS_PHONE).reads("GUARDIA: ")
    await world.later(hours=-4)
    drop(world)
    assert (await only_case(world)).urgency is Urgency.CAN_WAIT
    await world.later(hours=4, minutes=10)
    await world.phone(ANAS_PHONE).reads("GUARDIA: ")
    drop(world)
