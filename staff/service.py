"""Taking somebody on, changing what is known of them, and asking who may do what."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum

from db.session import Session
from kit.channels import Channel, Endpoint
from kit.errors import NotFound, Refused
from kit.zones import OAXACA
from locales.text import _
from staff import methods as arranging
from staff import rules, store
from staff.methods import methods_of as methods_of
from staff.model import PSEUDONYMS, Member, Method, Quiet, Right, Role

LONGEST_ID = 15

_ON_PHONES = (Channel.SMS, Channel.VOICE)


class Keep(Enum):
    """Says that something stays as it is, where None says that there is none."""

    AS_IT_IS = "as it is"


async def add(
    session: Session,
    *,
    name: str,
    email: str,
    role: Role,
    endpoints: Sequence[Endpoint],
    now: datetime,
    pick: Callable[[int], int],
    languages: Sequence[str] = ("es",),
    zone: str = OAXACA,
    quiet: Quiet | None = None,
    by: int | None = None,
) -> int:
    """Take somebody on. Refused when the e-mail or an endpoint is a colleague's already.

    `pick(n)` gives a number below n and chooses the pseudonym among those that no colleague has.
    """
    name, email = rules.name_of(name), rules.email_of(email)
    if await store.by_email(session, email) is not None:
        raise Refused(_("staff.email_taken"))
    spoken = rules.languages_of(languages)
    rules.check_zone(zone)
    methods = arranging.checked(methods_of(endpoints))
    rules.check_reach(role, methods)
    await _take(session, None, endpoints, now, by)
    pseudonym = await _pseudonym(session, pick)
    member_id = await store.add(
        session, name, email, role, pseudonym, methods, now, spoken, zone, quiet
    )
    await store.log(session, by, "staff.add", _about(member_id), now)
    return member_id


async def find(session: Session, who: str) -> Member:
    """The member of an e-mail, or of an id written in digits; also one who has left."""
    who = who.strip().lower()
    by_id = who.isascii() and who.isdigit() and len(who) <= LONGEST_ID
    member = await (store.get(session, int(who)) if by_id else store.by_email(session, who))
    if member is None:
        raise NotFound(_("staff.unknown"))
    return member


async def acting(session: Session, email: str, right: Right) -> Member:
    """The member behind an e-mail, who must have the right to do this."""
    member = await store.by_email(session, email.strip().lower())
    if member is None:
        raise NotFound(_("staff.unknown"))
    if not member.may(right):
        raise Refused(_("staff.not_allowed"))
    return member


async def change(
    session: Session,
    member: Member,
    now: datetime,
    *,
    by: int | None = None,
    name: str | None = None,
    email: str | None = None,
    role: Role | None = None,
    languages: Sequence[str] | None = None,
    zone: str | None = None,
    quiet: Quiet | Keep | None = Keep.AS_IT_IS,
) -> Member:
    """Change what is known of somebody; gives them as they are then. What is not given stays.

    Each change that is one is a line of the audit, done `by` a member or, without one, by who holds
    the machine. Refused when the e-mail is a colleague's. Invalid: a language out of the registry,
    a zone that does not exist, somebody on duty whom nothing reaches. Who may handle cases no
    longer must give theirs back: see `alerts`.
    """
    values: dict[str, object] = {}
    acts: list[str] = []
    changed = member
    if name is not None and (called := rules.name_of(name)) != member.name:
        changed = replace(changed, name=called)
        values["name"] = called
        acts.append("staff.name")
    if email is not None and (address := rules.email_of(email)) != member.email:
        if await store.by_email(session, address) is not None:
            raise Refused(_("staff.email_taken"))
        changed = replace(changed, email=address)
        values |= {"email": address, "email_index": address}
        acts.append("staff.email")
    if role is not None and role is not member.role:
        rules.check_reach(role, member.methods)
        changed = replace(changed, role=role)
        values["role"] = role
        acts.append(f"staff.role.{role}")
    if languages is not None and (spoken := rules.languages_of(languages)) != member.languages:
        changed = replace(changed, languages=spoken)
        values |= store.languages_column(spoken)
        acts.append("staff.languages")
    if zone is not None and zone != member.zone:
        rules.check_zone(zone)
        changed = replace(changed, zone=zone)
        values["zone"] = zone
        acts.append("staff.zone")
    if not isinstance(quiet, Keep) and quiet != member.quiet:
        changed = replace(changed, quiet=quiet)
        values |= store.quiet_columns(quiet)
        acts.append("staff.quiet")
    if values:
        await store.change(session, member.id, values)
    for act in acts:
        await store.log(session, by, act, _about(member.id), now)
    return changed


async def set_methods(
    session: Session,
    member: Member,
    methods: Sequence[Method],
    now: datetime,
    by: int | None = None,
) -> Member:
    """Put these ways to wake somebody in the place of what they had, in the order of their waits.

    A way that they had already stays confirmed. Invalid: see `staff.methods.checked`, and somebody
    on duty with none. Refused when one of them is a colleague's; from a colleague who has left it
    is taken, for phones are handed on.
    """
    ordered = arranging.checked(methods)
    rules.check_reach(member.role, ordered)
    await _take(session, member.id, [method.endpoint for method in ordered], now, by)
    stored = await store.get(session, member.id)
    confirmed = {
        method.endpoint: method.confirmed_at
        for method in (() if stored is None else stored.methods)
    }
    kept = tuple(replace(method, confirmed_at=confirmed.get(method.endpoint)) for method in ordered)
    await store.set_methods(session, member.id, kept)
    await store.log(session, by, "staff.methods", _about(member.id), now)
    return replace(member, methods=kept)


async def add_method(
    session: Session,
    member: Member,
    endpoint: Endpoint,
    now: datetime,
    after: timedelta | None = None,
    by: int | None = None,
) -> Member:
    """One more way to wake somebody, after a wait of its own or the usual one."""
    methods = arranging.added(member.methods, endpoint, after)
    return await set_methods(session, member, methods, now, by)


async def remove_method(
    session: Session, member: Member, endpoint: Endpoint, now: datetime, by: int | None = None
) -> Member:
    """One way less. NotFound when it is not theirs; Invalid when it is the last of who is on
    duty."""
    if endpoint not in member.endpoints:
        raise NotFound(_("staff.method_unknown"))
    methods = arranging.removed(member.methods, [endpoint])
    return await set_methods(session, member, methods, now, by)


async def deactivate(
    session: Session, member: Member, now: datetime, by: int | None = None
) -> Member:
    """Somebody leaves: they may do nothing, and are not called. Nothing happens the second time.

    In the same unit their cases must go back; that is for `alerts`, which stands above.
    """
    return await _set_active(session, member, False, now, by)


async def activate(
    session: Session, member: Member, now: datetime, by: int | None = None
) -> Member:
    """Somebody who left is back. Invalid when nothing reaches them and they are on duty: another
    may have their phone by now."""
    rules.check_reach(member.role, member.methods)
    return await _set_active(session, member, True, now, by)


async def unconfirmed(session: Session) -> tuple[Member, ...]:
    """Who may be called for a case, and has a way that they have never answered on."""
    return tuple(
        member
        for member in await store.with_roles(session, list(Role))
        if member.may(Right.HANDLE_CASES)
        and any(method.confirmed_at is None for method in member.methods)
    )


async def _set_active(
    session: Session, member: Member, active: bool, now: datetime, by: int | None
) -> Member:
    if member.active is not active:
        await store.change(session, member.id, {"active": active})
        act = "staff.activate" if active else "staff.deactivate"
        await store.log(session, by, act, _about(member.id), now)
    if not active:
        # Here, because signing in stands on this module.
        from staff.signin.tick import close

        await close(session, member.id, now, by)
    return replace(member, active=active)


async def _take(
    session: Session,
    member_id: int | None,
    endpoints: Sequence[Endpoint],
    now: datetime,
    by: int | None,
) -> None:
    """See to it that nobody else has these endpoints: a number is one person's, for whoever writes
    or picks up there acts in their name."""
    for endpoint in {alias for one in endpoints for alias in _aliases(one)}:
        holder = await store.holder(session, endpoint)
        if holder is None or holder == member_id:
            continue
        other = await store.get(session, holder)
        if other is None or other.active:
            raise Refused(_("staff.endpoint_taken"))
        await store.release(session, endpoint)
        await store.log(session, by, "staff.methods", _about(holder), now)


def _aliases(endpoint: Endpoint) -> tuple[Endpoint, ...]:
    if endpoint.channel not in _ON_PHONES:
        return (endpoint,)
    return tuple(Endpoint(channel, endpoint.value) for channel in _ON_PHONES)


async def _pseudonym(session: Session, pick: Callable[[int], int]) -> str:
    used = {member.pseudonym for member in await store.with_roles(session, list(Role))}
    free = [name for name in PSEUDONYMS if name not in used] or PSEUDONYMS
    return free[pick(len(free))]


def _about(member_id: int) -> str:
    return f"member:{member_id}"
