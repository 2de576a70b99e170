"""Two guards, who coordinates them, and the nights in which they are called."""

from alerts.model import Case
from staff.model import Role
from tests.stories.duty_rig import ANA, EVA, MOTHER
from tests.stories.test_calling_for_help import open_cases
from tests.stories.world import World

BOSS = 900_003
TEN_AT_NIGHT, MIDNIGHT, FRIDAY_NIGHT = 12, 14, 60
"""Hours after the beginning of a story, by the clock of Oaxaca."""


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


async def calls(world: World, number: str = MOTHER, words: str = "SOS") -> Case:
    await world.phone(number).says(words)
    world.twilio.take_unexpected()
    return (await open_cases(world))[-1]
