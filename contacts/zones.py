"""By whose clock people are written to: the zones there are, and those that phones tell."""

from sqlalchemy import bindparam, func, literal, select, update

from contacts.phones import country_of_phone, zone_of_phone
from contacts.store import COUNTRY_UNKNOWN, NO_COUNTRY_YET, address, contact
from db.session import Session
from kit.zones import OAXACA


async def zones_present(session: Session) -> tuple[str, ...]:
    """The zones (IANA) of all contacts, in order; who has none counts as in Oaxaca.

    One step of an index for each zone, however many contacts there are.
    """
    zones = select(func.min(contact.c.zone).label("zone")).cte("zones", recursive=True)
    following = (
        select(func.min(contact.c.zone)).where(contact.c.zone > zones.c.zone).correlate(zones)
    ).scalar_subquery()
    zones = zones.union_all(select(following).where(zones.c.zone.is_not(None)))
    rows = await session.all(select(zones.c.zone).where(zones.c.zone.is_not(None)))
    found = {row["zone"] for row in rows}
    nowhere = select(literal(1)).where(contact.c.zone.is_(None)).limit(1)
    if await session.scalar(nowhere) is not None:
        found.add(OAXACA)
    return tuple(sorted(found))


async def fill(session: Session, limit: int) -> int:
    """Note the country of up to `limit` phones that came before it was noted, and by them the zone
    of people of whom no place is known; gives how many phones there were. 0: none is left."""
    rows = await session.all(
        select(address.c.id, address.c.contact_id, address.c.endpoint)
        .where(NO_COUNTRY_YET)
        .order_by(address.c.id)
        .limit(limit)
    )
    countries = [
        {"which": row["id"], "found": country_of_phone(row["endpoint"]) or COUNTRY_UNKNOWN}
        for row in rows
    ]
    # The first phone of a person decides, as it would have when it came.
    zones = [
        {"whose": row["contact_id"], "found": zone}
        for row in rows
        if (zone := zone_of_phone(row["endpoint"])) is not None
    ]
    if countries:
        which = address.c.id == bindparam("which")
        await session.execute(
            update(address).where(which).values(country=bindparam("found")), countries
        )
    if zones:
        whose = contact.c.id == bindparam("whose")
        nothing = contact.c.zone.is_(None) & contact.c.country.is_(None)
        await session.execute(
            update(contact).where(whose, nothing).values(zone=bindparam("found")), zones
        )
    return len(rows)
