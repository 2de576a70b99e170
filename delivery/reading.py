"""Reading rows of the ledger: to whom each goes and what it says, as a sender needs it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import RowMapping, select

from contacts.model import DEFAULT_ZONE
from contacts.store import address
from db.session import Session
from delivery import filling_store
from delivery.content import Content
from delivery.filling import Whereabouts, fill, known_of
from delivery.filling_store import WHEREABOUTS
from delivery.model import Claimed, Lane
from delivery.runs import Run, run_content
from delivery.store import message
from kit.channels import Channel, Endpoint

KEPT_CONTENTS = 64


@dataclass(slots=True)
class Wordings:
    """The frozen contents of runs, which many rows share: each is read once in a process."""

    _kept: dict[tuple[int, str], Content] = field(default_factory=dict)
    _values: dict[int, Mapping[str, str]] = field(default_factory=dict)

    async def of(self, session: Session, run_id: int, language: str) -> Content:
        """What a run says in a language; raises LookupError when there is none."""
        found = self._kept.get((run_id, language))
        if found is None:
            packed = await session.scalar(
                select(run_content.c.content).where(
                    run_content.c.run_id == run_id, run_content.c.language == language
                )
            )
            if packed is None:
                raise LookupError("a run without this content")
            if len(self._kept) >= KEPT_CONTENTS:
                self._kept.clear()
            found = self._kept[run_id, language] = Content.unpack(packed)
        return found

    async def said_to(
        self,
        session: Session,
        run_id: int,
        language: str,
        contact_id: int | None,
        whereabouts: Whereabouts | None = None,
    ) -> Content:
        """The same with what is known of a recipient in it; `whereabouts` are looked up when they
        are not given and the content asks for them."""
        content = await self.of(session, run_id, language)
        if not content.slots:
            return content
        if whereabouts is None:
            whereabouts = await filling_store.whereabouts_of(session, contact_id)
        names = {slot.name for slot in content.slots}
        values = await self._values_of(session, run_id)
        return fill(content, known_of(whereabouts, names, values))

    async def _values_of(self, session: Session, run_id: int) -> Mapping[str, str]:
        found = self._values.get(run_id)
        if found is None:
            if len(self._values) >= KEPT_CONTENTS:
                self._values.clear()
            found = self._values[run_id] = await filling_store.kept(session, run_id)
        return found


async def own_message(session: Session, message_id: int) -> tuple[Endpoint, Content]:
    """To whom a message on its own goes now, and what it says; raises as `claim` guards against."""
    row = await session.first(
        select(message.c.endpoints, message.c.position, message.c.content).where(
            message.c.id == message_id
        )
    )
    if row is None:
        raise LookupError("a message that is not there")
    return _endpoints(row["endpoints"])[row["position"]], Content.unpack(row["content"])


async def own_endpoints(session: Session, message_id: int) -> tuple[Endpoint, ...]:
    """The endpoints of a message on its own, in order; raises as `claim` guards against."""
    packed = await session.scalar(select(message.c.endpoints).where(message.c.id == message_id))
    if packed is None:
        raise LookupError("a message without endpoints")
    return _endpoints(packed)


async def endpoint_of(session: Session, address_id: int | None) -> str:
    """The endpoint of an address; raises LookupError when its person was erased."""
    found = await session.scalar(select(address.c.endpoint).where(address.c.id == address_id))
    if found is None:
        raise LookupError("an address that is not there")
    return str(found)


async def claimed_of(
    session: Session, row: RowMapping, run: Run | None, wordings: Wordings
) -> Claimed:
    """A due row with all that a sender needs.

    Raises ValueError, TypeError or LookupError when it does not say what it should.
    """
    channel = Channel(row["channel"])
    if run is not None:
        content = await wordings.said_to(
            session, run.id, row["language"], row["contact_id"], _whereabouts(row)
        )
        endpoints: tuple[Endpoint, ...] = (Endpoint(channel, row["address_endpoint"]),)
        position, about, killed = 0, None, 0
    else:
        content = Content.unpack(row["content"])
        endpoints = _endpoints(row["endpoints"])
        position, about, killed = row["position"], row["about"], row["killed"]
    return Claimed(
        id=row["id"],
        lane=Lane(row["lane"]),
        sender=row["sender"],
        to=endpoints[position],
        content=content,
        attempts=row["attempts"],
        created_at=row["created_at"],
        due_at=row["due_at"],
        position=position,
        endpoints=endpoints,
        contact_id=row["contact_id"],
        address_id=row["address_id"],
        run_id=row["run_id"],
        stale_at=None if run is None else run.stale_in(row["zone"] or DEFAULT_ZONE),
        about=about,
        killed=killed,
    )


def _whereabouts(row: RowMapping) -> Whereabouts:
    """Where the recipient of a row is."""
    return Whereabouts(**{column.name: row[column.name] for column in WHEREABOUTS})


def _endpoints(packed: str) -> tuple[Endpoint, ...]:
    return tuple(Endpoint(Channel(kind), value) for kind, value in json.loads(packed))
