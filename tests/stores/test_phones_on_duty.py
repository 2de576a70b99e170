"""Which phones of the handset may leave the people on duty."""

import pytest
from sqlalchemy import select

from app.trial import ON_DUTY, PhonesOnDuty, staff_the_phones
from db.session import Database
from kit.errors import Refused
from staff import store as staff
from staff.model import Role
from tests.stores.case_rig import NOW
from transports.handset import store as handset


async def test_the_last_phone_that_a_page_reaches_stays_on_duty(database: Database) -> None:
    async with database.write() as session:
        await staff_the_phones(session, NOW)
        first, second = [one for one in await handset.phones(session) if one.name in ON_DUTY]
        # Somebody has the role, too, and nothing by which they could be woken.
        ids = await session.all(select(staff.member.c.id).order_by(staff.member.c.id))
        await staff.set_methods(session, ids[1]["id"], ())
        assert len(await staff.with_roles(session, [Role.DUTY])) == 2
        with pytest.raises(Refused):
            await PhonesOnDuty().let_off(session, first, NOW)
        # Whose phone it is no more is let off without a word.
        await PhonesOnDuty().let_off(session, second, NOW)
        assert len(await staff.with_roles(session, [Role.DUTY])) == 2
