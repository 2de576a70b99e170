"""What staff are shown of a case is written down, and leaves their chats before two days."""

from alerts.model import CaseState, EntryKind
from staff.model import Role
from tests.standins.telegram_errors import server_error
from tests.stories.duty_rig import (
    ANA,
    EVA,
    MOTHER,
    SON,
    audited,
    in_hand,
    lines,
    member_of,
    owner_of,
)
from tests.stories.relay_rig import deleted, nobody_is_exposed, taken_by, to_chat
from tests.stories.test_calling_for_help import only_case
from tests.stories.test_safety_of_the_person import drop
from tests.stories.world import World


async def test_the_number_is_shown_for_a_reason_that_is_kept(world: World) -> None:
    case = await in_hand(world, world.phone(MOTHER))
    ana, eva = world.chat(ANA), world.chat(EVA)
    await ana.says(f"D {case.folio}")
    await ana.reads("falta decir por qué")
    await eva.says(f"D {case.folio} para llamarle")
    await eva.reads("no es suyo")
    nobody_is_exposed(world)
    assert not await lines(world, case, EntryKind.REVEALED)
    await ana.says(f"D {case.folio} no contesta y hay que llamarle")
    shown = await ana.reads(MOTHER)
    assert "Queda anotado que usted lo vio" in shown.text
    assert f"diga la palabra {case.word}" in shown.text
    (line,) = await lines(world, case, EntryKind.REVEALED)
    ana_id = (await member_of(world, "Ana")).id
    assert (line.member_id, line.body) == (ana_id, "no contesta y hay que llamarle")
    assert await audited(world, "case.reveal") == [(ana_id, case.folio)]
    await world.later(minutes=2)
    await ana.says(f"C {case.folio} localizado")
    drop(world)
    await world.later(hours=47)
    assert shown.message_id in deleted(world, ANA)
    await ana.reads("toca el seguimiento de 1 d")


async def test_of_a_chat_there_is_no_number_to_show(world: World) -> None:
    case = await taken_by(world, world.chat(ANA), world.chat(SON))
    await world.chat(ANA).says(f"D {case.folio} para llamarle")
    await world.chat(ANA).reads("solo su chat")
    nobody_is_exposed(world)


async def test_a_supervisor_reads_a_case_and_that_is_kept(world: World) -> None:
    case = await taken_by(world, world.chat(ANA), world.phone(MOTHER))
    await world.duty("Jefa", chat=EVA, role=Role.COORDINATOR)
    await world.phone(MOTHER).says("estoy en la central")
    drop(world)
    await world.chat(EVA).says(f"V {case.folio}")
    await world.chat(EVA).reads("estoy en la central")
    boss = (await member_of(world, "Jefa")).id
    assert await audited(world, "case.show") == [(boss, case.folio)]
    assert await owner_of(world, case.folio) == "Ana"


async def test_what_staff_read_in_a_chat_is_deleted_before_two_days(world: World) -> None:
    case = await taken_by(world, world.chat(ANA), world.chat(SON))
    son, ana = world.chat(SON), world.chat(ANA)
    await son.says("estoy en la central")
    words = await ana.reads("estoy en la central")
    await son.sends_photo()
    photo = await ana.reads("")
    await ana.says(f"V {case.folio}")
    shown = await ana.reads(case.word)
    await world.later(seconds=10)
    await ana.says(f"C {case.folio} localizado")
    drop(world)
    await world.later(hours=46, minutes=50)
    await ana.reads("toca el seguimiento de 1 d")
    assert not deleted(world, ANA)
    await world.later(minutes=15)
    assert deleted(world, ANA) == {words.message_id, photo.message_id, shown.message_id}
    assert not deleted(world, SON), "what was written to who called is theirs"
    world.nothing_else()


async def test_a_copy_that_cannot_be_deleted_at_once_is_deleted_before_two_days(
    world: World,
) -> None:
    case = await taken_by(world, world.chat(ANA), world.chat(SON))
    await world.chat(SON).says("estoy en la central")
    words = await world.chat(ANA).reads("estoy en la central")
    await world.chat(ANA).says(f"C {case.folio} localizado")
    drop(world)
    world.telegram.faults.for_recipient(ANA, server_error(), methods=["deleteMessage"])
    await world.later(hours=47, minutes=1)
    await world.chat(ANA).reads("toca el seguimiento de 1 d")
    assert not deleted(world, ANA)
    world.telegram.faults.clear()
    await world.later(minutes=10)
    assert deleted(world, ANA) == {words.message_id}


async def test_after_the_close_a_button_deletes_what_the_bot_wrote_in_the_chat(
    world: World,
) -> None:
    case = await taken_by(world, world.chat(ANA), world.chat(SON))
    son = world.chat(SON)
    await world.chat(ANA).says(f"R {case.folio} ¿Qué ropa lleva?")
    await world.chat(ANA).says(f"C {case.folio} localizado")
    written = {sent.message_id for sent in to_chat(world, SON)}
    assert len(written) >= 4
    closed = await son.reads("cerramos su caso")
    assert closed.buttons == ("Borrar estos mensajes",)
    drop(world)
    await son.presses("Borrar estos mensajes")
    said = await son.reads("Borramos de este chat lo que escribió el bot en las últimas 48 horas")
    assert "solo lo puede borrar usted" in said.text
    assert deleted(world, SON) == written
    assert (await only_case(world)).state is CaseState.CLOSED
    assert not deleted(world, ANA)
