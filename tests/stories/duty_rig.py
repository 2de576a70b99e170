"""Who is on duty in a story, who calls, and what a case says of itself."""

from sqlalchemy import select

from alerts import store, timeline
from alerts.model import Case, Entry, EntryKind
from staff import store as staff
from staff.model import Member
from tests.stories.test_calling_for_help import only_case
from tests.stories.test_safety_of_the_person import drop
from tests.stories.world import Chat, Phone, World

MOTHER, SON = "+12135550121", 900_121
ANA, EVA = 900_001, 900_002
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
