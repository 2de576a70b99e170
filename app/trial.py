"""What a trial begins with: the phones called Guardia are on duty, so that an SOS is answered; and
how a phone of the handset becomes one of somebody on duty, or stops being one."""

import secrets
from collections.abc import Set
from datetime import datetime

from alerts import store as cases
from db.session import Session
from kit.channels import Channel
from kit.errors import Refused
from locales.text import _
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
            await _add(session, phone, f"{phone.name.lower().replace(' ', '')}@example.org", now)


class PhonesOnDuty:
    """The staff on duty behind the handset's phones: `transports.handset.duty.Duty`."""

    async def numbers(self, session: Session) -> Set[str]:
        """The numbers of everybody who can be paged as on duty."""
        found = await members.with_roles(session, [Role.DUTY])
        return {one.value for member in found for one in member.endpoints}

    async def take_on(self, session: Session, phone: Phone, now: datetime) -> None:
        """Who left comes back under the phone that is still theirs; another is taken on."""
        held = await members.holder(session, phone.endpoint(Channel.TELEGRAM))
        member = None if held is None else await members.get(session, held)
        if member is None:
            # A name of its own at each time: the address of who left stays theirs.
            await _add(
                session, phone, f"telefono-{phone.chat_id}-{secrets.token_hex(3)}@example.org", now
            )
        elif member.role is not Role.DUTY:
            raise Refused(_("handset.error.other_role"))
        elif not member.active:
            await staff.activate(session, member, now)

    async def let_off(self, session: Session, phone: Phone, now: datetime) -> None:
        """Who has a case keeps it and stays; so does the last one, for a call for help must wake
        somebody."""
        member = await members.by_endpoint(session, phone.endpoint(Channel.TELEGRAM))
        if member is None:
            return
        if await cases.owned_by(session, member.id):
            raise Refused(_("handset.error.has_case"))
        on_duty = await members.with_roles(session, [Role.DUTY])
        if not any(one.methods for one in on_duty if one.id != member.id):
            raise Refused(_("handset.error.last_on_duty"))
        await staff.deactivate(session, member, now)


async def _add(session: Session, phone: Phone, email: str, now: datetime) -> None:
    await staff.add(
        session,
        name=phone.name,
        email=email,
        role=Role.DUTY,
        endpoints=[phone.endpoint(channel) for channel in Channel],
        now=now,
        pick=secrets.randbelow,
    )
