"""`make demo`: invented people, campaigns, cases and letters, in the trial's phones."""

import asyncio
import secrets
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.shifts import service as shifts
from alerts.shifts.service import Draft
from app.settings import ROOT, load_settings
from app.store import open_store
from app.trial import ON_DUTY
from app.wiring import Platform
from campaigns import service
from campaigns.model import CampaignDraft
from campaigns.written import file
from contacts import service as contacts
from contacts.places import find_origin, find_place
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
from transports.handset.model import Phone, Spot
from transports.handset.pictures import Pictures

UNDER_WAY = ROOT / "data" / "demo_campaign.yaml"
TO_APPROVE = ROOT / "data" / "demo_campaign_to_approve.yaml"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody invented: the name of their phone, the town of the family, and where they live."""

    phone: str
    town: str
    lives: str
    language: str = "es"


PEOPLE = (
    Person("Doña Ofelia (Tlaxiaco)", "Tlaxiaco", "Tlaxiaco"),
    Person("Beto (Fresno)", "Tlaxiaco", "Fresno, California"),
    Person("Chayo (Putla)", "Putla", "Putla"),
    Person("Neto (Oxnard)", "Juxtlahuaca", "Oxnard, California"),
    Person("Tía Lucha (Juxtlahuaca)", "Juxtlahuaca", "Juxtlahuaca"),
    Person("Güero (San Quintín)", "Putla", "Tijuana, Baja California"),
    Person("Maya (Salem)", "Tlacolula", "Salem, Oregon", "en"),
    Person("Don Chucho (Nogales)", "Ixtepec", "Nogales, Sonora"),
    Person("Lupita (Tuxtepec)", "Tuxtepec", "Tuxtepec"),
    Person("Kevin (Los Angeles)", "Miahuatlán", "Los Angeles, California", "en"),
)
"""The first two are phones that a trial begins with."""

STAFF = (
    ("Administra", Role.ADMIN),
    ("Coordina", Role.COORDINATOR),
    ("Redacta", Role.COMMUNICATOR),
    ("Revisa", Role.AUDITOR),
)
JOINED_EVERY = timedelta(days=4)
"""So far apart the people have subscribed, so that there is a trend to see."""

NOGALES = Spot(31.3086, -110.9422)


async def demo() -> str:
    """Fill an empty trial; gives what to tell who started it."""
    settings = load_settings()
    if not settings.is_trial:
        return render(_("cli.demo_not_trial"), "es")
    database = await open_store(settings)
    platform = Platform(settings, database, Clock())
    await platform.start()
    try:
        if not await fill(platform):
            return render(_("cli.demo_there"), "es")
        async with database.write() as session:
            links = await _links(session, settings.base_url, platform.clock.now())
        return "\n".join([render(_("cli.demo_made"), "es"), *links])
    finally:
        await platform.stop()


async def fill(platform: Platform) -> bool:
    """Put it all into a trial that runs and has no administrator yet; False for another."""
    now = platform.clock.now()
    async with platform.database.write() as session:
        if await members.with_roles(session, [Role.ADMIN]):
            return False
        phones = await _phones(session)
        team = await _staff(session, now)
        await _subscribers(session, phones, platform, now)
        await _roster(session, team[Role.COORDINATOR], now)
        await _campaigns(session, team, now)
    await platform.settle()
    hands = Acts(platform.database, platform.intake, platform.clock, Pictures())
    await _cases(platform, hands, phones)
    # Nobody has asked this phone anything: a person reads it.
    await hands.write(
        phones["Neto (Oxnard)"].id, Channel.SMS, "Cuanto tarda el permiso humanitario"
    )
    await platform.settle()
    return True


async def _phones(session: Session) -> dict[str, Phone]:
    await handset.ensure_phones(session)
    known = {phone.name for phone in await handset.phones(session)}
    for person in PEOPLE:
        if person.phone not in known:
            await handset.add_phone(session, person.phone)
    return {phone.name: phone for phone in await handset.phones(session)}


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


async def _subscribers(
    session: Session, phones: dict[str, Phone], platform: Platform, now: datetime
) -> None:
    places = platform.world.gazetteer
    for number, person in enumerate(reversed(PEOPLE)):
        at = now - number * JOINED_EVERY
        yes = "YES" if person.language == "en" else "SI"
        endpoint = phones[person.phone].endpoint(Channel.TELEGRAM)
        said = Words(endpoint, f"{yes} {person.town}", at)
        contact = await contacts.subscribe(session, said, person.language)
        origins = find_origin(person.town, places)
        await contacts.set_origin(session, contact.id, origins[0] if origins else None)
        lives = find_place(person.lives, places)
        await contacts.set_place(session, contact.id, lives[0] if lives else None)


async def _roster(session: Session, by: Member, now: datetime) -> None:
    """The phones on duty take turns by the week; the first turn has begun."""
    guards = [f"{name.lower().replace(' ', '')}@example.org" for name in ON_DUTY]
    since = (now - timedelta(days=1)).date()
    await shifts.add(session, by, Draft(render(_("cli.demo_rota"), "es"), guards, since=since), now)


async def _campaigns(session: Session, team: dict[Role, Member], now: datetime) -> None:
    drafts = [file.read(path.read_bytes(), now) for path in (UNDER_WAY, TO_APPROVE)]
    ids: list[int] = []
    for draft in drafts:
        if not isinstance(draft, CampaignDraft):
            raise TypeError("a campaign of the demo is not well written")
        ids.append(await service.create(session, draft, team[Role.COMMUNICATOR], now))
    await service.approve(session, ids[0], team[Role.COORDINATOR], now)
    await service.start(session, ids[0], None, now)


async def _cases(platform: Platform, hands: Acts, phones: dict[str, Phone]) -> None:
    """One that a person has taken and answered, and one with a place that nobody has yet."""
    aunt, beto, guard = (
        phones[name] for name in ("Tía Lucha (Juxtlahuaca)", "Beto (Fresno)", ON_DUTY[0])
    )
    await hands.write(
        aunt.id, Channel.SMS, "AUXILIO me piden dinero por mi sobrino que iba en camino"
    )
    await platform.settle()
    await hands.write(aunt.id, Channel.SMS, "1")
    await platform.settle()
    folio = await _take(platform, hands, guard)
    await hands.write(
        guard.id,
        Channel.TELEGRAM,
        f"R {folio} No pague nada todavía. ¿Desde qué teléfono le llaman?",
    )
    await platform.settle()
    await hands.write(beto.id, Channel.TELEGRAM, "SOS mi hermano no contesta desde Nogales")
    await platform.settle()
    await hands.share(beto.id, NOGALES)
    await platform.settle()


async def _take(platform: Platform, hands: Acts, guard: Phone) -> str:
    """Press the button of the page under which the case can be taken; gives the folio."""
    async with platform.database.read() as session:
        lines = await handset.recent(session, guard.id)
    pages = (
        (line.id, button.data)
        for line in reversed(lines)
        for row in line.body.buttons
        for button in row
        if button.label == render(_("button.take"), "es")
    )
    line_id, data = next(pages)
    await hands.press(guard.id, line_id, data)
    await platform.settle()
    return data.split()[-1]


async def _links(session: Session, base: str, now: datetime) -> list[str]:
    """By which each of the staff comes into the console; they choose a password of their own."""
    lines = [render(_("cli.demo_links"), "es")]
    for member in await members.everybody(session):
        link = await invitations.invite(session, member, now, by=None)
        lines.append(f"  {member.name} ({member.role}): {base}{link.path}")
    return lines


if __name__ == "__main__":
    sys.stderr.write(asyncio.run(demo()) + "\n")
