"""Taking shifts over from a calendar file, as overrides of a rota. All of it, or nothing."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from alerts.shifts import ical, service, store, telling
from alerts.shifts.ical import Event
from alerts.shifts.rota import Override, Rota
from db.session import Session
from kit.errors import Invalid, NotFound
from kit.fold import fold
from locales.text import _
from staff import store as staff
from staff.model import Member


@dataclass(frozen=True, slots=True)
class Imported:
    """How many entries are shifts now, and how many were left out: over, or cancelled."""

    added: int
    left_out: int


async def take(session: Session, by: Member, rota: Rota, data: bytes, now: datetime) -> Imported:
    """Write the entries of a calendar as overrides. Of a second file with the same entries, the
    second holds. Raises Invalid, with the line."""
    service.allow(by)
    return await take_events(session, by, rota, ical.read(data), now)


async def take_events(
    session: Session, by: Member, rota: Rota, events: Sequence[Event], now: datetime
) -> Imported:
    """The same with entries that were read before the unit began."""
    service.allow(by)
    if await store.hold(session, rota.id) is None:
        raise NotFound(_("roster.unknown"))
    coming = sorted(
        (one for one in events if not one.cancelled and one.ends > now),
        key=lambda one: (one.starts, one.ends),
    )
    for one, other in pairwise(coming):
        if other.starts < one.ends:
            raise Invalid(_("ical.overlap"), line=other.line)
    names = _Names(await _members(session, rota))
    await store.remove_sources(session, rota.id, {_source(one) for one in events})
    overrides = []
    for one in coming:
        service.check_stretch(one.starts, one.ends, now)
        member_id = await names.whose(session, one)
        overrides.append((Override(rota.id, member_id, one.starts, one.ends), _source(one)))
    await store.add_overrides(session, overrides)
    await staff.log(session, by.id, "rota.import", f"rota:{rota.id}", now)
    return Imported(len(coming), len(events) - len(coming))


async def _members(session: Session, rota: Rota) -> Sequence[Member]:
    found = await telling.people(session, await store.fit(session, rota.members))
    return tuple(found.values())


class _Names:
    """Finds whom an entry names, and asks the database once for each address."""

    def __init__(self, members: Sequence[Member]) -> None:
        self._members = members
        self._by_email: dict[str, int | None] = {one.email: one.id for one in members}

    async def whose(self, session: Session, event: Event) -> int:
        """By the e-mails in it, members of the rota before others; else by the pseudonym that its
        title is, or ends with. Raises Invalid for nobody, and for two."""
        own = {one.id for one in self._members}
        invited = [await self._at(session, one) for one in _addresses(event)]
        ids = {one for one in invited if one is not None}
        if not ids:
            titles = {fold(part) for text in event.people[-1:] for part in _parts(text)}
            ids = {one.id for one in self._members if fold(one.pseudonym) in titles}
        ids = ids & own or ids
        if len(ids) != 1:
            raise Invalid(_("ical.ambiguous") if ids else _("ical.nobody"), line=event.line)
        return ids.pop()

    async def _at(self, session: Session, email: str) -> int | None:
        if email not in self._by_email:
            member = await staff.by_email(session, email)
            fits = member is not None and await store.fit(session, (member.id,))
            self._by_email[email] = member.id if member is not None and fits else None
        return self._by_email[email]


def _addresses(event: Event) -> Iterable[str]:
    words = (word.strip("<>()[],;:").lower() for text in event.people for word in text.split())
    return dict.fromkeys(word for word in words if "@" in word)


def _parts(title: str) -> tuple[str, str]:
    """The title, and what stands behind its last colon: "Guardia Noche: Alba"."""
    return title, title.rpartition(":")[2]


def _source(event: Event) -> str:
    """What tells an entry from others: its UID, or when it has none, when it is."""
    told = event.uid or f"{event.starts:%Y%m%d%H%M%S}-{event.ends:%Y%m%d%H%M%S}"
    return hashlib.sha256(told.encode()).hexdigest()
