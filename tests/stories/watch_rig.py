"""The platform's watch over itself, wound by hand."""

from app.selfwatch import Checks, SelfWatch
from staff.model import Role
from tests.standins.records import Sent
from tests.stories.duty_rig import ANA, ANAS_PHONE
from tests.stories.world import URGENT_NUMBER, World, story_settings

CANARY_CHAT = 900_900


def watch_of(
    world: World,
    inlet: object = None,
    *,
    url: str = "",
    telegram: bool = False,
    plan: bool = True,
) -> SelfWatch:
    """A watch over this world that a story winds by hand."""
    platform = world.platform
    settings = story_settings(
        world.telegram.url,
        world.twilio.url,
        canary_minutes=60 if plan else 0,
        canary_telegram=str(CANARY_CHAT) if telegram else "",
        twilio_from_urgent="" if telegram else URGENT_NUMBER,
        deadman_url=url,
    )
    checks = Checks(platform.database, platform.clock)
    return SelfWatch(settings, platform.database, platform.clock, checks, inlet)


async def look(world: World, watch: SelfWatch) -> None:
    await watch.look()
    await world.platform.settle()


async def passes(world: World, watch: SelfWatch, minutes: float, *, each: float = 0.5) -> None:
    """Time passes, and the watch looks all the while."""
    for _ in range(int(minutes / each)):
        await world.later(minutes=each)
        await look(world, watch)


async def boss_of(world: World) -> "Reader":
    await world.duty("Jefa", chat=ANA, phone=ANAS_PHONE, role=Role.COORDINATOR)
    return Reader(world)


class Reader:
    """The coordinator's chat."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def reads(self, words: str) -> Sent:
        return await self._world.chat(ANA).reads(words)
