"""Many cases at once come to a person in one message, and none of them is hidden."""

from datetime import timedelta

from sqlalchemy import select

from alerts import timeline
from alerts.model import Case, EntryKind, Urgency
from staff import service as staff_service
from tests.standins.telegram_errors import blocked
from tests.stories.duty_rig import (
    ANA,
    ANAS_PHONE,
    EVA,
    EVAS_PHONE,
    lines,
    member_of,
    owner_of,
)
from tests.stories.test_calling_for_help import open_cases
from tests.stories.test_safety_of_the_person import drop
from tests.stories.world import World


async def call(world: World, *numbers: int, words: str = "SOS") -> list[Case]:
    """So many people call, one after the other."""
    for number in numbers:
        await world.phone(f"+121355501{number}").says(words)
    world.twilio.take_unexpected()
    return list(await open_cases(world))


def folios(cases: list[Case]) -> set[str]:
    return {case.folio for case in cases}


async def test_after_three_pages_within_a_minute_the_others_come_in_one_message(
    world: World,
) -> None:
    await world.duty("Ana", chat=ANA)
    cases = await call(world, *range(40, 50))
    ana = world.chat(ANA)
    for case in cases[:3]:
        assert case.folio in (await ana.reads("GUARDIA: caso")).text
    world.nothing_else()
    # The clock runs on meanwhile, on a busy machine for some seconds.
    await world.later(seconds=8)
    world.nothing_else()
    await world.later(seconds=8)
    bundle = await ana.reads("casos sin nadie: 10")
    assert all(folio in bundle.text for folio in folios(cases)), "it hides none"
    assert bundle.buttons == tuple(f"A {case.folio}" for case in cases[:8])
    world.nothing_else()
    for place, case in enumerate(cases):
        kinds = EntryKind.PAGED, EntryKind.BUNDLED
        (line,) = await lines(world, case, *kinds)
        assert line.kind is kinds[place >= 3]
        assert line.member_id == (await member_of(world, "Ana")).id
    await ana.presses(f"A {cases[4].folio}")
    await ana.reads("es suyo")
    assert await owner_of(world, cases[4].folio) == "Ana"
    drop(world)


async def test_by_sms_a_bundle_names_the_first_and_counts_the_others(world: World) -> None:
    await world.duty("Ana", phone=ANAS_PHONE)
    cases = await call(world, *range(40, 46))
    ana = world.phone(ANAS_PHONE)
    drop(world)
    await world.later(seconds=16)
    bundle = await ana.reads("casos sin nadie: 6")
    assert cases[0].folio in bundle.body
    await ana.says("CASOS")
    listed = await ana.reads("Tomar uno")
    assert all(folio in listed.body for folio in folios(cases))
    await ana.says(f"A {cases[5].folio}")
    await ana.reads("es suyo")
    await world.phone("+12135550145").reads("una persona ya tiene su caso")
    await ana.says("casos")
    listed = await ana.reads("casos sin nadie: 5")
    assert cases[5].folio not in listed.body


async def test_the_most_urgent_stands_first_in_a_bundle(world: World) -> None:
    await world.duty("Ana", chat=ANA)
    await call(world, *range(40, 44))
    (*_, last) = await call(world, 44, words="no me dejan salir")
    assert last.urgency is Urgency.POSSIBLE
    drop(world)
    await world.later(seconds=16)
    bundle = await world.chat(ANA).reads("casos sin nadie: 5")
    assert bundle.text.splitlines()[1].startswith(last.folio)
    assert bundle.buttons[0] == f"A {last.folio}"


async def test_a_case_taken_before_the_bundle_leaves_is_not_in_it(world: World) -> None:
    await world.duty("Ana", chat=ANA)
    cases = await call(world, *range(40, 45))
    await world.chat(ANA).says(f"A {cases[4].folio}")
    drop(world)
    await world.later(seconds=16)
    bundle = await world.chat(ANA).reads("casos sin nadie: 4")
    assert cases[4].folio not in bundle.text


async def test_when_every_case_is_taken_no_bundle_leaves(world: World) -> None:
    await world.duty("Ana", phone=ANAS_PHONE)
    cases = await call(world, *range(40, 44))
    for case in cases:
        await world.phone(ANAS_PHONE).says(f"A {case.folio}")
    drop(world)
    await world.later(seconds=30)
    world.nothing_else()
    await world.phone(ANAS_PHONE).says("CASOS")
    await world.phone(ANAS_PHONE).reads("ninguno de los casos")


async def test_what_comes_after_a_bundle_comes_too(world: World) -> None:
    await world.duty("Ana", chat=ANA)
    await call(world, *range(40, 45))
    drop(world)
    await world.later(seconds=16)
    await world.chat(ANA).reads("casos sin nadie: 5")
    cases = await call(world, 45, 46)
    world.nothing_else()
    await world.later(seconds=16)
    bundle = await world.chat(ANA).reads("casos sin nadie: 7")
    assert all(folio in bundle.text for folio in folios(cases))
    await world.later(minutes=2)
    (*_, alone) = await call(world, 47)
    assert alone.folio in (await world.chat(ANA).reads("GUARDIA: caso")).text


async def test_bundled_cases_go_on_to_the_next_person_and_to_everybody(world: World) -> None:
    await world.duty("Ana", phone=ANAS_PHONE)
    await world.duty("Eva", phone=EVAS_PHONE)
    cases = await call(world, *range(40, 46))
    await world.later(seconds=16)
    drop(world)
    await world.later(minutes=5)
    await world.later(seconds=16)
    to_eva = " ".join(sms.body for sms in world.twilio.sent if sms.to == EVAS_PHONE)
    assert "casos sin nadie: 6" in to_eva
    async with world.database.read() as session:
        for case in cases:
            found = await timeline.paged_since(
                session, case.id, case.opened_at - timedelta(hours=1)
            )
            assert found == {(await member_of(world, name)).id for name in ("Ana", "Eva")}
    drop(world)
    await world.later(minutes=5)
    await world.later(seconds=16)
    assert {sms.to for sms in world.twilio.sent[-2:]} == {ANAS_PHONE, EVAS_PHONE}
    drop(world)


async def test_a_bundle_that_does_not_arrive_goes_by_the_next_method_and_to_the_next_person(
    world: World,
) -> None:
    await world.duty("Ana", chat=ANA, phone=ANAS_PHONE)
    await world.duty("Eva", chat=EVA)
    cases = await call(world, *range(40, 45))
    world.telegram.faults.for_recipient(ANA, blocked())
    drop(world)
    await world.later(seconds=16)
    await world.phone(ANAS_PHONE).reads("casos sin nadie: 5")
    await world.later(seconds=20)
    for case in cases:
        (line, *_) = await lines(world, case, EntryKind.PAGED, EntryKind.BUNDLED)
        assert line.member_id == (await member_of(world, "Ana")).id
    drop(world)


async def test_a_bundle_to_somebody_whom_nothing_reaches_goes_to_the_next_person_in_seconds(
    world: World,
) -> None:
    await world.duty("Ana", chat=ANA)
    await world.duty("Eva", chat=EVA)
    cases = await call(world, *range(40, 45))
    drop(world)
    world.telegram.faults.for_recipient(ANA, blocked())
    await world.later(seconds=16)
    await world.later(seconds=16)
    told = " ".join(sent.text for sent in world.telegram.take_unexpected() if sent.chat_id == EVA)
    assert cases[3].folio in told
    assert cases[4].folio in told
    for case in cases[3:]:
        lost = await lines(world, case, EntryKind.PAGE_LOST)
        assert [line.member_id for line in lost] == [(await member_of(world, "Ana")).id]
    drop(world)


async def test_who_leaves_before_a_bundle_is_sent_nothing(world: World) -> None:
    await world.duty("Ana", chat=ANA)
    await world.duty("Eva", chat=EVA)
    await call(world, *range(40, 45))
    drop(world)
    async with world.database.write() as session:
        ana = await member_of(world, "Ana")
        await staff_service.deactivate(session, ana, world.platform.clock.now())
    await world.later(seconds=16)
    world.nothing_else()
    await world.later(minutes=5)
    await world.later(seconds=16)
    told = world.telegram.take_unexpected()
    assert {sent.chat_id for sent in told} == {EVA}


async def test_the_same_reported_by_five_relatives_is_five_cases_and_the_same_words(
    world: World,
) -> None:
    await world.duty("Ana", chat=ANA)
    story = "SOS no aparece mi sobrino Beto Ruiz, iba a Nogales"
    said: list[str] = []
    for number in range(40, 45):
        relative = world.phone(f"+121355501{number}")
        await relative.says(story)
        case = (await open_cases(world))[-1]
        answer = await relative.reads("Si sabe otra cosa, escriba")
        assert case.folio in answer.body
        said.append(answer.body.replace(case.folio, "FOLIO"))
        # Nobody is told that it is known already, however late they come.
        await world.later(seconds=50)
    cases = await open_cases(world)
    assert len(folios(list(cases))) == 5
    assert len({case.word for case in cases}) > 1
    assert len(set(said)) == 1
    drop(world)
    await world.chat(ANA).says(f"A {cases[0].folio}")
    drop(world)
    await world.chat(ANA).says(f"C {cases[0].folio} localizado")
    drop(world)
    await world.phone("+12135550145").says(story)
    late = await world.phone("+12135550145").reads("Recibido")
    late_case = (await open_cases(world))[-1]
    assert late.body.replace(late_case.folio, "FOLIO") == said[0]
    assert "localizad" not in late.body
    drop(world)


async def test_thirty_calls_in_a_minute_wake_one_person_with_few_messages(world: World) -> None:
    await world.duty("Ana", phone=ANAS_PHONE)
    for number in range(40, 70):
        await world.phone(f"+121355501{number}").tells("SOS")
    await world.platform.settle()
    await world.later(seconds=16)
    to_ana = [sms.body for sms in world.twilio.sent if sms.to == ANAS_PHONE]
    assert len(to_ana) <= 5
    assert "casos sin nadie: 30" in to_ana[-1]
    drop(world)
    async with world.database.read() as session:
        pages = await session.all(
            select(timeline.entry.c.case_id).where(
                timeline.entry.c.kind.in_((EntryKind.PAGED, EntryKind.BUNDLED))
            )
        )
    assert len({row["case_id"] for row in pages}) == 30, "each has its page in its timeline"
