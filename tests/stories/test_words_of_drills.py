"""What is said in a drill, and beside one."""

from collections.abc import Sequence
from datetime import timedelta

from alerts.drills import service as drills
from kit.channels import Channel, Endpoint
from staff import store as staff
from staff.model import Member, Role
from tests.standins.records import Sent, SentSms
from tests.stories.duty_rig import ANA, ANAS_PHONE, MOTHER, SON
from tests.stories.night_rig import BOSS
from tests.stories.test_calling_for_help import only_case
from tests.stories.test_safety_of_the_person import drop
from tests.stories.world import World


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
