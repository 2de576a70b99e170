"""What a trial begins with: the phones called Guardia are on duty, so that an SOS is answered."""

import secrets
from datetime import datetime

from db.session import Session
from kit.channels import Channel
from staff import service as staff
from staff import store as members
from staff.model import Role
from transports.handset import store as handset
from transports.handset.model import Phone

ON_DUTY = ("Guardia 1", "Guardia 2")
"""Phones of the handset, by the names it gives them."""


async def staff_the_phones(session: Session, now: datetime) -> None:
    """Put the two phones on duty, once, in a platform without any staff."""
    if await members.with_roles(session, list(Role)):
        return
    await handset.ensure_phones(session)
    for phone in await handset.phones(session):
        if phone.name in ON_DUTY:
            await _take_on(session, phone, now)


async def _take_on(session: Session, phone: Phone, now: datetime) -> None:
    await staff.add(
        session,
        name=phone.name,
        email=f"{phone.name.lower().replace(' ', '')}@example.org",
        role=Role.DUTY,
        endpoints=[phone.endpoint(channel) for channel in Channel],
        now=now,
        pick=secrets.randbelow,
    )
