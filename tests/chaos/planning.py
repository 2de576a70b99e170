"""What there is before anything goes wrong: staff, people and an approved campaign."""

from collections.abc import Sequence
from datetime import datetime

from campaigns import service
from campaigns.model import CampaignDraft
from campaigns.written import file
from db.session import Database
from kit.channels import Channel, Endpoint
from staff import service as staff
from staff import store as members
from staff.model import Role
from tests.chaos.people import Person, move_in
from tests.crash.conversations import campaign_yaml

GUARD = Endpoint(Channel.TELEGRAM, "7900000001")
AVISO = "Aviso: abre la ventanilla."


async def prepare(database: Database, people: Sequence[Person], now: datetime) -> int:
    """Write all of it down; gives the campaign's id."""
    async with database.write() as session:
        for name, role, endpoints in (
            ("Ana", Role.DUTY, (GUARD,)),
            ("Beto", Role.COORDINATOR, ()),
            ("Carla", Role.COORDINATOR, ()),
        ):
            await staff.add(
                session,
                name=name,
                email=f"{name.lower()}@example.org",
                role=role,
                endpoints=endpoints,
                now=now,
                pick=lambda below: 0,
            )
        await move_in(session, people, now)
    return await another(database, now)


async def another(database: Database, now: datetime) -> int:
    """One more approved campaign to the same people; gives its id."""
    draft = file.read(campaign_yaml(AVISO).encode(), now)
    assert isinstance(draft, CampaignDraft)
    async with database.write() as session:
        author, reader = await members.get(session, 2), await members.get(session, 3)
        assert author is not None
        assert reader is not None
        campaign_id = await service.create(session, draft, author, now)
        await service.approve(session, campaign_id, reader, now)
    return campaign_id
