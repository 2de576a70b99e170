"""What is done to the invented phones and not with them: one more, another name, on duty, away."""

from db.session import Database, Session
from kit.clock import Clock
from kit.errors import NotFound, Refused
from locales.text import _
from transports.handset import network, store
from transports.handset.duty import Duty
from transports.handset.model import Phone


class Keeper:
    """Who sets out the phones. An edge: it opens its own units."""

    def __init__(self, database: Database, clock: Clock, duty: Duty) -> None:
        self._database = database
        self._clock = clock
        self._duty = duty

    async def add(self, name: str) -> Phone:
        """One more phone; Refused when every invented number is given."""
        async with self._database.write() as session:
            await store.ensure_phones(session)
            phone = await store.add_phone(session, name)
        if phone is None:
            raise Refused(_("handset.error.no_more"))
        return phone

    async def rename(self, phone_id: int, name: str) -> Phone:
        """Give a phone another name."""
        async with self._database.write() as session:
            await known(session, phone_id)
            await store.rename(session, phone_id, name)
            return await known(session, phone_id)

    async def put(self, phone_id: int, *, on_duty: bool) -> Phone:
        """Have the holder of a phone be on duty, or no longer."""
        async with self._database.write() as session:
            phone = await known(session, phone_id)
            turn = self._duty.take_on if on_duty else self._duty.let_off
            await turn(session, phone, self._clock.now())
            await store.touch(session, phone_id)
            return await known(session, phone_id)

    async def remove(self, phone_id: int) -> None:
        """Take a phone away with what was said on it. The platform keeps what it knows.

        Refused for the last one, and for one of somebody on duty, who could not be woken.
        """
        async with self._database.write() as session:
            phone = await known(session, phone_id)
            if len(await store.changes(session)) == 1:
                raise Refused(_("handset.error.last"))
            if phone.number in await self._duty.numbers(session):
                raise Refused(_("handset.error.on_duty"))
            # Calls end and what waits is given up: the platform is told, as of any that is lost.
            for line in await store.waiting(session, phone_id):
                await network.give_up(session, line, self._clock.now())
            await store.remove(session, phone_id)


async def known(session: Session, phone_id: int) -> Phone:
    """The phone, if there is one, held until the unit ends."""
    await store.ensure_phones(session)
    phone = await store.phone(session, phone_id, hold=True)
    if phone is None:
        raise NotFound(_("handset.error.unknown"))
    return phone
