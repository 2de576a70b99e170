"""What is known of places, frozen when a run opens, and where each recipient is."""

from collections.abc import Mapping

from sqlalchemy import Column, ForeignKey, String, Table, select

from contacts.store import contact
from db.base import Id, metadata
from db.session import Session
from delivery.filling import Whereabouts

run_filling = Table(
    "run_filling",
    metadata,
    Column("run_id", Id, ForeignKey("run.id", ondelete="CASCADE"), primary_key=True),
    # A name and a place of it: "town:20399", "nearest_consulate:US/TX/houston".
    Column("place", String(160), primary_key=True),
    Column("value", String(300), nullable=False),
)

WHEREABOUTS = (
    contact.c.origin_clave,
    contact.c.origin_region,
    contact.c.country,
    contact.c.state,
    contact.c.city,
)
"""The columns of a contact that tell its `Whereabouts`."""


async def keep(session: Session, run_id: int, values: Mapping[str, str]) -> None:
    """Freeze what a run says of each place; what is there already stays."""
    rows = [{"run_id": run_id, "place": place, "value": value} for place, value in values.items()]
    if rows:
        await session.execute(session.insert(run_filling).on_conflict_do_nothing(), rows)


async def kept(session: Session, run_id: int) -> Mapping[str, str]:
    """What a run says of each place."""
    rows = await session.all(
        select(run_filling.c.place, run_filling.c.value).where(run_filling.c.run_id == run_id)
    )
    return {row["place"]: row["value"] for row in rows}


async def whereabouts_of(session: Session, contact_id: int | None) -> Whereabouts:
    """Where somebody is from and is now; nothing of somebody who has been erased meanwhile."""
    row = await session.first(select(*WHEREABOUTS).where(contact.c.id == contact_id))
    return Whereabouts() if row is None else Whereabouts(**row)
