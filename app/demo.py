"""`make demo`: invented people, a campaign under way and an open case, in the trial's phones."""

import asyncio
import secrets
import sys
from datetime import datetime

from app.settings import ROOT, load_settings
from app.store import open_store
from app.trial import ON_DUTY
from app.wiring import Platform
from campaigns import service
from campaigns.model import CampaignDraft
from campaigns.written import file
from contacts import service as contacts
from contacts.places import find_origin
from contacts.service import Words
from db.session import Session
from kit.channels import Channel
from kit.clock import Clock
from locales.catalog import render
from locales.text import _
from staff import service as staff
from staff import store as members
from staff.model import Member, Role
from staff.signin import invitations
from transports.handset import store as handset
from transports.handset.acts import Acts
from transports.handset.model import Phone
from transports.handset.pictures import Pictures

CAMPAIGN = ROOT / "data" / "demo_campaign.yaml"
PEOPLE = ("Chayo (Putla)", "Neto (Oxnard)", "Tía Lucha (Juxtlahuaca)", "Güero (San Quintín)")
TOWNS = ("Tlaxiaco", "Tlaxiaco", "Putla", "Putla", "Juxtlahuaca", "Juxtlahuaca")
STAFF = (
    ("Administra", Role.ADMIN),
    ("Coordina", Role.COORDINATOR),
    ("Redacta", Role.COMMUNICATOR),
    ("Revisa", Role.AUDITOR),
)


async def demo() -> str:
    """Fill an empty trial; gives what to tell who started it."""
    settings = load_settings()
    if not settings.is_trial:
        return render(_("cli.demo_not_trial"), "es")
    database = await open_store(settings)
    platform = Platform(settings, database, Clock())
    await platform.start()
    try:
        async with database.write() as session:
            if await members.with_roles(session, [Role.ADMIN]):
                return render(_("cli.demo_there"), "es")
            phones = await _phones(session)
            team = await _staff(session, platform.clock.now())
            await _subscribers(session, phones, platform)
            await _campaign(session, team, platform.clock.now())
        hands = Acts(database, platform.intake, platform.clock, Pictures())
        await hands.write(phones[0].id, Channel.SMS, "SOS mi hijo no llega a Nogales")
        await platform.settle()
        async with database.write() as session:
            links = await _links(session, settings.base_url, platform.clock.now())
        return "\n".join([render(_("cli.demo_made"), "es"), *links])
    finally:
        await platform.stop()


async def _phones(session: Session) -> tuple[Phone, ...]:
    await handset.ensure_phones(session)
    for name in PEOPLE:
        await handset.add_phone(session, name)
    return await handset.phones(session)


async def _staff(session: Session, now: datetime) -> dict[Role, Member]:
    """Those who write and approve; the people on duty are there already."""
    team: dict[Role, Member] = {}
    for name, role in STAFF:
        member_id = await staff.add(
            session,
            name=name,
            email=f"{name.lower()}@example.org",
            role=role,
            endpoints=[],
            now=now,
            pick=secrets.randbelow,
        )
        added = await members.get(session, member_id)
        if added is not None:
            team[role] = added
    return team


async def _subscribers(session: Session, phones: tuple[Phone, ...], platform: Platform) -> None:
    people = [phone for phone in phones if phone.name not in ON_DUTY]
    for phone, town in zip(people, TOWNS, strict=True):
        said = Words(phone.endpoint(Channel.TELEGRAM), f"SI {town}", platform.clock.now())
        contact = await contacts.subscribe(session, said, "es")
        (origin,) = find_origin(town, platform.world.gazetteer)
        await contacts.set_origin(session, contact.id, origin)


async def _campaign(session: Session, team: dict[Role, Member], now: datetime) -> None:
    draft = file.read(CAMPAIGN.read_bytes(), now)
    if not isinstance(draft, CampaignDraft):
        raise TypeError("the campaign of the demo is not well written")
    campaign_id = await service.create(session, draft, team[Role.COMMUNICATOR], now)
    await service.approve(session, campaign_id, team[Role.COORDINATOR], now)
    await service.start(session, campaign_id, None, now)


async def _links(session: Session, base: str, now: datetime) -> list[str]:
    """By which each of the staff comes into the console; they choose a password of their own."""
    lines = [render(_("cli.demo_links"), "es")]
    for member in await members.everybody(session):
        link = await invitations.invite(session, member, now, by=None)
        lines.append(f"  {member.name} ({member.role}): {base}{link.path}")
    return lines


if __name__ == "__main__":
    sys.stderr.write(asyncio.run(demo()) + "\n")
